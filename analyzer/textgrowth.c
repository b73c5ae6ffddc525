#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "analyzer/textdoc.h"

/* "1.  +12.1 MB  (97.3 %)  Map @48213  in src/cache.js:14" */
static void write_title(struct textdoc *d, struct flow *f, const struct table *t, size_t row)
{
	const union cell *delta = textdoc_cell(t, row, "delta_bytes", CELL_BYTES);
	const union cell *holder = textdoc_cell(t, row, "holder", CELL_NODE);
	const union cell *alike = textdoc_cell(t, row, "alike", CELL_COUNT);

	if (delta) {
		human_bytes(textdoc_word(d), delta->i, 1);
		flow_piece(f, textdoc_written(d), delta->i < 0 ? TONE_SHRINK : TONE_GROWTH);
	}
	textdoc_piece(d, f, t, row, "share", "(", ")");
	if (holder && holder->node) {
		node_text(textdoc_word(d), holder->node, d->ascii);
		flow_piece(f, textdoc_written(d), TONE_BOLD);
	}
	if (alike && alike->i > 1)
		textdoc_piece(d, f, t, row, "alike", "(", " alike)");
	textdoc_piece(d, f, t, row, "place", "in ", "");
}

/* "80.2 kB -> 1.6 MB, grew every time; +1.4 MB held only here, +96.0 kB together with other growing holders" */
static void write_facts(struct textdoc *d, struct flow *f, const struct table *t, size_t row)
{
	const union cell *before = textdoc_cell(t, row, "before_bytes", CELL_BYTES);
	const union cell *after = textdoc_cell(t, row, "after_bytes", CELL_BYTES);
	const union cell *shared = textdoc_cell(t, row, "shared_bytes", CELL_BYTES);
	const union cell *goes_on = textdoc_cell(t, row, "goes_on", CELL_TEXT);
	int series = table_column(t, "series_bytes");
	const union cell *cells = table_row(t, row);

	flow_break(f);
	textdoc_word(d);
	if (series >= 0 && cells[series].series && d->r->n_snapshots > 2) {
		series_text(textdoc_word(d), d->r, &t->columns[series], cells[series].series, d->ascii);
	} else if (before && after) {
		human_bytes(textdoc_word(d), before->i, 0);
		strbuf_addf(&d->word, " %s ", text_glyphs(d->ascii)->to);
		human_bytes(&d->word, after->i, 0);
	}
	if (goes_on && goes_on->text.n) {
		strbuf_addstr(&d->word, ", ");
		text_clean(&d->word, goes_on->text, d->ascii);
	}
	if (shared && shared->i) {
		strbuf_addch(&d->word, ';');
		flow_words(f, textdoc_written(d), TONE_PLAIN);
		textdoc_piece(d, f, t, row, "exclusive_bytes", "", "");
		flow_words(f, STR_LIT("held only here,"), TONE_PLAIN);
		textdoc_piece(d, f, t, row, "shared_bytes", "", "");
		flow_words(f, STR_LIT("together with other growing holders"), TONE_PLAIN);
	} else {
		flow_words(f, textdoc_written(d), TONE_PLAIN);
	}
}

/* "2,000 x {user, at}, 48 B each, 12.1 MB retained, src/session.js:10" */
static void write_item(struct textdoc *d, struct flow *f, const struct table *t, size_t row)
{
	const union cell *place = textdoc_cell(t, row, "place", CELL_PLACE);
	const union cell *name = textdoc_cell(t, row, "class", CELL_TEXT);

	textdoc_piece(d, f, t, row, "count", "", " x");
	if (name && name->text.n) {
		text_clean(textdoc_word(d), name->text, d->ascii);
		strbuf_addch(&d->word, ',');
		flow_piece(f, textdoc_written(d), TONE_BOLD);
	}
	textdoc_piece(d, f, t, row, "each_bytes", "", " each,");
	textdoc_piece(d, f, t, row, "retained_bytes", "", place && place->place ? " retained," : " retained");
	textdoc_piece(d, f, t, row, "place", "", "");
}

static void write_left_out(struct textdoc *d, struct flow *f, const struct table *t, size_t first, size_t n)
{
	int c = table_column(t, "count");

	strbuf_addf(textdoc_word(d), "%s ", text_glyphs(d->ascii)->ellipsis);
	human_count(&d->word, (int64_t)n, 0);
	strbuf_addstr(&d->word, n == 1 ? " more kind" : " more kinds");
	if (c >= 0) {
		strbuf_addstr(&d->word, ", ");
		human_count(&d->word, table_sum(t, (size_t)c, first, n), 0);
		strbuf_addstr(&d->word, " objects");
	}
	flow_words(f, textdoc_written(d), TONE_DIM);
}

#define HOLDS "holds "

static void write_items(struct textdoc *d, size_t indent, const struct table *items, size_t owner)
{
	size_t first, n = table_children(items, owner, &first), shown = rows_shown(items, n, d->rows);
	size_t column = indent + strlen(HOLDS);

	for (size_t i = 0; i < n && i <= shown; i++) {
		struct flow f;

		strbuf_addch(d->out, '\n');
		strbuf_addch_n(d->out, ' ', indent);
		strbuf_addstr(d->out, i ? "      " : HOLDS);
		f = textdoc_flow(d, column);
		f.indent = column + 2;
		f.column = column;
		if (i < shown)
			write_item(d, &f, items, first + i);
		else
			write_left_out(d, &f, items, first + i, n - i);
	}
}

/* The chain of steps, broken after a separator: "(root) [2] › (GC roots) [4] › Map .table › ..." */
void textdoc_path(struct textdoc *d, struct flow *f, const struct path *p)
{
	const struct glyphs *g = text_glyphs(d->ascii);

	for (size_t i = 0; i < p->n_steps; i++) {
		step_text(textdoc_word(d), p, i, d->ascii);
		if (i + 1 < p->n_steps)
			strbuf_addf(&d->word, " %s", g->then);
		flow_piece(f, textdoc_written(d), TONE_DIM);
		if (p->n_omitted && p->omitted_after == i) {
			strbuf_addf(textdoc_word(d), "%s %zu steps %s", g->ellipsis, p->n_omitted, g->then);
			flow_piece(f, textdoc_written(d), TONE_DIM);
		}
	}
}

static void write_block(struct textdoc *d, const struct table *t, const struct table *items, size_t row)
{
	const union cell *rank = textdoc_cell(t, row, "rank", CELL_NUMBER);
	const union cell *path = textdoc_cell(t, row, "path", CELL_PATH);
	size_t start = d->out->len, indent;
	struct flow f;

	strbuf_addf(d->out, "%3lld. ", rank ? (long long)rank->i : (long long)row + 1);
	indent = d->out->len > start ? d->out->len - start : 0;
	f = textdoc_flow(d, indent);
	write_title(d, &f, t, row);
	write_facts(d, &f, t, row);
	if (items)
		write_items(d, indent, items, row);
	if (path && path->path) {
		flow_break(&f);
		textdoc_path(d, &f, path->path);
	}
	strbuf_addch(d->out, '\n');
}

static const struct table *items_of(const struct textdoc *d, const struct table *t)
{
	const struct table *items = report_table(d->r, "items");

	return items && items->parent == (int)(t - d->r->tables) ? items : NULL;
}

void textdoc_growth(struct textdoc *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);
	int delta = table_column(t, "delta_bytes");
	struct flow f;

	textdoc_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		if (row)
			strbuf_addch(d->out, '\n');
		write_block(d, t, items_of(d, t), row);
	}
	if (shown == t->n_rows)
		return;
	strbuf_addstr(d->out, "\n     ");
	f = textdoc_flow(d, 5);
	strbuf_addf(textdoc_word(d), "%s %zu more", text_glyphs(d->ascii)->ellipsis, t->n_rows - shown);
	if (delta >= 0) {
		strbuf_addstr(&d->word, ", together ");
		human_bytes(&d->word, table_sum(t, (size_t)delta, shown, t->n_rows - shown), 1);
	}
	flow_words(&f, textdoc_written(d), TONE_DIM);
	strbuf_addch(d->out, '\n');
}
