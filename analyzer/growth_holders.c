/* Who refers to the new objects, and whose growth they are. */
#include "analyzer/growth_parts.h"
#include "analyzer/heap_passes.h"
#include "analyzer/refs.h"
#include "base/wide.h"

#define BASE ((uint64_t)1 << 63) /* reached from old objects that are none of the holders */

/* The old object through which `from` holds: itself, or the one whose backing store it is; NO_NODE when that is new. */
static uint32_t old_holder(const struct growing *g, uint32_t from)
{
	uint32_t object = ref_object(g->h, from);

	if (ref_is_transparent(g->h, from) && object != from)
		from = object;
	return fresh_is(&g->fresh, from) ? NO_NODE : from;
}

/*
 * An edge by which the old world holds a new object; `from` is the holder or its backing store, `edge` NO_EDGE where an element
 * holds its child.
 */
struct frontier_edge {
	uint32_t holder, from, to, edge;
};

typedef int frontier_fn(struct growing *, const struct frontier_edge *x, void *ctx, struct err *);

static int each_new_child(struct growing *g, struct frontier_edge *x, frontier_fn *fn, void *ctx, int *any, struct err *e)
{
	struct dom_children children = dom_children(g->h, x->from);

	x->edge = NO_EDGE;
	for (size_t i = 0; i < children.n; i++) {
		if (!fresh_is(&g->fresh, children.all[i]))
			continue;
		x->holder = old_holder(g, x->from);
		if (x->holder == NO_NODE)
			return 0;
		*any = 1;
		x->to = children.all[i];
		if (fn(g, x, ctx, e))
			return e->kind;
	}
	return 0;
}

/*
 * Call fn for every edge of `from` by which the old world holds a new object: from an old object, or from a backing store
 * (new or old) that belongs to one. New backing stores are passed over as targets: what is in them counts. `*any`: there
 * was one.
 */
static int each_frontier_edge_of(struct growing *g, uint32_t from, frontier_fn *fn, void *ctx, int *any, struct err *e)
{
	const struct heap *h = g->h;
	struct frontier_edge x = { NO_NODE, from, NO_NODE, 0 };

	*any = 0;
	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (!fresh_is(&g->fresh, to) || !growing_essential(h, from, i) || !dom_is_keeper(h, from, to))
			continue;
		if (!*any)
			x.holder = old_holder(g, from);
		if (x.holder == NO_NODE || dom_is_mirror(h, x.holder))
			return 0;
		*any = 1;
		x.to = to;
		x.edge = i;
		if (fn(g, &x, ctx, e))
			return e->kind;
	}
	return h->dom.role ? each_new_child(g, &x, fn, ctx, any, e) : 0;
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

/* Where properties with names are kept when there are many. */
static int keeps_properties(const struct heap *h, uint32_t store)
{
	return str_is(heap_name(h, store), "(object properties)");
}

/* Functions are named by whoever wrote them. */
static void count_reference(const struct heap *h, struct account *a, const struct frontier_edge *x)
{
	if (x->edge == NO_EDGE)
		a->entries++;
	else if (x->from == x->holder ? heap_edge_type(h, x->edge) == EDGE_ELEMENT : !keeps_properties(h, x->from))
		a->entries++;
	else if (heap_edge_type(h, x->edge) == EDGE_PROPERTY && h->type[x->to] != NODE_CLOSURE)
		a->fields++;
}

static int weigh(struct growing *g, const struct frontier_edge *x, void *ctx, struct err *e)
{
	struct account *a;

	(void)ctx;
	if (ref_is_transparent(g->h, x->to) && ref_object(g->h, x->to) == x->holder)
		return 0;
	if (ledger_account(&g->ledger, x->holder, &a, e))
		return e->kind;
	*(fresh_is_sure(&g->fresh, x->to) ? &a->weight : &a->unsure) += fresh_part(&g->fresh, x->to, g->h->retained[x->to]);
	count_reference(g->h, a, x);
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

static int seed(struct growing *g, const struct frontier_edge *x, void *ctx, struct err *e)
{
	const struct account *a = ledger_find(&g->ledger, x->holder);

	(void)e;
	add_marks(g, ctx, x->to, a && a->holder ? (uint64_t)1 << (a->holder - 1) : BASE);
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
			if (fresh_is(&g->fresh, h->edge_to[i]) && growing_essential(h, from, i) &&
			    dom_leads_on(h, from, h->edge_to[i]))
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

/* What one object lost beyond what it got is not known to net_bytes(), but those like it grew by as much less. */
static void settle(struct growing_holder *x, const struct account *a)
{
	x->exclusive += a->own;
	if (x->n_claims && a->lost > a->gained)
		x->exclusive -= a->lost - a->gained;
}

static void share_out(struct growing *g, const struct spreading *s)
{
	for (uint32_t v = 0; v < g->h->n_nodes; v++)
		if (fresh_is(&g->fresh, v))
			give(g, s->marks[fresh_rank(&g->fresh, v)], net_bytes(g, v));
	for (size_t i = 0; i < g->ledger.n; i++)
		if (g->ledger.all[i].holder)
			settle(&g->holder[g->ledger.all[i].holder - 1], &g->ledger.all[i]);
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
	int rc = !frontier || weigh_all(g, frontier, weigh, e) || growing_choose(g, e) ? e->kind : share(g, frontier, e);

	mem_free(g->ledger.mem, frontier);
	return rc;
}
