/*
 * perf_unpack.h - compressed records of perf.data: one zstd stream over the whole file, cut into records as it falls.
 */
#ifndef FORMATS_PERF_UNPACK_H
#define FORMATS_PERF_UNPACK_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct perf_unpack;

int perf_unpack_new(struct perf_unpack **out, struct mem *m, struct err *e);
void perf_unpack_free(struct perf_unpack *u);

/*
 * Unpack a fragment and hand each whole record in it to `fn`; a record that goes on in the next fragment waits.
 * ERR_FORMAT for damaged data, and what `fn` returns.
 */
int perf_unpack_feed(struct perf_unpack *u, const unsigned char *bytes, size_t n,
		     int (*fn)(void *ctx, const unsigned char *record, size_t n, struct err *e), void *ctx, struct err *e);

#endif
