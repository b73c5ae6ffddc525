/* The tables `frames` and `stacks`: which rows a tree gets when it has more nodes than a picture needs. */
#include "analyzer/flame_report.h"

#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

static const struct column frame_columns[] = {
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "category", "Category", CELL_TEXT, 0, 0 },
	{ "package", "Package", CELL_TEXT, 0, 0 },
};

static const struct column stack_columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },
	{ "frame", "Frame", CELL_ROW, 0, 0 },
	{ "left_out", "Left out", CELL_COUNT, 0, 0 },
};

int flame_open_frames(struct report *r, int *table, struct err *e)
{
	struct table t = { .key = "frames", .title = "Frames", .parent = -1, .for_pages = 1, .is_data = 1,
			   COLUMNS(frame_columns) };

	return report_add_table(r, &t, table, e);
}

int flame_add_frame(struct report *r, int table, const struct profile_view *v, uint32_t key, struct err *e)
{
	const struct view_key *k = &v->keys[key];
	struct str name, package = profile_text(v->p, k->package);
	const struct place *place = NULL;

	if (ref_text(&r->arena, profile_view_name(v, key), &name, e) ||
	    (v->by == VIEW_FUNCTIONS && profile_place(r, v->p, k->frame, 0, &place, e)) ||
	    (package.n ? ref_text(&r->arena, package, &package, e) : (package.s = NULL, 0)))
		return e->kind;
	union cell cells[] = { cell_text(name),
			       { .place = place },
			       cell_text(str_of(profile_category_name(k->category))),
			       cell_text(package) };
	return report_add_row(r, table, cells, e);
}

struct child {
	int64_t total;
	uint32_t parent, node, frame;
};

struct writer {
	struct report *r;
	const struct flame_tree *t;
	uint32_t *row_of;
	uint8_t *keep;          /* by node */
	uint32_t *left_out;     /* by node: nodes below it without a row of their own */
	struct child *children; /* kept nodes by parent, each one's in the order of their rows */
	size_t n_children;
	uint32_t *first;        /* by node: its first child in `children` */
	uint32_t *way;          /* open nodes */
	uint32_t n_rows;
	int table;
};

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

/* Keep what is heavier than `*least`, and `*ties` of what weighs as much. */
static int find_least(const struct writer *w, int64_t *least, size_t *ties, struct err *e)
{
	size_t n = w->t->n, most = w->t->most_rows ? w->t->most_rows : FLAME_MOST_ROWS;
	int64_t *totals;

	*least = 0;
	*ties = 0;
	if (n <= most)
		return 0;
	totals = MEM_NEW(w->r->mem, int64_t, n, e);
	if (!totals)
		return e->kind;
	for (size_t i = 0; i < n; i++)
		totals[i] = w->t->nodes[i].total;
	qsort(totals, n, sizeof(*totals), by_size);
	*least = totals[most - 1];
	for (size_t i = most; i-- > 0 && totals[i] == *least;)
		++*ties;
	mem_free(w->r->mem, totals);
	return 0;
}

/* A child weighs no more than its parent, so what is kept hangs together but for ties. */
static void choose(struct writer *w, int64_t least, size_t ties)
{
	const struct view_node *nodes = w->t->nodes;

	w->keep[0] = 1;
	for (size_t i = 1; i < w->t->n; i++) {
		uint32_t up = nodes[i].parent;

		if (w->keep[up] && nodes[i].total > least) {
			w->keep[i] = 1;
		} else if (w->keep[up] && nodes[i].total == least && ties && least) {
			w->keep[i] = 1;
			ties--;
		}
	}
}

static int by_place(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

static void collect(struct writer *w)
{
	const struct view_node *nodes = w->t->nodes;

	for (size_t i = 1; i < w->t->n; i++)
		if (w->keep[i])
			w->children[w->n_children++] = (struct child){ nodes[i].total, nodes[i].parent, (uint32_t)i,
								       w->t->frame_of[nodes[i].key] };
	if (w->n_children)
		qsort(w->children, w->n_children, sizeof(*w->children), by_place);
	for (size_t k = w->n_children; k-- > 0;)
		w->first[w->children[k].parent] = (uint32_t)k;
	/* what is left out counts at the nearest node that is kept */
	for (size_t i = w->t->n; i-- > 1;)
		if (!w->keep[i])
			w->left_out[nodes[i].parent] += w->left_out[i] + (nodes[i].total != 0);
}

static int add_row(struct writer *w, int64_t parent, int64_t frame, uint32_t left_out, struct err *e)
{
	union cell cells[] = { cell_int(parent), cell_int(frame), cell_int(left_out) };

	w->n_rows++;
	return report_add_row(w->r, w->table, cells, e);
}

static int open_node(struct writer *w, uint32_t node, struct err *e)
{
	const struct view_node *n = &w->t->nodes[node];
	int64_t parent = node ? (int64_t)w->row_of[n->parent] : -1;
	int64_t frame = node ? (int64_t)w->t->frame_of[n->key] : -1;

	w->row_of[node] = w->n_rows;
	return add_row(w, parent, frame, 0, e);
}

/* The way down is a stack: w->first[node] is the next child to open. */
static int write_rows(struct writer *w, struct err *e)
{
	size_t depth = 0;

	w->way[depth++] = 0;
	if (open_node(w, 0, e))
		return e->kind;
	while (depth) {
		uint32_t node = w->way[depth - 1], k = w->first[node];

		if (k < w->n_children && w->children[k].parent == node) {
			w->first[node]++;
			w->way[depth++] = w->children[k].node;
			if (open_node(w, w->children[k].node, e))
				return e->kind;
			continue;
		}
		/* from here on `first` is the row of what is left out below the node */
		w->first[node] = w->n_rows;
		if (w->left_out[node] && add_row(w, w->row_of[node], -1, w->left_out[node], e))
			return e->kind;
		depth--;
	}
	return 0;
}

static void place_rest(struct writer *w)
{
	for (size_t i = 1; i < w->t->n; i++) {
		uint32_t up = w->t->nodes[i].parent;

		if (w->keep[i])
			continue;
		w->row_of[i] = !w->keep[up] ? w->row_of[up] : w->left_out[up] ? w->first[up] : w->row_of[up];
	}
}

static int make(struct writer *w, struct err *e)
{
	struct mem *m = w->r->mem;
	size_t n = w->t->n, ties;
	int64_t least;

	w->keep = MEM_NEW(m, uint8_t, n, e);
	w->left_out = w->keep ? MEM_NEW(m, uint32_t, n, e) : NULL;
	w->children = w->left_out ? MEM_NEW(m, struct child, n, e) : NULL;
	w->first = w->children ? MEM_NEW(m, uint32_t, n, e) : NULL;
	w->way = w->first ? MEM_NEW(m, uint32_t, n, e) : NULL;
	if (!w->way || find_least(w, &least, &ties, e))
		return e->kind;
	for (size_t i = 0; i < n; i++)
		w->first[i] = UINT32_MAX;
	choose(w, least, ties);
	collect(w);
	if (write_rows(w, e))
		return e->kind;
	place_rest(w);
	return 0;
}

static struct table stacks_table(void)
{
	return (struct table){ .key = "stacks", .title = "Flamegraph", .kind = TABLE_TREE, .parent = -1, .for_pages = 1,
			       .is_data = 1, COLUMNS(stack_columns) };
}

int flame_add_nothing(struct report *r, const char *why, struct err *e)
{
	struct table t = stacks_table();
	int table;

	t.empty = why;
	return report_add_table(r, &t, &table, e);
}

int flame_add_stacks(struct report *r, const struct flame_tree *t, uint32_t *row_of, struct err *e)
{
	struct table desc = stacks_table();
	struct writer w = { .r = r, .t = t, .row_of = row_of };
	int rc;

	if (report_add_table(r, &desc, &w.table, e))
		return e->kind;
	rc = make(&w, e);
	mem_free(r->mem, w.keep);
	mem_free(r->mem, w.left_out);
	mem_free(r->mem, w.children);
	mem_free(r->mem, w.first);
	mem_free(r->mem, w.way);
	return rc;
}
