/*
 * DevTools: markPageOwnedNodes. What the page's own roots reach by any but weak references. Most of it is found while
 * dominators are numbered (dominators.c); here are its beginnings and what is left over.
 */
#include "analyzer/heap_passes.h"

int heap_is_user_root(const struct heap *h, uint32_t node)
{
	return h->type[node] != NODE_SYNTHETIC || str_is(heap_name(h, node), "(Document DOM trees)");
}

int heap_has_user_roots(const struct heap *h)
{
	for (uint32_t i = h->first_edge[h->root]; i < h->first_edge[h->root + 1]; i++)
		if (heap_is_user_root(h, h->edge_to[i]))
			return 1;
	return 0;
}

int heap_is_page_seed(const struct heap *h, uint32_t edge)
{
	enum edge_type t = heap_edge_type(h, edge);

	if (t == EDGE_SHORTCUT)
		return 1;
	return t == EDGE_ELEMENT && h->type[h->edge_to[edge]] == NODE_SYNTHETIC && heap_is_user_root(h, h->edge_to[edge]);
}

struct flood {
	struct heap *h;
	const uint64_t *detours;
	uint32_t *stack;
	size_t n, capacity;
};

static int reach(struct flood *f, uint32_t node, struct err *e)
{
	void *p = f->stack;

	if (bit_get(f->h->page, node))
		return 0;
	bit_set(f->h->page, node);
	if (mem_reserve(&f->h->run->mem, &p, &f->capacity, f->n + 1, 4, e))
		return e->kind;
	f->stack = p;
	f->stack[f->n++] = node;
	return 0;
}

/*
 * Shortcuts away from the root and the tables' halves of WeakMap entries are not followed by the walk of dominators, nor
 * references to the root, where it began.
 */
static int left_out(const struct heap *h, uint32_t edge)
{
	if (heap_edge_type(h, edge) == EDGE_WEAK)
		return 0;
	return (h->edge_type[edge] & EDGE_NEVER) || h->edge_to[edge] == h->root;
}

static int reach_from(struct flood *f, uint32_t node, int all, struct err *e)
{
	const struct heap *h = f->h;

	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (all ? heap_edge_type(h, i) != EDGE_WEAK && reach(f, h->edge_to[i], e)
			: left_out(h, i) && reach(f, h->edge_to[i], e))
			return e->kind;
	return 0;
}

/* A page that begins at the root is no file V8 writes, but DevTools' rules say what it is. */
static int root_is_seed(const struct heap *h)
{
	for (uint32_t i = h->first_edge[h->root]; i < h->first_edge[h->root + 1]; i++)
		if (h->edge_to[i] == h->root && heap_is_page_seed(h, i))
			return 1;
	return 0;
}

static int flood(struct flood *f, struct err *e)
{
	if (root_is_seed(f->h) && reach(f, f->h->root, e))
		return e->kind;
	for (size_t word = 0; word <= f->h->n_nodes / 64; word++)
		for (uint64_t left = f->detours[word] & f->h->page[word]; left; left &= left - 1)
			if (reach_from(f, (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left), 0, e))
				return e->kind;
	while (f->n)
		if (reach_from(f, f->stack[--f->n], 1, e))
			return e->kind;
	return 0;
}

int heap_complete_page(struct heap *h, const uint64_t *detours, struct err *e)
{
	struct flood f = { .h = h, .detours = detours };
	int rc = flood(&f, e);

	mem_free(&h->run->mem, f.stack);
	return rc;
}
