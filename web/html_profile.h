/*
 * html_profile.h - what pages on profiles have that others have not: insights as cards, the time line, room for the
 * flamegraph.
 */
#ifndef WEB_HTML_PROFILE_H
#define WEB_HTML_PROFILE_H

#include "analyzer/report.h"
#include "web/html_writer.h"

/* The table "insights", one card per row, with ids that findings have on other pages. */
void html_insights(struct html *h, const struct table *t);

/* How urgent the worst of them is, in a word or two. */
void html_insights_badge(struct html *h, const struct report *r);

/* The table "timeline" as a picture, with the turns of the table "blocks" marked in it. */
void html_timeline(struct html *h, const struct report *r, const struct table *t);

/* Where the script puts the picture of the table "stacks", and what there is without it. */
void html_flame_room(struct html *h, const struct report *r);

#endif
