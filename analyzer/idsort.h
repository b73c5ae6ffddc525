/*
 * idsort.h - order of objects by their 64-bit ids.
 */
#ifndef ANALYZER_IDSORT_H
#define ANALYZER_IDSORT_H

#include "analyzer/heap.h"

/* Numbers 0..n-1 into `order`, ascending by ids[number], stable. O(n) (radix sort). */
int idsort(struct mem *m, const struct col64 *ids, uint32_t n, uint32_t *order, struct err *e);

#endif
