/*
 * gzip_sink.h - a byte sink that compresses what passes through it. The same bytes give the same file: no name, no time.
 */
#ifndef ANALYZER_GZIP_SINK_H
#define ANALYZER_GZIP_SINK_H

#include <stddef.h>

#include "analyzer/analysis.h"
#include "base/mem.h"

struct gzip_sink;

/* `*plain` is where to write; what comes out goes to `to`, which is borrowed. ERR_MEMORY. */
int gzip_sink_open(struct gzip_sink **g, struct mem *m, const struct byte_sink *to, struct byte_sink *plain,
		   struct err *e);

/* Write the end of the stream. What `to` returns. */
int gzip_sink_finish(struct gzip_sink *g, struct err *e);

/* NULL is allowed. Without gzip_sink_finish() the file is cut. */
void gzip_sink_free(struct gzip_sink *g);

#endif
