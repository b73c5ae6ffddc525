#include "analyzer/heap_places.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/table_hash.h"

#define RECENT 512 /* a power of two */

/*
 * Open addressing from a place to its number + 1. Every object with a constructor has a place, but few places take turns:
 * `recent` has the last number that was found for places of one simple hash. A file can make all of them collide, and then
 * only the keyed hash of the table is asked as well.
 */
struct place_table {
	struct heap *h;
	uint32_t *slot;
	size_t size;
	uint32_t recent[RECENT];
};

static uint64_t hash_place(const struct place_table *t, const struct heap_place *p)
{
	return table_hash_pair(&t->h->run->mem, p->script_id, (uint64_t)p->line << 32 | p->column);
}

static int same_place(const struct heap_place *a, const struct heap_place *b)
{
	return a->line == b->line && a->column == b->column && a->script_id == b->script_id;
}

static uint32_t *find_slot(struct place_table *t, const struct heap_place *p)
{
	size_t at = hash_place(t, p) & (t->size - 1);

	while (t->slot[at] && !same_place(&t->h->places[t->slot[at] - 1], p))
		at = (at + 1) & (t->size - 1);
	return &t->slot[at];
}

static int grow_table(struct place_table *t, struct err *e)
{
	struct mem *m = &t->h->run->mem;
	size_t size = t->size ? t->size * 2 : 1024;
	uint32_t *slot = mem_alloc(m, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(m, t->slot);
	t->slot = slot;
	t->size = size;
	for (size_t i = 0; i < t->h->n_places; i++)
		*find_slot(t, &t->h->places[i]) = (uint32_t)i + 1;
	return 0;
}

static int place_number(struct place_table *t, const struct heap_place *p, uint32_t *out, struct err *e)
{
	struct heap *h = t->h;
	uint32_t *slot;
	void *array = h->places;

	if (h->n_places * 2 >= t->size && grow_table(t, e))
		return e->kind;
	slot = find_slot(t, p);
	if (!*slot) {
		if (mem_reserve(&h->run->mem, &array, &h->places_capacity, h->n_places + 1, sizeof(*p), e))
			return e->kind;
		h->places = array;
		h->places[h->n_places++] = *p;
		*slot = (uint32_t)h->n_places;
	}
	*out = *slot;
	return 0;
}

static uint32_t *recent_slot(struct place_table *t, const struct heap_place *p)
{
	return &t->recent[(p->script_id * 31 + p->line * 7 + p->column) & (RECENT - 1)];
}

int heap_set_places(struct heap *h, const struct raw_location *raw, size_t n, struct err *e)
{
	struct place_table t = { .h = h };
	int rc = 0;

	h->place = mem_alloc(&h->run->mem, h->n_nodes, 4, e);
	if (!h->place)
		return e->kind;
	for (size_t i = 0; i < n && !rc; i++) {
		uint32_t *recent;

		if (raw[i].node >= h->n_nodes) {
			rc = err_set(e, ERR_FORMAT, "a location refers to node %u, there are only %u", raw[i].node,
				     h->n_nodes);
			break;
		}
		recent = recent_slot(&t, &raw[i].place);
		if (!*recent || !same_place(&h->places[*recent - 1], &raw[i].place))
			rc = place_number(&t, &raw[i].place, recent, e);
		h->place[raw[i].node] = *recent;
	}
	mem_free(&h->run->mem, t.slot);
	return rc;
}

/* Script node of a function: the name of the edge changed with V8 12. */
static uint32_t script_of(const struct heap *h, uint32_t closure)
{
	uint32_t shared = heap_follow(h, closure, EDGE_INTERNAL, "shared"), script;

	if (shared == NO_NODE)
		return NO_NODE;
	script = heap_follow(h, shared, EDGE_INTERNAL, "script");
	if (script == NO_NODE)
		script = heap_follow(h, shared, EDGE_INTERNAL, "script_or_debug_info");
	return script != NO_NODE && h->type[script] == NODE_CODE ? script : NO_NODE;
}

static int by_id(const void *a, const void *b)
{
	const struct heap_script *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/*
 * The file names scripts by number only, but a located closure leads to its Script node, whose name is the path: one
 * closure per script suffices.
 */
int heap_find_scripts(struct heap *h, struct err *e)
{
	struct mem *m = &h->run->mem;
	uint8_t *seen = mem_alloc(m, h->n_places + 1, 1, e);
	size_t n = 0, kept = 0;

	h->scripts = seen ? mem_alloc(m, h->n_places + 1, sizeof(*h->scripts), e) : NULL;
	if (!h->scripts) {
		mem_free(m, seen);
		return e->kind;
	}
	for (uint32_t v = 0; h->place && v < h->n_nodes; v++) {
		uint32_t p = h->place[v], script;

		if (!p || seen[p] || h->type[v] != NODE_CLOSURE)
			continue;
		script = script_of(h, v);
		if (script == NO_NODE)
			continue;
		seen[p] = 1;
		h->scripts[n++] = (struct heap_script){ h->places[p - 1].script_id, h->name[script] };
	}
	mem_free(m, seen);
	qsort(h->scripts, n, sizeof(*h->scripts), by_id);
	for (size_t i = 0; i < n; i++)
		if (!kept || h->scripts[kept - 1].id != h->scripts[i].id)
			h->scripts[kept++] = h->scripts[i];
	h->n_scripts = kept;
	return 0;
}
