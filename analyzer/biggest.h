/*
 * biggest.h - the largest objects of a heap by what they retain, each with its way from the root.
 *
 * By retained size alone the list would name one leak ten times: its array, the store of that, what holds the array, and
 * so on up to the root. So an object has a row only where it is the one to look at: the last one that still retains nine
 * tenths of what those above it do, the head of a chain of one class, the object and not the stores that V8 keeps it in.
 */
#ifndef ANALYZER_BIGGEST_H
#define ANALYZER_BIGGEST_H

#include "analyzer/heap.h"
#include "analyzer/report.h"

/*
 * Add the table "biggest": at most fifty objects from a thousandth of the heap on. O(children of such objects), which
 * is O(nodes) where one Map holds everything.
 */
int biggest_report(struct report *r, const struct heap *h, int show_values, struct err *e);

#endif
