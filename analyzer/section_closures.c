/* Closures by function: the same function at the same place, as often as it was made. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/section_parts.h"
#include "base/table_hash.h"

/* Groups are looked up by name and place number while the heap is there. */
struct grouping {
	struct heap *h;
	struct sections *out;
	uint32_t *slot;          /* group + 1 */
	size_t n_slots;
	uint64_t *key;           /* name << 32 | place, per group */
	size_t keys_capacity;
	uint32_t *covered_until; /* per group: end of the outermost closure's subtree */
	size_t covered_capacity;
};

static size_t slot_of(const struct grouping *g, uint64_t key)
{
	size_t at = table_hash_number(&g->h->run->mem, key) & (g->n_slots - 1);

	while (g->slot[at] && g->key[g->slot[at] - 1] != key)
		at = (at + 1) & (g->n_slots - 1);
	return at;
}

static int grow_slots(struct grouping *g, struct err *e)
{
	size_t size = g->n_slots ? g->n_slots * 2 : 1024;
	uint32_t *slot = mem_alloc(g->out->mem, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(g->out->mem, g->slot);
	g->slot = slot;
	g->n_slots = size;
	for (size_t i = 0; i < g->out->n_closures; i++)
		g->slot[slot_of(g, g->key[i])] = (uint32_t)i + 1;
	return 0;
}

static int add_group(struct grouping *g, uint64_t key, uint32_t node, struct err *e)
{
	struct sections *s = g->out;
	void *all = s->closures, *keys = g->key, *covered = g->covered_until;
	struct closure_group *group;
	struct group_place place;
	int rc;

	rc = mem_reserve(s->mem, &all, &s->closures_capacity, s->n_closures + 1, sizeof(*s->closures), e);
	s->closures = all;
	if (!rc)
		rc = mem_reserve(s->mem, &keys, &g->keys_capacity, s->n_closures + 1, 8, e);
	g->key = keys;
	if (!rc)
		rc = mem_reserve(s->mem, &covered, &g->covered_capacity, s->n_closures + 1, 4, e);
	g->covered_until = covered;
	if (rc)
		return rc;
	group = &s->closures[s->n_closures];
	memset(group, 0, sizeof(*group));
	if (ref_text(&s->arena, heap_name(g->h, node), &group->function, e) ||
	    group_place_of(s, g->h, node, &place, e))
		return e->kind;
	group->script = place.script;
	group->script_id = place.script_id;
	group->line = place.line;
	group->column = place.column;
	group->located = place.located;
	g->key[s->n_closures] = key;
	g->covered_until[s->n_closures++] = 0;
	return 0;
}

static int count_closure(struct grouping *g, uint32_t node, uint32_t pos, struct err *e)
{
	const struct heap *h = g->h;
	uint64_t key = (uint64_t)h->name[node] << 32 | (h->place ? h->place[node] : 0);
	size_t at;
	uint32_t k;

	if (g->out->n_closures * 2 >= g->n_slots && grow_slots(g, e))
		return e->kind;
	at = slot_of(g, key);
	if (!g->slot[at]) {
		if (add_group(g, key, node, e))
			return e->kind;
		g->slot[at] = (uint32_t)g->out->n_closures;
	}
	k = g->slot[at] - 1;
	g->out->closures[k].count++;
	if (pos < g->covered_until[k])
		return 0;
	g->out->closures[k].retained_bytes += h->retained[node];
	g->covered_until[k] = pos + h->tree_size[pos];
	return 0;
}

int closures_collect(struct heap *h, struct sections *out, struct err *e)
{
	struct grouping g = { .h = h, .out = out };
	int rc = 0;

	for (uint32_t pos = 0; pos < h->n_nodes && !rc; pos++)
		if (h->type[h->tree_order[pos]] == NODE_CLOSURE)
			rc = count_closure(&g, h->tree_order[pos], pos, e);
	mem_free(out->mem, g.slot);
	mem_free(out->mem, g.key);
	mem_free(out->mem, g.covered_until);
	return rc;
}

static int compare_groups(const struct closure_group *a, const struct closure_group *b)
{
	int c = str_cmp(a->script, b->script);

	if (!c)
		c = str_cmp(a->function, b->function);
	if (!c)
		c = (a->line > b->line) - (a->line < b->line);
	return c ? c : (a->column > b->column) - (a->column < b->column);
}

static int by_name(const void *a, const void *b)
{
	const struct closure_group *const *x = a, *const *y = b;

	return compare_groups(*x, *y);
}

/* A function in all snapshots; values are sums, as one function can come in several scripts of a name. */
struct row {
	const struct closure_group *group;
	int64_t *counts;
	uint64_t before, after, retained_before, retained_after;
};

static int64_t change(const struct row *r)
{
	return (int64_t)r->retained_after - (int64_t)r->retained_before;
}

/* Change first; with one snapshot that is the size. */
static int by_change(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (change(x) != change(y))
		return change(x) < change(y) ? 1 : -1;
	if (x->after != y->after)
		return x->after < y->after ? 1 : -1;
	return compare_groups(x->group, y->group);
}

/* All groups of all snapshots in one order: equal ones stand together. */
struct merged {
	const struct closure_group **all;
	size_t n;
};

static size_t snapshot_of(const struct sections_view *v, const struct closure_group *g)
{
	size_t i = 0;

	while (!v->lists[i]->n_closures || g < v->lists[i]->closures ||
	       g >= v->lists[i]->closures + v->lists[i]->n_closures)
		i++;
	return i;
}

static int make_rows(struct report *r, const struct sections_view *v, const struct merged *m, struct row *rows, size_t *n,
		     struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		struct row *row;
		size_t at = snapshot_of(v, m->all[i]);

		if (!i || compare_groups(m->all[i - 1], m->all[i])) {
			row = &rows[(*n)++];
			*row = (struct row){ .group = m->all[i] };
			row->counts = arena_alloc(&r->arena, v->n * sizeof(*row->counts), e);
			if (!row->counts)
				return e->kind;
		}
		row = &rows[*n - 1];
		row->counts[at] += (int64_t)m->all[i]->count;
		if (at == 0 && v->n > 1) {
			row->before += m->all[i]->count;
			row->retained_before += m->all[i]->retained_bytes;
		}
		if (at + 1 == v->n) {
			row->after += m->all[i]->count;
			row->retained_after += m->all[i]->retained_bytes;
		}
	}
	return 0;
}

static const struct column columns[] = {
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count_before", "Before", CELL_COUNT, COLUMN_DETAIL | COLUMN_SUMS, 0 },
	{ "count_after", "After", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "count_delta", "Count", CELL_COUNT, COLUMN_SIGNED | COLUMN_SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, COLUMN_SIGNED | COLUMN_MAIN, 0 },
	{ "count_series", "Counts", CELL_SERIES, COLUMN_DETAIL, CELL_COUNT },
};

static const struct column columns_of_one[] = {
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
};

#define MAX_ROWS 200

static int add_row(struct report *r, int table, const struct row *row, struct err *e)
{
	union cell cells[9];
	const struct closure_group *g = row->group;
	struct str name = g->function.n ? g->function : STR_LIT("(anonymous)");

	if (ref_text(&r->arena, name, &cells[0].text, e) ||
	    group_place_ref(r, g->script, g->script_id, g->line, g->column, g->located, &cells[1].place, e))
		return e->kind;
	if (r->n_snapshots == 1) {
		cells[2].i = (int64_t)row->after;
		cells[3].i = (int64_t)row->retained_after;
		return report_add_row(r, table, cells, e);
	}
	cells_of_change(cells + 2, row->before, row->after);
	cells_of_change(cells + 5, row->retained_before, row->retained_after);
	cells[8].series = row->counts;
	return report_add_row(r, table, cells, e);
}

static int add_rows(struct report *r, const struct sections_view *v, struct row *rows, size_t n, struct err *e)
{
	struct table desc = { .key = "closures", .title = v->n > 1 ? "Growing closures" : "Closures", .parent = -1,
			      .text_rows = 10, COLUMNS(columns) };
	size_t shown = 0;
	int table;

	if (v->n == 1)
		section_columns(&desc, columns_of_one, sizeof(columns_of_one) / sizeof(columns_of_one[0]));
	desc.note = "Functions by the place where they are made, with what they keep alive.";
	if (n)
		qsort(rows, n, sizeof(*rows), by_change);
	if (report_add_table(r, &desc, &table, e))
		return e->kind;
	for (size_t i = 0; i < n && shown < MAX_ROWS; i++) {
		if (v->n > 1 && (rows[i].after <= rows[i].before || change(&rows[i]) <= 0))
			continue;
		if (!section_wants(v, STR_LIT("Function")) && !section_wants(v, rows[i].group->function))
			continue;
		if (add_row(r, table, &rows[i], e))
			return e->kind;
		shown++;
	}
	return 0;
}

int closures_report(struct report *r, const struct sections_view *v, struct err *e)
{
	struct merged m = { 0 };
	struct row *rows;
	size_t total = 0, n = 0;
	int rc;

	for (size_t i = 0; i < v->n; i++)
		total += v->lists[i]->n_closures;
	m.all = mem_alloc(r->mem, total + 1, sizeof(*m.all), e);
	rows = m.all ? mem_alloc(r->mem, total + 1, sizeof(*rows), e) : NULL;
	if (!rows) {
		mem_free(r->mem, m.all);
		return e->kind;
	}
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < v->lists[i]->n_closures; k++)
			m.all[m.n++] = &v->lists[i]->closures[k];
	if (m.n)
		qsort(m.all, m.n, sizeof(*m.all), by_name);
	rc = make_rows(r, v, &m, rows, &n, e);
	if (!rc)
		rc = add_rows(r, v, rows, n, e);
	mem_free(r->mem, m.all);
	mem_free(r->mem, rows);
	return rc;
}
