/*
 * drained.h - what was full in between and is not any more: a backlog that was worked off. It is told so that nobody who saw
 * it in two of the snapshots takes it for a leak.
 */
#ifndef ANALYZER_LEAKS_DRAINED_H
#define ANALYZER_LEAKS_DRAINED_H

#include "analyzer/leaks/leaks.h"

#define MAX_DRAINED 8

/*
 * Up to MAX_DRAINED rows with the verdict "bounded", largest first, for collections of one process that had many more entries
 * in a snapshot between the first and the last than in these. `*n` is how many. O(collections + nodes).
 */
int drained_find(struct leak *out, size_t *n, struct arena *a, const struct comparison *c, struct err *e);

#endif
