/*
 * sample_report.h - hand-made reports with the tables, keys and columns of docs/report-schema.md, for tests of
 * renderers.
 */
#ifndef TESTS_SAMPLE_REPORT_H
#define TESTS_SAMPLE_REPORT_H

#include "analyzer/report.h"

enum sample_flags {
	SAMPLE_SERIES = 1,  /* three snapshots instead of two */
	SAMPLE_HOSTILE = 2, /* names that try to break out of every notation */
	SAMPLE_LARGE = 4,   /* 20 000 more classes */
	SAMPLE_QUIET = 8,   /* nothing grew: most tables are empty */
	SAMPLE_OPEN = 16,   /* leave it unsealed */
};

/* Fill an initialised report as `snapdiff` and `snapstat` would, and seal it. */
int sample_report(struct report *r, unsigned flags, struct err *e);
int sample_stat_report(struct report *r, unsigned flags, struct err *e);

/* The names that SAMPLE_HOSTILE puts everywhere. */
extern const struct str sample_hostile_names[];
extern const size_t n_sample_hostile_names;

#endif
