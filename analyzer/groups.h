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

/*
 * The same as tasks beside others: after groups_begin() one groups_slice() for each of `n_slices`, from any thread, and
 * groups_end(), which puts the slices together. Neither the number of slices nor their timing changes the result.
 */
#define GROUPS_MAX_SLICES 16

struct groups_work {
	const struct heap *h;
	unsigned n_slices;
	uint32_t first[GROUPS_MAX_SLICES + 1]; /* positions */
	uint64_t *class_hash;    /* by class */
	uint32_t *of_node;       /* NULL unless asked for */
	struct groups_slice {
		struct groups groups;
		uint32_t *number;  /* of each of them among all */
	} slices[GROUPS_MAX_SLICES];
};

/* How many slices are worth it on this run's threads. */
unsigned groups_slices_for(const struct heap *h);

/* On failure nothing is left to release. */
int groups_begin(struct groups_work *w, const struct heap *h, int keep_nodes, unsigned n_slices, struct err *e);
int groups_slice(struct groups_work *w, unsigned slice, struct err *e);

/* `failed`: what is returned when not 0, as a slice failed. Releases the work in any case. */
int groups_end(struct groups_work *w, struct groups *out, int failed, struct err *e);

void groups_release(struct groups *g);

/* Group number by signature, or NO_NODE. */
uint32_t groups_find(const struct groups *g, uint64_t signature);

/* What the group with that signature retains; 0 when there is none. */
uint64_t groups_retained(const struct groups *g, uint64_t signature);

#endif
