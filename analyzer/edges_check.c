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

/*
 * Rules 1 to 4 of DevTools' essential edges (initEssentialEdges): weak edges, loops, shortcuts that do not start at the
 * root, and a WeakMap table's own copy of an entry never carry domination.
 */
static uint8_t flags_of(const struct check *c, uint32_t from, uint32_t edge)
{
	const struct heap *h = c->h;
	uint8_t type = h->edge_type[edge], flags = 0;

	if (type == EDGE_INTERNAL && c->eph->n && bit_get(c->eph->is_name, h->edge_name[edge])) {
		flags = EDGE_EPHEMERON;
		if (c->eph->table_id[ephemerons_index(c->eph, h->edge_name[edge])] == heap_id(h, from))
			flags |= EDGE_NEVER;
	}
	if (type == EDGE_WEAK || h->edge_to[edge] == from || (type == EDGE_SHORTCUT && from != h->root))
		flags |= EDGE_NEVER;
	return flags;
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
		for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
			if (h->edge_to[i] >= h->n_nodes ||
			    (named(h->edge_type[i]) && !check_name(h, &h->edge_name[i])))
				return bad_edge(h, from, i, e);
			h->edge_type[i] |= flags_of(c, from, i);
		}
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
