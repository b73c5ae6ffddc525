/*
 * groups.h - objects by structure: the dominator tree folded by class, for comparing what shares no ids.
 *
 * A group is a way down the dominator tree in terms of classes (with the file and line of the class where known) and of
 * the property names on it, indices left out: "global > sessions: Map > Session > Array". So are the keys of an object
 * that is used as a table (32 values of one class and more, functions apart). A class that comes back on the way does not
 * make the way longer (lists and trees of any depth are one group). Groups of two processes are the same when their
 * signatures are.
 * The idea is LeakCanary's (shark, ObjectGrowthDetector), on dominators instead of shortest paths so that sizes nest.
 */
#ifndef ANALYZER_GROUPS_H
#define ANALYZER_GROUPS_H

#include "analyzer/heap.h"

struct group {
	uint64_t signature;
	uint64_t count;          /* members */
	uint64_t self_bytes;     /* of the members */
	uint64_t retained_bytes; /* of the members that are not under another member */
	uint64_t sample_bytes;   /* what the sample retains */
	uint32_t sample;         /* node: the member that retains the most, the first on a tie */
	uint32_t parent;         /* group number; the root group's is itself */
	uint32_t largest;        /* node: the member with the largest self size, the first on a tie */
	uint64_t largest_bytes;  /* that size */
};

struct groups {
	struct mem *mem;
	struct group *all;       /* parents before their children; 0 is the root's */
	size_t n, capacity;
	uint32_t *slot;          /* open addressing by signature */
	size_t n_slots;
	uint32_t *of_node;       /* group of each node; NULL unless asked for */
};

/* `keep_nodes`: fill of_node. O(nodes). */
int groups_make(struct groups *out, const struct heap *h, int keep_nodes, struct err *e);
/* Give back which node is in which group, when only the groups are wanted. */
void groups_forget_nodes(struct groups *g);

void groups_release(struct groups *g);

/* Group number by signature, or NO_NODE. */
uint32_t groups_find(const struct groups *g, uint64_t signature);

#endif
