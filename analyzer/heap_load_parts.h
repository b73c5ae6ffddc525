/*
 * heap_load_parts.h - between the files of heap_load(): what is known while the number arrays come in.
 */
#ifndef ANALYZER_HEAP_LOAD_PARTS_H
#define ANALYZER_HEAP_LOAD_PARTS_H

#include <pthread.h>

#include "analyzer/heap.h"
#include "analyzer/heap_places.h"
#include "formats/heapsnapshot.h"

struct loader {
	struct heap *h;
	const struct heap_load_options *o;
	struct heap_meta meta;
	struct heap_progress progress;
	unsigned n_fields[HEAP_N_SECTIONS];
	int role[HEAP_N_SECTIONS][HEAP_MAX_FIELDS];
	uint8_t type_of[HEAP_MAX_TYPES];       /* file's node type -> ours */
	uint8_t edge_type_of[HEAP_MAX_TYPES];
	uint64_t input_bytes;
	uint64_t reserved[HEAP_N_SECTIONS];    /* records the columns have room for */
	struct raw_location *locations;
	pthread_mutex_t lock;                  /* for the rare: high halves, new types */
};

/*
 * The part of struct heap_sink that fills the columns; `ctx` is the loader. Batches of numbers come from several threads at
 * a time, each for records of its own.
 */
int heap_columns_meta(void *ctx, const struct heap_meta *m, uint64_t input_bytes, struct err *e);
int heap_columns_reserve(void *ctx, enum heap_section s, uint64_t need, uint64_t *room, struct err *e);
int heap_columns_take(void *ctx, enum heap_section section, uint64_t first, const uint64_t *v, size_t n, size_t *bad,
		      struct err *e);

/* Room for `n` edges. */
int heap_columns_edges(struct loader *l, uint64_t n, struct err *e);

#endif
