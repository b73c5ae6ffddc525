#include "formats/json_strings.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"

/* Length of the run of plain bytes, before a quote or a backslash. May look at the window's padding. */
static size_t plain_run(const char *p, const char *end)
{
	const char *start = p;

#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');

	for (; p < end; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		int hit = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, backslash)));

		if (hit) {
			p += __builtin_ctz((unsigned)hit);
			break;
		}
	}
	if (p > end)
		p = end;
#else
	while (p < end && *p != '"' && *p != '\\')
		p++;
#endif
	return (size_t)(p - start);
}

static int hex4(const char *p, uint32_t *out)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a' + 10);
		else
			return -1;
		v = v << 4 | digit;
	}
	*out = v;
	return 0;
}

/* `need`: how many bytes such an escape has. */
static int bad_escape(struct json_in *in, size_t need, struct err *e)
{
	return err_at(e, in->at_end && in->len - in->pos < need ? ERR_TRUNCATED : ERR_FORMAT, json_in_offset(in),
		      "a broken escape in a string");
}

/* Whether what is left of a \u escape could still become one. */
static int hex_so_far(const char *p, size_t n)
{
	static const char zeros[] = "0000";
	char four[4];
	uint32_t v;

	memcpy(four, zeros, 4);
	memcpy(four, p, n < 4 ? n : 4);
	return !hex4(four, &v);
}

/* The window stands at "\u"; 12 bytes are there unless the input ends. */
static int unicode_escape(struct json_in *in, uint32_t *cp, struct err *e)
{
	const char *p = in->buf + in->pos;
	size_t have = in->len - in->pos;
	uint32_t low;

	if (have < 6 || hex4(p + 2, cp))
		return bad_escape(in, hex_so_far(p + 2, have - 2) ? 6 : 2, e);
	in->pos += 6;
	if (*cp < 0xD800 || *cp > 0xDFFF)
		return 0;
	if (*cp <= 0xDBFF && have >= 12 && p[6] == '\\' && p[7] == 'u' && !hex4(p + 8, &low) && low >= 0xDC00 &&
	    low <= 0xDFFF) {
		in->pos += 6;
		*cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
		return 0;
	}
	return 0;
}

static int escape(struct json_in *in, uint32_t *cp, struct err *e)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *hit;
	char c;

	if (json_in_need(in, 12, e))
		return e->kind;
	if (in->len - in->pos < 2)
		return bad_escape(in, 2, e);
	c = in->buf[in->pos + 1];
	if (c == 'u')
		return unicode_escape(in, cp, e);
	hit = c ? strchr(names, c) : NULL;
	if (!hit)
		return bad_escape(in, 2, e);
	*cp = (unsigned char)values[hit - names];
	in->pos += 2;
	return 0;
}

/* The window stands behind the opening quote; it is left behind the closing one. */
static int read_string(struct json_in *in, struct strtab *out, struct err *e)
{
	for (;;) {
		size_t run = plain_run(in->buf + in->pos, in->buf + in->len);
		uint32_t cp = 0;

		if (strtab_reserve(out, run + 4, e))
			return e->kind;
		memcpy(out->bytes + out->n_bytes, in->buf + in->pos, run);
		out->n_bytes += run;
		in->pos += run;
		if (in->pos == in->len) {
			if (in->at_end)
				return err_at(e, ERR_TRUNCATED, json_in_offset(in), "the input ends inside a string");
			if (json_in_fill(in, e))
				return e->kind;
			continue;
		}
		if (in->buf[in->pos] == '"') {
			in->pos++;
			return strtab_close(out, e);
		}
		if (escape(in, &cp, e))
			return e->kind;
		out->n_bytes += utf8_encode(cp, out->bytes + out->n_bytes);
	}
}

static int tick(struct json_in *in, struct err *e)
{
	return run_tick(in->run, "strings", source_consumed(in->source), source_size(in->source), e);
}

int json_strings_read(struct json_in *in, struct strtab *out, struct err *e)
{
	size_t complete;
	int c;

	if (json_in_expect(in, '[', "at the start of the strings", e) || json_in_peek(in, &c, e))
		return e->kind;
	if (c == ']') {
		in->pos++;
		return 0;
	}
	for (;;) {
		complete = out->n_bytes;
		if (json_in_expect(in, '"', "before a string", e) || read_string(in, out, e)) {
			out->n_bytes = complete;
			return e->kind;
		}
		if (json_in_peek(in, &c, e) || (out->n % 65536 == 0 && tick(in, e)))
			return e->kind;
		if (c == ']')
			break;
		if (json_in_expect(in, ',', "between strings", e))
			return e->kind;
	}
	in->pos++;
	return 0;
}
