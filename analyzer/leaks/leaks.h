/*
 * leaks.h - from growth to findings: what leaks, how sure, where in the code, and what to do.
 *
 * Every growth point (growth.h) becomes a suspect: what accumulates, what it holds that is new, and how both developed
 * over the snapshots. The detectors (detectors.c: one file and one row per kind) are asked whose case it is; the one
 * that knows it best names it, argues for and against, and gives advice. Then the verdict is drawn from the series
 * alone (verdict.c), the same for all kinds:
 *
 *   leak      it grew every time in three or more snapshots; or in two, and the structure itself proves it
 *   suspect   it is large or many in a single snapshot, which cannot show growth
 *   growth    it grew, and the snapshots cannot say whether it goes on
 *   bounded   it grew and then stopped: a cache that is full, a pool, a backlog that is being worked off
 *   artifact  V8 or Node at work: compiled code, feedback, modules loaded for the first time
 *
 * Two points that hold the same objects are one finding with two paths.
 */
#ifndef ANALYZER_LEAKS_LEAKS_H
#define ANALYZER_LEAKS_LEAKS_H

#include "analyzer/comparison.h"

struct merged_paths;

enum verdict { VERDICT_LEAK, VERDICT_GROWTH, VERDICT_SUSPECT, VERDICT_BOUNDED, VERDICT_ARTIFACT };

extern const char *const verdict_words[];

#define LEAK_SAMPLES 5

/* One finding. Everything in it lives in the arena given to leaks_find(). */
struct leak {
	const char *kind;
	enum verdict verdict;
	unsigned confidence;            /* percent */
	int of_system;                  /* held by the root or by handles: who made them says more, if it is found */
	struct str title;
	uint64_t *counts, *retained;    /* one per snapshot; counts NULL when they cannot be known */
	int64_t count_delta;            /* 0 when not known */
	int64_t retained_delta_bytes;   /* of all points in this finding */
	int64_t exclusive_bytes;        /* what fixing it frees at least */
	int64_t share;                  /* of the heap's growth, hundredths of a percent */
	const struct node_ref *holder;
	struct item_ref *item;
	const struct place *location;
	const struct path *path, *second_path;
	const struct merged_paths *merged; /* of a group suspect; NULL: of others */
	struct number_list samples;     /* ids of the newest items */
	struct str_list reasons_for, reasons_against;
	const char *advice;
	uint64_t fingerprint;           /* of kind, holder and item; equal in other runs and processes */
};

struct leaks {
	struct mem *mem;
	struct leak *all;               /* by verdict, those of the system last; by growth explained */
	size_t n;
};

/* Judge a comparison. Paths, names and sentences are allocated in `a`. O(growth points x their items + nodes). */
int leaks_find(struct leaks *out, struct arena *a, const struct comparison *c, int show_values, struct err *e);
void leaks_release(struct leaks *l);

/*
 * Suspects of a single snapshot: what holds much of the heap in many pieces (Eclipse MAT's accumulation points), what is
 * there in a number that nobody means (listeners on one event, timers with one callback, errors, empty weak references), and
 * groups of objects that are much together but pile up nowhere (suspect_groups.h). O(nodes + edges).
 */
int leaks_suspect(struct leaks *out, struct arena *a, struct heap *h, const struct sections *sections, int show_values,
		  struct err *e);

#endif
