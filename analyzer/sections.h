/*
 * sections.h - three views of one heap that engineers ask for by name: collections with their lengths, closures by
 * function, event listeners by emitter, event and function.
 *
 * sections_collect() runs while a heap is loaded and keeps what is needed to compare it with a later one; it owns its
 * texts. sections_report() sets the lists of all snapshots side by side as the report's tables "arrays", "closures" and
 * "listeners". How the structures look in the graph: docs/numbers.md.
 */
#ifndef ANALYZER_SECTIONS_H
#define ANALYZER_SECTIONS_H

#include "analyzer/analysis.h"
#include "analyzer/heap.h"
#include "analyzer/report.h"
#include "analyzer/section_names.h"

enum collection_kind {
	COLLECTION_ARRAY,
	COLLECTION_NUMBERS,
	COLLECTION_MAP,
	COLLECTION_SET,
	COLLECTION_OBJECT,
	COLLECTION_ELEMENT,
};

extern const char *const collection_kinds[]; /* as reports say */

/*
 * An Array, Map, Set, WeakMap, object used as a table, or element of a page. `length` counts entries, or slots of the store where V8
 * writes no edges, of an element its children of the class that has the most.
 */
struct collection {
	uint64_t id;
	uint64_t signature;      /* ref_path_signature(); 0 where not computed */
	uint64_t retained_bytes;
	uint64_t self_bytes;
	uint32_t node;           /* valid while the heap is */
	uint32_t length;
	uint8_t kind;            /* enum collection_kind */
};

struct closure_group {
	struct str function, script; /* script "" when unknown */
	uint32_t script_id, line, column; /* 0-based; meaningful when located */
	int located;
	uint64_t count, retained_bytes;   /* retained: outermost ones only, like a class */
};

struct listener_group {
	uint64_t emitter_id;
	struct str emitter_class, event, function, script;
	uint32_t script_id, line, column;
	int located;
	uint64_t count, retained_bytes;
};

struct sections {
	struct mem *mem;
	struct arena arena;
	struct collection *collections; /* sorted by id */
	size_t n_collections, collections_capacity;
	struct closure_group *closures;
	size_t n_closures, closures_capacity;
	struct listener_group *listeners;
	size_t n_listeners, listeners_capacity;
};

/* Fill `out` (initialised here). O(nodes + edges of collections and emitters). */
int sections_collect(struct heap *h, struct sections *out, struct err *e);

/*
 * The same as a part of heap_analyze_with(). sections_prepare() initialises `out`, which needs a release from then on
 * whatever comes of it; the heap must be loaded.
 */
struct sections_work {
	struct heap *h;
	struct section_names names;
	struct sections *out;
};

struct heap_task sections_prepare(struct sections_work *w, struct heap *h, struct sections *out);
void sections_release(struct sections *s);

struct sections_view {
	const struct sections *const *lists; /* oldest first */
	size_t n;                            /* at least 1; with 1 the deltas are 0 and the rows are sorted by size */
	int by_id;                           /* collections and emitters are the same when their ids are */
	const struct heap *last;             /* heap of the newest, still loaded */
	const struct analysis_options *options;
	int (*wanted)(void *ctx, struct str class_name); /* --filter; NULL: all */
	void *wanted_ctx;
};

/* Add the three tables to the report. Rows that did not change are left out when n > 1. */
int sections_report(struct report *r, const struct sections_view *v, struct err *e);

#endif
