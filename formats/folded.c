#include "formats/folded.h"

#include <string.h>

#include "formats/text_lines.h"

#define PROBE_LINES 32

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A count at the end of `s`, with the space before it: its text, and what is left of `s`. */
static int take_count(struct str *s, struct str *count)
{
	size_t end = s->n, i, points = 0;

	while (end && (s->s[end - 1] == ' ' || s->s[end - 1] == '\t'))
		end--;
	for (i = end; i && (is_digit(s->s[i - 1]) || s->s[i - 1] == '.'); i--)
		points += s->s[i - 1] == '.';
	if (i == end || !i || points > 1 || points == end - i || (s->s[i - 1] != ' ' && s->s[i - 1] != '\t'))
		return 0;
	*count = (struct str){ s->s + i, end - i };
	s->n = i - 1;
	return 1;
}

/* 0 when it is too large. `*fraction` is set when digits behind the point were rounded away. */
static int count_value(struct str s, int64_t *out, int *fraction)
{
	size_t i;

	*out = 0;
	for (i = 0; i < s.n && is_digit(s.s[i]); i++)
		if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, s.s[i] - '0', out))
			return 0;
	if (i + 1 < s.n) {
		*out += s.s[i + 1] >= '5';
		for (i++; i < s.n; i++)
			*fraction |= s.s[i] != '0';
	}
	return 1;
}

enum probe probe_folded(const char *bytes, size_t n, int complete)
{
	size_t at = n >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0, good = 0, bad = 0;

	if (n >= 2 && (!memcmp(bytes, "\xFF\xFE", 2) || !memcmp(bytes, "\xFE\xFF", 2)))
		return PROBE_MAYBE;
	while (at < n && good + bad < PROBE_LINES) {
		const char *end = memchr(bytes + at, '\n', n - at);
		struct str line = { bytes + at, end ? (size_t)(end - bytes) - at : n - at }, count;

		if (!end && !complete)
			break;
		at += line.n + 1;
		line.n -= line.n && line.s[line.n - 1] == '\r';
		if (memchr(line.s, '\0', line.n))
			return PROBE_NO;
		if (!line.n || line.s[0] == '#')
			continue;
		if (line.s[0] != ' ' && line.s[0] != '\t' && take_count(&line, &count))
			good++;
		else
			bad++;
	}
	if (!good && !bad && !complete)
		return PROBE_MORE;
	return good && good >= 3 * bad ? PROBE_MAYBE : PROBE_NO;
}

static int looks_like_path(struct str s)
{
	return memchr(s.s, '/', s.n) || memchr(s.s, '\\', s.n) || str_starts(s, "node:") || str_starts(s, "file:");
}

/* ":123" off the end of `s`. */
static int take_number(struct str *s, uint32_t *out)
{
	uint64_t v = 0, scale = 1;
	size_t i = s->n;

	for (; i && is_digit(s->s[i - 1]) && scale < 10000000000; i--, scale *= 10)
		v += (uint64_t)(s->s[i - 1] - '0') * scale;
	if (i == s->n || !i || s->s[i - 1] != ':' || v > UINT32_MAX)
		return 0;
	*out = (uint32_t)v;
	s->n = i - 1;
	return 1;
}

void frame_split_place(struct profile_frame *f)
{
	struct str rest = f->name;
	uint32_t last, line;
	size_t i;

	if (!take_number(&rest, &last))
		return;
	if (!take_number(&rest, &line)) {
		line = last;
		last = 0;
	}
	for (i = rest.n; i && rest.s[i - 1] != ' '; i--)
		continue;
	if (!i || !looks_like_path((struct str){ rest.s + i, rest.n - i }))
		return;
	f->file = (struct str){ rest.s + i, rest.n - i };
	f->name.n = i - 1;
	f->line = line;
	f->column = last;
}

/* Marks that collapsers put behind names. */
static const struct {
	const char *mark;
	enum frame_kind kind;
	enum frame_tier tier;
} marks[] = {
	{ "_[k]", FRAME_KERNEL, TIER_UNKNOWN },	  { "_[j]", FRAME_GUESS, TIER_OPTIMIZED },
	{ "_[i]", FRAME_GUESS, TIER_UNKNOWN },	  { "_[w]", FRAME_GUESS, TIER_UNKNOWN },
	{ "_[0]", FRAME_GUESS, TIER_INTERPRETED }, { "_[1]", FRAME_GUESS, TIER_BASELINE },
};

static void take_mark(struct profile_frame *f)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (f->name.n < 4 || memcmp(f->name.s + f->name.n - 4, marks[i].mark, 4) != 0)
			continue;
		f->name.n -= 4;
		f->kind = marks[i].kind;
		f->tier = marks[i].tier;
		return;
	}
}

/*
 * Whether a line has one count or two cannot be seen in it alone: "route 12 5" may be a function called "route 12". So the first
 * lines are held back, and there are two only if all of them have two.
 */
#define HELD_LINES 32

struct reader {
	struct text_lines lines;
	const struct profile_sink *sink;
	size_t n_counts;        /* 0: not known yet */
	struct strbuf held;
	struct held_line {
		size_t end;     /* in `held` */
		uint64_t number;
	} held_lines[HELD_LINES];
	size_t n_held;
	uint64_t n_fractions, n_bad, n_single;
};

static int add_stack(struct reader *r, struct str text, uint32_t *stack, enum frame_tier *tier, struct err *e)
{
	*stack = STACK_NONE;
	while (text.n) {
		const char *end = memchr(text.s, ';', text.n);
		struct profile_frame f = { .name = { text.s, end ? (size_t)(end - text.s) : text.n } };
		size_t taken = f.name.n + (end != NULL);
		uint32_t frame;

		text = (struct str){ text.s + taken, text.n - taken };
		take_mark(&f);
		frame_split_place(&f);
		*tier = f.tier;
		if (r->sink->frame(r->sink->ctx, &f, &frame, e) ||
		    r->sink->stack(r->sink->ctx, *stack, frame, 0, stack, e))
			return e->kind;
	}
	return 0;
}

static int announce(struct reader *r, size_t n, struct err *e)
{
	static const struct profile_value_type one[] = { { STR_LIT("samples"), UNIT_COUNT, { "", 0 } } };
	static const struct profile_value_type two[] = { { STR_LIT("after"), UNIT_COUNT, { "", 0 } },
							 { STR_LIT("before"), UNIT_COUNT, { "", 0 } } };

	r->n_counts = n;
	return r->sink->values(r->sink->ctx, n == 1 ? one : two, n, e);
}

static int too_large(uint64_t line, struct err *e)
{
	return err_set(e, ERR_FORMAT, "line %llu: a count that is too large", (unsigned long long)line);
}

/* A line that ends in a count. */
static int take_line(struct reader *r, struct str line, uint64_t number, struct err *e)
{
	struct profile_sample s = { .time_ns = PROFILE_NO_TIME };
	struct str count = { NULL, 0 }, before = { NULL, 0 };
	int64_t values[2] = { 0, 0 };
	int fraction = 0;

	take_count(&line, &count);
	if (!count_value(count, &values[0], &fraction))
		return too_large(number, e);
	if (r->n_counts == 2 && !take_count(&line, &before))
		r->n_single++;
	else if (r->n_counts == 2 && !count_value(before, &values[1], &fraction))
		return too_large(number, e);
	if (add_stack(r, line, &s.stack, &s.tier, e))
		return e->kind;
	r->n_fractions += (uint64_t)fraction;
	s.values = values;
	return r->sink->sample(r->sink->ctx, &s, e);
}

static struct str held_line(const struct reader *r, size_t i)
{
	size_t begin = i ? r->held_lines[i - 1].end : 0;

	return (struct str){ strbuf_str(&r->held) + begin, r->held_lines[i].end - begin };
}

static int has_two_counts(struct str line)
{
	struct str last, before;
	int64_t value;
	int fraction = 0;

	return take_count(&line, &last) && take_count(&line, &before) && count_value(before, &value, &fraction);
}

static int take_held(struct reader *r, struct err *e)
{
	size_t n_two = 0;

	if (!r->n_held || strbuf_check(&r->held, e))
		return e->kind;
	for (size_t i = 0; i < r->n_held; i++)
		n_two += has_two_counts(held_line(r, i)) != 0;
	if (announce(r, n_two == r->n_held ? 2 : 1, e))
		return e->kind;
	for (size_t i = 0; i < r->n_held; i++)
		if (take_line(r, held_line(r, i), r->held_lines[i].number, e))
			return e->kind;
	r->n_held = 0;
	return 0;
}

static int hold_line(struct reader *r, struct str line, struct err *e)
{
	strbuf_add(&r->held, line.s, line.n);
	r->held_lines[r->n_held++] = (struct held_line){ r->held.len, r->lines.n };
	return r->n_held == HELD_LINES ? take_held(r, e) : strbuf_check(&r->held, e);
}

static int read_lines(struct reader *r, struct err *e)
{
	struct json_in *in = &r->lines.in;
	struct str line, rest, count;
	int more;

	for (;;) {
		if (text_lines_next(&r->lines, &line, &more, e))
			return e->kind;
		if (!more)
			return take_held(r, e);
		rest = line;
		if (!line.n || line.s[0] == '#')
			continue;
		if (!take_count(&rest, &count))
			r->n_bad++;
		else if (r->n_counts ? take_line(r, line, r->lines.n, e) : hold_line(r, line, e))
			return e->kind;
		if (!(r->lines.n & 0xFFFF) &&
		    run_tick(in->run, "read", source_consumed(in->source), source_size(in->source), e))
			return e->kind;
	}
}

static int tell(struct reader *r, struct err *e)
{
	struct run *run = r->lines.in.run;

	if (!r->n_counts && r->n_bad)
		return err_set(e, ERR_FORMAT, "not folded stacks: no line ends in a count");
	if (run_diag_n(run, e, r->n_single, "one-count", "lines with one count among those with two were taken for the later one"))
		return e->kind;
	if (run_diag_n(run, e, r->n_bad, "no-count", "lines that end in no count were passed over"))
		return e->kind;
	return run_diag_n(run, e, r->n_fractions, "fractional-count", "counts with a fraction were rounded");
}

int folded_read(struct run *run, struct source *src, const struct profile_read_options *o,
		const struct profile_sink *sink, struct err *e)
{
	struct reader r = { .sink = sink };
	int rc = text_lines_init(&r.lines, run, src, o->read_bytes, e);

	strbuf_init(&r.held, &run->mem);
	if (!rc)
		rc = read_lines(&r, e);
	if (!rc)
		rc = tell(&r, e);
	strbuf_release(&r.held);
	text_lines_release(&r.lines);
	return rc;
}
