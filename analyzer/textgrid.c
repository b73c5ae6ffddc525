#include "analyzer/textgrid.h"

#include <string.h>

#define GAP 2
#define LEAST_AT_ALL 4

int grid_init(struct grid *g, struct mem *m, size_t n_columns, size_t n_rows, struct err *e)
{
	size_t n_cells;

	memset(g, 0, sizeof(*g));
	if (ck_mul(n_columns, n_rows, &n_cells))
		return err_set(e, ERR_MEMORY, "a table of %zu x %zu cells is too large", n_columns, n_rows);
	g->mem = m;
	g->n_columns = n_columns;
	g->n_rows = n_rows;
	strbuf_init(&g->text, m);
	g->columns = MEM_NEW(m, struct grid_column, n_columns, e);
	if (!g->columns)
		return e->kind;
	g->cells = MEM_NEW(m, struct grid_cell, n_cells, e);
	if (g->cells)
		return 0;
	mem_free(m, g->columns);
	return e->kind;
}

void grid_release(struct grid *g)
{
	strbuf_release(&g->text);
	mem_free(g->mem, g->columns);
	mem_free(g->mem, g->cells);
}

struct strbuf *grid_open(struct grid *g)
{
	g->open = g->text.len;
	return &g->text;
}

void grid_close(struct grid *g, size_t row, size_t column, enum tone tone)
{
	struct grid_cell *cell = &g->cells[row * g->n_columns + column];

	cell->start = g->open;
	cell->n = g->text.len - g->open;
	cell->tone = tone;
	if (cell->n)
		cell->width = text_width(g->text.buf + cell->start, cell->n);
}

static size_t natural_width(const struct grid *g, size_t column)
{
	size_t width = strlen(g->columns[column].title);

	for (size_t row = 0; row < g->n_rows; row++) {
		size_t w = g->cells[row * g->n_columns + column].width;

		width = w > width ? w : width;
	}
	return width;
}

static size_t least_width(const struct grid_column *c, size_t natural)
{
	size_t least = c->least > LEAST_AT_ALL ? c->least : LEAST_AT_ALL;

	return c->right || natural < least ? natural : least;
}

static size_t line_width(const struct grid *g)
{
	size_t sum = 0;

	for (size_t i = 0; i < g->n_columns; i++)
		if (!g->columns[i].dropped)
			sum += (sum ? GAP : 0) + g->columns[i].width;
	return sum;
}

static int drop_one(struct grid *g)
{
	for (size_t i = g->n_columns; i--;) {
		if (!g->columns[i].keep && !g->columns[i].dropped) {
			g->columns[i].dropped = 1;
			return 1;
		}
	}
	return 0;
}

/* Take cells from the widest column until the line fits; only on very narrow terminals. */
static void squeeze(struct grid *g, size_t width)
{
	while (line_width(g) > width) {
		struct grid_column *widest = NULL;

		for (size_t i = 0; i < g->n_columns; i++)
			if (!g->columns[i].dropped && (!widest || g->columns[i].width > widest->width))
				widest = &g->columns[i];
		if (!widest || widest->width <= 1)
			return;
		widest->width--;
	}
}

/* Hand out the cells that are left, one by one in turn, to the texts that could use them. */
static void widen(struct grid *g, size_t width, const size_t *natural)
{
	size_t left = width - line_width(g);
	int given = 1;

	while (left && given) {
		given = 0;
		for (size_t i = 0; i < g->n_columns && left; i++) {
			if (g->columns[i].dropped || g->columns[i].width >= natural[i])
				continue;
			g->columns[i].width++;
			left--;
			given = 1;
		}
	}
}

#define MAX_COLUMNS 64

void grid_layout(struct grid *g, size_t width)
{
	size_t natural[MAX_COLUMNS];

	for (size_t i = 0; i < g->n_columns; i++) {
		if (i >= MAX_COLUMNS) {
			g->columns[i].dropped = 1;
			continue;
		}
		natural[i] = natural_width(g, i);
		g->columns[i].width = least_width(&g->columns[i], natural[i]);
	}
	while (line_width(g) > width && drop_one(g))
		;
	squeeze(g, width);
	if (line_width(g) < width)
		widen(g, width, natural);
}

static size_t last_column(const struct grid *g)
{
	size_t last = 0;

	for (size_t i = 0; i < g->n_columns; i++)
		if (!g->columns[i].dropped)
			last = i;
	return last;
}

static void print_cell(const struct grid *g, struct strbuf *out, size_t column, struct str text, enum tone tone)
{
	const struct grid_column *c = &g->columns[column];
	size_t width = text_width(text.s, text.n);
	size_t pad = width < c->width ? c->width - width : 0, before;
	int color = g->color && tone != TONE_PLAIN && text.n;

	if (c->right)
		strbuf_addch_n(out, ' ', pad);
	text_tone(out, tone, color);
	before = out->len;
	text_shorten(out, text, c->width, c->cut, g->ascii);
	if (width > c->width && out->buf) {
		size_t got = text_width(out->buf + before, out->len - before);

		pad = got < c->width ? c->width - got : 0; /* a wide character did not fit into the last cell */
	}
	text_tone(out, TONE_PLAIN, color);
	if (!c->right && column != last_column(g))
		strbuf_addch_n(out, ' ', pad);
}

static void print_line(const struct grid *g, struct strbuf *out, size_t indent, size_t row, int titles)
{
	int first = 1;

	strbuf_addch_n(out, ' ', indent);
	for (size_t i = 0; i < g->n_columns; i++) {
		const struct grid_cell *cell = titles ? NULL : &g->cells[row * g->n_columns + i];
		struct str text = str_of(g->columns[i].title);

		if (g->columns[i].dropped)
			continue;
		if (!first)
			strbuf_addch_n(out, ' ', GAP);
		first = 0;
		if (cell)
			text = (struct str){ cell->n ? g->text.buf + cell->start : "", cell->n };
		print_cell(g, out, i, text, cell ? cell->tone : TONE_DIM);
	}
	while (out->len && out->buf[out->len - 1] == ' ')
		out->buf[--out->len] = '\0';
	strbuf_addch(out, '\n');
}

void grid_print_titles(const struct grid *g, struct strbuf *out, size_t indent)
{
	print_line(g, out, indent, 0, 1);
}

void grid_print_row(const struct grid *g, struct strbuf *out, size_t indent, size_t row)
{
	print_line(g, out, indent, row, 0);
}
