#include "web/html_plot.h"

#include <string.h>

#include "analyzer/human.h"
#include "base/wide.h"
#include "web/html_cells.h"

/* Findings that get a line of their own; the style sheet has as many colours. */
#define MOST_LINES 5
#define MOST_GRID_LINES 8
#define MOST_SNAPSHOTS 64
#define TITLE_CELLS 72

struct line {
	const int64_t *series;
	struct str title;
	size_t finding; /* its number, 0: the heap */
};

struct plot {
	const struct report *r;
	struct line lines[MOST_LINES + 1]; /* the heap first */
	size_t n_lines;
	int64_t low, high, step; /* of the axis */
};

static const struct column growth_column = { .type = CELL_BYTES, .flags = COLUMN_SIGNED };

/* Sizes are far below 2^62, so differences and ten times a step cannot overflow. */
static int64_t grown(const struct line *l, size_t i)
{
	return l->series[i] - l->series[0];
}

static const union cell *typed_cell(const struct table *t, size_t row, const char *key, enum cell_type type)
{
	int c = t ? table_column(t, key) : -1;

	return c >= 0 && t->columns[c].type == type && row < t->n_rows ? &table_row(t, row)[c] : NULL;
}

/* 1, 2 or 5 times a power of ten, such that four to eight of them cover `range`. */
static int64_t nice_step(int64_t range)
{
	int64_t step = 1;

	while (step * 40 < range)
		step *= 10;
	if (step * 20 < range)
		return step * 5;
	return step * 8 < range ? step * 2 : step;
}

static void find_range(struct plot *p)
{
	int64_t low = 0, high = 0, least;

	for (size_t l = 0; l < p->n_lines; l++)
		for (size_t i = 0; i < p->r->n_snapshots; i++) {
			int64_t v = grown(&p->lines[l], i);

			low = v < low ? v : low;
			high = v > high ? v : high;
		}
	/* a change that is nothing to the heap must not look like one */
	least = p->lines[0].series[0] / 100;
	high = high - low > least ? high : low + least + 1;
	p->step = nice_step(high - low);
	while (p->step * MOST_GRID_LINES < high - low)
		p->step *= 2;
	p->low = low < 0 ? -((-low + p->step - 1) / p->step) * p->step : 0;
	p->high = (high + p->step - 1) / p->step * p->step;
}

/* What a finding's objects share with others is in nobody's retained size: such a line would say that nothing grew. */
static int shows_growth(const struct plot *p, const struct table *findings, size_t row, const int64_t *series)
{
	const union cell *delta = typed_cell(findings, row, "retained_delta_bytes", CELL_BYTES);

	return !delta || series[p->r->n_snapshots - 1] - series[0] >= delta->i / 2;
}

static int plot_init(struct plot *p, const struct report *r)
{
	const struct table *findings = report_table(r, "findings");
	const union cell *total = typed_cell(report_table(r, "totals"), 0, "series_bytes", CELL_SERIES), *series;

	*p = (struct plot){ .r = r };
	if (!total || !total->series || r->n_snapshots < 2 || r->n_snapshots > MOST_SNAPSHOTS)
		return 0;
	p->lines[p->n_lines++] = (struct line){ total->series, STR_LIT("The heap"), 0 };
	for (size_t row = 0; findings && row < findings->n_rows && p->n_lines <= MOST_LINES; row++) {
		const union cell *title = typed_cell(findings, row, "title", CELL_TEXT);

		series = typed_cell(findings, row, "retained_series_bytes", CELL_SERIES);
		if (series && series->series && title && shows_growth(p, findings, row, series->series))
			p->lines[p->n_lines++] = (struct line){ series->series, title->text, row + 1 };
	}
	find_range(p);
	return 1;
}

/* Thousandths of the width and of the height. */
static unsigned x_of(const struct plot *p, size_t i)
{
	return p->r->n_snapshots > 1 ? (unsigned)(i * 1000 / (p->r->n_snapshots - 1)) : 0;
}

static unsigned y_of(const struct plot *p, int64_t v)
{
	return 1000 - html_permille(v - p->low, p->high - p->low);
}

static void attr_percent(struct html *h, const char *name, unsigned permille)
{
	html_attrf(h, name, "%u.%u%%", permille / 10, permille % 10);
}

static void write_segment(struct html *h, unsigned x1, unsigned y1, unsigned x2, unsigned y2)
{
	html_open(h, "line", NULL);
	attr_percent(h, "x1", x1);
	attr_percent(h, "y1", y1);
	attr_percent(h, "x2", x2);
	attr_percent(h, "y2", y2);
	html_close_void(h);
}

static void write_dot(struct html *h, unsigned x, unsigned y)
{
	html_open(h, "circle", NULL);
	attr_percent(h, "cx", x);
	attr_percent(h, "cy", y);
	html_attr(h, "r", "4");
	html_close_void(h);
}

static void open_line(struct html *h, size_t l)
{
	html_open(h, "g", NULL);
	html_attrf(h, "class", "line line%zu", l);
}

static void write_line(struct html *h, const struct plot *p, size_t l)
{
	const struct line *line = &p->lines[l];

	open_line(h, l);
	for (size_t i = 1; i < p->r->n_snapshots; i++)
		write_segment(h, x_of(p, i - 1), y_of(p, grown(line, i - 1)), x_of(p, i), y_of(p, grown(line, i)));
	for (size_t i = 1; i < p->r->n_snapshots; i++)
		write_dot(h, x_of(p, i), y_of(p, grown(line, i)));
	html_close(h);
}

static void write_axis(struct html *h, const struct plot *p)
{
	html_open(h, "svg", "axis");
	html_attr(h, "aria-hidden", "true");
	for (int64_t v = p->low; v <= p->high; v += p->step) {
		html_open(h, "text", NULL);
		html_attr(h, "x", "100%");
		attr_percent(h, "y", y_of(p, v));
		html_attr(h, "dy", "0.35em");
		html_number(h, &growth_column, v);
		html_close(h);
	}
	html_close(h);
}

/* Below the picture the numbers that the table of snapshots gives them; of many, a dozen. */
static void write_numbers(struct html *h, const struct plot *p)
{
	size_t n = p->r->n_snapshots, every = n > 12 ? (n + 11) / 12 : 1;

	for (size_t i = 0; i < n; i++) {
		if (i % every && i + 1 < n)
			continue;
		html_open(h, "text", i == 0 ? "start" : i + 1 < n ? "middle" : NULL);
		attr_percent(h, "x", x_of(p, i));
		html_attr(h, "y", "100%");
		html_attr(h, "dy", "1.5em");
		html_textf(h, i ? "%zu" : "snapshot %zu", i + 1);
		html_close(h);
	}
}

static void write_area(struct html *h, const struct plot *p)
{
	html_open(h, "svg", "area");
	html_attr(h, "aria-hidden", "true");
	for (int64_t v = p->low; v <= p->high; v += p->step) {
		html_open(h, "g", v ? "rule" : "rule base");
		write_segment(h, 0, y_of(p, v), 1000, y_of(p, v));
		html_close(h);
	}
	for (size_t l = p->n_lines; l-- > 0;)
		write_line(h, p, l);
	write_numbers(h, p);
	html_close(h);
}

static void write_key(struct html *h, const struct plot *p, size_t l)
{
	const struct line *line = &p->lines[l];

	html_open(h, "li", NULL);
	html_open(h, "svg", "swatch");
	html_attr(h, "aria-hidden", "true");
	open_line(h, l);
	write_segment(h, 0, 500, 1000, 500);
	html_close(h);
	html_close(h);
	html_open(h, "span", NULL);
	if (line->finding) {
		html_open(h, "a", NULL);
		html_attrf(h, "href", "#finding-%zu", line->finding);
		html_name_text(h, line->title, TITLE_CELLS);
		html_close(h);
	} else {
		html_text(h, "The heap");
	}
	html_close(h);
	html_text(h, " ");
	html_number_in(h, "b", &growth_column, grown(line, p->r->n_snapshots - 1));
	html_close(h);
	html_line(h);
}

void html_growth_plot(struct html *h, const struct report *r)
{
	struct plot p;

	if (!plot_init(&p, r))
		return;
	html_open(h, "figure", "plot");
	html_leaf(h, "figcaption", NULL, "Growth since the first snapshot");
	html_open(h, "div", NULL);
	write_axis(h, &p);
	write_area(h, &p);
	html_close(h);
	html_line(h);
	html_open(h, "ol", "keys");
	for (size_t l = 0; l < p.n_lines; l++)
		write_key(h, &p, l);
	html_close(h);
	html_close(h);
	html_line(h);
}

/* Typed arrays are part of what is native: "other native" is the rest. */
static int is_part(const struct column *c)
{
	return c->type == CELL_BYTES && strcmp(c->key, "total_bytes") != 0 && strcmp(c->key, "native_bytes") != 0;
}

static void write_part(struct html *h, const struct column *c, size_t number, int64_t v, int64_t total)
{
	const struct column percent = { .type = CELL_PERCENT };

	html_open(h, "li", NULL);
	html_open(h, "svg", "swatch");
	html_attr(h, "aria-hidden", "true");
	html_open(h, "rect", NULL);
	html_attrf(h, "class", "part%zu", number);
	html_attr(h, "width", "100%");
	html_attr(h, "height", "100%");
	html_close_void(h);
	html_close(h);
	html_leaf(h, "span", NULL, c->title);
	html_text(h, " ");
	html_number_in(h, "b", c, v);
	html_text(h, " ");
	html_open(h, "small", NULL);
	html_number(h, &percent, wide_mul_div_signed(v, 10000, total));
	html_close(h);
	html_close(h);
	html_line(h);
}

int html_parts(struct html *h, const struct table *t)
{
	const union cell *total = typed_cell(t, 0, "total_bytes", CELL_BYTES), *row = table_row(t, 0);
	int64_t sum = 0, before = 0;
	size_t number = 0;

	for (size_t c = 0; c < t->n_columns; c++)
		sum += is_part(&t->columns[c]) ? row[c].i : 0;
	if (!total || total->i <= 0 || sum != total->i)
		return 0;
	html_open(h, "svg", "stack");
	html_attr(h, "aria-hidden", "true");
	for (size_t c = 0; c < t->n_columns; c++) {
		unsigned x = html_permille(before, sum);

		if (!is_part(&t->columns[c]))
			continue;
		before += row[c].i;
		html_open(h, "rect", NULL);
		html_attrf(h, "class", "part%zu", number++);
		attr_percent(h, "x", x);
		attr_percent(h, "width", html_permille(before, sum) - x);
		html_attr(h, "height", "100%");
		html_close_void(h);
	}
	html_close(h);
	html_open(h, "ol", "keys");
	number = 0;
	for (size_t c = 0; c < t->n_columns; c++)
		if (is_part(&t->columns[c]))
			write_part(h, &t->columns[c], number++, row[c].i, sum);
	html_close(h);
	html_open(h, "p", "sums");
	for (size_t c = 0; c < t->n_columns; c++) {
		if (t->columns[c].type != CELL_BYTES || is_part(&t->columns[c]))
			continue;
		html_open(h, "span", "sum");
		html_text(h, t->columns[c].title);
		html_text(h, " ");
		html_number_in(h, "b", &t->columns[c], row[c].i);
		html_close(h);
		html_text(h, " ");
	}
	html_close(h);
	html_line(h);
	return 1;
}
