/*
 * heapprofile.h - V8's sampling heap profile: `node --heap-prof`, HeapProfiler.stopSampling, v8.startHeapProfile.
 *
 * Sizes are those of objects that were still alive at the end, scaled up from the samples by V8. Source of the format:
 * v8/src/inspector/v8-heap-profiler-agent-impl.cc.
 */
#ifndef FORMATS_HEAPPROFILE_H
#define FORMATS_HEAPPROFILE_H

#include "formats/formats.h"

enum probe probe_heapprofile(const char *bytes, size_t n, int complete);
int heapprofile_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e);

#endif
