/*
 * candidates.h - what in a single snapshot is worth a look: without a comparison nothing says what is new, so size and number
 * have to.
 */
#ifndef ANALYZER_LEAKS_CANDIDATES_H
#define ANALYZER_LEAKS_CANDIDATES_H

#include "analyzer/growth.h"
#include "analyzer/sections.h"

#define MAX_CANDIDATES 256

struct candidates {
	struct growth_candidate all[MAX_CANDIDATES]; /* largest first */
	size_t n;
};

/*
 * Accumulation points of the dominator tree (Eclipse MAT, FindLeaksQuery: the retained size drops below 0.7 in every child),
 * long collections, rings of timers, long lists. O(nodes).
 */
int candidates_find(struct candidates *out, const struct heap *h, const struct sections *sections, struct err *e);

#endif
