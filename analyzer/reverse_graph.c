/*
 * Sources of edges by target, for targets of more than one edge that may carry domination, and h->shared on the way: a
 * counting sort by target. Counting needs nothing, placing the order of the depth-first walk, filling its numbers.
 */
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/pool.h"

#define AHEAD 16 /* nodes in the order of a walk lie apart in memory */

/* `other`: the nodes that an edge leads to which does not carry; a second one makes a node shared at once. */
static void count(const struct heap *h, uint32_t *count, uint64_t *other)
{
	for (uint32_t i = 0; i < h->n_edges; i++) {
		uint32_t to = h->edge_to[i];

		if (!(h->edge_type[i] & EDGE_NEVER)) {
			count[to]++;
		} else if (bit_get(other, to)) {
			bit_set(h->shared, to);
		} else {
			bit_set(other, to);
		}
	}
}

/* Who is referred to more than once is known now. `other` becomes the set of those that have a list. */
static void choose(const struct heap *h, struct reverse_graph *g, uint64_t *other)
{
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t n = g->count[v];

		if (n + (uint32_t)bit_get(other, v) > 1)
			bit_set(h->shared, v);
		if (n > 1) {
			bit_set(other, v);
			g->n_lists++;
			g->n_sources += n;
		} else {
			bit_clear(other, v);
		}
	}
}

int reverse_graph_count(struct heap *h, struct reverse_graph *g, struct err *e)
{
	g->listed = bits_alloc(h, h->n_nodes, e);
	h->shared = g->listed ? bits_alloc(h, h->n_nodes, e) : NULL;
	g->count = h->shared ? mem_alloc(&h->run->mem, h->n_nodes, 4, e) : NULL;
	if (!g->count)
		return e->kind;
	count(h, g->count, g->listed);
	choose(h, g, g->listed);
	return 0;
}

/* Lists follow each other in the order of the numbers; the counts become the places to fill next. */
static void place(struct reverse_graph *g, const uint32_t *vertex, uint32_t n)
{
	uint32_t sum = 0;

	g->n_lists = 0;
	for (uint32_t w = 0; w < n; w++) {
		uint32_t v = vertex[w], sources;

		if (w + AHEAD < n && bit_get(g->listed, vertex[w + AHEAD]))
			__builtin_prefetch(&g->count[vertex[w + AHEAD]], 1);
		if (!bit_get(g->listed, v))
			continue;
		sources = g->count[v];
		g->count[v] = sum;
		g->lists[g->n_lists++] = (struct source_list){ w, sum };
		sum += sources;
	}
	g->lists[g->n_lists] = (struct source_list){ n, sum };
}

/*
 * Each part goes over all edges and fills the lists of its share of the nodes, so the parts never meet. For two threads one
 * part is enough: the other thread has other passes to run meanwhile.
 */
#define PARTS 4

struct filling {
	const struct heap *h;
	const struct reverse_graph *g;
	const uint32_t *number;
	unsigned n_parts;
};

/* What does not carry takes its place in the list all the same: it was counted. */
static int fill_part(void *ctx, unsigned task, struct err *e)
{
	const struct filling *f = ctx;
	const struct heap *h = f->h;
	const uint64_t *listed = f->g->listed, *page = h->page;
	uint32_t *next = f->g->count, *source = f->g->source;
	uint32_t first = (uint32_t)((uint64_t)h->n_nodes * task / f->n_parts);
	uint32_t n = (uint32_t)((uint64_t)h->n_nodes * (task + 1) / f->n_parts) - first;

	(void)e;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		int from_page = bit_get(page, v) || v == h->root;

		for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++) {
			uint32_t to = h->edge_to[i];

			if (to - first < n && bit_get(listed, to) && !(h->edge_type[i] & EDGE_NEVER))
				source[next[to]++] = from_page || !bit_get(page, to) ? f->number[v] : UNNUMBERED;
		}
	}
	return 0;
}

int reverse_graph_fill(struct heap *h, struct reverse_graph *g, const uint32_t *vertex, const uint32_t *number,
		       const uint64_t *numbered, uint32_t n, struct err *e)
{
	struct mem *m = &h->run->mem;
	struct filling f = { h, g, number, h->run->jobs > 2 ? PARTS : 1 };

	for (size_t i = 0; i <= h->n_nodes / 64; i++)
		g->listed[i] &= numbered[i];
	g->lists = mem_alloc_dirty(m, (size_t)g->n_lists + 1, sizeof(*g->lists), e);
	g->source = g->lists ? mem_alloc_dirty(m, (size_t)g->n_sources + 1, 4, e) : NULL;
	if (!g->source)
		return e->kind;
	place(g, vertex, n);
	if (pool_run(h->run, f.n_parts, fill_part, &f, e))
		return e->kind;
	mem_free(m, g->count);
	g->count = NULL;
	return 0;
}

void reverse_graph_release(struct heap *h, struct reverse_graph *g)
{
	mem_free(&h->run->mem, g->listed);
	mem_free(&h->run->mem, g->count);
	mem_free(&h->run->mem, g->lists);
	mem_free(&h->run->mem, g->source);
	memset(g, 0, sizeof(*g));
}
