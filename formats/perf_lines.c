#include "formats/perf_lines.h"

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* What is left to read of a line. */
struct scan {
	const char *p, *end;
};

static void skip_blanks(struct scan *s)
{
	while (s->p < s->end && is_blank(*s->p))
		s->p++;
}

static int take(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return 0;
	s->p++;
	return 1;
}

/* Up to eighteen digits. */
static int take_number(struct scan *s, int64_t *value)
{
	const char *start = s->p;
	int64_t v = 0;

	while (s->p < s->end && is_digit(*s->p) && s->p - start < 18)
		v = v * 10 + (*s->p++ - '0');
	*value = v;
	return s->p > start && (s->p == s->end || !is_digit(*s->p));
}

/* "123.456789:" in nanoseconds; nothing is taken when it is no time. */
static int take_time(struct scan *s, int64_t *ns)
{
	struct scan at = *s;
	int64_t seconds, fraction, scale = 1000000000;
	const char *start;

	if (!take_number(&at, &seconds) || !take(&at, '.'))
		return 0;
	start = at.p;
	if (!take_number(&at, &fraction) || at.p - start > 9 || !take(&at, ':') || seconds > INT64_MAX / scale - 1)
		return 0;
	for (const char *p = start; p < at.p - 1; p++)
		scale /= 10;
	*ns = seconds * 1000000000 + fraction * scale;
	*s = at;
	return 1;
}

static void take_cpu(struct scan *s)
{
	struct scan at = *s;
	int64_t cpu;

	if (take(&at, '[') && take_number(&at, &cpu) && take(&at, ']'))
		*s = at;
	skip_blanks(s);
}

/* A number with a blank behind it. One of more digits is a number too, as large as can be. */
static int take_period(struct scan *s, int64_t *period)
{
	struct scan at = *s;

	if (!take_number(&at, period) && at.p > s->p) {
		*period = INT64_MAX;
		while (at.p < at.end && is_digit(*at.p))
			at.p++;
	}
	if (at.p == s->p || at.p == at.end || !is_blank(*at.p))
		return 0;
	skip_blanks(&at);
	*s = at;
	return 1;
}

/* Up to a colon that a blank or the end follows. Spaces are for names behind a time only: elsewhere they could be text. */
static int take_event(struct scan *s, int spaces, struct perf_event_line *ev)
{
	const char *start = s->p;

	for (; s->p < s->end; s->p++) {
		if (is_blank(*s->p) && !spaces)
			return 0;
		if (*s->p != ':' || (s->p + 1 < s->end && !is_blank(s->p[1])))
			continue;
		ev->event = (struct str){ start, (size_t)(s->p - start) };
		s->p++;
		skip_blanks(s);
		ev->rest = (struct str){ s->p, (size_t)(s->end - s->p) };
		return ev->event.n && *start != '[';
	}
	return 0;
}

/* All that follows the thread. */
static int take_tail(struct scan s, int with_time, struct perf_event_line *ev)
{
	skip_blanks(&s);
	take_cpu(&s);
	ev->has_time = take_time(&s, &ev->time_ns);
	if (ev->has_time != with_time)
		return 0;
	skip_blanks(&s);
	ev->has_period = take_period(&s, &ev->period);
	return take_event(&s, with_time, ev);
}

/* "tid" or "pid/tid" with a blank behind. */
static int take_thread(struct scan *s, struct perf_event_line *ev)
{
	int64_t first, second;

	if (!take_number(s, &first))
		return 0;
	ev->pid = 0;
	ev->tid = (uint64_t)first;
	if (take(s, '/')) {
		if (!take_number(s, &second))
			return 0;
		ev->pid = (uint64_t)first;
		ev->tid = (uint64_t)second;
	}
	return s->p < s->end && is_blank(*s->p);
}

/* The name of a thread may hold blanks and numbers: the first number with a sound tail behind it is the thread. */
static int find_thread(struct str line, int with_time, struct perf_event_line *ev)
{
	const char *end = line.s + line.n;

	for (const char *p = line.s; p < end; p++) {
		struct scan s = { p, end };

		if (!is_digit(*p) || (p > line.s && !is_blank(p[-1])))
			continue;
		if (!take_thread(&s, ev) || !take_tail(s, with_time, ev))
			continue;
		while (p > line.s && is_blank(p[-1]))
			p--;
		ev->comm = (struct str){ line.s, (size_t)(p - line.s) };
		return 1;
	}
	return 0;
}

int perf_event_parse(struct str line, struct perf_event_line *ev)
{
	while (line.n && is_blank(line.s[0]))
		line = (struct str){ line.s + 1, line.n - 1 };
	return find_thread(line, 1, ev) || find_thread(line, 0, ev);
}

/*
 * The dso stands in the last pair of parentheses, which ends the line; its path may hold pairs of its own, such as
 * "(deleted)". Where the opening one stands, `n` when there is none.
 */
static size_t dso_at(struct str s)
{
	size_t depth = 0;

	if (!s.n || s.s[s.n - 1] != ')')
		return s.n;
	for (size_t i = s.n; i-- > 0;) {
		if (s.s[i] == ')')
			depth++;
		else if (s.s[i] == '(' && !--depth)
			return i && s.s[i - 1] == ' ' ? i : s.n;
	}
	return s.n;
}

static struct str without_offset(struct str s)
{
	size_t i = s.n;

	while (i && is_hex(s.s[i - 1]))
		i--;
	if (i < s.n && i >= 3 && !memcmp(s.s + i - 3, "+0x", 3))
		s.n = i - 3;
	return s;
}

int perf_frame_text(struct str line, struct str *text)
{
	struct scan s = { line.s, line.s + line.n };
	const char *ip;

	skip_blanks(&s);
	for (ip = s.p; s.p < s.end && is_hex(*s.p);)
		s.p++;
	if (s.p == ip || s.p == s.end || *s.p != ' ')
		return 0;
	s.p++;
	*text = (struct str){ s.p, (size_t)(s.end - s.p) };
	return 1;
}

void perf_frame_split(struct str text, struct perf_frame_line *f)
{
	size_t at;

	while (text.n && is_blank(text.s[text.n - 1]))
		text.n--;
	at = dso_at(text);
	f->dso = at < text.n ? (struct str){ text.s + at + 1, text.n - at - 2 } : (struct str){ "", 0 };
	f->inlined = str_is(f->dso, "inlined");
	while (at && is_blank(text.s[at - 1]))
		at--;
	f->symbol = without_offset((struct str){ text.s, at });
}
