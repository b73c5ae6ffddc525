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

struct observation {
	int64_t time_ns;
	uint32_t stack;
	uint32_t tier;
};

/* All observations of one thread of one input. */
struct observed {
	struct observation *rows;
	size_t n, capacity;
	int64_t start_ns, end_ns; /* of the profile; PROFILE_NO_TIME: not known */
	int64_t from_ns, to_ns;   /* only this time, from the profile's start; to_ns 0: all */
	uint32_t thread;
	uint32_t values[2];       /* value numbers of time and of samples */
	int runs_only;            /* the sums come from elsewhere */
};

/*
 * Sort, repair, weigh and book the observations into the sums and runs of `p`; what was strange is counted in `in`.
 * O(n log n) when they are out of order, else O(n).
 */
int observed_weigh(struct observed *o, struct profile *p, struct profile_input *in, struct err *e);

/* Add `value` to value `v` of the sum. ERR_FORMAT when 64 bits do not hold it. */
int profile_sum_book(struct profile *p, uint32_t sum, size_t v, int64_t value, struct err *e);

#endif
