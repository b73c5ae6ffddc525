#include "formats/v8_log.h"

#include "base/utf8.h"
#include "formats/feed.h"
#include "formats/v8_log_code.h"

/* Fields of a line that anybody looks at; V8 logs stacks of 255 frames at most. */
#define MAX_FIELDS 300

struct line {
	struct str fields[MAX_FIELDS];
	size_t n;
};

struct log {
	struct run *run;
	const struct profile_sink *sink;
	struct feed in;
	struct v8_log_code code;
	struct line line;
	struct strbuf name, reason;
	uint32_t chain[MAX_FIELDS + 2]; /* innermost first */
	size_t n_chain;
	enum frame_tier tier;
	int64_t first_ns, last_ns;      /* of ticks; first PROFILE_NO_TIME: none yet */
	int old_states;                 /* V8 before 7.3: no atomics wait */
	uint64_t n_ticks, n_damaged, n_unknown_frames, n_overflows;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "0x1f" or "1f"; 0: it is no such number. */
static int hex(struct str s, uint64_t *value)
{
	size_t i = str_starts(s, "0x") ? 2 : 0;

	*value = 0;
	if (i == s.n || s.n - i > 16)
		return 0;
	for (; i < s.n; i++) {
		int d = hex_digit(s.s[i]);

		if (d < 0)
			return 0;
		*value = *value << 4 | (uint64_t)d;
	}
	return 1;
}

static int decimal(struct str s, uint64_t *value)
{
	*value = 0;
	if (!s.n || s.n > 18)
		return 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return 0;
		*value = *value * 10 + (uint64_t)(s.s[i] - '0');
	}
	return 1;
}

static void split(struct line *l, struct str text)
{
	const char *p = text.s, *end = text.s + text.n;

	for (l->n = 0; l->n < MAX_FIELDS; p++) {
		const char *comma = memchr(p, ',', (size_t)(end - p));

		l->fields[l->n++] = (struct str){ p, (size_t)((comma ? comma : end) - p) };
		if (!comma)
			return;
		p = comma;
	}
}

/* Take `n` hexadecimal digits. */
static int escaped_code(struct str s, size_t at, size_t n, uint32_t *cp)
{
	if (at + n > s.n)
		return 0;
	for (*cp = 0; n--; at++) {
		int d = hex_digit(s.s[at]);

		if (d < 0)
			return 0;
		*cp = *cp << 4 | (uint32_t)d;
	}
	return 1;
}

/* One escape at the backslash; returns how many bytes it takes. */
static size_t unescape_one(struct strbuf *out, struct str s, size_t at)
{
	char c = at + 1 < s.n ? s.s[at + 1] : '\\', utf8[4];
	uint32_t cp;

	if ((c == 'x' && escaped_code(s, at + 2, 2, &cp)) || (c == 'u' && escaped_code(s, at + 2, 4, &cp))) {
		strbuf_add(out, utf8, utf8_encode(cp, utf8));
		return c == 'x' ? 4 : 6;
	}
	strbuf_addch(out, c == 'n' ? '\n' : c);
	return 2;
}

/* "\x2C", "\n", "\\", "\u00e9" */
static int unescape(struct strbuf *out, struct str s, struct str *text, struct err *e)
{
	size_t at = 0;

	*text = s;
	if (!s.n || !memchr(s.s, '\\', s.n))
		return 0;
	strbuf_reset(out);
	while (at < s.n) {
		const char *slash = memchr(s.s + at, '\\', s.n - at);
		size_t plain = slash ? (size_t)(slash - s.s) - at : s.n - at;

		strbuf_add(out, s.s + at, plain);
		at += plain;
		if (slash)
			at += unescape_one(out, s, at);
	}
	*text = (struct str){ strbuf_str(out), out->len };
	return strbuf_check(out, e);
}

/* Fields from..to as they stood in the line, commas and all. */
static struct str joined(const struct line *l, size_t from, size_t to)
{
	const struct str *last = &l->fields[to - 1];

	return (struct str){ l->fields[from].s, (size_t)(last->s + last->n - l->fields[from].s) };
}

/*
 * A name may hold commas in old logs. It ends before the first field that is the address of the function's information,
 * or with the line.
 */
static size_t name_end(const struct line *l, size_t from)
{
	uint64_t address;
	size_t i = from + 1;

	while (i < l->n && !(str_starts(l->fields[i], "0x") && hex(l->fields[i], &address)))
		i++;
	return i;
}

static struct str without_quotes(struct str s)
{
	if (s.n >= 2 && s.s[0] == '"' && s.s[s.n - 1] == '"')
		return (struct str){ s.s + 1, s.n - 2 };
	return s;
}

/* code-creation,TYPE,kind[,us],address,size,name[,function,state] */
static int take_creation(struct log *g, const struct line *l, struct err *e)
{
	size_t at = l->n > 3 && str_starts(l->fields[3], "0x") ? 3 : 4, end;
	struct str name, state = { "", 0 };
	uint64_t start, bytes;

	if (l->n < at + 3 || !hex(l->fields[at], &start) || !decimal(l->fields[at + 1], &bytes) ||
	    bytes > CODE_MAX_BYTES || start > UINT64_MAX - bytes) {
		g->n_damaged++;
		return 0;
	}
	end = name_end(l, at + 2);
	if (end + 1 < l->n)
		state = l->fields[end + 1];
	if (unescape(&g->name, without_quotes(joined(l, at + 2, end)), &name, e))
		return e->kind;
	return v8_log_code_add(&g->code, l->fields[1], name, state, start, bytes, e);
}

/* code-move,from,to */
static int take_move(struct log *g, const struct line *l, struct err *e)
{
	uint64_t from, to;

	if (l->n < 3 || !hex(l->fields[1], &from) || !hex(l->fields[2], &to) || to > UINT64_MAX - CODE_MAX_BYTES) {
		g->n_damaged++;
		return 0;
	}
	return code_map_move(&g->code.map, from, to, e);
}

static int take_delete(struct log *g, const struct line *l, struct err *e)
{
	uint64_t start;

	(void)e;
	if (l->n < 2 || !hex(l->fields[1], &start))
		g->n_damaged++;
	else
		code_map_delete(&g->code.map, start);
	return 0;
}

/* shared-library,path,start,end[,slide] */
static int take_library(struct log *g, const struct line *l, struct err *e)
{
	uint64_t start, end;
	size_t at = l->n;
	struct str path;

	/* paths may hold commas, quotes stand around them in old logs */
	while (at > 2 && !str_starts(l->fields[at - 1], "0x"))
		at--;
	if (at < 4 || !hex(l->fields[at - 2], &start) || !hex(l->fields[at - 1], &end)) {
		g->n_damaged++;
		return 0;
	}
	if (unescape(&g->name, without_quotes(joined(l, 1, at - 2)), &path, e))
		return e->kind;
	return v8_log_code_library(&g->code, path, start, end, e);
}

/* code-deopt,us,size,address,inlining,offset,kind,position,reason */
static int take_deopt(struct log *g, const struct line *l, struct err *e)
{
	struct str reason;
	uint64_t start;

	if (l->n < 9 || !hex(l->fields[3], &start)) {
		g->n_damaged++;
		return 0;
	}
	if (unescape(&g->reason, without_quotes(joined(l, 8, l->n)), &reason, e))
		return e->kind;
	return v8_log_code_deopt(&g->code, start, reason, e);
}

/* v8-version,major,minor,build,... */
static int take_version(struct log *g, const struct line *l, struct err *e)
{
	uint64_t major, minor;

	(void)e;
	if (l->n >= 3 && decimal(l->fields[1], &major) && decimal(l->fields[2], &minor))
		g->old_states = major < 7 || (major == 7 && minor < 3);
	return 0;
}

/* profiler,begin,us */
static int take_profiler(struct log *g, const struct line *l, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;
	uint64_t us;

	if (l->n < 3 || !str_is(l->fields[1], "begin") || !decimal(l->fields[2], &us) || us > 1000000000)
		return 0;
	meta.period = (int64_t)us * 1000;
	return g->sink->meta(g->sink->ctx, &meta, e);
}

static enum v8_state state_of(const struct log *g, uint64_t number)
{
	if (g->old_states && number >= V8_STATE_ATOMICS_WAIT)
		number++;
	return number < V8_N_STATES ? (enum v8_state)number : V8_STATE_OTHER;
}

/* Callers that nobody knows are left out; the innermost frame stays, since its time is nobody else's. */
static int push(struct log *g, uint64_t pc, int innermost, struct err *e)
{
	enum frame_tier tier;
	uint32_t frame;

	if (v8_log_code_find(&g->code, pc, &frame, &tier, e))
		return e->kind;
	if (frame == V8_NO_FRAME) {
		g->n_unknown_frames++;
		if (!innermost)
			return 0;
		if (v8_log_code_unknown(&g->code, &frame, e))
			return e->kind;
	}
	if (innermost)
		g->tier = tier;
	g->chain[g->n_chain++] = frame;
	return 0;
}

/* "+1f", "-2a0": from the last such place on; else an address, which moves nothing. */
static int push_field(struct log *g, struct str f, uint64_t *previous, struct err *e)
{
	int is_relative = f.n && (f.s[0] == '+' || f.s[0] == '-');
	uint64_t v;

	if (!hex(is_relative ? (struct str){ f.s + 1, f.n - 1 } : f, &v)) {
		g->n_damaged++;
		return 0;
	}
	if (is_relative)
		v = *previous += f.s[0] == '+' ? v : 0 - v;
	return push(g, v, 0, e);
}

/* A tick in foreign code counts for what called it; the top of the stack is a caller when it lies in JavaScript. */
static int push_top(struct log *g, uint64_t *pc, uint64_t tos, int is_external, struct err *e)
{
	if (is_external)
		*pc = tos;
	if (push(g, *pc, 1, e))
		return e->kind;
	if (!is_external && tos && v8_log_code_is_js(&g->code, tos))
		return push(g, tos, 0, e);
	return 0;
}

static int observe(struct log *g, uint64_t us, enum v8_state state, struct err *e)
{
	struct profile_observation o = { .stack = STACK_NONE, .tier = g->tier };
	uint32_t frame;

	o.time_ns = us < INT64_MAX / 1000 ? (int64_t)us * 1000 : INT64_MAX;
	g->first_ns = g->first_ns == PROFILE_NO_TIME ? o.time_ns : g->first_ns;
	g->last_ns = o.time_ns > g->last_ns ? o.time_ns : g->last_ns;
	if (v8_log_code_state(&g->code, state, &frame, e))
		return e->kind;
	/* who waits for events is in no function, whatever the stack held */
	if (state == V8_STATE_IDLE)
		g->n_chain = 0;
	if (!g->n_chain && frame == V8_NO_FRAME && v8_log_code_program(&g->code, &frame, e))
		return e->kind;
	if (profile_sink_chain(g->sink, g->chain, NULL, g->n_chain, &o.stack, e))
		return e->kind;
	if (frame != V8_NO_FRAME) {
		o.tier = TIER_UNKNOWN;
		if (g->sink->stack(g->sink->ctx, o.stack, frame, 0, &o.stack, e))
			return e->kind;
	}
	g->n_ticks++;
	return g->sink->observe(g->sink->ctx, &o, e);
}

/* tick,pc,us,is external,top of stack or callback,state,stack... */
static int take_tick(struct log *g, const struct line *l, struct err *e)
{
	uint64_t pc, us, is_external, tos, state;
	size_t i = 6;

	if (l->n < 6 || !hex(l->fields[1], &pc) || !decimal(l->fields[2], &us) || !decimal(l->fields[3], &is_external) ||
	    !hex(l->fields[4], &tos) || !decimal(l->fields[5], &state)) {
		g->n_damaged++;
		return 0;
	}
	g->n_chain = 0;
	g->tier = TIER_UNKNOWN;
	if (push_top(g, &pc, tos, is_external != 0, e))
		return e->kind;
	if (i < l->n && str_is(l->fields[i], "overflow")) {
		g->n_overflows++;
		i++;
	}
	for (; i < l->n; i++)
		if (push_field(g, l->fields[i], &pc, e))
			return e->kind;
	return observe(g, us, state_of(g, state), e);
}

static int take_line(struct log *g, struct str text, struct err *e)
{
	static const struct {
		const char *word;
		int (*take)(struct log *g, const struct line *l, struct err *e);
	} kinds[] = {
		{ "tick,", take_tick },
		{ "code-creation,", take_creation },
		{ "code-move,", take_move },
		{ "code-delete,", take_delete },
		{ "code-deopt,", take_deopt },
		{ "shared-library,", take_library },
		{ "profiler,", take_profiler },
		{ "v8-version,", take_version },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!str_starts(text, kinds[i].word))
			continue;
		split(&g->line, text);
		return kinds[i].take(g, &g->line, e);
	}
	return 0;
}

static int read_lines(struct log *g, struct err *e)
{
	struct str text;
	int got, whole;

	for (;;) {
		if (feed_line(&g->in, &text, &got, &whole, e))
			return e->kind;
		if (!got)
			return 0;
		if (!whole)
			return run_diag(g->run, e, "cut-line", "the log ends in the middle of a line, which is left out");
		if (take_line(g, text, e))
			return e->kind;
	}
}

static int finish(struct log *g, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;

	meta.no_hits = 1;
	meta.producer = STR_LIT("V8 --prof");
	meta.duration_ns = g->first_ns == PROFILE_NO_TIME || g->last_ns < g->first_ns ? 0 : g->last_ns - g->first_ns;
	if (g->sink->meta(g->sink->ctx, &meta, e) ||
	    run_diag_n(g->run, e, g->n_damaged, "damaged-line", "lines or frames of the log that make no sense") ||
	    run_diag_n(g->run, e, g->n_unknown_frames, "unknown-code",
		       "addresses in ticks at which the log knows no code; callers among them are left out"))
		return e->kind;
	return run_diag_n(g->run, e, g->n_overflows, "cut-stack",
			  "ticks during which others were lost, as the log says itself");
}

int v8_log_read(struct run *run, struct source *src, const struct profile_read_options *o,
		const struct profile_sink *sink, struct err *e)
{
	struct log *g = MEM_NEW(&run->mem, struct log, 1, e);
	int rc;

	if (!g)
		return e->kind;
	g->run = run;
	g->sink = sink;
	g->first_ns = PROFILE_NO_TIME;
	v8_log_code_init(&g->code, run, sink);
	strbuf_init(&g->name, &run->mem);
	strbuf_init(&g->reason, &run->mem);
	rc = feed_init(&g->in, run, src, o->read_bytes, e);
	if (!rc) {
		rc = read_lines(g, e);
		feed_release(&g->in);
	}
	if (!rc)
		rc = finish(g, e);
	v8_log_code_release(&g->code);
	strbuf_release(&g->name);
	strbuf_release(&g->reason);
	mem_free(&run->mem, g);
	return rc;
}

enum probe probe_v8_log(const char *bytes, size_t n, int complete)
{
	static const char first[] = "v8-version,";

	(void)complete;
	return n >= sizeof(first) - 1 && !memcmp(bytes, first, sizeof(first) - 1) ? PROBE_YES : PROBE_NO;
}
