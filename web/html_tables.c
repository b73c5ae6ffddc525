#include "web/html_tables.h"

#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "web/html_cells.h"

/* What stands beside the number in one column: a bar, scaled to the largest number of the column. */
struct bars {
	size_t column; /* n_columns: none */
	int64_t whole;
};

/* A table with its columns chosen. */
struct grid {
	const struct html_rows *rows;
	const struct table *t;
	uint64_t columns;
	size_t name;  /* the first column in words: it names the row; n_columns: none */
	size_t place; /* a place that stands below words instead of in a column of its own; n_columns: none */
	size_t host;  /* the words it stands below */
	struct bars bars;
};

static int is_zero(const struct html_rows *rows, size_t c)
{
	for (size_t i = 0; i < rows->shown; i++)
		if (table_row(rows->table, rows->first + i)[c].i)
			return 0;
	return 1;
}

/* Of columns for one thing in several units - time, bytes, calls - those with a number in them are of use. */
static int is_spare(const struct html_rows *rows, size_t c)
{
	const struct table *t = rows->table;

	if (!rows->is_flat || !cell_is_number(&t->columns[c]) || !is_zero(rows, c))
		return 0;
	for (size_t i = 0; i < t->n_columns; i++)
		if (i != c && !strcmp(t->columns[i].title, t->columns[c].title) && (i < c || !is_zero(rows, i)))
			return 1;
	return 0;
}

static int is_left_out(const struct html_rows *rows, size_t c)
{
	const struct column *column = &rows->table->columns[c];

	return !html_has_room(rows->report, column) || (rows->without && !strcmp(rows->without, column->key)) ||
	       is_spare(rows, c);
}

uint64_t html_columns(const struct html_rows *rows)
{
	const struct table *t = rows->table;
	uint64_t mask = 0;

	for (size_t c = 0; c < t->n_columns && c < 64; c++) {
		int filled = cell_is_number(&t->columns[c]);

		if (is_left_out(rows, c))
			continue;

		for (size_t i = 0; i < rows->shown && !filled; i++) {
			const union cell *v = &table_row(t, rows->first + i)[c];

			filled = t->columns[c].type == CELL_BOOL ? v->i != 0 : !html_is_blank(&t->columns[c], v);
		}
		if (filled)
			mask |= (uint64_t)1 << c;
	}
	return mask;
}

static int has_column(const struct grid *g, size_t c)
{
	return c < 64 && g->columns >> c & 1;
}

static int is_shown(const struct grid *g, size_t c)
{
	return has_column(g, c) && c != g->place;
}

static int is_detail(const struct grid *g, size_t c)
{
	return (g->t->columns[c].flags & COLUMN_DETAIL) && !g->rows->is_flat;
}

static int sums(const struct table *t, size_t c)
{
	return (t->columns[c].flags & COLUMN_SUMS) != 0;
}

void html_count_of(struct html *h, size_t n, const char *one, const char *many)
{
	strbuf_reset(&h->value);
	human_count(&h->value, (int64_t)n, 0);
	if (*many)
		strbuf_addch(&h->value, ' ');
	strbuf_addstr(&h->value, n == 1 ? one : many);
	html_text_value(h);
}

/* Percents are bars of a hundred; else it is the main column, the total, or the first size, as far as there is one. */
static struct bars choose_bars(const struct grid *g)
{
	const struct table *t = g->t;
	struct bars b = { t->n_columns, 0 };

	for (size_t c = 0; c < t->n_columns; c++) {
		const struct column *column = &t->columns[c];

		if (!is_shown(g, c))
			continue;
		if (column->type == CELL_PERCENT && !(column->flags & COLUMN_SIGNED))
			return (struct bars){ c, 10000 };
		if (cell_is_number(column) && (column->flags & COLUMN_MAIN))
			b.column = c;
	}
	if (b.column == t->n_columns && table_column(t, "total_bytes") >= 0)
		b.column = (size_t)table_column(t, "total_bytes");
	/* the size of a file says nothing that a bar would make plainer */
	for (size_t c = 0; c < t->n_columns && b.column == t->n_columns && !g->rows->is_flat; c++)
		if (is_shown(g, c) && t->columns[c].type == CELL_BYTES)
			b.column = c;
	if (b.column == t->n_columns || g->rows->shown < 2)
		return (struct bars){ t->n_columns, 0 };
	for (size_t i = 0; i < g->rows->shown; i++) {
		int64_t v = table_row(t, g->rows->first + i)[b.column].i;

		if (html_permille(v, b.whole) == 1000 || !b.whole)
			b.whole = v;
	}
	return b;
}

static const char *number_class(const struct grid *g, size_t c, int64_t v)
{
	static const char *const classes[2][4] = { { "n", "n up", "n down", "n zero" },
						   { "n d", "n d up", "n d down", "n d zero" } };
	int tone = !(g->t->columns[c].flags & COLUMN_SIGNED) ? 0 : v > 0 ? 1 : v < 0 ? 2 : 3;

	return classes[is_detail(g, c)][tone];
}

static const char *words_class(const struct grid *g, size_t c)
{
	int detail = is_detail(g, c);

	switch (g->t->columns[c].type) {
	case CELL_NODE:
	case CELL_TEXT:
		return detail ? "w d" : "w";
	case CELL_PATH:
		return detail ? "p d" : "p";
	default:
		return detail ? "d" : NULL;
	}
}

static void write_head(struct html *h, const struct grid *g)
{
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (size_t c = 0; c < g->t->n_columns; c++) {
		const struct column *column = &g->t->columns[c];

		if (!is_shown(g, c))
			continue;
		html_open(h, "th", cell_is_number(column) ? (is_detail(g, c) ? "n d" : "n") : words_class(g, c));
		html_attr(h, "scope", "col");
		if (column->flags & COLUMN_MAIN)
			html_attr(h, "aria-sort", "descending");
		html_text(h, column->title);
		if (c == g->host) {
			html_text(h, " · ");
			html_text(h, g->t->columns[g->place].title);
		}
		html_close(h);
	}
	html_close(h);
	html_close(h);
	html_line(h);
}

static void write_number_cell(struct html *h, const struct grid *g, size_t c, int64_t v, int with_bar)
{
	const struct column *column = &g->t->columns[c];

	html_open(h, "td", number_class(g, c, v));
	html_exact(h, column, v);
	html_number(h, column, v);
	if (with_bar && c == g->bars.column)
		html_bar(h, html_permille(v, g->bars.whole), 0);
	html_close(h);
}

static void write_words_cell(struct html *h, const struct grid *g, size_t c, const union cell *cells)
{
	const struct place *place = c == g->host ? cells[g->place].place : NULL;

	html_open(h, c == g->name ? "th" : "td", words_class(g, c));
	if (c == g->name)
		html_attr(h, "scope", "row");
	html_cell(h, g->rows->report, &g->t->columns[c], &cells[c]);
	if (place)
		html_place(h, place, HTML_TABLE_PLACE_CELLS);
	else if (c == g->name && html_is_blank(&g->t->columns[c], &cells[c]))
		html_text(h, "–");
	html_close(h);
}

static void write_row(struct html *h, const struct grid *g, size_t row)
{
	const union cell *cells = table_row(g->t, row);

	html_open(h, "tr", NULL);
	for (size_t c = 0; c < g->t->n_columns; c++) {
		if (!is_shown(g, c))
			continue;
		if (cell_is_number(&g->t->columns[c]))
			write_number_cell(h, g, c, cells[c].i, 1);
		else
			write_words_cell(h, g, c, cells);
	}
	html_close(h);
	html_line(h);
}

static int has_sums(const struct grid *g)
{
	for (size_t c = 0; c < g->t->n_columns; c++)
		if (is_shown(g, c) && sums(g->t, c))
			return 1;
	return 0;
}

/* A row of sums below the others. */
struct sums_row {
	const char *class;
	const char *label, *one, *many; /* "Total of " n "row" or "rows" */
	size_t n;
	const union cell *total; /* NULL: of what is not shown */
};

static void write_sums(struct html *h, const struct grid *g, const struct sums_row *s)
{
	size_t first = g->rows->first + g->rows->shown;
	int labelled = 0;

	html_open(h, "tr", s->class);
	for (size_t c = 0; c < g->t->n_columns; c++) {
		if (!is_shown(g, c))
			continue;
		if (sums(g->t, c)) {
			write_number_cell(h, g, c, s->total ? s->total[c].i : table_sum(g->t, c, first, s->n), 0);
		} else if (!labelled && !is_detail(g, c)) {
			html_open(h, "th", NULL);
			html_attr(h, "scope", "row");
			html_text(h, s->label);
			html_count_of(h, s->n, s->one, s->many);
			html_close(h);
			labelled = 1;
		} else {
			html_leaf(h, "td", is_detail(g, c) ? "d" : NULL, "");
		}
	}
	html_close(h);
	html_line(h);
}

static void write_body(struct html *h, const struct grid *g)
{
	const struct html_rows *rows = g->rows;
	struct sums_row rest = { "rest", "… ", "more row", "more rows", rows->n - rows->shown, NULL };
	struct sums_row total = { NULL, "Total of ", "row", "rows", rows->n, g->t->total };

	html_open(h, "tbody", NULL);
	html_line(h);
	for (size_t i = 0; i < rows->shown; i++)
		write_row(h, g, rows->first + i);
	if (rows->shown < rows->n)
		write_sums(h, g, &rest);
	html_close(h);
	if (!g->t->total || rows->is_part || !has_sums(g))
		return;
	html_open(h, "tfoot", NULL);
	write_sums(h, g, &total);
	html_close(h);
}

/* Detail columns come and go with a check box before the table: the style sheet looks at it. */
static void write_switch(struct html *h, const struct grid *g)
{
	size_t n = 0;

	for (size_t c = 0; c < g->t->n_columns; c++)
		n += (size_t)(is_shown(g, c) && is_detail(g, c));
	if (!n)
		return;
	html_open(h, "p", "more");
	html_open(h, "label", NULL);
	html_open(h, "input", NULL);
	html_attr(h, "type", "checkbox");
	html_close_void(h);
	html_text(h, " ");
	html_count_of(h, n, "more column", "more columns");
	html_close(h);
	html_close(h);
}

/* A place belongs to the words before it: the class, the function. */
static void choose_names(struct grid *g)
{
	size_t n = g->t->n_columns, words = n;

	g->name = g->place = g->host = n;
	for (size_t c = 0; c < n; c++) {
		enum cell_type type = g->t->columns[c].type;

		if (!has_column(g, c) || is_detail(g, c))
			continue;
		if (type == CELL_NODE || type == CELL_TEXT) {
			words = c;
			g->name = g->name < n ? g->name : c;
		}
		if (type == CELL_PLACE && words < n && g->host == n) {
			g->place = c;
			g->host = words;
		}
	}
}

void html_table(struct html *h, const struct html_rows *rows)
{
	struct grid g = { .rows = rows, .t = rows->table, .columns = html_columns(rows) };

	choose_names(&g);
	g.bars = choose_bars(&g);
	html_open(h, "div", "grid");
	write_switch(h, &g);
	html_open(h, "div", "scroll");
	html_attr(h, "role", "region");
	html_attr(h, "tabindex", "0");
	/* regions of one page have different names; the section already has the title alone */
	if (rows->is_part)
		html_attrf(h, "aria-label", "%s, %lld", g.t->title, (long long)table_row(g.t, rows->first)[0].i + 1);
	else
		html_attrf(h, "aria-label", "%s, table", g.t->title);
	html_open(h, "table", NULL);
	html_leaf(h, "caption", "sr", g.t->title);
	write_head(h, &g);
	write_body(h, &g);
	html_close(h);
	html_close(h);
	html_close(h);
	html_line(h);
}

/* `whole` above 0: with a bar. */
static void write_fact(struct html *h, const struct report *r, const struct table *t, size_t c, int64_t whole)
{
	const struct column *column = &t->columns[c];
	const union cell *v = &table_row(t, 0)[c];
	const char *tone = cell_is_number(column) ? html_tone(column, v->i) : "";

	html_leaf(h, "dt", NULL, column->title);
	html_open(h, "dd", *tone ? tone : NULL);
	if (cell_is_number(column))
		html_exact(h, column, v->i);
	html_cell(h, r, column, v);
	if (whole > 0)
		html_bar(h, html_permille(v->i, whole), 0);
	html_close(h);
}

/* Keys such as before_bytes and after_bytes: the column that goes with `c`, or -1. */
static int after_of(const struct table *t, size_t c)
{
	const char *key = t->columns[c].key;
	struct column const *other;

	if (strncmp(key, "before", 6) != 0 || !cell_is_number(&t->columns[c]))
		return -1;
	for (size_t i = 0; i < t->n_columns; i++) {
		other = &t->columns[i];
		if (!strncmp(other->key, "after", 5) && !strcmp(other->key + 5, key + 6) &&
		    other->type == t->columns[c].type)
			return (int)i;
	}
	return -1;
}

static int is_an_after(const struct table *t, size_t c)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (after_of(t, i) == (int)c)
			return 1;
	return 0;
}

static void write_pair(struct html *h, const struct report *r, const struct table *t, size_t before, size_t after)
{
	const union cell *row = table_row(t, 0);
	int64_t whole = row[before].i > row[after].i ? row[before].i : row[after].i;

	html_open(h, "dl", "tile pair");
	write_fact(h, r, t, before, whole);
	write_fact(h, r, t, after, whole);
	html_close(h);
	html_line(h);
}

static size_t stem(const char *key)
{
	return strcspn(key, "_");
}

/* Do new_count and new_bytes, explained_bytes and explained say two things about the same? */
static int same_matter(const struct table *t, size_t a, size_t b)
{
	size_t n = stem(t->columns[a].key);

	return b < t->n_columns && stem(t->columns[b].key) == n && !strncmp(t->columns[a].key, t->columns[b].key, n);
}

static int in_tiles(const struct table *t, size_t c)
{
	return t->columns[c].type != CELL_SERIES && !html_is_blank(&t->columns[c], &table_row(t, 0)[c]) &&
	       !is_an_after(t, c);
}

static int is_large(enum cell_type type)
{
	return type == CELL_BYTES || type == CELL_TIME;
}

/* Columns first..end-1 on one tile, sizes and times large. */
static void write_tile(struct html *h, const struct report *r, const struct table *t, size_t first, size_t end)
{
	html_open(h, "dl", "tile");
	for (size_t c = first; c < end; c++) {
		if (!in_tiles(t, c))
			continue;
		html_open(h, "div", end - first == 1 || is_large(t->columns[c].type) ? "large" : NULL);
		write_fact(h, r, t, c, 0);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}

void html_tiles(struct html *h, const struct report *r, const struct table *t)
{
	size_t end;

	html_open(h, "div", "tiles");
	for (size_t c = 0; c < t->n_columns; c = end) {
		int after = after_of(t, c);

		end = c + 1;
		if (!in_tiles(t, c))
			continue;
		if (after >= 0) {
			write_pair(h, r, t, c, (size_t)after);
			continue;
		}
		while (same_matter(t, c, end))
			end++;
		write_tile(h, r, t, c, end);
	}
	html_close(h);
	html_line(h);
}

void html_facts(struct html *h, const struct report *r, const struct table *t)
{
	int total = table_column(t, "total_bytes");
	const union cell *row = table_row(t, 0);

	html_open(h, "dl", "facts");
	for (size_t c = 0; c < t->n_columns; c++) {
		int is_part = total >= 0 && total != (int)c && t->columns[c].type == CELL_BYTES;

		if (!html_has_room(r, &t->columns[c]) || html_is_blank(&t->columns[c], &row[c]))
			continue;
		html_open(h, "div", total == (int)c ? "total" : NULL);
		write_fact(h, r, t, c, is_part ? row[total].i : 0);
		html_close(h);
		html_line(h);
	}
	html_close(h);
	html_line(h);
}

void html_sums(struct html *h, const struct table *t, const char *label, size_t first, size_t n)
{
	html_open(h, "p", "sums");
	html_open(h, "strong", NULL);
	html_text(h, label);
	html_count_of(h, n, "row", "rows");
	html_close(h);
	for (size_t c = 0; c < t->n_columns; c++) {
		int64_t v;

		if (!sums(t, c))
			continue;
		v = n == t->n_rows && t->total ? t->total[c].i : table_sum(t, c, first, n);
		html_text(h, " ");
		html_open(h, "span", "sum");
		html_text(h, t->columns[c].title);
		html_text(h, " ");
		html_number_in(h, "b", &t->columns[c], v);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}
