#include "analyzer/report_parts.h"

#include <string.h>

#include "analyzer/origin.h"
#include "analyzer/refs.h"
#include "base/wide.h"

#define DETAIL COLUMN_DETAIL
#define MAIN COLUMN_MAIN

/* Parts of a whole in which values below zero cancel out can be any multiple of it: those that do not fit are cut. */
int64_t hundredths(int64_t part, int64_t whole)
{
	uint64_t x = part < 0 ? 0 - (uint64_t)part : (uint64_t)part, y = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;

	if (!whole)
		return 0;
	if (x / (INT64_MAX / 10000) >= y)
		return (part < 0) == (whole < 0) ? INT64_MAX : -INT64_MAX;
	return wide_mul_div_signed(part, 10000, whole);
}

static const struct column snapshot_columns[] = {
	{ "file", "File", CELL_TEXT, 0, 0 },
	{ "file_bytes", "Size", CELL_BYTES, 0, 0 },
	{ "nodes", "Objects", CELL_COUNT, 0, 0 },
	{ "edges", "References", CELL_COUNT, 0, 0 },
	{ "total_bytes", "Heap", CELL_BYTES, 0, 0 },
	{ "unreachable_nodes", "Unreachable", CELL_COUNT, DETAIL, 0 },
	{ "truncated", "Truncated", CELL_BOOL, DETAIL, 0 },
	{ "taken", "Taken", CELL_TEXT, DETAIL, 0 },
	{ "runtime", "Runtime", CELL_TEXT, DETAIL, 0 },
};

/* What wrote them all, when that is one thing. */
static const char *common_runtime(struct report *r, const struct snapshot_row *rows, size_t n, struct err *e)
{
	for (size_t i = 1; i < n; i++)
		if (strcmp(rows[i].runtime, rows[0].runtime))
			return NULL;
	return *rows[0].runtime ? arena_copy(&r->arena, rows[0].runtime, strlen(rows[0].runtime), e) : NULL;
}

static int snapshot_row(struct report *r, int table, const struct snapshot_row *row, struct err *e)
{
	char taken[ORIGIN_TIME_BYTES];
	struct str time, runtime;

	origin_time(row->file, taken);
	if (ref_text(&r->arena, str_of(taken), &time, e) || ref_text(&r->arena, str_of(row->runtime), &runtime, e))
		return e->kind;
	union cell cells[] = { cell_text(str_of(row->file)), cell_size(row->file_bytes), cell_size(row->nodes),
			       cell_size(row->edges), cell_size(row->total_bytes), cell_size(row->unreachable),
			       cell_int(row->truncated), cell_text(time), cell_text(runtime) };

	return report_add_row(r, table, cells, e);
}

int report_add_snapshots(struct report *r, const struct snapshot_row *rows, size_t n, struct err *e)
{
	struct table t = { .key = "snapshots", .title = "Snapshots", .parent = -1, COLUMNS(snapshot_columns) };
	int table;

	t.note = common_runtime(r, rows, n, e);
	if (e->kind || report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < n; i++) {
		if (snapshot_row(r, table, &rows[i], e))
			return e->kind;
		if (rows[i].truncated && report_warn(r, e, "%s was cut off: sizes are too small and names are missing",
						     rows[i].file))
			return e->kind;
	}
	return 0;
}

static const struct column diagnostic_columns[] = {
	{ "snapshot", "Snapshot", CELL_TEXT, 0, 0 },
	{ "code", "Code", CELL_TEXT, 0, 0 },
	{ "text", "What", CELL_TEXT, 0, 0 },
	{ "count", "Times", CELL_COUNT, 0, 0 },
};

int report_add_diagnostics(struct report *r, const struct run *run, const char *const *files, struct err *e)
{
	struct table t = { .key = "diagnostics", .title = "Diagnostics", .parent = -1, COLUMNS(diagnostic_columns) };
	int table;

	t.note = "What the reader of this report should know about its input.";
	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < run->n_diags; i++) {
		const struct diag *d = &run->diags[i];
		union cell cells[] = { cell_text(d->snapshot < 0 ? (struct str){ NULL, 0 } : str_of(files[d->snapshot])),
				       cell_text(str_of(d->code)), cell_text(str_of(d->text)), cell_size(d->count) };

		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

static const struct column statistic_columns[] = {
	{ "total_bytes", "Total", CELL_BYTES, 0, 0 },
	{ "code_bytes", "Code", CELL_BYTES, 0, 0 },
	{ "strings_bytes", "Strings", CELL_BYTES, 0, 0 },
	{ "js_arrays_bytes", "JS arrays", CELL_BYTES, 0, 0 },
	{ "typed_arrays_bytes", "Typed arrays", CELL_BYTES, 0, 0 },
	{ "system_bytes", "System objects", CELL_BYTES, 0, 0 },
	{ "native_bytes", "Native", CELL_BYTES, 0, 0 },
	{ "other_js_bytes", "Other JS objects", CELL_BYTES, 0, 0 },
	{ "other_native_bytes", "Other native", CELL_BYTES, DETAIL, 0 },
};

int report_add_statistics(struct report *r, const struct heap *h, struct err *e)
{
	const struct heap_stats *s = &h->stats;
	struct table desc = { .key = "statistics", .title = "Statistics", .kind = TABLE_RECORD, .parent = -1,
			      COLUMNS(statistic_columns) };
	uint64_t named = s->code_bytes + s->string_bytes + s->js_array_bytes + s->system_bytes;
	int table;

	union cell cells[] = { cell_size(s->total_bytes), cell_size(s->code_bytes), cell_size(s->string_bytes),
			       cell_size(s->js_array_bytes), cell_size(s->typed_array_bytes), cell_size(s->system_bytes),
			       cell_size(s->native_bytes), cell_size(s->v8_bytes - named),
			       cell_size(s->native_bytes - s->typed_array_bytes) };
	return report_add_table(r, &desc, &table, e) ? e->kind : report_add_row(r, table, cells, e);
}
