/*
 * profile_report.h - what the reports on profiles consist of: columns in the profile's unit, and one function per table.
 */
#ifndef ANALYZER_PROFILE_REPORT_H
#define ANALYZER_PROFILE_REPORT_H

#include "analyzer/profile_view.h"
#include "analyzer/report.h"

/*
 * A copy of `columns` in which every CELL_TIME became what the unit is: "self_ns" stays, or turns into "self_bytes" or a
 * count "self". Lives as long as the report.
 */
int profile_columns(struct report *r, enum profile_unit unit, struct table *t, const struct column *columns, size_t n,
		    struct err *e);

/* Where a frame's function begins; NULL when no source is known. */
int profile_place(struct report *r, const struct profile *p, uint32_t frame, uint32_t line, const struct place **out,
		  struct err *e);

/* The inputs, one row each. Texts of what no input says leave its column out. */
int profile_add_inputs(struct report *r, const struct profile_input *const *inputs, size_t n, struct err *e);

/* How much of what was recorded, as a record. */
int profile_add_summary(struct report *r, const struct profile_view *v, struct err *e);

int profile_add_categories(struct report *r, const struct profile_view *v, struct err *e);
int profile_add_threads(struct report *r, const struct profile_view *v, struct err *e);

/* Keys by self: "functions", "files", "packages" or "categories" by what the view shows. */
int profile_add_top(struct report *r, const struct profile_view *v, struct err *e);

/*
 * The keys that have something, in the order of that table: `keys` (n_keys of them, from the caller) is filled, their
 * number goes to `*n`.
 */
int profile_rank_keys(const struct profile_view *v, uint32_t *keys, size_t *n, struct err *e);

/* Own time per source line. */
int profile_add_lines(struct report *r, const struct profile_view *v, struct err *e);

/* From the root down, and from the leaves up. */
int profile_add_tree(struct report *r, const struct profile_view *v, struct err *e);
int profile_add_callers(struct report *r, const struct profile_view *v, struct err *e);

/*
 * What ran when: busy, idle, collecting, and the function with the most own time, in equal slices. `for_pages`: only to be
 * drawn, and not there without times.
 */
int profile_add_timeline(struct report *r, const struct profile *p, int for_pages, struct err *e);

/* The functions that match, who calls them and what they call. ERR_USAGE when none does. */
int profile_add_function(struct report *r, const struct profile_view *v, const char *pattern, struct err *e);

/* The answer in one sentence. */
int profile_headline(struct report *r, const struct profile_view *v, struct err *e);

/* A value in the unit of the profile, as people read it. */
void profile_amount(struct strbuf *out, enum profile_unit unit, int64_t v);

#endif
