/* The tables of a report on profiles: inputs, summary, shares, functions. */
#include "analyzer/profile_report.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/human.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static enum profile_unit unit_of(const struct profile *p)
{
	return p->n_values ? p->values[p->shown].unit : UNIT_COUNT;
}

void profile_amount(struct strbuf *out, enum profile_unit unit, int64_t v)
{
	if (unit == UNIT_NANOSECONDS)
		human_time(out, v, 0);
	else if (unit == UNIT_BYTES)
		human_bytes(out, v, 0);
	else
		human_count(out, v, 0);
}

/* "self_ns" in another unit. */
static int rename_column(struct report *r, enum profile_unit unit, struct column *c, struct err *e)
{
	struct strbuf key;

	if (c->type != CELL_TIME || unit == UNIT_NANOSECONDS)
		return 0;
	strbuf_init(&key, r->mem);
	strbuf_add(&key, c->key, strlen(c->key) - strlen("_ns"));
	strbuf_addstr(&key, unit == UNIT_BYTES ? "_bytes" : "");
	c->type = unit == UNIT_BYTES ? CELL_BYTES : CELL_COUNT;
	c->key = strbuf_check(&key, e) ? NULL : arena_copy(&r->arena, strbuf_str(&key), key.len, e);
	strbuf_release(&key);
	return c->key ? 0 : e->kind;
}

int profile_columns(struct report *r, enum profile_unit unit, struct table *t, const struct column *columns, size_t n,
		    struct err *e)
{
	struct column *copy = arena_alloc(&r->arena, n * sizeof(*copy), e);

	if (!copy)
		return e->kind;
	memcpy(copy, columns, n * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		if (rename_column(r, unit, &copy[i], e))
			return e->kind;
	t->columns = copy;
	t->n_columns = n;
	return 0;
}

int profile_place(struct report *r, const struct profile *p, uint32_t frame, uint32_t line, const struct place **out,
		  struct err *e)
{
	struct str file = profile_text(p, p->frames.file[frame]);
	struct place *place;

	*out = NULL;
	if (!file.n)
		return 0;
	place = arena_alloc(&r->arena, sizeof(*place), e);
	if (!place || ref_script(&r->arena, file, &place->script, e))
		return e->kind;
	place->line = line ? line : p->frames.line[frame];
	place->column = line ? 0 : p->frames.column[frame];
	*out = place;
	return 0;
}

/* Positions in input_columns. */
#define INPUT_DURATION 3
#define INPUT_INTERVAL 5

static const struct column input_columns[] = {
	{ "file", "File", CELL_TEXT, 0, 0 },
	{ "format", "Format", CELL_TEXT, 0, 0 },
	{ "file_bytes", "Size", CELL_BYTES, 0, 0 },
	{ "duration_ns", "Duration", CELL_TIME, 0, 0 },
	{ "samples", "Samples", CELL_COUNT, 0, 0 },
	{ "interval_ns", "Interval", CELL_TIME, 0, 0 },
	{ "interval_bytes", "Interval", CELL_BYTES, 0, 0 },
	{ "interval_events", "Interval", CELL_COUNT, 0, 0 },
	{ "unsampled_ns", "Unsampled", CELL_TIME, COLUMN_DETAIL, 0 },
	{ "producer", "Producer", CELL_TEXT, COLUMN_DETAIL, 0 },
};

/* Time, bytes, events: what the distance of samples is counted in, is where it stands. */
static void intervals(const struct profile_input *in, int64_t out[3])
{
	int by_size = in->period_unit == UNIT_BYTES, by_time = in->period_unit == UNIT_NANOSECONDS;

	out[0] = in->median_ns ? in->median_ns : by_time ? in->period : 0;
	out[1] = by_size ? in->period : 0;
	out[2] = by_size || by_time ? 0 : in->period;
}

/* What no input says is no column of a text: a zero would look like a measurement. */
static int input_table(struct report *r, const struct profile_input *const *inputs, size_t n, int *table, struct err *e)
{
	struct table t = { .key = "profiles", .title = "Profiles", .parent = -1, .n_columns = N(input_columns) };
	struct column *columns = arena_alloc(&r->arena, sizeof(input_columns), e);
	int said[3] = { 0 }, timed = 0;

	if (!columns)
		return e->kind;
	memcpy(columns, input_columns, sizeof(input_columns));
	t.columns = columns;
	for (size_t i = 0; i < n; i++) {
		int64_t interval[3];

		intervals(inputs[i], interval);
		for (size_t k = 0; k < 3; k++)
			said[k] |= interval[k] != 0;
		timed |= inputs[i]->duration_ns != 0;
	}
	columns[INPUT_DURATION].flags = timed ? 0 : COLUMN_DETAIL;
	for (size_t k = 0; k < 3; k++)
		columns[INPUT_INTERVAL + k].flags = said[k] ? 0 : COLUMN_DETAIL;
	return report_add_table(r, &t, table, e);
}

int profile_add_inputs(struct report *r, const struct profile_input *const *inputs, size_t n, struct err *e)
{
	int table = 0;

	if (input_table(r, inputs, n, &table, e))
		return e->kind;
	for (size_t i = 0; i < n; i++) {
		const struct profile_input *in = inputs[i];
		int64_t interval[3];
		struct str producer;

		intervals(in, interval);

		if (ref_text(&r->arena, in->producer, &producer, e))
			return e->kind;
		union cell cells[] = { cell_text(str_of(in->file)), cell_text(str_of(in->format)),
				       cell_size(in->file_bytes),   cell_int(in->duration_ns),
				       cell_size(in->n_samples),    cell_int(interval[0]),
				       cell_int(interval[1]),	    cell_int(interval[2]),
				       cell_int(in->gap_ns),	    cell_text(producer) };
		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

static const struct column summary_columns[] = {
	{ "value", "Shown", CELL_TEXT, 0, 0 },
	{ "busy_ns", "Busy", CELL_TIME, 0, 0 },
	{ "idle_ns", "Idle", CELL_TIME, 0, 0 },
	{ "idle_share", "Idle share", CELL_PERCENT, 0, 0 },
	{ "gc_ns", "Garbage collection", CELL_TIME, 0, 0 },
	{ "gc_share", "Share of busy time", CELL_PERCENT, 0, 0 },
	{ "filtered_ns", "Left out by filters", CELL_TIME, 0, 0 },
	{ "samples", "Samples", CELL_COUNT, 0, 0 },
};

/* In bytes and counts nothing idles and nothing collects: the record is then what was recorded. */
static const struct column plain_summary_columns[] = {
	{ "value", "Shown", CELL_TEXT, 0, 0 },
	{ "busy_ns", "Total", CELL_TIME, 0, 0 },
	{ "filtered_ns", "Left out by filters", CELL_TIME, 0, 0 },
	{ "samples", "Samples", CELL_COUNT, 0, 0 },
};

static int value_text(struct report *r, const struct profile *p, struct str *out, struct err *e)
{
	return ref_text(&r->arena, p->n_values ? p->values[p->shown].type : STR_LIT("nothing"), out, e);
}

int profile_add_summary(struct report *r, const struct profile_view *v, struct err *e)
{
	struct table t = { .key = "summary", .title = "Summary", .kind = TABLE_RECORD, .parent = -1 };
	int timed = unit_of(v->p) == UNIT_NANOSECONDS, table;
	int64_t gc = v->by_category[CATEGORY_GC];
	struct str value;

	if (value_text(r, v->p, &value, e) ||
	    profile_columns(r, unit_of(v->p), &t, timed ? summary_columns : plain_summary_columns,
			    timed ? N(summary_columns) : N(plain_summary_columns), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	union cell full[] = { cell_text(value),	     cell_int(v->sum),
			      cell_int(v->idle),     cell_int(hundredths(v->idle, v->idle + v->sum)),
			      cell_int(gc),	     cell_int(hundredths(gc, v->sum)),
			      cell_int(v->filtered), cell_int(v->samples) };
	union cell plain[] = { cell_text(value), cell_int(v->sum), cell_int(v->filtered), cell_int(v->samples) };

	return report_add_row(r, table, timed ? full : plain, e);
}

static const struct column category_columns[] = {
	{ "category", "Category", CELL_TEXT, 0, 0 },
	{ "self_ns", "Self", CELL_TIME, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

struct ranked {
	int64_t self, total;
	uint32_t key;
	struct str name;
};

static int by_self(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->self != y->self)
		return x->self < y->self ? 1 : -1;
	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	if (str_cmp(x->name, y->name))
		return str_cmp(x->name, y->name);
	return (x->key > y->key) - (x->key < y->key);
}

int profile_add_categories(struct report *r, const struct profile_view *v, struct err *e)
{
	struct table t = { .key = "categories", .title = "Where it goes", .parent = -1 };
	struct ranked rows[CATEGORY_N];
	size_t n = 0;
	int table;

	if (profile_columns(r, unit_of(v->p), &t, category_columns, N(category_columns), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	for (uint32_t c = 0; c < CATEGORY_N; c++)
		if (v->by_category[c] && c != CATEGORY_IDLE)
			rows[n++] = (struct ranked){ v->by_category[c], 0, c, str_of(profile_category_name(c)) };
	qsort(rows, n, sizeof(*rows), by_self);
	for (size_t i = 0; i < n; i++) {
		union cell cells[] = { cell_text(rows[i].name), cell_int(rows[i].self),
				       cell_int(hundredths(rows[i].self, v->sum)) };

		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	union cell total[] = { cell_int(0), cell_int(v->sum), cell_int(0) };
	return report_set_total(r, table, total, e);
}

static const struct column thread_columns[] = {
	{ "thread", "Thread", CELL_TEXT, 0, 0 },
	{ "file", "File", CELL_TEXT, 0, 0 },
	{ "pid", "Process", CELL_NUMBER, 0, 0 },
	{ "tid", "Id", CELL_NUMBER, 0, 0 },
	{ "busy_ns", "Busy", CELL_TIME, COLUMN_MAIN, 0 },
	{ "idle_ns", "Idle", CELL_TIME, 0, 0 },
};

static int thread_row(struct report *r, int table, const struct profile *p, size_t i, const int64_t amounts[2],
		      struct err *e)
{
	const struct profile_thread_row *t = &p->threads[i];
	struct str name;

	if (ref_text(&r->arena, t->name, &name, e))
		return e->kind;
	union cell cells[] = { cell_text(name),	       cell_text(str_of(p->inputs[t->input].file)),
			       cell_size(t->pid),      cell_size(t->tid),
			       cell_int(amounts[0]),   cell_int(amounts[1]) };
	return report_add_row(r, table, cells, e);
}

/* Only where there are several; filters on frames do not apply. */
int profile_add_threads(struct report *r, const struct profile_view *v, struct err *e)
{
	struct table t = { .key = "threads", .title = "Threads", .parent = -1, .text_rows = 10 };
	const struct profile *p = v->p;
	int64_t(*amounts)[2];
	int table, rc = 0;

	if (profile_columns(r, unit_of(p), &t, thread_columns, N(thread_columns), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	if (p->n_threads < 2)
		return 0;
	amounts = mem_alloc(r->mem, p->n_threads, sizeof(*amounts), e);
	if (!amounts)
		return e->kind;
	for (size_t i = 0; i < p->n_sums; i++) {
		uint32_t s = p->sums[i].stack;
		int idle = s != STACK_NONE && p->frames.category[p->stacks.frame[s]] == CATEGORY_IDLE;

		amounts[p->sums[i].thread][idle] += profile_sum_value(p, i, p->shown);
	}
	for (size_t i = 0; i < p->n_threads && !rc; i++)
		rc = thread_row(r, table, p, i, amounts[i], e);
	mem_free(r->mem, amounts);
	return rc;
}

static const struct column top_columns[] = {
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "category", "Category", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "package", "Package", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "self_ns", "Self", CELL_TIME, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "self_share", "Share", CELL_PERCENT, 0, 0 },
	{ "total_ns", "Total", CELL_TIME, 0, 0 },
	{ "total_share", "Share", CELL_PERCENT, 0, 0 },
	{ "samples", "Samples", CELL_COUNT, COLUMN_DETAIL, 0 },
	{ "tiers", "Tiers", CELL_TEXT, COLUMN_DETAIL, 0 },
};

static const struct column group_columns[] = {
	{ "name", "Name", CELL_TEXT, 0, 0 },
	{ "self_ns", "Self", CELL_TIME, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "self_share", "Share", CELL_PERCENT, 0, 0 },
	{ "total_ns", "Total", CELL_TIME, 0, 0 },
	{ "total_share", "Share", CELL_PERCENT, 0, 0 },
	{ "samples", "Samples", CELL_COUNT, COLUMN_DETAIL, 0 },
};

/* "~*": the tiers in which V8 ran the function. */
static int tiers_text(struct report *r, uint8_t tiers, struct str *out, struct err *e)
{
	static const char marks[TIER_N] = { '\0', '~', '^', '+', '*' };
	char text[TIER_N + 1];
	size_t n = 0;

	for (unsigned t = TIER_INTERPRETED; t < TIER_N; t++)
		if (tiers & 1u << t)
			text[n++] = marks[t];
	text[n] = '\0';
	if (!n)
		*out = (struct str){ NULL, 0 };
	return n ? ref_text(&r->arena, (struct str){ text, n }, out, e) : 0;
}

static int function_row(struct report *r, int table, const struct profile_view *v, const struct ranked *row,
			struct err *e)
{
	const struct view_key *k = &v->keys[row->key];
	struct str name, tiers, package = profile_text(v->p, k->package);
	const struct place *place;

	if (ref_text(&r->arena, row->name, &name, e) || profile_place(r, v->p, k->frame, 0, &place, e) ||
	    tiers_text(r, v->p->frames.tiers[k->frame], &tiers, e) ||
	    (package.n ? ref_text(&r->arena, package, &package, e) : (package.s = NULL, 0)))
		return e->kind;
	union cell cells[] = { cell_text(name),
			       { .place = place },
			       cell_text(str_of(profile_category_name(k->category))),
			       cell_text(package),
			       cell_int(k->self),
			       cell_int(hundredths(k->self, v->sum)),
			       cell_int(k->total),
			       cell_int(hundredths(k->total, v->sum)),
			       cell_int(k->samples),
			       cell_text(tiers) };
	return report_add_row(r, table, cells, e);
}

static int group_row(struct report *r, int table, const struct profile_view *v, const struct ranked *row, struct err *e)
{
	const struct view_key *k = &v->keys[row->key];
	struct str name;

	if (ref_text(&r->arena, row->name, &name, e))
		return e->kind;
	union cell cells[] = { cell_text(name),	   cell_int(k->self),
			       cell_int(hundredths(k->self, v->sum)),
			       cell_int(k->total), cell_int(hundredths(k->total, v->sum)),
			       cell_int(k->samples) };
	return report_add_row(r, table, cells, e);
}

/* What was recorded without a stack, or with every frame hidden. */
static int rootless_row(struct report *r, int table, const struct profile_view *v, struct err *e)
{
	int64_t self = v->nodes[0].self, share = hundredths(self, v->sum), samples = v->nodes[0].samples;
	union cell none = cell_text((struct str){ NULL, 0 }), name = cell_text(STR_LIT("(no stack)"));
	union cell function[] = { name,		   { .place = NULL }, cell_text(STR_LIT("program")), none,
				  cell_int(self), cell_int(share),   cell_int(self),		 cell_int(share),
				  cell_int(samples), none };
	union cell group[] = { name, cell_int(self), cell_int(share), cell_int(self), cell_int(share), cell_int(samples) };

	if (!self)
		return 0;
	return report_add_row(r, table, v->by == VIEW_FUNCTIONS ? function : group, e);
}

static const struct {
	const char *key, *title;
} tops[] = {
	[VIEW_FUNCTIONS] = { "functions", "Functions" },
	[VIEW_FILES] = { "files", "Files" },
	[VIEW_PACKAGES] = { "packages", "Packages" },
	[VIEW_CATEGORIES] = { "by_category", "Categories" },
};

static size_t rank(const struct profile_view *v, struct ranked *rows)
{
	size_t n = 0;

	for (uint32_t k = 0; k < v->n_keys; k++)
		if (v->keys[k].self || v->keys[k].total)
			rows[n++] = (struct ranked){ v->keys[k].self, v->keys[k].total, k, profile_view_name(v, k) };
	qsort(rows, n, sizeof(*rows), by_self);
	return n;
}

int profile_rank_keys(const struct profile_view *v, uint32_t *keys, size_t *n, struct err *e)
{
	struct mem *m = &v->p->run->mem;
	struct ranked *rows = MEM_NEW(m, struct ranked, v->n_keys + 1, e);

	if (!rows)
		return e->kind;
	*n = rank(v, rows);
	for (size_t i = 0; i < *n; i++)
		keys[i] = rows[i].key;
	mem_free(m, rows);
	return 0;
}

static int write_top(struct report *r, int table, const struct profile_view *v, struct ranked *rows, struct err *e)
{
	union cell total[N(top_columns)] = { { .i = 0 } };
	size_t n = rank(v, rows);

	for (size_t i = 0; i < n; i++)
		if (v->by == VIEW_FUNCTIONS ? function_row(r, table, v, &rows[i], e)
					    : group_row(r, table, v, &rows[i], e))
			return e->kind;
	if (rootless_row(r, table, v, e))
		return e->kind;
	total[v->by == VIEW_FUNCTIONS ? 4 : 1] = cell_int(v->sum);
	return report_set_total(r, table, total, e);
}

int profile_add_top(struct report *r, const struct profile_view *v, struct err *e)
{
	struct table t = { .key = tops[v->by].key, .title = tops[v->by].title, .parent = -1, .text_rows = 20,
			   .empty = "Nothing was recorded." };
	int functions = v->by == VIEW_FUNCTIONS, table, rc;
	struct ranked *rows;

	t.note = "Total counts what a function calls, too, and each stack once even if the function is in it repeatedly.";
	if (profile_columns(r, unit_of(v->p), &t, functions ? top_columns : group_columns,
			    functions ? N(top_columns) : N(group_columns), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	rows = MEM_NEW(r->mem, struct ranked, v->n_keys + 1, e);
	if (!rows)
		return e->kind;
	rc = write_top(r, table, v, rows, e);
	mem_free(r->mem, rows);
	return rc;
}

int profile_headline(struct report *r, const struct profile_view *v, struct err *e)
{
	uint32_t best = VIEW_NONE;
	struct strbuf sb;
	int rc;

	for (uint32_t k = 0; k < v->n_keys; k++)
		if (v->keys[k].self > 0 && (best == VIEW_NONE || v->keys[k].self > v->keys[best].self))
			best = k;
	if (best == VIEW_NONE)
		return report_headline(r, e, "Nothing was recorded.");
	strbuf_init(&sb, r->mem);
	profile_amount(&sb, unit_of(v->p), v->sum);
	strbuf_addstr(&sb, unit_of(v->p) == UNIT_NANOSECONDS ? " busy" : " recorded");
	if (v->idle) {
		strbuf_addstr(&sb, ", ");
		human_percent(&sb, hundredths(v->idle, v->idle + v->sum), 0);
		strbuf_addstr(&sb, " of the time idle");
	}
	strbuf_addstr(&sb, "; most in ");
	strbuf_add(&sb, profile_view_name(v, best).s, profile_view_name(v, best).n);
	strbuf_addstr(&sb, ": ");
	human_percent(&sb, hundredths(v->keys[best].self, v->sum), 0);
	strbuf_addch(&sb, '.');
	rc = strbuf_check(&sb, e) ? e->kind : report_headline(r, e, "%s", strbuf_str(&sb));
	strbuf_release(&sb);
	return rc;
}
