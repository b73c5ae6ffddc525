#include "analyzer/ways.h"

#include <string.h>

#include "analyzer/heap_passes.h"
#include "analyzer/refs.h"

static int dominates(const struct heap *h, uint32_t a, uint32_t b)
{
	uint32_t from = h->tree_pos[a], at = h->tree_pos[b];

	return at >= from && at - from < h->tree_size[from];
}

/*
 * Up from the object: the first that not all ways pass. A backing store counts as the object it belongs to, unless all ways
 * pass that.
 */
static uint32_t find_holder(const struct heap *h, const struct way *w)
{
	uint32_t node = w->node[w->n - 1], store = NO_NODE;

	for (size_t i = w->n - 1; i-- > 1;) {
		uint32_t v = w->node[i];
		int on_all_ways = dominates(h, v, node);

		if (!on_all_ways && !ref_is_transparent(h, v))
			return v;
		if (on_all_ways && store != NO_NODE)
			break;
		if (!on_all_ways && store == NO_NODE)
			store = v;
	}
	return store;
}

/* What holds the object on its only way. */
static uint32_t nearest_object(const struct heap *h, const struct way *w)
{
	for (size_t i = w->n - 1; i-- > 0;)
		if (!ref_is_transparent(h, w->node[i]))
			return w->node[i];
	return h->root;
}

static int copy_way(struct ways *out, const struct heap_detour *d, uint32_t node, struct err *e)
{
	const struct heap *h = d->h;
	struct way *w = &out->all[out->n];
	uint32_t v = node;

	*w = (struct way){ .n = 1 };
	for (; v != h->root && d->parent_edge[v] != NO_EDGE; v = heap_edge_source(h, d->parent_edge[v]))
		w->n++;
	w->node = mem_alloc(out->mem, w->n, sizeof(*w->node), e);
	w->edge = w->node ? mem_alloc(out->mem, w->n, sizeof(*w->edge), e) : NULL;
	if (!w->edge) {
		mem_free(out->mem, w->node);
		return e->kind;
	}
	out->n++;
	v = node;
	for (size_t i = w->n; i--;) {
		w->node[i] = v;
		w->edge[i] = i ? d->parent_edge[v] : NO_EDGE;
		if (i)
			v = heap_edge_source(h, d->parent_edge[v]);
	}
	return 0;
}

/* What the next way must not enter. */
struct avoided {
	uint32_t *node;
	size_t n, capacity;
};

static int avoid(struct avoided *a, struct mem *m, uint32_t node, struct err *e)
{
	void *all = a->node;

	if (mem_reserve(m, &all, &a->capacity, a->n + 1, sizeof(*a->node), e))
		return e->kind;
	a->node = all;
	a->node[a->n++] = node;
	return 0;
}

static int same_text(const struct heap *h, uint32_t a, uint32_t b)
{
	return a == b || str_eq(heap_string(h, a), heap_string(h, b));
}

static int same_field(const struct heap *h, uint32_t a, uint32_t b)
{
	if (heap_edge_type(h, a) != heap_edge_type(h, b))
		return 0;
	if (heap_edge_indexed(h, a) || same_text(h, h->edge_name[a], h->edge_name[b]))
		return 1;
	return ref_is_slot(heap_string(h, h->edge_name[a])) && ref_is_slot(heap_string(h, h->edge_name[b]));
}

/* All functions are of one class: their names and places tell them apart. */
static int same_kind(const struct heap *h, uint32_t a, uint32_t b)
{
	if (h->class_[a] != h->class_[b] || (h->place && h->place[a] != h->place[b]))
		return 0;
	return h->type[a] != NODE_CLOSURE || same_text(h, h->name[a], h->name[b]);
}

/* The edge by which the holder stands in the way. */
static uint32_t edge_below(const struct way *w)
{
	size_t i = 0;

	while (w->node[i] != w->holder)
		i++;
	return w->edge[i + 1];
}

/* The holder, and what holds the same by the same field; not what all ways pass, since that would end them. */
static int avoid_alike(struct avoided *a, const struct heap *h, struct way *w, struct err *e)
{
	uint32_t edge = edge_below(w), below = h->edge_to[edge], node = w->node[w->n - 1];
	size_t before = a->n;

	if (avoid(a, &h->run->mem, w->holder, e))
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (v == w->holder || !same_kind(h, v, w->holder))
			continue;
		for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++) {
			if (h->edge_to[i] != below || !same_field(h, i, edge) || dominates(h, v, node) || v == node)
				continue;
			if (avoid(a, &h->run->mem, v, e))
				return e->kind;
			break;
		}
	}
	w->n_alike = a->n - before;
	return 0;
}

static int search(struct ways *out, struct heap_detour *d, struct avoided *a, uint32_t node, size_t max, struct err *e)
{
	while (out->n < max) {
		struct way *w = &out->all[out->n];

		if (run_tick(d->h->run, "ways", out->n, max, e))
			return e->kind;
		if (!heap_detour_find(d, a->node, a->n, node))
			break;
		if (copy_way(out, d, node, e))
			return e->kind;
		w->holder = find_holder(d->h, w);
		w->n_alike = 1;
		if (w->holder == NO_NODE) {
			w->holder = nearest_object(d->h, w);
			out->complete = 1;
			return 0;
		}
		if (avoid_alike(a, d->h, w, e))
			return e->kind;
	}
	out->complete = out->n < max || !heap_detour_find(d, a->node, a->n, node);
	return 0;
}

int ways_find(struct ways *out, struct heap *h, uint32_t node, size_t max, struct err *e)
{
	struct heap_detour d;
	struct avoided avoided = { 0 };
	int rc;

	*out = (struct ways){ .mem = &h->run->mem };
	if (node == h->root) {
		out->complete = 1;
		return 0;
	}
	if (heap_detour_init(h, &d, e))
		return e->kind;
	rc = search(out, &d, &avoided, node, max < WAYS_MAX ? max : WAYS_MAX, e);
	mem_free(&h->run->mem, avoided.node);
	heap_detour_release(&d);
	if (rc)
		ways_release(out);
	return rc;
}

void ways_release(struct ways *w)
{
	for (size_t i = 0; i < w->n; i++) {
		mem_free(w->mem, w->all[i].node);
		mem_free(w->mem, w->all[i].edge);
	}
	memset(w, 0, sizeof(*w));
}
