/*
 * detached.h - nodes of a page that are in no document any more, and who keeps them.
 */
#ifndef ANALYZER_DETACHED_H
#define ANALYZER_DETACHED_H

#include "analyzer/heap.h"
#include "analyzer/report.h"

/*
 * Add the table "detached": a row for all nodes of one class that are kept by objects of one class through one field, as
 * the shortest way from the root goes. No table where no node is detached. O(nodes) for looking; then 4 bytes a node and
 * O(detached nodes * log).
 */
int detached_report(struct report *r, const struct heap *h, int show_values, struct err *e);

#endif
