/*
 * perf_order.h - puts the records of a perf.data file into the order of time. perf writes what each processor's buffer
 * holds, one after the other, and marks the ends of such rounds: a record after the second mark is not older than any
 * before the first. So two rounds are kept, sorted by time, equal times as they lie in the file.
 */
#ifndef FORMATS_PERF_ORDER_H
#define FORMATS_PERF_ORDER_H

#include "base/err.h"
#include "base/mem.h"

struct perf_waiting {
	uint64_t time, number; /* number: order in the file */
	size_t at;             /* in bytes */
};

struct perf_order {
	struct mem *mem;
	struct perf_waiting *rows;
	size_t n_rows, rows_capacity;
	unsigned char *bytes, *spare;
	size_t n_bytes, bytes_capacity, spare_capacity;
	uint64_t n_seen, newest; /* newest time so far */
	uint64_t limit;          /* newest time at the last mark */
	int (*deliver)(void *ctx, const unsigned char *record, uint64_t time, struct err *e);
	void *ctx;
};

void perf_order_init(struct perf_order *o, struct mem *m,
		     int (*deliver)(void *ctx, const unsigned char *record, uint64_t time, struct err *e), void *ctx);
void perf_order_release(struct perf_order *o);

/* Take a whole record; it is delivered later, or at once when more waits than perf's buffers can hold. */
int perf_order_add(struct perf_order *o, const unsigned char *record, size_t n, uint64_t time, struct err *e);

/* The end of a round. */
int perf_order_mark(struct perf_order *o, struct err *e);

/* The end of the input: deliver all. */
int perf_order_flush(struct perf_order *o, struct err *e);

#endif
