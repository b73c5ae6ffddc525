#include "formats/perf_script.h"

#include <stdio.h>

#include "formats/code_names.h"
#include "formats/feed.h"
#include "formats/memo.h"
#include "formats/perf_lines.h"
#include "formats/perf_values.h"
#include "formats/wtf8.h"

/* So many texts of frames are remembered; then it begins anew. */
#define MAX_TEXTS ((uint32_t)1 << 18)

struct script {
	struct run *run;
	const struct profile_sink *sink;
	struct feed in;
	struct perf_values values;
	struct memo texts_seen;        /* behind the addresses of frames: with offsets, so there are many */
	uint32_t *text_frames;         /* their numbers in `frames` */
	size_t text_frames_capacity;
	struct memo frames, threads;   /* by the text that they are made of */
	uint32_t *frame_ids, *thread_ids; /* the sink's numbers */
	uint8_t *frame_unknown;        /* the walk went astray: neither symbol nor dso */
	size_t frame_ids_capacity, frame_unknown_capacity, thread_ids_capacity;
	struct strbuf key;
	struct wtf8 texts[2];

	int in_event;                  /* an event line was read, its frames follow */
	struct strbuf event;           /* its name */
	int has_period;
	int64_t period, time_ns;
	uint32_t thread;
	uint32_t *chain, *lines;       /* innermost first: numbers in `frames` */
	size_t n_chain, chain_capacity, lines_capacity;

	uint64_t n_samples, n_unknown_lines, n_broken;
};

static int column(struct mem *m, void **array, size_t *capacity, uint32_t i, size_t size, struct err *e)
{
	return mem_reserve(m, array, capacity, (size_t)i + 1, size, e);
}

/* Nothing but digits, at most nine: the text does not end in a NUL. */
static int take_digits(const char *s, size_t n, uint32_t *out)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		v = v * 10 + (uint32_t)(s[i] - '0');
	}
	*out = v;
	return 1;
}

/* "file.c:12" */
static struct str source_of(struct str text, uint32_t *line)
{
	struct profile_frame f = { 0 };

	while (text.n && (text.s[0] == ' ' || text.s[0] == '\t'))
		text = (struct str){ text.s + 1, text.n - 1 };
	/* as a name without a function, so that the numbers at the end are taken */
	for (size_t i = text.n; i-- > 0;) {
		if (text.s[i] != ':')
			continue;
		if (i + 1 < text.n && text.n - i <= 10 && take_digits(text.s + i + 1, text.n - i - 1, &f.line))
			text.n = i;
		break;
	}
	*line = f.line;
	return text;
}

/* The key is "symbol NUL dso NUL source file". */
static int make_frame(struct script *s, uint32_t number, struct err *e)
{
	struct str key = { strbuf_str(&s->key), s->key.len }, symbol, dso, file;
	struct profile_frame f = { 0 };

	symbol = (struct str){ key.s, strlen(key.s) };
	dso = str_of(key.s + symbol.n + 1);
	file = str_of(dso.s + dso.n + 1);
	if (wtf8_clean(&s->texts[0], &symbol, e) || wtf8_clean(&s->texts[1], &dso, e))
		return e->kind;
	code_name_native(symbol, str_is(dso, "inlined") ? STR_LIT("") : dso, &f);
	if (!f.file.n)
		f.file = file;
	if (column(&s->run->mem, (void **)&s->frame_ids, &s->frame_ids_capacity, number, 4, e) ||
	    column(&s->run->mem, (void **)&s->frame_unknown, &s->frame_unknown_capacity, number, 1, e))
		return e->kind;
	s->frame_unknown[number] = str_is(f.name, "[unknown]") && !f.module.n;
	return s->sink->frame(s->sink->ctx, &f, &s->frame_ids[number], e);
}

static int find_frame(struct script *s, uint32_t *number, struct err *e)
{
	uint32_t n = memo_n(&s->frames);

	if (strbuf_check(&s->key, e) ||
	    memo_add(&s->frames, (struct str){ strbuf_str(&s->key), s->key.len }, number, e))
		return e->kind;
	return *number < n ? 0 : make_frame(s, *number, e);
}

static int push_frame(struct script *s, uint32_t number, struct err *e)
{
	struct mem *m = &s->run->mem;

	if (mem_reserve(m, (void **)&s->chain, &s->chain_capacity, s->n_chain + 1, 4, e) ||
	    mem_reserve(m, (void **)&s->lines, &s->lines_capacity, s->n_chain + 1, 4, e))
		return e->kind;
	s->lines[s->n_chain] = 0;
	s->chain[s->n_chain++] = number;
	return 0;
}

/* A NUL cannot be in a line that perf printed; in a damaged one it ends the text, which make_frame() relies on. */
static void add_text(struct strbuf *key, struct str text)
{
	const char *nul = text.n ? memchr(text.s, '\0', text.n) : NULL;

	strbuf_add(key, text.s, nul ? (size_t)(nul - text.s) : text.n);
	strbuf_addch(key, '\0');
}

static int split_frame(struct script *s, struct str text, uint32_t *number, struct err *e)
{
	struct perf_frame_line f;

	perf_frame_split(text, &f);
	strbuf_reset(&s->key);
	add_text(&s->key, f.symbol);
	add_text(&s->key, f.dso);
	strbuf_addch(&s->key, '\0');
	return find_frame(s, number, e);
}

static int take_frame(struct script *s, struct str text, struct err *e)
{
	struct memo *seen = &s->texts_seen;
	uint32_t number, n = memo_n(seen);

	if (n == MAX_TEXTS) {
		memo_release(seen);
		memo_init(seen, &s->run->mem);
		n = 0;
	}
	if (memo_add(seen, text, &number, e))
		return e->kind;
	if (number == n && (column(&s->run->mem, (void **)&s->text_frames, &s->text_frames_capacity, number, 4, e) ||
			    split_frame(s, text, &s->text_frames[number], e)))
		return e->kind;
	return push_frame(s, s->text_frames[number], e);
}

/* The line below a frame that `-F +srcline` prints: the frame gets the file, its place in the stack the line. */
static int take_source(struct script *s, struct str text, struct err *e)
{
	uint32_t line, *last = &s->chain[s->n_chain - 1];
	struct str file = source_of(text, &line), old = memo_key(&s->frames, *last);

	strbuf_reset(&s->key);
	strbuf_add(&s->key, old.s, strlen(old.s) + 1);
	old.s += s->key.len;
	strbuf_add(&s->key, old.s, strlen(old.s) + 1);
	add_text(&s->key, file);
	s->lines[s->n_chain - 1] = line;
	return find_frame(s, last, e);
}

/*
 * Frame pointers that code uses for something else lead the kernel astray: the chain then ends at an address in no
 * mapping. It is no caller of anybody.
 */
static void drop_astray(struct script *s)
{
	size_t n = s->n_chain;

	while (s->n_chain > 1 && s->frame_unknown[s->chain[s->n_chain - 1]])
		s->n_chain--;
	s->n_broken += s->n_chain < n;
}

static int finish_event(struct script *s, struct err *e)
{
	struct profile_sample sample = { .thread = s->thread, .time_ns = s->time_ns };

	if (!s->in_event)
		return 0;
	s->in_event = 0;
	s->n_samples++;
	drop_astray(s);
	for (size_t i = 0; i < s->n_chain; i++)
		s->chain[i] = s->frame_ids[s->chain[i]];
	if (profile_sink_chain(s->sink, s->chain, s->lines, s->n_chain, &sample.stack, e))
		return e->kind;
	return perf_values_sample(&s->values, s->sink, (struct str){ strbuf_str(&s->event), s->event.len }, s->has_period,
				  s->period, &sample, e);
}

static int find_thread(struct script *s, const struct perf_event_line *ev, uint32_t *id, struct err *e)
{
	struct profile_thread t = { ev->pid, ev->tid, ev->comm };
	uint32_t number, n = memo_n(&s->threads);

	strbuf_reset(&s->key);
	strbuf_add(&s->key, &ev->pid, sizeof(ev->pid));
	strbuf_add(&s->key, &ev->tid, sizeof(ev->tid));
	strbuf_add(&s->key, ev->comm.s, ev->comm.n);
	if (strbuf_check(&s->key, e) ||
	    memo_add(&s->threads, (struct str){ strbuf_str(&s->key), s->key.len }, &number, e) ||
	    column(&s->run->mem, (void **)&s->thread_ids, &s->thread_ids_capacity, number, 4, e))
		return e->kind;
	if (number == n && (wtf8_clean(&s->texts[0], &t.name, e) ||
			    s->sink->thread(s->sink->ctx, &t, &s->thread_ids[number], e)))
		return e->kind;
	*id = s->thread_ids[number];
	return 0;
}

static int begin_event(struct script *s, const struct perf_event_line *ev, struct err *e)
{
	struct str text;

	/* --show-mmap-events and the like */
	if (str_starts(ev->event, "PERF_RECORD_"))
		return 0;
	if (find_thread(s, ev, &s->thread, e))
		return e->kind;
	strbuf_reset(&s->event);
	strbuf_add(&s->event, ev->event.s, ev->event.n);
	s->has_period = ev->has_period;
	s->period = ev->period;
	s->time_ns = ev->has_time ? ev->time_ns : PROFILE_NO_TIME;
	s->n_chain = 0;
	s->in_event = 1;
	/* what a tracepoint says may begin with a hexadecimal word, too, but does not end with a dso */
	if (!ev->rest.n || ev->rest.s[ev->rest.n - 1] != ')' || !perf_frame_text(ev->rest, &text))
		return strbuf_check(&s->event, e);
	return take_frame(s, text, e) ? e->kind : finish_event(s, e);
}

/* "# perf version : 6.1" */
static int take_comment(struct script *s, struct str line, struct err *e)
{
	static const char version[] = "# perf version : ";
	struct profile_meta meta = PROFILE_META_INIT;
	char text[128];

	if (!str_starts(line, version))
		return 0;
	line = (struct str){ line.s + sizeof(version) - 1, line.n - (sizeof(version) - 1) };
	meta.producer.n = (size_t)snprintf(text, sizeof(text), "perf %.*s", (int)(line.n > 100 ? 100 : line.n), line.s);
	meta.producer.s = text;
	if (wtf8_clean(&s->texts[0], &meta.producer, e))
		return e->kind;
	return s->sink->meta(s->sink->ctx, &meta, e);
}

static int take_line(struct script *s, struct str line, struct err *e)
{
	struct perf_event_line ev;
	struct str text;
	int indented = line.n && (line.s[0] == ' ' || line.s[0] == '\t');

	if (!line.n)
		return finish_event(s, e);
	if (s->in_event && indented && perf_frame_text(line, &text))
		return take_frame(s, text, e);
	if (!s->in_event && line.s[0] == '#')
		return take_comment(s, line, e);
	if (perf_event_parse(line, &ev))
		return finish_event(s, e) ? e->kind : begin_event(s, &ev, e);
	if (s->in_event && indented && s->n_chain)
		return take_source(s, line, e);
	s->n_unknown_lines++;
	return 0;
}

/* A last line that was cut may be half a frame: the event that it belongs to is not counted. */
static int read_lines(struct script *s, struct err *e)
{
	struct str line;
	int got, whole;

	for (;;) {
		if (feed_line(&s->in, &line, &got, &whole, e))
			return e->kind;
		if (!got)
			return finish_event(s, e);
		if (!whole && !(s->in_event && line.n && line.s[line.n - 1] == ')'))
			return run_diag(s->run, e, "cut-line", "the text ends in the middle of a line; its event is left out");
		if (take_line(s, line, e))
			return e->kind;
	}
}

static int finish(struct script *s, struct err *e)
{
	if (!s->n_samples)
		return err_set(e, ERR_FORMAT, "no event that perf script prints is in the text");
	if (run_diag_n(s->run, e, s->n_unknown_lines, "unknown-line", "lines that are neither an event nor a frame") ||
	    run_diag_n(s->run, e, s->n_broken, "broken-stack",
		       "stacks whose outermost frames lie in no mapping; those frames are left out") ||
	    run_diag_n(s->run, e, s->texts[0].n_repaired + s->texts[1].n_repaired, "invalid-utf8",
		       "names that are not UTF-8; the broken bytes are shown as U+FFFD"))
		return e->kind;
	return perf_values_finish(&s->values, s->run, s->sink, e);
}

static void script_init(struct script *s)
{
	struct mem *m = &s->run->mem;

	perf_values_init(&s->values, m);
	memo_init(&s->texts_seen, m);
	memo_init(&s->frames, m);
	memo_init(&s->threads, m);
	strbuf_init(&s->key, m);
	strbuf_init(&s->event, m);
	wtf8_init(&s->texts[0], m);
	wtf8_init(&s->texts[1], m);
}

static void script_release(struct script *s)
{
	struct mem *m = &s->run->mem;

	perf_values_release(&s->values);
	memo_release(&s->texts_seen);
	memo_release(&s->frames);
	memo_release(&s->threads);
	strbuf_release(&s->key);
	strbuf_release(&s->event);
	wtf8_release(&s->texts[0]);
	wtf8_release(&s->texts[1]);
	mem_free(m, s->text_frames);
	mem_free(m, s->frame_ids);
	mem_free(m, s->frame_unknown);
	mem_free(m, s->thread_ids);
	mem_free(m, s->chain);
	mem_free(m, s->lines);
}

int perf_script_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e)
{
	struct script s = { .run = run, .sink = sink };
	int rc;

	if (feed_init(&s.in, run, src, o->read_bytes, e))
		return e->kind;
	script_init(&s);
	rc = read_lines(&s, e);
	if (!rc)
		rc = finish(&s, e);
	script_release(&s);
	feed_release(&s.in);
	return rc;
}

/* The next line of bytes[0..n); 0 when it does not end in them. */
static int probe_line(const char **bytes, size_t *n, int complete, struct str *line)
{
	const char *nl = *n ? memchr(*bytes, '\n', *n) : NULL;

	if (!nl && !(complete && *n))
		return 0;
	*line = (struct str){ *bytes, nl ? (size_t)(nl - *bytes) : *n };
	*bytes += line->n + (nl != NULL);
	*n -= line->n + (nl != NULL);
	return 1;
}

/* An event with a frame among the first lines that are not comments. */
enum probe probe_perf_script(const char *bytes, size_t n, int complete)
{
	struct perf_event_line ev;
	struct perf_frame_line f;
	struct str line;
	int events = 0, others = 0, after_event = 0;

	while (others < 8 && probe_line(&bytes, &n, complete, &line)) {
		int indented = line.n && (line.s[0] == ' ' || line.s[0] == '\t');

		if (!line.n || line.s[0] == '#')
			continue;
		if (after_event && indented && perf_frame_parse(line, &f))
			return PROBE_YES;
		after_event = perf_event_parse(line, &ev);
		if (after_event && ev.has_time && ev.rest.n && perf_frame_parse(ev.rest, &f) && f.dso.n)
			return PROBE_YES;
		events += after_event && ev.has_time;
		others += !after_event;
	}
	if (events)
		return PROBE_MAYBE;
	return others || complete ? PROBE_NO : PROBE_MORE;
}
