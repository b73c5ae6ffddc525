/*
 * textcells.h - names on a terminal: made harmless, measured in cells, shortened, wrapped.
 *
 * A name out of a snapshot may hold escape sequences, line breaks, bidirectional overrides or invisible characters. It
 * goes through text_clean() first; everything else here takes cleaned text. `ascii` keeps to ASCII whatever this
 * program adds by itself; letters of names stay as they are.
 */
#ifndef ANALYZER_TEXTCELLS_H
#define ANALYZER_TEXTCELLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strbuf.h"

/* Characters that the reports add by themselves. */
struct glyphs {
	const char *ellipsis;
	const char *then;        /* between the steps of a path */
	const char *to;          /* between before and after */
	const char *replacement; /* for bytes that are no character */
	const char *levels[8];   /* of a sparkline, low to high */
};

const struct glyphs *text_glyphs(int ascii);

/* Controls, bidirectional marks and overrides, line separators, zero-width and tag characters: what is obeyed, not
 * seen; and the two that XML does not know. */
int text_is_hidden(uint32_t cp);

/* What a spreadsheet takes for the beginning of a formula, in both widths. */
int text_begins_formula(uint32_t cp);

/* Append `s` with hidden characters written as \n, \x1b, \u202e or \u{e0001}, and what is no UTF-8 replaced. */
void text_clean(struct strbuf *out, struct str s, int ascii);

/* Terminal cells of cleaned text. */
size_t text_width(const char *s, size_t n);

enum text_keep {
	TEXT_KEEP_ENDS, /* cut in the middle */
	TEXT_KEEP_TAIL, /* cut at the front: file names */
};

/* Append cleaned text cut to at most `width` cells, with an ellipsis where it was cut. */
void text_shorten(struct strbuf *out, struct str s, size_t width, enum text_keep keep, int ascii);

enum tone {
	TONE_PLAIN,
	TONE_BOLD,
	TONE_DIM,
	TONE_WARN,
	TONE_GROWTH,
	TONE_SHRINK,
};

/* Switch to a tone, and back with TONE_PLAIN; nothing unless `color`. */
void text_tone(struct strbuf *out, enum tone tone, int color);

/* Running text: pieces are put side by side with one space, or on a new indented line when they do not fit. */
struct flow {
	struct strbuf *out;
	size_t width;  /* cells per line */
	size_t indent; /* of continuation lines */
	size_t column; /* where the line has got to */
	int begun;     /* something of the flow stands on the line */
	int ascii;
	int color;
};

/* Append one piece of cleaned text, shortened only when it is longer than a line. */
void flow_piece(struct flow *f, struct str piece, enum tone tone);

/* Append cleaned text word by word. */
void flow_words(struct flow *f, struct str text, enum tone tone);

/* End the line and indent the next. */
void flow_break(struct flow *f);

#endif
