/*
 * Collections and how long they are: Arrays, Maps, Sets, objects used as tables, and elements with their children.
 *
 * V8 writes no lengths. An Array has an element edge per element that is an object or a string; small integers and doubles
 * have none, so such an array shows by its size alone. A Map's table has numbered edges for keys and values, three slots
 * an entry, a Set's two; counting the slots that hold anything gives the entries, again without those made of small
 * integers only.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_passes.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/section_parts.h"

const char *const collection_kinds[] = {
	[COLLECTION_ARRAY] = "Array", [COLLECTION_NUMBERS] = "Array of numbers", [COLLECTION_MAP] = "Map",
	[COLLECTION_SET] = "Set",     [COLLECTION_OBJECT] = "object",            [COLLECTION_ELEMENT] = "element",
};

#define MIN_LENGTH 8        /* shorter ones are kept only when they are big */
#define MIN_BYTES 512
#define MIN_PROPERTIES 64   /* what makes an object a table */
#define SIGNED_LENGTH 32    /* these get a signature, which costs a walk to the root */
#define SIGNED_BYTES 4096

static uint32_t count_edges(const struct heap *h, uint32_t node, enum edge_type type)
{
	uint32_t n = 0;

	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		n += heap_edge_type(h, i) == type;
	return n;
}

/* Own properties and elements: V8 writes the prototype as one property more. */
static uint32_t count_own(const struct heap *h, const struct section_names *names, uint32_t node)
{
	uint32_t n = count_edges(h, node, EDGE_PROPERTY) + count_edges(h, node, EDGE_ELEMENT);

	return n - (section_follow(h, node, EDGE_PROPERTY, names->string[NAME_PROTO]) != NO_NODE);
}

static int slot_number(struct str name, uint32_t *out)
{
	uint32_t v = 0;

	for (size_t i = 0; i < name.n; i++) {
		if (name.s[i] < '0' || name.s[i] > '9' || i > 8)
			return 0;
		v = v * 10 + (uint32_t)(name.s[i] - '0');
	}
	*out = v;
	return name.n > 0;
}

/* A deleted entry's key and value. Before V8 12 it has the name of undefined and null, too. */
static int is_hole(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_HIDDEN &&
	       (str_starts(heap_name(h, node), "system / Hole") || str_is(heap_name(h, node), "system / Oddball"));
}

/* Entries of an ordered hash table: runs of `stride` slots, counted from the first that is used. */
static uint32_t count_entries(const struct heap *h, uint32_t table, uint32_t stride)
{
	uint32_t first = UINT32_MAX, last = UINT32_MAX, n = 0, slot;

	for (uint32_t i = h->first_edge[table]; i < h->first_edge[table + 1]; i++) {
		if (heap_edge_type(h, i) != EDGE_INTERNAL || !slot_number(heap_string(h, h->edge_name[i]), &slot))
			continue;
		if (is_hole(h, h->edge_to[i]))
			continue;
		if (first == UINT32_MAX)
			first = slot;
		if (slot < first)
			continue;
		n += last == UINT32_MAX || (slot - first) / stride != last;
		last = (slot - first) / stride;
	}
	return n;
}

/* What makes classes collections, by class number. */
struct known {
	uint8_t *kind;     /* enum collection_kind + 1, 0: look at the object */
	uint64_t *counted; /* by node: tables */
	uint32_t *children; /* by class, all 0: of one element; NULL: there are no documents */
};

static int known_kinds(struct heap *h, struct known *k, struct err *e)
{
	k->counted = bits_alloc(h, h->n_nodes, e);
	k->kind = k->counted ? mem_alloc(&h->run->mem, h->n_classes + 1, 1, e) : NULL;
	if (!k->kind)
		return e->kind;
	k->children = h->dom.role ? mem_alloc(&h->run->mem, h->n_classes + 1, sizeof(*k->children), e) : NULL;
	if (h->dom.role && !k->children)
		return e->kind;
	for (size_t i = 0; i < h->n_classes; i++) {
		const struct heap_class *c = &h->classes[i];

		if (c->origin != CLASS_NAMED)
			continue;
		if (str_is(c->name, "Array"))
			k->kind[i] = COLLECTION_ARRAY + 1;
		else if (str_is(c->name, "Map"))
			k->kind[i] = COLLECTION_MAP + 1;
		else if (str_is(c->name, "Set"))
			k->kind[i] = COLLECTION_SET + 1;
	}
	return 0;
}

/* A table belongs to one Map or Set; it is counted for the first that has it. */
static uint32_t table_length(const struct heap *h, uint32_t table, uint32_t stride, uint64_t *counted)
{
	if (table == NO_NODE || bit_get(counted, table))
		return 0;
	bit_set(counted, table);
	return count_entries(h, table, stride);
}

static int measure(const struct heap *h, const struct section_names *names, const struct known *k, uint32_t node,
		   struct collection *c)
{
	uint32_t degree = h->first_edge[node + 1] - h->first_edge[node], table;
	uint8_t known = k->kind[h->class_[node]];

	c->self_bytes = heap_self(h, node);
	if (known == COLLECTION_MAP + 1 || known == COLLECTION_SET + 1) {
		c->kind = (uint8_t)(known - 1);
		table = section_follow(h, node, EDGE_INTERNAL, names->string[NAME_TABLE]);
		c->length = table_length(h, table, c->kind == COLLECTION_MAP ? 3 : 2, k->counted);
	} else if (known == COLLECTION_ARRAY + 1) {
		c->length = degree >= MIN_LENGTH ? count_edges(h, node, EDGE_ELEMENT) : 0;
		c->kind = c->length || c->self_bytes < MIN_BYTES ? COLLECTION_ARRAY : COLLECTION_NUMBERS;
	} else {
		if (degree < MIN_PROPERTIES)
			return 0;
		c->kind = COLLECTION_OBJECT;
		c->length = count_own(h, names, node);
		return c->length >= MIN_PROPERTIES;
	}
	return c->length >= MIN_LENGTH || c->self_bytes >= MIN_BYTES;
}

/*
 * Children of one class, of which there are the most: a list of definitions has as many entries as terms, and blanks between
 * elements are texts.
 */
static int measure_element(const struct heap *h, const struct known *k, uint32_t node, struct collection *c)
{
	struct dom_children children = dom_children(h, node);

	if (children.n < MIN_LENGTH)
		return 0;
	c->kind = COLLECTION_ELEMENT;
	c->self_bytes = heap_self(h, node);
	for (size_t i = 0; i < children.n; i++) {
		uint32_t n = ++k->children[h->class_[children.all[i]]];

		c->length = n > c->length ? n : c->length;
	}
	for (size_t i = 0; i < children.n; i++)
		k->children[h->class_[children.all[i]]] = 0;
	return c->length >= MIN_LENGTH;
}

static int add_collection(struct heap *h, struct sections *out, uint32_t node, struct collection *c, struct err *e)
{
	void *all = out->collections;

	if (mem_reserve(out->mem, &all, &out->collections_capacity, out->n_collections + 1, sizeof(*c), e))
		return e->kind;
	out->collections = all;
	c->id = heap_id(h, node);
	c->node = node;
	c->retained_bytes = h->retained[node];
	if (c->length >= SIGNED_LENGTH || c->self_bytes >= SIGNED_BYTES)
		c->signature = ref_path_signature(h, node);
	out->collections[out->n_collections++] = *c;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct collection *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

int collections_collect(struct heap *h, const struct section_names *names, struct sections *out, struct err *e)
{
	struct known k = { NULL, NULL, NULL };
	int rc = known_kinds(h, &k, e);

	for (uint32_t v = 0; v < h->n_nodes && !rc; v++) {
		struct collection c = { 0 };

		if (h->type[v] == NODE_OBJECT ? measure(h, names, &k, v, &c) : k.children && measure_element(h, &k, v, &c))
			rc = add_collection(h, out, v, &c, e);
	}
	mem_free(out->mem, k.kind);
	mem_free(out->mem, k.counted);
	mem_free(out->mem, k.children);
	if (!rc && out->n_collections)
		qsort(out->collections, out->n_collections, sizeof(*out->collections), by_id);
	return rc;
}

static int by_signature(const void *a, const void *b)
{
	const struct collection *x = *(const struct collection *const *)a, *y = *(const struct collection *const *)b;

	return (x->signature > y->signature) - (x->signature < y->signature);
}

/* The older snapshot's collections in the order in which they are looked for. */
struct older {
	const struct sections *list;
	const struct collection **by_signature; /* structure mode */
	size_t n;
};

static int index_older(struct report *r, const struct sections_view *v, struct older *o, struct err *e)
{
	o->list = v->lists[0];
	if (v->by_id || v->n == 1)
		return 0;
	o->by_signature = mem_alloc(r->mem, o->list->n_collections + 1, sizeof(*o->by_signature), e);
	if (!o->by_signature)
		return e->kind;
	for (size_t i = 0; i < o->list->n_collections; i++)
		if (o->list->collections[i].signature)
			o->by_signature[o->n++] = &o->list->collections[i];
	if (o->n)
		qsort(o->by_signature, o->n, sizeof(*o->by_signature), by_signature);
	return 0;
}

static const struct collection *find_older(const struct older *o, const struct collection *c)
{
	const struct collection **hit;

	if (!o->by_signature)
		return o->list->n_collections ? bsearch(c, o->list->collections, o->list->n_collections, sizeof(*c), by_id)
					      : NULL;
	hit = c->signature && o->n ? bsearch(&c, o->by_signature, o->n, sizeof(*o->by_signature), by_signature) : NULL;
	return hit ? *hit : NULL;
}

struct row {
	const struct collection *now;
	uint32_t length_before;
	uint64_t retained_before;
};

static int64_t change(const struct row *r)
{
	return (int64_t)r->now->retained_bytes - (int64_t)r->retained_before;
}

static int by_change(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (change(x) != change(y))
		return change(x) < change(y) ? 1 : -1;
	return (x->now->id > y->now->id) - (x->now->id < y->now->id);
}

/*
 * Growing means more entries, or for arrays of numbers a bigger store; what only retains more is its elements' affair. Children
 * of an element are held by more than the element, so that its retained size says nothing.
 */
static int is_growing(const struct row *r, const struct collection *before)
{
	if (r->now->kind == COLLECTION_ELEMENT)
		return r->now->length > r->length_before;
	if (change(r) <= 0)
		return 0;
	if (r->now->length > r->length_before)
		return 1;
	return before && r->now->self_bytes > before->self_bytes &&
	       (r->now->self_bytes - before->self_bytes) * 2 >= (uint64_t)change(r);
}

/*
 * Across processes a collection that is not found again may be new or only held by other ways. In user code it is worth
 * a row; in Node's own it is noise.
 */
static int is_news(const struct sections_view *v, const struct older *o, const struct row *r,
		   const struct collection *before)
{
	if (!is_growing(r, before))
		return 0;
	return before || !o->by_signature || (r->now->signature && ref_in_user_code(v->last, r->now->node));
}

static size_t make_rows(const struct sections_view *v, const struct older *o, struct row *rows)
{
	const struct sections *now = v->lists[v->n - 1];
	size_t n = 0;

	for (size_t i = 0; i < now->n_collections; i++) {
		const struct collection *c = &now->collections[i], *before = v->n > 1 ? find_older(o, c) : NULL;

		rows[n] = (struct row){ c, before ? before->length : 0, before ? before->retained_bytes : 0 };
		if (!section_wants(v, v->last->classes[v->last->class_[c->node]].name))
			continue;
		if (v->n == 1 || is_news(v, o, &rows[n], before))
			n++;
	}
	return n;
}

static const struct column columns[] = {
	{ "holder", "Collection", CELL_NODE, 0, 0 },
	{ "kind", "Kind", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "length_before", "Before", CELL_COUNT, COLUMN_DETAIL, 0 },
	{ "length_after", "Length", CELL_COUNT, 0, 0 },
	{ "length_delta", "Grew by", CELL_COUNT, COLUMN_SIGNED | COLUMN_SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, COLUMN_SIGNED | COLUMN_MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

static const struct column columns_of_one[] = {
	{ "holder", "Collection", CELL_NODE, 0, 0 },
	{ "kind", "Kind", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "length", "Length", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
};

#define MAX_ROWS 200

static int add_row(struct report *r, int table, const struct sections_view *v, const struct row *row, struct err *e)
{
	const struct collection *c = row->now;
	union cell cells[10], *tail = cells + (v->n == 1 ? 5 : 8);

	if (ref_holder(&r->arena, v->last, c->node, v->options->show_values, &cells[0].node, e) ||
	    ref_nearest_place(&r->arena, v->last, c->node, &tail[0].place, e) ||
	    ref_path(&r->arena, v->last, c->node, &tail[1].path, e))
		return e->kind;
	cells[1].text = str_of(collection_kinds[c->kind]);
	if (v->n == 1) {
		cells[2].i = c->length;
		cells[3].i = (int64_t)c->self_bytes;
		cells[4].i = (int64_t)c->retained_bytes;
	} else {
		cells_of_change(cells + 2, row->length_before, c->length);
		cells_of_change(cells + 5, row->retained_before, c->retained_bytes);
	}
	return report_add_row(r, table, cells, e);
}

static int add_rows(struct report *r, const struct sections_view *v, struct row *rows, size_t n, struct err *e)
{
	struct table desc = { .key = "arrays", .title = v->n > 1 ? "Growing collections" : "Collections", .parent = -1,
			      .text_rows = 10, COLUMNS(columns) };
	int table, rc;

	desc.note = "Arrays, Maps, Sets, objects used as tables, and elements of a page with their children. Small numbers are not counted.";
	if (v->n == 1)
		section_columns(&desc, columns_of_one, sizeof(columns_of_one) / sizeof(columns_of_one[0]));
	if (n)
		qsort(rows, n, sizeof(*rows), by_change);
	rc = report_add_table(r, &desc, &table, e);
	for (size_t i = 0; i < n && i < MAX_ROWS && !rc; i++)
		rc = add_row(r, table, v, &rows[i], e);
	return rc;
}

int collections_report(struct report *r, const struct sections_view *v, struct err *e)
{
	struct older o = { 0 };
	struct row *rows = mem_alloc(r->mem, v->lists[v->n - 1]->n_collections + 1, sizeof(*rows), e);
	int rc = rows ? index_older(r, v, &o, e) : e->kind;

	if (!rc)
		rc = add_rows(r, v, rows, make_rows(v, &o, rows), e);
	mem_free(r->mem, rows);
	mem_free(r->mem, o.by_signature);
	return rc;
}
