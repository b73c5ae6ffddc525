/*
 * celltext.h - one cell of a report in words, as text and Markdown show it. Everything appended is cleaned by
 * text_clean(), so it may go to a terminal as it is; Markdown must still quote it.
 */
#ifndef ANALYZER_CELLTEXT_H
#define ANALYZER_CELLTEXT_H

#include "analyzer/report.h"

/* Does the column hold numbers, to be put to the right? */
int cell_is_number(const struct column *c);

/* Append nothing for what is absent. A series becomes a sparkline. Not for CELL_PATH and CELL_ROW. */
void cell_text(struct strbuf *out, const struct report *r, const struct column *c, const union cell *v, int ascii);

/* A number in the unit of `type`. */
void number_text(struct strbuf *out, enum cell_type type, int64_t v, int with_sign);

/* "Map @48213", or "(closure) onData @77" when the name says more than the class. */
void node_text(struct strbuf *out, const struct node_ref *n, int ascii);

/* "src/cache.js:14", or "(script 89):14". */
void place_text(struct strbuf *out, const struct place *p, int ascii);

/* Step `i` of a path with the edge that leads on: "Map .table" or "Array [3]"; the last step is the class alone. */
void step_text(struct strbuf *out, const struct path *p, size_t i, int ascii);

/* "{user, at}", "Function onData", "Session". */
void item_text(struct strbuf *out, const struct item_ref *item, int ascii);

/* The values of a series in words: "1.2 MB -> 3.4 MB -> 5.6 MB". */
void series_text(struct strbuf *out, const struct report *r, const struct column *c, const int64_t *v, int ascii);

/* "Matched by ...": what a report's mode means; the mode itself when it is a new one. */
const char *mode_text(const char *mode);

/* Rows to show of `n` rows of a table: what was asked for, else the table's own default. */
size_t rows_shown(const struct table *t, size_t n, size_t asked);

/* The column that names the rows of a tree: "node", or the first text; -1 when there is none. */
int tree_label_column(const struct table *t);

/*
 * Choose `limit` rows of a tree: those with the largest main (or retained) value. An ancestor is never smaller than
 * what stands below it and comes first on a tie, so every chosen row's parent is chosen too. Ascending row numbers in
 * `out`.
 */
int tree_choose(const struct table *t, size_t limit, struct mem *m, size_t *out, size_t *n_out, struct err *e);

/* May this column stand in a text or Markdown table at all? Leaves out details, owners, paths and what is absent in all
 * rows. */
int column_fits_table(const struct report *r, const struct table *t, size_t column, size_t n_rows);

#endif
