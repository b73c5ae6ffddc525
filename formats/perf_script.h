/*
 * perf_script.h - the text that `perf script` prints: an event line, its frames innermost first, an empty line.
 *
 * Every sample carries the value "samples" and, for its event, the period: nanoseconds for the clocks, else a count.
 * Lines that were understood once are not understood again: frames are found by their text, so that memory grows with
 * distinct frames and threads.
 */
#ifndef FORMATS_PERF_SCRIPT_H
#define FORMATS_PERF_SCRIPT_H

#include "formats/formats.h"

enum probe probe_perf_script(const char *bytes, size_t n, int complete);

/* See struct format. */
int perf_script_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e);

#endif
