/*
 * mdleaks.h - the findings in Markdown: a numbered list, each item a few lines. Private to the Markdown renderer.
 */
#ifndef ANALYZER_MDLEAKS_H
#define ANALYZER_MDLEAKS_H

#include "analyzer/report.h"

/* `rows` findings of table `t`, or as many as it shows by default. `word` is scratch. */
void mdleaks_findings(struct strbuf *out, struct strbuf *word, const struct report *r, const struct table *t, size_t rows,
		      int ascii);

/* What settled: one line each. */
void mdleaks_settled(struct strbuf *out, struct strbuf *word, const struct report *r, const struct table *t, size_t rows,
		     int ascii);

#endif
