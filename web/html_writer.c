#include "web/html_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libxml/xmlerror.h>
#include <libxml/xmlwriter.h>

#include "analyzer/human.h"
#include "analyzer/textcells.h"
#include "base/utf8.h"

/* No name is looked at beyond this many bytes: its ends are shown, its length is told. */
#define NAME_BYTES 1600
#define PROSE_BYTES 4000

static int write_out(void *ctx, const char *bytes, int n)
{
	struct strbuf *out = ctx;

	strbuf_add(out, bytes, (size_t)n);
	return out->failed ? -1 : n;
}

/*
 * libxml2 would print its troubles to stderr. Besides, xmlTextWriterStartElement() does not look whether the element
 * got onto the stack (2.9.14): that it did not is only told here.
 */
static void on_structured_error(void *ctx, xmlErrorPtr error)
{
	(void)error;
	((struct html *)ctx)->failed = 1;
}

static void on_generic_error(void *ctx, const char *fmt, ...)
{
	(void)fmt;
	((struct html *)ctx)->failed = 1;
}

static void check(struct html *h, int rc)
{
	if (rc < 0)
		h->failed = 1;
}

void html_begin(struct html *h, struct strbuf *out)
{
	xmlOutputBufferPtr buffer;

	*h = (struct html){ .outer_structured = xmlStructuredError,
			    .outer_structured_ctx = xmlStructuredErrorContext,
			    .outer_generic = xmlGenericError,
			    .outer_generic_ctx = xmlGenericErrorContext };
	strbuf_init(&h->clean, out->mem);
	strbuf_init(&h->value, out->mem);
	xmlSetStructuredErrorFunc(h, on_structured_error);
	xmlSetGenericErrorFunc(h, on_generic_error);
	buffer = xmlOutputBufferCreateIO(write_out, NULL, out, NULL);
	if (buffer)
		h->w = xmlNewTextWriter(buffer);
	if (buffer && !h->w)
		xmlOutputBufferClose(buffer);
	h->failed |= !h->w;
	if (!h->failed)
		check(h, xmlTextWriterWriteDTD(h->w, BAD_CAST "html", NULL, NULL, NULL));
}

int html_end(struct html *h, struct err *e)
{
	int failed;

	if (!h->failed)
		check(h, xmlTextWriterFlush(h->w));
	failed = h->failed || h->clean.failed || h->value.failed;
	if (h->w)
		xmlFreeTextWriter(h->w);
	xmlResetLastError();
	xmlSetStructuredErrorFunc(h->outer_structured_ctx, h->outer_structured);
	xmlSetGenericErrorFunc(h->outer_generic_ctx, h->outer_generic);
	strbuf_release(&h->clean);
	strbuf_release(&h->value);
	if (failed)
		return err_set(e, ERR_MEMORY, "out of memory while the HTML report was written");
	return h->depth ? err_set(e, ERR_INTERNAL, "the HTML report left %u elements open", h->depth) : 0;
}

void html_open(struct html *h, const char *tag, const char *class)
{
	if (h->failed)
		return;
	check(h, xmlTextWriterStartElement(h->w, BAD_CAST tag));
	h->depth++;
	if (!strcmp(tag, "summary"))
		h->summary_depth = h->depth;
	if (class)
		html_attr(h, "class", class);
}

void html_close(struct html *h)
{
	if (h->failed)
		return;
	check(h, xmlTextWriterFullEndElement(h->w));
	if (h->depth == h->summary_depth)
		h->summary_depth = 0;
	h->depth--;
}

void html_close_void(struct html *h)
{
	if (h->failed)
		return;
	check(h, xmlTextWriterEndElement(h->w));
	h->depth--;
}

void html_attr(struct html *h, const char *name, const char *value)
{
	if (!h->failed)
		check(h, xmlTextWriterWriteAttribute(h->w, BAD_CAST name, BAD_CAST value));
}

void html_attr_value(struct html *h, const char *name)
{
	html_attr(h, name, strbuf_str(&h->value));
	strbuf_reset(&h->value);
}

/* `value` may be in use by the caller, so formats go through a buffer of their own. */
static void add_format(struct strbuf *out, const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	strbuf_reset(out);
	strbuf_addstr(out, text);
}

void html_attrf(struct html *h, const char *name, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_format(&h->clean, fmt, ap);
	va_end(ap);
	html_attr(h, name, strbuf_str(&h->clean));
}

void html_text(struct html *h, const char *text)
{
	if (!h->failed)
		check(h, xmlTextWriterWriteString(h->w, BAD_CAST text));
}

void html_textf(struct html *h, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_format(&h->clean, fmt, ap);
	va_end(ap);
	html_text(h, strbuf_str(&h->clean));
}

void html_text_value(struct html *h)
{
	html_text(h, strbuf_str(&h->value));
	strbuf_reset(&h->value);
}

void html_leaf(struct html *h, const char *tag, const char *class, const char *text)
{
	html_open(h, tag, class);
	html_text(h, text);
	html_close(h);
}

static int is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* A name of nothing but blanks has to be seen, and clicked. */
static int clean_blanks(struct html *h, struct str s)
{
	size_t n = 0;

	while (n < s.n && s.s[n] == ' ')
		n++;
	if (!n || n < s.n)
		return 0;
	for (size_t i = 0; i < n && i < 16; i++)
		strbuf_addstr(&h->clean, "\xE2\x90\xA3"); /* U+2423, open box */
	return 1;
}

/* Clean `s` into h->clean; of an enormous one only the two ends. Returns whether it was cut. */
static int clean_ends(struct html *h, struct str s)
{
	size_t head = NAME_BYTES / 2, tail = s.n - NAME_BYTES / 4;

	strbuf_reset(&h->clean);
	if (clean_blanks(h, s))
		return 0;
	if (s.n <= NAME_BYTES) {
		text_clean(&h->clean, s, 0);
		return 0;
	}
	while (head && is_continuation(s.s[head]))
		head--;
	while (tail < s.n && is_continuation(s.s[tail]))
		tail++;
	text_clean(&h->clean, (struct str){ s.s, head }, 0);
	strbuf_addstr(&h->clean, text_glyphs(0)->ellipsis);
	text_clean(&h->clean, (struct str){ s.s + tail, s.n - tail }, 0);
	return 1;
}

/* Write the cleaned text; returns whether a part of the name is missing from it. */
static int write_short(struct html *h, struct str name, size_t cells, enum text_keep keep)
{
	struct strbuf cut;
	int is_cut = clean_ends(h, name);
	struct str clean = { strbuf_str(&h->clean), h->clean.len };

	if (text_width(clean.s, clean.n) <= cells) {
		html_text(h, clean.s);
		return is_cut;
	}
	strbuf_init(&cut, h->clean.mem);
	text_shorten(&cut, clean, cells, keep, 0);
	if (cut.failed)
		h->failed = 1;
	html_text(h, strbuf_str(&cut));
	strbuf_release(&cut);
	return 1;
}

void html_name_text(struct html *h, struct str name, size_t cells)
{
	write_short(h, name, cells, TEXT_KEEP_ENDS);
}

void html_name(struct html *h, struct str name, size_t cells)
{
	int is_cut;

	if (!name.n) {
		html_leaf(h, "span", "len", "(no name)");
		return;
	}
	html_open(h, "bdi", NULL);
	is_cut = write_short(h, name, cells, TEXT_KEEP_ENDS);
	html_close(h);
	if (!is_cut)
		return;
	html_text(h, " ");
	html_open(h, "span", "len");
	strbuf_reset(&h->value);
	human_count(&h->value, (int64_t)utf8_units(name.s, name.n), 0);
	strbuf_addstr(&h->value, " characters");
	html_text_value(h);
	html_close(h);
}

void html_name_tail(struct html *h, struct str name, size_t cells)
{
	html_open(h, "bdi", NULL);
	write_short(h, name, cells, TEXT_KEEP_TAIL);
	html_close(h);
}

void html_add_name(struct html *h, struct str name)
{
	clean_ends(h, name);
	strbuf_add(&h->value, strbuf_str(&h->clean), h->clean.len);
}

void html_add_short(struct html *h, struct str name, size_t cells)
{
	clean_ends(h, name);
	text_shorten(&h->value, (struct str){ strbuf_str(&h->clean), h->clean.len }, cells, TEXT_KEEP_ENDS, 0);
}

static int is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Is s[i] the space of "12.4 MB", "25.2 ms" or "84.5 %"? `s` ends with a NUL. */
static int before_unit(const char *s, size_t i)
{
	static const char *const units[] = { "%",  "B",  "kB", "MB", "GB",        "TB",  "PB",
					     "EB", "ns", "ms", "s",  "\xC2\xB5s", "min", "h" };

	if (s[i] != ' ' || !i || s[i - 1] < '0' || s[i - 1] > '9')
		return 0;
	for (size_t u = 0; u < sizeof(units) / sizeof(*units); u++) {
		size_t n = strlen(units[u]);

		if (!strncmp(s + i + 1, units[u], n) && !is_letter(s[i + 1 + n]))
			return 1;
	}
	return 0;
}

void html_prose(struct html *h, struct str text)
{
	if (text.n > PROSE_BYTES) {
		html_name(h, text, NAME_BYTES);
		return;
	}
	strbuf_reset(&h->clean);
	strbuf_reset(&h->value);
	text_clean(&h->clean, text, 0);
	for (size_t i = 0; i < h->clean.len; i++) {
		if (before_unit(h->clean.buf, i))
			strbuf_addstr(&h->value, "\xC2\xA0");
		else
			strbuf_addch(&h->value, h->clean.buf[i]);
	}
	html_text_value(h);
}

void html_line(struct html *h)
{
	html_text(h, "\n");
}

void html_raw_asset(struct html *h, const char *text)
{
	if (!h->failed)
		check(h, xmlTextWriterWriteRaw(h->w, BAD_CAST text));
}

/* In JSON a "<" stands in strings only, where its escape means the same: so no name can begin anything at all. */
static int escape_angles(struct strbuf *out, const struct strbuf *json)
{
	const char *text = strbuf_str(json), *angle;

	for (; (angle = strchr(text, '<')) != NULL; text = angle + 1) {
		strbuf_add(out, text, (size_t)(angle - text));
		strbuf_addstr(out, "\\u003c");
	}
	strbuf_addstr(out, text);
	return out->failed;
}

void html_raw_json(struct html *h, const struct strbuf *json)
{
	struct strbuf escaped;

	strbuf_init(&escaped, json->mem);
	if (json->failed || escape_angles(&escaped, json))
		h->failed = 1;
	html_raw_asset(h, strbuf_str(&escaped));
	strbuf_release(&escaped);
}
