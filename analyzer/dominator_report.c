/* The dominator tree as a table. Levels are kept on a stack of their own: a tree may be as deep as the heap is long. */
#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

static const struct column columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "edge", "Edge", CELL_TEXT, 0, 0 },
	{ "count", "Objects", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

/* A child of the row that is being opened. */
struct child {
	uint64_t bytes;
	uint32_t pos;
};

/* A level of the tree that is being written: its children stand on the stack of all levels. */
struct level {
	size_t first, n, next; /* in tree.children */
	int64_t row;           /* of the parent */
	uint64_t rest_count, rest_bytes;
};

struct tree {
	struct report *r;
	const struct heap *h;
	const struct tree_limits *limits;
	int table, show_values;
	size_t n_rows;
	struct child *children;
	size_t n_children, children_capacity;
	struct level *levels; /* limits->depth + 1 */
	unsigned depth;
};

/* Largest first; ties keep the order of the tree. */
static int by_bytes(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return (x->pos > y->pos) - (x->pos < y->pos);
}

static void add_to_rest(const struct tree *t, struct level *l, uint32_t pos)
{
	l->rest_count += t->h->tree_size[pos];
	l->rest_bytes += t->h->retained[t->h->tree_order[pos]];
}

static int push_child(struct tree *t, struct child c, struct err *e)
{
	void *all = t->children;

	if (mem_reserve(t->r->mem, &all, &t->children_capacity, t->n_children + 1, sizeof(c), e))
		return e->kind;
	t->children = all;
	t->children[t->n_children++] = c;
	return 0;
}

/* Children that are too small go to the rest row, and so does everything at the bottom. */
static int collect_children(struct tree *t, uint32_t pos, struct level *l, struct err *e)
{
	const struct heap *h = t->h;
	int open = t->depth < t->limits->depth && t->n_rows < t->limits->rows;

	for (uint32_t c = pos + 1; c < pos + h->tree_size[pos]; c += h->tree_size[c]) {
		struct child child = { h->retained[h->tree_order[c]], c };

		if (!open || !child.bytes || child.bytes < t->limits->min_bytes)
			add_to_rest(t, l, c);
		else if (push_child(t, child, e))
			return e->kind;
	}
	return 0;
}

static int open_level(struct tree *t, uint32_t pos, int64_t row, struct err *e)
{
	struct level *l = &t->levels[t->depth];

	*l = (struct level){ .row = row, .first = t->n_children };
	if (collect_children(t, pos, l, e))
		return e->kind;
	l->n = t->n_children - l->first;
	if (l->n)
		qsort(t->children + l->first, l->n, sizeof(*t->children), by_bytes);
	for (; l->n > t->limits->children; l->n--)
		add_to_rest(t, l, t->children[l->first + l->n - 1].pos);
	t->n_children = l->first + l->n;
	return 0;
}

int report_holding_edge(struct arena *a, const struct heap *h, uint32_t node, struct str *out, struct err *e)
{
	uint32_t i = h->parent_edge[node], up = h->idom[node];

	*out = (struct str){ NULL, 0 };
	if (node == h->root || i == NO_EDGE || i < h->first_edge[up] || i >= h->first_edge[up + 1])
		return 0;
	return ref_edge(a, h, i, out, e);
}

static int add_row(struct tree *t, const union cell *cells, struct err *e)
{
	t->n_rows++;
	return report_add_row(t->r, t->table, cells, e);
}

static int object_row(struct tree *t, uint32_t pos, int64_t parent, struct err *e)
{
	const struct heap *h = t->h;
	uint32_t v = h->tree_order[pos];
	const struct node_ref *node;
	struct str edge;

	if (ref_node(&t->r->arena, h, v, t->show_values, &node, e) || report_holding_edge(&t->r->arena, h, v, &edge, e))
		return e->kind;
	union cell cells[] = { cell_int(parent), { .node = node }, cell_text(edge), cell_int(h->tree_size[pos]),
			       cell_size(heap_self(h, v)), cell_size(h->retained[v]),
			       cell_int(hundredths((int64_t)h->retained[v], (int64_t)h->retained[h->root])) };
	return add_row(t, cells, e);
}

static int rest_row(struct tree *t, const struct level *l, struct err *e)
{
	const struct heap *h = t->h;
	union cell cells[] = { cell_int(l->row), { .node = NULL }, cell_text((struct str){ NULL, 0 }),
			       cell_size(l->rest_count), cell_size(l->rest_bytes), cell_size(l->rest_bytes),
			       cell_int(hundredths((int64_t)l->rest_bytes, (int64_t)h->retained[h->root])) };

	return l->rest_count ? add_row(t, cells, e) : 0;
}

static int write_child(struct tree *t, struct level *l, struct err *e)
{
	uint32_t pos = t->children[l->first + l->next++].pos;
	int64_t row = (int64_t)t->n_rows;

	if (object_row(t, pos, l->row, e))
		return e->kind;
	t->depth++;
	return open_level(t, pos, row, e);
}

static int write_tree(struct tree *t, struct err *e)
{
	if (object_row(t, 0, -1, e) || open_level(t, 0, 0, e))
		return e->kind;
	for (;;) {
		struct level *l = &t->levels[t->depth];

		if (l->next < l->n) {
			if (write_child(t, l, e))
				return e->kind;
			continue;
		}
		if (rest_row(t, l, e))
			return e->kind;
		t->n_children = l->first;
		if (t->depth-- == 0)
			return 0;
	}
}

int report_add_dominator_tree(struct report *r, const struct heap *h, const struct tree_limits *limits, int show_values,
			      struct err *e)
{
	struct table desc = { .key = "dominators", .title = "Dominator tree", .kind = TABLE_TREE, .parent = -1,
			      .text_rows = limits->text_rows, COLUMNS(columns) };
	struct tree t = { .r = r, .h = h, .limits = limits, .show_values = show_values };
	int rc;

	desc.note = "Each object with all that would be freed with it.";
	t.levels = mem_alloc(r->mem, (size_t)limits->depth + 1, sizeof(*t.levels), e);
	if (!t.levels)
		return e->kind;
	rc = report_add_table(r, &desc, &t.table, e);
	if (!rc)
		rc = write_tree(&t, e);
	mem_free(r->mem, t.levels);
	mem_free(r->mem, t.children);
	return rc;
}

int report_add_dominators(struct report *r, const struct heap *h, int show_values, struct err *e)
{
	struct tree_limits usual = {
		.depth = 12, .min_bytes = h->retained[h->root] / 250, .children = 10, .rows = 400, .text_rows = 15
	};

	return report_add_dominator_tree(r, h, &usual, show_values, e);
}
