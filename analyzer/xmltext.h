/*
 * xmltext.h - text and attribute values in XML 1.0: escaped, valid UTF-8, without the characters that XML forbids.
 */
#ifndef ANALYZER_XMLTEXT_H
#define ANALYZER_XMLTEXT_H

#include "base/str.h"
#include "base/strbuf.h"

/* Fits both between tags and inside double quotes. What XML cannot hold, and what would be
 * invisible but for line ends, becomes U+FFFD. */
void xml_str(struct strbuf *out, struct str s);

#endif
