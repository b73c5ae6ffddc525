/*
 * regex.h - the user's regular expressions, bounded in steps and depth so that none of them can hang the program.
 */
#ifndef ANALYZER_REGEX_H
#define ANALYZER_REGEX_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct regex;

/*
 * Compile a PCRE2 pattern (UTF; `ignore_case` as /i). On ERR_USAGE `e` says what is wrong and `*at` where, in bytes from
 * the start of the pattern.
 */
int regex_new(struct regex **out, struct str pattern, int ignore_case, size_t *at, struct err *e);
void regex_free(struct regex *r);

/* Whether it matches anywhere in the first 4 KiB of the text. Once the bounds were hit nothing does any more. */
int regex_matches(struct regex *r, struct str text);

/* Did some text hit the bounds? */
int regex_hit_limit(const struct regex *r);

/* Was memory short for some text? */
int regex_no_memory(const struct regex *r);

#endif
