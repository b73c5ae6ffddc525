/*
 * waste.h - memory of a single snapshot that holds nothing of use: empty Maps and Sets, tables far larger than what is in
 * them. Strings have a view of their own (view_strings.c), which takes longer.
 */
#ifndef ANALYZER_WASTE_H
#define ANALYZER_WASTE_H

#include "analyzer/heap.h"
#include "analyzer/report.h"
#include "analyzer/sections.h"

/* Add the table "waste": a row per kind that is worth a thousandth of the heap. O(nodes). */
int waste_report(struct report *r, struct heap *h, const struct sections *sections, struct err *e);

#endif
