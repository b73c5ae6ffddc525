/*
 * Own time by source line. A stack row knows its line (pprof, trace chunks), or V8 counted ticks by line for it: those are
 * scaled so that the lines of a stack add up to its own time, which counting them alone would not.
 */
#include <stdlib.h>

#include "analyzer/profile_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "base/table_hash.h"
#include "base/wide.h"

static const struct column columns[] = {
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "self_ns", "Self", CELL_TIME, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

/* One line of one function. */
struct line {
	uint32_t frame, line; /* line 0: the function has no lines, only a place */
	int64_t self;
};

struct lines {
	const struct profile_view *v;
	struct line *rows;
	size_t n, capacity;
	struct hash_index index;
	uint64_t *ticks; /* by stack: of all its lines */
	int64_t *selfs;  /* by stack */
};

static int add(struct lines *l, uint32_t frame, uint32_t line, int64_t self, struct err *e)
{
	uint64_t h = table_hash_pair(l->index.mem, frame, line);
	size_t at;

	if (!self)
		return 0;
	for (uint32_t i = hash_index_first(&l->index, h, &at); i != HASH_NONE; i = hash_index_next(&l->index, h, &at)) {
		if (l->rows[i].frame != frame || l->rows[i].line != line)
			continue;
		l->rows[i].self += self;
		return 0;
	}
	if (mem_reserve(&l->v->p->run->mem, (void **)&l->rows, &l->capacity, l->n + 1, sizeof(*l->rows), e) ||
	    hash_index_add(&l->index, h, (uint32_t)l->n, e))
		return e->kind;
	l->rows[l->n++] = (struct line){ frame, line, self };
	return 0;
}

/*
 * Shares of a stack's own time by its ticks. What is taken away goes from both, the time and the ticks that are left, so
 * that the last line gets exactly the rest.
 */
static int spread(struct lines *l, struct err *e)
{
	const struct profile *p = l->v->p;

	for (size_t i = 0; i < p->n_lines; i++)
		if (__builtin_add_overflow(l->ticks[p->lines[i].stack], p->lines[i].ticks,
					   &l->ticks[p->lines[i].stack]))
			return err_set(e, ERR_FORMAT, "the line ticks of one function do not fit into 64 bits");
	for (size_t i = 0; i < p->n_lines; i++) {
		const struct profile_line *k = &p->lines[i];
		int64_t part;

		if (!l->selfs[k->stack])
			continue;
		part = wide_mul_div_signed(l->selfs[k->stack], (int64_t)k->ticks, (int64_t)l->ticks[k->stack]);
		l->selfs[k->stack] -= part;
		l->ticks[k->stack] -= k->ticks;
		if (add(l, p->stacks.frame[k->stack], k->line, part, e))
			return e->kind;
	}
	return 0;
}

static int collect(struct lines *l, struct err *e)
{
	const struct profile *p = l->v->p;

	for (uint32_t s = 0; s < p->stacks.n; s++)
		l->selfs[s] = l->v->stack_self[s];
	if (spread(l, e))
		return e->kind;
	for (uint32_t s = 0; s < p->stacks.n; s++)
		if (add(l, p->stacks.frame[s], p->stacks.line[s], l->selfs[s], e))
			return e->kind;
	return 0;
}

static int by_self(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->self != y->self)
		return x->self < y->self ? 1 : -1;
	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int line_row(struct report *r, int table, const struct profile_view *v, const struct line *l, struct err *e)
{
	const struct place *place;
	struct str name;

	if (profile_place(r, v->p, l->frame, l->line, &place, e) ||
	    ref_text(&r->arena, profile_frame_name(v->p, l->frame), &name, e))
		return e->kind;
	union cell cells[] = { { .place = place }, cell_text(name), cell_int(l->self),
			       cell_int(hundredths(l->self, v->sum)) };
	return report_add_row(r, table, cells, e);
}

static int write_rows(struct report *r, struct lines *l, struct err *e)
{
	struct table t = { .key = "lines", .title = "Source lines", .parent = -1, .text_rows = 20,
			   .note = "Own time; where the profile knows no lines, the place is where the function begins.",
			   .empty = "Nothing was recorded." };
	const struct profile *p = l->v->p;
	union cell total[] = { { .i = 0 }, { .i = 0 }, { .i = 0 }, { .i = 0 } };
	int table;

	if (profile_columns(r, p->n_values ? p->values[p->shown].unit : UNIT_COUNT, &t, columns,
			    sizeof(columns) / sizeof(columns[0]), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	if (l->n)
		qsort(l->rows, l->n, sizeof(*l->rows), by_self);
	for (size_t i = 0; i < l->n; i++)
		if (line_row(r, table, l->v, &l->rows[i], e))
			return e->kind;
	for (size_t i = 0; i < l->n; i++)
		total[2].i += l->rows[i].self;
	return report_set_total(r, table, total, e);
}

int profile_add_lines(struct report *r, const struct profile_view *v, struct err *e)
{
	struct lines l = { .v = v };
	int rc;

	hash_index_init(&l.index, r->mem);
	l.ticks = MEM_NEW(r->mem, uint64_t, v->p->stacks.n + 1, e);
	l.selfs = l.ticks ? MEM_NEW(r->mem, int64_t, v->p->stacks.n + 1, e) : NULL;
	rc = l.selfs ? collect(&l, e) : e->kind;
	if (!rc)
		rc = write_rows(r, &l, e);
	hash_index_release(&l.index);
	mem_free(r->mem, l.ticks);
	mem_free(r->mem, l.selfs);
	mem_free(r->mem, l.rows);
	return rc;
}
