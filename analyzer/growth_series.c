/* What a growth point weighed in the snapshots between the first and the last. */
#include "analyzer/growth.h"
#include "base/bits.h"
#include "base/table_hash.h"

/* A node of the heap that is looked for in a digest, by its id. */
struct wanted {
	uint32_t node;
	uint32_t found; /* NO_INDEX: not yet */
};

#define FEW_BITS 4096

/* Open addressing, for the spots' nodes and holders; most ids of a digest are known not to be wanted by a few of their bits. */
struct search {
	const struct heap *h;
	struct mem *mem;
	struct wanted *all;
	size_t size; /* a power of two */
	uint64_t few[FEW_BITS / 64];
};

static uint32_t few_bits(uint64_t id)
{
	return (uint32_t)(id >> 1) & (FEW_BITS - 1);
}

static struct wanted *slot_of(const struct search *s, uint64_t id)
{
	size_t at = table_hash_number(s->mem, id) & (s->size - 1);

	while (s->all[at].node != NO_NODE && heap_id(s->h, s->all[at].node) != id)
		at = (at + 1) & (s->size - 1);
	return &s->all[at];
}

static void want(struct search *s, uint32_t node)
{
	uint64_t id = heap_id(s->h, node);

	slot_of(s, id)->node = node;
	bit_set(s->few, few_bits(id));
}

static int search_init(struct search *s, const struct heap *h, const struct growth_point *p, struct err *e)
{
	*s = (struct search){ .h = h, .mem = &h->run->mem, .size = 4 };
	while (s->size < growth_n_spots(p) * 4)
		s->size *= 2;
	s->all = mem_alloc_dirty(s->mem, s->size, sizeof(*s->all), e);
	if (!s->all)
		return e->kind;
	for (size_t i = 0; i < s->size; i++)
		s->all[i] = (struct wanted){ NO_NODE, NO_INDEX };
	for (size_t i = 0; i < growth_n_spots(p); i++) {
		want(s, growth_spot(p, i)->node);
		want(s, growth_spot(p, i)->holder);
	}
	return 0;
}

static void look_through(struct search *s, const struct digest *d)
{
	for (uint32_t i = 0; i < d->n_nodes; i++) {
		uint64_t id = col64_get(&d->id, i);
		struct wanted *w;

		if (!bit_get(s->few, few_bits(id)))
			continue;
		w = slot_of(s, id);
		if (w->node != NO_NODE && w->found == NO_INDEX && digest_has_type(d->kind[i], s->h->type[w->node]))
			w->found = i;
	}
}

static uint32_t found(const struct search *s, uint32_t node)
{
	return slot_of(s, heap_id(s->h, node))->found;
}

/* Does the holder still have a child with that id? Then nothing has taken its place. */
static int still_there(const struct heap *h, uint32_t holder, uint64_t id)
{
	uint32_t pos = h->tree_pos[holder], end = pos + h->tree_size[pos];

	for (uint32_t p = pos + 1; p < end; p += h->tree_size[p])
		if (heap_id(h, h->tree_order[p]) == id)
			return 1;
	return 0;
}

static uint32_t find_predecessor(const struct search *s, const struct digest *d, const struct growth_spot *at, int listed)
{
	const struct heap *h = s->h;
	uint32_t holder = found(s, at->holder), best = NO_INDEX;
	uint16_t kind = digest_kind(h, at->branch);

	if (holder == NO_INDEX)
		return NO_INDEX;
	for (uint32_t c = holder + 1; c < holder + d->size[holder]; c += d->size[c])
		if (d->kind[c] == kind && (best == NO_INDEX || digest_retained(d, c) > digest_retained(d, best)))
			best = c;
	if (best != NO_INDEX && !listed && still_there(h, at->holder, col64_get(&d->id, best)))
		return NO_INDEX;
	return best;
}

int growth_objects_in(const struct digest *d, const struct heap *h, const struct growth_point *p, uint32_t *out, struct err *e)
{
	struct search s;

	if (search_init(&s, h, p, e))
		return e->kind;
	look_through(&s, d);
	for (size_t i = 0; i < growth_n_spots(p); i++) {
		const struct growth_spot *at = growth_spot(p, i);

		out[i] = found(&s, at->node);
		if (out[i] == NO_INDEX && at->node != at->holder)
			out[i] = find_predecessor(&s, d, at, p->listed);
	}
	mem_free(s.mem, s.all);
	return 0;
}

/* Of all groups that the spots are of. */
static int retained_by_groups(const struct digest *d, struct mem *m, const struct groups *groups, const struct growth_point *p,
			      int64_t *out, struct err *e)
{
	uint64_t *seen = MEM_NEW(m, uint64_t, groups->n / 64 + 1, e);

	if (!seen)
		return e->kind;
	for (size_t i = 0; i < growth_n_spots(p); i++) {
		uint32_t k = groups->of_node[growth_spot(p, i)->node];

		if (!bit_get(seen, k))
			*out += (int64_t)groups_retained(&d->groups, groups->all[k].signature);
		bit_set(seen, k);
	}
	mem_free(m, seen);
	return 0;
}

int growth_retained_in(const struct digest *d, const struct heap *h, const struct groups *groups, const struct growth_point *p,
		       int64_t *out, struct err *e)
{
	uint32_t *objects;
	int rc;

	*out = 0;
	if (groups)
		return retained_by_groups(d, &h->run->mem, groups, p, out, e);
	objects = MEM_NEW(&h->run->mem, uint32_t, growth_n_spots(p), e);
	rc = objects ? growth_objects_in(d, h, p, objects, e) : e->kind;
	for (size_t i = 0; i < growth_n_spots(p) && !rc; i++)
		*out += objects[i] == NO_INDEX ? 0 : (int64_t)digest_retained(d, objects[i]);
	mem_free(&h->run->mem, objects);
	return rc;
}

uint64_t growth_children_in(const struct digest *d, uint32_t parent, const struct heap *h, uint32_t item)
{
	uint32_t up = h->idom[item];
	uint16_t kind = digest_kind(h, item), store = dom_is_store(h, up) ? digest_kind(h, up) : kind;
	uint64_t n = 0;

	for (uint32_t c = parent + 1; c < parent + d->size[parent];) {
		n += d->kind[c] == kind;
		c += d->kind[c] == store && store != kind ? 1 : d->size[c];
	}
	return n;
}
