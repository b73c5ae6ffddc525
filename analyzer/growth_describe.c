/* What a holder's point says: where below it the growth is, what it weighed, what it got. */
#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"

/* Follow one child while it holds four fifths of the growth; Eclipse MAT's ratios are 0.7 and 0.8 (FindLeaksQuery). */
#define CONCENTRATED(part, whole) ((part) / 4 >= (whole) / 5)

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

/* By structure spots stand for their whole groups. */
static int weigh_groups(const struct growing *g, struct growth_point *p, struct err *e)
{
	const struct groups *now = g->groups;
	uint64_t *seen = MEM_NEW(g->ledger.mem, uint64_t, now->n / 64 + 1, e);

	if (!seen)
		return e->kind;
	for (size_t i = 0; i < growth_n_spots(p); i++) {
		uint32_t node = growth_spot(p, i)->node, k = now->of_node[node];

		if (bit_get(seen, k))
			continue;
		bit_set(seen, k);
		p->before_bytes += groups_retained(&g->old->groups, now->all[k].signature);
		p->after_bytes += p->n_others ? now->all[k].retained_bytes : g->h->retained[node];
	}
	mem_free(g->ledger.mem, seen);
	return 0;
}

static void weigh_object(const struct growing *g, struct growth_point *p, struct growth_spot *at)
{
	at->old = at->node == at->holder ? match_same(g->m, g->old, g->h, at->node) :
					   replaced(g, at->holder, at->branch, p->listed);
	p->before_bytes += at->old == NO_INDEX ? 0 : digest_retained(g->old, at->old);
	p->after_bytes += g->h->retained[at->node];
}

int growing_weigh(const struct growing *g, struct growth_point *p, struct err *e)
{
	if (g->groups)
		return weigh_groups(g, p, e);
	weigh_object(g, p, &p->at);
	for (size_t i = 0; i < p->n_others; i++)
		weigh_object(g, p, &p->others[i]);
	return 0;
}

static void count_before(const struct growing *g, struct growth_point *p)
{
	for (size_t i = 0; i < growth_n_spots(p) && !g->groups; i++) {
		uint32_t old = growth_spot(p, i)->old;

		for (size_t k = 0; k < p->n_items && old != NO_INDEX; k++)
			p->items[k].before += growth_children_in(g->old, old, g->h, p->items[k].sample);
	}
}

/* The spot of an object with all that is new below it. */
static struct growth_spot spot_below(const struct growing *g, uint32_t holder, int64_t bytes, int *listed)
{
	struct growth_spot at = { .node = holder, .holder = holder, .old = NO_INDEX };

	*listed = 0;
	/* what others hold as well is not below it: then there is nothing to look for */
	if (bytes > 0)
		at.node = accumulation_point(g, holder, bytes, listed);
	at.branch = branch_to(g->h, holder, at.node);
	return at;
}

/* What is no list where the others are, or is one where they are none, is not followed down. */
static struct growth_spot spot_alike(const struct growing *g, const struct claim *c, int listed)
{
	int is_list;
	struct growth_spot at = spot_below(g, c->account->node, (int64_t)c->weight, &is_list);

	return is_list == listed ? at : spot_below(g, c->account->node, 0, &is_list);
}

static int find_spots(const struct growing *g, const struct growing_holder *x, struct growth_point *p, struct err *e)
{
	int64_t bytes = x->n_claims ? (int64_t)x->claims[0].weight : p->exclusive_bytes;

	if (x->listed)
		p->at = (struct growth_spot){ .node = x->head, .holder = x->owner, .branch = branch_to(g->h, x->owner, x->head),
					      .old = NO_INDEX };
	else
		p->at = spot_below(g, x->owner, p->exclusive_bytes > 0 ? bytes : 0, &p->listed);
	if (!x->n_claims)
		return 0;
	p->others = mem_alloc(g->ledger.mem, x->n_claims - 1, sizeof(*p->others), e);
	if (!p->others)
		return e->kind;
	for (size_t i = 1; i < x->n_claims; i++)
		p->others[p->n_others++] = spot_alike(g, &x->claims[i], p->listed);
	return 0;
}

int growing_describe(struct growing *g, unsigned k, struct growth_point *p, struct err *e)
{
	const struct growing_holder *x = &g->holder[k];

	*p = (struct growth_point){ .mark = k, .listed = x->listed, .exclusive_bytes = x->exclusive, .shared_bytes = x->shared,
				    .delta_bytes = x->exclusive + x->shared };
	if (find_spots(g, x, p, e) || growing_weigh(g, p, e) || growing_items(g, p, p->listed, e))
		return e->kind;
	count_before(g, p);
	return 0;
}

static uint64_t n_new(const struct growth_point *p)
{
	uint64_t n = p->rest_count;

	for (size_t i = 0; i < p->n_items; i++)
		n += p->items[i].count;
	return n;
}

/* Where other values are much of the heap, they are told whatever they took the place of. */
#define MUCH_OF_HEAP 100

int growing_is_refill(const struct growing *g, unsigned k, const struct growth_point *p)
{
	const struct growing_holder *x = &g->holder[k];

	return x->n_claims && x->claims[0].replaced && p->delta_bytes < (int64_t)(g->h->retained[g->h->root] / MUCH_OF_HEAP) &&
	       (p->at.node == p->at.holder || n_new(p) < 2 * growth_n_spots(p));
}
