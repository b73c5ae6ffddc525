#include "analyzer/profile_loader.h"

#include <string.h>

#include "analyzer/profile_intern.h"
#include "base/table_hash.h"
#include "base/wide.h"

static int on_values(void *ctx, const struct profile_value_type *types, size_t n, struct err *e)
{
	struct loader *l = ctx;

	if (n > PROFILE_MAX_VALUES)
		return err_set(e, ERR_UNSUPPORTED, "samples of more than %d values", PROFILE_MAX_VALUES);
	for (size_t i = 0; i < n; i++) {
		size_t v;

		if (profile_value_add(l->p, &types[i], &v, e))
			return e->kind;
		l->value_of[i] = (uint32_t)v;
	}
	l->n_values = n;
	for (l->samples_at = 0; l->samples_at < n; l->samples_at++)
		if (types[l->samples_at].unit == UNIT_COUNT && str_starts(types[l->samples_at].type, "sample"))
			break;
	return 0;
}

static int on_frame(void *ctx, const struct profile_frame *f, uint32_t *id, struct err *e)
{
	return profile_frame_add(((struct loader *)ctx)->p, f, id, e);
}

static int on_stack(void *ctx, uint32_t parent, uint32_t frame, uint32_t line, uint32_t *id, struct err *e)
{
	return profile_stack_add(((struct loader *)ctx)->p, parent, frame, line, id, e);
}

static int add_thread(struct loader *l, const struct profile_thread *t, uint32_t *id, struct err *e)
{
	struct profile *p = l->p;
	char *name = arena_copy(&p->arena, t->name.s, t->name.n, e);

	if (!name || mem_reserve(&p->run->mem, (void **)&p->threads, &p->threads_capacity, p->n_threads + 1,
				 sizeof(*p->threads), e))
		return e->kind;
	*id = (uint32_t)p->n_threads++;
	p->threads[*id] = (struct profile_thread_row){ t->pid, t->tid, { name, t->name.n }, l->input };
	return 0;
}

/* Threads are few: a list, not a table. The sink's numbers are one more than ours, since 0 is the unnamed one. */
static int on_thread(void *ctx, const struct profile_thread *t, uint32_t *id, struct err *e)
{
	struct loader *l = ctx;
	struct profile *p = l->p;

	for (size_t i = l->first_thread; i < p->n_threads; i++) {
		struct profile_thread_row *row = &p->threads[i];

		if (row->pid != t->pid || row->tid != t->tid || i == l->unnamed ||
		    (!row->tid && !str_eq(row->name, t->name)))
			continue;
		*id = (uint32_t)i + 1;
		if (t->name.n && !str_eq(t->name, row->name)) {
			row->name.s = arena_copy(&p->arena, t->name.s, t->name.n, e);
			row->name.n = t->name.n;
		}
		return row->name.s ? 0 : e->kind;
	}
	if (add_thread(l, t, id, e))
		return e->kind;
	++*id;
	return 0;
}

/* The profile's number of the thread that the sink's caller means. */
static int thread_of(struct loader *l, uint32_t sink_id, uint32_t *thread, struct err *e)
{
	struct profile_thread none = { 0 };

	*thread = sink_id - 1;
	if (sink_id)
		return sink_id <= l->p->n_threads ? 0 : err_set(e, ERR_INTERNAL, "a thread that was not named");
	if (l->unnamed == UINT32_MAX && add_thread(l, &none, &l->unnamed, e))
		return e->kind;
	*thread = l->unnamed;
	return 0;
}

static int label_eq(const struct profile_label *a, const struct profile_label *b)
{
	return str_eq(a->key, b->key) && a->is_number == b->is_number &&
	       (a->is_number ? a->number == b->number && str_eq(a->unit_name, b->unit_name) : str_eq(a->text, b->text));
}

static int labels_eq(const struct profile_label_set *set, const struct profile_label *labels, size_t n)
{
	if (set->n != n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!label_eq(&set->labels[i], &labels[i]))
			return 0;
	return 1;
}

static uint64_t labels_hash(const struct mem *m, const struct profile_label *labels, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++) {
		h = table_hash_pair(m, h, table_hash(m, labels[i].key));
		h = table_hash_pair(m, h, labels[i].is_number ? (uint64_t)labels[i].number
							      : table_hash(m, labels[i].text));
	}
	return h;
}

static int copy_text(struct arena *a, struct str *s, struct err *e)
{
	s->s = arena_copy(a, s->s, s->n, e);
	return s->s ? 0 : e->kind;
}

static int labels_append(struct loader *l, const struct profile_label *labels, size_t n, struct err *e)
{
	struct profile *p = l->p;
	struct profile_label *copy = arena_alloc(&p->arena, n * sizeof(*copy), e);

	if (!copy || mem_reserve(&p->run->mem, (void **)&p->label_sets, &p->label_sets_capacity, p->n_label_sets + 1,
				 sizeof(*p->label_sets), e))
		return e->kind;
	for (size_t i = 0; i < n; i++) {
		copy[i] = labels[i];
		if (copy_text(&p->arena, &copy[i].key, e) || copy_text(&p->arena, &copy[i].text, e) ||
		    copy_text(&p->arena, &copy[i].unit_name, e))
			return e->kind;
	}
	p->label_sets[p->n_label_sets++] = (struct profile_label_set){ copy, n };
	return 0;
}

static int on_labels(void *ctx, const struct profile_label *labels, size_t n, uint32_t *id, struct err *e)
{
	struct loader *l = ctx;
	struct hash_index *x = &l->labels_index;
	uint64_t h = labels_hash(x->mem, labels, n);
	size_t at;

	*id = 0;
	if (!n)
		return 0;
	for (uint32_t i = hash_index_first(x, h, &at); i != HASH_NONE; i = hash_index_next(x, h, &at)) {
		*id = i;
		if (labels_eq(&l->p->label_sets[i], labels, n))
			return 0;
	}
	*id = (uint32_t)l->p->n_label_sets;
	return labels_append(l, labels, n, e) ? e->kind : hash_index_add(x, h, *id, e);
}

/* Is the sample in the time that was asked for? Times count from the first sample of the input. */
static int in_time(struct loader *l, int64_t time_ns)
{
	int64_t at;

	if (time_ns == PROFILE_NO_TIME)
		return 1;
	if (l->first_ns == PROFILE_NO_TIME)
		l->first_ns = l->last_ns = time_ns;
	l->first_ns = time_ns < l->first_ns ? time_ns : l->first_ns;
	l->last_ns = time_ns > l->last_ns ? time_ns : l->last_ns;
	/* far enough from the ends of 64 bits for any sum of times */
	if (__builtin_sub_overflow(time_ns, l->first_ns, &at) || at > INT64_MAX / 4)
		return 0;
	return at >= l->o->from_ns && (!l->o->to_ns || at < l->o->to_ns);
}

static int add_run(struct loader *l, const struct profile_sample *s, uint32_t thread, struct err *e)
{
	struct profile_run run = { s->time_ns - l->first_ns, s->duration_ns, s->stack, thread, 1 };

	return profile_runs_add(&l->p->runs, &run, e);
}

static int on_sample(void *ctx, const struct profile_sample *s, struct err *e)
{
	struct loader *l = ctx;
	struct profile_sum key = { s->stack, 0, s->labels, s->tier };
	uint32_t i;

	l->in->n_samples += l->samples_at < l->n_values ? (uint64_t)s->values[l->samples_at] : 1;
	if (!in_time(l, s->time_ns))
		return 0;
	if (thread_of(l, s->thread, &key.thread, e) || profile_sum_at(l->p, &key, &i, e))
		return e->kind;
	for (size_t v = 0; v < l->n_values; v++)
		if (profile_sum_book(l->p, i, l->value_of[v], s->values[v], e))
			return e->kind;
	if (l->o->keep_runs && s->time_ns != PROFILE_NO_TIME && s->duration_ns > 0 && s->duration_ns < INT64_MAX / 4)
		return add_run(l, s, key.thread, e);
	return 0;
}

static int observed_of(struct loader *l, uint32_t thread, struct observed **out, struct err *e)
{
	size_t need = thread - l->first_thread + 1;

	if (mem_reserve(&l->p->run->mem, (void **)&l->observed, &l->observed_capacity, need, sizeof(**out), e))
		return e->kind;
	for (; l->n_observed < need; l->n_observed++)
		observed_init(&l->observed[l->n_observed], &l->p->run->mem, (uint32_t)(l->first_thread + l->n_observed));
	*out = &l->observed[need - 1];
	return 0;
}

static int on_observe(void *ctx, const struct profile_observation *s, struct err *e)
{
	struct observation row = { s->time_ns, s->stack, s->tier };
	struct loader *l = ctx;
	struct observed *o = NULL;
	uint32_t thread;

	if (l->n_observed && s->thread == l->seen_as)
		return observed_add(&l->observed[l->seen_at], &row, e);
	if (thread_of(l, s->thread, &thread, e) || observed_of(l, thread, &o, e))
		return e->kind;
	l->seen_as = s->thread;
	l->seen_at = (size_t)(o - l->observed);
	return observed_add(o, &row, e);
}

static int on_hits(void *ctx, const struct profile_hits *h, struct err *e)
{
	struct loader *l = ctx;
	uint32_t thread;

	if (thread_of(l, h->thread, &thread, e) || mem_reserve(&l->p->run->mem, (void **)&l->hits, &l->hits_capacity,
							       l->n_hits + 1, sizeof(*l->hits), e))
		return e->kind;
	l->hits[l->n_hits++] = (struct hit){ h->n, h->stack, thread };
	return 0;
}

static int on_line_ticks(void *ctx, uint32_t stack, uint32_t line, uint64_t ticks, struct err *e)
{
	struct loader *l = ctx;
	struct profile *p = l->p;
	uint64_t h = table_hash_pair(l->lines_index.mem, stack, line);
	size_t at;

	/* the root has no lines */
	if (stack == STACK_NONE)
		return 0;
	for (uint32_t i = hash_index_first(&l->lines_index, h, &at); i != HASH_NONE;
	     i = hash_index_next(&l->lines_index, h, &at)) {
		if (p->lines[i].stack != stack || p->lines[i].line != line)
			continue;
		if (__builtin_add_overflow(p->lines[i].ticks, ticks, &p->lines[i].ticks))
			return err_set(e, ERR_FORMAT, "line ticks do not fit into 64 bits");
		return 0;
	}
	if (mem_reserve(&p->run->mem, (void **)&p->lines, &p->lines_capacity, p->n_lines + 1, sizeof(*p->lines), e) ||
	    hash_index_add(&l->lines_index, h, (uint32_t)p->n_lines, e))
		return e->kind;
	p->lines[p->n_lines++] = (struct profile_line){ stack, line, ticks };
	return 0;
}

static int take_text(struct loader *l, struct str *to, struct str from, struct err *e)
{
	if (!from.n)
		return 0;
	*to = from;
	return copy_text(&l->p->arena, to, e);
}

static int on_meta(void *ctx, const struct profile_meta *m, struct err *e)
{
	struct loader *l = ctx;
	struct profile_input *in = l->in;

	in->start_ns = m->start_ns != PROFILE_NO_TIME ? m->start_ns : in->start_ns;
	in->end_ns = m->end_ns != PROFILE_NO_TIME ? m->end_ns : in->end_ns;
	in->duration_ns = m->duration_ns ? m->duration_ns : in->duration_ns;
	if (m->period > 0) {
		in->period = m->period;
		in->period_unit = m->period_unit;
	}
	l->meta.no_hits |= m->no_hits;
	if (m->comment.n) {
		strbuf_add(&l->comment, m->comment.s, m->comment.n);
		strbuf_addch(&l->comment, '\n');
	}
	if (take_text(l, &in->producer, m->producer, e) || take_text(l, &in->period_type, m->period_type, e))
		return e->kind;
	return take_text(l, &l->default_type, m->default_type, e);
}

/* What an observation weighs, as value types. */
static int observed_values(struct loader *l, uint32_t values[2], struct err *e)
{
	static const struct profile_value_type types[] = { { STR_LIT("wall"), UNIT_NANOSECONDS, { "", 0 } },
							   { STR_LIT("samples"), UNIT_COUNT, { "", 0 } } };

	for (size_t i = 0; i < 2; i++) {
		size_t v;

		if (profile_value_add(l->p, &types[i], &v, e))
			return e->kind;
		values[i] = (uint32_t)v;
	}
	return 0;
}

static int64_t share_of(int64_t span, uint64_t part, uint64_t whole)
{
	return whole ? wide_mul_div_signed(span, (int64_t)part, (int64_t)whole) : 0;
}

/* From the first to the last moment; -1 when they are not known or make no sense. */
static int64_t known_span(const struct profile_input *in)
{
	int64_t span;

	if (in->start_ns == PROFILE_NO_TIME || in->end_ns == PROFILE_NO_TIME ||
	    __builtin_sub_overflow(in->end_ns, in->start_ns, &span))
		return -1;
	return span;
}

/*
 * All hits weigh the same: the profile's time by their number, as in the tree of DevTools. Each row gets what its hits move
 * the running share by, so that nothing is lost in rounding.
 */
static int book_hits(struct loader *l, const uint32_t values[2], struct err *e)
{
	int64_t span = known_span(l->in);
	uint64_t total = 0, before = 0;

	for (size_t i = 0; i < l->n_hits; i++)
		if (__builtin_add_overflow(total, l->hits[i].n, &total) || total > INT64_MAX)
			return err_set(e, ERR_FORMAT, "the hits do not fit into 64 bits");
	if (span < 0)
		span = l->in->duration_ns;
	for (size_t i = 0; i < l->n_hits; i++) {
		struct profile_sum key = { l->hits[i].stack, l->hits[i].thread, 0, TIER_UNKNOWN };
		uint64_t after = before + l->hits[i].n;
		int64_t ns = share_of(span, after, total) - share_of(span, before, total);
		uint32_t sum;

		before = after;
		if (!l->hits[i].n)
			continue;
		if (profile_sum_at(l->p, &key, &sum, e) || profile_sum_book(l->p, sum, values[0], ns, e) ||
		    profile_sum_book(l->p, sum, values[1], (int64_t)l->hits[i].n, e))
			return e->kind;
	}
	return 0;
}

static int hits_of_counts(struct loader *l, uint32_t thread, const uint64_t *counts, struct err *e)
{
	for (size_t s = 0; s <= l->p->stacks.n; s++) {
		struct profile_hits h = { s ? (uint32_t)s - 1 : STACK_NONE, thread + 1, counts[s] };

		if (h.n && on_hits(l, &h, e))
			return e->kind;
	}
	return 0;
}

/* Observations stand in for hits that a format does not have. */
static int hits_of_observations(struct loader *l, struct err *e)
{
	struct mem *m = &l->p->run->mem;
	size_t n = l->p->stacks.n + 1;
	uint64_t *counts = MEM_NEW(m, uint64_t, n, e);
	int rc = counts ? 0 : e->kind;

	for (size_t t = 0; t < l->n_observed && !rc; t++) {
		memset(counts, 0, n * sizeof(*counts));
		observed_count(&l->observed[t], counts);
		rc = hits_of_counts(l, l->observed[t].thread, counts, e);
	}
	mem_free(m, counts);
	return rc;
}

static int weigh(struct loader *l, struct err *e)
{
	int by_hits = l->o->weights == WEIGHTS_HITS || !l->n_observed;
	uint32_t values[2] = { 0 };

	if (!l->n_observed && !l->n_hits)
		return 0;
	if (observed_values(l, values, e) || (by_hits && !l->n_hits && hits_of_observations(l, e)))
		return e->kind;
	if (by_hits && book_hits(l, values, e))
		return e->kind;
	for (size_t t = 0; t < l->n_observed; t++) {
		struct observed *o = &l->observed[t];

		memcpy(o->values, values, sizeof(values));
		o->start_ns = l->in->start_ns;
		o->end_ns = l->in->end_ns;
		o->from_ns = l->o->from_ns;
		o->to_ns = l->o->to_ns;
		o->runs_only = by_hits;
		if (observed_weigh(o, l->p, l->in, e))
			return e->kind;
	}
	return 0;
}

/* What the reader of a report must know about how the times came about. */
static int tell(struct loader *l, struct err *e)
{
	const struct profile_input *in = l->in;
	struct run *run = l->p->run;

	if (!in->n_samples && !l->n_hits && run_diag(run, e, "no-samples", "the profile holds no samples"))
		return e->kind;
	if (run_diag_n(run, e, in->n_negative, "negative-delta",
		       "samples are earlier than the one before them and were sorted by time"))
		return e->kind;
	return run_diag_n(run, e, in->n_repaired, "missing-stack",
			  "lone samples without a stack were given to the stack before them");
}

int loader_finish(struct loader *l, struct err *e)
{
	struct profile_input *in = l->in;
	char *comment = arena_copy(&l->p->arena, strbuf_str(&l->comment), l->comment.len, e);

	if (!comment || strbuf_check(&l->comment, e))
		return e->kind;
	in->comment = (struct str){ comment, l->comment.len };
	if (weigh(l, e))
		return e->kind;
	if (!in->duration_ns && known_span(in) > 0)
		in->duration_ns = known_span(in);
	if (!in->duration_ns && l->first_ns != PROFILE_NO_TIME &&
	    __builtin_sub_overflow(l->last_ns, l->first_ns, &in->duration_ns))
		in->duration_ns = 0;
	return tell(l, e);
}

void loader_release(struct loader *l)
{
	struct mem *m = &l->p->run->mem;

	for (size_t i = 0; i < l->n_observed; i++)
		observed_release(&l->observed[i]);
	mem_free(m, l->observed);
	mem_free(m, l->hits);
	strbuf_release(&l->comment);
	hash_index_release(&l->labels_index);
	hash_index_release(&l->lines_index);
}

/* Numbers of lines and label sets continue over all inputs, so their tables are filled again. */
int loader_init(struct loader *l, struct profile *p, uint32_t input, const struct profile_load_options *o,
		struct err *e)
{
	*l = (struct loader){ .p = p, .o = o, .in = &p->inputs[input], .input = input, .first_thread = p->n_threads,
			      .first_ns = PROFILE_NO_TIME, .last_ns = PROFILE_NO_TIME, .unnamed = UINT32_MAX };
	strbuf_init(&l->comment, &p->run->mem);
	hash_index_init(&l->labels_index, &p->run->mem);
	hash_index_init(&l->lines_index, &p->run->mem);
	for (uint32_t i = 1; i < p->n_label_sets; i++)
		if (hash_index_add(&l->labels_index,
				   labels_hash(&p->run->mem, p->label_sets[i].labels, p->label_sets[i].n), i, e))
			return e->kind;
	for (uint32_t i = 0; i < p->n_lines; i++)
		if (hash_index_add(&l->lines_index, table_hash_pair(l->lines_index.mem, p->lines[i].stack, p->lines[i].line), i, e))
			return e->kind;
	return 0;
}

struct profile_sink loader_sink(struct loader *l)
{
	return (struct profile_sink){ l,	 on_values,  on_frame, on_stack,      on_thread, on_labels,
				      on_sample, on_observe, on_hits,  on_line_ticks, on_meta };
}
