#include <string.h>

#include "analyzer/redact.h"
#include "analyzer/report.h"

static int broken(const struct table *t, struct err *e, const char *what, const char *column)
{
	return err_set(e, ERR_INTERNAL, "report table \"%s\": %s%s%s", t->key, what, column ? ": " : "",
		       column ? column : "");
}

static int is_key(const char *s)
{
	if (!s || *s < 'a' || *s > 'z')
		return 0;
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static int ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n >= m && !strcmp(s + n - m, tail);
}

static int holds_integer(enum cell_type type)
{
	return type == CELL_COUNT || type == CELL_BYTES || type == CELL_TIME || type == CELL_PERCENT || type == CELL_NUMBER ||
	       type == CELL_DISTANCE;
}

static int check_column(const struct table *t, size_t i, struct err *e)
{
	const struct column *c = &t->columns[i];

	if (!is_key(c->key) || !c->title)
		return broken(t, e, "a column without a proper key or title", c->key);
	if ((size_t)table_column(t, c->key) != i)
		return broken(t, e, "two columns have one key", c->key);
	if (ends_in(c->key, "_rest"))
		return broken(t, e, "a key in _rest is the renderers'", c->key);
	if (c->type == CELL_BYTES && !ends_in(c->key, "_bytes"))
		return broken(t, e, "a size whose key does not end in _bytes", c->key);
	if (c->type == CELL_TIME && !ends_in(c->key, "_ns"))
		return broken(t, e, "a time whose key does not end in _ns", c->key);
	if ((c->flags & COLUMN_SUMS) && !holds_integer(c->type))
		return broken(t, e, "a column that cannot be summed", c->key);
	if (c->type == CELL_SERIES && !holds_integer(c->series_type))
		return broken(t, e, "a series without a unit", c->key);
	return 0;
}

static int check_columns(const struct table *t, struct err *e)
{
	size_t n_main = 0;

	if (!t->n_columns)
		return broken(t, e, "no columns", NULL);
	for (size_t i = 0; i < t->n_columns; i++) {
		if (check_column(t, i, e))
			return e->kind;
		n_main += (t->columns[i].flags & COLUMN_MAIN) != 0;
	}
	return n_main > 1 ? broken(t, e, "more than one main column", NULL) : 0;
}

/* Keys of the JSON document that are not tables. */
static int is_reserved(const char *key)
{
	static const char *const reserved[] = { "schema", "tool", "command", "mode", "headline", "warnings" };

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (!strcmp(key, reserved[i]))
			return 1;
	return 0;
}

static int check_key(const struct report *r, const struct table *t, struct err *e)
{
	if (!is_key(t->key) || !t->title || is_reserved(t->key) || ends_in(t->key, "_rest"))
		return err_set(e, ERR_INTERNAL, "a report table has no title or an impossible key: \"%s\"",
			       t->key ? t->key : "");
	if (report_table(r, t->key) != t)
		return broken(t, e, "two tables have one key", NULL);
	return 0;
}

static int check_owners(const struct report *r, const struct table *t, struct err *e)
{
	const struct table *parent;
	int64_t previous = 0;

	if (t->parent < 0)
		return 0;
	if (t->parent >= t - r->tables)
		return broken(t, e, "a child table stands before its parent", NULL);
	parent = &r->tables[t->parent];
	if (t->columns[0].type != CELL_ROW)
		return broken(t, e, "the first column of a child table is not its owner", NULL);
	if (table_column(parent, t->key) >= 0)
		return broken(t, e, "its parent has a column of the same name", NULL);
	for (size_t row = 0; row < t->n_rows; row++) {
		int64_t owner = table_row(t, row)[0].i;

		if (owner < previous || owner >= (int64_t)parent->n_rows)
			return broken(t, e, "rows do not follow the order of their owners", NULL);
		previous = owner;
	}
	return 0;
}

/* Pre-order: each parent is the row before or one of its ancestors. Walking up costs O(rows) in all. */
static int check_tree(const struct table *t, struct err *e)
{
	int c = table_column(t, "parent");

	if (t->kind != TABLE_TREE)
		return 0;
	if (c < 0 || t->columns[c].type != CELL_ROW)
		return broken(t, e, "a tree without a parent column", NULL);
	for (size_t row = 0; row < t->n_rows; row++) {
		int64_t parent = table_row(t, row)[c].i, at = (int64_t)row - 1;

		if (parent < -1 || parent >= (int64_t)row)
			return broken(t, e, "a parent does not precede its child", NULL);
		while (at > parent)
			at = table_row(t, (size_t)at)[c].i;
		if (at != parent)
			return broken(t, e, "rows are not in pre-order", NULL);
	}
	return 0;
}

static int check_paths(const struct table *t, struct err *e)
{
	for (size_t c = 0; c < t->n_columns; c++) {
		if (t->columns[c].type != CELL_PATH)
			continue;
		for (size_t row = 0; row < t->n_rows; row++) {
			const struct path *p = table_row(t, row)[c].path;

			if (p && (!p->n_steps || (p->n_omitted && p->omitted_after >= p->n_steps)))
				return broken(t, e, "an impossible path", t->columns[c].key);
		}
	}
	return 0;
}

static int check_total(const struct table *t, size_t c, struct err *e)
{
	int64_t sum = 0;

	for (size_t row = 0; row < t->n_rows; row++) {
		int64_t v = table_row(t, row)[c].i;

		if (v > 0 ? sum > INT64_MAX - v : sum < INT64_MIN - v)
			return broken(t, e, "the sum does not fit 64 bits", t->columns[c].key);
		sum += v;
	}
	if (sum == t->total[c].i)
		return 0;
	return err_set(e, ERR_INTERNAL, "report table \"%s\": rows of %s add up to %lld, the total says %lld", t->key,
		       t->columns[c].key, (long long)sum, (long long)t->total[c].i);
}

static int check_totals(const struct table *t, struct err *e)
{
	for (size_t c = 0; t->total && c < t->n_columns; c++)
		if ((t->columns[c].flags & COLUMN_SUMS) && check_total(t, c, e))
			return e->kind;
	return 0;
}

static int check_table(const struct report *r, const struct table *t, struct err *e)
{
	if (check_key(r, t, e) || check_columns(t, e) || check_owners(r, t, e) || check_tree(t, e))
		return e->kind;
	if (t->kind == TABLE_RECORD && t->n_rows != 1)
		return broken(t, e, "a record needs exactly one row", NULL);
	if (check_paths(t, e) || check_totals(t, e))
		return e->kind;
	return 0;
}

/* A report to which nobody gave rules is no exception. */
static int hide_private(struct report *r, struct err *e)
{
	struct redact_options defaults = { .files = NULL };

	if (!r->redact && redact_new(&r->redact, r->mem, &defaults, e))
		return e->kind;
	redact_key(r->redact, r->key);
	return redact_report(r->redact, r, e);
}

int report_seal(struct report *r, struct err *e)
{
	if (r->sealed)
		return err_set(e, ERR_INTERNAL, "a report was sealed twice");
	if (!r->tool || !r->version || !r->command)
		return err_set(e, ERR_INTERNAL, "a report without tool, version or command");
	for (size_t i = 0; i < r->n_tables; i++)
		if (check_table(r, &r->tables[i], e))
			return e->kind;
	if (hide_private(r, e))
		return e->kind;
	r->sealed = 1;
	return 0;
}
