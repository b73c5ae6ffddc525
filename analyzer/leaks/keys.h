/*
 * keys.h - what the keys of a collection look like: keys that never come back are what makes a cache a leak.
 */
#ifndef ANALYZER_LEAKS_KEYS_H
#define ANALYZER_LEAKS_KEYS_H

#include "analyzer/leaks/detector.h"

/* Say in a reason what family most of the keys are of (times, numbers in sequence, uuids, paths, hashes); never a key. */
void keys_argue(const struct suspect *s, struct opinion *o);

#endif
