#include "base/pool.h"

#include <pthread.h>
#include <stdatomic.h>

struct job {
	int (*fn)(void *, unsigned, struct err *);
	void *ctx;
	unsigned n_tasks;
	atomic_uint next;
	pthread_mutex_t lock;
	unsigned failed_task; /* n_tasks: none */
	struct err err;
};

static void note_failure(struct job *j, unsigned task, const struct err *e)
{
	pthread_mutex_lock(&j->lock);
	if (task < j->failed_task) {
		j->failed_task = task;
		j->err = *e;
	}
	pthread_mutex_unlock(&j->lock);
}

static void *work(void *arg)
{
	struct job *j = arg;
	unsigned t;

	while ((t = atomic_fetch_add(&j->next, 1)) < j->n_tasks) {
		struct err e = ERR_INIT;

		if (j->fn(j->ctx, t, &e)) {
			note_failure(j, t, &e);
			break;
		}
	}
	return NULL;
}

#define MAX_THREADS 64

int pool_run(struct run *r, unsigned n_tasks, int (*fn)(void *ctx, unsigned task, struct err *e), void *ctx,
	     struct err *e)
{
	struct job j = { .fn = fn, .ctx = ctx, .n_tasks = n_tasks, .failed_task = n_tasks };
	unsigned want = r->jobs < n_tasks ? r->jobs : n_tasks;
	pthread_t threads[MAX_THREADS];
	unsigned n = 0;

	atomic_init(&j.next, 0);
	pthread_mutex_init(&j.lock, NULL);
	while (n + 1 < want && n < MAX_THREADS && !pthread_create(&threads[n], NULL, work, &j))
		n++;
	work(&j);
	while (n)
		pthread_join(threads[--n], NULL);
	pthread_mutex_destroy(&j.lock);
	if (j.failed_task == n_tasks)
		return 0;
	*e = j.err;
	return e->kind;
}

void latch_init(struct latch *l)
{
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->opened, NULL);
	l->value = -1;
}

void latch_release(struct latch *l)
{
	pthread_cond_destroy(&l->opened);
	pthread_mutex_destroy(&l->lock);
}

void latch_open(struct latch *l, int value)
{
	pthread_mutex_lock(&l->lock);
	if (l->value < 0)
		l->value = value;
	pthread_cond_broadcast(&l->opened);
	pthread_mutex_unlock(&l->lock);
}

int latch_wait(struct latch *l)
{
	int value;

	pthread_mutex_lock(&l->lock);
	while (l->value < 0)
		pthread_cond_wait(&l->opened, &l->lock);
	value = l->value;
	pthread_mutex_unlock(&l->lock);
	return value;
}
