/*
 * snapstat_report.h - fills the report of one analysed heap; analysis.c seals it.
 */
#ifndef ANALYZER_SNAPSTAT_REPORT_H
#define ANALYZER_SNAPSTAT_REPORT_H

#include "analyzer/analysis.h"
#include "analyzer/filter.h"
#include "analyzer/heap.h"
#include "analyzer/sections.h"
#include "analyzer/where.h"

/* The summary, or without `sections` the views that are asked for. `where` is NULL unless it is one of them. */
int snapstat_report(struct report *r, struct heap *h, const struct sections *sections, struct filter *filter,
		    struct where *where, const struct analysis_options *o, struct err *e);

#endif
