/*
 * views.h - parts of one snapshot that a user asks for by name; each adds its tables to a report.
 *
 * Where a view lists at most VIEW_ROWS rows of what may be millions, its last row has no node and stands for the others:
 * `count` says how many, and columns that add up hold their sums.
 */
#ifndef ANALYZER_VIEWS_H
#define ANALYZER_VIEWS_H

#include "analyzer/analysis.h"
#include "analyzer/heap.h"
#include "analyzer/where.h"

#define VIEW_ROWS 1000

static inline int views_wanted(const struct stat_views *v)
{
	return v->classes || v->statistics || v->dominators || v->strings || v->object || v->path || v->where;
}

/* Read "48213" or "@48213". ERR_USAGE for anything else. `option` is for the message. */
int view_parse_id(const char *text, const char *option, uint64_t *id, struct err *e);

/* What is wrong with the views can be said before a file is read. */
int views_check(const struct stat_views *v, struct err *e);

/* Node with that id, the first of several; ERR_USAGE when there is none. O(nodes). */
int view_find_node(struct report *r, const struct heap *h, const char *text, const char *option, uint32_t *node,
		   struct err *e);

/* "object", "fields", "held_by", "retainers", and the tables of view_paths(). */
int view_object(struct report *r, struct heap *h, const struct analysis_options *o, struct err *e);

/* "paths" and "path_steps" of a node; with fewer than WAYS_MAX paths steps in common are told once. */
int view_paths(struct report *r, struct heap *h, uint32_t node, size_t max, int show_values, struct err *e);

/* The same of the object that --path names, as many as there are up to WAYS_MAX. */
int view_paths_of(struct report *r, struct heap *h, const struct analysis_options *o, struct err *e);

/* "strings", "duplicate_strings", "string_holders", "ropes", "sliced_strings" and "external_strings". */
int view_strings(struct report *r, struct heap *h, int show_values, struct err *e);

/* Equal strings and who holds them: found by reading the heap only; then "duplicate_strings" and "string_holders". */
struct string_copies;
int string_copies_find(struct string_copies **out, const struct heap *h, struct err *e); /* to be freed also after a failure */
int string_copies_report(const struct string_copies *c, struct report *r, int show_values, int for_pages, struct err *e);
void string_copies_free(struct string_copies *c);

/* "where" and "matches". */
int view_where(struct report *r, struct heap *h, struct where *w, const struct analysis_options *o, struct err *e);

/* "dominators", cut as the user wants it. */
int view_dominators(struct report *r, const struct heap *h, const struct analysis_options *o, struct err *e);

#endif
