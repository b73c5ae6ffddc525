/*
 * leaks_report.h - the findings in the report: the headline, the table "findings", and apart from it "settled", what grew
 * without being a leak.
 */
#ifndef ANALYZER_LEAKS_REPORT_H
#define ANALYZER_LEAKS_REPORT_H

#include "analyzer/comparison.h"
#include "analyzer/filter.h"

/* The columns of both tables. */
extern const struct column finding_columns[];
extern const size_t n_finding_columns;

/* Of a single snapshot: the table "findings" with suspects. */
int suspects_report(struct report *r, struct heap *h, const struct sections *sections, struct filter *filter,
		    const struct analysis_options *o, struct err *e);

int leaks_report(struct report *r, const struct comparison *c, struct filter *filter, const struct analysis_options *o,
		 struct err *e);

#endif
