/*
 * ways.h - several ways from the root to one object, each of which would keep it alive by itself.
 *
 * An object in a big heap has millions of ways, and the shortest ones mostly differ in nothing that matters: they meet in
 * the same Map, or lead through a thousand listeners made at one place. Two ways are worth telling apart when they go
 * through holders of different kinds. So the first is a shortest one; its holder is the object nearest to the end through
 * which not all ways go, and the next way is a shortest one that avoids the holders found so far and those like them. When
 * there is none left the list is complete: who lets go of all of them frees the object.
 */
#ifndef ANALYZER_WAYS_H
#define ANALYZER_WAYS_H

#include "analyzer/heap.h"

#define WAYS_MAX 10

struct way {
	uint32_t *node;  /* the root first, the object last */
	uint32_t *edge;  /* edge[i] leads to node[i]; edge[0] is NO_EDGE */
	size_t n;        /* at least 1 */
	uint32_t holder; /* what tells it from the others; where all ways are one, the nearest object above */
	size_t n_alike;  /* holders of that kind, this one included: equal class, place and field, for the same object */
};

struct ways {
	struct mem *mem;
	struct way all[WAYS_MAX];
	size_t n;        /* 0: the object is unreachable but for weak references */
	int complete;    /* no way avoids all holders and those like them */
};

/* Up to `max` ways, at most WAYS_MAX. O(edges) each. */
int ways_find(struct ways *out, struct heap *h, uint32_t node, size_t max, struct err *e);
void ways_release(struct ways *w);

#endif
