/*
 * origin.h - where a snapshot comes from: the program that wrote it and when, as far as that can be known.
 *
 * Node keeps its version as a string on `process`, V8's beside it in process.versions; Chrome writes neither. The time is
 * in the names that V8, Node and DevTools give the files themselves ("Heap.20261121.111821.42.0.001.heapsnapshot",
 * "Heap-20261121T111821.heapsnapshot"). The file's own time is not used: it is that of the last copy.
 */
#ifndef ANALYZER_ORIGIN_H
#define ANALYZER_ORIGIN_H

#include "analyzer/heap.h"

#define ORIGIN_RUNTIME_BYTES 64
#define ORIGIN_TIME_BYTES 20

/* "Node.js 24.21.0 (V8 13.6.233.17-node.53)", "" when not known. The heap must be loaded. O(nodes + strings). */
void origin_runtime(const struct heap *h, char out[ORIGIN_RUNTIME_BYTES]);

/* "2026-11-21 11:18:21" from the name of a file, without a zone, as the name has none; "" when it says nothing. */
void origin_time(const char *path, char out[ORIGIN_TIME_BYTES]);

#endif
