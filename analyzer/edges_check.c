/* Bounds of all edges, once, in parallel; what is static about an edge is noted in its type byte on the way. */
#include "analyzer/heap_passes.h"
#include "base/pool.h"

#define SLICE 65536 /* nodes per task: no two write to the same word of a bit set */

struct check {
	struct heap *h;
	const struct ephemerons *eph;
	uint64_t *detours;
};

/* Sets of edge types: the loop over all edges asks them without a branch. */
#define TYPE_BIT(T) (1u << (T))
#define TYPES_INDEXED (TYPE_BIT(EDGE_ELEMENT) | TYPE_BIT(EDGE_HIDDEN))
#define TYPES_NEVER (TYPE_BIT(EDGE_WEAK) | TYPE_BIT(EDGE_SHORTCUT))

static unsigned is_in(unsigned types, uint8_t type)
{
	return types >> type & 1;
}

static int bad_edge(const struct heap *h, uint32_t from, uint32_t edge, struct err *e)
{
	if (h->edge_to[edge] >= h->n_nodes)
		return err_set(e, ERR_FORMAT, "edge %u of node %u (id %llu) leads to node %u, there are only %u", edge, from,
			       (unsigned long long)heap_id(h, from), h->edge_to[edge], h->n_nodes);
	return err_set(e, ERR_FORMAT, "edge %u of node %u (id %llu) is named by string %u, there are only %zu", edge, from,
		       (unsigned long long)heap_id(h, from), h->edge_name[edge], h->strings.n);
}

/* Whether the name of an edge, a string or not, is that of an entry of a WeakMap. `n` strings are looked at. */
static unsigned reads_as_entry(const struct ephemerons *x, uint32_t name, size_t n)
{
	return name < n && bit_get(x->is_name, name);
}

/* The table's own copy of an entry never carries domination. */
static uint8_t flags_of_entry(const struct check *c, uint32_t from, uint32_t name)
{
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

static int check_bounds(struct heap *h, uint32_t from, uint32_t first, uint32_t end, struct err *e)
{
	for (uint32_t i = first; i < end; i++)
		if (h->edge_to[i] >= h->n_nodes ||
		    (!heap_edge_indexed(h, i) && !check_name(h, &h->edge_name[i])))
			return bad_edge(h, from, i, e);
	return 0;
}

/*
 * Rules 1 to 4 of DevTools' essential edges (initEssentialEdges): weak edges, loops, shortcuts that do not start at the
 * root, and a WeakMap table's own copy of an entry never carry domination. Edges are by far the most of a heap: what is
 * wrong with any of them is added up and looked at afterwards, and the columns are held in variables, since a byte that is
 * written could be part of any struct for all that the compiler knows.
 */
static int check_edges_of(struct check *c, uint32_t from, uint32_t first, uint32_t end, struct err *e)
{
	const struct heap *h = c->h;
	const uint32_t *to = h->edge_to, *name = h->edge_name;
	const uint32_t n_nodes = h->n_nodes, root = h->root, n_strings = (uint32_t)h->strings.n;
	const size_t n_entries = c->eph->n ? n_strings : 0;
	const unsigned never = from == root ? TYPE_BIT(EDGE_WEAK) : TYPES_NEVER;
	uint8_t *types = h->edge_type;
	unsigned bad = 0, detours = 0;

	for (uint32_t i = first; i < end; i++) {
		uint8_t type = types[i];
		unsigned flags = (is_in(never, type) | (to[i] == from)) * EDGE_NEVER;

		bad |= (to[i] >= n_nodes) | ((name[i] >= n_strings) & !is_in(TYPES_INDEXED, type));
		if (type == EDGE_INTERNAL && reads_as_entry(c->eph, name[i], n_entries))
			flags |= flags_of_entry(c, from, name[i]);
		detours |= (to[i] == root) | ((type != EDGE_WEAK) & ((flags & EDGE_NEVER) != 0));
		types[i] = (uint8_t)(type | flags);
	}
	if (detours)
		bit_set(c->detours, from);
	return bad ? check_bounds(c->h, from, first, end, e) : 0;
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
