#include "analyzer/insights.h"

#include <stdlib.h>

#include "analyzer/human.h"
#include "analyzer/profile_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

static int (*const rules[])(struct insights *, struct err *) = {
	insight_blocked_loop, insight_garbage,	insight_sync_calls, insight_json,
	insight_regexp,	      insight_tiers,	insight_idle,	    insight_startup,
	insight_quality,      insight_profiler, insight_packages,   insight_allocation,
};

void insight_amount(const struct insights *in, struct strbuf *out, int64_t v)
{
	profile_amount(out, in->unit, v);
}

void insight_share(const struct insights *in, struct strbuf *out, int64_t v)
{
	human_percent(out, hundredths(v, in->v->sum), 0);
}

/* The file's own name: a sentence has no room for a path, which the row carries. */
void insight_frame(const struct insights *in, struct strbuf *out, uint32_t frame)
{
	const struct profile *p = in->p;
	struct str name = profile_frame_name(p, frame), file = profile_text(p, p->frames.file[frame]);
	size_t i = file.n;

	strbuf_add(out, name.s, name.n < REF_MAX_NAME ? name.n : REF_MAX_NAME);
	if (!file.n)
		return;
	while (i && file.s[i - 1] != '/')
		i--;
	strbuf_addstr(out, " (");
	strbuf_add(out, file.s + i, file.n - i < REF_MAX_NAME ? file.n - i : REF_MAX_NAME);
	if (p->frames.line[frame])
		strbuf_addf(out, ":%u", p->frames.line[frame]);
	strbuf_addch(out, ')');
}

int insight_add(struct insights *in, const struct insight *what, const struct strbuf *text, struct err *e)
{
	struct insight *row;

	if (strbuf_check(text, e) || mem_reserve(&in->p->run->mem, (void **)&in->rows, &in->capacity, in->n + 1,
						 sizeof(*in->rows), e))
		return e->kind;
	row = &in->rows[in->n++];
	*row = *what;
	row->text = arena_copy(in->arena, strbuf_str(text), text->len, e);
	return row->text ? 0 : e->kind;
}

static int by_severity(const void *a, const void *b)
{
	const struct insight *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	return (x->amount < y->amount) - (x->amount > y->amount);
}

static const struct column columns[] = {
	{ "severity", "Severity", CELL_TEXT, 0, 0 },
	{ "rule", "Rule", CELL_TEXT, 0, 0 },
	{ "text", "Finding", CELL_TEXT, 0, 0 },
	{ "advice", "Advice", CELL_TEXT, 0, 0 },
	{ "function", "Function", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "place", "Place", CELL_PLACE, COLUMN_DETAIL, 0 },
	{ "amount_ns", "Amount", CELL_TIME, COLUMN_DETAIL, 0 },
};

static int write_row(struct report *r, int table, const struct insights *in, const struct insight *row, struct err *e)
{
	static const char *const severities[] = { "fail", "warn", "info" };
	struct str function = { NULL, 0 };
	const struct place *place = NULL;

	if (row->frame != UINT32_MAX &&
	    (ref_text(&r->arena, profile_frame_name(in->p, row->frame), &function, e) ||
	     profile_place(r, in->p, row->frame, 0, &place, e)))
		return e->kind;
	union cell cells[] = { cell_text(str_of(severities[row->severity])), cell_text(str_of(row->rule)),
			       cell_text(str_of(row->text)), cell_text(str_of(row->advice)),
			       cell_text(function), { .place = place }, cell_int(row->amount) };
	return report_add_row(r, table, cells, e);
}

static int write_table(struct report *r, struct insights *in, struct err *e)
{
	struct table t = { .key = "insights", .title = "Findings", .parent = -1 };
	int table;

	if (in->n)
		qsort(in->rows, in->n, sizeof(*in->rows), by_severity);
	if (profile_columns(r, in->unit, &t, columns, sizeof(columns) / sizeof(columns[0]), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < in->n; i++)
		if (write_row(r, table, in, &in->rows[i], e))
			return e->kind;
	return 0;
}

int profile_add_insights(struct report *r, const struct profile_view *v, struct err *e)
{
	struct profile_tasks tasks;
	struct insights in = { .p = v->p, .v = v, .tasks = &tasks, .arena = &r->arena,
			       .unit = v->p->n_values ? v->p->values[v->p->shown].unit : UNIT_COUNT };
	int rc;

	if (profile_tasks_make(&tasks, v->p, e))
		return e->kind;
	in.is_script = insight_is_script(&in);
	rc = 0;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !rc; i++)
		rc = rules[i](&in, e);
	if (!rc)
		rc = write_table(r, &in, e);
	if (!rc && v->idle)
		rc = profile_add_blocks(r, v->p, &tasks, e);
	profile_tasks_release(&tasks);
	mem_free(&v->p->run->mem, in.rows);
	return rc;
}
