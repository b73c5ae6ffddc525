/*
 * html_cards.h - a table whose rows own rows of other tables, one card per row: growth points.
 */
#ifndef WEB_HTML_CARDS_H
#define WEB_HTML_CARDS_H

#include "analyzer/report.h"
#include "web/html_writer.h"

/* Does some table belong to the rows of this one? */
int html_has_children(const struct report *r, const struct table *t);

struct html_cards_view {
	size_t shown;      /* cards */
	size_t child_rows; /* of each child table */
	int folded;        /* one line each until opened */
};

/* The first rows as cards, then sums of the rest and of all. */
void html_cards(struct html *h, const struct report *r, const struct table *t, const struct html_cards_view *v);

#endif
