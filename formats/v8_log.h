/*
 * v8_log.h - the log that `node --prof` writes: code as it is made, moved and thrown away, and ticks of a profiler that
 * see addresses. What a tick means is what V8's own tools/tickprocessor.mjs says. And v8_log_json.c: the JSON that
 * `node --prof-process --preprocess` makes of it.
 *
 * Memory grows with the code that was made.
 */
#ifndef FORMATS_V8_LOG_H
#define FORMATS_V8_LOG_H

#include "formats/formats.h"

enum probe probe_v8_log(const char *bytes, size_t n, int complete);
int v8_log_read(struct run *run, struct source *src, const struct profile_read_options *o,
		const struct profile_sink *sink, struct err *e);

enum probe probe_v8_log_json(const char *bytes, size_t n, int complete);
int v8_log_json_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e);

#endif
