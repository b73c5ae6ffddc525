/*
 * heap_places.h - source positions of nodes, as a column of small numbers; and the names of scripts.
 */
#ifndef ANALYZER_HEAP_PLACES_H
#define ANALYZER_HEAP_PLACES_H

#include "analyzer/heap.h"

/* A record of the file's `locations`. */
struct raw_location {
	uint32_t node;
	struct heap_place place;
};

/*
 * Fill h->place and h->places. A heap has as many locations as instances, but few distinct ones. ERR_FORMAT for a node
 * that does not exist. O(n).
 */
int heap_set_places(struct heap *h, const struct raw_location *raw, size_t n, struct err *e);

#endif
