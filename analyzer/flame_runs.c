/* What ran when, as rows of the table of stacks; of very many runs a sample in equal slices of time. */
#include "analyzer/flame_report.h"
#include "analyzer/report_parts.h"

static const struct column columns[] = {
	{ "thread", "Thread", CELL_NUMBER, 0, 0 },
	{ "start_ns", "At", CELL_TIME, 0, 0 },
	{ "duration_ns", "Duration", CELL_TIME, 0, 0 },
	{ "stack", "Stack", CELL_ROW, 0, 0 },
};

#define NOTHING UINT32_MAX /* idle, or what filters drop */

struct piece {
	int64_t start_ns, ns;
	uint32_t thread, row;
};

struct runs {
	struct report *r;
	const struct profile_view *v;
	const uint32_t *row_of;
	int table;
	int64_t slice_ns;   /* 0: all runs as they are */
	struct piece held;  /* not written yet: the next one may continue it */
	struct piece best;  /* the longest of the open slice */
	int64_t slice;      /* number of the open slice, -1: none */
};

static uint32_t row_of_run(const struct runs *w, const struct profile_run *run)
{
	const struct profile *p = w->v->p;

	if (run->stack == STACK_NONE || p->frames.category[p->stacks.frame[run->stack]] == CATEGORY_IDLE ||
	    !profile_view_wants(w->v, run->stack, run->thread))
		return NOTHING;
	return w->row_of[w->v->node_of[run->stack]];
}

static int flush(struct runs *w, struct err *e)
{
	const struct piece *h = &w->held;
	union cell cells[] = { cell_int(h->thread), cell_int(h->start_ns), cell_int(h->ns), cell_int(h->row) };

	if (!h->ns || h->row == NOTHING)
		return 0;
	return report_add_row(w->r, w->table, cells, e);
}

static int put(struct runs *w, const struct piece *p, struct err *e)
{
	struct piece *h = &w->held;

	if (h->ns && h->thread == p->thread && h->row == p->row && h->start_ns + h->ns == p->start_ns) {
		h->ns += p->ns;
		return 0;
	}
	if (flush(w, e))
		return e->kind;
	*h = *p;
	return 0;
}

static int close_slice(struct runs *w, struct err *e)
{
	struct piece p = { w->slice * w->slice_ns, w->slice_ns, w->best.thread, w->best.row };

	if (w->slice < 0)
		return 0;
	w->slice = -1;
	return put(w, &p, e);
}

static int open_slice(struct runs *w, const struct piece *p, int64_t slice, struct err *e)
{
	if (w->slice == slice && w->best.thread == p->thread)
		return 0;
	if (close_slice(w, e))
		return e->kind;
	w->slice = slice;
	w->best = (struct piece){ 0, 0, p->thread, NOTHING };
	return 0;
}

/* Whole slices in the middle of a long run are one piece. */
static int add_sliced(struct runs *w, const struct piece *p, struct err *e)
{
	int64_t at = p->start_ns, end = p->start_ns + p->ns;

	while (at < end) {
		int64_t slice = at / w->slice_ns, next = (slice + 1) * w->slice_ns;
		int64_t ns = (next < end ? next : end) - at;

		if (open_slice(w, p, slice, e))
			return e->kind;
		if (ns > w->best.ns) {
			w->best.ns = ns;
			w->best.row = p->row;
		}
		at += ns;
		if (at == next && end - at > w->slice_ns) {
			int64_t whole = (end - at) / w->slice_ns * w->slice_ns;

			if (close_slice(w, e) || put(w, &(struct piece){ at, whole, p->thread, p->row }, e))
				return e->kind;
			at += whole;
		}
	}
	return 0;
}

static int add_runs(struct runs *w, struct err *e)
{
	struct run_reader reader;
	struct profile_run run;

	run_reader_init(&reader, &w->v->p->runs);
	while (run_reader_next(&reader, &run)) {
		struct piece piece = { run.start_ns < 0 ? 0 : run.start_ns, run.ns, run.thread, row_of_run(w, &run) };

		if (piece.ns > 0 && (w->slice_ns ? add_sliced(w, &piece, e) : put(w, &piece, e)))
			return e->kind;
	}
	return close_slice(w, e) || flush(w, e) ? e->kind : 0;
}

int flame_add_runs(struct report *r, const struct profile_view *v, const uint32_t *row_of, struct err *e)
{
	struct table t = { .key = "runs", .title = "Runs", .parent = -1, .for_pages = 1, .is_data = 1, COLUMNS(columns) };
	struct runs w = { .r = r, .v = v, .row_of = row_of, .slice = -1 };
	const struct profile *p = v->p;

	if (report_add_table(r, &t, &w.table, e))
		return e->kind;
	if (p->runs.n > FLAME_MOST_RUNS)
		w.slice_ns = profile_runs_end(&p->runs) / FLAME_MOST_RUNS * (int64_t)(p->n_threads ? p->n_threads : 1) + 1;
	return add_runs(&w, e);
}
