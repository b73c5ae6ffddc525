/*
 * render_html.h - the report model as one self-contained HTML page.
 *
 * The page is complete without JavaScript, loads nothing (its Content-Security-Policy allows its own style sheet by
 * hash and no more) and is the same for the same report, byte for byte. Flat tables show up to 100 rows and close with
 * a rest row and the total; trees show all their rows. Every table is shown, by the types of its columns: a table whose
 * rows own others becomes cards, a tree folds, a record becomes a list of facts.
 */
#ifndef WEB_RENDER_HTML_H
#define WEB_RENDER_HTML_H

#include "analyzer/report.h"

/* Append the page to `out`. Of the options only `rows` matters. Errors: ERR_MEMORY only. */
int render_html(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);

#endif
