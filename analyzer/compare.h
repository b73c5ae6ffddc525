/*
 * compare.h - class rows of an older snapshot beside those of a newer one.
 *
 * Membership is DevTools' Comparison: objects with a (folded) self size, plain objects of the old snapshot named by the
 * interfaces of the new one; an object is new or deleted when its id is in one snapshot's class only. On top of that each
 * row knows what grew in place, which DevTools does not show.
 */
#ifndef ANALYZER_COMPARE_H
#define ANALYZER_COMPARE_H

#include "analyzer/match.h"

struct class_row {
	struct str name;
	enum class_origin origin;
	struct str script;              /* "" when unknown */
	uint32_t script_id, line, column; /* 0-based */
	int located;
	uint32_t new_class;             /* index into the heap's classes, or NO_INDEX */
	uint64_t count_before, count_after;
	uint64_t self_before, self_after, retained_before, retained_after; /* bytes */
	uint64_t added, removed, added_bytes, removed_bytes; /* by id; self sizes */
	uint64_t grown;                 /* objects in both whose own or retained size changed */
	int64_t grown_bytes;            /* change of their self sizes */
	uint64_t order;                 /* of first appearance, for ties */
};

struct compare {
	struct mem *mem;
	struct class_row *rows;
	size_t n, capacity;
	uint32_t *row_of_class;         /* the digest's classes -> row */
	uint32_t *row_of_shape;         /* the digest's shapes -> row */
	uint32_t *slot;                 /* open addressing: row + 1 by what makes a class */
	size_t n_slots;
	int by_script_name;
	uint64_t added, removed, grown, added_bytes, removed_bytes;
	int64_t grown_bytes;
};

/*
 * `by_script_name`: classes with a place are the same when file name, line and column are (else: script id, as DevTools
 * has it), and in structure mode new and deleted are differences of the class rows, as no ids can be counted. Otherwise
 * they are counted by id, as DevTools does. The first rows are the heap's classes, in their order. O(nodes).
 */
int compare_make(struct compare *out, const struct digest *old, const struct heap *h, const struct match *m,
		 int by_script_name, struct err *e);
/*
 * Counts and retained bytes that the rows have in another digest, into arrays of c->n entries; classes without a row are
 * left out. For the series of more than two snapshots. O(nodes).
 */
int compare_series(const struct compare *c, const struct digest *d, const struct heap *h, int64_t *counts,
		   int64_t *retained, struct err *e);

void compare_release(struct compare *c);

#endif
