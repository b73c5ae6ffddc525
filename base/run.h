/*
 * run.h - the context of one run, passed down everywhere: memory account, threads, progress, diagnostics, stage clock.
 * There are no globals. cli/ makes one and releases it last.
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"

/*
 * A diagnostic is a fact about the input that the reader of a report must know: something skipped, unknown, repaired or
 * guessed. Equal codes of one snapshot are counted, the first sentence is kept.
 */
struct diag {
	const char *code;   /* stable word, e.g. "unknown-section" */
	const char *text;   /* one sentence */
	uint64_t count;
	int snapshot;       /* index of the input it is about, -1: the whole run */
};

/* Wall time of one stage; stages with the same name and snapshot are summed. */
struct stage {
	const char *name;
	int snapshot;
	uint64_t wall_ns;
};

#define RUN_MAX_STAGES 64

struct run {
	struct mem mem;
	struct arena arena;          /* run lifetime */
	unsigned jobs;               /* threads to use, at least 1 */
	int snapshot;                /* index of the input being worked on, -1: none */
	struct diag *diags;
	size_t n_diags, diags_capacity;
	struct stage stages[RUN_MAX_STAGES];
	size_t n_stages;
	/* Called now and then from the main thread with a stage's progress; non-zero stops the run (ERR_CANCELLED). */
	int (*on_progress)(void *ctx, const char *stage, uint64_t done, uint64_t total);
	void *progress_ctx;
	/* Opens files of symbols for a process that may not (base/companion.h); NULL: it may. Main thread only. */
	int (*open_symbols)(void *ctx, const char *path, int *fd, struct err *e);
	void *open_ctx;
};

/* `jobs` 0: one per processor that this process may use. */
void run_init(struct run *r, unsigned jobs, uint64_t memory_limit_bytes);
void run_release(struct run *r);

/* Record a diagnostic for the current snapshot. Main thread only. Loss for want of memory is reported in `e`. */
int run_diag(struct run *r, struct err *e, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same, counted `count` times at once; count 0 records nothing. */
int run_diag_n(struct run *r, struct err *e, uint64_t count, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Report progress; 0, or ERR_CANCELLED when the user wants to stop. `total` 0: unknown. */
int run_tick(struct run *r, const char *stage, uint64_t done, uint64_t total, struct err *e);

/* Stage clock: `uint64_t t = run_clock(); ... run_stage(r, "parse", t);` `name` must be a literal. */
uint64_t run_clock(void);
void run_stage(struct run *r, const char *name, uint64_t since_ns);
void run_stage_took(struct run *r, const char *name, uint64_t ns);

#endif
