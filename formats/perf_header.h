/*
 * perf_header.h - what a perf.data file says before and behind its records: where they lie, the events, what they are
 * called, which builds of files were running.
 */
#ifndef FORMATS_PERF_HEADER_H
#define FORMATS_PERF_HEADER_H

#include "base/arena.h"
#include "formats/feed.h"
#include "formats/memo.h"
#include "formats/perf_attr.h"
#include "formats/perf_modules.h"

/* More events than perf opens at once. */
#define PERF_MAX_ATTRS 4096

struct perf_header {
	struct run *run;
	struct arena arena;           /* names */
	struct perf_attr *attrs;
	size_t n_attrs, attrs_capacity;
	struct memo ids;              /* of events */
	uint32_t *attr_of_id;
	size_t attr_of_id_capacity;
	struct str version;           /* of perf; "" unknown */
	int is_pipe;
	uint64_t data_offset, data_bytes;
	uint64_t features[4];
	uint64_t n_damaged;           /* parts of the header that say nothing sensible */
};

#define PERF_MAGIC "PERFILE2"
#define PERF_MAGIC_SWAPPED "2ELIFREP"
#define PERF_MAGIC_OLD "PERFFILE"

void perf_header_init(struct perf_header *h, struct run *run);
void perf_header_release(struct perf_header *h);

/*
 * Read from the first byte to the first record. ERR_UNSUPPORTED for version 1 and for machines of the other byte order,
 * ERR_FORMAT, ERR_TRUNCATED.
 */
int perf_header_begin(struct perf_header *h, struct feed *in, struct err *e);

/* Behind the records of a file: names of events, builds of files. */
int perf_header_end(struct perf_header *h, struct feed *in, struct perf_modules *modules, struct err *e);

/* A record of a pipe that stands for a part of the header; `n` bytes of its body. */
int perf_header_attr_record(struct perf_header *h, const unsigned char *body, size_t n, struct err *e);
int perf_header_feature(struct perf_header *h, uint64_t feature, const unsigned char *body, size_t n,
			struct perf_modules *modules, struct err *e);

/* One entry of the table of builds; also a record of its own in a pipe. `n` bytes of the body. */
int perf_header_build(struct perf_header *h, const unsigned char *body, size_t n, struct perf_modules *modules,
		      struct err *e);

/* The event with that id, NULL: none. */
const struct perf_attr *perf_header_event(struct perf_header *h, uint64_t id, struct err *e);

/* Do all events lay out their records alike? */
int perf_header_uniform(const struct perf_header *h);

#endif
