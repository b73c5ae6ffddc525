/* Bounds of all edges, once, in parallel; what is static about an edge is noted in its type byte on the way. */
#include "analyzer/heap_passes.h"
#include "base/pool.h"

#define BLOCK 1024  /* edges */
#define SLICE 65536 /* nodes per task: no two write to the same word of a bit set */

struct check {
	struct heap *h;
	const struct ephemerons *eph;
	uint64_t *detours;
};

static int bad_edge(const struct heap *h, uint32_t from, uint32_t edge, struct err *e)
{
	if (h->edge_to[edge] >= h->n_nodes)
		return err_set(e, ERR_FORMAT, "edge %u of node %u (id %llu) leads to node %u, there are only %u", edge, from,
			       (unsigned long long)heap_id(h, from), h->edge_to[edge], h->n_nodes);
	return err_set(e, ERR_FORMAT, "edge %u of node %u (id %llu) is named by string %u, there are only %zu", edge, from,
		       (unsigned long long)heap_id(h, from), h->edge_name[edge], h->strings.n);
}

/* In a truncated file missing strings are no fault: they all read as the last one, which heap_check_edges() added. */
static int check_name(struct heap *h, uint32_t *name)
{
	if (*name < h->strings.n)
		return 1;
	if (!h->truncated)
		return 0;
	*name = (uint32_t)h->strings.n - 1;
	return 1;
}

/* Which of some edges is wrong, if one is. Whose it is takes a search, but only once: from `from` on. */
static int find_bad_edge(struct heap *h, uint32_t from, uint32_t first, uint32_t end, struct err *e)
{
	for (uint32_t i = first; i < end; i++) {
		if (h->edge_to[i] < h->n_nodes && (heap_edge_indexed(h, i) || check_name(h, &h->edge_name[i])))
			continue;
		while (i >= h->first_edge[from + 1])
			from++;
		return bad_edge(h, from, i, e);
	}
	return 0;
}

static int any_from(const uint32_t *v, uint32_t n, uint32_t limit)
{
	uint32_t any = 0;

	for (uint32_t i = 0; i < n; i++)
		any |= v[i] >= limit;
	return any != 0;
}

static void mark_never(uint8_t *types, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		types[i] |= types[i] == EDGE_WEAK || types[i] == EDGE_SHORTCUT ? EDGE_NEVER : 0;
}

/*
 * The columns one after the other, a block at a time: in such loops the compiler looks at several edges at once. `from` is
 * the node that the first edge belongs to, or one before it. An index may be larger than any name, but few are.
 */
static int check_columns(struct heap *h, uint32_t from, uint32_t first, uint32_t end, struct err *e)
{
	for (uint32_t i = first, n; i < end; i += n) {
		n = end - i < BLOCK ? end - i : BLOCK;
		if ((any_from(&h->edge_to[i], n, h->n_nodes) ||
		     any_from(&h->edge_name[i], n, h->strings.n < UINT32_MAX ? (uint32_t)h->strings.n : UINT32_MAX)) &&
		    find_bad_edge(h, from, i, i + n, e))
			return e->kind;
		mark_never(&h->edge_type[i], n);
	}
	return 0;
}

/* An internal edge may be an entry of a WeakMap; the table's own copy of it never carries domination. */
static void mark_entries(const struct check *c, uint32_t from, uint32_t first, uint32_t end)
{
	struct heap *h = c->h;
	const struct ephemerons *x = c->eph;

	for (uint32_t i = first; i < end; i++) {
		if (h->edge_type[i] != EDGE_INTERNAL || !bit_get(x->is_name, h->edge_name[i]))
			continue;
		h->edge_type[i] |= EDGE_EPHEMERON;
		if (x->table_id[ephemerons_index(x, h->edge_name[i])] == heap_id(h, from))
			h->edge_type[i] |= EDGE_NEVER;
	}
}

/* Loops never carry, the root's own shortcuts do. */
static void mark_exceptions(const struct check *c, uint32_t from, uint32_t first, uint32_t end)
{
	struct heap *h = c->h;
	int detours = 0;

	for (uint32_t i = first; i < end; i++) {
		if (h->edge_to[i] == from)
			h->edge_type[i] |= EDGE_NEVER;
		else if (from == h->root && heap_edge_type(h, i) == EDGE_SHORTCUT)
			h->edge_type[i] &= (uint8_t)~EDGE_NEVER;
		detours |= h->edge_to[i] == h->root || ((h->edge_type[i] & EDGE_NEVER) && heap_edge_type(h, i) != EDGE_WEAK);
	}
	if (detours)
		bit_set(c->detours, from);
}

/*
 * Rules 1 to 4 of DevTools' essential edges (initEssentialEdges): weak edges, loops, shortcuts that do not start at the
 * root, and a WeakMap table's own copy of an entry never carry domination. Most nodes have none of these.
 */
static void mark_edges_of(const struct check *c, uint32_t from, uint32_t first, uint32_t end)
{
	const struct heap *h = c->h;
	const uint32_t *to = h->edge_to, root = h->root;
	const uint8_t *types = h->edge_type;
	unsigned exceptions = 0;

	if (c->eph->n)
		mark_entries(c, from, first, end);
	for (uint32_t i = first; i < end; i++)
		exceptions |= (types[i] & EDGE_NEVER) | (to[i] == from) | (to[i] == root);
	if (exceptions)
		mark_exceptions(c, from, first, end);
}

/* Where guided edges are among these of one node; most have none. */
static void guide(struct heap *h, uint32_t from)
{
	uint32_t end = h->first_edge[from + 1];
	uint64_t k = ((uint64_t)h->first_edge[from] + EDGE_GUIDE_STEP - 1) >> EDGE_GUIDE_SHIFT;

	for (; k << EDGE_GUIDE_SHIFT < end; k++)
		h->edge_guide[k] = from;
}

static int check_slice(void *ctx, unsigned task, struct err *e)
{
	struct check *c = ctx;
	struct heap *h = c->h;
	uint32_t first = task * SLICE, end = h->n_nodes - first < SLICE ? h->n_nodes : first + SLICE;

	if (check_columns(h, first, h->first_edge[first], h->first_edge[end], e))
		return e->kind;
	for (uint32_t from = first; from < end; from++) {
		if (!check_name(h, &h->name[from]))
			return err_set(e, ERR_FORMAT, "node %u (id %llu) is named by string %u, there are only %zu", from,
				       (unsigned long long)heap_id(h, from), h->name[from], h->strings.n);
		mark_edges_of(c, from, h->first_edge[from], h->first_edge[from + 1]);
		guide(h, from);
	}
	return 0;
}

int heap_check_edges(struct heap *h, const struct ephemerons *x, uint64_t *detours, struct err *e)
{
	struct check c = { h, x, detours };
	size_t n_guided = ((size_t)h->n_edges + EDGE_GUIDE_STEP - 1) >> EDGE_GUIDE_SHIFT;

	h->edge_guide = mem_alloc(&h->run->mem, n_guided + 1, sizeof(*h->edge_guide), e);
	if (!h->edge_guide)
		return e->kind;
	h->edge_guide[n_guided] = h->n_nodes - 1;
	if (h->truncated && strtab_add(&h->strings, STR_LIT("(lost)"), e))
		return e->kind;
	return pool_run(h->run, (h->n_nodes + SLICE - 1) / SLICE, check_slice, &c, e);
}
