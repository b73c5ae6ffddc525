/*
 * findings.h - the findings of a sealed report, row by row, for the notations that show nothing else.
 */
#ifndef ANALYZER_FINDINGS_H
#define ANALYZER_FINDINGS_H

#include "analyzer/report.h"

/* Parts of one finding; absent ones are empty or NULL. */
struct finding {
	struct str kind, verdict, title, advice, fingerprint;
	int64_t bytes; /* growth; of a single snapshot the retained size */
	const struct place *location;
	const struct str_list *reasons_for, *reasons_against; /* never NULL */
	const struct path *path;
};

/* Row of table "findings", "known" or "settled". */
struct finding finding_at(const struct table *t, size_t row);

/* Append the reasons, the advice and the way, a line each. Hidden characters are made visible. */
void finding_words(struct strbuf *out, const struct finding *f);

#endif
