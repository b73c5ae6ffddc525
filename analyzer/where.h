/*
 * where.h - the small language that selects objects: `class ~ /Socket/i and retained > 1MB`; docs/where.md explains it.
 *
 * where_new() reads the words, where_bind() ties them to a heap, where_holds() answers per object. Names are compared once
 * per distinct name, not per object. Nothing recurses: the expression becomes a list in postfix order.
 */
#ifndef ANALYZER_WHERE_H
#define ANALYZER_WHERE_H

#include "analyzer/heap.h"

#define WHERE_MAX_BYTES 4096
#define WHERE_MAX_TERMS 64
#define WHERE_MAX_DEPTH 64

struct where;

/*
 * Read an expression; `text` must outlive it. ERR_USAGE names "--where" as its file and has the position of the mistake in
 * bytes as its offset.
 */
int where_new(struct where **out, const char *text, struct err *e);
void where_free(struct where *w);

/* Prepare for a heap: O(edges) when the expression asks for edges or retainers. ERR_USAGE for a type no file has. */
int where_bind(struct where *w, struct heap *h, struct err *e);

/* Give back what belongs to the heap, which may then be released. NULL is allowed. */
void where_unbind(struct where *w);

/* O(terms), and the first time a name is met a comparison of that name. */
int where_holds(struct where *w, uint32_t node);

/* ERR_USAGE when a pattern needed too many steps on some name. */
int where_check(const struct where *w, struct err *e);

#endif
