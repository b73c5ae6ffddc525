/*
 * html_writer.h - the one door through which text becomes HTML.
 *
 * A thin layer over libxml2's xmlTextWriter that streams into a strbuf. Tag and attribute names are literals of ours;
 * every value is escaped by the library. Text out of a snapshot goes through html_name() and its kin, which also make
 * control and bidirectional characters visible and shorten what is too long. Nothing is ever written raw but embedded
 * assets.
 *
 * Failure is sticky, as in strbuf: after the first one nothing more is written and html_end() reports it.
 */
#ifndef WEB_HTML_WRITER_H
#define WEB_HTML_WRITER_H

#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

struct _xmlTextWriter;
struct _xmlError;

struct html {
	struct _xmlTextWriter *w; /* NULL: nothing can be written */
	unsigned depth;           /* open elements */
	int failed;
	struct strbuf clean; /* scratch of the text functions */
	struct strbuf value; /* scratch for callers who put a value together */
	const char *source_url; /* see html_source.h; NULL: places are no links. Borrowed */
	unsigned summary_depth; /* of the open <summary>, in which nothing else can be worked; 0: none */
	/* the handlers of libxml2 as they were found */
	void (*outer_structured)(void *, struct _xmlError *);
	void *outer_structured_ctx;
	void (*outer_generic)(void *, const char *, ...);
	void *outer_generic_ctx;
};

/* Begin a document that is appended to `out`. html_end() must follow, also after a failure. */
void html_begin(struct html *h, struct strbuf *out);

/* Finish and release. 0 or ERR_MEMORY; ERR_INTERNAL when an element was left open. */
int html_end(struct html *h, struct err *e);

/* Open an element; `class` NULL: without that attribute. */
void html_open(struct html *h, const char *tag, const char *class);

/* Close the innermost element with an end tag, also when it is empty: HTML does not know <div/>. */
void html_close(struct html *h);

/* Close the innermost element as a void one: meta, link, rect. */
void html_close_void(struct html *h);

/* Attributes follow html_open() at once. */
void html_attr(struct html *h, const char *name, const char *value);
void html_attrf(struct html *h, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* An attribute whose value is `h->value`, which is reset. */
void html_attr_value(struct html *h, const char *name);

/* Text of this program: valid UTF-8 without control characters. */
void html_text(struct html *h, const char *text);
void html_textf(struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text in `h->value`, which is reset. */
void html_text_value(struct html *h);

/* An element with nothing but a text of this program. */
void html_leaf(struct html *h, const char *tag, const char *class, const char *text);

/* Foreign text in a <bdi>, shortened beyond `cells` terminal cells with its length beside it; "(no name)" when empty.
 */
void html_name(struct html *h, struct str name, size_t cells);

/* The same for file names, of which the end says most; no length beside it. */
void html_name_tail(struct html *h, struct str name, size_t cells);

/* Add a cleaned name to `h->value`, of an enormous one only the ends. */
void html_add_name(struct html *h, struct str name);

/* The same as html_name() as bare text, for places that take no elements (title). */
void html_name_text(struct html *h, struct str name, size_t cells);

/* Add a cleaned name to `h->value`, shortened beyond `cells` terminal cells. */
void html_add_short(struct html *h, struct str name, size_t cells);

/* A sentence that may quote names: cleaned, kept up to a few thousand characters; numbers stay with their units. */
void html_prose(struct html *h, struct str text);

/* Line break in the source, so that a report can be read and compared with line tools. */
void html_line(struct html *h);

/* Content of <style> and <script>: taken as it is. `text` must be an embedded asset. */
void html_raw_asset(struct html *h, const char *text);

/*
 * Content of a <script> that is no program: JSON whose strings are jsontext.h's. Every "<" is escaped, so nothing in it
 * can end the element or look like another.
 */
void html_raw_json(struct html *h, const struct strbuf *json);

#endif
