/*
 * Strings that are more than their characters: ropes (what `s += x` builds, a node per link), slices (which keep the whole
 * string they were cut from), and strings whose characters stand outside the heap.
 */
#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/strings_parts.h"
#include "analyzer/views.h"
#include "base/bits.h"

#define LONG_ROPE 100 /* links; shorter ones are everywhere */

/* One row of a table: a string, how many parts it has, what it costs. */
struct item {
	uint64_t bytes, n;
	uint32_t node, holder; /* whose owner is told */
};

struct items {
	struct item *all;
	size_t n, capacity;
};

static int add_item(struct items *to, struct mem *m, struct item x, struct err *e)
{
	void *all = to->all;

	if (mem_reserve(m, &all, &to->capacity, to->n + 1, sizeof(x), e))
		return e->kind;
	to->all = all;
	to->all[to->n++] = x;
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return (x->node > y->node) - (x->node < y->node);
}

/* The columns are: node, count of parts, bytes, property, owner, place. */
static int item_row(struct strings_view *v, int table, const struct item *x, struct err *e)
{
	struct string_owner owner = string_owner_of(v->h, x->holder);
	union cell cells[6] = { [1] = cell_size(x->n), [2] = cell_size(x->bytes), [5] = { .place = NULL } };

	if (ref_node(&v->r->arena, v->h, x->node, v->show_values, &cells[0].node, e) ||
	    string_owner_cells(v->r, v->h, &owner, &cells[3], e) ||
	    ref_nearest_place(&v->r->arena, v->h, x->holder, &cells[5].place, e))
		return e->kind;
	return report_add_row(v->r, table, cells, e);
}

static int report_items(struct strings_view *v, const struct table *desc, struct items *items, struct err *e)
{
	union cell rest[6] = { [0] = { .node = NULL } };
	int table;

	if (items->n)
		qsort(items->all, items->n, sizeof(*items->all), by_bytes);
	if (report_add_table(v->r, desc, &table, e))
		return e->kind;
	for (size_t i = 0; i < items->n; i++) {
		if (i < VIEW_ROWS && item_row(v, table, &items->all[i], e))
			return e->kind;
		rest[1].i += i < VIEW_ROWS ? 0 : (int64_t)items->all[i].n;
		rest[2].i += i < VIEW_ROWS ? 0 : (int64_t)items->all[i].bytes;
	}
	return items->n > VIEW_ROWS ? report_add_row(v->r, table, rest, e) : 0;
}

/* The two halves of a link; NO_NODE where there is none. */
struct halves {
	uint32_t first_name, second_name;
};

static uint32_t half(const struct heap *h, uint32_t node, uint32_t name)
{
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1] && name != NO_STRING; i++)
		if (h->edge_name[i] == name && heap_edge_type(h, i) == EDGE_INTERNAL &&
		    h->type[h->edge_to[i]] == NODE_CONS_STRING)
			return h->edge_to[i];
	return NO_NODE;
}

struct ropes {
	struct strings_view *v;
	struct halves names;
	uint64_t *seen;  /* links that are part of a rope already */
	uint32_t *stack; /* links still to be visited; each once */
	struct items found;
};

static void push(struct ropes *r, uint32_t node, size_t *n)
{
	if (node == NO_NODE || bit_get(r->seen, node))
		return;
	bit_set(r->seen, node);
	r->stack[(*n)++] = node;
}

/* All links from here on that no rope before had. */
static struct item measure(struct ropes *r, uint32_t top)
{
	const struct heap *h = r->v->h;
	struct item x = { .node = top, .holder = top };
	size_t n = 0;

	push(r, top, &n);
	while (n) {
		uint32_t v = r->stack[--n];

		x.n++;
		x.bytes += heap_self(h, v);
		push(r, half(h, v, r->names.second_name), &n);
		push(r, half(h, v, r->names.first_name), &n);
	}
	r->v->totals.link_count += x.n;
	r->v->totals.link_bytes += x.bytes;
	return x;
}

/* Ropes begin at links that are part of no other. A ring of links, which V8 cannot make, begins nowhere: any will do. */
static int find_ropes(struct ropes *r, uint64_t *inner, struct err *e)
{
	const struct heap *h = r->v->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t a, b;

		if (h->type[v] != NODE_CONS_STRING)
			continue;
		a = half(h, v, r->names.first_name);
		b = half(h, v, r->names.second_name);
		if (a != NO_NODE)
			bit_set(inner, a);
		if (b != NO_NODE)
			bit_set(inner, b);
	}
	for (int rings = 0; rings < 2; rings++) {
		for (uint32_t v = 0; v < h->n_nodes; v++) {
			struct item x;

			if (h->type[v] != NODE_CONS_STRING || bit_get(r->seen, v) || (!rings && bit_get(inner, v)))
				continue;
			x = measure(r, v);
			if (x.n >= LONG_ROPE && add_item(&r->found, r->v->r->mem, x, e))
				return e->kind;
		}
	}
	return 0;
}

static const struct column rope_columns[] = {
	{ "node", "Rope", CELL_NODE, 0, 0 },
	{ "links_count", "Links", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "links_bytes", "Size of links", CELL_BYTES, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "property", "Held as", CELL_TEXT, 0, 0 },
	{ "owner", "Of class", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static size_t count_links(const struct heap *h)
{
	size_t n = 0;

	for (uint32_t v = 0; v < h->n_nodes; v++)
		n += h->type[v] == NODE_CONS_STRING;
	return n;
}

int strings_ropes(struct strings_view *v, struct err *e)
{
	struct table desc = { .key = "ropes", .title = "Long ropes", .parent = -1, .text_rows = 10, COLUMNS(rope_columns) };
	struct ropes r = { .v = v, .names = { heap_find_string(v->h, "first"), heap_find_string(v->h, "second") } };
	struct mem *m = v->r->mem;
	size_t words = (size_t)v->h->n_nodes / 64 + 1;
	uint64_t *inner = mem_alloc(m, words, sizeof(*inner), e);
	int rc;

	desc.note = "Strings in 100 links and more, as s += x builds them. Searching or JSON makes them flat again.";
	r.seen = inner ? mem_alloc(m, words, sizeof(*r.seen), e) : NULL;
	r.stack = r.seen ? mem_alloc(m, count_links(v->h) + 1, sizeof(*r.stack), e) : NULL;
	rc = r.stack ? find_ropes(&r, inner, e) : e->kind;
	if (!rc)
		rc = report_items(v, &desc, &r.found, e);
	mem_free(m, inner);
	mem_free(m, r.seen);
	mem_free(m, r.stack);
	mem_free(m, r.found.all);
	return rc;
}

/* A parent, with how many slices and how many others refer to it. */
struct parents {
	struct ranked_bits set;
	uint32_t *slices, *others, *slice; /* by rank; one of the slices */
};

static int mark_parents(struct strings_view *v, struct parents *p, uint32_t name, struct err *e)
{
	const struct heap *h = v->h;

	if (ranked_bits_alloc(&p->set, v->r->mem, h->n_nodes, e))
		return e->kind;
	for (uint32_t n = 0; n < h->n_nodes; n++) {
		if (h->type[n] != NODE_SLICED_STRING)
			continue;
		v->totals.slice_count++;
		for (uint32_t i = h->first_edge[n]; i < h->first_edge[n + 1] && name != NO_STRING; i++)
			if (h->edge_name[i] == name && heap_edge_type(h, i) == EDGE_INTERNAL)
				bit_set(p->set.bits, h->edge_to[i]);
	}
	ranked_bits_index(&p->set, h->n_nodes);
	p->slices = mem_alloc(v->r->mem, (size_t)p->set.n + 1, 4, e);
	p->others = p->slices ? mem_alloc(v->r->mem, (size_t)p->set.n + 1, 4, e) : NULL;
	p->slice = p->others ? mem_alloc(v->r->mem, (size_t)p->set.n + 1, 4, e) : NULL;
	return p->slice ? 0 : e->kind;
}

static void count_references(const struct heap *h, struct parents *p)
{
	for (uint32_t n = 0; n < h->n_nodes; n++) {
		int slice = h->type[n] == NODE_SLICED_STRING;

		for (uint32_t i = h->first_edge[n]; i < h->first_edge[n + 1]; i++) {
			uint32_t rank;

			if (!bit_get(p->set.bits, h->edge_to[i]) || heap_edge_type(h, i) == EDGE_WEAK)
				continue;
			rank = ranked_bits_rank(&p->set, h->edge_to[i]);
			p->slices[rank] += (uint32_t)slice;
			p->others[rank] += !slice;
			if (slice)
				p->slice[rank] = n;
		}
	}
}

static const struct column slice_columns[] = {
	{ "node", "Pinned string", CELL_NODE, 0, 0 },
	{ "slices_count", "Slices", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "pinned_bytes", "Size", CELL_BYTES, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "property", "Slice held as", CELL_TEXT, 0, 0 },
	{ "owner", "Of class", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static int report_slices(struct strings_view *v, const struct parents *p, struct items *found, struct err *e)
{
	struct table desc = { .key = "sliced_strings", .title = "Strings kept by slices of them", .parent = -1,
			      .text_rows = 10, COLUMNS(slice_columns) };
	const struct heap *h = v->h;

	desc.note = "Nothing but slices refers to these strings, but the whole of each stays in memory.";
	for (uint32_t n = 0; n < h->n_nodes; n++) {
		uint32_t rank;

		if (!bit_get(p->set.bits, n))
			continue;
		rank = ranked_bits_rank(&p->set, n);
		if (p->others[rank])
			continue;
		v->totals.pinned_bytes += heap_self(h, n);
		if (add_item(found, v->r->mem, (struct item){ heap_self(h, n), p->slices[rank], n, p->slice[rank] }, e))
			return e->kind;
	}
	return report_items(v, &desc, found, e);
}

int strings_slices(struct strings_view *v, struct err *e)
{
	struct mem *m = v->r->mem;
	struct parents p = { .slices = NULL };
	struct items found = { 0 };
	int rc = mark_parents(v, &p, heap_find_string(v->h, "parent"), e);

	if (!rc) {
		count_references(v->h, &p);
		rc = report_slices(v, &p, &found, e);
	}
	mem_free(m, p.slices);
	mem_free(m, p.others);
	mem_free(m, p.slice);
	mem_free(m, found.all);
	ranked_bits_release(&p.set, m);
	return rc;
}

static const struct column external_columns[] = {
	{ "node", "String", CELL_NODE, 0, 0 },
	{ "parts_count", "Parts", CELL_COUNT, COLUMN_DETAIL, 0 },
	{ "external_bytes", "Outside", CELL_BYTES, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "property", "Held as", CELL_TEXT, 0, 0 },
	{ "owner", "Of class", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

/* The name of its map says what kind of string it is; newer V8 also writes the data as a node of its own. */
static struct item external_of(const struct heap *h, uint32_t node, uint32_t map, int *is_external)
{
	struct item x = { .node = node, .holder = node };

	*is_external = 0;
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (heap_edge_type(h, i) != EDGE_INTERNAL)
			continue;
		if (h->edge_name[i] == map) {
			*is_external |= str_has(heap_name(h, to), "External");
		} else if (h->type[to] == NODE_NATIVE && str_is(heap_name(h, to), "system / ExternalStringData")) {
			*is_external = 1;
			x.n++;
			x.bytes += heap_self(h, to);
		}
	}
	return x;
}

int strings_externals(struct strings_view *v, struct err *e)
{
	struct table desc = { .key = "external_strings", .title = "Strings outside the heap", .parent = -1,
			      .text_rows = 10, COLUMNS(external_columns) };
	const struct heap *h = v->h;
	uint32_t map = heap_find_string(h, "map");
	struct items found = { 0 };
	int rc = 0;

	desc.note = "Mostly the source text of scripts. Older versions of V8 do not write their sizes.";
	for (uint32_t n = 0; n < h->n_nodes && !rc; n++) {
		struct item x;
		int external;

		if (h->type[n] != NODE_STRING)
			continue;
		x = external_of(h, n, map, &external);
		v->totals.external_count += (uint64_t)external;
		v->totals.external_bytes += x.bytes;
		if (x.bytes)
			rc = add_item(&found, v->r->mem, x, e);
	}
	if (!rc)
		rc = report_items(v, &desc, &found, e);
	mem_free(v->r->mem, found.all);
	return rc;
}
