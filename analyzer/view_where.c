/* The objects that an expression selects. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/human.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/views.h"

#define WHERE_ROWS 100000
#define TICK_NODES (1u << 16)

static const struct column where_columns[] = {
	{ "expression", "Expression", CELL_TEXT, 0, 0 },
	{ "count", "Objects", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained together", CELL_BYTES, 0, 0 },
};

static const struct column match_columns[] = {
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS | COLUMN_DETAIL, 0 },
	{ "type", "Type", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "distance", "Distance", CELL_DISTANCE, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

struct match {
	uint64_t retained;
	uint32_t node;
};

/* The largest ones seen so far: when twice as many have come as are wanted, the smaller half goes. */
struct matches {
	struct match *all; /* 2 * WHERE_ROWS */
	size_t n;
	uint64_t count, self, retained;
};

static int by_retained(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	if (x->retained != y->retained)
		return x->retained < y->retained ? 1 : -1;
	return (x->node > y->node) - (x->node < y->node);
}

static void keep_largest(struct matches *m)
{
	if (m->n)
		qsort(m->all, m->n, sizeof(*m->all), by_retained);
	if (m->n > WHERE_ROWS)
		m->n = WHERE_ROWS;
}

static void add_match(struct matches *m, const struct heap *h, uint32_t node)
{
	m->all[m->n++] = (struct match){ h->retained[node], node };
	m->count++;
	m->self += heap_self(h, node);
	if (m->n == (size_t)2 * WHERE_ROWS)
		keep_largest(m);
}

/* In the order of the dominator tree: what a match retains is counted once, whatever it retains matches too. */
static int select_nodes(struct matches *m, const struct heap *h, struct where *w, struct err *e)
{
	uint32_t counted = 0;

	for (uint32_t pos = 0; pos < h->n_nodes; pos++) {
		uint32_t v = h->tree_order[pos];

		if (pos % TICK_NODES == 0 && (run_tick(h->run, "where", pos, h->n_nodes, e) || where_check(w, e)))
			return e->kind;
		if (!where_holds(w, v))
			continue;
		add_match(m, h, v);
		if (pos < counted)
			continue;
		m->retained += h->retained[v];
		counted = pos + h->tree_size[pos];
	}
	keep_largest(m);
	return where_check(w, e);
}

static int match_row(struct report *r, int table, const struct heap *h, uint32_t v, int show_values, struct err *e)
{
	const struct node_ref *node;
	const struct place *place;
	struct str type;

	if (ref_holder(&r->arena, h, v, show_values, &node, e) ||
	    ref_text(&r->arena, str_of(h->type_names[h->type[v]]), &type, e) ||
	    ref_nearest_place(&r->arena, h, v, &place, e))
		return e->kind;
	union cell cells[] = { { .node = node }, cell_int(1), cell_text(type), cell_int(h->distance[v]),
			       cell_size(heap_self(h, v)), cell_size(h->retained[v]), { .place = place } };
	return report_add_row(r, table, cells, e);
}

static int report_matches(struct report *r, const struct heap *h, const struct matches *m, int show_values, struct err *e)
{
	struct table t = { .key = "matches", .title = "Objects", .parent = -1, .text_rows = 20, COLUMNS(match_columns) };
	union cell rest[7] = { [1] = cell_size(m->count), [4] = cell_size(m->self) };
	int table;

	t.empty = "No object of the snapshot is like that.";
	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < m->n; i++) {
		if (match_row(r, table, h, m->all[i].node, show_values, e))
			return e->kind;
		rest[1].i--;
		rest[4].i -= (int64_t)heap_self(h, m->all[i].node);
	}
	if (rest[1].i && report_add_row(r, table, rest, e))
		return e->kind;
	rest[1] = cell_size(m->count);
	rest[4] = cell_size(m->self);
	return report_set_total(r, table, rest, e);
}

static int headline(struct report *r, const struct matches *m, struct err *e)
{
	struct strbuf sb;
	int rc;

	strbuf_init(&sb, r->mem);
	human_count(&sb, (int64_t)m->count, 0);
	strbuf_addstr(&sb, m->count == 1 ? " object matches: " : " objects match: ");
	human_bytes(&sb, (int64_t)m->self, 0);
	strbuf_addstr(&sb, m->count == 1 ? " itself, keeping " : " themselves, keeping ");
	human_bytes(&sb, (int64_t)m->retained, 0);
	strbuf_addstr(&sb, " alive.");
	rc = strbuf_check(&sb, e) ? e->kind : report_headline(r, e, "%s", strbuf_str(&sb));
	strbuf_release(&sb);
	return rc;
}

static int report_all(struct report *r, const struct heap *h, const struct matches *m, const struct analysis_options *o,
		      struct err *e)
{
	struct table t = { .key = "where", .title = "Selection", .kind = TABLE_RECORD, .parent = -1, COLUMNS(where_columns) };
	struct str text;
	int table;

	t.note = "What is retained by several of the objects is counted once.";
	if (ref_text(&r->arena, str_of(o->views.where), &text, e) || report_add_table(r, &t, &table, e))
		return e->kind;
	union cell cells[] = { cell_text(text), cell_size(m->count), cell_size(m->self), cell_size(m->retained) };
	if (report_add_row(r, table, cells, e) || headline(r, m, e))
		return e->kind;
	return report_matches(r, h, m, o->show_values, e);
}

int view_where(struct report *r, struct heap *h, struct where *w, const struct analysis_options *o, struct err *e)
{
	struct matches m = { .all = mem_alloc(r->mem, (size_t)2 * WHERE_ROWS, sizeof(*m.all), e) };
	int rc;

	if (!m.all)
		return e->kind;
	rc = where_bind(w, h, e);
	if (!rc)
		rc = select_nodes(&m, h, w, e);
	if (!rc)
		rc = report_all(r, h, &m, o, e);
	mem_free(r->mem, m.all);
	return rc;
}
