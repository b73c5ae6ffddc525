#include "formats/json_pull.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "formats/number_run.h"

#define MAX_SKIP_DEPTH 1000000
#define NUMBER_BYTES 48 /* of nearly all numbers */
#define MOST_NUMBER_BYTES 4096
#define ID_DIGITS 20 /* of 2^64 - 1; more can only be zeros in front, and their number is limited by the window alone */

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

static inline int is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The common case, a byte that is there and no space, without a call. */
static inline int peek(struct json_pull *p, int *c, struct err *e)
{
	if (p->in.pos < p->in.len && !is_space(p->in.buf[p->in.pos])) {
		*c = (unsigned char)p->in.buf[p->in.pos];
		return 0;
	}
	return json_in_peek(&p->in, c, e);
}

int json_pull_peek(struct json_pull *p, int *c, struct err *e)
{
	return peek(p, c, e);
}

int json_pull_expected(struct json_pull *p, const char *wanted, struct err *e)
{
	char shown[16];
	int c;

	if (peek(p, &c, e))
		return e->kind;
	if (c < 0)
		return err_at(e, ERR_TRUNCATED, json_in_offset(&p->in), "the %s ends too early: expected %s", p->what,
			      wanted);
	return err_at(e, ERR_FORMAT, json_in_offset(&p->in), "expected %s, found %s", wanted, json_in_show(c, shown));
}

int json_pull_open(struct json_pull *p, char open, struct err *e)
{
	int c;

	if (peek(p, &c, e))
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

	if (peek(p, &c, e))
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

	if (peek(p, &c, e))
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

	if (peek(p, &c, e))
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

static int does_not_fit(struct json_pull *p, struct err *e)
{
	return err_at(e, ERR_FORMAT, json_in_offset(&p->in), "a number that is too large");
}

/* The whole number is in the window, however it came in; `*n`: as far as its last sign. */
static int need_number(struct json_pull *p, size_t *n, struct err *e)
{
	struct json_in *in = &p->in;

	for (size_t want = NUMBER_BYTES; want <= MOST_NUMBER_BYTES; want *= 2) {
		if (json_in_need(in, want, e))
			return e->kind;
		for (*n = 0; *n < in->len - in->pos && *n < want && strchr("0123456789+-.eE", in->buf[in->pos + *n]) &&
			     in->buf[in->pos + *n];)
			++*n;
		if (*n < want)
			return 0;
	}
	return does_not_fit(p, e);
}

/* With a fraction or an exponent: exact to the 18 digits that a double can use. */
static int slow_number(struct json_pull *p, int64_t scale, int64_t *out, struct err *e)
{
	const char *s;
	size_t i = 0, n = 0;
	int negative, digits = 0, power = 0, exponent = 0, sign = 1, fraction = 0, seen = 0;
	long double v = 0;

	if (need_number(p, &n, e))
		return e->kind;
	s = p->in.buf + p->in.pos;
	negative = n && s[0] == '-';
	for (i = (size_t)negative; i < n && ((s[i] >= '0' && s[i] <= '9') || (s[i] == '.' && !fraction)); i++) {
		if (s[i] == '.') {
			fraction = 1;
			continue;
		}
		seen = 1;
		if (digits < 18)
			v = v * 10 + (s[i] - '0');
		power += digits < 18 ? -fraction : !fraction;
		digits += digits || s[i] != '0';
	}
	if (i < n && (s[i] | 32) == 'e') {
		i++;
		sign = i < n && s[i] == '-' ? -1 : 1;
		i += i < n && (s[i] == '-' || s[i] == '+');
		for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
			exponent = exponent < 1000 ? exponent * 10 + (s[i] - '0') : exponent;
	}
	if (!seen)
		return json_pull_expected(p, "a number", e);
	v = v * powl(10, power + sign * exponent) * (long double)scale;
	if (!(v < 9.2e18L))
		return does_not_fit(p, e);
	*out = (int64_t)(v + 0.5L) * (negative ? -1 : 1);
	p->in.pos += i;
	return 0;
}

int json_pull_number(struct json_pull *p, int64_t scale, int64_t *out, struct err *e)
{
	struct json_in *in = &p->in;
	const char *s;
	size_t n, i;
	int64_t v = 0;
	int c;

	if (peek(p, &c, e) || (in->len - in->pos < NUMBER_BYTES && json_in_need(in, NUMBER_BYTES, e)))
		return e->kind;
	s = in->buf + in->pos;
	n = in->len - in->pos;
	for (i = c == '-'; i < n && i < 18 && s[i] >= '0' && s[i] <= '9'; i++)
		v = v * 10 + (s[i] - '0');
	if (i == (size_t)(c == '-') || i >= 18 || (i < n && (s[i] == '.' || (s[i] | 32) == 'e')))
		return slow_number(p, scale, out, e);
	if (__builtin_mul_overflow(c == '-' ? -v : v, scale, out))
		return does_not_fit(p, e);
	in->pos += i;
	return 0;
}

int json_pull_id(struct json_pull *p, uint64_t *out, struct err *e)
{
	struct json_in *in = &p->in;
	int c, quoted, digits = 0;

	if (peek(p, &c, e) || (in->len - in->pos < NUMBER_BYTES && json_in_need(in, NUMBER_BYTES, e)))
		return e->kind;
	quoted = c == '"';
	in->pos += (size_t)quoted;
	*out = 0;
	for (; in->pos < in->len && in->buf[in->pos] >= '0' && in->buf[in->pos] <= '9'; in->pos++)
		if (digits++ == ID_DIGITS || __builtin_mul_overflow(*out, 10u, out) ||
		    __builtin_add_overflow(*out, (uint64_t)(in->buf[in->pos] - '0'), out))
			return does_not_fit(p, e);
	if (!digits || (quoted && (in->pos == in->len || in->buf[in->pos] != '"')))
		return json_pull_expected(p, "an id", e);
	in->pos += (size_t)quoted;
	return 0;
}

/* A run ends this far before the window does: no number and its neighbours are longer. */
#define RUN_MARGIN 20

/* One integer and the byte behind it, which has to end it; NULL: something else. */
static inline const char *run_number(const char *s, int64_t *out)
{
	int negative = *s == '-';
	const char *first = s + negative, *at = first;
	uint64_t v = 0;
	unsigned digit;

	while ((digit = (unsigned)(*at - '0')) <= 9 && at - first < 16) {
		v = v * 10 + digit;
		at++;
	}
	if (at == first || at - first > 15 || (*at != ',' && *at != ']'))
		return NULL;
	*out = negative ? -(int64_t)v : (int64_t)v;
	return at;
}

/* The next integers without signs, many at a time. 0: something else comes, or the window ends soon. */
static size_t take_unsigned(struct json_pull *p, int64_t *out, size_t max)
{
	struct json_in *in = &p->in;
	const char *start = in->buf + in->pos, *next;
	size_t n = 0;

	if (in->pos == in->len || (!p->fresh && *start++ != ','))
		return 0;
	next = number_run(start, in->buf + in->len, (uint64_t *)out, max, &n);
	if (!n)
		return 0;
	/* back to the comma behind the last one */
	do
		next--;
	while (*next != ',');
	in->pos = (size_t)(next - in->buf);
	p->fresh = 0;
	return n;
}

/* The next integers that are written without blanks and of at most 15 digits; the rest is for the slow way. */
static size_t take_signed(struct json_pull *p, int64_t *out, size_t max)
{
	struct json_in *in = &p->in;
	const char *s = in->buf + in->pos, *end = in->buf + in->len;
	size_t n = 0;

	while (n < max && end - s >= RUN_MARGIN) {
		const char *at = s;

		if (!p->fresh && *at++ != ',')
			break;
		at = run_number(at, &out[n]);
		if (!at)
			break;
		s = at;
		n++;
		p->fresh = 0;
	}
	in->pos = (size_t)(s - in->buf);
	return n;
}

/* After a sign a few are taken one by one; signs are rare. */
#define SIGNED_BATCH 16

static size_t take_run(struct json_pull *p, int64_t *out)
{
	size_t n = take_unsigned(p, out, JSON_BATCH);

	return n ? n : take_signed(p, out, SIGNED_BATCH);
}

static int scale_run(struct json_pull *p, int64_t scale, int64_t *v, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (__builtin_mul_overflow(v[i], scale, &v[i]))
			return does_not_fit(p, e);
	return 0;
}

static int take_one(struct json_pull *p, int64_t scale, int64_t *v, struct err *e)
{
	uint64_t id = 0;

	if (scale != JSON_IDS)
		return json_pull_number(p, scale, v, e);
	if (json_pull_id(p, &id, e))
		return e->kind;
	*v = id <= INT64_MAX ? (int64_t)id : -1;
	return 0;
}

int json_pull_numbers(struct json_pull *p, int64_t scale, json_batch_fn *fn, void *ctx, struct err *e)
{
	int64_t v[JSON_BATCH];
	size_t n;
	int more = 0;

	if (json_pull_open(p, '[', e))
		return e->kind;
	for (;;) {
		while ((n = take_run(p, v)))
			if ((scale != JSON_IDS && scale_run(p, scale, v, n, e)) || fn(ctx, v, n, e))
				return e->kind;
		if (json_pull_item(p, &more, e) || !more)
			return e->kind;
		if (take_one(p, scale, v, e) || fn(ctx, v, 1, e))
			return e->kind;
	}
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
		if (peek(p, &c, e))
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
