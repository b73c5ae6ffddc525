/*
 * mdtext.h - foreign text in Markdown that stays text.
 *
 * A backslash does not stop GitHub and GitLab from acting on @names, #12 or www.example.com, because they look at the
 * text after Markdown is done; a code span does. So whatever is not plainly harmless goes into one. All input is
 * cleaned by text_clean() first.
 */
#ifndef ANALYZER_MDTEXT_H
#define ANALYZER_MDTEXT_H

#include "base/str.h"
#include "base/strbuf.h"

/*
 * Append a code span, with a fence longer than any run of backticks in it. `in_table`: a | is written \|, which all
 * dialects take for a bar that does not end the cell.
 */
void md_code(struct strbuf *out, struct str s, int in_table);

/* Append a sentence: harmless words as they are, runs of others as code spans. */
void md_words(struct strbuf *out, struct str s);

#endif
