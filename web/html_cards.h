/*
 * html_cards.h - a table whose rows own rows of other tables, one card per row: growth points.
 */
#ifndef WEB_HTML_CARDS_H
#define WEB_HTML_CARDS_H

#include "analyzer/report.h"
#include "web/html_writer.h"

/* Does some table belong to the rows of this one? */
int html_has_children(const struct report *r, const struct table *t);

/* The first `shown` rows as cards, then sums of the rest and of all. */
void html_cards(struct html *h, const struct report *r, const struct table *t, size_t shown, size_t child_rows);

#endif
