/*
 * profile_tasks.h - turns of the event loop, as far as samples show them.
 *
 * A task is time without idling on one thread under one entry point: the outermost frame, which for Node is what the loop
 * called (processTimers, parserOnHeadersComplete, ...). Garbage collection and (program) belong to the task around them.
 * Two callbacks of one entry point that follow each other without a sample of idling between them are one task here.
 */
#ifndef ANALYZER_PROFILE_TASKS_H
#define ANALYZER_PROFILE_TASKS_H

#include "analyzer/profile.h"

struct profile_task {
	int64_t start_ns, ns;
	uint32_t thread;
	uint32_t entry;     /* outermost frame; UINT32_MAX: only (program) and garbage collection */
	size_t first_run, n_runs;
	int is_startup;     /* the start of the process: Node's own main script and the user's top level code */
};

struct profile_tasks {
	struct profile_task *rows; /* by thread and time */
	size_t n, capacity;
	struct mem *mem;
};

/* O(runs). Inputs without times give none. */
int profile_tasks_make(struct profile_tasks *t, const struct profile *p, struct err *e);
void profile_tasks_release(struct profile_tasks *t);

/* The outermost frame of a stack. */
uint32_t profile_outermost_frame(const struct profile *p, uint32_t stack);

/* Is this the entry of Node's start? */
int profile_is_startup_frame(const struct profile *p, uint32_t frame);

/* What a task spent most of its time on. */
struct task_focus {
	uint32_t frame;      /* with the most own time */
	int64_t frame_ns;
	uint32_t user_frame; /* application code of that stack that answers for it; UINT32_MAX: none */
	uint32_t stack;      /* the stack with the most time */
};

int profile_task_focus(const struct profile *p, const struct profile_task *t, struct task_focus *out, struct err *e);

#endif
