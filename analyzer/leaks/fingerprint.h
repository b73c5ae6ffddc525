/*
 * fingerprint.h - one number for one leak, the same in every run and process, so that it finds its ticket again.
 *
 * A hash (after LeakCanary's) of the kind, of the nearest owners (dominators) of the holder - edge names, indices as "[]" and numbers in them as "#", class
 * names, files without their directories - and of what it holds. Classes inferred from properties count as "Object", since
 * they depend on what else is in the heap; positions in a file do not count, since they move with every edit. Of holders that
 * are alike neither do the keys by which tables have them: which of them got the most is chance.
 */
#ifndef ANALYZER_LEAKS_FINGERPRINT_H
#define ANALYZER_LEAKS_FINGERPRINT_H

#include "analyzer/heap.h"

/* `item` and `function` may be NO_NODE; `alike`: the holder is one of several that are alike (growth.h). */
uint64_t fingerprint_of(const struct heap *h, const char *kind, uint32_t holder, int alike, uint32_t item, uint32_t function);

#endif
