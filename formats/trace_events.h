/*
 * trace_events.h - CPU profiles inside a trace of Chrome: Profile and ProfileChunk events, or one CpuProfile event.
 *
 * A trace is an array of events or an object with traceEvents, and may end without its last brackets. Chunks of one
 * profile are joined by process and profile id, in the order of their time stamps. Sources: v8/src/profiler/
 * cpu-profiler.cc (StreamPendingTraceEvents), DevTools' SamplesHandler.
 */
#ifndef FORMATS_TRACE_EVENTS_H
#define FORMATS_TRACE_EVENTS_H

#include "formats/formats.h"

enum probe probe_trace_events(const char *bytes, size_t n, int complete);
int trace_events_read(struct run *run, struct source *src, const struct profile_read_options *o,
		      const struct profile_sink *sink, struct err *e);

#endif
