/* Sources of edges by target, for all edges that may carry domination. Counting sort by target. */
#include <string.h>

#include "analyzer/heap_passes.h"

static void count(const struct heap *h, uint32_t *first)
{
	for (uint32_t i = 0; i < h->n_edges; i++)
		if (!(h->edge_type[i] & EDGE_NEVER))
			first[h->edge_to[i]]++;
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
	uint32_t sum = 0;

	out->first = mem_alloc(m, (size_t)h->n_nodes + 1, 4, e);
	if (!out->first)
		return e->kind;
	count(h, out->first);
	for (uint32_t v = 0; v <= h->n_nodes; v++) {
		uint32_t n = v < h->n_nodes ? out->first[v] : 0;

		out->first[v] = sum;
		sum += n;
	}
	out->source = mem_alloc(m, (size_t)sum + 1, 4, e);
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
