/*
 * groups_parts.h - between the files of groups: one slice of the dominator tree's order.
 */
#ifndef ANALYZER_GROUPS_PARTS_H
#define ANALYZER_GROUPS_PARTS_H

#include "analyzer/groups.h"

/* Number of the group with that signature; a new one has no members yet. */
int groups_enter(struct groups *g, uint64_t signature, uint32_t parent, uint32_t *out, struct err *e);

/* groups_walk.c: what stands for a class in signatures; the same in another process. */
uint64_t groups_hash_class(const struct heap *h, const struct heap_class *c);

/*
 * groups_walk.c: the groups of the positions first..end-1, and before them, without members, those of the dominators of
 * `first`. `out` is empty and has its `mem`; released by the caller also after a failure. `of_node`: filled for the nodes
 * at these positions, unless NULL. O(end - first), and O(first) to find the dominators.
 */
int groups_walk(struct groups *out, const struct heap *h, const uint64_t *class_hash, uint32_t *of_node, uint32_t first,
		uint32_t end, struct err *e);

#endif
