/*
 * keys.h - what the keys of a collection look like: keys that never come back are what makes a cache a leak.
 */
#ifndef ANALYZER_LEAKS_KEYS_H
#define ANALYZER_LEAKS_KEYS_H

#include "analyzer/leaks/detector.h"

/* Say in a reason what family most of the keys are of (times, numbers in sequence, uuids, paths, hashes); never a key. */
void keys_argue(const struct suspect *s, struct opinion *o);

/* Title and doubt where no entries of a Map or Set are seen: V8 writes none for numbers, JavaScriptCore (Bun) none at all. */
void keys_unseen(const struct suspect *s, struct opinion *o, const char *entries, const char *numbers);

#endif
