/*
 * profile_tree_report.h - a tree of view nodes as a table of the report, cut by size.
 *
 * Every row is a node or the rest of its parent's children, so that totals add up at each level.
 */
#ifndef ANALYZER_PROFILE_TREE_REPORT_H
#define ANALYZER_PROFILE_TREE_REPORT_H

#include "analyzer/profile_report.h"

struct tree_part {
	const char *key, *title, *note;
	const struct view_node *nodes; /* node 0 is the root, a parent stands before its children */
	size_t n;
	struct str root_name;          /* what to call the root; s == NULL: its children are the top level */
};

int profile_add_tree_part(struct report *r, const struct profile_view *v, const struct tree_part *part, struct err *e);

#endif
