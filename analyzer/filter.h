/*
 * filter.h - a regular expression of the user, on names of classes, functions, threads.
 */
#ifndef ANALYZER_FILTER_H
#define ANALYZER_FILTER_H

#include "base/err.h"
#include "base/str.h"

struct filter;

/*
 * `option` says in messages where the pattern came from: "--filter".
 * Compile a PCRE2 pattern (UTF). NULL gives a filter that lets everything pass. ERR_USAGE with the position of the
 * mistake. Matching is bounded in steps and depth, for each text and for all together: a pattern that explodes is
 * ERR_USAGE from filter_check(), not a hang. Of a text the first 4096 bytes are looked at.
 */
int filter_new(struct filter **out, const char *option, const char *pattern, struct err *e);
void filter_free(struct filter *f);

/* Whether the text matches. A text on which the bounds were hit does not; filter_check() then says so. */
int filter_wants(void *filter, struct str text);

/* 0, or ERR_USAGE when some text hit the bounds. */
int filter_check(const struct filter *f, struct err *e);

#endif
