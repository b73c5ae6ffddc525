#include "analyzer/profile_observe.h"

#include <string.h>

#include "analyzer/profile_intern.h"

int profile_sum_book(struct profile *p, uint32_t sum, size_t v, int64_t value, struct err *e)
{
	int64_t *at = &p->sum_columns[v][sum];

	if (__builtin_add_overflow(*at, value, at))
		return err_set(e, ERR_FORMAT, "the values of one stack do not fit into 64 bits");
	return 0;
}

/* Times of hostile files may be anything: distances wrap as 64 bits do until check_times() has looked at them. */
static int64_t minus(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* DISTANCE: ns since the one before; of the first one since 0. */
enum { DISTANCE, STACK, TIER, N_COLUMNS };

void observed_init(struct observed *o, struct mem *m, uint32_t thread)
{
	*o = (struct observed){ .thread = thread };
	number_table_init(&o->rows, m, N_COLUMNS);
}

void observed_release(struct observed *o)
{
	number_table_release(&o->rows);
}

int observed_add(struct observed *o, const struct observation *row, struct err *e)
{
	int64_t distance = minus(row->time_ns, o->last_ns);
	unsigned i = 0;

	if (!o->n)
		o->first_ns = row->time_ns;
	else if (row->time_ns < o->last_ns)
		o->n_backward++;
	else if ((uint64_t)distance > o->widest)
		o->widest = (uint64_t)distance;
	o->last_ns = row->time_ns;
	o->n++;
	if (number_table_add(&o->rows, &i, e))
		return e->kind;
	o->rows.open[DISTANCE][i] = distance;
	o->rows.open[STACK][i] = row->stack;
	o->rows.open[TIER][i] = row->tier;
	return 0;
}

void observed_count(const struct observed *o, uint64_t *counts)
{
	struct number_reader r;
	unsigned i;

	number_reader_init(&r, &o->rows);
	while (number_reader_next(&r, &i)) {
		uint32_t stack = (uint32_t)r.values[STACK][i];

		counts[stack == STACK_NONE ? 0 : (size_t)stack + 1]++;
	}
}

/* The observations in their order, which are dropped behind the reader. */
struct reader {
	struct number_reader rows;
	int64_t time_ns;
};

static void reader_init(struct reader *r, struct observed *o)
{
	number_reader_init_dropping(&r->rows, &o->rows);
	r->time_ns = 0;
}

static int reader_next(struct reader *r, struct observation *out)
{
	unsigned i;

	if (!number_reader_next(&r->rows, &i))
		return 0;
	r->time_ns = (int64_t)((uint64_t)r->time_ns + (uint64_t)r->rows.values[DISTANCE][i]);
	*out = (struct observation){ r->time_ns, (uint32_t)r->rows.values[STACK][i], (uint32_t)r->rows.values[TIER][i] };
	return 1;
}

static void merge(const struct observation *a, size_t n_a, const struct observation *b, size_t n_b,
		  struct observation *out)
{
	while (n_a && n_b) {
		if (b->time_ns < a->time_ns) {
			*out++ = *b++;
			n_b--;
		} else {
			*out++ = *a++;
			n_a--;
		}
	}
	memcpy(out, n_a ? a : b, (n_a + n_b) * sizeof(*out));
}

/* Stable, since two observations at one time keep the order of the file. `own` is as long; what is returned is one of both. */
static struct observation *sort_rows(struct observation *rows, struct observation *own, size_t n)
{
	struct observation *from = rows, *to = own;

	for (size_t width = 1; width < n; width *= 2) {
		struct observation *t = from;

		for (size_t i = 0; i < n; i += 2 * width) {
			size_t a = n - i < width ? n - i : width;
			size_t b = n - i - a < width ? n - i - a : width;

			merge(from + i, a, from + i + a, b, to + i);
		}
		from = to;
		to = t;
	}
	return from;
}

/* The same observations, written again in the order of time. */
static int sort_into(struct observed *o, struct observation *rows, struct observation *own, struct err *e)
{
	const struct observation *sorted;
	struct reader r;
	size_t n = 0;

	reader_init(&r, o);
	while (reader_next(&r, &rows[n]))
		n++;
	sorted = sort_rows(rows, own, n);
	observed_release(o);
	o->n = 0;
	o->last_ns = 0;
	o->widest = 0;
	for (size_t i = 0; i < n; i++)
		if (observed_add(o, &sorted[i], e))
			return e->kind;
	return 0;
}

static int sort(struct observed *o, struct err *e)
{
	struct mem *m = o->rows.mem;
	struct observation *rows = MEM_NEW(m, struct observation, o->n + 1, e);
	struct observation *own = rows ? MEM_NEW(m, struct observation, o->n + 1, e) : NULL;
	int rc = own ? sort_into(o, rows, own, e) : e->kind;

	mem_free(m, rows);
	mem_free(m, own);
	return rc;
}

#define DIGIT_BITS 12
#define N_DIGITS (1u << DIGIT_BITS)

/* Of the distances that begin with `prefix`, so far as `above` says, how many go on with which digit. */
static void count_digits(const struct observed *o, uint64_t above, uint64_t prefix, int shift, uint64_t *count)
{
	struct number_reader r;
	unsigned i;

	memset(count, 0, N_DIGITS * sizeof(*count));
	number_reader_init(&r, &o->rows);
	number_reader_next(&r, &i); /* the first one is no distance of two */
	while (number_reader_next(&r, &i)) {
		uint64_t distance = (uint64_t)r.values[DISTANCE][i];

		if ((distance & above) == prefix)
			count[distance >> shift & (N_DIGITS - 1)]++;
	}
}

/* Median distance by radix selection: exact and linear, whatever the distances are. */
static int median(const struct observed *o, struct mem *m, int64_t *out, struct err *e)
{
	size_t rank = (o->n - 1) / 2;
	uint64_t prefix = 0, *count = MEM_NEW(m, uint64_t, N_DIGITS, e);
	int shift = 0;

	if (!count)
		return e->kind;
	while (shift + DIGIT_BITS < 64 && o->widest >> (shift + DIGIT_BITS))
		shift += DIGIT_BITS;
	for (; shift >= 0; shift -= DIGIT_BITS) {
		uint64_t above = shift + DIGIT_BITS >= 64 ? 0 : ~(uint64_t)0 << (shift + DIGIT_BITS), digit = 0;

		count_digits(o, above, prefix, shift, count);
		while (rank >= count[digit])
			rank -= count[digit++];
		prefix |= digit << shift;
	}
	mem_free(m, count);
	*out = prefix > INT64_MAX ? INT64_MAX : (int64_t)prefix;
	return 0;
}


struct weigher {
	struct profile *p;
	struct observed *o;
	struct profile_input *in;
	int64_t origin_ns;
	int64_t median_ns;
	uint32_t last_stack;  /* last that was no garbage collection */
	struct observation open; /* the stack that is being gathered, its time and how often it was seen */
	int64_t open_ns, n_open;
	size_t n_stacks;      /* that were observed have smaller numbers; those of collections that interrupted them are new */
	uint8_t *kind;        /* by stack: of its innermost frame */
	uint32_t *sum_of;     /* by stack: number of its sum plus 1, for code of unknown tier */
};

static enum frame_kind leaf_kind(const struct weigher *w, uint32_t stack)
{
	return stack < w->n_stacks ? w->kind[stack] : FRAME_ROOT;
}

/* Not a stack of the program: nothing that could have been interrupted. */
static int is_system(const struct weigher *w, uint32_t stack)
{
	enum frame_kind k = leaf_kind(w, stack);

	return k == FRAME_ROOT || k == FRAME_IDLE || k == FRAME_PROGRAM || k == FRAME_GC;
}

/*
 * A lone (program) between two stacks of one task means that V8 failed to walk the stack once; it becomes the stack
 * before it, as in fixMissingSamples() of DevTools' CPUProfileDataModel.
 */
static int is_lost(const struct weigher *w, uint32_t before, uint32_t here, uint32_t after)
{
	return leaf_kind(w, here) == FRAME_PROGRAM && !is_system(w, before) && !is_system(w, after) &&
	       w->p->stacks.outermost[before] == w->p->stacks.outermost[after];
}

/* Garbage collection goes below the stack that it interrupted. */
static int place_gc(struct weigher *w, uint32_t *stack, struct err *e)
{
	struct profile *p = w->p;

	if (leaf_kind(w, *stack) != FRAME_GC) {
		w->last_stack = *stack;
		return 0;
	}
	if (p->stacks.parent[*stack] != STACK_NONE || is_system(w, w->last_stack))
		return 0;
	return profile_stack_add(p, w->last_stack, p->stacks.frame[*stack], 0, stack, e);
}

/* What was gathered goes into its sum. */
static int book(struct weigher *w, struct err *e)
{
	uint32_t stack = w->open.stack, tier = w->open.tier, i;
	struct profile_sum key = { stack, w->o->thread, 0, tier };
	uint32_t *known = stack < w->n_stacks && !tier ? &w->sum_of[stack] : NULL;

	if (w->o->runs_only || !w->n_open)
		return 0;
	if (known && *known)
		i = *known - 1;
	else if (profile_sum_at(w->p, &key, &i, e))
		return e->kind;
	if (known)
		*known = i + 1;
	if (profile_sum_book(w->p, i, w->o->values[0], w->open_ns, e))
		return e->kind;
	return profile_sum_book(w->p, i, w->o->values[1], w->n_open, e);
}

/* Observations of one stack mostly follow each other, and are booked together. */
static int gather(struct weigher *w, const struct observation *row, int64_t ns, struct err *e)
{
	if (row->stack != w->open.stack || row->tier != w->open.tier) {
		if (book(w, e))
			return e->kind;
		w->open = *row;
		w->open_ns = w->n_open = 0;
	}
	w->open_ns += ns;
	w->n_open++;
	return 0;
}

/* Only what lies in the time that was asked for. 0: nothing does. */
static int clip(const struct weigher *w, int64_t *start_ns, int64_t *end_ns)
{
	int64_t from = w->origin_ns + w->o->from_ns, to = w->o->to_ns ? w->origin_ns + w->o->to_ns : INT64_MAX;

	if (*start_ns < from)
		*start_ns = from;
	if (*end_ns > to)
		*end_ns = to;
	return *start_ns < *end_ns || (*start_ns == *end_ns && *start_ns >= from && *start_ns < to);
}

static int weigh_one(struct weigher *w, const struct observation *seen, int64_t end_ns, struct err *e)
{
	struct observation row = *seen;
	int64_t start_ns = row.time_ns;
	struct profile_run run;

	if (end_ns - start_ns > w->median_ns / 2 * 5 && w->median_ns)
		w->in->gap_ns += end_ns - start_ns - w->median_ns;
	if (place_gc(w, &row.stack, e))
		return e->kind;
	if (!clip(w, &start_ns, &end_ns))
		return 0;
	if (gather(w, &row, end_ns - start_ns, e))
		return e->kind;
	run = (struct profile_run){ .start_ns = start_ns - w->origin_ns, .ns = end_ns - start_ns, .stack = row.stack,
				    .thread = w->o->thread, .samples = 1 };
	return profile_runs_add(&w->p->runs, &run, e);
}

/* When the last observation ends: what the profile has left, but no more than an honest distance. */
static int64_t last_end(struct weigher *w)
{
	int64_t last = w->o->last_ns, cap = w->median_ns / 2 * 5, left;

	if (w->o->end_ns == PROFILE_NO_TIME || w->o->end_ns < last)
		return last + w->median_ns;
	left = w->o->end_ns - last;
	if (left <= cap || w->o->n < 2)
		return w->o->end_ns;
	w->in->after_ns += left - cap;
	return last + cap;
}

/* Times so far apart that their differences overflow are no times. */
static int check_times(const struct observed *o, struct err *e)
{
	int64_t span, first = o->first_ns, last = o->last_ns;

	if (__builtin_sub_overflow(last, first, &span) || span > INT64_MAX / 4 || first < -INT64_MAX / 4 ||
	    last > INT64_MAX / 4)
		return err_set(e, ERR_FORMAT, "the times of the samples are further apart than 73 years");
	return 0;
}

static void note_quality(struct weigher *w)
{
	const struct observed *o = w->o;

	if (!w->in->median_ns || o->n > w->in->n_samples)
		w->in->median_ns = w->median_ns;
	w->in->n_samples += o->n;
	if (o->start_ns != PROFILE_NO_TIME && o->start_ns < o->first_ns)
		w->in->before_ns += o->first_ns - o->start_ns;
}

/* Each weighs until the next; and the one before and the next together say whether one is lost. */
static int weigh_rows(struct weigher *w, struct err *e)
{
	struct observation last = { .stack = STACK_NONE }, here = last, after = last;
	uint32_t before = STACK_NONE; /* which is no stack of a task */
	int64_t end = last_end(w);
	struct reader r;
	int more;

	reader_init(&r, w->o);
	more = reader_next(&r, &here);
	while (more) {
		uint32_t seen = here.stack;

		more = reader_next(&r, &after);
		if (more && is_lost(w, before, seen, after.stack)) {
			here.stack = before;
			here.tier = last.tier;
			w->in->n_repaired++;
		}
		if (weigh_one(w, &here, more ? after.time_ns : end, e))
			return e->kind;
		last = here;
		here = after;
		before = seen;
	}
	return book(w, e);
}

static int weigh_all(struct weigher *w, struct err *e)
{
	const struct profile *p = w->p;
	struct mem *m = &p->run->mem;
	int rc;

	w->n_stacks = p->stacks.n;
	w->sum_of = MEM_NEW(m, uint32_t, w->n_stacks, e);
	w->kind = w->sum_of ? MEM_NEW(m, uint8_t, w->n_stacks, e) : NULL;
	for (size_t s = 0; w->kind && s < w->n_stacks; s++)
		w->kind[s] = p->frames.kind[p->stacks.frame[s]];
	rc = w->kind ? weigh_rows(w, e) : e->kind;
	mem_free(m, w->sum_of);
	mem_free(m, w->kind);
	return rc;
}

int observed_weigh(struct observed *o, struct profile *p, struct profile_input *in, struct err *e)
{
	struct weigher w = { .p = p, .o = o, .in = in, .last_stack = STACK_NONE };
	int backward = o->n_backward != 0;

	if (!o->n)
		return 0;
	in->n_negative += o->n_backward;
	if ((backward && sort(o, e)) || check_times(o, e) || (o->n > 1 && median(o, &p->run->mem, &w.median_ns, e)))
		return e->kind;
	w.origin_ns = o->start_ns != PROFILE_NO_TIME && o->start_ns <= o->first_ns ? o->start_ns : o->first_ns;
	note_quality(&w);
	return weigh_all(&w, e);
}
