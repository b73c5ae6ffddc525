/*
 * DevTools: markPageOwnedNodes. Breadth-first over all but weak edges. The queue makes the next nodes known, so their
 * edges are fetched ahead: the walk is bound by memory latency.
 */
#include "analyzer/heap_passes.h"

#define AHEAD 8

int heap_is_user_root(const struct heap *h, uint32_t node)
{
	return h->type[node] != NODE_SYNTHETIC || str_is(heap_name(h, node), "(Document DOM trees)");
}

static int is_seed(const struct heap *h, uint32_t edge)
{
	enum edge_type t = heap_edge_type(h, edge);

	if (t == EDGE_SHORTCUT)
		return 1;
	return t == EDGE_ELEMENT && h->type[h->edge_to[edge]] == NODE_SYNTHETIC && heap_is_user_root(h, h->edge_to[edge]);
}

static void flood(const struct heap *h, uint64_t *page, uint32_t *queue, uint32_t n)
{
	for (uint32_t head = 0; head < n; head++) {
		uint32_t node = queue[head], end = h->first_edge[node + 1];

		if (head + AHEAD < n) {
			__builtin_prefetch(&h->first_edge[queue[head + AHEAD]]);
			__builtin_prefetch(&h->edge_to[h->first_edge[queue[head + AHEAD / 2]]]);
		}
		for (uint32_t i = h->first_edge[node]; i < end; i++) {
			uint32_t to = h->edge_to[i];

			if (bit_get(page, to) || heap_edge_type(h, i) == EDGE_WEAK)
				continue;
			bit_set(page, to);
			queue[n++] = to;
		}
	}
}

int heap_page_owned(struct heap *h, uint64_t **out, struct err *e)
{
	uint32_t *queue = mem_alloc(&h->run->mem, h->n_nodes, 4, e), n = 0;

	*out = queue ? bits_alloc(h, h->n_nodes, e) : NULL;
	if (!*out) {
		mem_free(&h->run->mem, queue);
		return e->kind;
	}
	for (uint32_t i = h->first_edge[h->root]; i < h->first_edge[h->root + 1]; i++) {
		if (!is_seed(h, i) || bit_get(*out, h->edge_to[i]))
			continue;
		bit_set(*out, h->edge_to[i]);
		queue[n++] = h->edge_to[i];
	}
	flood(h, *out, queue, n);
	mem_free(&h->run->mem, queue);
	return 0;
}
