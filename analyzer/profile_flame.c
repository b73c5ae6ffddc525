/* A profile as data for a flamegraph: every value of every stack by thread, and what ran when. */
#include <stdlib.h>

#include "analyzer/flame_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

static const struct column value_columns[] = {
	{ "type", "Type", CELL_TEXT, 0, 0 },
	{ "unit", "Unit", CELL_TEXT, 0, 0 },
	{ "shown", "Shown", CELL_BOOL, 0, 0 },
};

static const char *unit_word(enum profile_unit unit)
{
	static const char *const words[] = { [UNIT_COUNT] = "count", [UNIT_NANOSECONDS] = "time",
					     [UNIT_BYTES] = "bytes", [UNIT_OTHER] = "count" };

	return words[unit];
}

static int add_values(struct report *r, const struct profile *p, struct err *e)
{
	struct table t = { .key = "values", .title = "Values", .parent = -1, .for_pages = 1, .is_data = 1,
			   COLUMNS(value_columns) };
	int table;

	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < p->n_values; i++) {
		struct str type;

		if (ref_text(&r->arena, p->values[i].type, &type, e))
			return e->kind;
		union cell cells[] = { cell_text(type), cell_text(str_of(unit_word(p->values[i].unit))),
				       cell_int(i == p->shown) };
		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

/* "self0_ns", "self1": one column a value, by number, because types may be called anything. */
static int value_column(struct report *r, const struct profile_value *value, size_t i, struct column *out, struct err *e)
{
	static const struct {
		const char *suffix;
		enum cell_type type;
	} kinds[] = { [UNIT_COUNT] = { "", CELL_COUNT }, [UNIT_NANOSECONDS] = { "_ns", CELL_TIME },
		      [UNIT_BYTES] = { "_bytes", CELL_BYTES }, [UNIT_OTHER] = { "", CELL_COUNT } };
	struct strbuf key;

	strbuf_init(&key, r->mem);
	strbuf_addf(&key, "self%zu%s", i, kinds[value->unit].suffix);
	*out = (struct column){ NULL, "Self", kinds[value->unit].type, 0, 0 };
	out->key = strbuf_check(&key, e) ? NULL : arena_copy(&r->arena, strbuf_str(&key), key.len, e);
	strbuf_release(&key);
	return out->key ? 0 : e->kind;
}

static int open_weights(struct report *r, const struct profile *p, int *table, struct err *e)
{
	struct table t = { .key = "weights", .title = "Weights", .parent = -1, .for_pages = 1, .is_data = 1,
			   .n_columns = 2 + p->n_values };
	struct column *columns = arena_alloc(&r->arena, t.n_columns * sizeof(*columns), e);

	if (!columns)
		return e->kind;
	columns[0] = (struct column){ "stack", "Stack", CELL_ROW, 0, 0 };
	columns[1] = (struct column){ "thread", "Thread", CELL_NUMBER, 0, 0 };
	for (size_t i = 0; i < p->n_values; i++)
		if (value_column(r, &p->values[i], i, &columns[2 + i], e))
			return e->kind;
	t.columns = columns;
	return report_add_table(r, &t, table, e);
}

struct weight {
	uint32_t row, thread, sum;
};

static int by_row(const void *a, const void *b)
{
	const struct weight *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return (x->sum > y->sum) - (x->sum < y->sum);
}

static int is_idle(const struct profile *p, uint32_t stack)
{
	return stack != STACK_NONE && p->frames.category[p->stacks.frame[stack]] == CATEGORY_IDLE;
}

static size_t collect(const struct profile_view *v, const uint32_t *row_of, struct weight *out)
{
	const struct profile *p = v->p;
	size_t n = 0;

	for (size_t i = 0; i < p->n_sums; i++) {
		const struct profile_sum *s = &p->sums[i];

		if (is_idle(p, s->stack) || !profile_view_wants(v, s->stack, s->thread))
			continue;
		out[n++] = (struct weight){ row_of[s->stack == STACK_NONE ? 0 : v->node_of[s->stack]], s->thread,
					    (uint32_t)i };
	}
	if (n)
		qsort(out, n, sizeof(*out), by_row);
	return n;
}

/* Sums of one row and thread, whatever their labels, are one. */
static int write_weights(struct report *r, int table, const struct profile *p, const struct weight *w, size_t n,
			 struct err *e)
{
	union cell cells[2 + PROFILE_MAX_VALUES];

	for (size_t i = 0; i < n;) {
		size_t first = i;

		cells[0] = cell_int(w[i].row);
		cells[1] = cell_int(w[i].thread);
		for (size_t k = 0; k < p->n_values; k++)
			cells[2 + k] = cell_int(0);
		for (; i < n && w[i].row == w[first].row && w[i].thread == w[first].thread; i++)
			for (size_t k = 0; k < p->n_values; k++)
				cells[2 + k].i += profile_sum_value(p, w[i].sum, k);
		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

static int add_weights(struct report *r, const struct profile_view *v, const uint32_t *row_of, struct err *e)
{
	struct weight *w = MEM_NEW(r->mem, struct weight, v->p->n_sums, e);
	int table = 0, rc;

	if (!w)
		return e->kind;
	rc = open_weights(r, v->p, &table, e);
	if (!rc)
		rc = write_weights(r, table, v->p, w, collect(v, row_of, w), e);
	mem_free(r->mem, w);
	return rc;
}

/* In the order of the table of functions; `frame_of` by key. */
static int add_frames(struct report *r, const struct profile_view *v, uint32_t *frame_of, struct err *e)
{
	uint32_t *keys = MEM_NEW(r->mem, uint32_t, v->n_keys + 1, e);
	size_t n = 0;
	int table = 0, rc;

	if (!keys)
		return e->kind;
	rc = profile_rank_keys(v, keys, &n, e);
	if (!rc)
		rc = flame_open_frames(r, &table, e);
	for (uint32_t i = 0; i < n && !rc; i++) {
		frame_of[keys[i]] = i;
		rc = flame_add_frame(r, table, v, keys[i], e);
	}
	mem_free(r->mem, keys);
	return rc;
}

/* Differences of pprof have values below zero, which no box can show. */
static int has_negative(const struct profile *p)
{
	for (size_t k = 0; k < p->n_values; k++)
		for (size_t i = 0; i < p->n_sums; i++)
			if (profile_sum_value(p, i, k) < 0)
				return 1;
	return 0;
}

int profile_add_flame(struct report *r, const struct profile_view *v, struct err *e)
{
	uint32_t *frame_of, *row_of;
	int rc;

	if (!r->page_tables)
		return 0;
	if (has_negative(v->p))
		return flame_add_nothing(r, FLAME_NEGATIVE, e);
	if (v->sum <= 0)
		return flame_add_nothing(r, FLAME_EMPTY, e);
	frame_of = MEM_NEW(r->mem, uint32_t, v->n_keys + 1, e);
	row_of = frame_of ? MEM_NEW(r->mem, uint32_t, v->n_nodes, e) : NULL;
	rc = row_of ? 0 : e->kind;
	if (!rc)
		rc = add_values(r, v->p, e);
	if (!rc)
		rc = add_frames(r, v, frame_of, e);
	if (!rc)
		rc = flame_add_stacks(r, &(struct flame_tree){ v->nodes, v->n_nodes, frame_of, 0 }, row_of, e);
	if (!rc)
		rc = add_weights(r, v, row_of, e);
	if (!rc)
		rc = flame_add_runs(r, v, row_of, e);
	mem_free(r->mem, frame_of);
	mem_free(r->mem, row_of);
	return rc;
}
