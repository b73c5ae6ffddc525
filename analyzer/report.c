#include "analyzer/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/redact.h"

void report_init(struct report *r, struct mem *m)
{
	memset(r, 0, sizeof(*r));
	r->mem = m;
	r->headline = STR_LIT("");
	r->page_tables = 1;
	arena_init(&r->arena, m);
}

void report_release(struct report *r)
{
	for (size_t i = 0; i < r->n_tables; i++)
		mem_free(r->mem, r->tables[i].cells);
	mem_free(r->mem, r->warnings);
	redact_free(r->redact);
	arena_release(&r->arena);
	report_init(r, r->mem);
}

static int still_open(const struct report *r, struct err *e)
{
	return r->sealed ? err_set(e, ERR_INTERNAL, "a sealed report was changed") : 0;
}

static int format_text(struct report *r, struct str *out, struct err *e, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return err_set(e, ERR_INTERNAL, "the format \"%s\" does not work", fmt);
	p = arena_alloc(&r->arena, (size_t)n + 1, e);
	if (!p)
		return e->kind;
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	*out = (struct str){ p, (size_t)n };
	return 0;
}

int report_warn(struct report *r, struct err *e, const char *fmt, ...)
{
	void *array = r->warnings;
	struct str text;
	va_list ap;
	int rc;

	if (still_open(r, e))
		return e->kind;
	va_start(ap, fmt);
	rc = format_text(r, &text, e, fmt, ap);
	va_end(ap);
	if (rc)
		return rc;
	if (mem_reserve(r->mem, &array, &r->warnings_capacity, r->n_warnings + 1, sizeof(text), e))
		return e->kind;
	r->warnings = array;
	r->warnings[r->n_warnings++] = text;
	return 0;
}

int report_headline(struct report *r, struct err *e, const char *fmt, ...)
{
	va_list ap;
	int rc;

	if (still_open(r, e))
		return e->kind;
	va_start(ap, fmt);
	rc = format_text(r, &r->headline, e, fmt, ap);
	va_end(ap);
	return rc;
}

int report_add_table(struct report *r, const struct table *t, int *index, struct err *e)
{
	struct table *own;

	if (still_open(r, e))
		return e->kind;
	if (r->n_tables == REPORT_MAX_TABLES)
		return err_set(e, ERR_INTERNAL, "table \"%s\" is one more than the %d a report can hold", t->key,
			       REPORT_MAX_TABLES);
	*index = (int)r->n_tables;
	own = &r->tables[r->n_tables++];
	*own = *t;
	own->cells = NULL;
	own->total = NULL;
	own->n_rows = 0;
	own->rows_capacity = 0;
	return 0;
}

static struct table *table_at(struct report *r, int table, struct err *e)
{
	if (still_open(r, e))
		return NULL;
	if (table < 0 || (size_t)table >= r->n_tables) {
		err_set(e, ERR_INTERNAL, "there is no table %d in this report", table);
		return NULL;
	}
	return &r->tables[table];
}

int report_add_row(struct report *r, int table, const union cell *cells, struct err *e)
{
	struct table *t = table_at(r, table, e);
	void *array;

	if (!t)
		return e->kind;
	array = t->cells;
	if (mem_reserve(r->mem, &array, &t->rows_capacity, t->n_rows + 1, t->n_columns * sizeof(*cells), e))
		return e->kind;
	t->cells = array;
	memcpy(t->cells + t->n_rows * t->n_columns, cells, t->n_columns * sizeof(*cells));
	t->n_rows++;
	return 0;
}

int report_set_total(struct report *r, int table, const union cell *cells, struct err *e)
{
	struct table *t = table_at(r, table, e);
	union cell *copy;

	if (!t)
		return e->kind;
	copy = arena_alloc(&r->arena, t->n_columns * sizeof(*copy), e);
	if (!copy)
		return e->kind;
	memcpy(copy, cells, t->n_columns * sizeof(*copy));
	t->total = copy;
	return 0;
}

const struct table *report_table(const struct report *r, const char *key)
{
	for (size_t i = 0; i < r->n_tables; i++)
		if (!strcmp(r->tables[i].key, key))
			return &r->tables[i];
	return NULL;
}

int table_column(const struct table *t, const char *key)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (!strcmp(t->columns[i].key, key))
			return (int)i;
	return -1;
}

static int64_t add_saturating(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	if (b < 0 && a < INT64_MIN - b)
		return INT64_MIN;
	return a + b;
}

int64_t table_sum(const struct table *t, size_t column, size_t first, size_t n)
{
	int64_t sum = 0;

	for (size_t row = first; row < first + n; row++)
		sum = add_saturating(sum, table_row(t, row)[column].i);
	return sum;
}

void table_rest(const struct table *t, size_t first, union cell *out)
{
	size_t n = first < t->n_rows ? t->n_rows - first : 0;

	memset(out, 0, t->n_columns * sizeof(*out));
	for (size_t c = 0; c < t->n_columns; c++)
		if (t->columns[c].flags & COLUMN_SUMS)
			out[c].i = table_sum(t, c, first, n);
}

/* First row whose owner is `owner` or a later one; owners ascend. */
static size_t lower_bound(const struct table *t, int64_t owner)
{
	size_t low = 0, high = t->n_rows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table_row(t, middle)[0].i < owner)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t table_children(const struct table *t, size_t owner, size_t *first)
{
	*first = lower_bound(t, (int64_t)owner);
	return lower_bound(t, (int64_t)owner + 1) - *first;
}
