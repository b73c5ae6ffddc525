/*
 * html_island.h - the tables of the report as data for the page's script: one JSON text in a <script> that no browser
 * runs.
 *
 * {"snapshots": 2, "names": ["Map", ...], "tables": [{"key", "title", "kind", "rows", "columns": [{...}]}]}
 *
 * A tree's column of parents is one of depths, in "depths". "same" stands for a column of one value, "step" is what all
 * of a column are multiples of, divided out. "source" is the template of html_source.h, where there is one.
 *
 * Columns of numbers are base64 of variable-length integers (7 bits a byte, the lowest first), each the zigzag of its
 * difference to the one before. Texts are such a column too, of numbers into `names` from 1, 0 for none; names are
 * cleaned and shortened like all that the page shows. A node is three columns (class, name, id), and where an id is over
 * 2^53 a fourth: "id" then has the low 32 bits of all and "high" the rest. A series has `snapshots` values a row.
 */
#ifndef WEB_HTML_ISLAND_H
#define WEB_HTML_ISLAND_H

#include "analyzer/report.h"
#include "web/html_writer.h"

/* `rows` as in render_options: a flat table has no more here than on the page. Errors: ERR_MEMORY. */
int html_island(struct html *h, const struct report *r, size_t rows, struct err *e);

/* Does the island hold this table: a tree, or rows that the script sorts and filters? */
int html_in_island(const struct report *r, const struct table *t);

/* Add `n` numbers to `out` as described above, without quotes. */
void html_pack(struct strbuf *out, const int64_t *numbers, size_t n);

#endif
