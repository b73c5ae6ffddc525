/* Everything about one object: what it is, what it refers to, what refers to it, who keeps it alive. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/views.h"

#define OBJECT_PATHS 4
#define NEAR_HOLDERS 100 /* of the dominators; then the root */

struct object {
	struct report *r;
	struct heap *h;
	uint32_t node;
	int show_values;
};

static const struct str absent = { NULL, 0 };

static const struct column object_columns[] = {
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "type", "Type", CELL_TEXT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, 0, 0 },
	{ "share", "Share of the heap", CELL_PERCENT, 0, 0 },
	{ "retained_count", "Objects retained", CELL_COUNT, 0, 0 },
	{ "distance", "Distance", CELL_DISTANCE, 0, 0 },
	{ "fields_count", "Fields", CELL_COUNT, 0, 0 },
	{ "retainers_count", "Retainers", CELL_COUNT, 0, 0 },
	{ "detached", "Detached", CELL_BOOL, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static int add_object(struct object *o, size_t n_retainers, struct err *e)
{
	struct table t = { .key = "object", .title = "Object", .kind = TABLE_RECORD, .parent = -1, COLUMNS(object_columns) };
	const struct heap *h = o->h;
	const struct node_ref *node;
	const struct place *place;
	struct str type;
	int table;

	if (ref_holder(&o->r->arena, h, o->node, o->show_values, &node, e) ||
	    ref_text(&o->r->arena, str_of(h->type_names[h->type[o->node]]), &type, e) ||
	    ref_place(&o->r->arena, h, o->node, &place, e))
		return e->kind;
	union cell cells[] = {
		{ .node = node }, cell_text(type), cell_size(heap_self(h, o->node)), cell_size(h->retained[o->node]),
		cell_int(hundredths((int64_t)h->retained[o->node], (int64_t)h->retained[h->root])),
		cell_int(h->tree_size[h->tree_pos[o->node]]), cell_int(h->distance[o->node]),
		cell_int(h->first_edge[o->node + 1] - h->first_edge[o->node]), cell_size(n_retainers),
		cell_int(h->detachedness && h->detachedness[o->node] == 2), { .place = place }
	};
	return report_add_table(o->r, &t, &table, e) ? e->kind : report_add_row(o->r, table, cells, e);
}

static const struct column field_columns[] = {
	{ "edge", "Field", CELL_TEXT, 0, 0 },
	{ "edge_type", "Type", CELL_TEXT, 0, 0 },
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS | COLUMN_DETAIL, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "place", "Place", CELL_PLACE, COLUMN_DETAIL, 0 },
};

struct field {
	uint64_t retained;
	uint32_t edge;
};

static int by_retained(const void *a, const void *b)
{
	const struct field *x = a, *y = b;

	if (x->retained != y->retained)
		return x->retained < y->retained ? 1 : -1;
	return (x->edge > y->edge) - (x->edge < y->edge);
}

static int field_row(struct object *o, int table, uint32_t edge, struct err *e)
{
	const struct heap *h = o->h;
	uint32_t to = h->edge_to[edge];
	const struct node_ref *node;
	const struct place *place;
	struct str name, type;

	if (ref_edge(&o->r->arena, h, edge, &name, e) ||
	    ref_text(&o->r->arena, str_of(h->edge_type_names[heap_edge_type(h, edge)]), &type, e) ||
	    ref_node(&o->r->arena, h, to, o->show_values, &node, e) || ref_place(&o->r->arena, h, to, &place, e))
		return e->kind;
	union cell cells[] = { cell_text(name), cell_text(type), { .node = node }, cell_int(1),
			       cell_size(heap_self(h, to)), cell_size(h->retained[to]), { .place = place } };
	return report_add_row(o->r, table, cells, e);
}

static int fill_fields(struct object *o, int table, struct field *fields, size_t n, struct err *e)
{
	const struct heap *h = o->h;

	for (size_t i = 0; i < n; i++) {
		uint32_t edge = h->first_edge[o->node] + (uint32_t)i;

		fields[i] = (struct field){ h->retained[h->edge_to[edge]], edge };
	}
	if (n)
		qsort(fields, n, sizeof(*fields), by_retained);
	for (size_t i = 0; i < n && i < VIEW_ROWS; i++)
		if (field_row(o, table, fields[i].edge, e))
			return e->kind;
	if (n <= VIEW_ROWS)
		return 0;
	union cell rest[] = { cell_text(absent), cell_text(absent), { .node = NULL }, cell_size(n - VIEW_ROWS),
			      cell_int(0), cell_int(0), { .place = NULL } };
	return report_add_row(o->r, table, rest, e);
}

static int add_fields(struct object *o, struct err *e)
{
	struct table t = { .key = "fields", .title = "Fields", .parent = -1, .text_rows = 20, COLUMNS(field_columns) };
	size_t n = o->h->first_edge[o->node + 1] - o->h->first_edge[o->node];
	struct field *fields = mem_alloc(o->r->mem, n + 1, sizeof(*fields), e);
	int table = 0, rc;

	t.note = "What the object refers to. What a field retains is not always freed with the object.";
	t.empty = "The object refers to nothing.";
	rc = fields ? report_add_table(o->r, &t, &table, e) : e->kind;
	if (!rc)
		rc = fill_fields(o, table, fields, n, e);
	mem_free(o->r->mem, fields);
	return rc;
}

static const struct column holder_columns[] = {
	{ "level", "Level", CELL_NUMBER, 0, 0 },
	{ "edge", "By", CELL_TEXT, 0, 0 },
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, 0, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

/* `below` is what the holder holds. */
static int holder_row(struct object *o, int table, size_t level, uint32_t below, struct err *e)
{
	const struct heap *h = o->h;
	uint32_t v = h->idom[below];
	const struct node_ref *node;
	const struct place *place;
	struct str edge;

	if (report_holding_edge(&o->r->arena, h, below, &edge, e) ||
	    ref_holder(&o->r->arena, h, v, o->show_values, &node, e) || ref_place(&o->r->arena, h, v, &place, e))
		return e->kind;
	union cell cells[] = { cell_size(level), cell_text(edge), { .node = node }, cell_size(heap_self(h, v)),
			       cell_size(h->retained[v]),
			       cell_int(hundredths((int64_t)h->retained[v], (int64_t)h->retained[h->root])),
			       { .place = place } };
	return report_add_row(o->r, table, cells, e);
}

/* A list of a million links has as many dominators: the nearest are told, and the root; levels show what is left out. */
static int add_holders(struct object *o, struct err *e)
{
	struct table t = { .key = "held_by", .title = "Held by", .parent = -1, COLUMNS(holder_columns) };
	const struct heap *h = o->h;
	size_t level = 0;
	int table;

	t.note = "The dominators: without any one of these the object would be freed.";
	if (report_add_table(o->r, &t, &table, e))
		return e->kind;
	for (uint32_t v = o->node; v != h->root; v = h->idom[v])
		if ((++level <= NEAR_HOLDERS || h->idom[v] == h->root) && holder_row(o, table, level, v, e))
			return e->kind;
	return 0;
}

static const struct column retainer_columns[] = {
	{ "edge", "Field", CELL_TEXT, 0, 0 },
	{ "edge_type", "Type", CELL_TEXT, 0, 0 },
	{ "class", "Of class", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "nearest", "Nearest", CELL_NODE, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

/* Retainers of one class by fields of one name; elements and other numbered slots are of one name. */
struct retainer {
	uint32_t class_;
	uint32_t name; /* string number; NO_STRING for slots */
	uint8_t type;
	uint32_t edge, source; /* nearest to the root */
	uint64_t count;
};

static int same_kind(const struct retainer *x, const struct retainer *y)
{
	return x->class_ == y->class_ && x->name == y->name && x->type == y->type;
}

static int by_kind(const void *a, const void *b)
{
	const struct retainer *x = a, *y = b;

	if (!same_kind(x, y)) {
		if (x->class_ != y->class_)
			return x->class_ < y->class_ ? -1 : 1;
		if (x->type != y->type)
			return x->type < y->type ? -1 : 1;
		return x->name < y->name ? -1 : 1;
	}
	return (x->edge > y->edge) - (x->edge < y->edge);
}

/* Weak ones last: they hold nothing. */
static int by_count(const void *a, const void *b)
{
	const struct retainer *x = a, *y = b;

	if ((x->type == EDGE_WEAK) != (y->type == EDGE_WEAK))
		return x->type == EDGE_WEAK ? 1 : -1;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->edge > y->edge) - (x->edge < y->edge);
}

struct retainers {
	struct retainer *all;
	size_t n, capacity;
	size_t n_edges;
};

static uint32_t field_name(const struct heap *h, uint32_t edge)
{
	if (heap_edge_indexed(h, edge) || ref_is_slot(heap_string(h, h->edge_name[edge])))
		return NO_STRING;
	return h->edge_name[edge];
}

static int collect_retainers(struct object *o, struct retainers *out, struct err *e)
{
	const struct heap *h = o->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++) {
			void *all = out->all;

			if (h->edge_to[i] != o->node)
				continue;
			if (mem_reserve(o->r->mem, &all, &out->capacity, out->n + 1, sizeof(*out->all), e))
				return e->kind;
			out->all = all;
			out->all[out->n++] = (struct retainer){
				.class_ = h->class_[v], .type = (uint8_t)heap_edge_type(h, i), .edge = i, .source = v,
				.name = field_name(h, i), .count = 1
			};
		}
	}
	out->n_edges = out->n;
	return 0;
}

static int is_nearer(const struct heap *h, uint32_t a, uint32_t b)
{
	/* unreachable ones have negative distances */
	return (uint32_t)h->distance[a] < (uint32_t)h->distance[b];
}

static void group_retainers(const struct heap *h, struct retainers *r)
{
	size_t n = 0;

	if (r->n)
		qsort(r->all, r->n, sizeof(*r->all), by_kind);
	for (size_t i = 0; i < r->n; i++) {
		struct retainer *last = n ? &r->all[n - 1] : NULL;

		if (!last || !same_kind(last, &r->all[i])) {
			r->all[n++] = r->all[i];
			continue;
		}
		last->count++;
		if (!is_nearer(h, r->all[i].source, last->source))
			continue;
		last->source = r->all[i].source;
		last->edge = r->all[i].edge;
	}
	r->n = n;
	if (n)
		qsort(r->all, n, sizeof(*r->all), by_count);
}

static int retainer_row(struct object *o, int table, const struct retainer *x, struct err *e)
{
	const struct heap *h = o->h;
	struct str edge = STR_LIT("[]"), type, class = x->source == h->root ? STR_LIT("(root)") : h->classes[x->class_].name;
	const struct node_ref *node;
	const struct place *place;

	if ((x->name != NO_STRING && ref_edge(&o->r->arena, h, x->edge, &edge, e)) ||
	    ref_text(&o->r->arena, str_of(h->edge_type_names[x->type]), &type, e) ||
	    ref_text(&o->r->arena, class, &class, e) ||
	    ref_holder(&o->r->arena, h, x->source, o->show_values, &node, e) ||
	    ref_nearest_place(&o->r->arena, h, x->source, &place, e))
		return e->kind;
	union cell cells[] = { cell_text(edge), cell_text(type), cell_text(class), cell_size(x->count), { .node = node },
			       { .place = place } };
	return report_add_row(o->r, table, cells, e);
}

static int add_retainers(struct object *o, const struct retainers *r, struct err *e)
{
	struct table t = { .key = "retainers", .title = "Retainers", .parent = -1, .text_rows = 20, COLUMNS(retainer_columns) };
	union cell rest[] = { cell_text(absent), cell_text(absent), cell_text(absent), cell_int(0), { .node = NULL },
			      { .place = NULL } };
	int table;

	t.note = "What refers to the object, by class and field. Weak references hold nothing.";
	t.empty = "Nothing refers to the object.";
	if (report_add_table(o->r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < r->n; i++) {
		if (i >= VIEW_ROWS)
			rest[3].i += (int64_t)r->all[i].count;
		else if (retainer_row(o, table, &r->all[i], e))
			return e->kind;
	}
	if (r->n > VIEW_ROWS && report_add_row(o->r, table, rest, e))
		return e->kind;
	rest[3].i = (int64_t)r->n_edges;
	return report_set_total(o->r, table, rest, e);
}

static int add_all(struct object *o, struct retainers *r, struct err *e)
{
	if (collect_retainers(o, r, e))
		return e->kind;
	group_retainers(o->h, r);
	if (add_object(o, r->n_edges, e) || add_holders(o, e) ||
	    view_paths(o->r, o->h, o->node, OBJECT_PATHS, o->show_values, e) || add_retainers(o, r, e))
		return e->kind;
	return add_fields(o, e);
}

int view_object(struct report *r, struct heap *h, const struct analysis_options *options, struct err *e)
{
	struct object o = { .r = r, .h = h, .show_values = options->show_values };
	struct retainers retainers = { 0 };
	int rc;

	if (view_find_node(r, h, options->views.object, "--object", &o.node, e))
		return e->kind;
	rc = add_all(&o, &retainers, e);
	mem_free(r->mem, retainers.all);
	return rc;
}
