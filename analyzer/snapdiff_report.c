/* The report on two or more snapshots: head, totals, classes. The growth points have a file of their own. */
#include "analyzer/snapdiff_report.h"

#include <stdlib.h>

#include "analyzer/group_tree.h"
#include "analyzer/origin.h"
#include "analyzer/growth_report.h"
#include "analyzer/human.h"
#include "analyzer/leaks_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define SIGNED COLUMN_SIGNED
#define DETAIL COLUMN_DETAIL
#define SUMS COLUMN_SUMS
#define MAIN COLUMN_MAIN

static const struct column total_columns[] = {
	{ "before_bytes", "Before", CELL_BYTES, 0, 0 },
	{ "after_bytes", "After", CELL_BYTES, 0, 0 },
	{ "delta_bytes", "Growth", CELL_BYTES, SIGNED, 0 },
	{ "new_count", "New objects", CELL_COUNT, 0, 0 },
	{ "new_bytes", "New", CELL_BYTES, 0, 0 },
	{ "deleted_count", "Deleted objects", CELL_COUNT, 0, 0 },
	{ "deleted_bytes", "Deleted", CELL_BYTES, 0, 0 },
	{ "grown_count", "Grown objects", CELL_COUNT, 0, 0 },
	{ "grown_bytes", "Grew in place", CELL_BYTES, SIGNED, 0 },
	{ "explained_bytes", "Explained", CELL_BYTES, SIGNED, 0 },
	{ "explained", "of the growth", CELL_PERCENT, 0, 0 },
	{ "series_bytes", "Over time", CELL_SERIES, 0, CELL_BYTES },
};

static const struct column class_columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count_before", "Before", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "count_after", "After", CELL_COUNT, SUMS, 0 },
	{ "count_delta", "Count", CELL_COUNT, SIGNED | SUMS, 0 },
	{ "new_count", "New", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "deleted_count", "Deleted", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "new_bytes", "New size", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "deleted_bytes", "Deleted size", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "grown_count", "Grown", CELL_COUNT, DETAIL | SUMS, 0 },
	{ "grown_bytes", "Grown by", CELL_BYTES, DETAIL | SIGNED | SUMS, 0 },
	{ "self_before_bytes", "Self before", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "self_after_bytes", "Self after", CELL_BYTES, DETAIL | SUMS, 0 },
	{ "self_delta_bytes", "Self", CELL_BYTES, SIGNED | SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, SIGNED | MAIN, 0 },
	{ "count_series", "Counts", CELL_SERIES, DETAIL, CELL_COUNT },
	{ "retained_series", "Trend", CELL_SERIES, DETAIL, CELL_BYTES },
};

static int64_t total_of(const struct comparison *c, size_t i)
{
	return (int64_t)(i + 1 < c->n ? c->digests[i].stats.total_bytes : c->last->stats.total_bytes);
}

static int add_snapshots(struct report *r, const struct comparison *c, struct err *e)
{
	struct snapshot_row *rows = mem_alloc(r->mem, c->n, sizeof(*rows), e);
	const struct heap *h = c->last;
	char runtime[ORIGIN_RUNTIME_BYTES];
	int rc;

	if (!rows)
		return e->kind;
	for (size_t i = 0; i + 1 < c->n; i++) {
		const struct digest *d = &c->digests[i];

		rows[i] = (struct snapshot_row){ d->file, d->file_bytes, d->n_nodes, d->n_edges, d->stats.total_bytes,
						 d->n_unreachable, d->truncated, d->runtime };
	}
	origin_runtime(h, runtime);
	rows[c->n - 1] = (struct snapshot_row){ h->file, h->file_bytes, h->n_nodes, h->n_edges, h->stats.total_bytes,
						h->n_unreachable, h->truncated, runtime };
	rc = report_add_snapshots(r, rows, c->n, e);
	mem_free(r->mem, rows);
	return rc;
}

static int add_totals(struct report *r, const struct comparison *c, struct err *e)
{
	struct table desc = { .key = "totals", .title = "Totals", .kind = TABLE_RECORD, .parent = -1,
			      COLUMNS(total_columns) };
	int64_t *series = arena_alloc(&r->arena, c->n * sizeof(*series), e), delta;
	const struct compare *k = c->compare;
	int table;

	if (!series)
		return e->kind;
	for (size_t i = 0; i < c->n; i++)
		series[i] = total_of(c, i);
	delta = series[c->n - 1] - series[0];
	union cell cells[] = { cell_int(series[0]), cell_int(series[c->n - 1]), cell_int(delta),
			       cell_size(k->added), cell_size(k->added_bytes), cell_size(k->removed),
			       cell_size(k->removed_bytes), cell_size(k->grown), cell_int(k->grown_bytes),
			       cell_int(c->growth->explained_bytes),
			       cell_int(delta > 0 ? hundredths(c->growth->explained_bytes, delta) : 0),
			       { .series = series } };
	return report_add_table(r, &desc, &table, e) ? e->kind : report_add_row(r, table, cells, e);
}

/* Per row n numbers, oldest first: the table's series point into these. */
struct class_series {
	int64_t *counts, *retained;
};

static int make_series(struct report *r, const struct comparison *c, struct class_series *out, struct err *e)
{
	size_t rows = c->compare->n, n = c->n;
	int64_t *counts = mem_alloc(r->mem, rows + 1, sizeof(*counts), e);
	int64_t *retained = counts ? mem_alloc(r->mem, rows + 1, sizeof(*retained), e) : NULL;
	int rc = 0;

	out->counts = retained ? arena_alloc(&r->arena, rows * n * sizeof(int64_t), e) : NULL;
	out->retained = out->counts ? arena_alloc(&r->arena, rows * n * sizeof(int64_t), e) : NULL;
	if (!out->retained)
		rc = e->kind;
	for (size_t i = 1; i + 1 < n && !rc; i++) {
		rc = compare_series(c->compare, &c->digests[i], c->last, counts, retained, e);
		for (size_t k = 0; k < rows && !rc; k++) {
			out->counts[k * n + i] = counts[k];
			out->retained[k * n + i] = retained[k];
		}
	}
	for (size_t k = 0; k < rows && !rc; k++) {
		const struct class_row *row = &c->compare->rows[k];

		out->counts[k * n] = (int64_t)row->count_before;
		out->counts[k * n + n - 1] = (int64_t)row->count_after;
		out->retained[k * n] = (int64_t)row->retained_before;
		out->retained[k * n + n - 1] = (int64_t)row->retained_after;
	}
	mem_free(r->mem, counts);
	mem_free(r->mem, retained);
	return rc;
}

static int place_of(struct report *r, const struct class_row *row, const struct place **out, struct err *e)
{
	struct place *p;

	*out = NULL;
	if (!row->located)
		return 0;
	p = arena_alloc(&r->arena, sizeof(*p), e);
	if (!p || ref_script(&r->arena, row->script, &p->script, e))
		return e->kind;
	p->script_id = row->script_id;
	p->line = row->line + 1;
	p->column = row->column + 1;
	*out = p;
	return 0;
}

static int class_cells(struct report *r, const struct comparison *c, const struct class_series *s,
		       const struct class_row *k, union cell *cells, struct err *e)
{
	size_t at = (size_t)(k - c->compare->rows) * c->n;
	const struct place *place;
	struct str name;

	if (ref_text(&r->arena, k->name, &name, e) || place_of(r, k, &place, e))
		return e->kind;
	*cells++ = cell_text(name);
	*cells++ = (union cell){ .place = place };
	*cells++ = cell_size(k->count_before);
	*cells++ = cell_size(k->count_after);
	*cells++ = cell_int((int64_t)k->count_after - (int64_t)k->count_before);
	*cells++ = cell_size(k->added);
	*cells++ = cell_size(k->removed);
	*cells++ = cell_size(k->added_bytes);
	*cells++ = cell_size(k->removed_bytes);
	*cells++ = cell_size(k->grown);
	*cells++ = cell_int(k->grown_bytes);
	*cells++ = cell_size(k->self_before);
	*cells++ = cell_size(k->self_after);
	*cells++ = cell_int((int64_t)k->self_after - (int64_t)k->self_before);
	*cells++ = cell_size(k->retained_before);
	*cells++ = cell_size(k->retained_after);
	*cells++ = cell_int((int64_t)k->retained_after - (int64_t)k->retained_before);
	*cells++ = (union cell){ .series = s->counts + at };
	*cells++ = (union cell){ .series = s->retained + at };
	return 0;
}

static int64_t retained_delta(const struct class_row *k)
{
	return (int64_t)k->retained_after - (int64_t)k->retained_before;
}

static int by_retained_delta(const void *a, const void *b)
{
	const struct class_row *x = *(const struct class_row *const *)a, *y = *(const struct class_row *const *)b;
	int64_t dx = retained_delta(x), dy = retained_delta(y);

	if (dx != dy)
		return dx < dy ? 1 : -1;
	if (str_cmp(x->name, y->name))
		return str_cmp(x->name, y->name);
	return (x->order > y->order) - (x->order < y->order);
}

/*
 * The sums of the rows, but for self sizes and the changes by id, which are known from elsewhere: report_seal() then
 * proves that no object is missing in the rows.
 */
static int state_total(struct report *r, const struct comparison *c, int table, struct err *e)
{
	union cell total[sizeof(class_columns) / sizeof(class_columns[0])];
	const struct table *t = &r->tables[table];
	int64_t before = (int64_t)digest_retained(&c->digests[0], 0), after = (int64_t)c->last->retained[c->last->root];

	table_rest(t, 0, total);
	total[table_column(t, "self_before_bytes")] = cell_int(before);
	total[table_column(t, "self_after_bytes")] = cell_int(after);
	total[table_column(t, "self_delta_bytes")] = cell_int(after - before);
	total[table_column(t, "new_bytes")] = cell_size(c->compare->added_bytes);
	total[table_column(t, "deleted_bytes")] = cell_size(c->compare->removed_bytes);
	return report_set_total(r, table, total, e);
}

static int add_classes(struct report *r, const struct comparison *c, struct filter *filter, struct err *e)
{
	struct table desc = { .key = "classes", .title = "Classes", .parent = -1, .text_rows = 15, COLUMNS(class_columns) };
	const struct class_row **order = mem_alloc(r->mem, c->compare->n + 1, sizeof(*order), e);
	union cell cells[sizeof(class_columns) / sizeof(class_columns[0])];
	struct class_series series;
	size_t n = 0;
	int table, rc;

	if (!order)
		return e->kind;
	desc.note = "By change of what would be freed with all objects of the class.";
	for (size_t i = 0; i < c->compare->n; i++) {
		const struct class_row *k = &c->compare->rows[i];

		if ((k->count_before || k->count_after) && filter_wants(filter, k->name))
			order[n++] = k;
	}
	if (n)
		qsort(order, n, sizeof(*order), by_retained_delta);
	rc = report_add_table(r, &desc, &table, e);
	if (!rc)
		rc = make_series(r, c, &series, e);
	for (size_t i = 0; i < n && !rc; i++) {
		rc = class_cells(r, c, &series, order[i], cells, e);
		if (!rc)
			rc = report_add_row(r, table, cells, e);
	}
	if (!rc && !filter)
		rc = state_total(r, c, table, e);
	mem_free(r->mem, order);
	return rc;
}

/* Ids that do not match are worth a word: most tools compare them all the same. */
static int say_mode(struct report *r, const struct comparison *c, struct err *e)
{
	const struct match *m = c->match;

	r->mode = m->mode == MATCH_ID ? "same-process" : "structure";
	if (m->asked) {
		if (m->mode == MATCH_ID && m->n_same * 100 < m->n_common * 97)
			return report_warn(r, e, "only %llu of %llu common ids stand for the same object: matching by id was "
					   "asked for, but the snapshots hardly are of one process",
					   (unsigned long long)m->n_same, (unsigned long long)m->n_common);
		return 0;
	}
	if (m->mode == MATCH_STRUCTURE)
		return report_warn(r, e, "the object ids are not comparable (%llu of %llu common ids stand for the same "
				   "object): two processes, or an inspector session ended in between; objects are "
				   "matched by structure, and new and deleted objects are estimates",
				   (unsigned long long)m->n_same, (unsigned long long)m->n_common);
	return 0;
}

int snapdiff_report(struct report *r, const struct comparison *c, struct filter *filter,
		    const struct analysis_options *o, struct err *e)
{
	struct sections_view view = { .lists = c->sections, .n = c->n, .by_id = c->match->mode == MATCH_ID,
				      .last = c->last, .options = o, .wanted = filter ? filter_wants : NULL,
				      .wanted_ctx = filter };

	r->tool = "snapdiff";
	r->version = SNAPDIFF_VERSION;
	r->command = "snapdiff";
	r->n_snapshots = c->n;
	r->shows_values = o->show_values;
	if (say_mode(r, c, e) || add_snapshots(r, c, e) || add_totals(r, c, e) ||
	    leaks_report(r, c, filter, o, e) || growth_report(r, c, filter, o, e) ||
	    (c->tree && report_add_growth_tree(r, c->last, c->tree, &c->digests[0].groups, o->show_values, e)) ||
	    add_classes(r, c, filter, e) || sections_report(r, &view, e) ||
	    report_add_dominators(r, c->last, o->show_values, e))
		return e->kind;
	return report_add_diagnostics(r, c->last->run, c->files, e);
}
