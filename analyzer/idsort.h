/*
 * idsort.h - order of objects by their 64-bit ids.
 */
#ifndef ANALYZER_IDSORT_H
#define ANALYZER_IDSORT_H

#include "analyzer/heap.h"

/* Sort the `n` numbers in `order` by ids[number], ascending and stable. O(n) (radix sort); 4 bytes each while it runs. */
int idsort(struct mem *m, const struct col64 *ids, uint32_t *order, uint32_t n, struct err *e);

#endif
