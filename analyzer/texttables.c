#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "analyzer/textdoc.h"
#include "analyzer/textgrid.h"

static void fill_cell(struct textdoc *d, struct grid *g, size_t row, size_t column, const struct column *c,
		      const union cell *v)
{
	cell_text(grid_open(g), d->r, c, v, d->ascii);
	grid_close(g, row, column, cell_is_number(c) ? textdoc_tone(c, v->i) : TONE_PLAIN);
}

int textdoc_record(struct textdoc *d, const struct table *t, struct err *e)
{
	const union cell *total = textdoc_cell(t, 0, "total_bytes", CELL_BYTES);
	struct grid g;
	int rc;

	if (grid_init(&g, d->out->mem, 3, t->n_columns, e))
		return e->kind;
	g.ascii = d->ascii;
	g.color = d->color;
	for (size_t i = 0; i < 3; i++)
		g.columns[i] = (struct grid_column){ .title = "", .right = i > 0, .keep = i < 2 };
	for (size_t c = 0; c < t->n_columns; c++) {
		const union cell *v = &table_row(t, 0)[c];

		strbuf_addstr(grid_open(&g), t->columns[c].title);
		grid_close(&g, c, 0, TONE_PLAIN);
		fill_cell(d, &g, c, 1, &t->columns[c], v);
		if (!total || t->columns[c].type != CELL_BYTES || total->i <= 0)
			continue;
		human_percent(grid_open(&g), (int64_t)((double)v->i * 10000 / (double)total->i + 0.5), 0);
		grid_close(&g, c, 2, TONE_DIM);
	}
	grid_layout(&g, d->width - TEXTDOC_INDENT);
	textdoc_heading(d, t);
	for (size_t row = 0; row < t->n_columns; row++)
		if (column_fits_table(d->r, t, row, 1))
			grid_print_row(&g, d->out, TEXTDOC_INDENT, row);
	rc = strbuf_check(&g.text, e);
	grid_release(&g);
	return rc;
}

/* A table's columns in a grid: map[i] is the column of the table that stands in column i of the grid. */
struct layout {
	size_t map[64];
	size_t n;
	size_t label; /* the grid column that names rest and total: the first text; n: none */
};

static void choose_columns(const struct textdoc *d, const struct table *t, size_t n_rows, struct layout *l)
{
	l->n = 0;
	for (size_t c = 0; c < t->n_columns && l->n < sizeof(l->map) / sizeof(l->map[0]); c++)
		if (column_fits_table(d->r, t, c, n_rows))
			l->map[l->n++] = c;
	for (l->label = 0; l->label < l->n; l->label++)
		if (!cell_is_number(&t->columns[l->map[l->label]]))
			break;
}

static void describe_column(struct grid_column *to, const struct column *c, int is_label)
{
	to->title = c->title;
	to->right = cell_is_number(c);
	to->keep = is_label || (c->flags & COLUMN_MAIN);
	to->least = is_label ? 18 : 12;
	to->cut = c->type == CELL_PLACE || !strcmp(c->key, "file") ? TEXT_KEEP_TAIL : TEXT_KEEP_ENDS;
}

/* Sums below the rows: `cells` holds them for the COLUMN_SUMS columns. */
static void fill_sums(struct textdoc *d, struct grid *g, const struct table *t, const struct layout *l, size_t row,
		      const union cell *cells)
{
	for (size_t i = 0; i < l->n; i++)
		if (t->columns[l->map[i]].flags & COLUMN_SUMS)
			fill_cell(d, g, row, i, &t->columns[l->map[i]], &cells[l->map[i]]);
}

static void fill_label(struct grid *g, const struct layout *l, size_t row, const char *text)
{
	if (l->label == l->n)
		return;
	strbuf_addstr(grid_open(g), text);
	grid_close(g, row, l->label, TONE_DIM);
}

static int fill_rest(struct textdoc *d, struct grid *g, const struct table *t, const struct layout *l, size_t shown,
		     struct err *e)
{
	union cell *sums = MEM_NEW(d->out->mem, union cell, t->n_columns, e);

	if (!sums)
		return e->kind;
	table_rest(t, shown, sums);
	strbuf_addf(textdoc_word(d), "%s ", text_glyphs(d->ascii)->ellipsis);
	human_count(&d->word, (int64_t)(t->n_rows - shown), 0);
	strbuf_addstr(&d->word, " more");
	fill_label(g, l, shown, strbuf_str(&d->word));
	fill_sums(d, g, t, l, shown, sums);
	mem_free(d->out->mem, sums);
	return 0;
}

static int has_sums(const struct table *t, const struct layout *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (t->columns[l->map[i]].flags & COLUMN_SUMS)
			return 1;
	return 0;
}

static int fill_rows(struct textdoc *d, struct grid *g, const struct table *t, const struct layout *l, size_t shown,
		     struct err *e)
{
	size_t next = shown;

	g->ascii = d->ascii;
	g->color = d->color;
	for (size_t i = 0; i < l->n; i++)
		describe_column(&g->columns[i], &t->columns[l->map[i]], i == l->label);
	for (size_t row = 0; row < shown; row++)
		for (size_t i = 0; i < l->n; i++)
			fill_cell(d, g, row, i, &t->columns[l->map[i]], &table_row(t, row)[l->map[i]]);
	if (shown < t->n_rows) {
		if (fill_rest(d, g, t, l, shown, e))
			return e->kind;
		next++;
	}
	if (next < g->n_rows) {
		fill_label(g, l, next, "total");
		fill_sums(d, g, t, l, next, t->total);
	}
	return 0;
}

int textdoc_rows(struct textdoc *d, const struct table *t, struct err *e)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);
	struct layout l;
	struct grid g;
	int rc;

	choose_columns(d, t, shown, &l);
	if (grid_init(&g, d->out->mem, l.n, shown + (shown < t->n_rows) + (t->total && has_sums(t, &l)), e))
		return e->kind;
	rc = fill_rows(d, &g, t, &l, shown, e);
	if (!rc) {
		grid_layout(&g, d->width - TEXTDOC_INDENT);
		textdoc_heading(d, t);
		grid_print_titles(&g, d->out, TEXTDOC_INDENT);
		for (size_t row = 0; row < g.n_rows; row++)
			grid_print_row(&g, d->out, TEXTDOC_INDENT, row);
		rc = strbuf_check(&g.text, e);
	}
	grid_release(&g);
	return rc;
}

/* How deep a row stands; a step takes two cells, up to a quarter of the line. */
static size_t tree_indent(const struct textdoc *d, const struct table *t, size_t row)
{
	int c = table_column(t, "parent");
	size_t cells = 0;
	int64_t at = table_row(t, row)[c].i;

	for (; at >= 0 && cells + 2 <= d->width / 4; at = table_row(t, (size_t)at)[c].i)
		cells += 2;
	return cells;
}

/* Depth takes the room that a path would need: the file's own name has to do. */
static void add_tree_place(struct strbuf *text, const union cell *place, int ascii)
{
	struct place shown;
	size_t i;

	if (!place || !place->place)
		return;
	shown = *place->place;
	for (i = shown.script.n; i > 0 && shown.script.s[i - 1] != '/'; i--)
		continue;
	if (i < shown.script.n)
		shown.script = (struct str){ shown.script.s + i, shown.script.n - i };
	strbuf_addch(text, ' ');
	place_text(text, &shown, ascii);
}

/* ".cache Map @48213"; a row without a node stands for the smaller ones that were put together. */
static void fill_tree_label(struct textdoc *d, struct grid *g, const struct table *t, size_t row, size_t line,
			    size_t column)
{
	const union cell *node = textdoc_cell(t, row, "node", CELL_NODE);
	const union cell *name = node ? NULL : &table_row(t, row)[tree_label_column(t)];
	const union cell *edge = textdoc_cell(t, row, "edge", CELL_TEXT);
	const union cell *count = textdoc_cell(t, row, "count", CELL_COUNT);
	struct strbuf *text = grid_open(g);

	strbuf_addch_n(text, ' ', tree_indent(d, t, row));
	if (node && node->node) {
		if (edge && edge->text.n) {
			strbuf_addstr(text, str_starts(edge->text, "[") ? "" : ".");
			text_clean(text, edge->text, d->ascii);
			strbuf_addch(text, ' ');
		}
		node_text(text, node->node, d->ascii);
	} else if (name && name->text.s) {
		text_clean(text, name->text, d->ascii);
		add_tree_place(text, textdoc_cell(t, row, "place", CELL_PLACE), d->ascii);
	} else {
		strbuf_addf(text, "%s ", text_glyphs(d->ascii)->ellipsis);
		human_count(text, count ? count->i : 0, 0);
		strbuf_addstr(text, node ? " more objects" : " more");
	}
	grid_close(g, line, column, (node && node->node) || (name && name->text.s) ? TONE_PLAIN : TONE_DIM);
}

/* Numbers first: however deep the tree, they stay in their columns and only names get shorter. */
static int print_tree(struct textdoc *d, const struct table *t, const size_t *rows, size_t n, struct err *e)
{
	struct layout l = { .n = 0 };
	struct grid g;
	int rc;

	for (size_t c = 0; c < t->n_columns && l.n < sizeof(l.map) / sizeof(l.map[0]); c++)
		if (cell_is_number(&t->columns[c]) && !(t->columns[c].flags & COLUMN_DETAIL) &&
		    strcmp(t->columns[c].key, "count") != 0)
			l.map[l.n++] = c;
	if (grid_init(&g, d->out->mem, l.n + 1, n, e))
		return e->kind;
	g.ascii = d->ascii;
	g.color = d->color;
	for (size_t i = 0; i < l.n; i++)
		describe_column(&g.columns[i], &t->columns[l.map[i]], 0);
	g.columns[l.n] = (struct grid_column){ .title = t->columns[tree_label_column(t)].title, .keep = 1, .least = d->width / 3 };
	for (size_t line = 0; line < n; line++) {
		for (size_t i = 0; i < l.n; i++)
			fill_cell(d, &g, line, i, &t->columns[l.map[i]], &table_row(t, rows[line])[l.map[i]]);
		fill_tree_label(d, &g, t, rows[line], line, l.n);
	}
	grid_layout(&g, d->width - TEXTDOC_INDENT);
	textdoc_heading(d, t);
	grid_print_titles(&g, d->out, TEXTDOC_INDENT);
	for (size_t line = 0; line < n; line++)
		grid_print_row(&g, d->out, TEXTDOC_INDENT, line);
	rc = strbuf_check(&g.text, e);
	grid_release(&g);
	return rc;
}

int textdoc_tree(struct textdoc *d, const struct table *t, struct err *e)
{
	size_t *rows = MEM_NEW(d->out->mem, size_t, t->n_rows, e), n;
	int rc;

	if (!rows)
		return e->kind;
	rc = tree_choose(t, rows_shown(t, t->n_rows, d->rows), d->out->mem, rows, &n, e);
	if (!rc)
		rc = print_tree(d, t, rows, n, e);
	if (!rc && n < t->n_rows)
		strbuf_addf(d->out, "  %s %zu smaller rows\n", text_glyphs(d->ascii)->ellipsis, t->n_rows - n);
	mem_free(d->out->mem, rows);
	return rc;
}
