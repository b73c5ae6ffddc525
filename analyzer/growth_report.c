#include "analyzer/growth_report.h"

#include <stdio.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define SIGNED COLUMN_SIGNED

static const struct column growth_columns[] = {
	{ "rank", "#", CELL_NUMBER, 0, 0 },
	{ "holder", "Holder", CELL_NODE, 0, 0 },
	{ "alike", "Alike", CELL_COUNT, 0, 0 },
	{ "delta_bytes", "Growth", CELL_BYTES, SIGNED | COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
	{ "exclusive_bytes", "Exclusive", CELL_BYTES, SIGNED, 0 },
	{ "shared_bytes", "Shared", CELL_BYTES, SIGNED, 0 },
	{ "before_bytes", "Before", CELL_BYTES, 0, 0 },
	{ "after_bytes", "After", CELL_BYTES, 0, 0 },
	{ "goes_on", "Goes on", CELL_TEXT, 0, 0 },
	{ "series_bytes", "Over time", CELL_SERIES, 0, CELL_BYTES },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

static const struct column item_columns[] = {
	{ "growth", "Growth point", CELL_ROW, 0, 0 },
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "each_bytes", "Each", CELL_BYTES, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static int64_t *make_series(struct report *r, const struct comparison *c, const struct growth_point *p, struct err *e)
{
	int64_t *s = arena_alloc(&r->arena, c->n * sizeof(*s), e);

	if (!s)
		return NULL;
	for (size_t i = 1; i + 1 < c->n; i++)
		if (growth_retained_in(&c->digests[i], c->last, c->groups, p, &s[i], e))
			return NULL;
	s[0] = (int64_t)p->before_bytes;
	s[c->n - 1] = (int64_t)p->after_bytes;
	return s;
}

/* Nothing where the retained size knows little of the growth, since others hold it as well. */
static const char *trend(const int64_t *s, size_t n, int64_t delta_bytes)
{
	size_t steps = 0;

	for (size_t i = 1; i < n; i++)
		steps += s[i] > s[i - 1];
	if (n < 3 || s[n - 1] - s[0] < delta_bytes / 2)
		return NULL;
	if (steps == n - 1)
		return "grew every time";
	return s[n - 1] <= s[n - 2] ? "stopped" : "grew at times";
}

static int add_point(struct report *r, int table, const struct comparison *c, const struct growth_point *p, size_t rank,
		     const struct analysis_options *o, struct err *e)
{
	const struct heap *h = c->last;
	const struct node_ref *holder;
	const struct place *place;
	const struct path *path;
	int64_t *series = make_series(r, c, p, e);
	const char *goes_on;

	if (!series || ref_holder(&r->arena, h, p->at.node, o->show_values, &holder, e) ||
	    ref_nearest_place(&r->arena, h, p->at.node, &place, e) || ref_path(&r->arena, h, p->at.node, &path, e))
		return e->kind;
	goes_on = trend(series, c->n, p->delta_bytes);
	union cell cells[] = { cell_size(rank), { .node = holder }, cell_size(growth_n_spots(p)),
			       cell_int(p->delta_bytes),
			       cell_int(c->growth->total_bytes > 0 ? hundredths(p->delta_bytes, c->growth->total_bytes) : 0),
			       cell_int(p->exclusive_bytes), cell_int(p->shared_bytes), cell_size(p->before_bytes),
			       cell_size(p->after_bytes), cell_text(str_of(goes_on)), { .series = series },
			       { .place = place }, { .path = path } };
	return report_add_row(r, table, cells, e);
}

/* Closures are all class "Function": the function's name says more. */
static int item_label(struct arena *a, const struct heap *h, const struct growth_item *item, struct str *out,
		      struct err *e)
{
	struct str class = h->classes[item->class_].name, name;
	char text[REF_MAX_NAME + 32];

	if (h->type[item->sample] != NODE_CLOSURE)
		return ref_text(a, class, out, e);
	if (ref_text(a, heap_name(h, item->sample), &name, e))
		return e->kind;
	if (!name.n)
		return ref_text(a, STR_LIT("Function (anonymous)"), out, e);
	snprintf(text, sizeof(text), "Function %.*s", (int)name.n, name.s);
	return ref_text(a, str_of(text), out, e);
}

static int add_items(struct report *r, int table, size_t owner, const struct heap *h, const struct growth_point *p,
		     struct err *e)
{
	for (size_t i = 0; i < p->n_items; i++) {
		const struct growth_item *item = &p->items[i];
		const struct place *place;
		struct str label;

		if (item_label(&r->arena, h, item, &label, e) || ref_place_number(&r->arena, h, item->place, &place, e))
			return e->kind;
		union cell cells[] = { cell_size(owner), cell_text(label), cell_size(item->count),
				       cell_size(item->self_bytes / item->count), cell_size(item->self_bytes),
				       cell_size(item->retained_bytes), { .place = place } };
		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	if (!p->rest_count)
		return 0;
	union cell rest[] = { cell_size(owner), cell_text(STR_LIT("(other classes)")), cell_size(p->rest_count),
			      cell_size(p->rest_self_bytes / p->rest_count), cell_size(p->rest_self_bytes),
			      cell_size(p->rest_retained_bytes), { .place = NULL } };
	return report_add_row(r, table, rest, e);
}

static int wanted(struct filter *filter, const struct heap *h, const struct growth_point *p)
{
	if (filter_wants(filter, h->classes[h->class_[p->at.node]].name))
		return 1;
	for (size_t i = 0; i < p->n_items; i++)
		if (filter_wants(filter, h->classes[p->items[i].class_].name))
			return 1;
	return 0;
}

static int add_tables(struct report *r, int *growth, int *items, struct err *e)
{
	struct table g = { .key = "growth", .title = "Growth points", .parent = -1, COLUMNS(growth_columns) };
	struct table i = { .key = "items", .title = "What they hold that is new", COLUMNS(item_columns) };

	g.note = "Where the new memory hangs: the objects to look at first.";
	g.empty = "No object holds a noticeable part of the growth.";
	g.text_rows = 8;
	if (report_add_table(r, &g, growth, e))
		return e->kind;
	i.parent = *growth;
	return report_add_table(r, &i, items, e);
}

int growth_report(struct report *r, const struct comparison *c, struct filter *filter,
		  const struct analysis_options *o, struct err *e)
{
	size_t rank = 0;
	int growth, items;

	if (add_tables(r, &growth, &items, e))
		return e->kind;
	for (size_t i = 0; i < c->growth->n_major; i++) {
		const struct growth_point *p = &c->growth->points[i];

		if (!wanted(filter, c->last, p))
			continue;
		if (add_point(r, growth, c, p, rank + 1, o, e) || add_items(r, items, rank, c->last, p, e))
			return e->kind;
		rank++;
	}
	return 0;
}
