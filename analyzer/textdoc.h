/*
 * textdoc.h - what the parts of the text renderer share. Private to render_text.c and the other text*.c.
 */
#ifndef ANALYZER_TEXTDOC_H
#define ANALYZER_TEXTDOC_H

#include "analyzer/report.h"
#include "analyzer/textcells.h"

struct textdoc {
	const struct report *r;
	struct strbuf *out;
	struct strbuf word; /* scratch for one piece of text */
	size_t width;
	size_t rows; /* rows per table, 0: each table's own default */
	int ascii, color;
};

#define TEXTDOC_INDENT 2

/* Blank line, heading, and the table's note. */
void textdoc_heading(struct textdoc *d, const struct table *t);

/* Start running text at `column`, which is also where its continuation lines start. */
struct flow textdoc_flow(const struct textdoc *d, size_t column);

/* Empty the scratch buffer to write into; and what was written. */
struct strbuf *textdoc_word(struct textdoc *d);
struct str textdoc_written(const struct textdoc *d);

/* Cell of a row by the column's key and type; NULL when the table has none such. */
const union cell *textdoc_cell(const struct table *t, size_t row, const char *key, enum cell_type type);

/* A cell as one piece of a flow; nothing when it is absent. `before` and `after` are put around it. */
void textdoc_piece(struct textdoc *d, struct flow *f, const struct table *t, size_t row, const char *key,
		   const char *before, const char *after);

enum tone textdoc_tone(const struct column *c, int64_t v);

/* The steps of a path, with the edges between them. */
void textdoc_path(struct textdoc *d, struct flow *f, const struct path *p);

/* Growth points, one block each. */
void textdoc_growth(struct textdoc *d, const struct table *t);

/* Findings, one block each; what settled, a line or two each. */
void textdoc_findings(struct textdoc *d, const struct table *t);
void textdoc_settled(struct textdoc *d, const struct table *t);

/* The other tables, by kind. A record is one fact per line, with each size's share where there is a total. */
int textdoc_rows(struct textdoc *d, const struct table *t, struct err *e);
int textdoc_record(struct textdoc *d, const struct table *t, struct err *e);
int textdoc_tree(struct textdoc *d, const struct table *t, struct err *e);

#endif
