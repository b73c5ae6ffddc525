/*
 * suspect.h - one growth point as the detectors see it: what accumulates, what of, since when.
 */
#ifndef ANALYZER_LEAKS_SUSPECT_H
#define ANALYZER_LEAKS_SUSPECT_H

#include "analyzer/leaks/leaks.h"

struct suspect_bulk;
struct suspect_group;

struct suspect {
	const struct comparison *c;
	const struct heap *h;
	const struct growth_point *point;
	const struct growth_point *other; /* another holder of the same objects; NULL: none */
	int64_t delta_bytes;              /* of both */
	int below;                        /* of one snapshot: it refers to none of its objects, all below it are meant */
	const struct suspect_group *group; /* of one snapshot: its members are the objects; NULL: those that `node` refers to */
	int linked;                       /* the members of the group hang on one another */
	const struct suspect_bulk *bulk;  /* of one snapshot; NULL: not looked for */
	int scattered;                    /* the members pile up nowhere: nobody is their holder */
	uint32_t node;                    /* what accumulates; of a group what its members have in common */
	uint32_t item;                    /* the newest of the objects it mainly got; NO_NODE: nothing with edges */
	const struct growth_item *main;   /* their kind; NULL: none */
	uint64_t *met;                    /* bit set over nodes while native objects are counted; NULL: what is held twice comes twice */
	uint64_t n_items;                 /* objects of that kind there now, old and new */
	uint64_t *counts, *retained;      /* per snapshot; counts NULL when they cannot be known */
	uint64_t kept;                    /* items of the first snapshot that are still there */
	uint64_t newest[LEAK_SAMPLES];    /* ids, newest first */
	size_t n_newest;
};

/* Gather the facts; arrays live in `a`. O(references of the point). */
int suspect_make(struct suspect *s, const struct comparison *c, const struct growth_point *p, struct arena *a,
		 struct err *e);

/* The same for a group suspect; `p` is filled in. O(members). */
int suspect_make_group(struct suspect *s, const struct comparison *c, const struct suspect_group *g,
		       struct growth_point *p, struct arena *a, struct err *e);

/*
 * Call fn for each object of the main kind that the suspect holds; a non-zero result ends the walk and is returned. Objects
 * that are held twice come twice.
 */
typedef int item_fn(const struct heap *h, uint32_t item, void *ctx);
int suspect_each_item(const struct suspect *s, item_fn *fn, void *ctx);

/* How many functions of the kind stand for one item: two where a promise has one for either outcome. */
unsigned suspect_functions_each(const struct suspect *s);

/* How many of them pass a test, and out of how many. */
struct tally {
	uint64_t passed, n;
};

struct tally suspect_tally(const struct suspect *s, int (*test)(const struct heap *h, uint32_t item));

/* More than half of them. */
int suspect_mostly(const struct suspect *s, int (*test)(const struct heap *h, uint32_t item));

#endif
