#include "analyzer/celltext.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/heap.h"
#include "analyzer/human.h"
#include "analyzer/textcells.h"

int cell_is_number(const struct column *c)
{
	return c->type == CELL_COUNT || c->type == CELL_BYTES || c->type == CELL_TIME || c->type == CELL_PERCENT ||
	       c->type == CELL_NUMBER || c->type == CELL_DISTANCE;
}

void number_text(struct strbuf *out, enum cell_type type, int64_t v, int with_sign)
{
	switch (type) {
	case CELL_BYTES:
		human_bytes(out, v, with_sign);
		break;
	case CELL_TIME:
		human_time(out, v, with_sign);
		break;
	case CELL_COUNT:
		human_count(out, v, with_sign);
		break;
	case CELL_PERCENT:
		human_percent(out, v, with_sign);
		break;
	case CELL_RATIO:
		strbuf_addf(out, "%lld %%", (long long)v);
		break;
	case CELL_DISTANCE:
		if (v < 0 || v >= DISTANCE_SYSTEM)
			strbuf_addch(out, '-');
		else
			strbuf_addf(out, "%lld", (long long)v);
		break;
	default:
		strbuf_addf(out, with_sign && v > 0 ? "+%lld" : "%lld", (long long)v);
	}
}

void node_text(struct strbuf *out, const struct node_ref *n, int ascii)
{
	text_clean(out, n->class, ascii);
	if (n->name.n && !str_eq(n->name, n->class)) {
		strbuf_addch(out, ' ');
		text_clean(out, n->name, ascii);
	}
	strbuf_addf(out, " @%llu", (unsigned long long)n->id);
}

void place_text(struct strbuf *out, const struct place *p, int ascii)
{
	if (p->script.n)
		text_clean(out, p->script, ascii);
	else
		strbuf_addf(out, "(script %llu)", (unsigned long long)p->script_id);
	if (p->line)
		strbuf_addf(out, ":%lu", (unsigned long)p->line);
}

void step_text(struct strbuf *out, const struct path *p, size_t i, int ascii)
{
	const struct path_step *next = i + 1 < p->n_steps ? &p->steps[i + 1] : NULL;

	text_clean(out, p->steps[i].class, ascii);
	if (!next || !next->edge.n || (p->n_omitted && p->omitted_after == i))
		return;
	strbuf_addch(out, ' ');
	if (!str_starts(next->edge, "[") || !strcmp(next->edge_type, "property"))
		strbuf_addch(out, '.');
	text_clean(out, next->edge, ascii);
}

void series_text(struct strbuf *out, const struct report *r, const struct column *c, const int64_t *v, int ascii)
{
	for (size_t i = 0; i < r->n_snapshots; i++) {
		if (i)
			strbuf_addf(out, " %s ", text_glyphs(ascii)->to);
		number_text(out, c->series_type, v[i], c->flags & COLUMN_SIGNED);
	}
}

/* Bars from zero, so that a small change of a large number looks small. */
static void sparkline(struct strbuf *out, const struct report *r, const int64_t *v, int ascii)
{
	int64_t max = 0;

	for (size_t i = 0; i < r->n_snapshots; i++)
		max = v[i] > max ? v[i] : max;
	for (size_t i = 0; i < r->n_snapshots; i++) {
		/* floating point: 7 x INT64_MAX does not fit, and the height of a bar need not be exact */
		int level = v[i] > 0 ? (int)((double)v[i] * 7 / (double)max) : 0;

		strbuf_addstr(out, text_glyphs(ascii)->levels[level > 7 ? 7 : level]);
	}
}

static void texts_text(struct strbuf *out, const struct str_list *l, int ascii)
{
	for (size_t i = 0; l && i < l->n; i++) {
		strbuf_addstr(out, i ? "; " : "");
		text_clean(out, l->texts[i], ascii);
	}
}

static void numbers_text(struct strbuf *out, const struct number_list *l)
{
	for (size_t i = 0; l && i < l->n; i++)
		strbuf_addf(out, i ? " %llu" : "%llu", (unsigned long long)l->numbers[i]);
}

void item_text(struct strbuf *out, const struct item_ref *item, int ascii)
{
	text_clean(out, item->shape.n ? item->shape : item->class, ascii);
	if (!item->function.n)
		return;
	if (item->class.n)
		strbuf_addch(out, ' ');
	text_clean(out, item->function, ascii);
}

void cell_text(struct strbuf *out, const struct report *r, const struct column *c, const union cell *v, int ascii)
{
	switch (c->type) {
	case CELL_TEXT:
		text_clean(out, v->text, ascii);
		break;
	case CELL_BOOL:
		strbuf_addstr(out, v->i ? "yes" : "no");
		break;
	case CELL_NODE:
		if (v->node)
			node_text(out, v->node, ascii);
		break;
	case CELL_PLACE:
		if (v->place)
			place_text(out, v->place, ascii);
		break;
	case CELL_SERIES:
		if (v->series)
			sparkline(out, r, v->series, ascii);
		break;
	case CELL_TEXTS:
		texts_text(out, v->texts, ascii);
		break;
	case CELL_NUMBERS:
		numbers_text(out, v->numbers);
		break;
	case CELL_ITEM:
		if (v->item)
			item_text(out, v->item, ascii);
		break;
	case CELL_PATH:
	case CELL_ROW:
		break;
	default:
		number_text(out, c->type, v->i, c->flags & COLUMN_SIGNED);
	}
}

const char *mode_text(const char *mode)
{
	if (!strcmp(mode, "same-process"))
		return "Matched by object id: the snapshots are of one process.";
	if (!strcmp(mode, "structure"))
		return "Matched by structure, not by object id.";
	return mode;
}

size_t rows_shown(const struct table *t, size_t n, size_t asked)
{
	size_t limit = asked ? asked : t->text_rows;

	return limit && limit < n ? limit : n;
}

struct ranked_row {
	int64_t value;
	size_t row;
};

static int by_value(const void *a, const void *b)
{
	const struct ranked_row *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->row > y->row) - (x->row < y->row);
}

static int by_row(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

int tree_label_column(const struct table *t)
{
	int node = table_column(t, "node");

	for (size_t c = 0; node < 0 && c < t->n_columns; c++)
		if (t->columns[c].type == CELL_TEXT)
			return (int)c;
	return node;
}

static int weight_column(const struct table *t)
{
	for (size_t c = 0; c < t->n_columns; c++)
		if ((t->columns[c].flags & COLUMN_MAIN) && cell_is_number(&t->columns[c]))
			return (int)c;
	return table_column(t, "retained_bytes");
}

int tree_choose(const struct table *t, size_t limit, struct mem *m, size_t *out, size_t *n_out, struct err *e)
{
	int c = weight_column(t);
	struct ranked_row *rows = MEM_NEW(m, struct ranked_row, t->n_rows, e);

	if (!rows)
		return e->kind;
	for (size_t i = 0; i < t->n_rows; i++)
		rows[i] = (struct ranked_row){ c < 0 ? 0 : table_row(t, i)[c].i, i };
	if (t->n_rows)
		qsort(rows, t->n_rows, sizeof(*rows), by_value);
	*n_out = limit < t->n_rows ? limit : t->n_rows;
	for (size_t i = 0; i < *n_out; i++)
		out[i] = rows[i].row;
	if (*n_out)
		qsort(out, *n_out, sizeof(*out), by_row);
	mem_free(m, rows);
	return 0;
}

static int is_blank(const struct column *c, const union cell *v)
{
	switch (c->type) {
	case CELL_TEXT:
		return !v->text.n;
	case CELL_NODE:
		return !v->node;
	case CELL_PLACE:
		return !v->place;
	case CELL_SERIES:
		return !v->series;
	case CELL_BOOL:
		return !v->i;
	default:
		return 0;
	}
}

int column_fits_table(const struct report *r, const struct table *t, size_t column, size_t n_rows)
{
	const struct column *c = &t->columns[column];

	if ((c->flags & COLUMN_DETAIL) || c->type == CELL_PATH || c->type == CELL_ROW)
		return 0;
	if (c->type == CELL_SERIES && r->n_snapshots < 3)
		return 0;
	for (size_t row = 0; row < n_rows; row++)
		if (!is_blank(c, &table_row(t, row)[column]))
			return 1;
	return cell_is_number(c);
}
