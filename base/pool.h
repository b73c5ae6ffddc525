/*
 * pool.h - run independent tasks on the threads of the run.
 *
 * Tasks write only what is their own and read what no task writes, so the result does not depend on the number of
 * threads. Of several failures the one with the lowest task number is returned, for the same reason.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/err.h"
#include <pthread.h>

#include "base/run.h"

/*
 * Call fn(ctx, t, e) for every t in 0..n_tasks-1, on at most `run->jobs` threads, and wait. After a failure tasks with
 * a higher number may be left out. Threads that cannot be started are done without.
 */
int pool_run(struct run *r, unsigned n_tasks, int (*fn)(void *ctx, unsigned task, struct err *e), void *ctx,
	     struct err *e);

/*
 * Lets one task wait for another: shut at first, opened with a value that is not negative; the first one counts. Only a
 * task with a larger number may wait for one with a smaller: a single thread runs them in their order.
 */
struct latch {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	int value; /* -1: shut */
};

void latch_init(struct latch *l);
void latch_release(struct latch *l);
void latch_open(struct latch *l, int value);

/* The value, as soon as there is one. */
int latch_wait(struct latch *l);

#endif
