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
	uint64_t *met;          /* bit set of the nodes that have a distance: the hot test, and it fits the cache */
	int32_t *distance;
	uint32_t *parent_edge;
	uint32_t wanted;        /* the search ends when this node is met; NO_NODE: never */
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

static void meet(struct search *s, uint32_t node, int32_t distance, uint32_t edge)
{
	bit_set(s->met, node);
	s->distance[node] = distance;
	s->parent_edge[node] = edge;
	s->queue[s->n++] = node;
}

static void expand(struct search *s, uint32_t node, int32_t next)
{
	const struct heap *h = s->h;
	uint32_t end = h->first_edge[node + 1];
	int filtered = has_filter(s, node);

	for (uint32_t i = h->first_edge[node]; i < end; i++) {
		uint32_t to = h->edge_to[i];

		if (bit_get(s->met, to) || heap_edge_type(h, i) == EDGE_WEAK)
			continue;
		if (filtered && node_filter_refuses(s, node, i))
			continue;
		if ((h->edge_type[i] & EDGE_EPHEMERON) && first_half(s, i))
			continue;
		meet(s, to, next, i);
	}
}

static int is_over(const struct search *s)
{
	return s->wanted != NO_NODE && bit_get(s->met, s->wanted);
}

/* From what is in the queue, all of it at one distance. */
static void search(struct search *s, int32_t distance)
{
	const struct heap *h = s->h;
	uint32_t farther = 0; /* where the nodes of the next distance begin */

	for (uint32_t head = 0; head < s->n && !is_over(s); head++) {
		if (head == farther) {
			farther = s->n;
			distance++;
		}
		if (head + AHEAD < s->n) {
			uint32_t far = s->queue[head + AHEAD], near = s->queue[head + AHEAD / 2];

			__builtin_prefetch(&h->first_edge[far]);
			__builtin_prefetch(&h->type[far]);
			__builtin_prefetch(&h->edge_to[h->first_edge[near]]);
			__builtin_prefetch(&h->edge_type[h->first_edge[near]]);
		}
		expand(s, s->queue[head], distance);
	}
}

static void start_at_user_roots(struct search *s)
{
	const struct heap *h = s->h;

	for (uint32_t i = h->first_edge[h->root]; i < h->first_edge[h->root + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (heap_is_user_root(h, to) && !bit_get(s->met, to))
			meet(s, to, 1, i);
	}
}

static void clear(struct search *s)
{
	memset(s->met, 0, (s->h->n_nodes / 64 + 1) * sizeof(*s->met));
	for (uint32_t v = 0; v < s->h->n_nodes; v++) {
		s->distance[v] = DISTANCE_NONE;
		s->parent_edge[v] = NO_EDGE;
	}
}

static void measure(struct search *s)
{
	const struct heap *h = s->h;
	int32_t distance = h->has_user_roots ? DISTANCE_SYSTEM : 0;

	start_at_user_roots(s);
	search(s, 1);
	if (is_over(s))
		return;
	/* the root may have been reached itself; DevTools overwrites that */
	s->n = 0;
	meet(s, h->root, distance, NO_EDGE);
	search(s, distance);
}

static void find_names(struct search *s)
{
	s->native_context = heap_find_string(s->h, "system / NativeContext");
	s->map_descriptors = heap_find_string(s->h, "(map descriptors)");
}

int heap_distances(struct heap *h, const struct ephemerons *x, struct err *e)
{
	struct search s = { .h = h, .eph = x, .wanted = NO_NODE };
	struct mem *m = &h->run->mem;

	find_names(&s);
	s.pending = bits_alloc(h, x->n_pairs, e);
	s.met = s.pending ? bits_alloc(h, h->n_nodes, e) : NULL;
	h->distance = s.met ? mem_alloc_dirty(m, h->n_nodes, 4, e) : NULL;
	h->parent_edge = h->distance ? mem_alloc_dirty(m, h->n_nodes, 4, e) : NULL;
	s.queue = h->parent_edge ? mem_alloc_dirty(m, h->n_nodes, 4, e) : NULL;
	s.distance = h->distance;
	s.parent_edge = h->parent_edge;
	if (s.queue) {
		clear(&s);
		measure(&s);
	}
	mem_free(m, s.queue);
	mem_free(m, s.met);
	mem_free(m, s.pending);
	return s.queue ? 0 : e->kind;
}

int heap_detour_init(struct heap *h, struct heap_detour *d, struct err *e)
{
	struct mem *m = &h->run->mem;

	*d = (struct heap_detour){ .h = h };
	if (ephemerons_find(h, &d->eph, e))
		return e->kind;
	d->pending = bits_alloc(h, d->eph.n_pairs, e);
	d->met = d->pending ? bits_alloc(h, h->n_nodes, e) : NULL;
	d->distance = d->met ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	d->parent_edge = d->distance ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	d->queue = d->parent_edge ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	if (d->queue)
		return 0;
	heap_detour_release(d);
	return e->kind;
}

void heap_detour_release(struct heap_detour *d)
{
	struct mem *m = &d->h->run->mem;

	mem_free(m, d->queue);
	mem_free(m, d->parent_edge);
	mem_free(m, d->distance);
	mem_free(m, d->met);
	mem_free(m, d->pending);
	ephemerons_release(d->h, &d->eph);
}

int heap_detour_find(struct heap_detour *d, const uint32_t *avoid, size_t n, uint32_t node)
{
	struct search s = { .h = d->h, .eph = &d->eph, .pending = d->pending, .met = d->met,
			    .distance = d->distance, .parent_edge = d->parent_edge, .queue = d->queue,
			    .wanted = node };

	find_names(&s);
	memset(d->pending, 0, (d->eph.n_pairs / 64 + 1) * sizeof(*d->pending));
	clear(&s);
	/* a node that looks met already is never entered */
	for (size_t i = 0; i < n; i++)
		bit_set(s.met, avoid[i]);
	measure(&s);
	return bit_get(s.met, node);
}
