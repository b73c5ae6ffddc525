/*
 * dom_name.h - what reports call an element: Chromium's name for it has all attributes, and most of these are values - of
 * forms, addresses, styles, data.
 */
#ifndef ANALYZER_DOM_NAME_H
#define ANALYZER_DOM_NAME_H

#include "base/arena.h"
#include "base/str.h"

/* Is it the name of an element by its tag: `<a href="/" id="home">`, also `Detached <a>`? */
int dom_name_has_tag(struct str name);

enum dom_name_parts {
	DOM_NAME_TAG = 1,    /* with the tag: `<a id="home">`, else `id="home"` */
	DOM_NAME_VALUES = 2, /* all attributes; else id, class, name, type and role, by which one knows an element */
};

/* A name of these parts, in the arena; "" when there are none. O(name). */
int dom_name(struct arena *a, struct str name, unsigned parts, struct str *out, struct err *e);

#endif
