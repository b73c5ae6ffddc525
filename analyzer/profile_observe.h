/*
 * profile_observe.h - what observations weigh.
 *
 * V8's profiler notes which stack it saw when. Observation i weighs the time until observation i + 1; the last one weighs
 * what is left of the profile, 2.5 times the median distance at most. Counting observations instead would give garbage
 * collection, which delays the next one, little more than half of its time.
 */
#ifndef ANALYZER_PROFILE_OBSERVE_H
#define ANALYZER_PROFILE_OBSERVE_H

#include "analyzer/profile.h"
#include "base/number_table.h"

struct observation {
	int64_t time_ns;
	uint32_t stack;
	uint32_t tier;
};

/*
 * All observations of one thread of one input, packed: which ones were out of order, and what is the median distance, is
 * known only in the end.
 */
struct observed {
	struct number_table rows; /* profile_observe.c says what the columns are */
	size_t n, n_backward;     /* of them earlier than the one before */
	int64_t first_ns, last_ns;
	uint64_t widest;          /* distance of two */
	int64_t start_ns, end_ns; /* of the profile; PROFILE_NO_TIME: not known */
	int64_t from_ns, to_ns;   /* only this time, from the profile's start; to_ns 0: all */
	uint32_t thread;
	uint32_t values[2];       /* value numbers of time and of samples */
	int runs_only;            /* the sums come from elsewhere */
};

void observed_init(struct observed *o, struct mem *m, uint32_t thread);
void observed_release(struct observed *o);

/* Amortised O(1). */
int observed_add(struct observed *o, const struct observation *row, struct err *e);

/* How often each stack was seen is added to `counts`, at the stack's number plus one: STACK_NONE is at 0. O(n). */
void observed_count(const struct observed *o, uint64_t *counts);

/*
 * Sort, repair, weigh and book the observations into the sums and runs of `p`; what was strange is counted in `in`. They
 * are gone afterwards. O(n log n) and 32 bytes for each when they are out of order, else O(n).
 */
int observed_weigh(struct observed *o, struct profile *p, struct profile_input *in, struct err *e);

/* Add `value` to value `v` of the sum. ERR_FORMAT when 64 bits do not hold it. */
int profile_sum_book(struct profile *p, uint32_t sum, size_t v, int64_t value, struct err *e);

#endif
