/*
 * heap_traces.h - the allocation stacks in a heap snapshot as a profile.
 *
 * "Allocations on timeline" of Chrome DevTools with stacks, HeapProfiler.startTrackingHeapObjects with trackAllocations,
 * and the heap profiler of node: the snapshot at the end says how often and how much every stack allocated since the
 * recording began, and its nodes say which stack made them, if they are still alive. Source of the format:
 * v8/src/profiler/allocation-tracker.cc and heap-snapshot-generator.cc (SerializeTraceTree, SerializeTraceNodeInfos).
 *
 * Values are those of a heap profile of pprof: alloc_objects and alloc_space since the beginning, inuse_objects and
 * inuse_space of what is alive. Sizes are the nodes' own as they stand in the file; objects that no stack is known of
 * are in no value.
 */
#ifndef FORMATS_HEAP_TRACES_H
#define FORMATS_HEAP_TRACES_H

#include "formats/formats.h"

/*
 * ERR_UNSUPPORTED for a snapshot that was taken without tracking. The edges are read and dropped; memory grows with the
 * nodes (16 bytes each) and the names.
 */
int heap_traces_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e);

#endif
