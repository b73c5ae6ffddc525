/* The longest turns of the event loop, as a table; and what ran when. */
#include <stdlib.h>

#include "analyzer/insights.h"
#include "analyzer/profile_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define LEAST_NS 50000000
#define MOST_ROWS 20
#define STACK_BYTES 400

static const struct column columns[] = {
	{ "start_ns", "At", CELL_TIME, 0, 0 },
	{ "duration_ns", "Blocked", CELL_TIME, COLUMN_MAIN, 0 },
	{ "function", "Most in", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "self_ns", "Of that", CELL_TIME, 0, 0 },
	{ "user_function", "Under", CELL_TEXT, 0, 0 },
	{ "user_place", "Place", CELL_PLACE, COLUMN_DETAIL, 0 },
	{ "entry", "Entry", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "stack", "Stack", CELL_TEXT, COLUMN_DETAIL, 0 },
};

static int by_length(const void *a, const void *b)
{
	const struct profile_task *x = *(const struct profile_task *const *)a, *y = *(const struct profile_task *const *)b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? 1 : -1;
	return (x->first_run > y->first_run) - (x->first_run < y->first_run);
}

static int frame_cells(struct report *r, const struct profile *p, uint32_t frame, struct str *name,
		       const struct place **place, struct err *e)
{
	*name = (struct str){ NULL, 0 };
	*place = NULL;
	if (frame == UINT32_MAX)
		return 0;
	return ref_text(&r->arena, profile_frame_name(p, frame), name, e) || profile_place(r, p, frame, 0, place, e)
		       ? e->kind
		       : 0;
}

/* "inner < outer < ...", as far as there is room. */
static int stack_text(struct report *r, const struct profile *p, uint32_t stack, struct str *out, struct err *e)
{
	struct strbuf sb;
	char *copy;

	strbuf_init(&sb, r->mem);
	for (; stack != STACK_NONE && sb.len < STACK_BYTES; stack = p->stacks.parent[stack]) {
		struct str name = profile_frame_name(p, p->stacks.frame[stack]);

		if (sb.len)
			strbuf_addstr(&sb, " < ");
		strbuf_add(&sb, name.s, name.n < 80 ? name.n : 80);
	}
	if (stack != STACK_NONE)
		strbuf_addstr(&sb, " < ...");
	copy = arena_copy(&r->arena, strbuf_str(&sb), sb.len, e);
	*out = (struct str){ copy, sb.len };
	if (copy)
		strbuf_check(&sb, e);
	strbuf_release(&sb);
	return e->kind;
}

static int block_row(struct report *r, int table, const struct profile *p, const struct profile_task *t, struct err *e)
{
	struct str function, user, entry, stack;
	const struct place *place, *user_place, *ignored;
	struct task_focus focus;

	if (profile_task_focus(p, t, &focus, e) || frame_cells(r, p, focus.frame, &function, &place, e) ||
	    frame_cells(r, p, focus.user_frame, &user, &user_place, e) || frame_cells(r, p, t->entry, &entry, &ignored, e) ||
	    stack_text(r, p, focus.stack, &stack, e))
		return e->kind;
	union cell cells[] = { cell_int(t->start_ns), cell_int(t->ns),	      cell_text(function),
			       { .place = place },    cell_int(focus.frame_ns), cell_text(user),
			       { .place = user_place }, cell_text(entry),     cell_text(stack) };
	return report_add_row(r, table, cells, e);
}

int profile_add_blocks(struct report *r, const struct profile *p, const struct profile_tasks *tasks, struct err *e)
{
	struct table t = { .key = "blocks", .title = "Turns of the event loop over 50 ms", .parent = -1, .text_rows = 10,
			   .note = "Start-up apart. A turn is time without idling under one entry of the event loop.",
			   COLUMNS(columns) };
	const struct profile_task **order = mem_alloc(r->mem, tasks->n + 1, sizeof(*order), e);
	size_t n = 0;
	int table, rc;

	if (!order)
		return e->kind;
	for (size_t i = 0; i < tasks->n; i++)
		if (tasks->rows[i].ns >= LEAST_NS && !tasks->rows[i].is_startup)
			order[n++] = &tasks->rows[i];
	if (n)
		qsort(order, n, sizeof(*order), by_length);
	rc = report_add_table(r, &t, &table, e);
	for (size_t i = 0; i < n && i < MOST_ROWS && !rc; i++)
		rc = block_row(r, table, p, order[i], e);
	mem_free(r->mem, order);
	return rc;
}
