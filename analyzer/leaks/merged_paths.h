/*
 * merged_paths.h - how the members of a group are held: their shortest ways from the root, laid over one another.
 *
 * Steps merge that go to objects of one class by one name; indices count as one name, and so do the names of an object that
 * is used as a table. The tree begins where the ways first part, or at the last object before. (Eclipse MAT,
 * MultiplePath2GCRootsQuery, merges by class.)
 */
#ifndef ANALYZER_LEAKS_MERGED_PATHS_H
#define ANALYZER_LEAKS_MERGED_PATHS_H

#include "analyzer/leaks/suspect_groups.h"

/* One row of the tree, in pre-order. */
struct merged_step {
	int64_t parent;              /* row, -1: the first */
	const struct node_ref *node; /* its name only where all ways go through one object; NULL: the rest of the parent's */
	struct str edge;             /* "[]" for an index, "(any name)"; absent in the first row */
	uint64_t count, bytes;       /* members behind it that were looked at, and what they retain */
};

struct merged_paths {
	struct merged_step *steps;
	size_t n;
	uint64_t n_looked_at;        /* all members, or every n-th when there are more than ten thousand */
	uint32_t typical;            /* a member by the way that most go */
};

/* Rows and texts are allocated in `a`. O(members x depth), at most 10,000 members and 32 steps. */
int merged_paths_make(struct merged_paths *out, const struct heap *h, const struct suspect_group *g, struct arena *a,
		      struct err *e);

#endif
