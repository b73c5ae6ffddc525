/*
 * textgrid.h - a table that fits the terminal.
 *
 * Cells are filled in any order, each once; then the columns are laid out and the lines printed. When the width does
 * not suffice, first texts are shortened to a least width, then columns are dropped from the right (never a column
 * marked `keep`), then texts are shortened further. No line is ever wider than asked.
 */
#ifndef ANALYZER_TEXTGRID_H
#define ANALYZER_TEXTGRID_H

#include "analyzer/textcells.h"
#include "base/mem.h"

struct grid_column {
	const char *title;  /* "" for none */
	int right;          /* numbers: to the right, never shortened */
	int keep;           /* never dropped */
	size_t least;       /* cells that a text column wants at least when others need room */
	enum text_keep cut; /* how texts are shortened */
	size_t width;       /* after grid_layout(): cells */
	int dropped;        /* after grid_layout() */
};

struct grid_cell {
	size_t start, n; /* in `text` */
	size_t width;
	enum tone tone;
};

struct grid {
	struct mem *mem;
	struct strbuf text;
	struct grid_column *columns;
	struct grid_cell *cells;
	size_t n_columns, n_rows;
	size_t open; /* start of the cell being written */
	int ascii, color;
};

/* All columns zeroed, all cells empty. On failure nothing is held. */
int grid_init(struct grid *g, struct mem *m, size_t n_columns, size_t n_rows, struct err *e);
void grid_release(struct grid *g);

/* Append cleaned text to the buffer that is returned, then close the cell. */
struct strbuf *grid_open(struct grid *g);
void grid_close(struct grid *g, size_t row, size_t column, enum tone tone);

/* Choose widths so that lines take at most `width` cells. */
void grid_layout(struct grid *g, size_t width);

/* The line of titles, and one row; each with its line break and `indent` cells before it. */
void grid_print_titles(const struct grid *g, struct strbuf *out, size_t indent);
void grid_print_row(const struct grid *g, struct strbuf *out, size_t indent, size_t row);

#endif
