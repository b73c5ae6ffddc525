#include "analyzer/groups.h"

#include <string.h>

#include "analyzer/groups_parts.h"
#include "base/pool.h"
#include "base/table_hash.h"

#define WORTH_SLICES (1u << 16) /* nodes */

static size_t slot_of(const struct groups *g, uint64_t signature)
{
	size_t at = table_hash_number(g->mem, signature) & (g->n_slots - 1);

	while (g->slot[at] && g->all[g->slot[at] - 1].signature != signature)
		at = (at + 1) & (g->n_slots - 1);
	return at;
}

uint32_t groups_find(const struct groups *g, uint64_t signature)
{
	uint32_t found = g->n_slots ? g->slot[slot_of(g, signature)] : 0;

	return found ? found - 1 : NO_NODE;
}

uint64_t groups_retained(const struct groups *g, uint64_t signature)
{
	uint32_t k = groups_find(g, signature);

	return k == NO_NODE ? 0 : g->all[k].retained_bytes;
}

static int grow_slots(struct groups *g, struct err *e)
{
	size_t size = g->n_slots ? g->n_slots * 2 : 1024;
	uint32_t *slot = mem_alloc(g->mem, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(g->mem, g->slot);
	g->slot = slot;
	g->n_slots = size;
	for (size_t i = 0; i < g->n; i++)
		g->slot[slot_of(g, g->all[i].signature)] = (uint32_t)i + 1;
	return 0;
}

int groups_enter(struct groups *g, uint64_t signature, uint32_t parent, uint32_t *out, struct err *e)
{
	void *all = g->all;

	*out = groups_find(g, signature);
	if (*out != NO_NODE)
		return 0;
	if (g->n * 2 >= g->n_slots && grow_slots(g, e))
		return e->kind;
	if (mem_reserve(g->mem, &all, &g->capacity, g->n + 1, sizeof(*g->all), e))
		return e->kind;
	g->all = all;
	g->all[g->n] = (struct group){ .signature = signature, .parent = parent, .sample = NO_NODE };
	*out = (uint32_t)g->n;
	g->slot[slot_of(g, signature)] = (uint32_t)++g->n;
	return 0;
}

/* The members of one group in two slices, the earlier one's in `to`: of equals the first stands. */
static void add_members(struct group *to, const struct group *from)
{
	if (!from->count)
		return;
	if (!to->count || from->largest_bytes > to->largest_bytes) {
		to->largest = from->largest;
		to->largest_bytes = from->largest_bytes;
	}
	if (!to->count || from->sample_bytes > to->sample_bytes) {
		to->sample = from->sample;
		to->sample_bytes = from->sample_bytes;
	}
	to->count += from->count;
	to->self_bytes += from->self_bytes;
	to->retained_bytes += from->retained_bytes;
}

/* Groups come in the order in which one walk over all would have found them. */
static int add_slice(struct groups *out, struct groups_slice *s, struct err *e)
{
	s->number = mem_alloc_dirty(out->mem, s->groups.n + 1, sizeof(*s->number), e);
	if (!s->number)
		return e->kind;
	for (size_t k = 0; k < s->groups.n; k++) {
		const struct group *g = &s->groups.all[k];

		if (groups_enter(out, g->signature, k ? s->number[g->parent] : 0, &s->number[k], e))
			return e->kind;
		add_members(&out->all[s->number[k]], g);
	}
	return 0;
}

/* From the slice's number of its group to the number among all. */
static int renumber_part(void *ctx, unsigned task, struct err *e)
{
	const struct groups_work *w = ctx;
	const struct heap *h = w->h;

	(void)e;
	for (uint32_t v = w->first[task]; v < w->first[task + 1]; v++) {
		unsigned slice = 0;

		while (h->tree_pos[v] >= w->first[slice + 1])
			slice++;
		w->of_node[v] = w->slices[slice].number[w->of_node[v]];
	}
	return 0;
}

int groups_begin(struct groups_work *w, const struct heap *h, int keep_nodes, unsigned n_slices, struct err *e)
{
	struct mem *m = &h->run->mem;

	*w = (struct groups_work){ .h = h, .n_slices = n_slices < GROUPS_MAX_SLICES ? n_slices : GROUPS_MAX_SLICES };
	w->class_hash = mem_alloc(m, h->n_classes + 1, 8, e);
	w->of_node = w->class_hash && keep_nodes ? mem_alloc_dirty(m, h->n_nodes, 4, e) : NULL;
	if (!w->class_hash || (keep_nodes && !w->of_node)) {
		mem_free(m, w->class_hash);
		return e->kind;
	}
	for (unsigned i = 0; i <= w->n_slices; i++)
		w->first[i] = (uint32_t)((uint64_t)h->n_nodes * i / w->n_slices);
	for (size_t c = 0; c < h->n_classes; c++)
		w->class_hash[c] = groups_hash_class(h, &h->classes[c]);
	return 0;
}

int groups_slice(struct groups_work *w, unsigned slice, struct err *e)
{
	struct groups *g = &w->slices[slice].groups;

	g->mem = &w->h->run->mem;
	return groups_walk(g, w->h, w->class_hash, w->of_node, w->first[slice],
			   w->first[slice + 1], e);
}

/* All slices into one. */
static int put_together(struct groups_work *w, struct groups *out, struct err *e)
{
	if (w->n_slices == 1) {
		*out = w->slices[0].groups;
		w->slices[0].groups = (struct groups){ .mem = NULL };
		return 0;
	}
	for (unsigned i = 0; i < w->n_slices; i++)
		if (add_slice(out, &w->slices[i], e))
			return e->kind;
	return w->of_node ? pool_run(w->h->run, w->n_slices, renumber_part, w, e) : 0;
}

int groups_end(struct groups_work *w, struct groups *out, int failed, struct err *e)
{
	struct mem *m = &w->h->run->mem;
	int rc;

	*out = (struct groups){ .mem = m };
	rc = failed ? failed : put_together(w, out, e);
	for (unsigned i = 0; i < w->n_slices; i++) {
		groups_release(&w->slices[i].groups);
		mem_free(m, w->slices[i].number);
	}
	mem_free(m, w->class_hash);
	out->of_node = w->of_node;
	if (rc)
		groups_release(out);
	return rc;
}

unsigned groups_slices_for(const struct heap *h)
{
	return h->run->jobs < 2 || h->n_nodes < WORTH_SLICES ? 1 : 4 * h->run->jobs;
}

static int slice_task(void *ctx, unsigned task, struct err *e)
{
	return groups_slice(ctx, task, e);
}

int groups_make(struct groups *out, const struct heap *h, int keep_nodes, struct err *e)
{
	struct groups_work w;

	memset(out, 0, sizeof(*out));
	if (groups_begin(&w, h, keep_nodes, groups_slices_for(h), e))
		return e->kind;
	return groups_end(&w, out, pool_run(h->run, w.n_slices, slice_task, &w, e), e);
}

void groups_release(struct groups *g)
{
	if (!g->mem)
		return;
	mem_free(g->mem, g->all);
	mem_free(g->mem, g->slot);
	mem_free(g->mem, g->of_node);
	memset(g, 0, sizeof(*g));
}
