/*
 * growth.h - where the memory that came between two snapshots hangs.
 *
 * The change of the whole heap is first given to its anchors, exactly: a new object's bytes go to the nearest object
 * above it (in the dominator tree) that was there before, a deleted object's are taken from the nearest one above it that
 * stayed, and an object that changed its own size is its own anchor. The anchors' balances add up to the heap's change.
 *
 * What a new object hangs on by its references need not be its dominator: objects that a Map and an Array both keep are
 * dominated by something above both. So each anchor's balance is then shared among the old objects from which its new
 * objects are reached (at most GROWTH_MAX_HOLDERS are told apart): what only one of them reaches is exclusive to it - a lower
 * bound of what fixing it frees - and what several reach is split evenly. (BLeak's LeakShare, as LeakCanary computes it,
 * on new objects only.) A list and what holds it are one holder, and so are objects that are alike: the histories of three hundred
 * chat rooms, each of which got a little (growth_alike.c).
 *
 * Growth that hangs on many small holders under one object, as in a tree that gets new leaves, is given to that object.
 *
 * Last, a holder whose growth sits in one new object below it - a cache made between the snapshots, an array that was
 * replaced by a longer one - gives way to that object: Eclipse MAT's accumulation point.
 *
 * Without comparable ids ("structure") the same is done with groups of groups.h: a member of a group that grew is new to
 * the degree that the group grew.
 */
#ifndef ANALYZER_GROWTH_H
#define ANALYZER_GROWTH_H

#include "analyzer/compare.h"
#include "analyzer/groups.h"

#define GROWTH_MAX_HOLDERS 62
#define GROWTH_MAX_ITEMS 6

/* Objects that a growth point holds and that are new, by class and place. */
struct growth_item {
	uint32_t class_;         /* index into the heap's classes */
	uint32_t place;          /* number of the place + 1, 0: none */
	uint32_t sample;         /* one of them */
	uint32_t covered_until;  /* end position of the last counted one's subtree: nested ones retain nothing more */
	uint64_t count, self_bytes, retained_bytes;
	uint64_t before;         /* objects of its kind that hung right on the point's object in the old snapshot; by id only */
	uint64_t new_parts;      /* used while they are counted */
};

/* Where one object accumulates. */
struct growth_spot {
	uint32_t node;           /* what accumulates */
	uint32_t holder;         /* the old object it hangs on; often the same */
	uint32_t branch;         /* child of the holder, in the dominator tree, that leads to `node`; often the same, too */
	uint32_t old;            /* digest's object for `node`, or for what it replaced; NO_INDEX when there was none */
};

struct growth_point {
	struct growth_spot at;   /* of several that are alike the one that got the most */
	struct growth_spot *others; /* the further ones that are alike; NULL: there are none */
	size_t n_others;
	int64_t delta_bytes;     /* of all spots, as everything that follows: exclusive + shared */
	int64_t exclusive_bytes; /* net of what was deleted there */
	int64_t shared_bytes;
	uint64_t before_bytes, after_bytes; /* retained size of the nodes */
	struct growth_item items[GROWTH_MAX_ITEMS];
	size_t n_items;
	uint64_t rest_count, rest_self_bytes, rest_retained_bytes; /* kinds beyond the listed */
	int listed;              /* the nodes are heads of chains of their own kind, or what holds those */
	int spread;              /* it grew at many places below the node, as trees do */
	int minor;               /* below one hundredth of the growth: no row of the report, but it may be a steady drip */
	unsigned mark;           /* for growth_joint(); GROWTH_MAX_HOLDERS for a spread one, which shares nothing */
};

struct growth {
	struct mem *mem;
	struct growth_point *points; /* largest first, minor ones last */
	size_t n, n_major;
	int64_t total_bytes;     /* change of the heap */
	int64_t explained_bytes; /* sum of the major points' deltas */
	int64_t *joint;          /* GROWTH_MAX_HOLDERS squared; see growth_joint() */
};

/* Spots of a point are numbered: growth_spot(p, 0) is the one that got the most. */
static inline size_t growth_n_spots(const struct growth_point *p)
{
	return 1 + p->n_others;
}

static inline const struct growth_spot *growth_spot(const struct growth_point *p, size_t i)
{
	return i ? &p->others[i - 1] : &p->at;
}

/*
 * Whether the object is found by a property of its owner that is a key: one of several values of a class (growth_alike.c). Keys are
 * data and say nothing about what an object is for. O(1): large owners are tables.
 */
int growth_is_key(const struct heap *h, uint32_t owner, uint32_t node);

/* Find the points. `groups` of the heap are needed in structure mode only (with of_node). O(nodes + edges). */
int growth_find(struct growth *out, const struct digest *old, const struct heap *h, const struct match *m,
		const struct groups *groups, struct err *e);
void growth_release(struct growth *g);

/*
 * Children of an object in the dominator tree of an older snapshot that are of the kind of `item`, also those in a table or vector
 * of Blink's as `item` is. O(children).
 */
uint64_t growth_children_in(const struct digest *d, uint32_t parent, const struct heap *h, uint32_t item);

/* An object of one snapshot that is to be looked at as if all it holds were new. */
struct growth_candidate {
	uint32_t node;
	int listed, spread; /* as in struct growth_point */
};

/* The same points without a comparison: for each candidate what it holds; sizes are its own. O(nodes + references). */
int growth_of_one(struct growth *out, const struct heap *h, const struct growth_candidate *all, size_t n,
		  struct err *e);

/*
 * By id: the objects of a point's spots in a snapshot between the first and the last, or what they have taken the place of;
 * NO_INDEX where there is none. `out` has room for all spots. O(nodes of the digest + children of the holders).
 */
int growth_objects_in(const struct digest *d, const struct heap *h, const struct growth_point *p, uint32_t *out, struct err *e);

/*
 * Retained size of a point's objects in a snapshot between the first and the last. An object that is not there yet may have
 * taken the place of another of its class under the same holder. O(nodes of the digest + children of the holders).
 */
int growth_retained_in(const struct digest *d, const struct heap *h, const struct groups *groups, const struct growth_point *p,
		       int64_t *out, struct err *e);

/* Bytes that both points hold, of which each has its part in `shared_bytes`. */
static inline int64_t growth_joint(const struct growth *g, const struct growth_point *a, const struct growth_point *b)
{
	if (a->mark == GROWTH_MAX_HOLDERS || b->mark == GROWTH_MAX_HOLDERS)
		return 0;
	return g->joint[a->mark * GROWTH_MAX_HOLDERS + b->mark];
}

#endif
