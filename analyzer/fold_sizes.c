/*
 * DevTools: calculateShallowSizes. A hidden or array node that exactly one other object reaches (through hidden and
 * array nodes only) gives its size to that object: an Array then weighs what its elements store weighs.
 *
 * Only foldable nodes can change owner, so only they enter the work list, and edges to others are dropped by one bit
 * test. Each foldable node changes at most twice (unset, one owner, many), which bounds the work by O(edges).
 */
#include "analyzer/heap_passes.h"

#define UNSET UINT32_MAX
#define MANY (UINT32_MAX - 1)

struct fold {
	struct heap *h;
	uint64_t *foldable;
	uint32_t *owner;  /* of foldable nodes */
	uint32_t *stack;
	uint32_t n_stack;
	uint64_t *stacked;
};

static int is_foldable(const struct heap *h, uint32_t node)
{
	if (h->type[node] == NODE_HIDDEN || h->type[node] == NODE_ARRAY)
		return 1;
	return h->type[node] == NODE_NATIVE && str_is(heap_name(h, node), "system / ExternalStringData");
}

static void push(struct fold *f, uint32_t node)
{
	if (bit_get(f->stacked, node))
		return;
	bit_set(f->stacked, node);
	f->stack[f->n_stack++] = node;
}

static void claim(struct fold *f, uint32_t from, uint32_t owner)
{
	const struct heap *h = f->h;

	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (!bit_get(f->foldable, to) || heap_edge_type(h, i) == EDGE_WEAK)
			continue;
		if (f->owner[to] == UNSET)
			f->owner[to] = owner;
		else if (f->owner[to] != owner && f->owner[to] != MANY)
			f->owner[to] = MANY;
		else
			continue;
		push(f, to);
	}
}

static void spread(struct fold *f)
{
	const struct heap *h = f->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (!bit_get(f->foldable, v))
			claim(f, v, v);
	}
	while (f->n_stack) {
		uint32_t v = f->stack[--f->n_stack];

		f->stacked[v >> 6] &= ~((uint64_t)1 << (v & 63));
		claim(f, v, f->owner[v]);
	}
}

static int add_self(struct heap *h, uint32_t node, uint64_t bytes, struct err *e)
{
	uint64_t sum = heap_self(h, node) + bytes;

	h->self.lo[node] = (uint32_t)sum;
	if (!(sum >> 32))
		return 0;
	if (!h->self.hi)
		h->self.hi = mem_alloc(&h->run->mem, h->n_nodes, 4, e);
	if (!h->self.hi)
		return e->kind;
	h->self.hi[node] = (uint32_t)(sum >> 32);
	return 0;
}

static int move_sizes(struct fold *f, struct err *e)
{
	struct heap *h = f->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t owner;

		if (!bit_get(f->foldable, v))
			continue;
		owner = f->owner[v];
		if (owner == UNSET || owner == MANY || owner == h->root || h->type[owner] == NODE_SYNTHETIC)
			continue;
		if (add_self(h, owner, heap_self(h, v), e))
			return e->kind;
		h->self.lo[v] = 0;
		if (h->self.hi)
			h->self.hi[v] = 0;
	}
	return 0;
}

static int fold(struct fold *f, struct err *e)
{
	struct heap *h = f->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		f->owner[v] = UNSET;
		if (is_foldable(h, v))
			bit_set(f->foldable, v);
	}
	spread(f);
	return move_sizes(f, e);
}

int heap_fold_sizes(struct heap *h, struct err *e)
{
	struct fold f = { .h = h };
	struct mem *m = &h->run->mem;
	int rc;

	if (!h->has_user_roots)
		return 0;
	f.foldable = bits_alloc(h, h->n_nodes, e);
	f.stacked = f.foldable ? bits_alloc(h, h->n_nodes, e) : NULL;
	f.owner = f.stacked ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	f.stack = f.owner ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	rc = f.stack ? fold(&f, e) : e->kind;
	mem_free(m, f.foldable);
	mem_free(m, f.stacked);
	mem_free(m, f.owner);
	mem_free(m, f.stack);
	return rc;
}
