/*
 * profile_runs.h - what ran when: the runs of a profile, one after the other, packed.
 *
 * A run is contiguous time of one thread on one stack. There are as many as the stack changed, so of everything that is
 * kept of a recording they grow with its length; packed they take 5 to 8 bytes each, as mostly one begins where the one
 * before ends.
 */
#ifndef ANALYZER_PROFILE_RUNS_H
#define ANALYZER_PROFILE_RUNS_H

#include "base/number_table.h"

/* One thread saw one stack, from start_ns on. Runs of one thread do not overlap. */
struct profile_run {
	int64_t start_ns, ns;
	uint32_t stack;       /* may be STACK_NONE */
	uint32_t thread;
	uint32_t samples;     /* observations joined in it */
};

struct profile_runs {
	struct number_table rows; /* profile_runs.c says what the columns are */
	struct profile_run last;  /* may still grow; not in the table */
	int64_t end_ns;           /* of the last one in the table */
	size_t n;                 /* with the last */
};

void profile_runs_init(struct profile_runs *r, struct mem *m);
void profile_runs_release(struct profile_runs *r);

/* Joined with the last one where it goes on. Amortised O(1). */
int profile_runs_add(struct profile_runs *r, const struct profile_run *run, struct err *e);

/* In order. No run may be added meanwhile. 40 kB. */
struct run_reader {
	const struct profile_runs *runs;
	size_t left;
	int64_t end_ns; /* of the run before */
	struct number_reader rows;
};

void run_reader_init(struct run_reader *r, const struct profile_runs *runs);

/* Only the `n` runs from number `first` on, which starts at `start_ns`. */
void run_reader_init_at(struct run_reader *r, const struct profile_runs *runs, size_t first, size_t n, int64_t start_ns);

/* Non-zero: `*out` is the next one. O(1). */
int run_reader_next(struct run_reader *r, struct profile_run *out);

/* When the last of them ends, of any thread; 0 when there are none. O(runs). */
int64_t profile_runs_end(const struct profile_runs *r);

#endif
