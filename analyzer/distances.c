/*
 * DevTools: calculateDistances and its filter. Breadth-first from the user roots, then from the root over what is left.
 * The edge by which a node was found is kept: it makes a shortest way from the root for every node.
 */
#include <string.h>

#include "analyzer/heap_passes.h"

#define AHEAD 8

struct search {
	struct heap *h;
	const struct ephemerons *eph;
	uint64_t *pending;      /* pairs whose first half was met */
	uint32_t native_context, map_descriptors; /* string numbers of the names that have a filter */
	uint32_t *queue;
	uint32_t n;
};

/* What JavaScript's parseInt() would make of the name; 0 when that is NaN. */
static int leading_number(struct str s, int64_t *out)
{
	size_t i = 0;
	int negative = 0;
	int64_t v = 0;
	size_t digits;

	while (i < s.n && (s.s[i] == ' ' || (s.s[i] >= '\t' && s.s[i] <= '\r')))
		i++;
	if (i < s.n && (s.s[i] == '+' || s.s[i] == '-'))
		negative = s.s[i++] == '-';
	for (digits = i; i < s.n && s.s[i] >= '0' && s.s[i] <= '9'; i++)
		if (v < INT64_MAX / 16)
			v = v * 10 + (s.s[i] - '0');
	*out = negative ? -v : v;
	return i > digits;
}

static int edge_number(const struct heap *h, uint32_t edge, int64_t *out)
{
	if (!heap_edge_indexed(h, edge))
		return leading_number(heap_string(h, h->edge_name[edge]), out);
	*out = h->edge_name[edge];
	return 1;
}

/*
 * A map's descriptor array (old V8) is entered at its keys only; a native context's sloppy_function_map not at all.
 * `filtered` says that the node has such a filter.
 */
static int node_filter_refuses(const struct search *s, uint32_t node, uint32_t edge)
{
	const struct heap *h = s->h;
	int64_t k;

	if (h->type[node] == NODE_HIDDEN)
		return !heap_edge_indexed(h, edge) && str_is(heap_string(h, h->edge_name[edge]), "sloppy_function_map");
	return edge_number(h, edge, &k) && k >= 2 && k % 3 == 1;
}

/* The first half of a WeakMap entry waits, the second lets the value be found: it is as far as both its holders. */
static int first_half(struct search *s, uint32_t edge)
{
	uint32_t pair = s->eph->pair[ephemerons_index(s->eph, s->h->edge_name[edge])];

	s->pending[pair >> 6] ^= (uint64_t)1 << (pair & 63);
	return bit_get(s->pending, pair);
}

static int has_filter(const struct search *s, uint32_t node)
{
	uint8_t t = s->h->type[node];

	return (t == NODE_HIDDEN && s->h->name[node] == s->native_context) ||
	       (t == NODE_ARRAY && s->h->name[node] == s->map_descriptors);
}

static void expand(struct search *s, uint32_t node)
{
	struct heap *h = s->h;
	uint32_t end = h->first_edge[node + 1];
	int32_t next = h->distance[node] + 1;
	int filtered = has_filter(s, node);

	for (uint32_t i = h->first_edge[node]; i < end; i++) {
		uint32_t to = h->edge_to[i];

		if (h->distance[to] != DISTANCE_NONE || heap_edge_type(h, i) == EDGE_WEAK)
			continue;
		if (filtered && node_filter_refuses(s, node, i))
			continue;
		if ((h->edge_type[i] & EDGE_EPHEMERON) && first_half(s, i))
			continue;
		h->distance[to] = next;
		h->parent_edge[to] = i;
		s->queue[s->n++] = to;
	}
}

static void search(struct search *s)
{
	const struct heap *h = s->h;

	for (uint32_t head = 0; head < s->n; head++) {
		if (head + AHEAD < s->n) {
			uint32_t far = s->queue[head + AHEAD], near = s->queue[head + AHEAD / 2];

			__builtin_prefetch(&h->first_edge[far]);
			__builtin_prefetch(&h->edge_to[h->first_edge[near]]);
			__builtin_prefetch(&h->edge_type[h->first_edge[near]]);
		}
		expand(s, s->queue[head]);
	}
}

static void start_at_user_roots(struct search *s)
{
	struct heap *h = s->h;

	for (uint32_t i = h->first_edge[h->root]; i < h->first_edge[h->root + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (!heap_is_user_root(h, to) || h->distance[to] == 1)
			continue;
		h->distance[to] = 1;
		h->parent_edge[to] = i;
		s->queue[s->n++] = to;
	}
}

static void measure(struct search *s)
{
	struct heap *h = s->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		h->distance[v] = DISTANCE_NONE;
		h->parent_edge[v] = NO_EDGE;
	}
	start_at_user_roots(s);
	search(s);
	/* the root may have been reached itself; DevTools overwrites that */
	h->distance[h->root] = h->has_user_roots ? DISTANCE_SYSTEM : 0;
	h->parent_edge[h->root] = NO_EDGE;
	s->queue[0] = h->root;
	s->n = 1;
	search(s);
}

int heap_distances(struct heap *h, const struct ephemerons *x, struct err *e)
{
	struct search s = { .h = h, .eph = x };
	struct mem *m = &h->run->mem;

	s.native_context = heap_find_string(h, "system / NativeContext");
	s.map_descriptors = heap_find_string(h, "(map descriptors)");
	s.pending = bits_alloc(h, x->n_pairs, e);
	h->distance = s.pending ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	h->parent_edge = h->distance ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	s.queue = h->parent_edge ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	if (s.queue)
		measure(&s);
	mem_free(m, s.queue);
	mem_free(m, s.pending);
	return s.queue ? 0 : e->kind;
}
