/*
 * comparison.h - all that is known of two or more snapshots once they are compared, as the builders of reports and the
 * judges of leaks see it.
 */
#ifndef ANALYZER_COMPARISON_H
#define ANALYZER_COMPARISON_H

#include "analyzer/analysis.h"
#include "analyzer/compare.h"
#include "analyzer/growth.h"
#include "analyzer/sections.h"

/* All that a comparison has found. Oldest first; the last snapshot is the heap, the others are digests. */
struct known;

struct comparison {
	const char *const *files;
	size_t n;                       /* snapshots */
	const struct digest *digests;   /* n - 1 */
	struct heap *last;
	const struct sections *const *sections; /* n */
	const struct match *match;      /* first and last snapshot */
	const struct groups *groups;    /* of the last, in structure mode */
	const struct groups *tree;      /* of the last, when the growth tree is wanted; without their nodes */
	const struct compare *compare;
	const struct growth *growth;
	const struct known *known;      /* accepted findings */
};

#endif
