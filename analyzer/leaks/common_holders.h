/*
 * common_holders.h - what refers to the members of a group. Their shortest ways show one holder of each; what several
 * collections keep is let go only when all of them let go.
 */
#ifndef ANALYZER_LEAKS_COMMON_HOLDERS_H
#define ANALYZER_LEAKS_COMMON_HOLDERS_H

#include "analyzer/leaks/suspect_groups.h"

#define COMMON_HOLDERS_MAX 32

struct common_holder {
	uint32_t class_;
	uint32_t node;       /* the first one found; of a backing store the object that has it */
	int several;         /* there are more of the class */
	uint64_t references; /* to members */
};

struct common_holders {
	struct common_holder all[COMMON_HOLDERS_MAX]; /* most references first */
	size_t n;
};

/* Holders by class, but for weak references and what the members refer to one another by. O(edges). */
int common_holders_find(struct common_holders *out, const struct heap *h, const struct suspect_group *g, struct err *e);

/* Is it one object of a program's that has at least four fifths of them? */
int common_holder_has_all(const struct common_holder *c, const struct heap *h, const struct suspect_group *g);

/* Do the members refer to one another, once or twice each, and nothing else to all of them? */
int common_holders_are_linked(const struct common_holders *c, const struct suspect_group *g);

#endif
