/*
 * The report for a terminal: the answer first, then the facts, the growth points as blocks, the rest as tables. Colour
 * repeats what the signs say, so nothing is lost without it.
 */
#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "analyzer/textdoc.h"

#define DEFAULT_WIDTH 80
#define LEAST_WIDTH 40

struct flow textdoc_flow(const struct textdoc *d, size_t column)
{
	return (struct flow){ .out = d->out,
			      .width = d->width,
			      .indent = column,
			      .column = column,
			      .ascii = d->ascii,
			      .color = d->color };
}

struct strbuf *textdoc_word(struct textdoc *d)
{
	strbuf_reset(&d->word);
	return &d->word;
}

struct str textdoc_written(const struct textdoc *d)
{
	return (struct str){ strbuf_str(&d->word), d->word.len };
}

static void write_title(struct textdoc *d, const struct table *t)
{
	struct flow f = textdoc_flow(d, 0);

	strbuf_addch(d->out, '\n');
	flow_words(&f, str_of(t->title), TONE_BOLD);
	strbuf_addch(d->out, '\n');
}

void textdoc_heading(struct textdoc *d, const struct table *t)
{
	struct flow f;

	write_title(d, t);
	if (!t->note)
		return;
	strbuf_addch_n(d->out, ' ', TEXTDOC_INDENT);
	f = textdoc_flow(d, TEXTDOC_INDENT);
	flow_words(&f, str_of(t->note), TONE_DIM);
	strbuf_addch(d->out, '\n');
}

const union cell *textdoc_cell(const struct table *t, size_t row, const char *key, enum cell_type type)
{
	int c = table_column(t, key);

	return c >= 0 && t->columns[c].type == type ? &table_row(t, row)[c] : NULL;
}

void textdoc_piece(struct textdoc *d, struct flow *f, const struct table *t, size_t row, const char *key,
		   const char *before, const char *after)
{
	int c = table_column(t, key);
	size_t empty = strlen(before);

	if (c < 0)
		return;
	strbuf_addstr(textdoc_word(d), before);
	cell_text(&d->word, d->r, &t->columns[c], &table_row(t, row)[c], d->ascii);
	if (d->word.len == empty)
		return;
	strbuf_addstr(&d->word, after);
	flow_piece(f, textdoc_written(d), TONE_PLAIN);
}

enum tone textdoc_tone(const struct column *c, int64_t v)
{
	if (!(c->flags & COLUMN_SIGNED) || !v)
		return TONE_PLAIN;
	if (c->type != CELL_BYTES && !(c->flags & COLUMN_MAIN))
		return TONE_PLAIN;
	return v > 0 ? TONE_GROWTH : TONE_SHRINK;
}

static void write_warnings(struct textdoc *d)
{
	struct flow f;

	for (size_t i = 0; i < d->r->n_warnings; i++) {
		strbuf_addstr(d->out, "! ");
		f = textdoc_flow(d, 2);
		text_clean(textdoc_word(d), d->r->warnings[i], d->ascii);
		flow_words(&f, textdoc_written(d), TONE_WARN);
		strbuf_addch(d->out, '\n');
	}
}

static void write_head(struct textdoc *d)
{
	struct flow f = textdoc_flow(d, 0);

	if (d->r->headline.n) {
		text_clean(textdoc_word(d), d->r->headline, d->ascii);
		flow_words(&f, textdoc_written(d), TONE_BOLD);
		strbuf_addstr(d->out, d->r->n_warnings || d->r->mode ? "\n\n" : "\n");
	}
	write_warnings(d);
	if (!d->r->mode)
		return;
	f = textdoc_flow(d, 0);
	flow_words(&f, str_of(mode_text(d->r->mode)), TONE_PLAIN);
	strbuf_addch(d->out, '\n');
}

#define LABEL_CELLS 16

static struct flow write_label(struct textdoc *d, const char *label)
{
	strbuf_addf(d->out, "%*s%-*s", TEXTDOC_INDENT, "", LABEL_CELLS - TEXTDOC_INDENT, label);
	return textdoc_flow(d, LABEL_CELLS);
}

static void write_heap(struct textdoc *d, const struct table *t)
{
	const union cell *delta = textdoc_cell(t, 0, "delta_bytes", CELL_BYTES);
	int c = table_column(t, "delta_bytes");
	struct flow f = write_label(d, "Heap");

	textdoc_piece(d, &f, t, 0, "before_bytes", "", "");
	flow_piece(&f, str_of(text_glyphs(d->ascii)->to), TONE_PLAIN);
	textdoc_piece(d, &f, t, 0, "after_bytes", "", "");
	if (delta) {
		strbuf_addch(textdoc_word(d), '(');
		human_bytes(&d->word, delta->i, 1);
		strbuf_addch(&d->word, ')');
		flow_piece(&f, textdoc_written(d), textdoc_tone(&t->columns[c], delta->i));
	}
	strbuf_addch(d->out, '\n');
}

static void write_fact(struct textdoc *d, const struct table *t, const char *label, const char *count,
		       const char *bytes)
{
	const union cell *n = textdoc_cell(t, 0, count, CELL_COUNT);
	struct flow f;

	if (!n)
		return;
	f = write_label(d, label);
	textdoc_piece(d, &f, t, 0, count, "", n->i == 1 ? " object," : " objects,");
	textdoc_piece(d, &f, t, 0, bytes, "", "");
	strbuf_addch(d->out, '\n');
}

static void write_over_time(struct textdoc *d, const struct table *t)
{
	int c = table_column(t, "series_bytes");
	struct flow f;

	if (c < 0 || d->r->n_snapshots < 3 || !table_row(t, 0)[c].series)
		return;
	f = write_label(d, "Over time");
	series_text(textdoc_word(d), d->r, &t->columns[c], table_row(t, 0)[c].series, d->ascii);
	flow_words(&f, textdoc_written(d), TONE_PLAIN);
	strbuf_addch(d->out, '\n');
}

static void write_totals(struct textdoc *d, const struct table *t)
{
	struct flow f;

	textdoc_heading(d, t);
	write_heap(d, t);
	write_over_time(d, t);
	write_fact(d, t, "New", "new_count", "new_bytes");
	write_fact(d, t, "Deleted", "deleted_count", "deleted_bytes");
	write_fact(d, t, "Grew in place", "grown_count", "grown_bytes");
	if (!textdoc_cell(t, 0, "explained", CELL_PERCENT))
		return;
	f = write_label(d, "Explained");
	textdoc_piece(d, &f, t, 0, "explained_bytes", "", ",");
	textdoc_piece(d, &f, t, 0, "explained", "", "");
	flow_words(&f, STR_LIT("of the growth, by the growth points"), TONE_PLAIN);
	strbuf_addch(d->out, '\n');
}

static void write_diagnostics(struct textdoc *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);

	textdoc_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		const union cell *text = textdoc_cell(t, row, "text", CELL_TEXT);
		const union cell *count = textdoc_cell(t, row, "count", CELL_COUNT);
		struct flow f;

		strbuf_addstr(d->out, "  - ");
		f = textdoc_flow(d, 4);
		textdoc_piece(d, &f, t, row, "snapshot", "", ":");
		if (text) {
			text_clean(textdoc_word(d), text->text, d->ascii);
			flow_words(&f, textdoc_written(d), TONE_PLAIN);
		}
		if (count && count->i > 1)
			textdoc_piece(d, &f, t, row, "count", "(", " times)");
		strbuf_addch(d->out, '\n');
	}
	if (shown < t->n_rows)
		strbuf_addf(d->out, "    %s %zu more\n", text_glyphs(d->ascii)->ellipsis, t->n_rows - shown);
}

/* Sentences with what to do about them: a grid has no room for those. */
static void write_insights(struct textdoc *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);

	textdoc_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		const union cell *severity = textdoc_cell(t, row, "severity", CELL_TEXT);
		const union cell *text = textdoc_cell(t, row, "text", CELL_TEXT);
		const union cell *advice = textdoc_cell(t, row, "advice", CELL_TEXT);
		struct flow f;

		strbuf_addf(d->out, "  %-5.*s ", severity ? (int)severity->text.n : 0, severity ? severity->text.s : "");
		f = textdoc_flow(d, 8);
		if (text) {
			text_clean(textdoc_word(d), text->text, d->ascii);
			flow_words(&f, textdoc_written(d), TONE_PLAIN);
		}
		if (advice && advice->text.n) {
			flow_break(&f);
			flow_words(&f, advice->text, TONE_DIM);
		}
		strbuf_addch(d->out, '\n');
	}
	if (shown < t->n_rows)
		strbuf_addf(d->out, "        %s %zu more\n", text_glyphs(d->ascii)->ellipsis, t->n_rows - shown);
}

static void write_empty(struct textdoc *d, const struct table *t)
{
	struct flow f;

	if (!t->empty)
		return;
	write_title(d, t);
	strbuf_addch_n(d->out, ' ', TEXTDOC_INDENT);
	f = textdoc_flow(d, TEXTDOC_INDENT);
	flow_words(&f, str_of(t->empty), TONE_PLAIN);
	strbuf_addch(d->out, '\n');
}

static int write_table(struct textdoc *d, const struct table *t, struct err *e)
{
	if (!t->n_rows)
		write_empty(d, t);
	else if (!strcmp(t->key, "totals"))
		write_totals(d, t);
	else if (!strcmp(t->key, "findings"))
		textdoc_findings(d, t);
	else if (!strcmp(t->key, "settled") || !strcmp(t->key, "known"))
		textdoc_settled(d, t);
	else if (!strcmp(t->key, "growth"))
		textdoc_growth(d, t);
	else if (!strcmp(t->key, "diagnostics"))
		write_diagnostics(d, t);
	else if (!strcmp(t->key, "insights"))
		write_insights(d, t);
	else if (t->kind == TABLE_RECORD)
		return textdoc_record(d, t, e);
	else if (t->kind == TABLE_TREE)
		return textdoc_tree(d, t, e);
	else
		return textdoc_rows(d, t, e);
	return 0;
}

int render_text(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	struct textdoc d = { .r = r, .out = out, .rows = o->rows, .ascii = o->ascii, .color = o->color };
	int rc = 0;

	d.width = o->width ? o->width : DEFAULT_WIDTH;
	if (d.width < LEAST_WIDTH)
		d.width = LEAST_WIDTH;
	strbuf_init(&d.word, out->mem);
	write_head(&d);
	for (size_t i = 0; i < r->n_tables && !rc; i++)
		if (r->tables[i].parent < 0 && !r->tables[i].for_pages)
			rc = write_table(&d, &r->tables[i], e);
	if (!rc)
		rc = strbuf_check(&d.word, e);
	strbuf_release(&d.word);
	return rc ? rc : strbuf_check(out, e);
}
