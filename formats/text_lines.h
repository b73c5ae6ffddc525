/*
 * text_lines.h - a text taken line by line: UTF-8, in which what is broken becomes U+FFFD, or UTF-16 (by its byte order
 * mark) turned into it.
 */
#ifndef FORMATS_TEXT_LINES_H
#define FORMATS_TEXT_LINES_H

#include "base/str.h"
#include "base/strbuf.h"
#include "formats/json_in.h"
#include "formats/wtf8.h"

struct text_lines {
	struct json_in in;
	struct strbuf line; /* a line that the window does not hold as a whole, or that was converted */
	struct wtf8 clean;
	int wide;           /* UTF-16: 1 little, 2 big endian */
	uint64_t n;         /* lines taken */
};

int text_lines_init(struct text_lines *t, struct run *run, struct source *src, size_t read_bytes, struct err *e);
void text_lines_release(struct text_lines *t);

/* The next line without its end ("\n" or "\r\n"); `*more` 0 at the end of the input. Valid until the next call. */
int text_lines_next(struct text_lines *t, struct str *line, int *more, struct err *e);

#endif
