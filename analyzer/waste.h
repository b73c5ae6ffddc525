/*
 * waste.h - memory of a single snapshot that holds nothing of use: empty Maps and Sets, tables far larger than what is in
 * them. Strings have a view of their own (view_strings.c), which takes longer.
 */
#ifndef ANALYZER_WASTE_H
#define ANALYZER_WASTE_H

#include "analyzer/heap.h"
#include "analyzer/report.h"
#include "analyzer/sections.h"

enum waste_kind { WASTE_EMPTY, WASTE_LARGE, WASTE_COPIES, WASTE_BLOCKS, N_WASTE };

struct waste {
	uint64_t count, bytes;
	uint32_t sample; /* the largest one; NO_NODE: none */
	uint64_t largest;
};

/* Look for all kinds: `out` has N_WASTE of them. Only reads the heap. O(nodes). */
int waste_find(struct waste *out, const struct heap *h, const struct sections *sections, struct err *e);

/* Add the table "waste": a row per kind that is worth a thousandth of the heap (of copies of strings, a hundredth). */
int waste_report(struct report *r, struct heap *h, const struct waste *found, struct err *e);

#endif
