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

static size_t count_backward(const struct observed *o)
{
	size_t n = 0;

	for (size_t i = 1; i < o->n; i++)
		n += o->rows[i].time_ns < o->rows[i - 1].time_ns;
	return n;
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

/* Stable, since two observations at one time keep the order of the file. */
static int sort(struct observed *o, struct mem *m, struct err *e)
{
	struct observation *from = o->rows, *to = MEM_NEW(m, struct observation, o->n, e), *own = to;

	if (!to)
		return e->kind;
	for (size_t width = 1; width < o->n; width *= 2) {
		struct observation *t = from;

		for (size_t i = 0; i < o->n; i += 2 * width) {
			size_t a = o->n - i < width ? o->n - i : width;
			size_t b = o->n - i - a < width ? o->n - i - a : width;

			merge(from + i, a, from + i + a, b, to + i);
		}
		from = to;
		to = t;
	}
	if (from == own)
		memcpy(o->rows, own, o->n * sizeof(*own));
	mem_free(m, own);
	return 0;
}

#define DIGIT_BITS 12
#define N_DIGITS (1u << DIGIT_BITS)

/* Median distance by radix selection: exact and linear, whatever the distances are. */
static int median(const struct observed *o, struct mem *m, int64_t *out, struct err *e)
{
	size_t n = o->n - 1, rank = n / 2;
	uint64_t prefix = 0, *count = MEM_NEW(m, uint64_t, N_DIGITS, e);

	if (!count)
		return e->kind;
	for (int shift = 60; shift >= 0; shift -= DIGIT_BITS) {
		uint64_t above = shift + DIGIT_BITS >= 64 ? 0 : ~(uint64_t)0 << (shift + DIGIT_BITS), digit = 0;

		memset(count, 0, N_DIGITS * sizeof(*count));
		for (size_t i = 0; i < n; i++) {
			uint64_t d = (uint64_t)o->rows[i + 1].time_ns - (uint64_t)o->rows[i].time_ns;

			if ((d & above) == prefix)
				count[d >> shift & (N_DIGITS - 1)]++;
		}
		while (rank >= count[digit])
			rank -= count[digit++];
		prefix |= digit << shift;
	}
	mem_free(m, count);
	*out = prefix > INT64_MAX ? INT64_MAX : (int64_t)prefix;
	return 0;
}

static enum frame_kind leaf_kind(const struct profile *p, uint32_t stack)
{
	return stack == STACK_NONE ? FRAME_ROOT : p->frames.kind[p->stacks.frame[stack]];
}

/* Not a stack of the program: nothing that could have been interrupted. */
static int is_system(const struct profile *p, uint32_t stack)
{
	enum frame_kind k = leaf_kind(p, stack);

	return k == FRAME_ROOT || k == FRAME_IDLE || k == FRAME_PROGRAM || k == FRAME_GC;
}

/*
 * A lone (program) between two stacks of one task means that V8 failed to walk the stack once; it becomes the stack
 * before it, as in fixMissingSamples() of DevTools' CPUProfileDataModel.
 */
static uint64_t repair(struct observed *o, const struct profile *p)
{
	uint32_t before = o->n ? o->rows[0].stack : 0, here;
	uint64_t n = 0;

	for (size_t i = 1; i + 1 < o->n; i++, before = here) {
		uint32_t after = o->rows[i + 1].stack;

		here = o->rows[i].stack;
		if (leaf_kind(p, here) != FRAME_PROGRAM || is_system(p, before) || is_system(p, after) ||
		    p->stacks.outermost[before] != p->stacks.outermost[after])
			continue;
		o->rows[i].stack = before;
		o->rows[i].tier = o->rows[i - 1].tier;
		n++;
	}
	return n;
}

struct weigher {
	struct profile *p;
	const struct observed *o;
	struct profile_input *in;
	int64_t origin_ns;
	int64_t median_ns;
	uint32_t last_stack;  /* last that was no garbage collection */
	int64_t run_end_ns;   /* where the last run of this thread ends */
	size_t first_run;
	uint32_t *sum_of;     /* by stack: number of its sum plus 1, for stacks below n_sum_of and code of unknown tier */
	size_t n_sum_of;
};

/* Garbage collection goes below the stack that it interrupted. */
static int place_gc(struct weigher *w, uint32_t *stack, struct err *e)
{
	struct profile *p = w->p;

	if (leaf_kind(p, *stack) != FRAME_GC) {
		w->last_stack = *stack;
		return 0;
	}
	if (p->stacks.parent[*stack] != STACK_NONE || is_system(p, w->last_stack))
		return 0;
	return profile_stack_add(p, w->last_stack, p->stacks.frame[*stack], 0, stack, e);
}

static int add_run(struct weigher *w, uint32_t stack, int64_t start_ns, int64_t ns, struct err *e)
{
	struct profile *p = w->p;
	struct profile_run *r = p->n_runs > w->first_run ? &p->runs[p->n_runs - 1] : NULL;

	if (r && r->stack == stack && w->run_end_ns == start_ns) {
		r->ns += ns;
		r->samples++;
	} else {
		if (mem_reserve(&p->run->mem, (void **)&p->runs, &p->runs_capacity, p->n_runs + 1, sizeof(*r), e))
			return e->kind;
		p->runs[p->n_runs++] = (struct profile_run){ .start_ns = start_ns - w->origin_ns, .ns = ns,
							     .stack = stack, .thread = w->o->thread, .samples = 1 };
	}
	w->run_end_ns = start_ns + ns;
	return 0;
}

static int book(struct weigher *w, const struct observation *row, uint32_t stack, int64_t ns, struct err *e)
{
	struct profile_sum key = { stack, w->o->thread, 0, row->tier };
	uint32_t *known = stack < w->n_sum_of && !row->tier ? &w->sum_of[stack] : NULL, i;

	if (w->o->runs_only)
		return 0;
	if (known && *known)
		i = *known - 1;
	else if (profile_sum_at(w->p, &key, &i, e))
		return e->kind;
	if (known)
		*known = i + 1;
	if (profile_sum_book(w->p, i, w->o->values[0], ns, e))
		return e->kind;
	return profile_sum_book(w->p, i, w->o->values[1], 1, e);
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

static int weigh_one(struct weigher *w, size_t i, int64_t end_ns, struct err *e)
{
	const struct observation *row = &w->o->rows[i];
	int64_t start_ns = row->time_ns;
	uint32_t stack = row->stack;

	if (end_ns - start_ns > w->median_ns / 2 * 5 && w->median_ns)
		w->in->gap_ns += end_ns - start_ns - w->median_ns;
	if (place_gc(w, &stack, e))
		return e->kind;
	if (!clip(w, &start_ns, &end_ns))
		return 0;
	if (book(w, row, stack, end_ns - start_ns, e))
		return e->kind;
	return add_run(w, stack, start_ns, end_ns - start_ns, e);
}

/* When the last observation ends: what the profile has left, but no more than an honest distance. */
static int64_t last_end(struct weigher *w)
{
	int64_t last = w->o->rows[w->o->n - 1].time_ns, cap = w->median_ns / 2 * 5, left;

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
	int64_t span, first = o->rows[0].time_ns, last = o->rows[o->n - 1].time_ns;

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
	if (o->start_ns != PROFILE_NO_TIME && o->start_ns < o->rows[0].time_ns)
		w->in->before_ns += o->rows[0].time_ns - o->start_ns;
}

static int weigh_all(struct weigher *w, struct err *e)
{
	const struct observed *o = w->o;
	int64_t end = last_end(w);
	int rc = 0;

	w->n_sum_of = w->p->stacks.n;
	w->sum_of = MEM_NEW(&w->p->run->mem, uint32_t, w->n_sum_of, e);
	if (!w->sum_of)
		return e->kind;
	for (size_t i = 0; i < o->n && !rc; i++)
		rc = weigh_one(w, i, i + 1 < o->n ? o->rows[i + 1].time_ns : end, e);
	mem_free(&w->p->run->mem, w->sum_of);
	return rc;
}

int observed_weigh(struct observed *o, struct profile *p, struct profile_input *in, struct err *e)
{
	struct weigher w = { .p = p, .o = o, .in = in, .last_stack = STACK_NONE, .first_run = p->n_runs };
	size_t backward = count_backward(o);

	if (!o->n)
		return 0;
	in->n_negative += backward;
	if ((backward && sort(o, &p->run->mem, e)) || check_times(o, e) ||
	    (o->n > 1 && median(o, &p->run->mem, &w.median_ns, e)))
		return e->kind;
	in->n_repaired += repair(o, p);
	w.origin_ns = o->start_ns != PROFILE_NO_TIME && o->start_ns <= o->rows[0].time_ns ? o->start_ns
											   : o->rows[0].time_ns;
	note_quality(&w);
	return weigh_all(&w, e);
}
