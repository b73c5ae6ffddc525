/* What is new, and the balance of every anchor. */
#include <string.h>

#include "analyzer/growth_parts.h"
#include "analyzer/heap_passes.h"
#include "analyzer/refs.h"
#include "base/table_hash.h"
#include "base/wide.h"

#define AHEAD 16

static size_t slot_of(const struct ledger *l, uint32_t node)
{
	size_t at = table_hash_number(l->mem, node) & (l->n_slots - 1);

	while (l->slot[at] && l->all[l->slot[at] - 1].node != node)
		at = (at + 1) & (l->n_slots - 1);
	return at;
}

static int grow_slots(struct ledger *l, struct err *e)
{
	size_t size = l->n_slots ? l->n_slots * 2 : 1024;
	uint32_t *slot = mem_alloc(l->mem, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(l->mem, l->slot);
	l->slot = slot;
	l->n_slots = size;
	for (size_t i = 0; i < l->n; i++)
		l->slot[slot_of(l, l->all[i].node)] = (uint32_t)i + 1;
	return 0;
}

int ledger_account(struct ledger *l, uint32_t node, struct account **out, struct err *e)
{
	void *p = l->all;
	size_t at;

	if (l->n * 2 >= l->n_slots && grow_slots(l, e))
		return e->kind;
	at = slot_of(l, node);
	if (!l->slot[at]) {
		if (mem_reserve(l->mem, &p, &l->capacity, l->n + 1, sizeof(*l->all), e))
			return e->kind;
		l->all = p;
		l->all[l->n] = (struct account){ .node = node };
		l->slot[at] = (uint32_t)++l->n;
	}
	*out = &l->all[l->slot[at] - 1];
	return 0;
}

struct account *ledger_find(const struct ledger *l, uint32_t node)
{
	uint32_t found = l->n_slots ? l->slot[slot_of(l, node)] : 0;

	return found ? &l->all[found - 1] : NULL;
}

void ledger_release(struct ledger *l)
{
	mem_free(l->mem, l->all);
	mem_free(l->mem, l->slot);
}

enum entry { GAINED, LOST, OWN };

static int book(struct growing *g, uint32_t node, enum entry what, int64_t bytes, struct err *e)
{
	struct account *a;

	if (!bytes)
		return 0;
	if (ledger_account(&g->ledger, node, &a, e))
		return e->kind;
	if (what == GAINED)
		a->gained += bytes;
	else if (what == LOST)
		a->lost += bytes;
	else
		a->own += bytes;
	return 0;
}

/* Rank and anchors from the bits; positions bring dominators before what they dominate. */
static void index_fresh(struct growing *g)
{
	const struct heap *h = g->h;
	struct fresh *f = &g->fresh;

	ranked_bits_index(&f->set, h->n_nodes);
	for (uint32_t pos = 0; pos < h->n_nodes; pos++) {
		uint32_t v = h->tree_order[pos];

		if (pos + AHEAD < h->n_nodes) {
			__builtin_prefetch(&f->anchor[h->tree_order[pos + AHEAD]], 1);
			__builtin_prefetch(&h->idom[h->tree_order[pos + AHEAD]]);
		}
		f->anchor[v] = fresh_is(f, v) ? f->anchor[h->idom[v]] : v;
	}
}

static int book_gains(struct growing *g, struct err *e)
{
	const struct heap *h = g->h;

	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (fresh_is(&g->fresh, v) &&
		    book(g, g->fresh.anchor[v], GAINED, (int64_t)fresh_part(&g->fresh, v, heap_self(h, v)), e))
			return e->kind;
	return 0;
}

/* A node far ahead in the heap stands for an object anywhere in the old one: without this each of them is waited for. */
static void fetch_ahead(const struct growing *g, uint32_t v)
{
	uint32_t i = v < g->h->n_nodes ? g->m->old_of[v] : NO_INDEX;

	if (i == NO_INDEX)
		return;
	__builtin_prefetch(&g->old->kind[i]);
	__builtin_prefetch(&g->old->sums[i]);
}

/*
 * Same process: new is what the old snapshot does not have, the root is always the same. Of all others the change of their
 * own size is booked, and `now` tells them by their old number; deleted ones keep NO_NODE.
 */
static int meet_old(struct growing *g, uint32_t *now, struct err *e)
{
	const struct heap *h = g->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t i = v == h->root ? 0 : match_same(g->m, g->old, h, v);
		int64_t change;

		fetch_ahead(g, v + AHEAD);
		if (i == NO_INDEX) {
			bit_set(g->fresh.set.bits, v);
			continue;
		}
		now[i] = v;
		change = (int64_t)heap_self(h, v) - (int64_t)digest_self(g->old, i);
		if (book(g, v, OWN, change, e))
			return e->kind;
	}
	now[0] = h->root;
	return 0;
}

/* The subtrees of the old dominator tree that a walk in pre-order is in, by their ends, with what they hang on today. */
struct open_subtrees {
	struct subtree {
		uint32_t end, anchor;
	} *all;
	size_t n, capacity;
};

static int open_subtree(struct growing *g, struct open_subtrees *s, uint32_t end, uint32_t anchor, struct err *e)
{
	void *p = s->all;

	if (mem_reserve(g->ledger.mem, &p, &s->capacity, s->n + 1, sizeof(*s->all), e))
		return e->kind;
	s->all = p;
	s->all[s->n++] = (struct subtree){ end, anchor };
	return 0;
}

/* A deleted object's bytes are missed at the nearest object above it that stayed. */
static int walk_losses(struct growing *g, const uint32_t *now, struct open_subtrees *s, struct err *e)
{
	const struct digest *old = g->old;

	for (uint32_t i = 0; i < old->n_nodes; i++) {
		uint32_t anchor = now[i];

		while (s->n && s->all[s->n - 1].end <= i)
			s->n--;
		if (anchor == NO_NODE) {
			anchor = s->all[s->n - 1].anchor;
			if (book(g, anchor, LOST, (int64_t)digest_self(old, i), e))
				return e->kind;
		}
		if (old->size[i] > 1 && open_subtree(g, s, i + old->size[i], anchor, e))
			return e->kind;
	}
	return 0;
}

static int book_losses(struct growing *g, const uint32_t *now, struct err *e)
{
	struct open_subtrees open = { 0 };
	int rc = walk_losses(g, now, &open, e);

	mem_free(g->ledger.mem, open.all);
	return rc;
}

static int balance_by_id(struct growing *g, struct err *e)
{
	uint32_t *now = mem_alloc_dirty(g->ledger.mem, g->old->n_nodes, 4, e);
	int rc;

	if (!now)
		return e->kind;
	memset(now, 0xFF, (size_t)g->old->n_nodes * 4);
	rc = meet_old(g, now, e);
	if (!rc) {
		index_fresh(g);
		rc = book_gains(g, e) || book_losses(g, now, e) ? e->kind : 0;
	}
	mem_free(g->ledger.mem, now);
	return rc;
}

/* The group's members and bytes in the old snapshot, where it may not have been. */
static struct group group_before(const struct growing *g, size_t k)
{
	uint32_t was = groups_find(&g->old->groups, g->groups->all[k].signature);
	struct group none = { 0 };

	return was == NO_NODE ? none : g->old->groups.all[was];
}

/* Structure: a member of a group that has more members than before is new to that degree. */
static void mark_grown_groups(struct growing *g)
{
	const struct heap *h = g->h;

	for (size_t k = 1; k < g->groups->n; k++) {
		uint64_t before = group_before(g, k).count, now = g->groups->all[k].count;

		if (now > before)
			g->fresh.new_in_group[k] = now - before;
	}
	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (g->fresh.new_in_group[g->groups->of_node[v]])
			bit_set(g->fresh.set.bits, v);
}

/*
 * Where a group's change hangs that is not its new members': at one that is large enough to have changed by so much; of
 * memory outside of V8's heap at the object it belongs to.
 */
static uint32_t changed_member(const struct heap *h, const struct group *now, int64_t change)
{
	uint32_t node = change > 0 && now->largest_bytes >= (uint64_t)change ? now->largest : now->sample;

	while (node != h->root && h->type[node] == NODE_NATIVE && h->type[h->idom[node]] != NODE_SYNTHETIC)
		node = h->idom[node];
	return node;
}

/* What a group changed beyond its new members' share: they may weigh more, or fewer objects may weigh less. */
static int book_groups(struct growing *g, struct err *e)
{
	for (size_t k = 0; k < g->groups->n; k++) {
		const struct group *now = &g->groups->all[k];
		struct group before = group_before(g, k);
		uint64_t gained = wide_mul_div(now->self_bytes, g->fresh.new_in_group[k], now->count);
		int64_t change = (int64_t)now->self_bytes - (int64_t)before.self_bytes - (int64_t)gained;

		if (book(g, g->fresh.anchor[changed_member(g->h, now, change)], OWN, change, e))
			return e->kind;
	}
	return 0;
}

/* A group that is gone is missed at the nearest group above it that is left. */
static int book_lost_groups(struct growing *g, struct err *e)
{
	const struct groups *old = &g->old->groups;

	for (size_t k = 1; k < old->n; k++) {
		size_t up = k;
		uint32_t now;

		if (groups_find(g->groups, old->all[k].signature) != NO_NODE)
			continue;
		while ((now = groups_find(g->groups, old->all[up].signature)) == NO_NODE)
			up = old->all[up].parent;
		if (book(g, g->fresh.anchor[g->groups->all[now].sample], LOST, (int64_t)old->all[k].self_bytes, e))
			return e->kind;
	}
	return 0;
}

static int balance_by_groups(struct growing *g, struct err *e)
{
	mark_grown_groups(g);
	index_fresh(g);
	return book_gains(g, e) || book_groups(g, e) || book_lost_groups(g, e) ? e->kind : 0;
}

static int alloc_fresh(struct growing *g, struct err *e)
{
	struct mem *m = g->ledger.mem;
	struct fresh *f = &g->fresh;

	if (ranked_bits_alloc(&f->set, m, g->h->n_nodes, e))
		return e->kind;
	f->anchor = mem_alloc_dirty(m, g->h->n_nodes, 4, e);
	if (f->anchor && g->groups) {
		f->groups = g->groups;
		f->new_in_group = mem_alloc(m, g->groups->n, 8, e);
	}
	return f->anchor && (!g->groups || f->new_in_group) ? 0 : e->kind;
}

int growing_balance(struct growing *g, struct err *e)
{
	if (alloc_fresh(g, e))
		return e->kind;
	return g->groups ? balance_by_groups(g, e) : balance_by_id(g, e);
}
