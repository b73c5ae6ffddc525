#include "analyzer/profile_tasks.h"

#include <stdlib.h>
#include <string.h>

uint32_t profile_outermost_frame(const struct profile *p, uint32_t stack)
{
	return p->stacks.frame[p->stacks.outermost[stack]];
}

int profile_is_startup_frame(const struct profile *p, uint32_t frame)
{
	struct str file = profile_text(p, p->frames.file[frame]);

	return str_starts(file, "node:internal/main/") || str_starts(file, "internal/main/") ||
	       str_starts(file, "node:internal/bootstrap/") || str_starts(file, "internal/bootstrap/") ||
	       str_starts(file, "internal/bootstrap_node.js") || str_is(file, "bootstrap_node.js");
}

/* Time of the engine itself, which says nothing about whose turn it is. */
static int is_engine(const struct profile *p, uint32_t frame)
{
	uint8_t k = p->frames.kind[frame];

	return k == FRAME_GC || k == FRAME_PROGRAM || k == FRAME_VM;
}

static int begin_task(struct profile_tasks *t, size_t number, const struct profile_run *r, uint32_t entry, struct err *e)
{
	if (mem_reserve(t->mem, (void **)&t->rows, &t->capacity, t->n + 1, sizeof(*t->rows), e))
		return e->kind;
	t->rows[t->n++] = (struct profile_task){ .start_ns = r->start_ns, .thread = r->thread, .entry = entry,
						 .first_run = number };
	return 0;
}

static int add_run(struct profile_tasks *t, const struct profile *p, size_t i, const struct profile_run *r, int *open,
		   struct err *e)
{
	struct profile_task *last = *open ? &t->rows[t->n - 1] : NULL;
	uint32_t entry = r->stack == STACK_NONE ? UINT32_MAX : profile_outermost_frame(p, r->stack);

	if (entry == UINT32_MAX || p->frames.kind[entry] == FRAME_IDLE) {
		*open = 0;
		return 0;
	}
	if (is_engine(p, entry))
		entry = UINT32_MAX;
	if (!last || last->thread != r->thread || last->start_ns + last->ns != r->start_ns ||
	    (entry != UINT32_MAX && last->entry != UINT32_MAX && last->entry != entry)) {
		if (begin_task(t, i, r, entry, e))
			return e->kind;
		last = &t->rows[t->n - 1];
	}
	if (last->entry == UINT32_MAX)
		last->entry = entry;
	last->is_startup |= entry != UINT32_MAX && profile_is_startup_frame(p, entry);
	last->ns += r->ns;
	last->n_runs = i + 1 - last->first_run;
	*open = 1;
	return 0;
}

int profile_tasks_make(struct profile_tasks *t, const struct profile *p, struct err *e)
{
	struct run_reader reader;
	struct profile_run run;
	int open = 0;

	memset(t, 0, sizeof(*t));
	t->mem = &p->run->mem;
	run_reader_init(&reader, &p->runs);
	for (size_t i = 0; run_reader_next(&reader, &run); i++)
		if (add_run(t, p, i, &run, &open, e)) {
			profile_tasks_release(t);
			return e->kind;
		}
	return 0;
}

void profile_tasks_release(struct profile_tasks *t)
{
	mem_free(t->mem, t->rows);
}

struct part {
	uint32_t frame, stack;
	int64_t ns;
};

static int by_frame(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->stack > y->stack) - (x->stack < y->stack);
}

static uint32_t outermost_user(const struct profile *p, uint32_t stack)
{
	uint32_t found = UINT32_MAX;

	for (; stack != STACK_NONE; stack = p->stacks.parent[stack])
		if (p->frames.category[p->stacks.frame[stack]] == CATEGORY_APPLICATION)
			found = p->stacks.frame[stack];
	return found;
}

/* Time of the task in the row and below it. */
static int64_t inside(const struct part *parts, size_t n, const struct profile *p, uint32_t row)
{
	int64_t ns = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t at = parts[i].stack;

		while (at != STACK_NONE && p->stacks.depth[at] > p->stacks.depth[row])
			at = p->stacks.parent[at];
		ns += at == row ? parts[i].ns : 0;
	}
	return ns;
}

/*
 * Whose doing it is: where application code itself takes the time, what the loop called; where that calls something else
 * over and over, the innermost function that half of the task is spent under.
 */
static uint32_t user_frame(const struct part *parts, size_t n, const struct profile *p, const struct profile_task *t,
			   uint32_t stack)
{
	uint32_t row = stack;

	if (p->frames.category[p->stacks.frame[stack]] == CATEGORY_APPLICATION)
		return outermost_user(p, stack);
	for (; row != STACK_NONE; row = p->stacks.parent[row])
		if (p->frames.category[p->stacks.frame[row]] == CATEGORY_APPLICATION && inside(parts, n, p, row) >= t->ns / 2)
			return p->stacks.frame[row];
	return outermost_user(p, stack);
}

/* Parts are sorted: those of one frame, and within them those of one stack, stand together. */
static void heaviest(const struct part *parts, size_t n, struct task_focus *out)
{
	int64_t frame_ns = 0, stack_ns = 0, best_stack_ns = 0;
	uint32_t best_stack = STACK_NONE;

	for (size_t i = 0; i < n; i++) {
		int same = i && parts[i].frame == parts[i - 1].frame, same_stack = same && parts[i].stack == parts[i - 1].stack;

		frame_ns = (same ? frame_ns : 0) + parts[i].ns;
		stack_ns = (same_stack ? stack_ns : 0) + parts[i].ns;
		if (!same)
			best_stack_ns = -1;
		if (stack_ns > best_stack_ns) {
			best_stack_ns = stack_ns;
			best_stack = parts[i].stack;
		}
		if (frame_ns > out->frame_ns || (same && out->frame == parts[i].frame)) {
			out->frame_ns = frame_ns;
			out->frame = parts[i].frame;
			out->stack = best_stack;
		}
	}
}

int profile_task_focus(const struct profile *p, const struct profile_task *t, struct task_focus *out, struct err *e)
{
	struct part *parts = MEM_NEW(&p->run->mem, struct part, t->n_runs, e);
	struct run_reader reader;
	struct profile_run run;
	size_t n = 0;

	*out = (struct task_focus){ .frame = UINT32_MAX, .user_frame = UINT32_MAX, .stack = STACK_NONE };
	if (!parts)
		return e->kind;
	run_reader_init_at(&reader, &p->runs, t->first_run, t->n_runs, t->start_ns);
	while (run_reader_next(&reader, &run))
		if (run.stack != STACK_NONE)
			parts[n++] = (struct part){ p->stacks.frame[run.stack], run.stack, run.ns };
	if (n)
		qsort(parts, n, sizeof(*parts), by_frame);
	heaviest(parts, n, out);
	out->user_frame = out->stack == STACK_NONE ? UINT32_MAX : user_frame(parts, n, p, t, out->stack);
	mem_free(&p->run->mem, parts);
	return 0;
}
