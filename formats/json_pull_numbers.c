/* Numbers and ids, one by one and whole arrays of them. */
#include <math.h>
#include <string.h>

#include "formats/json_pull.h"
#include "formats/number_run.h"

#define NUMBER_BYTES 48 /* of nearly all numbers */
#define MOST_NUMBER_BYTES 4096
#define ID_DIGITS 20 /* of 2^64 - 1; more can only be zeros in front, and their number is limited by the window alone */

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

	if (json_pull_peek(p, &c, e) || (in->len - in->pos < NUMBER_BYTES && json_in_need(in, NUMBER_BYTES, e)))
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

	if (json_pull_peek(p, &c, e) || (in->len - in->pos < NUMBER_BYTES && json_in_need(in, NUMBER_BYTES, e)))
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
