#include "analyzer/report_parts.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/refs.h"

#define DETAIL COLUMN_DETAIL
#define MAIN COLUMN_MAIN

int64_t hundredths(int64_t part, int64_t whole)
{
	return whole ? (int64_t)((__int128)part * 10000 / whole) : 0;
}

static const struct column snapshot_columns[] = {
	{ "file", "File", CELL_TEXT, 0, 0 },
	{ "file_bytes", "Size", CELL_BYTES, 0, 0 },
	{ "nodes", "Objects", CELL_COUNT, 0, 0 },
	{ "edges", "References", CELL_COUNT, 0, 0 },
	{ "total_bytes", "Heap", CELL_BYTES, 0, 0 },
	{ "unreachable_nodes", "Unreachable", CELL_COUNT, DETAIL, 0 },
	{ "truncated", "Truncated", CELL_BOOL, DETAIL, 0 },
};

int report_add_snapshots(struct report *r, const struct snapshot_row *rows, size_t n, struct err *e)
{
	struct table t = { .key = "snapshots", .title = "Snapshots", .parent = -1, COLUMNS(snapshot_columns) };
	int table;

	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < n; i++) {
		union cell cells[] = { cell_text(str_of(rows[i].file)), cell_size(rows[i].file_bytes),
				       cell_size(rows[i].nodes), cell_size(rows[i].edges), cell_size(rows[i].total_bytes),
				       cell_size(rows[i].unreachable), cell_int(rows[i].truncated) };

		if (report_add_row(r, table, cells, e))
			return e->kind;
		if (rows[i].truncated && report_warn(r, e, "%s was cut off: sizes are too small and names are missing",
						     rows[i].file))
			return e->kind;
	}
	return 0;
}

static const struct column diagnostic_columns[] = {
	{ "snapshot", "Snapshot", CELL_TEXT, 0, 0 },
	{ "code", "Code", CELL_TEXT, 0, 0 },
	{ "text", "What", CELL_TEXT, 0, 0 },
	{ "count", "Times", CELL_COUNT, 0, 0 },
};

int report_add_diagnostics(struct report *r, const struct run *run, const char *const *files, struct err *e)
{
	struct table t = { .key = "diagnostics", .title = "Diagnostics", .parent = -1, COLUMNS(diagnostic_columns) };
	int table;

	t.note = "What the reader of this report should know about its input.";
	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < run->n_diags; i++) {
		const struct diag *d = &run->diags[i];
		union cell cells[] = { cell_text(d->snapshot < 0 ? (struct str){ NULL, 0 } : str_of(files[d->snapshot])),
				       cell_text(str_of(d->code)), cell_text(str_of(d->text)), cell_size(d->count) };

		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

static const struct column dominator_columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },     { "node", "Object", CELL_NODE, 0, 0 },
	{ "edge", "Edge", CELL_TEXT, 0, 0 },        { "count", "Objects", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 }, { "retained_bytes", "Retained", CELL_BYTES, MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

#define TREE_DEPTH 12
#define TREE_CHILDREN 10
#define TREE_ROWS 400

/* A level of the tree that is being written: the largest children of one row, and how many are written. */
struct level {
	uint32_t child[TREE_CHILDREN]; /* positions */
	unsigned n, next;
	int64_t row;                   /* of the parent */
	uint32_t rest_count;
	uint64_t rest_bytes;
};

struct tree {
	struct report *r;
	const struct heap *h;
	int table, show_values;
	int64_t n_rows;
	struct level levels[TREE_DEPTH + 1];
	unsigned depth;
};

static uint64_t bytes_at(const struct tree *t, uint32_t pos)
{
	return t->h->retained[t->h->tree_order[pos]];
}

/* Insert into the few largest; what falls out joins the rest. Ties keep the order of the tree. */
static void offer(struct tree *t, struct level *l, uint32_t pos)
{
	uint32_t out = pos;
	unsigned i = l->n;

	while (i > 0 && bytes_at(t, pos) > bytes_at(t, l->child[i - 1]))
		i--;
	if (i < TREE_CHILDREN) {
		out = l->n == TREE_CHILDREN ? l->child[TREE_CHILDREN - 1] : UINT32_MAX;
		l->n += l->n < TREE_CHILDREN;
		memmove(&l->child[i + 1], &l->child[i], (l->n - 1 - i) * sizeof(l->child[0]));
		l->child[i] = pos;
	}
	if (out == UINT32_MAX)
		return;
	l->rest_count += t->h->tree_size[out];
	l->rest_bytes += bytes_at(t, out);
}

/* Children below four thousandths of the heap go to the rest row, and so does everything at the bottom. */
static void open_level(struct tree *t, uint32_t pos, int64_t row)
{
	const struct heap *h = t->h;
	struct level *l = &t->levels[t->depth];
	uint64_t least = h->retained[h->root] / 250;

	*l = (struct level){ .row = row };
	for (uint32_t c = pos + 1; c < pos + h->tree_size[pos]; c += h->tree_size[c]) {
		if (bytes_at(t, c) >= least && bytes_at(t, c) && t->depth < TREE_DEPTH && t->n_rows < TREE_ROWS) {
			offer(t, l, c);
			continue;
		}
		l->rest_count += h->tree_size[c];
		l->rest_bytes += bytes_at(t, c);
	}
}

/* Name of the edge by which the dominator itself holds the node; nothing when it holds it through several others. */
static int edge_text(struct tree *t, uint32_t node, struct str *out, struct err *e)
{
	const struct heap *h = t->h;
	uint32_t i = h->parent_edge[node], up = h->idom[node];
	char text[16];

	*out = (struct str){ NULL, 0 };
	if (node == h->root || i == NO_EDGE || i < h->first_edge[up] || i >= h->first_edge[up + 1])
		return 0;
	if (!heap_edge_indexed(h, i))
		return ref_text(&t->r->arena, heap_string(h, h->edge_name[i]), out, e);
	snprintf(text, sizeof(text), "[%u]", h->edge_name[i]);
	return ref_text(&t->r->arena, str_of(text), out, e);
}

static int object_row(struct tree *t, uint32_t pos, int64_t parent, struct err *e)
{
	const struct heap *h = t->h;
	uint32_t v = h->tree_order[pos];
	const struct node_ref *node;
	struct str edge;

	if (ref_node(&t->r->arena, h, v, t->show_values, &node, e) || edge_text(t, v, &edge, e))
		return e->kind;
	union cell cells[] = { cell_int(parent), { .node = node }, cell_text(edge), cell_int(h->tree_size[pos]),
			       cell_size(heap_self(h, v)), cell_size(h->retained[v]),
			       cell_int(hundredths((int64_t)h->retained[v], (int64_t)h->retained[h->root])) };
	t->n_rows++;
	return report_add_row(t->r, t->table, cells, e);
}

static int rest_row(struct tree *t, const struct level *l, struct err *e)
{
	const struct heap *h = t->h;
	union cell cells[] = { cell_int(l->row), { .node = NULL }, cell_text((struct str){ NULL, 0 }),
			       cell_int(l->rest_count), cell_size(l->rest_bytes), cell_size(l->rest_bytes),
			       cell_int(hundredths((int64_t)l->rest_bytes, (int64_t)h->retained[h->root])) };

	if (!l->rest_count)
		return 0;
	t->n_rows++;
	return report_add_row(t->r, t->table, cells, e);
}

static int write_tree(struct tree *t, struct err *e)
{
	if (object_row(t, 0, -1, e))
		return e->kind;
	open_level(t, 0, 0);
	for (;;) {
		struct level *l = &t->levels[t->depth];

		if (l->next < l->n) {
			uint32_t pos = l->child[l->next++];
			int64_t row = t->n_rows;

			if (object_row(t, pos, l->row, e))
				return e->kind;
			t->depth++;
			open_level(t, pos, row);
			continue;
		}
		if (rest_row(t, l, e))
			return e->kind;
		if (t->depth-- == 0)
			return 0;
	}
}

int report_add_dominators(struct report *r, const struct heap *h, int show_values, struct err *e)
{
	struct table desc = { .key = "dominators", .title = "Dominator tree", .kind = TABLE_TREE, .parent = -1,
			      .text_rows = 15, COLUMNS(dominator_columns) };
	struct tree *t = mem_alloc(r->mem, 1, sizeof(*t), e);
	int rc;

	if (!t)
		return e->kind;
	desc.note = "Each object with all that would be freed with it.";
	*t = (struct tree){ .r = r, .h = h, .show_values = show_values };
	rc = report_add_table(r, &desc, &t->table, e);
	if (!rc)
		rc = write_tree(t, e);
	mem_free(r->mem, t);
	return rc;
}

static const struct column statistic_columns[] = {
	{ "total_bytes", "Total", CELL_BYTES, 0, 0 },
	{ "code_bytes", "Code", CELL_BYTES, 0, 0 },
	{ "strings_bytes", "Strings", CELL_BYTES, 0, 0 },
	{ "js_arrays_bytes", "JS arrays", CELL_BYTES, 0, 0 },
	{ "typed_arrays_bytes", "Typed arrays", CELL_BYTES, 0, 0 },
	{ "system_bytes", "System objects", CELL_BYTES, 0, 0 },
	{ "native_bytes", "Native", CELL_BYTES, 0, 0 },
	{ "other_js_bytes", "Other JS objects", CELL_BYTES, 0, 0 },
	{ "other_native_bytes", "Other native", CELL_BYTES, DETAIL, 0 },
};

int report_add_statistics(struct report *r, const struct heap *h, struct err *e)
{
	const struct heap_stats *s = &h->stats;
	struct table desc = { .key = "statistics", .title = "Statistics", .kind = TABLE_RECORD, .parent = -1,
			      COLUMNS(statistic_columns) };
	uint64_t named = s->code_bytes + s->string_bytes + s->js_array_bytes + s->system_bytes;
	int table;

	union cell cells[] = { cell_size(s->total_bytes), cell_size(s->code_bytes), cell_size(s->string_bytes),
			       cell_size(s->js_array_bytes), cell_size(s->typed_array_bytes), cell_size(s->system_bytes),
			       cell_size(s->native_bytes), cell_size(s->v8_bytes - named),
			       cell_size(s->native_bytes - s->typed_array_bytes) };
	return report_add_table(r, &desc, &table, e) ? e->kind : report_add_row(r, table, cells, e);
}
