#include "analyzer/profile_filter.h"

#include <string.h>

#include "analyzer/profile_intern.h"

/* The profile as it was, while the new tables are filled. */
struct old {
	struct profile_stacks stacks;
	struct profile_sum *sums;
	int64_t *columns[PROFILE_MAX_VALUES];
	size_t n_sums;
	uint8_t *wanted;   /* by stack */
	uint8_t *threads;  /* by thread; NULL: all */
	uint8_t *hidden;   /* by frame */
	uint32_t *now;     /* by stack: its new row; STACK_NONE: all of its frames are hidden */
	int stackless;     /* whether values without a stack stay */
};

/* Which stacks pass: no ignored frame, and one of the focus. */
static int judge(struct old *old, const struct profile *p, const struct view_options *o, struct err *e)
{
	struct mem *m = &p->run->mem;
	uint8_t *focus = NULL, *ignore = NULL;
	size_t n = p->stacks.n;
	int rc;

	old->stackless = !o->focus;
	old->wanted = MEM_NEW(m, uint8_t, n + 1, e);
	rc = old->wanted ? 0 : e->kind;
	if (!rc)
		rc = profile_match_frames(p, "--focus", o->focus, &focus, e);
	if (!rc)
		rc = profile_match_frames(p, "--ignore", o->ignore, &ignore, e);
	/* Bits on the way inwards: 1 in the focus, 2 ignored. */
	for (size_t s = 0; s < n && !rc; s++) {
		uint32_t up = p->stacks.parent[s], frame = p->stacks.frame[s];

		old->wanted[s] = (uint8_t)((up == STACK_NONE ? !o->focus : old->wanted[up]) | focus[frame] |
					   (ignore[frame] ? 2 : 0));
	}
	for (size_t s = 0; s < n && !rc; s++)
		old->wanted[s] = old->wanted[s] == 1;
	mem_free(m, focus);
	mem_free(m, ignore);
	return rc;
}

static int passes(const struct old *old, uint32_t stack, uint32_t thread)
{
	if (old->threads && !old->threads[thread])
		return 0;
	return stack == STACK_NONE ? old->stackless : old->wanted[stack];
}

/* Only stacks that values refer to, and their callers, get a row again. */
static int move_stacks(struct old *old, struct profile *p, const uint8_t *used, struct err *e)
{
	for (size_t s = 0; s < old->stacks.n; s++) {
		uint32_t up = old->stacks.parent[s], frame = old->stacks.frame[s];

		old->now[s] = up == STACK_NONE ? STACK_NONE : old->now[up];
		if (used[s] && !old->hidden[frame] &&
		    profile_stack_add(p, old->now[s], frame, old->stacks.line[s], &old->now[s], e))
			return e->kind;
	}
	return 0;
}

static int rebuild_stacks(struct old *old, struct profile *p, struct err *e)
{
	struct mem *m = &p->run->mem;
	uint8_t *used = MEM_NEW(m, uint8_t, old->stacks.n + 1, e);
	struct run_reader reader;
	struct profile_run run;
	int rc;

	if (!used)
		return e->kind;
	for (size_t i = 0; i < old->n_sums; i++)
		if (old->sums[i].stack != STACK_NONE && passes(old, old->sums[i].stack, old->sums[i].thread))
			used[old->sums[i].stack] = 1;
	run_reader_init(&reader, &p->runs);
	while (run_reader_next(&reader, &run))
		if (run.stack != STACK_NONE && passes(old, run.stack, run.thread))
			used[run.stack] = 1;
	for (size_t s = old->stacks.n; s-- > 0;)
		if (used[s] && old->stacks.parent[s] != STACK_NONE)
			used[old->stacks.parent[s]] = 1;
	rc = move_stacks(old, p, used, e);
	mem_free(m, used);
	return rc;
}

static int rebuild_sums(const struct old *old, struct profile *p, struct err *e)
{
	for (size_t i = 0; i < old->n_sums; i++) {
		struct profile_sum key = old->sums[i];
		uint32_t now;

		if (!passes(old, key.stack, key.thread))
			continue;
		if (key.stack != STACK_NONE) {
			key.tier = old->hidden[old->stacks.frame[key.stack]] ? TIER_UNKNOWN : key.tier;
			key.stack = old->now[key.stack];
		}
		if (profile_sum_at(p, &key, &now, e))
			return e->kind;
		for (size_t v = 0; v < p->n_values; v++)
			if (__builtin_add_overflow(p->sum_columns[v][now], old->columns[v][i], &p->sum_columns[v][now]))
				return err_set(e, ERR_UNSUPPORTED, "values that add up to more than 64 bits hold");
	}
	return 0;
}

static int move_runs(const struct old *old, struct profile *p, struct err *e)
{
	struct profile_runs was = p->runs;
	struct run_reader reader;
	struct profile_run run;
	int rc = 0;

	profile_runs_init(&p->runs, &p->run->mem);
	run_reader_init(&reader, &was);
	while (!rc && run_reader_next(&reader, &run)) {
		if (!passes(old, run.stack, run.thread))
			continue;
		run.stack = run.stack == STACK_NONE ? STACK_NONE : old->now[run.stack];
		rc = profile_runs_add(&p->runs, &run, e);
	}
	profile_runs_release(&was);
	return rc;
}

/* The tables leave the profile, which begins new ones. */
static void take_tables(struct old *old, struct profile *p)
{
	struct mem *m = &p->run->mem;

	old->stacks = p->stacks;
	old->sums = p->sums;
	old->n_sums = p->n_sums;
	memcpy(old->columns, p->sum_columns, sizeof(old->columns));
	memset(&p->stacks, 0, sizeof(p->stacks));
	memset(p->sum_columns, 0, sizeof(p->sum_columns));
	p->sums = NULL;
	p->n_sums = p->sums_capacity = p->n_lines = 0;
	hash_index_init(&p->stacks.index, m);
	hash_index_release(&p->sums_index);
	hash_index_init(&p->sums_index, m);
}

static void old_release(struct old *old, struct mem *m)
{
	void *blocks[] = { old->stacks.parent, old->stacks.frame, old->stacks.line, old->stacks.depth, old->stacks.outermost,
			   old->sums,	       old->wanted,	  old->threads,	    old->hidden,       old->now };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		mem_free(m, blocks[i]);
	for (size_t v = 0; v < PROFILE_MAX_VALUES; v++)
		mem_free(m, old->columns[v]);
	hash_index_release(&old->stacks.index);
}

static int rebuild(struct old *old, struct profile *p, struct err *e)
{
	take_tables(old, p);
	if (rebuild_stacks(old, p, e) || rebuild_sums(old, p, e) || move_runs(old, p, e))
		return e->kind;
	return p->n_sums ? 0 : err_set(e, ERR_USAGE, "nothing of the profile passes the filters");
}

int profile_filter(struct profile *p, const struct view_options *o, struct err *e)
{
	struct mem *m = &p->run->mem;
	struct old old = { .stackless = 0 };
	int rc;

	if (!o->focus && !o->ignore && !o->hide && !o->thread)
		return 0;
	hash_index_init(&old.stacks.index, m);
	rc = judge(&old, p, o, e);
	if (!rc)
		rc = profile_match_threads(p, o->thread, &old.threads, e);
	if (!rc)
		rc = profile_match_frames(p, "--hide", o->hide, &old.hidden, e);
	if (!rc) {
		old.now = MEM_NEW(m, uint32_t, p->stacks.n + 1, e);
		rc = old.now ? rebuild(&old, p, e) : e->kind;
	}
	old_release(&old, m);
	return rc;
}
