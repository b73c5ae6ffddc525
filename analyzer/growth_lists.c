/* Chains of objects of one kind that hold each other: lists, rings, queues. They grow at an end, but it is the whole that grows. */
#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"

/* Least elements of a chain that make a list. */
#define LIST_LENGTH 8

uint32_t growing_heaviest_child(const struct growing *g, uint32_t node)
{
	const struct heap *h = g->h;
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos], best = NO_NODE;

	for (uint32_t p = pos + 1; p < end;) {
		uint32_t v = h->tree_order[p];

		if (ref_is_transparent(h, v)) {
			p++;
			continue;
		}
		if (fresh_is(&g->fresh, v) && (best == NO_NODE || h->retained[v] > h->retained[best]))
			best = v;
		p += h->tree_size[p];
	}
	return best;
}

uint32_t growing_list_holder(const struct heap *h, uint32_t holder, uint32_t first)
{
	if (holder == h->root || h->type[holder] == NODE_SYNTHETIC || ref_is_context(h, holder))
		return first;
	return ref_object(h, holder);
}

int growing_starts_list(const struct growing *g, uint32_t node)
{
	const struct heap *h = g->h;
	uint32_t child = growing_heaviest_child(g, node), next = NO_NODE;

	for (unsigned n = 0; n < LIST_LENGTH; n++) {
		next = child == NO_NODE ? NO_NODE : growing_heaviest_child(g, child);
		if (next == NO_NODE || (h->class_[child] != h->class_[node] && h->class_[next] != h->class_[node]))
			return 0;
		node = child;
		child = next;
	}
	return 1;
}

/* The object by which the node is found, seen through backing stores. */
static uint32_t found_through(const struct heap *h, uint32_t node)
{
	do
		node = heap_edge_source(h, h->parent_edge[node]);
	while (ref_is_transparent(h, node) && h->parent_edge[node] != NO_EDGE);
	return node;
}

/* The element of a list that follows `node` when one comes from `before`, or NO_NODE. */
static uint32_t next_element(const struct heap *h, uint32_t node, uint32_t before)
{
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (heap_edge_type(h, i) == EDGE_PROPERTY && h->class_[to] == h->class_[node] && to != before && to != node)
			return to;
	}
	return NO_NODE;
}

static int begins_list(const struct heap *h, uint32_t node)
{
	uint32_t before = NO_NODE;

	for (unsigned n = 0; n < LIST_LENGTH; n++) {
		uint32_t next = next_element(h, node, before);

		if (next == NO_NODE)
			return 0;
		before = node;
		node = next;
	}
	return 1;
}

struct growing_holder growing_holder_of(const struct growing *g, uint32_t node)
{
	struct growing_holder alone = { .owner = node, .head = node };
	const struct heap *h = g->h;
	uint32_t class = h->class_[node], first = node, up;
	unsigned steps = 0;

	for (; h->parent_edge[first] != NO_EDGE; first = up, steps++) {
		up = found_through(h, first);
		if (h->class_[up] == class)
			continue;
		if (steps < LIST_LENGTH && !(g->groups && h->type[node] == NODE_OBJECT && begins_list(h, node)))
			break;
		return (struct growing_holder){ .owner = ref_object(h, up), .head = growing_list_holder(h, up, first),
						.element = node, .listed = 1 };
	}
	return alone;
}

/* By what the owner itself refers to. */
static int gets_elements(const struct growing *g, uint32_t owner, uint32_t element)
{
	const struct heap *h = g->h;
	uint64_t elements = 0, others = 0;

	for (uint32_t i = h->first_edge[owner]; i < h->first_edge[owner + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (fresh_is(&g->fresh, to) && growing_essential(h, owner, i))
			*(h->class_[to] == h->class_[element] ? &elements : &others) += h->retained[to];
	}
	return elements > others;
}

int growing_same_list(const struct growing *g, const struct growing_holder *a, const struct growing_holder *b)
{
	const struct growing_holder *list = a->listed ? a : b;

	return a->owner == b->owner && a->listed != b->listed && gets_elements(g, list->owner, list->element);
}
