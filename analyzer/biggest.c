#include "analyzer/biggest.h"

#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define LEAST_OF_HEAP 1000
#define ROWS 50

#define GLOBAL_DISTANCE 1 /* of globals and windows, which hold the program as a whole */

#define NO_OBJECT SIZE_MAX

static const struct column columns[] = {
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

/* An object that may get a row. */
struct object {
	uint64_t bytes;
	uint32_t node, pos;
	int is_step; /* one object below it retains nearly all of it */
};

/* A position of the tree whose children are to be looked at, and the nearest object above them. */
struct visit {
	uint32_t pos;
	size_t above;
};

struct search {
	const struct heap *h;
	struct mem *mem;
	uint64_t least;
	struct visit *open;
	size_t n_open, open_capacity;
	struct object *objects;
	size_t n_objects, objects_capacity;
};

/*
 * How an object is stored: what it holds by itself and by an edge that the program did not write. What is in the store of a
 * Map has such edges, too, and is what the program put there.
 */
static int is_inner(const struct heap *h, uint32_t v)
{
	uint32_t up = h->idom[v], edge = h->parent_edge[v];

	return h->type[up] != NODE_SYNTHETIC && !ref_is_transparent(h, up) && edge != NO_EDGE && edge >= h->first_edge[up] &&
	       edge < h->first_edge[up + 1] && heap_edge_type(h, edge) == EDGE_INTERNAL;
}

static int is_object(const struct heap *h, uint32_t v)
{
	return h->type[v] != NODE_SYNTHETIC && h->type[v] != NODE_CODE && h->type[v] != NODE_SHAPE &&
	       !ref_is_transparent(h, v) && h->distance[v] != GLOBAL_DISTANCE && !is_inner(h, v);
}

/* One more link of a chain of one class: its nodes hold each other. */
static int is_link(const struct heap *h, uint32_t v)
{
	return h->class_[v] == h->class_[ref_object(h, h->idom[v])];
}

/* Take the object in if it is one; `above` becomes what its children have above them. */
static int take(struct search *s, uint32_t pos, size_t *above, struct err *e)
{
	uint32_t v = s->h->tree_order[pos];
	uint64_t bytes = s->h->retained[v];
	void *all = s->objects;

	if (!is_object(s->h, v) || is_link(s->h, v))
		return 0;
	if (*above != NO_OBJECT && bytes >= s->objects[*above].bytes - s->objects[*above].bytes / 10)
		s->objects[*above].is_step = 1;
	if (mem_reserve(s->mem, &all, &s->objects_capacity, s->n_objects + 1, sizeof(*s->objects), e))
		return e->kind;
	s->objects = all;
	*above = s->n_objects;
	s->objects[s->n_objects++] = (struct object){ bytes, v, pos, 0 };
	return 0;
}

static int open_children(struct search *s, uint32_t pos, size_t above, struct err *e)
{
	const struct heap *h = s->h;

	for (uint32_t c = pos + 1; c < pos + h->tree_size[pos]; c += h->tree_size[c]) {
		void *all = s->open;

		if (h->retained[h->tree_order[c]] < s->least)
			continue;
		if (mem_reserve(s->mem, &all, &s->open_capacity, s->n_open + 1, sizeof(*s->open), e))
			return e->kind;
		s->open = all;
		s->open[s->n_open++] = (struct visit){ c, above };
	}
	return 0;
}

static int search_tree(struct search *s, struct err *e)
{
	if (open_children(s, 0, NO_OBJECT, e))
		return e->kind;
	while (s->n_open) {
		struct visit v = s->open[--s->n_open];

		if (take(s, v.pos, &v.above, e) || open_children(s, v.pos, v.above, e))
			return e->kind;
	}
	return 0;
}

/* Largest first, steps last; ties keep the order of the tree. */
static int by_bytes(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	if (x->is_step != y->is_step)
		return x->is_step - y->is_step;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return (x->pos > y->pos) - (x->pos < y->pos);
}

static int add_row(struct report *r, int table, const struct heap *h, uint32_t v, int show_values, struct err *e)
{
	const struct node_ref *node;
	const struct place *place;
	const struct path *path;

	if (ref_holder(&r->arena, h, v, show_values, &node, e) || ref_nearest_place(&r->arena, h, v, &place, e) ||
	    ref_path(&r->arena, h, v, &path, e))
		return e->kind;
	union cell cells[] = { { .node = node },
			       { .place = place },
			       cell_size(heap_self(h, v)),
			       cell_size(h->retained[v]),
			       cell_int(hundredths(cell_size(h->retained[v]).i, cell_size(h->retained[h->root]).i)),
			       { .path = path } };

	return report_add_row(r, table, cells, e);
}

static int add_table(struct search *s, struct report *r, int show_values, struct err *e)
{
	struct table desc = { .key = "biggest", .title = "Biggest objects", .parent = -1, .for_pages = 1, COLUMNS(columns) };
	int table;

	desc.note = "By what would be freed with each. What holds little else but one of them stands on its path instead; globals "
		    "are left out.";
	if (report_add_table(r, &desc, &table, e))
		return e->kind;
	if (s->n_objects)
		qsort(s->objects, s->n_objects, sizeof(*s->objects), by_bytes);
	for (size_t i = 0; i < s->n_objects && i < ROWS && !s->objects[i].is_step; i++)
		if (add_row(r, table, s->h, s->objects[i].node, show_values, e))
			return e->kind;
	return 0;
}

int biggest_report(struct report *r, const struct heap *h, int show_values, struct err *e)
{
	struct search s = { .h = h, .mem = r->mem, .least = h->retained[h->root] / LEAST_OF_HEAP };
	uint64_t t = run_clock();
	int rc;

	s.least += !s.least;
	rc = search_tree(&s, e);
	if (!rc)
		rc = add_table(&s, r, show_values, e);
	mem_free(r->mem, s.open);
	mem_free(r->mem, s.objects);
	run_stage(h->run, "biggest objects", t);
	return rc;
}
