/*
 * html_tree.h - a tree of the report model as nested lists that fold: it needs no script.
 */
#ifndef WEB_HTML_TREE_H
#define WEB_HTML_TREE_H

#include "analyzer/report.h"
#include "base/err.h"
#include "web/html_writer.h"

/* All rows of a tree. Errors: ERR_MEMORY. O(rows). */
int html_tree(struct html *h, struct mem *m, const struct table *t, struct err *e);

#endif
