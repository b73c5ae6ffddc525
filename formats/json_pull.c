#include "formats/json_pull.h"

#include <string.h>

#include "base/utf8.h"

#define MAX_SKIP_DEPTH 1000000

void json_pull_release(struct json_pull *p)
{
	strbuf_release(&p->text);
	wtf8_release(&p->clean);
	json_in_release(&p->in);
}

int json_pull_init(struct json_pull *p, struct run *run, struct source *src, size_t read_bytes, const char *what,
		   struct err *e)
{
	memset(p, 0, sizeof(*p));
	p->what = what;
	strbuf_init(&p->text, &run->mem);
	wtf8_init(&p->clean, &run->mem);
	if (json_in_init(&p->in, run, src, read_bytes, e) || json_in_need(&p->in, 3, e)) {
		json_pull_release(p);
		return e->kind;
	}
	if (p->in.len >= 3 && !memcmp(p->in.buf, "\xEF\xBB\xBF", 3))
		p->in.pos = 3;
	return 0;
}

int json_pull_expected(struct json_pull *p, const char *wanted, struct err *e)
{
	char shown[16];
	int c;

	if (json_pull_peek(p, &c, e))
		return e->kind;
	if (c < 0)
		return err_at(e, ERR_TRUNCATED, json_in_offset(&p->in), "the %s ends too early: expected %s", p->what,
			      wanted);
	return err_at(e, ERR_FORMAT, json_in_offset(&p->in), "expected %s, found %s", wanted, json_in_show(c, shown));
}

int json_pull_open(struct json_pull *p, char open, struct err *e)
{
	int c;

	if (json_pull_peek(p, &c, e))
		return e->kind;
	if (c != open)
		return json_pull_expected(p, open == '{' ? "an object" : "an array", e);
	p->in.pos++;
	p->fresh = 1;
	return 0;
}

/* Between values: the comma, or the end of the container. */
static int step(struct json_pull *p, char close, int *more, struct err *e)
{
	int c, fresh = p->fresh;

	if (json_pull_peek(p, &c, e))
		return e->kind;
	p->fresh = 0;
	*more = c != close;
	if (c == close) {
		p->in.pos++;
		return 0;
	}
	if (fresh)
		return c < 0 ? json_pull_expected(p, "a value", e) : 0;
	if (c != ',')
		return json_pull_expected(p, close == '}' ? "',' or '}'" : "',' or ']'", e);
	p->in.pos++;
	return 0;
}

int json_pull_item(struct json_pull *p, int *more, struct err *e)
{
	return step(p, ']', more, e);
}

int json_pull_key(struct json_pull *p, const char **key, struct err *e)
{
	struct str s = { NULL, 0 };
	int more = 0;

	*key = NULL;
	if (step(p, '}', &more, e) || !more)
		return e->kind;
	if (json_pull_string(p, &s, e))
		return e->kind;
	if (s.n >= JSON_KEY_BYTES)
		s.n = JSON_KEY_BYTES - 1;
	if (s.n)
		memcpy(p->key, s.s, s.n);
	p->key[s.n] = '\0';
	*key = p->key;
	return json_in_expect(&p->in, ':', "after a key", e);
}

static int hex4(struct json_pull *p, uint32_t *unit, struct err *e)
{
	struct json_in *in = &p->in;

	*unit = 0;
	if (json_in_need(in, 4, e))
		return e->kind;
	for (int i = 0; i < 4; i++) {
		int c = in->pos < in->len ? (unsigned char)in->buf[in->pos] : -1;
		int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;

		if (digit < 0)
			return json_pull_expected(p, "four hexadecimal digits", e);
		*unit = *unit << 4 | (uint32_t)digit;
		in->pos++;
	}
	return 0;
}

/* A unit, and the second half of a pair if it follows; a lone half keeps its three-byte form. */
static int unicode(struct json_pull *p, struct err *e)
{
	struct json_in *in = &p->in;
	uint32_t unit, low;
	char bytes[4];

	if (hex4(p, &unit, e) || json_in_need(in, 6, e))
		return e->kind;
	while (unit >= 0xD800 && unit < 0xDC00 && in->len - in->pos >= 6 && !memcmp(in->buf + in->pos, "\\u", 2)) {
		in->pos += 2;
		if (hex4(p, &low, e) || json_in_need(in, 6, e))
			return e->kind;
		if (low >= 0xDC00 && low < 0xE000) {
			unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
			break;
		}
		strbuf_add(&p->text, bytes, utf8_encode(unit, bytes));
		unit = low;
	}
	strbuf_add(&p->text, bytes, utf8_encode(unit, bytes));
	return 0;
}

static int escape(struct json_pull *p, struct err *e)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	struct json_in *in = &p->in;
	const char *at;
	char c;

	if (json_in_need(in, 1, e))
		return e->kind;
	if (in->pos == in->len)
		return json_pull_expected(p, "an escape", e);
	c = in->buf[in->pos++];
	if (c == 'u')
		return unicode(p, e);
	at = c ? strchr(from, c) : NULL;
	if (!at) {
		in->pos--;
		return json_pull_expected(p, "an escape", e);
	}
	strbuf_addch(&p->text, to[at - from]);
	return 0;
}

/* Take plain bytes into the scratch buffer up to a quote or backslash. */
static int plain_piece(struct json_pull *p, struct err *e)
{
	struct json_in *in = &p->in;
	size_t from;

	if (json_in_need(in, 1, e))
		return e->kind;
	from = in->pos;
	if (in->pos == in->len)
		return json_pull_expected(p, "the end of a string", e);
	while (in->pos < in->len && in->buf[in->pos] != '"' && in->buf[in->pos] != '\\')
		in->pos++;
	strbuf_add(&p->text, in->buf + from, in->pos - from);
	return 0;
}

/* A string with escapes, or one that the window does not hold as a whole. */
static int slow_string(struct json_pull *p, struct str *out, struct err *e)
{
	struct json_in *in = &p->in;

	strbuf_reset(&p->text);
	for (;;) {
		if (plain_piece(p, e))
			return e->kind;
		if (in->pos == in->len)
			continue;
		if (in->buf[in->pos++] == '"')
			break;
		if (escape(p, e))
			return e->kind;
	}
	*out = (struct str){ strbuf_str(&p->text), p->text.len };
	return strbuf_check(&p->text, e) ? e->kind : wtf8_clean(&p->clean, out, e);
}

int json_pull_string(struct json_pull *p, struct str *out, struct err *e)
{
	struct json_in *in = &p->in;
	const char *s, *end;
	int c;

	if (json_pull_peek(p, &c, e))
		return e->kind;
	if (c != '"')
		return json_pull_expected(p, "a string", e);
	s = in->buf + ++in->pos;
	end = memchr(s, '"', in->len - in->pos);
	if (!end || memchr(s, '\\', (size_t)(end - s)))
		return slow_string(p, out, e);
	*out = (struct str){ s, (size_t)(end - s) };
	in->pos += out->n + 1;
	return wtf8_clean(&p->clean, out, e);
}

static int ends_here(const struct json_in *in, const char *const *ends)
{
	for (; *ends; ends++) {
		size_t n = strlen(*ends);

		if (in->len - in->pos >= n && !memcmp(in->buf + in->pos, *ends, n))
			return 1;
	}
	return 0;
}

int json_pull_raw_string(struct json_pull *p, const char *const *ends, struct str *out, struct err *e)
{
	struct json_in *in = &p->in;
	int c;

	if (json_pull_peek(p, &c, e))
		return e->kind;
	if (c != '"')
		return json_pull_expected(p, "a string", e);
	in->pos++;
	strbuf_reset(&p->text);
	for (;;) {
		if (json_in_need(in, 33, e))
			return e->kind;
		if (in->pos == in->len)
			return json_pull_expected(p, "the end of a string", e);
		c = (unsigned char)in->buf[in->pos++];
		if (c == '"' && ends_here(in, ends))
			break;
		strbuf_addch(&p->text, (char)c);
	}
	*out = (struct str){ strbuf_str(&p->text), p->text.len };
	return strbuf_check(&p->text, e) ? e->kind : wtf8_clean(&p->clean, out, e);
}

/* Past the closing quote of a string that nobody wants. */
static int skip_string(struct json_pull *p, struct err *e)
{
	struct json_in *in = &p->in;

	for (in->pos++;; in->pos++) {
		if (json_in_need(in, 2, e))
			return e->kind;
		while (in->pos < in->len && in->buf[in->pos] != '"' && in->buf[in->pos] != '\\')
			in->pos++;
		if (in->pos == in->len) {
			if (in->at_end)
				return json_pull_expected(p, "the end of a string", e);
			in->pos--;
			continue;
		}
		if (in->buf[in->pos] == '"')
			break;
		if (json_in_need(in, 2, e))
			return e->kind;
		in->pos += in->pos + 1 < in->len;
	}
	in->pos++;
	return 0;
}

/* Numbers and the three words. */
static int skip_word(struct json_pull *p, struct err *e)
{
	struct json_in *in = &p->in;
	size_t n = 0;

	if (json_in_need(in, 64, e))
		return e->kind;
	while (in->pos < in->len && n < 64) {
		char c = in->buf[in->pos];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E'))
			break;
		in->pos++;
		n++;
	}
	return n && n < 64 ? 0 : json_pull_expected(p, "a value", e);
}

int json_pull_skip(struct json_pull *p, struct err *e)
{
	size_t depth = 0;
	int c;

	do {
		if (json_pull_peek(p, &c, e))
			return e->kind;
		if (c == '"') {
			if (skip_string(p, e))
				return e->kind;
		} else if (c == '{' || c == '[') {
			p->in.pos++;
			if (++depth > MAX_SKIP_DEPTH)
				return err_at(e, ERR_UNSUPPORTED, json_in_offset(&p->in),
					      "nested deeper than %d levels", MAX_SKIP_DEPTH);
		} else if (depth && (c == '}' || c == ']' || c == ',' || c == ':')) {
			p->in.pos++;
			depth -= c == '}' || c == ']';
		} else if (skip_word(p, e)) {
			return e->kind;
		}
	} while (depth);
	p->fresh = 0;
	return 0;
}

int json_pull_keys(struct json_pull *p, json_key_fn *fn, void *ctx, struct err *e)
{
	const char *key;

	if (json_pull_open(p, '{', e))
		return e->kind;
	for (;;) {
		if (json_pull_key(p, &key, e) || !key)
			return e->kind;
		if (fn(ctx, key, e))
			return e->kind;
	}
}

int json_pull_items(struct json_pull *p, json_item_fn *fn, void *ctx, struct err *e)
{
	int more = 0;

	if (json_pull_open(p, '[', e))
		return e->kind;
	for (;;) {
		if (json_pull_item(p, &more, e) || !more)
			return e->kind;
		if (fn(ctx, e))
			return e->kind;
	}
}
