#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"

/* Sums of `rest` over the subtrees of the dominator tree, by position. */
static int64_t *sum_subtrees(const struct growing *g, struct err *e)
{
	const struct heap *h = g->h;
	int64_t *sum = mem_alloc(g->ledger.mem, h->n_nodes, sizeof(*sum), e);

	if (!sum)
		return NULL;
	for (size_t i = 0; i < g->ledger.n; i++)
		sum[h->tree_pos[g->ledger.all[i].node]] += g->ledger.all[i].rest;
	for (uint32_t pos = h->n_nodes - 1; pos > 0; pos--)
		sum[h->tree_pos[h->idom[h->tree_order[pos]]]] += sum[pos];
	return sum;
}

static uint32_t heaviest_child(const struct heap *h, const int64_t *sum, uint32_t pos)
{
	uint32_t best = NO_NODE, end = pos + h->tree_size[pos];

	for (uint32_t p = pos + 1; p < end; p += h->tree_size[p])
		if (best == NO_NODE || sum[p] > sum[best])
			best = p;
	return best;
}

static uint32_t descend(const struct heap *h, const int64_t *sum)
{
	uint32_t pos = 0;

	for (;;) {
		uint32_t child = heaviest_child(h, sum, pos);

		if (child == NO_NODE || sum[child] / 7 < sum[pos] / 10)
			return pos;
		pos = child;
	}
}

/* In a tree of one class the walk ends somewhere; its first node is the one to name. */
static uint32_t first_of_kind(const struct heap *h, uint32_t node)
{
	node = ref_object(h, node);
	while (node != h->root && h->class_[ref_object(h, h->idom[node])] == h->class_[node])
		node = ref_object(h, h->idom[node]);
	return node;
}

int growing_spread(struct growing *g, uint32_t *node, int64_t *bytes, struct err *e)
{
	const struct heap *h = g->h;
	int64_t *sum = sum_subtrees(g, e);
	uint32_t pos;

	*node = NO_NODE;
	if (!sum)
		return e->kind;
	pos = descend(h, sum);
	*bytes = sum[pos];
	if (h->type[h->tree_order[pos]] == NODE_OBJECT)
		*node = first_of_kind(h, h->tree_order[pos]);
	mem_free(g->ledger.mem, sum);
	return 0;
}
