/*
 * html_plot.h - pictures of a few numbers in SVG, without script: growth over the snapshots, parts of a whole.
 */
#ifndef WEB_HTML_PLOT_H
#define WEB_HTML_PLOT_H

#include "analyzer/report.h"
#include "web/html_writer.h"

/*
 * How the heap and the largest findings grew since the first snapshot, on one scale, with the numbers beside it. Nothing
 * where a report has no "totals" with a series.
 */
void html_growth_plot(struct html *h, const struct report *r);

/*
 * The sizes of a record as parts of its total_bytes, one bar and its legend; returns 0, with nothing written, when they
 * are not.
 */
int html_parts(struct html *h, const struct table *t);

#endif
