#include "analyzer/hubs.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/hash.h"

#define KEY_BYTES 64 /* names that anybody looks for are shorter; longer ones may share a key */

static uint64_t key_of(unsigned type, struct str name)
{
	return hash_add(hash_bytes(name.s, name.n < KEY_BYTES ? name.n : KEY_BYTES), (uint64_t)name.n << 8 | type);
}

static int is_number(struct str name)
{
	return name.n && name.s[0] >= '0' && name.s[0] <= '9';
}

static int by_key(const void *a, const void *b)
{
	const struct hub_edge *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->edge > y->edge) - (x->edge < y->edge);
}

static int add_edges(struct hub_index *x, const struct heap *h, uint32_t node, struct err *e)
{
	size_t from = x->n_edges;
	void *p = x->edges;

	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++) {
		struct str name;

		if (heap_edge_indexed(h, i))
			continue;
		name = heap_string(h, h->edge_name[i]);
		if (is_number(name))
			continue;
		if (mem_reserve(x->mem, &p, &x->edges_capacity, x->n_edges + 1, sizeof(*x->edges), e))
			return e->kind;
		x->edges = p;
		x->edges[x->n_edges++] = (struct hub_edge){ key_of(heap_edge_type(h, i), name), i };
	}
	if (x->n_edges > from)
		qsort(x->edges + from, x->n_edges - from, sizeof(*x->edges), by_key);
	return 0;
}

static int add_hub(struct hub_index *x, const struct heap *h, uint32_t node, struct err *e)
{
	void *nodes = x->node, *first = x->first;

	if (mem_reserve(x->mem, &nodes, &x->nodes_capacity, x->n + 1, sizeof(*x->node), e))
		return e->kind;
	x->node = nodes;
	if (mem_reserve(x->mem, &first, &x->first_capacity, x->n + 2, sizeof(*x->first), e))
		return e->kind;
	x->first = first;
	x->node[x->n] = node;
	x->first[x->n] = x->n_edges;
	if (add_edges(x, h, node, e))
		return e->kind;
	x->first[++x->n] = x->n_edges;
	return 0;
}

int hubs_build(struct hub_index *x, struct heap *h, const struct reverse_graph *g, struct err *e)
{
	x->mem = &h->run->mem;
	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (h->first_edge[v + 1] - h->first_edge[v] > HUB_DEGREE && g->count[v] > HUB_DEGREE &&
		    add_hub(x, h, v, e))
			return e->kind;
	return 0;
}

void hubs_release(struct hub_index *x)
{
	if (!x->mem)
		return;
	mem_free(x->mem, x->node);
	mem_free(x->mem, x->first);
	mem_free(x->mem, x->edges);
	memset(x, 0, sizeof(*x));
}

static int find_hub(const struct hub_index *x, uint32_t node, size_t *hub)
{
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->node[mid] < node)
			low = mid + 1;
		else
			high = mid;
	}
	*hub = low;
	return low < x->n && x->node[low] == node;
}

int hubs_find(const struct heap *h, uint32_t node, unsigned type, struct str name, uint32_t *edge)
{
	const struct hub_index *x = &h->hubs;
	uint64_t key;
	size_t low, high, hub;

	if (h->first_edge[node + 1] - h->first_edge[node] <= HUB_DEGREE || is_number(name) || !find_hub(x, node, &hub))
		return 0;
	key = key_of(type, name);
	for (low = x->first[hub], high = x->first[hub + 1]; low < high;) {
		size_t mid = low + (high - low) / 2;

		if (x->edges[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	*edge = NO_EDGE;
	for (; low < x->first[hub + 1] && x->edges[low].key == key && *edge == NO_EDGE; low++)
		if (heap_edge_type(h, x->edges[low].edge) == type &&
		    str_eq(heap_string(h, h->edge_name[x->edges[low].edge]), name))
			*edge = x->edges[low].edge;
	return 1;
}
