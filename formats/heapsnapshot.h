/*
 * heapsnapshot.h - V8's .heapsnapshot (and .heaptimeline) as a stream of sections.
 *
 * Knows the JSON shape and the `meta` that describes it, not what the numbers mean together: that is the sink's
 * (analyzer/heap_load.c). Field positions and type names come from the file. Sections may stand in any order; where
 * numbers come before their `meta`, the input is read twice if it is a file.
 * Source of the format: v8/src/profiler/heap-snapshot-generator.cc (HeapSnapshotJSONSerializer).
 */
#ifndef FORMATS_HEAPSNAPSHOT_H
#define FORMATS_HEAPSNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/run.h"
#include "base/strtab.h"
#include "formats/json_numbers.h"
#include "formats/json_value.h"
#include "formats/source.h"

/* The flat number arrays of the file. */
enum heap_section {
	HEAP_NODES,
	HEAP_EDGES,
	HEAP_LOCATIONS,
	HEAP_SAMPLES,
	HEAP_TRACE_FUNCTIONS,
	HEAP_N_SECTIONS,
};

#define HEAP_MAX_FIELDS 32
#define HEAP_MAX_TYPES 64

/* Names are NUL-terminated and live as long as the meta. */
struct heap_fields {
	const char *names[HEAP_MAX_FIELDS];
	unsigned n;
};

struct heap_types {
	const char *names[HEAP_MAX_TYPES];
	unsigned n;
};

struct heap_meta {
	struct arena arena;
	struct heap_fields fields[HEAP_N_SECTIONS]; /* n == 0: the file does not have the section */
	struct heap_types node_types, edge_types;
	uint64_t node_count, edge_count;            /* promises of the header, not to be trusted */
	uint64_t extra_native_bytes;
	uint64_t root_index;                        /* offset into `nodes`, as written */
	int seen;
};

/* Position of a field in its section's records, or -1. */
int heap_meta_field(const struct heap_meta *m, enum heap_section s, const char *name);

struct heap_sink {
	void *ctx;
	/* The header is known. `input_bytes` is an upper bound of what follows, 0 when unknown. */
	int (*meta)(void *ctx, const struct heap_meta *m, uint64_t input_bytes, struct err *e);
	/* See struct number_sink; indices count single numbers. */
	int (*reserve)(void *ctx, enum heap_section s, uint64_t need, uint64_t *room, struct err *e);
	int (*take)(void *ctx, enum heap_section s, uint64_t first, const uint64_t *v, size_t n, size_t *bad,
		    struct err *e);
	struct strtab *strings; /* filled in file order; NULL: they are skipped */
	/* All events of a section that is no array of numbers: the header, trace trees, scopes. NULL: not wanted. */
	int (*value)(void *ctx, const char *key, enum json_event event, struct str text, unsigned depth, struct err *e);
};

/* How far the reading came, also on failure. */
struct heap_progress {
	uint64_t n[HEAP_N_SECTIONS];   /* numbers read */
	int complete[HEAP_N_SECTIONS]; /* the section's end was seen */
	int strings_complete;
	int seen_strings;
	uint64_t offset;               /* decoded bytes that were read without fault */
	uint64_t trace_nodes;          /* containers in trace_tree: more than 2 when allocations were tracked */
};

struct heap_read_options {
	size_t read_bytes; /* ask the source for at most so many bytes at once; 0: whole windows */
};

/*
 * Read the whole input. Sections that this program does not know are skipped with the diagnostic "unknown-section".
 * ERR_FORMAT, ERR_TRUNCATED, ERR_UNSUPPORTED (a JSON of another kind), ERR_IO, ERR_MEMORY, ERR_CANCELLED, or what the
 * sink returns. `meta` must be released in any case. With a single thread in the run, `take` is called in file order.
 */
int heapsnapshot_read(struct run *run, struct source *src, const struct heap_read_options *o,
		      const struct heap_sink *sink, struct heap_meta *meta, struct heap_progress *p, struct err *e);

void heap_meta_release(struct heap_meta *m);

#endif
