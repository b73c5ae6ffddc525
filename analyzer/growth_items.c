/* What a growth point holds that is new, by class and place. */
#include <stdlib.h>

#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"
#include "base/hash.h"
#include "base/table_hash.h"

/* Kinds of new objects at one point. */
struct kinds {
	struct growth_item *all;
	size_t n, capacity;
	uint64_t *key;      /* kind_key() of each */
	size_t keys_capacity;
	uint32_t *slot;
	size_t n_slots;
};

/* Parts of one object in which items are counted: of a member of a group that grew, not all is new. */
#define WHOLE 65536

static size_t kind_slot(const struct mem *m, const struct kinds *k, uint64_t key)
{
	size_t at = table_hash_number(m, key) & (k->n_slots - 1);

	while (k->slot[at] && k->key[k->slot[at] - 1] != key)
		at = (at + 1) & (k->n_slots - 1);
	return at;
}

/*
 * Class and place. Functions compiled from text (eval) each have a script of their own: there the script's name and the
 * position in it make the kind.
 */
static uint64_t kind_key(const struct heap *h, uint32_t node)
{
	const struct heap_place *p = heap_place_of(h, node);
	uint64_t key = hash_add(1, h->class_[node]);

	if (!p || h->type[node] != NODE_CLOSURE)
		return hash_add(key, h->place ? h->place[node] : 0);
	key = hash_add(key, heap_script_name(h, p->script_id));
	return hash_add(key, (uint64_t)p->line << 32 | p->column);
}

static int grow_kinds(struct mem *m, struct kinds *k, struct err *e)
{
	size_t size = k->n_slots ? k->n_slots * 2 : 64;
	uint32_t *slot = mem_alloc(m, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(m, k->slot);
	k->slot = slot;
	k->n_slots = size;
	for (size_t i = 0; i < k->n; i++)
		k->slot[kind_slot(m, k, k->key[i])] = (uint32_t)i + 1;
	return 0;
}

static int add_item(struct growing *g, struct kinds *k, uint32_t node, struct err *e)
{
	const struct heap *h = g->h;
	uint64_t key = kind_key(h, node);
	struct growth_item *item;
	void *p = k->all, *keys = k->key;
	size_t at;

	if (k->n * 2 >= k->n_slots && grow_kinds(g->ledger.mem, k, e))
		return e->kind;
	at = kind_slot(g->ledger.mem, k, key);
	if (!k->slot[at]) {
		if (mem_reserve(g->ledger.mem, &p, &k->capacity, k->n + 1, sizeof(*k->all), e))
			return e->kind;
		k->all = p;
		if (mem_reserve(g->ledger.mem, &keys, &k->keys_capacity, k->n + 1, sizeof(*k->key), e))
			return e->kind;
		k->key = keys;
		k->key[k->n] = key;
		k->all[k->n] = (struct growth_item){ .class_ = h->class_[node], .place = h->place ? h->place[node] : 0,
						     .sample = node };
		k->slot[at] = (uint32_t)++k->n;
	}
	item = &k->all[k->slot[at] - 1];
	item->count++;
	item->new_parts += fresh_part(&g->fresh, node, WHOLE);
	item->self_bytes += heap_self(h, node);
	if (h->tree_pos[node] >= item->covered_until) {
		item->retained_bytes += h->retained[node];
		item->covered_until = h->tree_pos[node] + h->tree_size[h->tree_pos[node]];
	}
	return 0;
}

/* Note the new objects that `from` refers to, by their positions in the dominator tree. */
static void find_targets(const struct growing *g, uint64_t *found, uint32_t from)
{
	const struct heap *h = g->h;
	struct dom_children children = dom_children(h, from);

	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (heap_edge_type(h, i) != EDGE_WEAK && fresh_is(&g->fresh, to) && !ref_is_transparent(h, to) &&
		    dom_is_keeper(h, from, to))
			bit_set(found, h->tree_pos[to]);
	}
	for (size_t i = 0; i < children.n; i++)
		if (fresh_is(&g->fresh, children.all[i]))
			bit_set(found, h->tree_pos[children.all[i]]);
}

/* What `node` refers to, itself or through its stores: the transparent run of nodes right below in the dominator tree. */
static void find_of(const struct growing *g, uint64_t *found, uint32_t node)
{
	const struct heap *h = g->h;
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos];

	find_targets(g, found, node);
	for (uint32_t p = pos + 1; p < end;) {
		uint32_t v = h->tree_order[p];

		if (ref_is_transparent(h, v))
			find_targets(g, found, v);
		p += ref_is_transparent(h, v) ? 1 : h->tree_size[p];
	}
}

/* In the order of the tree, so that what lies below another comes behind it. */
static int collect_found(struct growing *g, struct kinds *k, const uint64_t *found, struct err *e)
{
	for (uint32_t word = 0; word < g->h->n_nodes / 64 + 1; word++)
		for (uint64_t left = found[word]; left; left &= left - 1)
			if (add_item(g, k, g->h->tree_order[word * 64 + (uint32_t)__builtin_ctzll(left)], e))
				return e->kind;
	return 0;
}

static int collect_items(struct growing *g, struct kinds *k, const struct growth_point *p, struct err *e)
{
	uint64_t *found = MEM_NEW(g->ledger.mem, uint64_t, g->h->n_nodes / 64 + 1, e);
	int rc = found ? 0 : e->kind;

	for (size_t i = 0; i < growth_n_spots(p) && !rc; i++)
		find_of(g, found, growth_spot(p, i)->node);
	if (!rc)
		rc = collect_found(g, k, found, e);
	mem_free(g->ledger.mem, found);
	return rc;
}

/* Everything new below the node in the dominator tree: what a list holds hangs on its elements, not on its head. */
static int collect_below(struct growing *g, struct kinds *k, uint32_t node, struct err *e)
{
	const struct heap *h = g->h;
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos];

	for (uint32_t p = pos + 1; p < end; p++) {
		uint32_t v = h->tree_order[p];

		if (fresh_is(&g->fresh, v) && !ref_is_transparent(h, v) && add_item(g, k, v, e))
			return e->kind;
	}
	return 0;
}

/* From all members of the groups to as many as are new. */
static void leave_new(struct growth_item *item)
{
	uint64_t n = (item->new_parts + WHOLE / 2) / WHOLE, all = item->count;

	if (n == all)
		return;
	item->count = n ? n : 1;
	item->self_bytes = wide_mul_div(item->self_bytes, item->count, all);
	item->retained_bytes = wide_mul_div(item->retained_bytes, item->count, all);
}

static int by_retained(const void *x, const void *y)
{
	const struct growth_item *a = x, *b = y;

	if (a->retained_bytes != b->retained_bytes)
		return a->retained_bytes < b->retained_bytes ? 1 : -1;
	return (a->sample > b->sample) - (a->sample < b->sample);
}

int growing_items(struct growing *g, struct growth_point *p, int listed, struct err *e)
{
	struct kinds k = { 0 };
	struct mem *m = g->ledger.mem;
	int rc = listed ? 0 : collect_items(g, &k, p, e);

	for (size_t i = 0; listed && i < growth_n_spots(p) && !rc; i++)
		rc = collect_below(g, &k, growth_spot(p, i)->node, e);
	for (size_t i = 0; i < k.n; i++)
		leave_new(&k.all[i]);
	if (!rc && k.n)
		qsort(k.all, k.n, sizeof(*k.all), by_retained);
	for (size_t i = 0; i < k.n && !rc; i++) {
		if (i < GROWTH_MAX_ITEMS) {
			p->items[p->n_items++] = k.all[i];
			continue;
		}
		p->rest_count += k.all[i].count;
		p->rest_self_bytes += k.all[i].self_bytes;
		p->rest_retained_bytes += k.all[i].retained_bytes;
	}
	mem_free(m, k.all);
	mem_free(m, k.key);
	mem_free(m, k.slot);
	return rc;
}
