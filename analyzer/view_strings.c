/* Strings: how much they take, and how much of it could be saved. */
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/strings_parts.h"
#include "analyzer/views.h"

static const struct column columns[] = {
	{ "total_bytes", "All strings", CELL_BYTES, 0, 0 },
	{ "wasted_bytes", "Wasted by copies", CELL_BYTES, 0, 0 },
	{ "rope_bytes", "Links of ropes", CELL_BYTES, 0, 0 },
	{ "pinned_bytes", "Pinned by slices", CELL_BYTES, 0, 0 },
	{ "external_bytes", "Outside the heap", CELL_BYTES, 0, 0 },
	{ "count", "Strings", CELL_COUNT, 0, 0 },
	{ "duplicate_count", "Needless copies", CELL_COUNT, 0, 0 },
	{ "link_count", "Rope links", CELL_COUNT, 0, 0 },
	{ "slice_count", "Slices", CELL_COUNT, 0, 0 },
	{ "external_count", "External strings", CELL_COUNT, 0, 0 },
};

/* Links of a rope and slices on the way up: the string is held by what holds them. */
#define MAX_LINKS 64

static uint32_t outermost_edge(const struct heap *h, uint32_t node)
{
	uint32_t edge = h->parent_edge[node];

	for (int i = 0; i < MAX_LINKS && edge != NO_EDGE; i++) {
		uint32_t up = heap_edge_source(h, edge);

		if (h->type[up] != NODE_CONS_STRING && h->type[up] != NODE_SLICED_STRING)
			break;
		edge = h->parent_edge[up];
	}
	return edge;
}

struct string_owner string_owner_of(const struct heap *h, uint32_t string_node)
{
	struct string_owner o = { 0, NO_STRING, NO_NODE };
	uint32_t edge = outermost_edge(h, string_node);

	if (edge == NO_EDGE)
		return o;
	o.node = heap_edge_source(h, edge);
	if (!heap_edge_indexed(h, edge) && !ref_is_slot(heap_string(h, h->edge_name[edge])))
		o.property = h->edge_name[edge];
	/* the store of a Map is in the way, but not the only one above it */
	for (int i = 0; i < 4 && ref_is_transparent(h, o.node) && h->parent_edge[o.node] != NO_EDGE; i++)
		o.node = heap_edge_source(h, h->parent_edge[o.node]);
	o.key = h->type[o.node] == NODE_SYNTHETIC ? (uint64_t)h->n_classes + h->name[o.node] : h->class_[o.node];
	return o;
}

int string_owner_cmp(const struct string_owner *a, const struct string_owner *b)
{
	if ((a->node == NO_NODE) != (b->node == NO_NODE))
		return a->node == NO_NODE ? 1 : -1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->property > b->property) - (a->property < b->property);
}

int string_owner_cells(struct report *r, const struct heap *h, const struct string_owner *o, union cell *cells,
		       struct err *e)
{
	struct str class = STR_LIT("(unreachable)"), property = STR_LIT("[]");

	if (o->node != NO_NODE)
		class = o->key < h->n_classes ? h->classes[o->key].name : heap_name(h, o->node);
	if (o->node == h->root)
		class = STR_LIT("(root)");
	if (o->property != NO_STRING)
		property = heap_string(h, o->property);
	return ref_text(&r->arena, property, &cells[0].text, e) ? e->kind : ref_text(&r->arena, class, &cells[1].text, e);
}

static int is_string(uint8_t type)
{
	return type == NODE_STRING || type == NODE_CONS_STRING || type == NODE_SLICED_STRING;
}

static void count_strings(struct strings_view *v)
{
	for (uint32_t i = 0; i < v->h->n_nodes; i++) {
		if (!is_string(v->h->type[i]))
			continue;
		v->totals.count++;
		v->totals.bytes += heap_self(v->h, i);
	}
}

/* The record stands first, so its row is filled in when the parts have counted. */
static int add_record(struct strings_view *v, int table, struct err *e)
{
	const struct string_totals *t = &v->totals;
	union cell cells[] = { cell_size(t->bytes), cell_size(t->wasted_bytes), cell_size(t->link_bytes),
			       cell_size(t->pinned_bytes), cell_size(t->external_bytes), cell_size(t->count),
			       cell_size(t->duplicate_count), cell_size(t->link_count), cell_size(t->slice_count),
			       cell_size(t->external_count) };

	return report_add_row(v->r, table, cells, e);
}

static int count_parts(struct strings_view *v, struct err *e)
{
	count_strings(v);
	if (strings_duplicates(v, e) || strings_ropes(v, e) || strings_slices(v, e))
		return e->kind;
	return strings_externals(v, e);
}

int view_strings(struct report *r, struct heap *h, int show_values, struct err *e)
{
	struct table desc = { .key = "strings", .title = "Strings", .kind = TABLE_RECORD, .parent = -1, COLUMNS(columns) };
	struct strings_view v = { .r = r, .h = h, .show_values = show_values };
	int table;

	desc.note = "What is outside the heap is not part of the sum.";
	if (report_add_table(r, &desc, &table, e) || count_parts(&v, e))
		return e->kind;
	return add_record(&v, table, e);
}
