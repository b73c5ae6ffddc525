/*
 * group_tree.h - the dominator tree folded by structure (groups.h) as a tree of the report: what a flamegraph of memory
 * shows. A row is a group: all objects of one class under the same owner, with everything that would be freed with them.
 *
 * Every row is the sum of its own objects and of its child rows, exactly: groups that are too small for a row of their
 * own are one rest row under their parent, and what only the older snapshot had is one "gone" row under what is left of
 * its owners.
 */
#ifndef ANALYZER_GROUP_TREE_H
#define ANALYZER_GROUP_TREE_H

#include "analyzer/groups.h"
#include "analyzer/report.h"

/* "composition": one snapshot. O(groups). */
int report_add_composition(struct report *r, const struct heap *h, const struct groups *groups, int show_values,
			   struct err *e);

/* "growth_tree": what came and went between `before` and the heap, whose groups are `after`. O(groups). */
int report_add_growth_tree(struct report *r, const struct heap *h, const struct groups *after,
			   const struct groups *before, int show_values, struct err *e);

#endif
