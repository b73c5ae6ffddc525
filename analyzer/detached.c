#include "analyzer/detached.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define DETACHED 2
#define UNKNOWN_EDGE 0 /* of holding[]; else the edge + 2 */
#define NO_HOLDER 1

static const struct column columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "self_bytes", "Self", CELL_BYTES, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "holder", "Kept by", CELL_NODE, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "holders_count", "Holders", CELL_COUNT, COLUMN_DETAIL, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

/* A detached node, and how what is not detached leads to the tree that it is in. */
struct element {
	uint32_t node, pos, holder;
	uint32_t class_, holder_class, field; /* NO_STRING: an index, NO_NODE: nobody holds it */
};

struct group {
	uint64_t count, holders, self_bytes, retained_bytes;
	uint32_t node, holder; /* the one that retains most */
};

struct detached {
	const struct heap *h;
	struct mem *mem;
	uint32_t *holding; /* by node, see UNKNOWN_EDGE */
	struct element *elements;
	size_t n, capacity;
	struct group *groups;
	size_t n_groups, groups_capacity;
};

/* Before Chrome wrote a column for it, it wrote it into the name. */
static int is_detached(const struct heap *h, uint32_t v)
{
	if (h->type[v] != NODE_NATIVE)
		return 0;
	if (h->detachedness ? h->detachedness[v] != DETACHED : !str_starts(heap_name(h, v), "Detached "))
		return 0;
	return heap_self(h, v) != 0;
}

static int is_inside(const struct heap *h, uint32_t v)
{
	return ref_is_transparent(h, v) || is_detached(h, v);
}

/* Up to the first object outside; the nodes on the way remember what was found. */
static uint32_t find_holding(struct detached *d, uint32_t node)
{
	const struct heap *h = d->h;
	uint32_t found = UNKNOWN_EDGE, v = node;

	while (!found) {
		uint32_t edge = h->parent_edge[v];

		if (edge == NO_EDGE) {
			found = NO_HOLDER;
			break;
		}
		v = heap_edge_source(h, edge);
		found = is_inside(h, v) ? d->holding[v] : edge + 2;
	}
	for (v = node; !d->holding[v];) {
		uint32_t edge = h->parent_edge[v];

		d->holding[v] = found;
		if (edge == NO_EDGE || !is_inside(h, heap_edge_source(h, edge)))
			break;
		v = heap_edge_source(h, edge);
	}
	return found;
}

static int add_element(struct detached *d, uint32_t v, struct err *e)
{
	const struct heap *h = d->h;
	struct element x = { v, h->tree_pos[v], NO_NODE, h->class_[v], NO_NODE, NO_STRING };
	uint32_t found = find_holding(d, v);
	void *all = d->elements;

	if (found != NO_HOLDER) {
		uint32_t edge = found - 2;

		x.holder = heap_edge_source(h, edge);
		x.holder_class = h->class_[x.holder];
		if (!heap_edge_indexed(h, edge) && !ref_is_slot(heap_string(h, h->edge_name[edge])))
			x.field = h->edge_name[edge];
	}
	if (mem_reserve(d->mem, &all, &d->capacity, d->n + 1, sizeof(x), e))
		return e->kind;
	d->elements = all;
	d->elements[d->n++] = x;
	return 0;
}

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int same_group(const struct element *a, const struct element *b)
{
	return a->class_ == b->class_ && a->holder_class == b->holder_class && a->field == b->field;
}

static int by_group(const void *a, const void *b)
{
	const struct element *x = a, *y = b;
	int order = compare(x->class_, y->class_);

	order = order ? order : compare(x->holder_class, y->holder_class);
	order = order ? order : compare(x->field, y->field);
	return order ? order : compare(x->pos, y->pos);
}

static int by_holder(const void *a, const void *b)
{
	const struct element *x = a, *y = b;

	return compare(x->holder, y->holder);
}

/* A node under another one of its group is in that one's size already: aggregate.c sums up classes likewise. */
static struct group sum_up(const struct heap *h, struct element *first, size_t n)
{
	struct group g = { .node = first->node, .holder = first->holder };
	uint32_t covered_until = 0;

	for (size_t i = 0; i < n; i++) {
		const struct element *x = &first[i];

		g.count++;
		g.self_bytes += heap_self(h, x->node);
		if (h->retained[x->node] > h->retained[g.node]) {
			g.node = x->node;
			g.holder = x->holder;
		}
		if (x->pos < covered_until)
			continue;
		g.retained_bytes += h->retained[x->node];
		covered_until = x->pos + h->tree_size[x->pos];
	}
	qsort(first, n, sizeof(*first), by_holder);
	for (size_t i = 0; i < n; i++)
		g.holders += first[i].holder != NO_NODE && (!i || first[i].holder != first[i - 1].holder);
	return g;
}

static int make_groups(struct detached *d, struct err *e)
{
	size_t end;

	qsort(d->elements, d->n, sizeof(*d->elements), by_group);
	for (size_t i = 0; i < d->n; i = end) {
		void *all = d->groups;

		for (end = i + 1; end < d->n && same_group(&d->elements[i], &d->elements[end]);)
			end++;
		if (mem_reserve(d->mem, &all, &d->groups_capacity, d->n_groups + 1, sizeof(*d->groups), e))
			return e->kind;
		d->groups = all;
		d->groups[d->n_groups++] = sum_up(d->h, &d->elements[i], end - i);
	}
	return 0;
}

static int by_retained(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->retained_bytes != y->retained_bytes)
		return x->retained_bytes < y->retained_bytes ? 1 : -1;
	return compare(x->node, y->node);
}

static int add_row(struct report *r, int table, const struct heap *h, const struct group *g, int show_values,
		   struct err *e)
{
	const struct node_ref *holder = NULL;
	const struct place *place = NULL;
	const struct path *path;
	struct str class;

	if (ref_text(&r->arena, h->classes[h->class_[g->node]].name, &class, e) || ref_path(&r->arena, h, g->node, &path, e))
		return e->kind;
	if (g->holder != NO_NODE && (ref_holder(&r->arena, h, g->holder, show_values, &holder, e) ||
				     ref_nearest_place(&r->arena, h, g->holder, &place, e)))
		return e->kind;
	union cell cells[] = { cell_text(class), cell_size(g->count), cell_size(g->self_bytes), cell_size(g->retained_bytes),
			       { .node = holder }, { .place = place }, cell_size(g->holders), { .path = path } };

	return report_add_row(r, table, cells, e);
}

static int add_table(struct detached *d, struct report *r, int show_values, struct err *e)
{
	struct table desc = { .key = "detached", .title = "Detached DOM", .parent = -1, .text_rows = 10, COLUMNS(columns) };
	int table;

	desc.note = "Nodes that are in no document and cannot be freed. Who keeps them is what leads to them first.";
	if (make_groups(d, e) || report_add_table(r, &desc, &table, e))
		return e->kind;
	qsort(d->groups, d->n_groups, sizeof(*d->groups), by_retained);
	for (size_t i = 0; i < d->n_groups; i++)
		if (add_row(r, table, d->h, &d->groups[i], show_values, e))
			return e->kind;
	return 0;
}

static int find_elements(struct detached *d, struct err *e)
{
	const struct heap *h = d->h;
	uint32_t other = NO_STRING; /* the last name that was looked at for nothing: natives of one kind stand together */

	if (h->detachedness && !memchr(h->detachedness, DETACHED, h->n_nodes))
		return 0;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (h->type[v] != NODE_NATIVE || h->name[v] == other)
			continue;
		if (!is_detached(h, v)) {
			other = h->detachedness || !heap_self(h, v) ? NO_STRING : h->name[v];
			continue;
		}
		if (!d->holding)
			d->holding = MEM_NEW(d->mem, uint32_t, d->h->n_nodes, e);
		if (!d->holding || add_element(d, v, e))
			return e->kind;
	}
	return 0;
}

int detached_report(struct report *r, const struct heap *h, int show_values, struct err *e)
{
	struct detached d = { .h = h, .mem = r->mem };
	uint64_t t = run_clock();
	int rc = find_elements(&d, e);

	if (!rc && d.n)
		rc = add_table(&d, r, show_values, e);
	mem_free(r->mem, d.groups);
	mem_free(r->mem, d.elements);
	mem_free(r->mem, d.holding);
	run_stage(h->run, "detached", t);
	return rc;
}
