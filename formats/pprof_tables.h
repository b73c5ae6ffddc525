/*
 * pprof_tables.h - what a pprof message says, before its references can be resolved.
 *
 * The messages of a profile come in any order, and every known writer puts the samples first and the strings last. So
 * samples are folded as they come: equal stacks (by the bytes of their location ids) and equal label sets (by their
 * bytes) are one, and values are summed by both. What is kept grows with distinct stacks and label sets, with the
 * locations, functions and strings - not with the samples.
 */
#ifndef FORMATS_PPROF_TABLES_H
#define FORMATS_PPROF_TABLES_H

#include "base/run.h"
#include "base/strbuf.h"
#include "formats/memo.h"
#include "formats/profile_sink.h"
#include "formats/wire.h"

struct pprof_type {
	uint64_t type, unit; /* strings */
};

struct pprof_mapping {
	uint64_t id, start, limit, offset;
	uint64_t file; /* string */
};

struct pprof_line {
	uint64_t function; /* id */
	uint64_t line;     /* as written: may hold the column in its upper half */
};

struct pprof_location {
	uint64_t id, mapping, address;
	size_t first_line, n_lines; /* innermost inlined function first */
};

struct pprof_function {
	uint64_t id;
	uint64_t name, file; /* strings */
	uint64_t start_line;
};

/* Growing array: pointer, count, capacity. */
#define PPROF_ARRAY(type) \
	struct { \
		type *rows; \
		size_t n, capacity; \
	}

struct pprof {
	struct mem *mem;
	struct strtab strings;
	PPROF_ARRAY(struct pprof_mapping) mappings;
	PPROF_ARRAY(struct pprof_location) locations;
	PPROF_ARRAY(struct pprof_line) lines;
	PPROF_ARRAY(struct pprof_function) functions;
	PPROF_ARRAY(uint64_t) comments;

	struct pprof_type types[PROFILE_MAX_VALUES];
	size_t n_types;

	struct memo stacks;     /* location ids as varints, innermost first */
	struct memo labels;     /* label messages, each behind its field's tag; number 0: none */
	uint64_t *sums;         /* pairs: number of the stack << 32 | of the labels */
	size_t n_sums, sums_capacity;
	struct hash_index sums_index;
	int64_t *values;        /* n_values of each sum */
	size_t values_capacity;
	size_t n_values;        /* of every sample; fixed by the first */
	uint64_t n_samples;

	struct strbuf stack_key, label_key; /* of the sample at hand */

	uint64_t drop_frames, keep_frames, default_type; /* strings */
	struct pprof_type period_type;
	int64_t period, time_ns, duration_ns;
};

int pprof_init(struct pprof *p, struct mem *m, struct err *e);
void pprof_release(struct pprof *p);

/* Take one field of the outermost message. `offset` is where it lies, for errors. ERR_FORMAT, ERR_MEMORY. */
int pprof_take(struct pprof *p, const struct wire_field *f, uint64_t offset, struct err *e);

#endif
