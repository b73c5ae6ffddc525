/* Findings on a terminal, one block each. */
#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "analyzer/textdoc.h"

static void write_words(struct textdoc *d, struct flow *f, struct str s, enum tone tone)
{
	text_clean(textdoc_word(d), s, d->ascii);
	flow_words(f, textdoc_written(d), tone);
}

/* "1. LEAK 97 %  +1.4 MB (53.0 %)  Map sessions got 4,000 more entries: Session" */
static void write_title(struct textdoc *d, struct flow *f, const struct table *t, size_t row)
{
	const union cell *verdict = textdoc_cell(t, row, "verdict", CELL_TEXT);
	const union cell *delta = textdoc_cell(t, row, "retained_delta_bytes", CELL_BYTES);
	const union cell *title = textdoc_cell(t, row, "title", CELL_TEXT);
	int leak = verdict && str_is(verdict->text, "leak");

	if (verdict) {
		text_clean(textdoc_word(d), verdict->text, d->ascii);
		for (size_t i = 0; leak && i < d->word.len; i++)
			d->word.buf[i] = (char)(d->word.buf[i] - 'a' + 'A');
		flow_piece(f, textdoc_written(d), leak ? TONE_WARN : TONE_BOLD);
	}
	textdoc_piece(d, f, t, row, "confidence", "", "");
	if (delta) {
		human_bytes(textdoc_word(d), delta->i, 1);
		flow_piece(f, textdoc_written(d), delta->i < 0 ? TONE_SHRINK : TONE_GROWTH);
	}
	textdoc_piece(d, f, t, row, "retained_bytes", "", "");
	textdoc_piece(d, f, t, row, "share_of_growth", "(", ")");
	textdoc_piece(d, f, t, row, "share_of_heap", "(", ")");
	if (!title || !title->text.n)
		return;
	flow_break(f);
	write_words(d, f, title->text, TONE_BOLD);
}

/* A line of its own with a word before it; nothing when the cell is absent. */
static void write_line(struct textdoc *d, struct flow *f, const struct table *t, size_t row, const char *key,
		       const char *label)
{
	int c = table_column(t, key);
	size_t empty = strlen(label);

	if (c < 0)
		return;
	strbuf_addstr(textdoc_word(d), label);
	cell_text(&d->word, d->r, &t->columns[c], &table_row(t, row)[c], d->ascii);
	if (d->word.len == empty)
		return;
	flow_break(f);
	flow_words(f, textdoc_written(d), TONE_PLAIN);
}

static void write_reasons(struct textdoc *d, struct flow *f, const struct table *t, size_t row, const char *key,
			  const char *sign)
{
	const union cell *cell = textdoc_cell(t, row, key, CELL_TEXTS);
	size_t indent = f->indent;

	for (size_t i = 0; cell && cell->texts && i < cell->texts->n; i++) {
		flow_break(f);
		flow_piece(f, str_of(sign), TONE_BOLD);
		f->indent = indent + 2;
		write_words(d, f, cell->texts->texts[i], TONE_PLAIN);
		f->indent = indent;
	}
}

static void write_path(struct textdoc *d, struct flow *f, const struct table *t, size_t row, const char *key,
		       const char *label)
{
	const union cell *cell = textdoc_cell(t, row, key, CELL_PATH);

	if (!cell || !cell->path)
		return;
	flow_break(f);
	if (label)
		flow_piece(f, str_of(label), TONE_DIM);
	textdoc_path(d, f, cell->path);
}

static void write_block(struct textdoc *d, const struct table *t, size_t row)
{
	size_t start = d->out->len, indent;
	struct flow f;

	strbuf_addf(d->out, "%3zu. ", row + 1);
	indent = d->out->len - start;
	f = textdoc_flow(d, indent);
	write_title(d, &f, t, row);
	write_line(d, &f, t, row, "location", "at ");
	write_reasons(d, &f, t, row, "reasons_for", "+");
	write_reasons(d, &f, t, row, "reasons_against", "-");
	write_line(d, &f, t, row, "advice", "Fix: ");
	write_path(d, &f, t, row, "path", NULL);
	write_path(d, &f, t, row, "second_path", "also:");
	write_line(d, &f, t, row, "fingerprint", "fingerprint ");
	strbuf_addch(d->out, '\n');
}

/* What settled needs no more than a line. */
static void write_settled(struct textdoc *d, const struct table *t, size_t row)
{
	const union cell *title = textdoc_cell(t, row, "title", CELL_TEXT);
	const union cell *against = textdoc_cell(t, row, "reasons_against", CELL_TEXTS);
	struct flow f;

	strbuf_addstr(d->out, "  - ");
	f = textdoc_flow(d, 4);
	textdoc_piece(d, &f, t, row, "verdict", "", ",");
	textdoc_piece(d, &f, t, row, "retained_delta_bytes", "", ":");
	if (title)
		write_words(d, &f, title->text, TONE_PLAIN);
	if (against && against->texts && against->texts->n && against->texts->texts[0].n) {
		flow_break(&f);
		write_words(d, &f, against->texts->texts[0], TONE_DIM);
	}
	strbuf_addch(d->out, '\n');
}

static void write_more(struct textdoc *d, size_t n)
{
	strbuf_addf(d->out, "    %s %zu more\n", text_glyphs(d->ascii)->ellipsis, n);
}

void textdoc_findings(struct textdoc *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);

	textdoc_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		if (row)
			strbuf_addch(d->out, '\n');
		write_block(d, t, row);
	}
	if (shown < t->n_rows)
		write_more(d, t->n_rows - shown);
}

void textdoc_settled(struct textdoc *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);

	textdoc_heading(d, t);
	for (size_t row = 0; row < shown; row++)
		write_settled(d, t, row);
	if (shown < t->n_rows)
		write_more(d, t->n_rows - shown);
}
