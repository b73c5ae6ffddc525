#include "analyzer/profile_runs.h"

#include <string.h>

/* Times of hostile files may be anything: sums and differences are those of 64 bits, and come out again as they went in. */
static int64_t plus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t minus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* GAP: from the end of the run before to the start. */
enum { GAP, NS, STACK, THREAD, SAMPLES, N_COLUMNS };

void profile_runs_init(struct profile_runs *r, struct mem *m)
{
	memset(r, 0, sizeof(*r));
	number_table_init(&r->rows, m, N_COLUMNS);
}

void profile_runs_release(struct profile_runs *r)
{
	number_table_release(&r->rows);
}

static int put_last(struct profile_runs *r, struct err *e)
{
	const struct profile_run *l = &r->last;
	unsigned i = 0;

	if (number_table_add(&r->rows, &i, e))
		return e->kind;
	r->rows.open[GAP][i] = minus(l->start_ns, r->end_ns);
	r->rows.open[NS][i] = l->ns;
	r->rows.open[STACK][i] = l->stack;
	r->rows.open[THREAD][i] = l->thread;
	r->rows.open[SAMPLES][i] = l->samples;
	r->end_ns = plus(l->start_ns, l->ns);
	return 0;
}

int profile_runs_add(struct profile_runs *r, const struct profile_run *run, struct err *e)
{
	struct profile_run *l = &r->last;

	if (r->n && l->stack == run->stack && l->thread == run->thread && plus(l->start_ns, l->ns) == run->start_ns) {
		l->ns = plus(l->ns, run->ns);
		l->samples += run->samples;
		return 0;
	}
	if (r->n && put_last(r, e))
		return e->kind;
	r->last = *run;
	r->n++;
	return 0;
}

void run_reader_init(struct run_reader *r, const struct profile_runs *runs)
{
	r->runs = runs;
	r->left = runs->n;
	r->end_ns = 0;
	number_reader_init(&r->rows, &runs->rows);
}

void run_reader_init_at(struct run_reader *r, const struct profile_runs *runs, size_t first, size_t n, int64_t start_ns)
{
	unsigned i;

	run_reader_init(r, runs);
	r->left = n;
	number_reader_seek(&r->rows, first);
	if (!number_reader_next(&r->rows, &i))
		return;
	r->end_ns = minus(start_ns, r->rows.values[GAP][i]);
	number_reader_seek(&r->rows, first);
}

int run_reader_next(struct run_reader *r, struct profile_run *out)
{
	int64_t (*v)[NUMBER_BLOCK] = r->rows.values;
	unsigned i;

	if (!r->left)
		return 0;
	r->left--;
	if (!number_reader_next(&r->rows, &i)) {
		*out = r->runs->last;
		return 1;
	}
	*out = (struct profile_run){ plus(r->end_ns, v[GAP][i]), v[NS][i], (uint32_t)v[STACK][i], (uint32_t)v[THREAD][i],
				     (uint32_t)v[SAMPLES][i] };
	r->end_ns = plus(out->start_ns, out->ns);
	return 1;
}

int64_t profile_runs_end(const struct profile_runs *r)
{
	struct run_reader reader;
	struct profile_run run;
	int64_t end = 0;

	run_reader_init(&reader, r);
	while (run_reader_next(&reader, &run))
		if (run.start_ns + run.ns > end)
			end = run.start_ns + run.ns;
	return end;
}
