/*
 * jsontext.h - the atoms of JSON.
 *
 * Own writer instead of yajl_gen: integers keep all 64 bits, WTF-8 becomes valid UTF-8, and the output may stand inside
 * an HTML script element: "<" before "/" or "!" is escaped, so neither "</script" nor "<!--" can appear.
 */
#ifndef ANALYZER_JSONTEXT_H
#define ANALYZER_JSONTEXT_H

#include <stdint.h>

#include "base/str.h"
#include "base/strbuf.h"

/*
 * A string with its quotes. Malformed bytes and lone surrogates become U+FFFD; what text_is_hidden() names, U+2028 and
 * U+2029 among it, is escaped.
 */
void json_str(struct strbuf *out, struct str s);

/* The same as the cell of a table: a spreadsheet, which takes the quotes off, sees no formula in it. */
void json_cell(struct strbuf *out, struct str s);

void json_int(struct strbuf *out, int64_t v);
void json_uint(struct strbuf *out, uint64_t v);

/* Hundredths of a percent as a number with two decimals: 9730 is 97.30. */
void json_percent(struct strbuf *out, int64_t hundredths);

#endif
