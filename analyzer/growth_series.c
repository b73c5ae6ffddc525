/* What a growth point weighed in the snapshots between the first and the last. */
#include "analyzer/growth.h"

static uint32_t find_object(const struct digest *d, const struct heap *h, uint32_t node)
{
	uint64_t id = heap_id(h, node);

	for (uint32_t i = 0; i < d->n_nodes; i++)
		if (col64_get(&d->id, i) == id && digest_has_type(d->kind[i], h->type[node]))
			return i;
	return NO_INDEX;
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

static uint32_t find_predecessor(const struct digest *d, const struct heap *h, const struct growth_point *p)
{
	uint32_t holder = find_object(d, h, p->holder), best = NO_INDEX;
	uint16_t kind = digest_kind(h, p->branch);

	if (holder == NO_INDEX)
		return NO_INDEX;
	for (uint32_t c = holder + 1; c < holder + d->size[holder]; c += d->size[c])
		if (d->kind[c] == kind && (best == NO_INDEX || digest_retained(d, c) > digest_retained(d, best)))
			best = c;
	if (best != NO_INDEX && !p->listed && still_there(h, p->holder, col64_get(&d->id, best)))
		return NO_INDEX;
	return best;
}

uint32_t growth_object_in(const struct digest *d, const struct heap *h, const struct growth_point *p)
{
	uint32_t i = find_object(d, h, p->node);

	return i == NO_INDEX && p->node != p->holder ? find_predecessor(d, h, p) : i;
}

int64_t growth_retained_in(const struct digest *d, const struct heap *h, const struct groups *groups,
			   const struct growth_point *p)
{
	uint32_t i;

	if (groups) {
		i = groups_find(&d->groups, groups->all[groups->of_node[p->node]].signature);
		return i == NO_NODE ? 0 : (int64_t)d->groups.all[i].retained_bytes;
	}
	i = growth_object_in(d, h, p);
	return i == NO_INDEX ? 0 : (int64_t)digest_retained(d, i);
}
