/*
 * growth_report.h - the growth points in the report: headline, table and items.
 */
#ifndef ANALYZER_GROWTH_REPORT_H
#define ANALYZER_GROWTH_REPORT_H

#include "analyzer/snapdiff_report.h"

int growth_report(struct report *r, const struct comparison *c, struct filter *filter,
		  const struct analysis_options *o, struct err *e);

#endif
