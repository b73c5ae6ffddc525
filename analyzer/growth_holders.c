/* Who refers to the new objects, and whose growth they are. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/growth_parts.h"
#include "analyzer/heap_passes.h"
#include "analyzer/refs.h"
#include "base/wide.h"

/* More objects of one group than this that hold about the same are no holders. */
#define MANY_HOLDERS 4

#define BASE ((uint64_t)1 << 63) /* reached from old objects that are none of the holders */

/* The old object through which `from` holds: itself, or the one whose backing store it is; NO_NODE when that is new. */
static uint32_t old_holder(const struct growing *g, uint32_t from)
{
	uint32_t object = ref_object(g->h, from);

	if (ref_is_transparent(g->h, from) && object != from)
		from = object;
	return fresh_is(&g->fresh, from) ? NO_NODE : from;
}

typedef int frontier_fn(struct growing *, uint32_t holder, uint32_t to, void *ctx, struct err *);

/*
 * Call fn for every edge of `from` by which the old world holds a new object: from an old object, or from a backing store
 * (new or old) that belongs to one. New backing stores are passed over as targets: what is in them counts. `*any`: there
 * was one.
 */
static int each_frontier_edge_of(struct growing *g, uint32_t from, frontier_fn *fn, void *ctx, int *any, struct err *e)
{
	const struct heap *h = g->h;
	uint32_t holder = NO_NODE;

	*any = 0;
	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (!fresh_is(&g->fresh, to) || !growing_essential(h, from, i))
			continue;
		if (!*any)
			holder = old_holder(g, from);
		if (holder == NO_NODE)
			return 0;
		*any = 1;
		if (fn(g, holder, to, ctx, e))
			return e->kind;
	}
	return 0;
}

/* Weigh by all edges, and note in the bit set `frontier` who has any that count. */
static int weigh_all(struct growing *g, uint64_t *frontier, frontier_fn *fn, struct err *e)
{
	const struct heap *h = g->h;

	for (uint32_t from = 0; from < h->n_nodes; from++) {
		int any;

		if (fresh_is(&g->fresh, from) && !ref_is_transparent(h, from))
			continue;
		if (each_frontier_edge_of(g, from, fn, NULL, &any, e))
			return e->kind;
		if (any)
			bit_set(frontier, from);
	}
	return 0;
}

static int weigh(struct growing *g, uint32_t holder, uint32_t to, void *ctx, struct err *e)
{
	struct account *a;

	(void)ctx;
	if (ref_is_transparent(g->h, to) && ref_object(g->h, to) == holder)
		return 0;
	if (ledger_account(&g->ledger, holder, &a, e))
		return e->kind;
	*(fresh_is_sure(&g->fresh, to) ? &a->weight : &a->unsure) += fresh_part(&g->fresh, to, g->h->retained[to]);
	return 0;
}

static uint64_t importance(const struct account *a)
{
	return a->weight + (a->own > 0 ? (uint64_t)a->own : 0);
}

static int by_importance(const void *x, const void *y)
{
	const struct account *a = *(const struct account *const *)x, *b = *(const struct account *const *)y;

	if (importance(a) != importance(b))
		return importance(a) < importance(b) ? 1 : -1;
	if (a->unsure != b->unsure)
		return a->unsure < b->unsure ? 1 : -1;
	return (a->node > b->node) - (a->node < b->node);
}

/*
 * By structure: whether many objects of one group hold a little each. None of them is more of a holder than the others, nor
 * can be told from them in another process; what grew is what they hang on.
 */
static int is_one_of_many(const struct growing *g, const uint64_t *all, const struct account *a)
{
	return all && importance(a) * MANY_HOLDERS < all[g->groups->of_node[a->node]];
}

/* Per group what all its holders hold. */
static int weigh_groups(const struct growing *g, uint64_t **out, struct err *e)
{
	*out = g->groups ? mem_alloc(g->ledger.mem, g->groups->n, sizeof(**out), e) : NULL;
	for (size_t i = 0; *out && i < g->ledger.n; i++)
		(*out)[g->groups->of_node[g->ledger.all[i].node]] += importance(&g->ledger.all[i]);
	return g->groups && !*out ? e->kind : 0;
}

static void add_holder(struct growing *g, struct account *a)
{
	struct growing_holder x = growing_holder_of(g, a->node);
	unsigned k = 0;

	while (k < g->n_holders && !growing_same_list(g, &g->holder[k], &x))
		k++;
	if (k == g->n_holders || x.listed)
		g->holder[k] = x;
	if (k == g->n_holders)
		g->n_holders++;
	a->holder = k + 1;
}

static int choose(struct growing *g, struct err *e)
{
	struct account **order = mem_alloc(g->ledger.mem, g->ledger.n + 1, sizeof(*order), e);
	uint64_t *of_group;
	unsigned n = 0;

	if (!order || weigh_groups(g, &of_group, e)) {
		mem_free(g->ledger.mem, order);
		return e->kind;
	}
	for (size_t i = 0; i < g->ledger.n; i++)
		order[i] = &g->ledger.all[i];
	qsort(order, g->ledger.n, sizeof(*order), by_importance);
	for (size_t i = 0; i < g->ledger.n && n < GROWTH_MAX_HOLDERS; i++) {
		if (!importance(order[i]) && !order[i]->unsure)
			break;
		if (is_one_of_many(g, of_group, order[i]))
			continue;
		add_holder(g, order[i]);
		n++;
	}
	mem_free(g->ledger.mem, of_group);
	mem_free(g->ledger.mem, order);
	return 0;
}

/* Marks of the new nodes, by rank, and the list of those whose marks still have to be passed on. */
struct spreading {
	uint64_t *marks;
	uint32_t *queue;   /* nodes; a ring, each new node at most once */
	uint64_t *queued;
	uint32_t head, n, size;
};

static void add_marks(struct growing *g, struct spreading *s, uint32_t node, uint64_t marks)
{
	uint32_t r = fresh_rank(&g->fresh, node);

	if ((s->marks[r] | marks) == s->marks[r])
		return;
	s->marks[r] |= marks;
	if (bit_get(s->queued, r))
		return;
	bit_set(s->queued, r);
	s->queue[(s->head + s->n++) % s->size] = node;
}

static int seed(struct growing *g, uint32_t holder, uint32_t to, void *ctx, struct err *e)
{
	const struct account *a = ledger_find(&g->ledger, holder);

	(void)e;
	add_marks(g, ctx, to, a && a->holder ? (uint64_t)1 << (a->holder - 1) : BASE);
	return 0;
}

static void spread(struct growing *g, struct spreading *s)
{
	const struct heap *h = g->h;

	while (s->n) {
		uint32_t from = s->queue[s->head], r = fresh_rank(&g->fresh, from);
		uint64_t marks = s->marks[r];

		s->head = (s->head + 1) % s->size;
		s->n--;
		bit_clear(s->queued, r);
		for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++)
			if (fresh_is(&g->fresh, h->edge_to[i]) && growing_essential(h, from, i))
				add_marks(g, s, h->edge_to[i], marks);
	}
}

/* The part of a new node's bytes that is left when the deletions at its anchor are set against what came there. */
static int64_t net_bytes(const struct growing *g, uint32_t node)
{
	const struct account *a = ledger_find(&g->ledger, g->fresh.anchor[node]);
	uint64_t bytes = fresh_part(&g->fresh, node, heap_self(g->h, node));

	if (!a || a->gained <= 0 || a->gained <= a->lost)
		return 0;
	return (int64_t)wide_mul_div(bytes, (uint64_t)(a->gained - a->lost), (uint64_t)a->gained);
}

static void give(struct growing *g, uint64_t marks, int64_t bytes)
{
	unsigned n = (unsigned)__builtin_popcountll(marks);

	if (marks & BASE || !bytes)
		return;
	if (n == 1) {
		g->holder[__builtin_ctzll(marks)].exclusive += bytes;
		return;
	}
	for (uint64_t one = marks; one; one &= one - 1) {
		unsigned k = (unsigned)__builtin_ctzll(one);

		g->holder[k].shared += bytes / n;
		for (uint64_t other = marks; other; other &= other - 1)
			g->joint[k * GROWTH_MAX_HOLDERS + (unsigned)__builtin_ctzll(other)] += bytes;
	}
}

static void share_out(struct growing *g, const struct spreading *s)
{
	for (uint32_t v = 0; v < g->h->n_nodes; v++)
		if (fresh_is(&g->fresh, v))
			give(g, s->marks[fresh_rank(&g->fresh, v)], net_bytes(g, v));
	for (size_t i = 0; i < g->ledger.n; i++)
		if (g->ledger.all[i].holder)
			g->holder[g->ledger.all[i].holder - 1].exclusive += g->ledger.all[i].own;
}

/* Marks of the holders that are worth a point. */
static uint64_t told_marks(const struct growing *g)
{
	uint64_t told = 0;

	for (unsigned k = 0; k < g->n_holders; k++)
		if (growing_is_told(&g->holder[k]))
			told |= (uint64_t)1 << k;
	return told;
}

/* What no point tells is left with the anchors. */
static void leave_rest(struct growing *g, const struct spreading *s)
{
	uint64_t told = told_marks(g);

	for (uint32_t v = 0; v < g->h->n_nodes; v++) {
		struct account *a;
		uint64_t marks;

		if (!fresh_is(&g->fresh, v))
			continue;
		marks = s->marks[fresh_rank(&g->fresh, v)];
		if (!(marks & BASE) && marks & told)
			continue;
		a = ledger_find(&g->ledger, g->fresh.anchor[v]);
		if (a)
			a->rest += net_bytes(g, v);
	}
}

/* Marks for what hangs on the frontier. */
static int seed_all(struct growing *g, const uint64_t *frontier, struct spreading *s, struct err *e)
{
	for (uint32_t word = 0; word < g->h->n_nodes / 64 + 1; word++) {
		for (uint64_t left = frontier[word]; left; left &= left - 1) {
			int any;

			if (each_frontier_edge_of(g, word * 64 + (uint32_t)__builtin_ctzll(left), seed, s, &any, e))
				return e->kind;
		}
	}
	return 0;
}

static int mark_and_share(struct growing *g, const uint64_t *frontier, struct spreading *s, struct err *e)
{
	if (seed_all(g, frontier, s, e))
		return e->kind;
	spread(g, s);
	share_out(g, s);
	leave_rest(g, s);
	return 0;
}

static int share(struct growing *g, const uint64_t *frontier, struct err *e)
{
	struct mem *m = g->ledger.mem;
	struct spreading s = { .size = g->fresh.set.n + 1 };
	int rc;

	s.marks = mem_alloc(m, s.size, 8, e);
	s.queue = s.marks ? mem_alloc_dirty(m, s.size, 4, e) : NULL;
	s.queued = s.queue ? mem_alloc(m, s.size / 64 + 1, 8, e) : NULL;
	rc = s.queued ? mark_and_share(g, frontier, &s, e) : e->kind;
	mem_free(m, s.marks);
	mem_free(m, s.queue);
	mem_free(m, s.queued);
	return rc;
}

int growing_share(struct growing *g, struct err *e)
{
	uint64_t *frontier = MEM_NEW(g->ledger.mem, uint64_t, g->h->n_nodes / 64 + 1, e);
	int rc = !frontier || weigh_all(g, frontier, weigh, e) || choose(g, e) ? e->kind : share(g, frontier, e);

	mem_free(g->ledger.mem, frontier);
	return rc;
}
