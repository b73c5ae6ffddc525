/* Sources of edges by target, for all edges that may carry domination. Counting sort by target, and h->shared on the way. */
#include <string.h>

#include "analyzer/heap_passes.h"

/* `other`: the nodes that an edge leads to which does not carry; a second one makes a node shared at once. */
static void count(const struct heap *h, uint32_t *first, uint64_t *other)
{
	for (uint32_t i = 0; i < h->n_edges; i++) {
		uint32_t to = h->edge_to[i];

		if (!(h->edge_type[i] & EDGE_NEVER)) {
			first[to]++;
		} else if (bit_get(other, to)) {
			bit_set(h->shared, to);
		} else {
			bit_set(other, to);
		}
	}
}

/* Counts become beginnings; who is referred to more than once is known on the way. Returns the sum. */
static uint32_t sum_up(const struct heap *h, uint32_t *first, const uint64_t *other)
{
	uint32_t sum = 0;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t n = first[v];

		if (n + (uint32_t)bit_get(other, v) > 1)
			bit_set(h->shared, v);
		first[v] = sum;
		sum += n;
	}
	first[h->n_nodes] = sum;
	return sum;
}

/* After filling, first[v] is where v's sources end, which is where those of v + 1 began: shifted by one in the end. */
static void fill(const struct heap *h, uint32_t *first, uint32_t *source)
{
	for (uint32_t v = 0; v < h->n_nodes; v++)
		for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++)
			if (!(h->edge_type[i] & EDGE_NEVER))
				source[first[h->edge_to[i]]++] = v;
}

int reverse_graph_build(struct heap *h, struct reverse_graph *out, struct err *e)
{
	struct mem *m = &h->run->mem;
	uint64_t *other = bits_alloc(h, h->n_nodes, e);
	uint32_t sum;

	h->shared = other ? bits_alloc(h, h->n_nodes, e) : NULL;
	out->first = h->shared ? mem_alloc(m, (size_t)h->n_nodes + 1, 4, e) : NULL;
	if (out->first)
		count(h, out->first, other);
	sum = out->first ? sum_up(h, out->first, other) : 0;
	mem_free(m, other);
	out->source = out->first ? mem_alloc_dirty(m, (size_t)sum + 1, 4, e) : NULL;
	if (!out->source)
		return e->kind;
	fill(h, out->first, out->source);
	memmove(out->first + 1, out->first, (size_t)h->n_nodes * 4);
	out->first[0] = 0;
	return 0;
}

void reverse_graph_release(struct heap *h, struct reverse_graph *g)
{
	mem_free(&h->run->mem, g->first);
	mem_free(&h->run->mem, g->source);
	memset(g, 0, sizeof(*g));
}
