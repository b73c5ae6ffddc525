#include "web/html_island.h"

#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/jsontext.h"
#include "base/table_hash.h"
#include "web/html_cards.h"
#include "web/html_cells.h"

/* Rows of a flat table that the script gets; what is beyond them stays one sum. */
#define MOST_ROWS 4000

/* Distinct texts, in the order of their first appearance. */
struct names {
	struct strbuf json;   /* the array so far, without brackets */
	struct strbuf bytes;  /* the texts, one after the other */
	struct span {
		size_t at, n;
	} *all;
	size_t n, capacity;
	uint32_t *slot;       /* number + 1 */
	size_t n_slots;
};

struct island {
	struct html *h;
	const struct report *r;
	const struct table *t;
	size_t n_rows;
	struct names names;
	struct strbuf out;
	int64_t *numbers;     /* scratch: one column */
	struct err *e;
	int failed;
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes to four digits; what is left over waits in `held`. */
struct base64 {
	struct strbuf *out;
	uint32_t held;
	unsigned n;
};

static void base64_add(struct base64 *b, unsigned byte)
{
	b->held = b->held << 8 | byte;
	if (++b->n < 3)
		return;
	for (int shift = 18; shift >= 0; shift -= 6)
		strbuf_addch(b->out, digits[b->held >> shift & 63]);
	b->held = 0;
	b->n = 0;
}

/* Without "=": the length says it. */
static void base64_end(struct base64 *b)
{
	uint32_t bits = b->held << (b->n == 1 ? 16 : 8);

	for (unsigned i = 0; b->n && i <= b->n; i++)
		strbuf_addch(b->out, digits[bits >> (18 - 6 * i) & 63]);
}

void html_pack(struct strbuf *out, const int64_t *numbers, size_t n)
{
	struct base64 b = { .out = out };
	uint64_t before = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t d = (uint64_t)numbers[i] - before;

		d = d << 1 ^ (0 - (d >> 63));
		for (; d >= 128; d >>= 7)
			base64_add(&b, (unsigned)(d & 127) | 128);
		base64_add(&b, (unsigned)d);
		before = (uint64_t)numbers[i];
	}
	base64_end(&b);
}

static struct str name_at(const struct names *names, size_t i)
{
	return (struct str){ names->bytes.buf + names->all[i].at, names->all[i].n };
}

static size_t slot_of(const struct names *names, struct str s)
{
	size_t at = (size_t)table_hash(names->bytes.mem, s) & (names->n_slots - 1);

	while (names->slot[at] && !str_eq(name_at(names, names->slot[at] - 1), s))
		at = (at + 1) & (names->n_slots - 1);
	return at;
}

static int grow_slots(struct island *d)
{
	struct names *names = &d->names;
	size_t n = names->n_slots ? names->n_slots * 2 : 256;
	uint32_t *slot = MEM_NEW(d->r->mem, uint32_t, n, d->e);

	if (!slot)
		return d->e->kind;
	mem_free(d->r->mem, names->slot);
	names->slot = slot;
	names->n_slots = n;
	for (size_t i = 0; i < names->n; i++)
		names->slot[slot_of(names, name_at(names, i))] = (uint32_t)i + 1;
	return 0;
}

static int add_name(struct island *d, struct str s)
{
	struct names *names = &d->names;
	void *all = names->all;

	if (mem_reserve(d->r->mem, &all, &names->capacity, names->n + 1, sizeof(*names->all), d->e))
		return d->e->kind;
	names->all = all;
	names->all[names->n++] = (struct span){ names->bytes.len, s.n };
	strbuf_add(&names->bytes, s.s, s.n);
	if (names->n > 1)
		strbuf_addch(&names->json, ',');
	json_str(&names->json, s);
	return strbuf_check(&names->bytes, d->e);
}

/* Number of the text in h->value, from 1; resets it. */
static int64_t number_of_value(struct island *d)
{
	struct str s = { strbuf_str(&d->h->value), d->h->value.len };
	struct names *names = &d->names;
	size_t at;

	if (d->failed || (names->n * 2 >= names->n_slots && (d->failed = grow_slots(d))))
		return 0;
	at = slot_of(names, s);
	if (!names->slot[at]) {
		d->failed = add_name(d, s);
		names->slot[at] = (uint32_t)names->n;
	}
	strbuf_reset(&d->h->value);
	return names->slot[at];
}

static int64_t number_of(struct island *d, struct str s)
{
	strbuf_reset(&d->h->value);
	if (!s.n)
		return 0;
	html_add_short(d->h, s, HTML_NAME_CELLS);
	return number_of_value(d);
}

static int64_t place_number(struct island *d, const struct place *p)
{
	strbuf_reset(&d->h->value);
	if (!p)
		return 0;
	if (p->script.n)
		html_add_name(d->h, p->script);
	else
		strbuf_addf(&d->h->value, "(script %llu)", (unsigned long long)p->script_id);
	strbuf_addf(&d->h->value, ":%lu", (unsigned long)p->line);
	return number_of_value(d);
}

/* As one line: what the script shows of it is a text. */
static int64_t path_number(struct island *d, const struct path *p)
{
	struct html *h = d->h;

	strbuf_reset(&h->value);
	if (!p)
		return 0;
	for (size_t i = 0; i < p->n_steps; i++) {
		if (i)
			strbuf_addstr(&h->value, " › ");
		if (p->steps[i].edge.n) {
			if (!str_starts(p->steps[i].edge, "["))
				strbuf_addch(&h->value, '.');
			html_add_short(h, p->steps[i].edge, HTML_TREE_NAME_CELLS);
			strbuf_addch(&h->value, ' ');
		}
		html_add_short(h, p->steps[i].class, HTML_TREE_NAME_CELLS);
		strbuf_addf(&h->value, " @%llu", (unsigned long long)p->steps[i].id);
		if (p->n_omitted && p->omitted_after == i)
			strbuf_addf(&h->value, " › … %zu steps left out", p->n_omitted);
	}
	return number_of_value(d);
}

enum node_part { NODE_CLASS, NODE_NAME, NODE_ID, NODE_LOW, NODE_HIGH };

#define MAX_EXACT (((uint64_t)1 << 53) - 1) /* of a number of JavaScript */

static int64_t node_number(struct island *d, const struct node_ref *n, enum node_part part)
{
	if (!n)
		return 0;
	switch (part) {
	case NODE_CLASS:
		return number_of(d, n->class);
	case NODE_NAME:
		return number_of(d, n->name);
	case NODE_LOW:
		return (int64_t)(n->id & UINT32_MAX);
	case NODE_HIGH:
		return (int64_t)(n->id >> 32);
	default:
		return (int64_t)n->id;
	}
}

static int64_t number_in_cell(struct island *d, enum cell_type type, const union cell *v)
{
	switch (type) {
	case CELL_TEXT:
		return number_of(d, v->text);
	case CELL_PLACE:
		return place_number(d, v->place);
	case CELL_PATH:
		return path_number(d, v->path);
	case CELL_ITEM:
	case CELL_TEXTS:
	case CELL_NUMBERS:
		return 0;
	default:
		return v->i;
	}
}

static void put_key(struct island *d, const char *key)
{
	strbuf_addch(&d->out, '"');
	strbuf_addstr(&d->out, key);
	strbuf_addstr(&d->out, "\":");
}

static void put_packed(struct island *d, const char *key, size_t n)
{
	put_key(d, key);
	strbuf_addch(&d->out, '"');
	html_pack(&d->out, d->numbers, n);
	strbuf_addch(&d->out, '"');
}

/*
 * A column of numbers as its data: what all values are multiples of is said once as "step", and a column that holds one
 * value throughout as "same".
 */
static void put_numbers(struct island *d, size_t n)
{
	uint64_t step = 0;
	size_t i = 1;

	while (i < n && d->numbers[i] == d->numbers[0])
		i++;
	if (n > 1 && i == n) {
		put_key(d, "same");
		json_int(&d->out, d->numbers[0]);
		return;
	}
	for (i = 0; i < n && step != 1; i++) {
		uint64_t a = step, b = d->numbers[i] < 0 ? 0 - (uint64_t)d->numbers[i] : (uint64_t)d->numbers[i];

		while (b) {
			uint64_t rest = a % b;

			a = b;
			b = rest;
		}
		step = a;
	}
	if (step > 1 && step <= INT64_MAX) {
		put_key(d, "step");
		json_int(&d->out, (int64_t)step);
		strbuf_addch(&d->out, ',');
		for (i = 0; i < n; i++)
			d->numbers[i] /= (int64_t)step;
	}
	put_packed(d, "data", n);
}

/* Of a tree in pre-order the depths say as much as the parents, in a third of the room. */
static void put_depths(struct island *d, size_t column)
{
	for (size_t row = 0; row < d->n_rows; row++) {
		int64_t parent = table_row(d->t, row)[column].i;

		d->numbers[row] = parent < 0 ? 0 : d->numbers[parent] + 1;
	}
	put_packed(d, "depths", d->n_rows);
}

static const union cell *cell_at(const struct island *d, size_t row, size_t column)
{
	return &table_row(d->t, row)[column];
}

static int ids_are_exact(const struct island *d, size_t column)
{
	for (size_t row = 0; row < d->n_rows; row++) {
		const struct node_ref *n = cell_at(d, row, column)->node;

		if (n && n->id > MAX_EXACT)
			return 0;
	}
	return 1;
}

static void put_node_part(struct island *d, size_t column, const char *key, enum node_part part)
{
	for (size_t row = 0; row < d->n_rows; row++)
		d->numbers[row] = node_number(d, cell_at(d, row, column)->node, part);
	put_packed(d, key, d->n_rows);
}

/* V8's ids are small; what a file makes up may not be, and is shown as it is all the same. */
static void put_node_column(struct island *d, size_t column)
{
	int exact = ids_are_exact(d, column);

	put_node_part(d, column, "class", NODE_CLASS);
	strbuf_addch(&d->out, ',');
	put_node_part(d, column, "name", NODE_NAME);
	strbuf_addch(&d->out, ',');
	put_node_part(d, column, "id", exact ? NODE_ID : NODE_LOW);
	if (exact)
		return;
	strbuf_addch(&d->out, ',');
	put_node_part(d, column, "high", NODE_HIGH);
}

static void put_series_column(struct island *d, size_t column)
{
	size_t n = d->r->n_snapshots;

	for (size_t row = 0; row < d->n_rows; row++)
		for (size_t i = 0; i < n; i++) {
			const int64_t *series = cell_at(d, row, column)->series;

			d->numbers[row * n + i] = series ? series[i] : 0;
		}
	put_packed(d, "data", d->n_rows * n);
}

static void put_plain_column(struct island *d, size_t column)
{
	for (size_t row = 0; row < d->n_rows; row++)
		d->numbers[row] = number_in_cell(d, d->t->columns[column].type, cell_at(d, row, column));
	put_numbers(d, d->n_rows);
}

static const char *type_word(enum cell_type type)
{
	static const char *const words[] = {
		[CELL_TEXT] = "text",	  [CELL_COUNT] = "count", [CELL_BYTES] = "bytes",  [CELL_TIME] = "time",   [CELL_PERCENT] = "percent",
		[CELL_NUMBER] = "number", [CELL_BOOL] = "bool",	  [CELL_NODE] = "node",	    [CELL_PATH] = "path",
		[CELL_PLACE] = "place",	  [CELL_SERIES] = "series", [CELL_ROW] = "row",	    [CELL_RATIO] = "ratio",
		[CELL_TEXTS] = "texts",	  [CELL_NUMBERS] = "numbers", [CELL_ITEM] = "item", [CELL_DISTANCE] = "distance",
	};

	return words[type];
}

static void put_column(struct island *d, size_t i)
{
	const struct column *c = &d->t->columns[i];

	strbuf_addf(&d->out, "%s\n{\"key\":\"%s\",\"title\":\"%s\",\"type\":\"%s\",", i ? "," : "", c->key, c->title,
		    type_word(c->type));
	if (c->type == CELL_SERIES)
		strbuf_addf(&d->out, "\"unit\":\"%s\",", type_word(c->series_type));
	if (c->flags & COLUMN_SIGNED)
		strbuf_addstr(&d->out, "\"signed\":true,");
	if (c->flags & COLUMN_DETAIL)
		strbuf_addstr(&d->out, "\"detail\":true,");
	if (c->flags & COLUMN_MAIN)
		strbuf_addstr(&d->out, "\"main\":true,");
	if (c->flags & COLUMN_SUMS) {
		put_key(d, "rest");
		json_int(&d->out, table_sum(d->t, i, d->n_rows, d->t->n_rows - d->n_rows));
		strbuf_addstr(&d->out, ",\"sums\":true,");
	}
	if (c->type == CELL_NODE)
		put_node_column(d, i);
	else if (c->type == CELL_SERIES)
		put_series_column(d, i);
	else if (d->t->kind == TABLE_TREE && !strcmp(c->key, "parent"))
		put_depths(d, i);
	else
		put_plain_column(d, i);
	strbuf_addch(&d->out, '}');
}

static int put_table(struct island *d, const struct table *t, size_t rows)
{
	size_t limit = rows ? rows : MOST_ROWS;

	d->t = t;
	d->n_rows = t->kind == TABLE_TREE || t->is_data || t->n_rows < limit ? t->n_rows : limit;
	d->numbers = MEM_NEW(d->r->mem, int64_t, d->n_rows * (d->r->n_snapshots + 1), d->e);
	if (!d->numbers)
		return d->e->kind;
	strbuf_addf(&d->out, "\n{\"key\":\"%s\",\"title\":\"%s\",\"kind\":\"%s\",\"rows\":%zu,\"beyond\":%zu,\"columns\":[",
		    t->key, t->title, t->kind == TABLE_TREE ? "tree" : "rows", d->n_rows, t->n_rows - d->n_rows);
	for (size_t i = 0; i < t->n_columns; i++)
		put_column(d, i);
	strbuf_addstr(&d->out, "]}");
	mem_free(d->r->mem, d->numbers);
	return d->failed;
}

int html_in_island(const struct report *r, const struct table *t)
{
	static const char *const others[] = { "snapshots", "findings", "settled", "diagnostics", "profiles", "insights" };

	if (t->is_data || !strcmp(t->key, "comparison"))
		return t->n_rows != 0;
	if (t->parent >= 0 || !t->n_rows || t->kind == TABLE_RECORD || html_has_children(r, t))
		return 0;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(t->key, others[i]))
			return 0;
	return 1;
}

static int put_tables(struct island *d, size_t rows)
{
	int n = 0;

	strbuf_addf(&d->out, "{\"snapshots\":%zu,", d->r->n_snapshots);
	if (d->h->source_url) {
		put_key(d, "source");
		json_str(&d->out, str_of(d->h->source_url));
		strbuf_addch(&d->out, ',');
	}
	strbuf_addstr(&d->out, "\"tables\":[");
	for (size_t i = 0; i < d->r->n_tables; i++) {
		if (!html_in_island(d->r, &d->r->tables[i]))
			continue;
		if (n++)
			strbuf_addch(&d->out, ',');
		if (put_table(d, &d->r->tables[i], rows))
			return d->e->kind;
	}
	strbuf_addstr(&d->out, "\n],\"names\":[");
	strbuf_add(&d->out, strbuf_str(&d->names.json), d->names.json.len);
	strbuf_addstr(&d->out, "]}\n");
	return d->names.json.failed ? strbuf_check(&d->names.json, d->e) : strbuf_check(&d->out, d->e);
}

int html_island(struct html *h, const struct report *r, size_t rows, struct err *e)
{
	struct island d = { .h = h, .r = r, .e = e };
	int rc;

	strbuf_init(&d.out, r->mem);
	strbuf_init(&d.names.json, r->mem);
	strbuf_init(&d.names.bytes, r->mem);
	rc = put_tables(&d, rows);
	if (!rc) {
		html_open(h, "script", NULL);
		html_attr(h, "type", "application/json");
		html_attr(h, "id", "data");
		html_raw_json(h, &d.out);
		html_close(h);
		html_line(h);
	}
	strbuf_release(&d.out);
	strbuf_release(&d.names.json);
	strbuf_release(&d.names.bytes);
	mem_free(r->mem, d.names.all);
	mem_free(r->mem, d.names.slot);
	return rc;
}
