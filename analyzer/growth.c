#include "analyzer/growth.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"

/* Follow one child while it holds four fifths of the growth; Eclipse MAT's ratios are 0.7 and 0.8 (FindLeaksQuery). */
#define CONCENTRATED(part, whole) ((part) / 4 >= (whole) / 5)

/* Points below one hundredth of the growth are left out. */
#define NOISE 100

/* Growth at many small places is looked into when it is a tenth of all. */
#define MUCH_OF_IT 10

/*
 * Down from the holder to where the growth spreads out. An object that is big by itself is something held, not a holder;
 * a chain of objects of one kind is entered no further than to its first element.
 */
static uint32_t accumulation_point(const struct growing *g, uint32_t node, int64_t growth, int *listed)
{
	const struct heap *h = g->h;
	uint64_t target = (uint64_t)growth;

	for (;;) {
		uint32_t child = growing_heaviest_child(g, node);

		if (child == NO_NODE || !CONCENTRATED(h->retained[child], target))
			return node;
		*listed = growing_starts_list(g, child);
		if (*listed)
			return growing_list_holder(h, node, child);
		if (heap_self(h, child) * 2 > h->retained[child])
			return node;
		target = h->retained[child] < target ? h->retained[child] : target;
		node = child;
	}
}

/*
 * What the new object took the place of: the largest deleted child of its holder with the same class name. A list that
 * grows at its front has not lost its former first element, but it hung there then.
 */
static uint32_t replaced(const struct growing *g, uint32_t holder, uint32_t node, int listed)
{
	const struct digest *old = g->old;
	uint32_t i = match_same(g->m, old, g->h, holder), best = NO_INDEX;
	uint16_t kind = digest_kind(g->h, node);

	if (i == NO_INDEX)
		return NO_INDEX;
	for (uint32_t c = i + 1; c < i + old->size[i]; c += old->size[c]) {
		if (bit_get(g->m->kept, c) && !listed)
			continue;
		if (old->kind[c] != kind)
			continue;
		if (best == NO_INDEX || digest_retained(old, c) > digest_retained(old, best))
			best = c;
	}
	return best;
}

/* The child of `above` on the way down to `node`, seen through backing stores. */
static uint32_t branch_to(const struct heap *h, uint32_t above, uint32_t node)
{
	uint32_t branch = node;

	for (uint32_t v = node; v != above && v != h->root; v = h->idom[v])
		if (!ref_is_transparent(h, v))
			branch = v;
	return branch;
}

static void before_by_group(const struct growing *g, struct growth_point *p)
{
	uint32_t was = groups_find(&g->old->groups, g->groups->all[g->groups->of_node[p->node]].signature);

	p->old = NO_INDEX;
	p->before_bytes = was == NO_NODE ? 0 : g->old->groups.all[was].retained_bytes;
}

static void before_by_object(const struct growing *g, struct growth_point *p, uint32_t old)
{
	p->old = old;
	p->before_bytes = old == NO_INDEX ? 0 : digest_retained(g->old, old);
}

/* One pass over the old children for all items. */
static void count_before(const struct growing *g, struct growth_point *p)
{
	const struct digest *old = g->old;
	uint16_t kind[GROWTH_MAX_ITEMS] = { 0 };

	if (g->groups || p->old == NO_INDEX)
		return;
	for (size_t i = 0; i < p->n_items; i++)
		kind[i] = digest_kind(g->h, p->items[i].sample);
	for (uint32_t c = p->old + 1; c < p->old + old->size[p->old]; c += old->size[c])
		for (size_t i = 0; i < p->n_items; i++)
			p->items[i].before += old->kind[c] == kind[i];
}

static int describe(struct growing *g, unsigned k, struct growth_point *p, struct err *e)
{
	const struct growing_holder *x = &g->holder[k];
	const struct heap *h = g->h;

	*p = (struct growth_point){ .mark = k, .node = x->head, .holder = x->owner, .listed = x->listed,
				    .exclusive_bytes = x->exclusive, .shared_bytes = x->shared,
				    .delta_bytes = x->exclusive + x->shared };
	/* what others hold as well is not below it: then there is nothing to look for */
	if (!p->listed && p->exclusive_bytes > 0)
		p->node = accumulation_point(g, p->holder, p->exclusive_bytes, &p->listed);
	p->branch = branch_to(h, p->holder, p->node);
	p->after_bytes = h->retained[p->node];
	if (g->groups)
		before_by_group(g, p);
	else
		before_by_object(g, p, p->node == p->holder ? match_same(g->m, g->old, h, p->node) :
							      replaced(g, p->holder, p->branch, p->listed));
	if (growing_items(g, p, p->listed, e))
		return e->kind;
	count_before(g, p);
	return 0;
}

static int by_delta(const void *x, const void *y)
{
	const struct growth_point *a = x, *b = y;

	if (a->minor != b->minor)
		return a->minor - b->minor;
	if (a->delta_bytes != b->delta_bytes)
		return a->delta_bytes < b->delta_bytes ? 1 : -1;
	return (a->node > b->node) - (a->node < b->node);
}


static int64_t rest_of(const struct growing *g)
{
	int64_t rest = 0;

	for (size_t i = 0; i < g->ledger.n; i++)
		rest += g->ledger.all[i].rest;
	return rest;
}

static int is_global(const struct heap *h, uint32_t node)
{
	struct str class = h->classes[h->class_[node]].name;

	return str_starts(class, "global") || str_starts(class, "Window");
}

/* A point for growth at many places, when it has a common root that means something. */
static int make_spread_point(struct growth *out, struct growing *g, struct err *e)
{
	struct growth_point *p = &out->points[out->n];
	int64_t rest = rest_of(g), bytes;
	uint32_t node;

	if (rest < 8 * GROWTH_NOISE_BYTES || rest * MUCH_OF_IT < out->total_bytes)
		return 0;
	if (growing_spread(g, &node, &bytes, e))
		return e->kind;
	if (node == NO_NODE || bytes * 2 < rest || fresh_is(&g->fresh, node))
		return 0;
	*p = (struct growth_point){ .node = node, .holder = node, .branch = node, .spread = 1, .mark = GROWTH_MAX_HOLDERS,
				    .exclusive_bytes = bytes, .delta_bytes = bytes };
	p->after_bytes = g->h->retained[node];
	if (g->groups)
		before_by_group(g, p);
	else
		before_by_object(g, p, match_same(g->m, g->old, g->h, node));
	if (growing_items(g, p, 1, e))
		return e->kind;
	/* a bit of everything is a program at work, not something that grows */
	if (!p->n_items || (int64_t)p->items[0].retained_bytes * 4 < bytes || is_global(g->h, node))
		return 0;
	out->n++;
	out->n_major++;
	out->explained_bytes += bytes;
	return 0;
}

static int make_points(struct growth *out, struct growing *g, struct err *e)
{
	out->points = mem_alloc(out->mem, g->n_holders + 2, sizeof(*out->points), e);
	if (!out->points)
		return e->kind;
	for (unsigned k = 0; k < g->n_holders; k++) {
		struct growth_point *p = &out->points[out->n];

		if (!growing_is_told(&g->holder[k]))
			continue;
		if (describe(g, k, p, e))
			return e->kind;
		p->minor = p->delta_bytes < out->total_bytes / NOISE;
		out->n++;
		if (p->minor)
			continue;
		out->n_major++;
		out->explained_bytes += p->delta_bytes;
	}
	if (make_spread_point(out, g, e))
		return e->kind;
	qsort(out->points, out->n, sizeof(*out->points), by_delta);
	return 0;
}

int growth_find(struct growth *out, const struct digest *old, const struct heap *h, const struct match *m,
		const struct groups *groups, struct err *e)
{
	struct growing g = { .old = old, .h = h, .m = m, .groups = groups };
	struct mem *mem = &h->run->mem;
	int rc;

	memset(out, 0, sizeof(*out));
	out->mem = mem;
	out->total_bytes = (int64_t)h->retained[h->root] - (int64_t)digest_retained(old, 0);
	g.ledger.mem = mem;
	g.joint = out->joint = mem_alloc(mem, (size_t)GROWTH_MAX_HOLDERS * GROWTH_MAX_HOLDERS, sizeof(*g.joint), e);
	rc = g.joint ? growing_balance(&g, e) : e->kind;
	if (!rc)
		rc = growing_share(&g, e);
	if (!rc)
		rc = make_points(out, &g, e);
	ledger_release(&g.ledger);
	ranked_bits_release(&g.fresh.set, mem);
	mem_free(mem, g.fresh.anchor);
	mem_free(mem, g.fresh.new_in_group);
	if (rc)
		growth_release(out);
	return rc;
}

static int describe_candidates(struct growth *out, struct growing *g, const struct growth_candidate *all, size_t n,
			       struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct growth_point *p = &out->points[i];
		int64_t retained = (int64_t)g->h->retained[all[i].node];

		*p = (struct growth_point){ .node = all[i].node, .holder = all[i].node,
					    .branch = all[i].node, .old = NO_INDEX,
					    .listed = all[i].listed, .spread = all[i].spread, .mark = GROWTH_MAX_HOLDERS,
					    .delta_bytes = retained, .exclusive_bytes = retained,
					    .before_bytes = (uint64_t)retained, .after_bytes = (uint64_t)retained };
		if (growing_items(g, p, p->listed || p->spread, e))
			return e->kind;
		out->n = out->n_major = i + 1;
	}
	return 0;
}

int growth_of_one(struct growth *out, const struct heap *h, const struct growth_candidate *all, size_t n,
		  struct err *e)
{
	struct mem *m = &h->run->mem;
	struct growing g = { .h = h, .ledger = { .mem = m } };
	int rc = ranked_bits_alloc(&g.fresh.set, m, h->n_nodes, e);

	*out = (struct growth){ .mem = m, .total_bytes = (int64_t)h->retained[h->root] };
	if (!rc) {
		memset(g.fresh.set.bits, 0xFF, (h->n_nodes + 63) / 64 * sizeof(uint64_t));
		ranked_bits_index(&g.fresh.set, h->n_nodes);
		out->points = mem_alloc(m, n + 1, sizeof(*out->points), e);
		rc = out->points ? describe_candidates(out, &g, all, n, e) : e->kind;
	}
	ranked_bits_release(&g.fresh.set, m);
	if (rc)
		growth_release(out);
	return rc;
}

void growth_release(struct growth *g)
{
	if (g->mem) {
		mem_free(g->mem, g->points);
		mem_free(g->mem, g->joint);
	}
	memset(g, 0, sizeof(*g));
}
