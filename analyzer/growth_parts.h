/*
 * growth_parts.h - between the files of growth: what is new, how much each anchor gained, who holds what.
 */
#ifndef ANALYZER_GROWTH_PARTS_H
#define ANALYZER_GROWTH_PARTS_H

#include "analyzer/growth.h"
#include "base/bits.h"
#include "base/wide.h"

/* Balance of one old object. */
struct account {
	uint32_t node;
	int64_t gained;   /* bytes of new objects under it */
	int64_t lost;     /* bytes of deleted objects that were under it */
	int64_t own;      /* change of its own size */
	uint64_t weight;  /* retained bytes of the new objects that it refers to */
	uint64_t unsure;  /* the same of those that are hardly newer than their likes */
	uint32_t entries; /* references to new objects by index or through a store */
	uint32_t fields;  /* and as a property, functions left out */
	uint32_t holder;  /* number among the holders + 1, 0: belongs to none */
	int64_t rest;     /* net bytes of its new objects that hang on no holder worth a point */
};

/* Accounts by node: open addressing, as there are few anchors among many nodes. */
struct ledger {
	struct mem *mem;
	struct account *all;
	size_t n, capacity;
	uint32_t *slot; /* account + 1 */
	size_t n_slots;
};

int ledger_account(struct ledger *l, uint32_t node, struct account **out, struct err *e);
struct account *ledger_find(const struct ledger *l, uint32_t node);
void ledger_release(struct ledger *l);

/* Which nodes are new, and to what degree. */
struct fresh {
	struct ranked_bits set; /* over nodes */
	uint32_t *anchor;     /* node -> nearest old node above it, itself when old */
	/* structure mode: degree by group; NULL: all of it */
	const struct groups *groups;
	uint64_t *new_in_group;
};

static inline int fresh_is(const struct fresh *f, uint32_t node)
{
	return bit_get(f->set.bits, node);
}

/* Number of a new node among the new ones. */
static inline uint32_t fresh_rank(const struct fresh *f, uint32_t node)
{
	return ranked_bits_rank(&f->set, node);
}

/* The part of `bytes` that is new in a new node. */
static inline uint64_t fresh_part(const struct fresh *f, uint32_t node, uint64_t bytes)
{
	const struct group *g;

	if (!f->groups)
		return bytes;
	g = &f->groups->all[f->groups->of_node[node]];
	return wide_mul_div(bytes, f->new_in_group[f->groups->of_node[node]], g->count);
}

/*
 * By structure, of how many of its likes one has to be new for a node to count as new by itself: which of a thousand
 * functions the new one is cannot be known, and whoever refers to one of them hardly holds that one.
 */
#define FRESH_SURE 8

static inline int fresh_is_sure(const struct fresh *f, uint32_t node)
{
	uint32_t g = f->groups ? f->groups->of_node[node] : 0;

	return !f->groups || f->new_in_group[g] * FRESH_SURE >= f->groups->all[g].count;
}

/* What makes an old object a holder, and what makes it one among others; see growing_alike(). */
struct claim {
	struct account *account;
	uint64_t kind;    /* 0: it is like no other */
	uint64_t weight;  /* growing_importance() */
	int grew;         /* or shrank, which is set against the growth of those like it */
	int replaced;     /* its fields have other values: it got no entries */
};

/* Who holds new objects: an old object, a list that an old element belongs to, or old objects that are alike. */
struct growing_holder {
	uint32_t owner;   /* the object itself; of a list what holds its first element */
	uint32_t head;    /* what to name: the owner, but of a variable the list's first element */
	uint32_t element; /* of a list */
	int listed;
	const struct claim *claims; /* of objects that are alike, those that grew and the weightiest first; NULL: it is one */
	size_t n_claims;
	int64_t exclusive, shared;
};

struct growing {
	const struct digest *old;
	const struct heap *h;
	const struct match *m;
	const struct groups *groups;
	struct fresh fresh;
	struct ledger ledger;
	struct growing_holder holder[GROWTH_MAX_HOLDERS];
	unsigned n_holders;
	struct claim *claims; /* by kind */
	size_t n_claims;
	int64_t *joint; /* GROWTH_MAX_HOLDERS squared: what two holders keep together */
};

/* Whether an edge carries domination; see heap_passes.h. */
static inline int growing_essential(const struct heap *h, uint32_t from, uint32_t edge)
{
	uint32_t to = h->edge_to[edge];

	if (h->edge_type[edge] & EDGE_NEVER)
		return 0;
	return from == h->root || bit_get(h->page, from) || !bit_get(h->page, to);
}

/* growth_fresh.c: fill `fresh` and the ledger's gained, lost and own. */
int growing_balance(struct growing *g, struct err *e);

/* Holders with less are no points. */
#define GROWTH_NOISE_BYTES 512

static inline int growing_is_told(const struct growing_holder *x)
{
	return x->exclusive + x->shared >= GROWTH_NOISE_BYTES;
}

/* growth_lists.c: the new child (in the dominator tree, seen through backing stores) that retains the most, or NO_NODE. */
uint32_t growing_heaviest_child(const struct growing *g, uint32_t node);

/* Whether what hangs below `node` is a chain: in which a class comes back after one step or two, again and again. */
int growing_starts_list(const struct growing *g, uint32_t node);

/* What holds the first element of a list: an object of its own, or a variable, which only the element itself can name. */
uint32_t growing_list_holder(const struct heap *h, uint32_t holder, uint32_t first);

/*
 * A list grows at its last element, and which one that is says nothing: up to what holds the first one. A `node` that is in no
 * list is its own holder. By structure the first and the last are known by what holds them, and all others are alike.
 * O(length).
 */
struct growing_holder growing_holder_of(const struct growing *g, uint32_t node);

/*
 * Whether one is a list and the other is what holds it, and got less of anything else. Then they are one holder: a ring grows
 * at both ends, and a list linked both ways that is put into at its front hangs on what holds it and on its old elements.
 */
int growing_same_list(const struct growing *g, const struct growing_holder *a, const struct growing_holder *b);

/*
 * growth_spread.c: where the growth is that hangs on many small holders, as in a tree that grows at its leaves. `*node` is the
 * lowest object below which seven tenths of it are (Eclipse MAT's big_drop_ratio), NO_NODE when there is none. O(nodes).
 */
int growing_spread(struct growing *g, uint32_t *node, int64_t *bytes, struct err *e);

/* growth_describe.c: the retained sizes of the point's spots, before and after, and what they were in the old snapshot. */
int growing_weigh(const struct growing *g, struct growth_point *p, struct err *e);

/* growth_describe.c: fill the point of holder `k`; `p->others` is the caller's to free, after a failure as well. */
int growing_describe(struct growing *g, unsigned k, struct growth_point *p, struct err *e);

/*
 * growth_describe.c: whether objects that are alike only got other values into their fields, not longer collections in the place
 * of shorter ones, and no more than a hundredth of the heap. Which of them weigh more than before is chance.
 */
int growing_is_refill(const struct growing *g, unsigned k, const struct growth_point *p);

/* growth_items.c: fill the point's items; `listed`: all that is new below its nodes, else what they refer to. O(their subtrees
 * + nodes / 64). */
int growing_items(struct growing *g, struct growth_point *p, int listed, struct err *e);

/* Retained bytes of what an old object holds that is new, and what it got itself. */
static inline uint64_t growing_importance(const struct account *a)
{
	return a->weight + (a->own > 0 ? (uint64_t)a->own : 0);
}

/*
 * growth_alike.c: the same number for objects that are alike: by id, when they are of one class, found by code at one place and
 * have owners that are alike, in the same way; keys of tables and indices make no difference. By structure, when they are of one
 * group, or of groups that are. 0 when there are none like it: at the roots, and in trees, where what grew is the whole. O(1).
 */
uint64_t growing_alike(const struct growing *g, uint32_t node);

/*
 * growth_choose.c: the holders, GROWTH_MAX_HOLDERS at most: those with the most, of objects that are alike all as one. Fills
 * `holder`, `claims` and the accounts' holder. O(accounts log accounts + lengths of lists).
 */
int growing_choose(struct growing *g, struct err *e);

/* growth_holders.c: choose holders, spread their marks over the new nodes, share out the balances. */
int growing_share(struct growing *g, struct err *e);

#endif
