#define _GNU_SOURCE /* sched_getaffinity: a container's processors, not the machine's */
#include "base/run.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static unsigned usable_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

void run_init(struct run *r, unsigned jobs, uint64_t memory_limit_bytes)
{
	memset(r, 0, sizeof(*r));
	mem_init(&r->mem, memory_limit_bytes);
	mem_keep_pages(&r->mem, 1);
	arena_init(&r->arena, &r->mem);
	r->jobs = jobs ? jobs : usable_processors();
	r->snapshot = -1;
}

void run_release(struct run *r)
{
	mem_free(&r->mem, r->diags);
	r->diags = NULL;
	arena_release(&r->arena);
	mem_keep_pages(&r->mem, 0);
}

static struct diag *find_diag(struct run *r, const char *code)
{
	for (size_t i = 0; i < r->n_diags; i++)
		if (r->diags[i].snapshot == r->snapshot && !strcmp(r->diags[i].code, code))
			return &r->diags[i];
	return NULL;
}

static int add_diag(struct run *r, struct err *e, uint64_t count, const char *code, const char *fmt, va_list ap)
{
	struct diag *d = find_diag(r, code);
	void *array = r->diags;
	char text[512];

	if (d) {
		d->count += count;
		return 0;
	}
	vsnprintf(text, sizeof(text), fmt, ap);
	if (mem_reserve(&r->mem, &array, &r->diags_capacity, r->n_diags + 1, sizeof(*d), e))
		return e->kind;
	r->diags = array;
	d = &r->diags[r->n_diags];
	*d = (struct diag){ .count = count, .snapshot = r->snapshot };
	d->code = arena_copy(&r->arena, code, strlen(code), e);
	d->text = arena_copy(&r->arena, text, strlen(text), e);
	if (!d->code || !d->text)
		return e->kind;
	r->n_diags++;
	return 0;
}

int run_diag(struct run *r, struct err *e, const char *code, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = add_diag(r, e, 1, code, fmt, ap);
	va_end(ap);
	return rc;
}

int run_diag_n(struct run *r, struct err *e, uint64_t count, const char *code, const char *fmt, ...)
{
	va_list ap;
	int rc;

	if (!count)
		return 0;
	va_start(ap, fmt);
	rc = add_diag(r, e, count, code, fmt, ap);
	va_end(ap);
	return rc;
}

int run_tick(struct run *r, const char *stage, uint64_t done, uint64_t total, struct err *e)
{
	if (!r->on_progress || !r->on_progress(r->progress_ctx, stage, done, total))
		return 0;
	return err_set(e, ERR_CANCELLED, "interrupted");
}

uint64_t run_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void run_stage(struct run *r, const char *name, uint64_t since_ns)
{
	run_stage_took(r, name, run_clock() - since_ns);
}

void run_stage_took(struct run *r, const char *name, uint64_t ns)
{
	for (size_t i = 0; i < r->n_stages; i++) {
		if (r->stages[i].snapshot == r->snapshot && !strcmp(r->stages[i].name, name)) {
			r->stages[i].wall_ns += ns;
			return;
		}
	}
	if (r->n_stages < RUN_MAX_STAGES)
		r->stages[r->n_stages++] = (struct stage){ name, r->snapshot, ns };
}
