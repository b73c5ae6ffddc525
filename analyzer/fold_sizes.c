/*
 * DevTools: calculateShallowSizes. A hidden or array node that exactly one other object reaches (through hidden and
 * array nodes only) gives its size to that object: an Array then weighs what its elements store weighs.
 *
 * Only foldable nodes can change owner, so only they enter the work list, and edges to others are dropped by one bit
 * test. Each foldable node changes at most twice (unset, one owner, many), which bounds the work by O(edges).
 */
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/bits.h"

#define UNSET UINT32_MAX
#define MANY (UINT32_MAX - 1)

struct fold {
	struct heap *h;
	struct ranked_bits foldable;
	uint32_t *owner;   /* by rank among the foldable nodes */
	uint32_t *stack;   /* nodes to pass their owner on; each at most once at a time */
	uint32_t n_stack;
	uint64_t *stacked; /* by rank */
};

static int is_foldable(const struct heap *h, uint32_t node)
{
	if (h->type[node] == NODE_HIDDEN || h->type[node] == NODE_ARRAY)
		return 1;
	return h->type[node] == NODE_NATIVE && str_is(heap_name(h, node), "system / ExternalStringData");
}

static void push(struct fold *f, uint32_t node, uint32_t rank)
{
	if (bit_get(f->stacked, rank))
		return;
	bit_set(f->stacked, rank);
	f->stack[f->n_stack++] = node;
}

static void claim(struct fold *f, uint32_t from, uint32_t owner)
{
	const struct heap *h = f->h;

	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
		uint32_t to = h->edge_to[i], r;

		if (!bit_get(f->foldable.bits, to) || heap_edge_type(h, i) == EDGE_WEAK)
			continue;
		r = ranked_bits_rank(&f->foldable, to);
		if (f->owner[r] == UNSET)
			f->owner[r] = owner;
		else if (f->owner[r] != owner && f->owner[r] != MANY)
			f->owner[r] = MANY;
		else
			continue;
		push(f, to, r);
	}
}

static void spread(struct fold *f)
{
	const struct heap *h = f->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (!bit_get(f->foldable.bits, v))
			claim(f, v, v);
	}
	while (f->n_stack) {
		uint32_t v = f->stack[--f->n_stack], r = ranked_bits_rank(&f->foldable, v);

		bit_clear(f->stacked, r);
		claim(f, v, f->owner[r]);
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
	uint32_t rank = 0;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t owner;

		if (!bit_get(f->foldable.bits, v))
			continue;
		owner = f->owner[rank++];
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

static int alloc_owners(struct fold *f, struct err *e)
{
	struct mem *m = &f->h->run->mem;
	size_t n = f->foldable.n;

	f->stacked = bits_alloc(f->h, n, e);
	f->owner = f->stacked ? mem_alloc(m, n, 4, e) : NULL;
	f->stack = f->owner ? mem_alloc(m, n, 4, e) : NULL;
	if (f->owner)
		memset(f->owner, 0xFF, n * 4);
	return f->stack ? 0 : e->kind;
}

static int fold(struct fold *f, struct err *e)
{
	struct heap *h = f->h;

	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (is_foldable(h, v))
			bit_set(f->foldable.bits, v);
	ranked_bits_index(&f->foldable, h->n_nodes);
	if (alloc_owners(f, e))
		return e->kind;
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
	rc = ranked_bits_alloc(&f.foldable, m, h->n_nodes, e) ? e->kind : fold(&f, e);
	ranked_bits_release(&f.foldable, m);
	mem_free(m, f.stacked);
	mem_free(m, f.owner);
	mem_free(m, f.stack);
	return rc;
}
