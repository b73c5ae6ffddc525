#include "web/html_cards.h"

#include <string.h>

#include "analyzer/celltext.h"
#include "web/html_cells.h"
#include "web/html_tables.h"

/* Which column plays which part on a card; -1: none does. All others are facts. */
struct parts {
	int rank, amount, share, node, alike, place;
	int exclusive, shared;
};

/* One row on its card. */
struct card {
	const struct report *r;
	const struct table *t;
	const struct parts *parts;
	size_t row;
	const union cell *cells;
	int folded; /* head in a <summary>, which takes no blocks */
};

static int first_of(const struct table *t, enum cell_type type)
{
	for (size_t c = 0; c < t->n_columns; c++)
		if (t->columns[c].type == type)
			return (int)c;
	return -1;
}

static int typed_column(const struct table *t, const char *key, enum cell_type type)
{
	int c = table_column(t, key);

	return c >= 0 && t->columns[c].type == type ? c : -1;
}

static struct parts choose_parts(const struct table *t)
{
	struct parts p = {
		.rank = typed_column(t, "rank", CELL_NUMBER),
		.amount = -1,
		.share = first_of(t, CELL_PERCENT),
		.node = first_of(t, CELL_NODE),
		.alike = typed_column(t, "alike", CELL_COUNT),
		.place = first_of(t, CELL_PLACE),
		.exclusive = typed_column(t, "exclusive_bytes", CELL_BYTES),
		.shared = typed_column(t, "shared_bytes", CELL_BYTES),
	};

	for (size_t c = 0; c < t->n_columns; c++)
		if ((t->columns[c].flags & COLUMN_MAIN) && cell_is_number(&t->columns[c]))
			p.amount = (int)c;
	if (p.amount < 0)
		p.amount = first_of(t, CELL_BYTES);
	return p;
}

int html_has_children(const struct report *r, const struct table *t)
{
	for (size_t i = 0; i < r->n_tables; i++)
		if (r->tables[i].parent == (int)(t - r->tables))
			return 1;
	return 0;
}

static const struct column *column_of(const struct card *d, int part)
{
	return &d->t->columns[part];
}

static const union cell *cell_of(const struct card *d, int part)
{
	return part < 0 || html_is_blank(column_of(d, part), &d->cells[part]) ? NULL : &d->cells[part];
}

static void write_share(struct html *h, const struct card *d)
{
	const struct parts *p = d->parts;
	const union cell *share = cell_of(d, p->share), *shared = cell_of(d, p->shared),
			 *own = cell_of(d, p->exclusive);
	unsigned full, second = 0;

	if (!share)
		return;
	full = html_permille(share->i, 10000);
	if (shared && own && shared->i > 0 && own->i >= 0)
		second = full * html_permille(shared->i, own->i + shared->i) / 1000;
	html_open(h, "div", "share");
	html_bar(h, full, second);
	html_open(h, "span", NULL);
	html_text(h, column_of(d, p->share)->title);
	html_text(h, " ");
	html_number_in(h, "b", column_of(d, p->share), share->i);
	html_close(h);
	html_close(h);
}

static void write_where(struct html *h, const struct card *d)
{
	const union cell *place = cell_of(d, d->parts->place);

	if (!place)
		return;
	html_open(h, d->folded ? "span" : "p", "where");
	html_place(h, place->place, HTML_PLACE_CELLS);
	html_close(h);
}

/* The row stands for several objects: the node is one of them. */
static void write_alike(struct html *h, const struct card *d)
{
	const union cell *alike = cell_of(d, d->parts->alike);

	if (!alike || alike->i < 2)
		return;
	html_text(h, " (");
	html_number(h, column_of(d, d->parts->alike), alike->i);
	html_text(h, " alike)");
}

/* A <summary> takes a heading, but nothing around it: there the place stands in the heading. */
static void write_title(struct html *h, const struct card *d)
{
	const struct parts *p = d->parts;
	const union cell *rank = cell_of(d, p->rank), *node = cell_of(d, p->node);

	if (!d->folded)
		html_open(h, "div", "what");
	html_open(h, "h3", NULL);
	html_open(h, "span", "rank");
	html_textf(h, "%lld", rank ? (long long)rank->i : (long long)d->row + 1);
	html_close(h);
	html_text(h, " ");
	if (node)
		html_node(h, node->node, HTML_NAME_CELLS);
	else
		html_text(h, "(no object)");
	write_alike(h, d);
	if (d->folded) {
		html_text(h, " ");
		write_where(h, d);
	}
	html_close(h);
	if (d->folded)
		return;
	write_where(h, d);
	html_close(h);
}

static void write_amount(struct html *h, const struct card *d)
{
	const union cell *amount = cell_of(d, d->parts->amount);

	if (!amount)
		return;
	html_open(h, d->folded ? "span" : "p", "amount");
	html_number_in(h, "strong", column_of(d, d->parts->amount), amount->i);
	html_text(h, " ");
	html_leaf(h, "span", NULL, column_of(d, d->parts->amount)->title);
	html_close(h);
}

static int has_part(const struct parts *p, int c)
{
	return c == p->rank || c == p->amount || c == p->share || c == p->node || c == p->alike || c == p->place;
}

static const char *swatch(const struct parts *p, int c)
{
	if (p->exclusive < 0 || p->shared < 0)
		return NULL;
	return c == p->exclusive ? "first" : c == p->shared ? "second" : NULL;
}

static int is_fact(const struct card *d, size_t c)
{
	const struct column *column = &d->t->columns[c];

	return !has_part(d->parts, (int)c) && column->type != CELL_PATH && html_has_room(d->r, column) &&
	       !html_is_blank(column, &d->cells[c]);
}

static int has_facts(const struct card *d)
{
	for (size_t c = 0; c < d->t->n_columns; c++)
		if (is_fact(d, c))
			return 1;
	return 0;
}

static void write_facts(struct html *h, const struct card *d)
{
	if (!has_facts(d))
		return;
	html_open(h, "dl", "numbers");
	for (size_t c = 0; c < d->t->n_columns; c++) {
		const struct column *column = &d->t->columns[c];
		const char *tone = cell_is_number(column) ? html_tone(column, d->cells[c].i) : "";

		if (!is_fact(d, c))
			continue;
		html_open(h, "div", NULL);
		html_leaf(h, "dt", swatch(d->parts, (int)c), column->title);
		html_open(h, "dd", *tone ? tone : NULL);
		if (cell_is_number(column))
			html_exact(h, column, d->cells[c].i);
		html_cell(h, d->r, column, &d->cells[c]);
		html_close(h);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}

static void write_paths(struct html *h, const struct card *d)
{
	for (size_t c = 0; c < d->t->n_columns; c++) {
		const struct column *column = &d->t->columns[c];

		if (column->type != CELL_PATH || !d->cells[c].path)
			continue;
		html_open(h, "div", "way");
		html_leaf(h, "h4", NULL, column->title);
		html_open_path(h, d->cells[c].path);
		html_close(h);
		html_line(h);
	}
}

static void write_children(struct html *h, const struct card *d, size_t child_rows)
{
	for (size_t i = 0; i < d->r->n_tables; i++) {
		struct html_rows rows = { .report = d->r, .table = &d->r->tables[i], .is_part = 1 };

		if (rows.table->parent != (int)(d->t - d->r->tables))
			continue;
		rows.n = table_children(rows.table, d->row, &rows.first);
		rows.shown = rows.n < child_rows ? rows.n : child_rows;
		if (!rows.n)
			continue;
		html_open(h, "div", "held");
		html_leaf(h, "h4", NULL, rows.table->title);
		html_table(h, &rows);
		html_close(h);
	}
}

static void write_card(struct html *h, const struct card *d, const struct html_cards_view *v)
{
	html_open(h, "li", "card");
	html_attrf(h, "id", "%s-%zu", d->t->key, d->row + 1);
	if (v->folded)
		html_open(h, "details", "fold");
	html_open(h, v->folded ? "summary" : "div", "top");
	write_title(h, d);
	write_amount(h, d);
	html_close(h);
	write_share(h, d);
	html_line(h);
	write_facts(h, d);
	write_paths(h, d);
	write_children(h, d, v->child_rows);
	if (v->folded)
		html_close(h);
	html_close(h);
	html_line(h);
}

void html_cards(struct html *h, const struct report *r, const struct table *t, const struct html_cards_view *v)
{
	struct parts parts = choose_parts(t);

	html_open(h, "ol", "cards");
	html_line(h);
	for (size_t row = 0; row < v->shown; row++)
		write_card(h, &(struct card){ r, t, &parts, row, table_row(t, row), v->folded }, v);
	html_close(h);
	if (v->shown < t->n_rows)
		html_sums(h, t, "… and ", v->shown, t->n_rows - v->shown);
	if (t->total)
		html_sums(h, t, "Together: ", 0, t->n_rows);
}
