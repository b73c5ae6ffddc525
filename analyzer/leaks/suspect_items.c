/* The objects that a suspect got, and those like them that it had. */
#include "analyzer/leaks/look.h"
#include "analyzer/leaks/suspect.h"
#include "analyzer/leaks/suspect_groups.h"
#include "analyzer/refs.h"
#include "base/bits.h"

static int same_kind(const struct suspect *s, uint32_t node)
{
	const struct heap *h = s->h;

	if (h->class_[node] != s->main->class_ || look_is_prototype(h, node))
		return 0;
	/* functions made by eval() each have a script of their own */
	return !h->place || h->place[node] == s->main->place || h->type[node] == NODE_CLOSURE;
}

/*
 * A promise calls one function when it is fulfilled and another when it is rejected, often a pair of V8's own: who waits for it
 * waits once, so of a reaction's functions only the first counts. NO_NODE when `from` is no reaction, or has none of the kind.
 */
static uint32_t who_waits(const struct suspect *s, uint32_t from)
{
	const struct heap *h = s->h;

	if (!look_is_reaction(h, from))
		return NO_NODE;
	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++)
		if (same_kind(s, h->edge_to[i]))
			return h->edge_to[i];
	return NO_NODE;
}

static int is_counted(const struct suspect *s, uint32_t from, uint32_t node)
{
	uint32_t first = who_waits(s, from);

	return same_kind(s, node) && (first == NO_NODE || first == node);
}

unsigned suspect_functions_each(const struct suspect *s)
{
	const struct heap *h = s->h;
	uint32_t from = h->idom[s->item];
	unsigned n = 0;

	for (uint32_t i = h->first_edge[from]; look_is_reaction(h, from) && i < h->first_edge[from + 1]; i++)
		n += same_kind(s, h->edge_to[i]) != 0;
	return n ? n : 1;
}

/* The browser notes one object in several tables; where these are counted, each is met once. */
static int is_met_again(const struct suspect *s, uint32_t node)
{
	if (!s->met)
		return 0;
	if (bit_get(s->met, node))
		return 1;
	bit_set(s->met, node);
	return 0;
}

static int each_target(const struct suspect *s, uint32_t from, item_fn *fn, void *ctx, int *any)
{
	const struct heap *h = s->h;
	struct dom_children children = dom_children(h, from);
	int rc = 0;

	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1] && !rc; i++) {
		uint32_t to = h->edge_to[i];

		if (heap_edge_type(h, i) == EDGE_WEAK || !is_counted(s, from, to) || !dom_is_keeper(h, from, to))
			continue;
		*any = 1;
		if (!is_met_again(s, to))
			rc = fn(h, to, ctx);
	}
	for (size_t i = 0; i < children.n && !rc; i++)
		if (is_counted(s, from, children.all[i]) && !is_met_again(s, children.all[i]))
			rc = fn(h, children.all[i], ctx);
	return rc;
}

/* What stands in these the object itself refers to as well. */
static int repeats_owner(const struct heap *h, uint32_t store)
{
	return str_starts(heap_name(h, store), "(object ");
}

/* A list's elements hang on one another: all of the kind below its head, and a head that is the first of them. */
static int each_below(const struct suspect *s, uint32_t node, item_fn *fn, void *ctx)
{
	const struct heap *h = s->h;
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos];
	int rc = 0;

	for (uint32_t p = pos + !s->point->listed; p < end && !rc; p++)
		if (is_counted(s, h->idom[h->tree_order[p]], h->tree_order[p]))
			rc = fn(h, h->tree_order[p], ctx);
	return rc;
}

static int each_member(const struct suspect *s, item_fn *fn, void *ctx)
{
	int rc = 0;

	for (size_t i = 0; i < s->group->n && !rc; i++)
		rc = fn(s->h, s->group->members[i], ctx);
	return rc;
}

/* What a holder refers to, itself or through its backing stores. */
static int each_held(const struct suspect *s, uint32_t node, item_fn *fn, void *ctx)
{
	const struct heap *h = s->h;
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos];
	int own = 0, rc = each_target(s, node, fn, ctx, &own);

	for (uint32_t p = pos + 1; p < end && !rc;) {
		uint32_t v = h->tree_order[p];
		int any;

		if (!ref_is_transparent(h, v)) {
			p += h->tree_size[p];
			continue;
		}
		if (!own || !repeats_owner(h, v))
			rc = each_target(s, v, fn, ctx, &any);
		p++;
	}
	return rc;
}

int suspect_each_item(const struct suspect *s, item_fn *fn, void *ctx)
{
	int below = s->point->listed || s->point->spread || s->below, rc = 0;

	if (!s->main)
		return 0;
	if (s->group)
		return each_member(s, fn, ctx);
	for (size_t i = 0; i < growth_n_spots(s->point) && !rc; i++)
		rc = (below ? each_below : each_held)(s, growth_spot(s->point, i)->node, fn, ctx);
	return rc;
}

struct testing {
	int (*test)(const struct heap *h, uint32_t item);
	struct tally tally;
};

static int test_item(const struct heap *h, uint32_t item, void *ctx)
{
	struct testing *t = ctx;

	t->tally.n++;
	t->tally.passed += t->test(h, item) != 0;
	return 0;
}

struct tally suspect_tally(const struct suspect *s, int (*test)(const struct heap *h, uint32_t item))
{
	struct testing t = { .test = test };

	suspect_each_item(s, test_item, &t);
	return t.tally;
}

int suspect_mostly(const struct suspect *s, int (*test)(const struct heap *h, uint32_t item))
{
	struct tally t = suspect_tally(s, test);

	return t.n && t.passed * 2 > t.n;
}
