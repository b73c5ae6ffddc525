/*
 * snapdiff_report.h - fills the report of a comparison; analysis.c seals it.
 */
#ifndef ANALYZER_SNAPDIFF_REPORT_H
#define ANALYZER_SNAPDIFF_REPORT_H

#include "analyzer/comparison.h"
#include "analyzer/filter.h"

int snapdiff_report(struct report *r, const struct comparison *c, struct filter *filter,
		    const struct analysis_options *o, struct err *e);

#endif
