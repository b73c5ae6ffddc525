/*
 * match.h - which object of a heap is which object of an older snapshot.
 *
 * V8 keeps an object's id while the process and its profiler live, so two snapshots of one process are matched id by id.
 * Ids of embedder objects (even numbers) are made anew for each snapshot by Node, and an inspector session that ends
 * resets all; match_make() looks at what the ids of equal value stand for and says which mode holds.
 */
#ifndef ANALYZER_MATCH_H
#define ANALYZER_MATCH_H

#include "analyzer/analysis.h"
#include "analyzer/digest.h"

struct match {
	struct mem *mem;
	enum match_mode mode;   /* MATCH_ID or MATCH_STRUCTURE */
	int asked;              /* the user chose the mode */
	uint64_t n_common;      /* odd ids in both snapshots */
	uint64_t n_same;        /* of those, with equal type and name */
	int even_ids_comparable; /* ids of embedder objects mean something */
	uint32_t *old_of;       /* node -> object of the digest with its id, or NO_INDEX */
	uint64_t *kept;         /* bit set over the digest's objects: found again */
};

/*
 * Match by id and judge. The arrays are filled in both modes: DevTools' Comparison always goes by id. O(nodes).
 */
int match_make(struct match *out, const struct digest *old, const struct heap *h, enum match_mode asked,
	       struct err *e);
void match_release(struct match *m);

/* The digest's object for a node, or NO_INDEX when it is new or something else has its id. */
static inline uint32_t match_same(const struct match *m, const struct digest *old, const struct heap *h, uint32_t node)
{
	uint32_t i = m->old_of[node];

	return i != NO_INDEX && digest_has_type(old->kind[i], h->type[node]) ? i : NO_INDEX;
}

#endif
