#include "analyzer/profile_tree_report.h"

#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

static const struct column columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },
	{ "total_ns", "Total", CELL_TIME, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
	{ "self_ns", "Self", CELL_TIME, 0, 0 },
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "category", "Category", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "count", "Functions", CELL_COUNT, COLUMN_DETAIL, 0 },
};

#define DEEPEST 200
#define MOST_CHILDREN 50
#define MOST_ROWS 1000
#define LEAST_SHARE 500 /* a child below a 500th of the whole joins the rest */

struct child {
	int64_t total;
	uint32_t node;
};

struct level {
	struct child *children;
	size_t n, next;
	int64_t row;      /* of the parent, -1: none */
	int64_t rest, n_rest;
};

struct writer {
	struct report *r;
	const struct profile_view *v;
	const struct tree_part *part;
	uint32_t *first, *sibling;
	int table;
	int64_t n_rows;
	struct level levels[DEEPEST + 1];
	size_t depth;
};

static int64_t magnitude(int64_t v)
{
	return v < 0 ? -v : v;
}

static int by_total(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	return (x->node > y->node) - (x->node < y->node);
}

/* Children in lists, the last made first; sorting makes the order. */
static int link_children(struct writer *w, struct err *e)
{
	struct mem *m = w->r->mem;
	size_t n = w->part->n;

	w->first = MEM_NEW(m, uint32_t, n, e);
	w->sibling = w->first ? MEM_NEW(m, uint32_t, n, e) : NULL;
	if (!w->sibling)
		return e->kind;
	for (size_t i = 0; i < n; i++)
		w->first[i] = VIEW_NONE;
	for (size_t i = 1; i < n; i++) {
		uint32_t parent = w->part->nodes[i].parent;

		w->sibling[i] = w->first[parent];
		w->first[parent] = (uint32_t)i;
	}
	return 0;
}

static int wanted(const struct writer *w, const struct level *l, const struct child *c)
{
	return magnitude(c->total) >= magnitude(w->v->sum) / LEAST_SHARE && c->total && l->n < MOST_CHILDREN &&
	       w->depth < DEEPEST && w->n_rows < MOST_ROWS;
}

static int open_level(struct writer *w, uint32_t node, int64_t row, struct err *e)
{
	struct level *l = &w->levels[w->depth];
	const struct view_node *nodes = w->part->nodes;
	size_t n = 0, i = 0;

	*l = (struct level){ .row = row };
	for (uint32_t c = w->first[node]; c != VIEW_NONE; c = w->sibling[c])
		n++;
	l->children = MEM_NEW(w->r->mem, struct child, n, e);
	if (!l->children)
		return e->kind;
	for (uint32_t c = w->first[node]; c != VIEW_NONE; c = w->sibling[c])
		l->children[i++] = (struct child){ nodes[c].total, c };
	if (n)
		qsort(l->children, n, sizeof(*l->children), by_total);
	for (i = 0; i < n; i++) {
		if (l->n == i && wanted(w, l, &l->children[i])) {
			l->n++;
			continue;
		}
		l->rest += l->children[i].total;
		l->n_rest += l->children[i].total != 0;
	}
	return 0;
}

static int node_row(struct writer *w, uint32_t node, int64_t parent, struct err *e)
{
	const struct view_node *n = &w->part->nodes[node];
	const struct profile_view *v = w->v;
	const struct view_key *k = n->key == VIEW_NONE ? NULL : &v->keys[n->key];
	const struct place *place = NULL;
	struct str name, category = { NULL, 0 };

	if (ref_text(&w->r->arena, k ? profile_view_name(v, n->key) : w->part->root_name, &name, e))
		return e->kind;
	if (k && v->by == VIEW_FUNCTIONS && profile_place(w->r, v->p, k->frame, 0, &place, e))
		return e->kind;
	if (k)
		category = str_of(profile_category_name(k->category));
	union cell cells[] = { cell_int(parent),    cell_int(n->total),	   cell_int(hundredths(n->total, v->sum)),
			       cell_int(n->self),   cell_text(name),	   { .place = place },
			       cell_text(category), cell_int(1) };
	w->n_rows++;
	return report_add_row(w->r, w->table, cells, e);
}

static int rest_row(struct writer *w, const struct level *l, struct err *e)
{
	union cell cells[] = { cell_int(l->row),  cell_int(l->rest),
			       cell_int(hundredths(l->rest, w->v->sum)),
			       cell_int(l->rest), cell_text((struct str){ NULL, 0 }),
			       { .place = NULL }, cell_text((struct str){ NULL, 0 }),
			       cell_int(l->n_rest) };

	if (!l->n_rest)
		return 0;
	w->n_rows++;
	return report_add_row(w->r, w->table, cells, e);
}

static void close_level(struct writer *w)
{
	mem_free(w->r->mem, w->levels[w->depth].children);
	w->levels[w->depth].children = NULL;
}

static int write_rows(struct writer *w, struct err *e)
{
	int has_root = w->part->root_name.s != NULL;

	if (has_root && node_row(w, 0, -1, e))
		return e->kind;
	if (open_level(w, 0, has_root ? 0 : -1, e))
		return e->kind;
	for (;;) {
		struct level *l = &w->levels[w->depth];

		if (l->next < l->n) {
			uint32_t node = l->children[l->next++].node;
			int64_t row = w->n_rows;

			if (node_row(w, node, l->row, e))
				return e->kind;
			w->depth++;
			if (open_level(w, node, row, e))
				return e->kind;
			continue;
		}
		if (rest_row(w, l, e))
			return e->kind;
		close_level(w);
		if (!w->depth--)
			return 0;
	}
}

int profile_add_tree_part(struct report *r, const struct profile_view *v, const struct tree_part *part, struct err *e)
{
	struct table t = { .key = part->key, .title = part->title, .note = part->note, .kind = TABLE_TREE, .parent = -1,
			   .text_rows = 40, .empty = "Nothing was recorded." };
	enum profile_unit unit = v->p->n_values ? v->p->values[v->p->shown].unit : UNIT_COUNT;
	struct writer *w = MEM_NEW(r->mem, struct writer, 1, e);
	int rc;

	if (!w)
		return e->kind;
	w->r = r;
	w->v = v;
	w->part = part;
	rc = profile_columns(r, unit, &t, columns, sizeof(columns) / sizeof(columns[0]), e);
	if (!rc)
		rc = report_add_table(r, &t, &w->table, e);
	if (!rc)
		rc = link_children(w, e);
	if (!rc)
		rc = write_rows(w, e);
	for (size_t i = 0; i <= DEEPEST; i++)
		mem_free(r->mem, w->levels[i].children);
	mem_free(r->mem, w->first);
	mem_free(r->mem, w->sibling);
	mem_free(r->mem, w);
	return rc;
}
