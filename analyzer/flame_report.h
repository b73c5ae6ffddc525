/*
 * flame_report.h - whole call trees as data for a picture: tables that are drawn, not read.
 *
 *	frames   what boxes stand for: function, place, category, package
 *	stacks   the tree in pre-order, the heaviest child first; row 0 is the whole
 *	weights  own values of rows of `stacks`: per thread, or before and after
 *	runs     which row of `stacks` ran when, where times are known
 *
 * Trees of more nodes than FLAME_MOST_ROWS keep the heaviest ones; what is left out below a row is one more row below it,
 * without a frame, which gets its weights: nothing is lost but where exactly it ran.
 */
#ifndef ANALYZER_FLAME_REPORT_H
#define ANALYZER_FLAME_REPORT_H

#include "analyzer/profile_diff.h"
#include "analyzer/profile_report.h"

#define FLAME_MOST_ROWS 200000

/* Runs beyond that many are sampled: what ran longest in each of so many equal slices of time. */
#define FLAME_MOST_RUNS 60000

struct flame_tree {
	const struct view_node *nodes; /* parents stand before their children; none has a total below zero */
	size_t n;
	const uint32_t *frame_of;      /* by key: row of `frames` */
	size_t most_rows;              /* 0: FLAME_MOST_ROWS */
};

/*
 * Add the table `stacks`. `row_of` (by node, from the caller) is filled with the row that stands for the node: its own,
 * or that of the rest in which it went. O(nodes log nodes).
 */
int flame_add_stacks(struct report *r, const struct flame_tree *t, uint32_t *row_of, struct err *e);

/* Add the table `stacks` without rows in the place of the others; `why`, a constant, is what pages say there. */
int flame_add_nothing(struct report *r, const char *why, struct err *e);

#define FLAME_NEGATIVE                                                                                                 \
	"There is no picture: some values are below zero, as in the difference of two profiles, and no box is that narrow. " \
	"The tables have all values with their signs. To see two profiles as one picture, give both to profdiff, not their " \
	"difference."
#define FLAME_EMPTY "There is no picture: no stack has a value here. All of it is idle, or a filter leaves nothing."

/* Add the table `frames` with no rows, and its rows one by one. */
int flame_open_frames(struct report *r, int *table, struct err *e);
int flame_add_frame(struct report *r, int table, const struct profile_view *v, uint32_t key, struct err *e);

/* All tables for a profile, and those for a comparison: there weights have two sides and no threads. None unless drawn ones are wanted. */
int profile_add_flame(struct report *r, const struct profile_view *v, struct err *e);
int profile_diff_add_flame(struct report *r, const struct profile_diff *d, struct err *e);

/* The table `runs`, `row_of` being by node of the view. */
int flame_add_runs(struct report *r, const struct profile_view *v, const uint32_t *row_of, struct err *e);

#endif
