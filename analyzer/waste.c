#include "analyzer/waste.h"

#include <string.h>

#include "analyzer/leaks/look.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "base/utf8.h"

#define LEAST_OF_HEAP 1000
#define LEAST_OF_HEAP_STRINGS 100 /* every program has some */

/* V8's OrderedHashTable: half a word of bucket an entry, then three words for a Map's entry and two for a Set's. */
#define MAP_ENTRY_BYTES 28
#define SET_ENTRY_BYTES 20
#define EMPTY_TABLE_BYTES 256 /* with nothing in it; of a larger one the entries may be small integers, which have no edges */
#define LARGE_TABLE_BYTES 1024

#define CUT_LENGTH 1024 /* UTF-16 units; V8 writes no more of a string, so longer ones only begin alike */

#define MANY_BLOCKS 16 /* the one that Node cuts from just now is in every program */

static const struct {
	const char *what;
	unsigned least; /* the part of the heap from which on it has a row: 100 is a hundredth */
} kinds[N_WASTE] = {
	[WASTE_EMPTY] = { "empty Maps and Sets", LEAST_OF_HEAP },
	[WASTE_LARGE] = { "mostly empty Maps and Sets", LEAST_OF_HEAP },
	[WASTE_COPIES] = { "copies of strings", LEAST_OF_HEAP_STRINGS },
	[WASTE_BLOCKS] = { "Buffer pool blocks", LEAST_OF_HEAP },
};

static const struct column columns[] = {
	{ "what", "What", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, 0, 0 },
	{ "wasted_bytes", "Could be saved", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
	{ "largest", "Largest", CELL_NODE, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static int is_notable(const struct waste *all, enum waste_kind k, const struct heap *h)
{
	return all[k].bytes && all[k].bytes >= h->retained[h->root] / kinds[k].least;
}

static void count(struct waste *w, uint32_t node, uint64_t bytes)
{
	w->count++;
	w->bytes += bytes;
	if (bytes <= w->largest && w->sample != NO_NODE)
		return;
	w->sample = node;
	w->largest = bytes;
}

static void look_at_collection(struct waste *all, const struct collection *c)
{
	int is_map = c->kind == COLLECTION_MAP, is_set = c->kind == COLLECTION_SET;
	uint64_t used = (uint64_t)c->length * (is_map ? MAP_ENTRY_BYTES : SET_ENTRY_BYTES);

	if ((is_map || is_set) && c->length && c->self_bytes >= LARGE_TABLE_BYTES && used * 4 < c->self_bytes)
		count(&all[WASTE_LARGE], c->node, c->self_bytes - used);
}

/* Number of a built-in class; NO_NODE when the heap has none. */
static uint32_t class_number(const struct heap *h, const char *name)
{
	for (size_t c = 0; c < h->n_classes; c++)
		if (!h->classes[c].place && str_is(h->classes[c].name, name))
			return (uint32_t)c;
	return NO_NODE;
}

/* Small collections are not in the sections' list, so these are looked for among all objects. */
static void look_for_empty(struct waste *all, const struct heap *h)
{
	uint32_t classes[2] = { class_number(h, "Map"), class_number(h, "Set") };

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t table;

		if (h->type[v] != NODE_OBJECT || (h->class_[v] != classes[0] && h->class_[v] != classes[1]))
			continue;
		table = heap_follow(h, v, EDGE_INTERNAL, "table");
		if (table != NO_NODE && h->first_edge[table + 1] - h->first_edge[table] <= 1 &&
		    heap_self(h, v) < EMPTY_TABLE_BYTES)
			count(&all[WASTE_EMPTY], v, heap_self(h, v));
	}
}

/* A block of Node's pool that hangs on one Buffer, which is smaller than half of it. */
static int has_one_piece(const struct heap *h, uint32_t block)
{
	return look_is_pool_block(h, block) && look_internal(h, h->idom[block], "buffer") == block;
}

static void look_for_blocks(struct waste *w, const struct heap *h)
{
	uint32_t array_buffers = class_number(h, "ArrayBuffer");

	for (uint32_t v = 0; v < h->n_nodes && array_buffers != NO_NODE; v++)
		if (h->class_[v] == array_buffers && has_one_piece(h, v))
			count(w, h->idom[v], look_store_bytes(h, v));
	if (w->count < MANY_BLOCKS)
		w->bytes = 0;
}

/* Size of a node that shows the text of a string; 0 of others. Ropes and slices show none. */
static uint32_t text_bytes(const struct heap *h, uint32_t v)
{
	uint64_t self;

	if (h->type[v] != NODE_STRING || h->name[v] >= h->strings.n)
		return 0;
	self = heap_self(h, v);
	return self < UINT32_MAX ? (uint32_t)self : UINT32_MAX;
}

static int is_whole(const struct heap *h, uint32_t string)
{
	struct str s = heap_string(h, string);

	return s.n && (s.n < CUT_LENGTH || utf8_units(s.s, s.n) < CUT_LENGTH);
}

/* The text whose copies cost most stands for all. */
static int find_costliest(struct waste *w, const struct heap *h, const uint32_t *size, struct err *e)
{
	uint32_t *count = MEM_NEW(&h->run->mem, uint32_t, h->strings.n + 1, e);

	if (!count)
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t bytes = text_bytes(h, v), string = h->name[v];

		if (!bytes || bytes != size[string] || !is_whole(h, string))
			continue;
		if ((uint64_t)count[string] * bytes > w->largest) {
			w->largest = (uint64_t)count[string] * bytes;
			w->sample = v;
		}
		count[string]++;
	}
	mem_free(&h->run->mem, count);
	return 0;
}

/*
 * V8 writes each text once, so strings are equal when their names are one number: this takes a column over the texts, no
 * hashing. Of equal texts of different sizes (one or two bytes a character) those of the first one's size are counted.
 */
static int look_for_copies(struct waste *all, const struct heap *h, struct err *e)
{
	struct waste *w = &all[WASTE_COPIES];
	uint32_t *size = MEM_NEW(&h->run->mem, uint32_t, h->strings.n + 1, e); /* of the first with that text */
	int rc;

	if (!size)
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t bytes = text_bytes(h, v);

		if (!bytes)
			continue;
		if (!size[h->name[v]]) {
			size[h->name[v]] = bytes;
		} else if (size[h->name[v]] == bytes && is_whole(h, h->name[v])) {
			w->count++;
			w->bytes += bytes;
		}
	}
	rc = is_notable(all, WASTE_COPIES, h) ? find_costliest(w, h, size, e) : 0;
	mem_free(&h->run->mem, size);
	return rc;
}

int waste_find(struct waste *out, const struct heap *h, const struct sections *sections, struct err *e)
{
	uint64_t t = run_clock();

	for (size_t k = 0; k < N_WASTE; k++)
		out[k] = (struct waste){ .sample = NO_NODE };
	for (size_t i = 0; i < sections->n_collections; i++)
		look_at_collection(out, &sections->collections[i]);
	look_for_empty(out, h);
	look_for_blocks(&out[WASTE_BLOCKS], h);
	if (look_for_copies(out, h, e))
		return e->kind;
	run_stage(h->run, "waste", t);
	return 0;
}

static int add_row(struct report *r, int table, struct heap *h, const struct waste *w, const char *what, struct err *e)
{
	const struct node_ref *node = NULL;
	const struct place *place = NULL;
	int64_t heap = (int64_t)h->retained[h->root];

	if (w->sample != NO_NODE && (ref_holder(&r->arena, h, w->sample, r->shows_values, &node, e) ||
				     ref_nearest_place(&r->arena, h, w->sample, &place, e)))
		return e->kind;
	union cell cells[] = { cell_text(str_of(what)), cell_size(w->count), cell_size(w->bytes),
			       cell_int(hundredths((int64_t)w->bytes, heap)), { .node = node }, { .place = place } };

	return report_add_row(r, table, cells, e);
}

int waste_report(struct report *r, struct heap *h, const struct waste *found, struct err *e)
{
	struct table desc = { .key = "waste", .title = "Waste", .parent = -1, COLUMNS(columns) };
	int table;

	desc.note = "What could be saved at most. --strings says who holds the copies.";
	if (report_add_table(r, &desc, &table, e))
		return e->kind;
	for (unsigned k = 0; k < N_WASTE; k++)
		if (is_notable(found, k, h) && add_row(r, table, h, &found[k], kinds[k].what, e))
			return e->kind;
	return 0;
}
