/*
 * The whole report for machines, schema docs/report.schema.json. One row per line, so that two reports can be compared
 * with diff and a line can be picked out with grep.
 */
#include <string.h>

#include "analyzer/jsontext.h"
#include "analyzer/report.h"

struct json {
	const struct report *r;
	struct strbuf *out;
	size_t rows; /* per table; 0: all */
};

static void write_number(struct strbuf *out, enum cell_type type, int64_t v)
{
	if (type == CELL_PERCENT || type == CELL_RATIO) /* hundredths both */
		json_percent(out, v);
	else
		json_int(out, v);
}

static void write_key(struct strbuf *out, const char *key)
{
	strbuf_addch(out, '"');
	strbuf_addstr(out, key); /* keys are lower_case: report_seal() */
	strbuf_add(out, "\":", 2);
}

static void write_node(struct strbuf *out, const struct node_ref *n)
{
	strbuf_addstr(out, "{\"id\":");
	json_uint(out, n->id);
	strbuf_addstr(out, ",\"class\":");
	json_str(out, n->class);
	strbuf_addstr(out, ",\"name\":");
	json_str(out, n->name);
	strbuf_addch(out, '}');
}

static void write_step(struct strbuf *out, const struct path_step *s)
{
	strbuf_addstr(out, "{\"edge\":");
	json_str(out, s->edge);
	strbuf_addstr(out, ",\"edge_type\":");
	json_str(out, str_of(s->edge_type));
	strbuf_addstr(out, ",\"id\":");
	json_uint(out, s->id);
	strbuf_addstr(out, ",\"class\":");
	json_str(out, s->class);
	strbuf_addch(out, '}');
}

static void write_path(struct strbuf *out, const struct path *p)
{
	strbuf_addch(out, '[');
	for (size_t i = 0; i < p->n_steps; i++) {
		if (i)
			strbuf_addch(out, ',');
		write_step(out, &p->steps[i]);
		if (p->n_omitted && p->omitted_after == i) {
			strbuf_addstr(out, ",{\"omitted\":");
			json_uint(out, p->n_omitted);
			strbuf_addch(out, '}');
		}
	}
	strbuf_addch(out, ']');
}

static void write_place(struct strbuf *out, const struct place *p)
{
	strbuf_addstr(out, "{\"script\":");
	json_str(out, p->script);
	strbuf_addstr(out, ",\"line\":");
	json_uint(out, p->line);
	strbuf_addstr(out, ",\"column\":");
	json_uint(out, p->column);
	if (!p->script.n) {
		strbuf_addstr(out, ",\"script_id\":");
		json_uint(out, p->script_id);
	}
	strbuf_addch(out, '}');
}

static void write_series(const struct json *j, enum cell_type type, const int64_t *v)
{
	strbuf_addch(j->out, '[');
	for (size_t i = 0; i < j->r->n_snapshots; i++) {
		if (i)
			strbuf_addch(j->out, ',');
		write_number(j->out, type, v[i]);
	}
	strbuf_addch(j->out, ']');
}

static void write_texts(struct strbuf *out, const struct str_list *l)
{
	strbuf_addch(out, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			strbuf_addch(out, ',');
		json_str(out, l->texts[i]);
	}
	strbuf_addch(out, ']');
}

static void write_numbers(struct strbuf *out, const struct number_list *l)
{
	strbuf_addch(out, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			strbuf_addch(out, ',');
		json_uint(out, l->numbers[i]);
	}
	strbuf_addch(out, ']');
}

static void write_part(struct strbuf *out, const char *key, struct str value)
{
	write_key(out, key);
	if (value.s)
		json_str(out, value);
	else
		strbuf_addstr(out, "null");
}

static void write_item(struct strbuf *out, const struct item_ref *item)
{
	strbuf_addch(out, '{');
	write_part(out, "class", item->class);
	strbuf_addch(out, ',');
	write_part(out, "function", item->function);
	strbuf_addch(out, ',');
	write_part(out, "shape", item->shape);
	strbuf_addch(out, '}');
}

static int is_absent(enum cell_type type, const union cell *v)
{
	switch (type) {
	case CELL_TEXT:
		return !v->text.s;
	case CELL_NODE:
		return !v->node;
	case CELL_PATH:
		return !v->path;
	case CELL_PLACE:
		return !v->place;
	case CELL_SERIES:
		return !v->series;
	case CELL_ROW:
		return v->i < 0;
	case CELL_TEXTS:
		return !v->texts;
	case CELL_NUMBERS:
		return !v->numbers;
	case CELL_ITEM:
		return !v->item;
	default:
		return 0;
	}
}

static void write_cell(const struct json *j, const struct column *c, const union cell *v)
{
	if (is_absent(c->type, v)) {
		strbuf_addstr(j->out, "null");
		return;
	}
	switch (c->type) {
	case CELL_TEXT:
		json_str(j->out, v->text);
		break;
	case CELL_BOOL:
		strbuf_addstr(j->out, v->i ? "true" : "false");
		break;
	case CELL_NODE:
		write_node(j->out, v->node);
		break;
	case CELL_PATH:
		write_path(j->out, v->path);
		break;
	case CELL_PLACE:
		write_place(j->out, v->place);
		break;
	case CELL_SERIES:
		write_series(j, c->series_type, v->series);
		break;
	case CELL_TEXTS:
		write_texts(j->out, v->texts);
		break;
	case CELL_NUMBERS:
		write_numbers(j->out, v->numbers);
		break;
	case CELL_ITEM:
		write_item(j->out, v->item);
		break;
	default:
		write_number(j->out, c->type, v->i);
	}
}

static void write_table(const struct json *j, const struct table *t, size_t owner, unsigned depth);

/* The tables whose rows belong to this row, as arrays in it. */
static void write_children(const struct json *j, const struct table *t, size_t row, unsigned depth)
{
	for (size_t i = 0; i < j->r->n_tables; i++) {
		const struct table *child = &j->r->tables[i];

		if (child->parent != (int)(t - j->r->tables))
			continue;
		strbuf_addch(j->out, ',');
		write_table(j, child, row, depth);
	}
}

static void write_row(const struct json *j, const struct table *t, size_t row, unsigned depth)
{
	const union cell *cells = table_row(t, row);
	size_t first = t->parent >= 0;

	strbuf_addch(j->out, '{');
	for (size_t c = first; c < t->n_columns; c++) {
		if (c > first)
			strbuf_addch(j->out, ',');
		write_key(j->out, t->columns[c].key);
		write_cell(j, &t->columns[c], &cells[c]);
	}
	write_children(j, t, row, depth + 1);
	strbuf_addch(j->out, '}');
}

/* What a cut table leaves out, as "KEY_rest": the number of rows and the sums of the columns that add up. */
static void write_rest(const struct json *j, const struct table *t, size_t first, size_t n)
{
	strbuf_addstr(j->out, ",\"");
	strbuf_addstr(j->out, t->key);
	strbuf_addstr(j->out, "_rest\":{\"rows\":");
	json_uint(j->out, n);
	for (size_t c = 0; c < t->n_columns; c++) {
		const struct column *column = &t->columns[c];

		if (!(column->flags & COLUMN_SUMS))
			continue;
		strbuf_addch(j->out, ',');
		write_key(j->out, column->key);
		write_number(j->out, column->type, table_sum(t, c, first, n));
	}
	strbuf_addch(j->out, '}');
}

static void new_line(const struct json *j, unsigned depth)
{
	strbuf_addch(j->out, '\n');
	strbuf_addch_n(j->out, ' ', depth);
}

/* Key and value of one table, or of what one owner has in a child table. */
static void write_table(const struct json *j, const struct table *t, size_t owner, unsigned depth)
{
	size_t first = 0, n = t->parent >= 0 ? table_children(t, owner, &first) : t->n_rows;
	size_t shown = j->rows && n > j->rows ? j->rows : n;

	write_key(j->out, t->key);
	if (t->kind == TABLE_RECORD && t->parent < 0) {
		write_row(j, t, 0, depth);
		return;
	}
	strbuf_addch(j->out, '[');
	for (size_t i = 0; i < shown; i++) {
		if (i)
			strbuf_addch(j->out, ',');
		new_line(j, depth + 1);
		write_row(j, t, first + i, depth + 1);
	}
	if (shown)
		new_line(j, depth);
	strbuf_addch(j->out, ']');
	if (shown < n)
		write_rest(j, t, first + shown, n - shown);
}

static void write_text(struct strbuf *out, const char *key, struct str value)
{
	write_key(out, key);
	if (value.s)
		json_str(out, value);
	else
		strbuf_addstr(out, "null");
	strbuf_addstr(out, ",\n ");
}

static void write_head(const struct json *j)
{
	const struct report *r = j->r;

	strbuf_addstr(j->out, "{\n ");
	write_text(j->out, "schema", STR_LIT(REPORT_SCHEMA));
	strbuf_addstr(j->out, "\"tool\":{\"name\":");
	json_str(j->out, str_of(r->tool));
	strbuf_addstr(j->out, ",\"version\":");
	json_str(j->out, str_of(r->version));
	strbuf_addstr(j->out, "},\n ");
	write_text(j->out, "command", str_of(r->command));
	write_text(j->out, "mode", str_of(r->mode));
	write_text(j->out, "headline", r->headline);
	strbuf_addstr(j->out, "\"warnings\":[");
	for (size_t i = 0; i < r->n_warnings; i++) {
		if (i)
			strbuf_addch(j->out, ',');
		new_line(j, 2);
		json_str(j->out, r->warnings[i]);
	}
	strbuf_addstr(j->out, r->n_warnings ? "\n ]" : "]");
}

/* Readers of a comparison find all its keys, also those without a table in this report. */
static void write_absent_tables(const struct json *j)
{
	static const struct {
		const char *key, *empty;
	} always[] = {
		{ "snapshots", "[]" }, { "totals", "null" },  { "findings", "[]" }, { "settled", "[]" },
		{ "growth", "[]" },    { "classes", "[]" },  { "arrays", "[]" },    { "closures", "[]" },
		{ "listeners", "[]" }, { "diagnostics", "[]" },
	};

	if (strcmp(j->r->command, "snapdiff") != 0)
		return;
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		if (report_table(j->r, always[i].key))
			continue;
		strbuf_addstr(j->out, ",\n ");
		write_key(j->out, always[i].key);
		strbuf_addstr(j->out, always[i].empty);
	}
}

int render_json(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	struct json j = { .r = r, .out = out, .rows = o->rows };

	write_head(&j);
	for (size_t i = 0; i < r->n_tables; i++) {
		if (r->tables[i].parent >= 0)
			continue;
		strbuf_addstr(out, ",\n ");
		write_table(&j, &r->tables[i], 0, 1);
	}
	write_absent_tables(&j);
	strbuf_addstr(out, "\n}\n");
	return strbuf_check(out, e);
}
