/*
 * section_parts.h - between the files of sections: each collects one list, and adds one table to a report.
 */
#ifndef ANALYZER_SECTION_PARTS_H
#define ANALYZER_SECTION_PARTS_H

#include "analyzer/section_names.h"
#include "analyzer/sections.h"

int collections_collect(struct heap *h, const struct section_names *names, struct sections *out, struct err *e);
int closures_collect(struct heap *h, struct sections *out, struct err *e);
int listeners_collect(struct heap *h, const struct section_names *names, struct sections *out, struct err *e);

int collections_report(struct report *r, const struct sections_view *v, struct err *e);
int closures_report(struct report *r, const struct sections_view *v, struct err *e);
int listeners_report(struct report *r, const struct sections_view *v, struct err *e);

/* A function's place as a group keeps it. */
struct group_place {
	struct str script;
	uint32_t script_id, line, column;
	int located;
};

int group_place_of(struct sections *s, const struct heap *h, uint32_t node, struct group_place *out, struct err *e);

/* The same for a report; *out is NULL when not located. */
int group_place_ref(struct report *r, struct str script, uint32_t script_id, uint32_t line, uint32_t column, int located,
		    const struct place **out, struct err *e);

static inline int section_wants(const struct sections_view *v, struct str text)
{
	return !v->wanted || v->wanted(v->wanted_ctx, text);
}

/* A single snapshot has sizes where a comparison has changes. */
static inline void section_columns(struct table *t, const struct column *columns, size_t n)
{
	t->columns = columns;
	t->n_columns = n;
}

/* Value before and after, and the change, as three cells. */
static inline void cells_of_change(union cell *cells, uint64_t before, uint64_t after)
{
	cells[0].i = (int64_t)before;
	cells[1].i = (int64_t)after;
	cells[2].i = (int64_t)after - (int64_t)before;
}

#endif
