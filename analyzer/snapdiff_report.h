/*
 * snapdiff_report.h - fills the report of a comparison; analysis.c seals it.
 */
#ifndef ANALYZER_SNAPDIFF_REPORT_H
#define ANALYZER_SNAPDIFF_REPORT_H

#include "analyzer/analysis.h"
#include "analyzer/compare.h"
#include "analyzer/filter.h"
#include "analyzer/growth.h"
#include "analyzer/sections.h"

/* All that a comparison has found. Oldest first; the last snapshot is the heap, the others are digests. */
struct comparison {
	const char *const *files;
	size_t n;                       /* snapshots */
	const struct digest *digests;   /* n - 1 */
	struct heap *last;
	const struct sections *const *sections; /* n */
	const struct match *match;      /* first and last snapshot */
	const struct groups *groups;    /* of the last, in structure mode */
	const struct compare *compare;
	const struct growth *growth;
};

int snapdiff_report(struct report *r, const struct comparison *c, struct filter *filter,
		    const struct analysis_options *o, struct err *e);

#endif
