/* Bounds of all edges, once, in parallel; what is static about an edge is noted in its type byte on the way. */
#include "analyzer/heap_passes.h"
#include "base/pool.h"

#define SLICE 65536 /* nodes per task */

struct check {
	struct heap *h;
	const struct ephemerons *eph;
};

static int named(uint8_t type)
{
	return type != EDGE_ELEMENT && type != EDGE_HIDDEN;
}

static int bad_edge(const struct heap *h, uint32_t from, uint32_t edge, struct err *e)
{
	if (h->edge_to[edge] >= h->n_nodes)
		return err_set(e, ERR_FORMAT, "edge %u of node %u (id %llu) leads to node %u, there are only %u", edge, from,
			       (unsigned long long)heap_id(h, from), h->edge_to[edge], h->n_nodes);
	return err_set(e, ERR_FORMAT, "edge %u of node %u (id %llu) is named by string %u, there are only %zu", edge, from,
		       (unsigned long long)heap_id(h, from), h->edge_name[edge], h->strings.n);
}

/* An internal edge may be an entry of a WeakMap; the table's own copy of it never carries domination. */
static uint8_t flags_of_entry(const struct check *c, uint32_t from, uint32_t name)
{
	if (!c->eph->n || !bit_get(c->eph->is_name, name))
		return 0;
	return c->eph->table_id[ephemerons_index(c->eph, name)] == heap_id(c->h, from) ? EDGE_EPHEMERON | EDGE_NEVER
										       : EDGE_EPHEMERON;
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

/*
 * Rules 1 to 4 of DevTools' essential edges (initEssentialEdges): weak edges, loops, shortcuts that do not start at the
 * root, and a WeakMap table's own copy of an entry never carry domination. Edges are by far the most of a heap: the columns
 * are held in variables, since a byte that is written could be part of any struct for all that the compiler knows.
 */
static int check_edges_of(struct check *c, uint32_t from, uint32_t first, uint32_t end, struct err *e)
{
	struct heap *h = c->h;
	const uint32_t *to = h->edge_to;
	uint32_t *name = h->edge_name, n_nodes = h->n_nodes;
	uint8_t *types = h->edge_type;
	int is_root = from == h->root;

	for (uint32_t i = first; i < end; i++) {
		uint8_t type = types[i], flags = 0;

		if (to[i] >= n_nodes || (named(type) && !check_name(h, &name[i])))
			return bad_edge(h, from, i, e);
		if (type == EDGE_INTERNAL)
			flags = flags_of_entry(c, from, name[i]);
		if (type == EDGE_WEAK || to[i] == from || (type == EDGE_SHORTCUT && !is_root))
			flags |= EDGE_NEVER;
		if (flags)
			types[i] = type | flags;
	}
	return 0;
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

	for (uint32_t from = first; from < end; from++) {
		if (!check_name(h, &h->name[from]))
			return err_set(e, ERR_FORMAT, "node %u (id %llu) is named by string %u, there are only %zu", from,
				       (unsigned long long)heap_id(h, from), h->name[from], h->strings.n);
		if (check_edges_of(c, from, h->first_edge[from], h->first_edge[from + 1], e))
			return e->kind;
		guide(h, from);
	}
	return 0;
}

int heap_check_edges(struct heap *h, const struct ephemerons *x, struct err *e)
{
	struct check c = { h, x };
	size_t n_guided = ((size_t)h->n_edges + EDGE_GUIDE_STEP - 1) >> EDGE_GUIDE_SHIFT;

	h->edge_guide = mem_alloc(&h->run->mem, n_guided + 1, sizeof(*h->edge_guide), e);
	if (!h->edge_guide)
		return e->kind;
	h->edge_guide[n_guided] = h->n_nodes - 1;
	if (h->truncated && strtab_add(&h->strings, STR_LIT("(lost)"), e))
		return e->kind;
	return pool_run(h->run, (h->n_nodes + SLICE - 1) / SLICE, check_slice, &c, e);
}
