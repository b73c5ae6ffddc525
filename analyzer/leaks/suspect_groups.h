/*
 * suspect_groups.h - many objects of one kind, each small, which together are a big part of the heap and pile up at no single
 * object: the group suspects of Eclipse MAT (FindLeaksQuery).
 *
 * MAT looks at the top level of the dominator tree alone. Here nearly everything hangs below the global object or the
 * context of a module, so the members of a group are looked for at all levels: those that no other member holds, outside of
 * what a single suspect explains. Objects of the language itself that every program has (strings, code, shapes, plain
 * arrays and Maps) make no group.
 */
#ifndef ANALYZER_LEAKS_SUSPECT_GROUPS_H
#define ANALYZER_LEAKS_SUSPECT_GROUPS_H

#include "analyzer/leaks/suspect.h"
#include "analyzer/sections.h"

#define SUSPECT_GROUPS_MAX 16

struct suspect_group {
	uint32_t *members;     /* none below another, in the order of the dominator tree */
	size_t n, capacity;
	uint64_t bytes;        /* retained by all of them */
	uint32_t class_, place; /* place is number + 1 and told apart for functions only, 0 for others */
	uint32_t holder;       /* the nearest object that holds four fifths of `bytes` */
	int direct;            /* it holds them itself: they do pile up at one object, which is no collection of the user's */
};

/* What most of a single suspect consists of, below the objects that it refers to: the members of a few rooms. */
struct suspect_bulk {
	uint32_t sample;
	uint64_t n, bytes; /* 0: the objects themselves are most of it */
};

struct suspect_groups {
	struct mem *mem;
	struct suspect_group all[SUSPECT_GROUPS_MAX]; /* largest first */
	size_t n;
};

/*
 * Find them, beside the single suspects that are told, and the bulk of each of those (`bulks`, n_told and zeroed). Class rows
 * say which classes come into question; without any nothing is walked. O(nodes). Released also after a failure.
 */
int suspect_groups_find(struct suspect_groups *out, const struct heap *h, const struct sections *sections,
			const struct suspect *const *told, size_t n_told, struct suspect_bulk *bulks, struct err *e);
void suspect_groups_release(struct suspect_groups *g);

#endif
