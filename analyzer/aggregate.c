/* Class rows and statistics. DevTools: buildAggregates, calculateClassesRetainedSize, calculateStatistics. */
#include <string.h>

#include "analyzer/heap_passes.h"

#define AHEAD 16 /* nodes in tree order lie apart in memory */

static void count_member(struct heap *h, uint32_t v)
{
	uint64_t self = heap_self(h, v);
	struct heap_class *c = &h->classes[h->class_[v]];

	if (!self)
		return;
	if (!c->count || h->distance[v] < c->distance)
		c->distance = h->distance[v];
	c->count++;
	c->self_bytes += self;
}

/*
 * A class retains what its outermost members retain: a member under another member of its class (in the dominator tree)
 * is in that one's size already. Subtrees are runs of positions, so "under a member" is "before the end of its run".
 */
static void sum_retained(struct heap *h, uint32_t *covered_until)
{
	for (uint32_t pos = 0; pos < h->n_nodes; pos++) {
		uint32_t v = h->tree_order[pos], c = h->class_[v];

		if (pos + AHEAD < h->n_nodes) {
			__builtin_prefetch(&h->class_[h->tree_order[pos + AHEAD]]);
			__builtin_prefetch(&h->self.lo[h->tree_order[pos + AHEAD]]);
		}
		if (pos < covered_until[c] || !heap_self(h, v))
			continue;
		h->classes[c].retained_bytes += h->retained[v];
		covered_until[c] = pos + h->tree_size[pos];
	}
}

static void state_totals(struct heap *h)
{
	struct heap_stats *s = &h->stats;

	s->total_bytes = h->retained[h->root] + h->extra_native_bytes;
	s->v8_bytes = s->total_bytes - s->native_bytes;
}

int heap_sum_retained(struct heap *h, struct err *e)
{
	uint32_t *covered_until = mem_alloc(&h->run->mem, h->n_classes + 1, 4, e);

	if (!covered_until)
		return e->kind;
	sum_retained(h, covered_until);
	mem_free(&h->run->mem, covered_until);
	state_totals(h);
	return 0;
}

/* The elements store of an Array, or NO_NODE. */
static uint32_t store_of(const struct heap *h, uint32_t v, uint32_t elements)
{
	for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_INTERNAL && h->edge_name[i] == elements)
			return h->edge_to[i];
	return NO_NODE;
}

static void add_node(struct heap *h, uint32_t v, struct heap_stats *s, uint32_t typed_array)
{
	uint64_t self = heap_self(h, v);

	switch (h->type[v]) {
	case NODE_HIDDEN:
		s->system_bytes += self;
		break;
	case NODE_NATIVE:
		s->native_bytes += self;
		if (h->name[v] == typed_array)
			s->typed_array_bytes += self;
		break;
	case NODE_CODE:
		s->code_bytes += self;
		break;
	case NODE_STRING:
	case NODE_CONS_STRING:
	case NODE_SLICED_STRING:
		s->string_bytes += self;
		break;
	default:
		break;
	}
}

static int takes_part_in_arrays(uint8_t type)
{
	return type != NODE_HIDDEN && type != NODE_NATIVE && type != NODE_CODE && type != NODE_STRING &&
	       type != NODE_CONS_STRING && type != NODE_SLICED_STRING;
}

/* Arrays with those of their stores that no other reference leads to. Most are folded into their Array and have no size left. */
static void add_arrays(struct heap *h, uint32_t array_name, uint32_t elements)
{
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t store;

		if (h->name[v] != array_name || !takes_part_in_arrays(h->type[v]))
			continue;
		h->stats.js_array_bytes += heap_self(h, v);
		store = store_of(h, v, elements);
		if (store != NO_NODE && !bit_get(h->shared, store))
			h->stats.js_array_bytes += heap_self(h, store);
	}
}

void heap_count_nodes(struct heap *h)
{
	uint32_t array_name = heap_find_string(h, "Array"), elements = heap_find_string(h, "elements");
	uint32_t typed_array = heap_find_string(h, "system / JSArrayBufferData");
	struct heap_stats *s = &h->stats;

	s->native_bytes = h->extra_native_bytes;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		count_member(h, v);
		add_node(h, v, s, typed_array);
	}
	if (array_name != NO_STRING)
		add_arrays(h, array_name, elements);
}
