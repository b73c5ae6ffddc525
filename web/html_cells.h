/*
 * html_cells.h - one cell of a report as HTML: the words of celltext.h with markup around them, exact sizes on hover,
 * bars and sparklines. Numbers come from analyzer/human.h, so they read as in every other notation; only the minus is
 * the typographic one.
 */
#ifndef WEB_HTML_CELLS_H
#define WEB_HTML_CELLS_H

#include <stdint.h>

#include "analyzer/report.h"
#include "web/html_writer.h"

/* Terminal cells that a name or a sentence may take before it is cut. */
#define HTML_NAME_CELLS 160
#define HTML_TEXT_CELLS 320
#define HTML_PLACE_CELLS 160
#define HTML_TABLE_PLACE_CELLS 56
#define HTML_TREE_NAME_CELLS 80

/* A number in the unit of its column. */
void html_number(struct html *h, const struct column *c, int64_t v);

/* The attribute that tells the exact number of bytes, where the shown one is rounded. Right after html_open(). */
void html_exact(struct html *h, const struct column *c, int64_t v);

/* "up", "down", "zero" for differences, "" for other numbers; a class name. */
const char *html_tone(const struct column *c, int64_t v);

/* A number in an element of its own, with tone and exact value. */
void html_number_in(struct html *h, const char *tag, const struct column *c, int64_t v);

void html_node(struct html *h, const struct node_ref *n, size_t cells);
/* The end of a file name that takes more than `cells`; the whole of it on hover. A link where html_source.h has one. */
void html_place(struct html *h, const struct place *p, size_t cells);

/* An edge's name: ".table", "[3]". */
void html_edge(struct html *h, struct str edge, size_t cells);

/* Breadcrumbs from the root; html_path() folds them in <details>, for cells of tables. */
void html_path(struct html *h, const struct path *p);
void html_open_path(struct html *h, const struct path *p);

/* What a cell holds. Nothing for what is absent. Not for CELL_ROW. */
void html_cell(struct html *h, const struct report *r, const struct column *c, const union cell *v);

/* Is the column of use in this report? A series of two values is a before and an after once more. */
int html_has_room(const struct report *r, const struct column *c);

/* Does the cell hold nothing to show? */
int html_is_blank(const struct column *c, const union cell *v);

/* Size of `part` in thousandths of `whole`; the signs do not matter. 0 to 1000. */
unsigned html_permille(int64_t part, int64_t whole);

/* Horizontal bar, `permille` full; of the filled part `second` thousandths of the whole are in the second colour. */
void html_bar(struct html *h, unsigned permille, unsigned second);

#endif
