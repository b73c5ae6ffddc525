/*
 * strings_parts.h - between the files of view_strings(): what is found about the strings of a heap, and whose they are.
 */
#ifndef ANALYZER_STRINGS_PARTS_H
#define ANALYZER_STRINGS_PARTS_H

#include "analyzer/heap.h"
#include "analyzer/report.h"

/*
 * Whose a string is: the object nearest to it on the shortest way from the root, and the property that leads there.
 * Elements, entries of Maps and other numbered slots are one property.
 */
struct string_owner {
	uint64_t key;      /* class number; from n_classes on the name of one of V8's own roots */
	uint32_t property; /* string number; NO_STRING for numbered slots */
	uint32_t node;     /* NO_NODE when no way leads to the string */
};

struct string_owner string_owner_of(const struct heap *h, uint32_t string_node);
int string_owner_cmp(const struct string_owner *a, const struct string_owner *b);

/* As two cells: property and class of the owner. */
int string_owner_cells(struct report *r, const struct heap *h, const struct string_owner *o, union cell *cells,
		       struct err *e);

/* What the record says; the parts add to it. */
struct string_totals {
	uint64_t count, bytes;
	uint64_t duplicate_count, wasted_bytes;
	uint64_t link_count, link_bytes;
	uint64_t slice_count, pinned_bytes;
	uint64_t external_count, external_bytes;
};

struct strings_view {
	struct report *r;
	struct heap *h;
	int show_values;
	struct string_totals totals;
};

/* Each adds its tables. */
int strings_duplicates(struct strings_view *v, struct err *e);
int strings_ropes(struct strings_view *v, struct err *e);
int strings_slices(struct strings_view *v, struct err *e);
int strings_externals(struct strings_view *v, struct err *e);

#endif
