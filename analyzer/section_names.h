/*
 * section_names.h - the string numbers of the names that the sections look for, found once per heap: edges are then
 * recognised by comparing numbers.
 */
#ifndef ANALYZER_SECTION_NAMES_H
#define ANALYZER_SECTION_NAMES_H

#include "analyzer/heap.h"

enum known_name {
	NAME_EVENTS,      /* EventEmitter's table of listeners */
	NAME_CONSTRUCTOR, /* own property of prototypes */
	NAME_LISTENER,    /* of a once() wrapper, and of an EventTarget's Listener */
	NAME_CALLBACK,
	NAME_NEXT,
	NAME_KEVENTS,     /* EventTarget's Map of lists */
	NAME_TABLE,       /* of Map and Set */
	NAME_PROPERTIES,  /* of objects: dictionary or spilled properties */
	NAME_PROTO,
	NAME_BOUND_FUNCTION,
	NAME_DICTIONARY,  /* name of a dictionary node */
	N_KNOWN_NAMES,
};

struct section_names {
	uint32_t string[N_KNOWN_NAMES]; /* NO_STRING when the file does not have it */
};

void section_names_find(const struct heap *h, struct section_names *out);

/* Target of the node's first edge of that type and name, or NO_NODE. */
uint32_t section_follow(const struct heap *h, uint32_t node, enum edge_type type, uint32_t string);

#endif
