#include "formats/trace_events.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "formats/cpuprofile.h"
#include "formats/probes.h"

enum probe probe_trace_events(const char *bytes, size_t n, int complete)
{
	static const struct probe_key keys[] = {
		{ 1, "traceEvents", PROBE_YES }, { 2, "ph", PROBE_YES },  { 2, "cat", PROBE_YES },
		{ 3, "callFrame", PROBE_NO },	 { 2, "frames", PROBE_NO }, { 1, "snapshot", PROBE_NO },
	};

	return probe_by_keys(bytes, n, complete, keys, sizeof(keys) / sizeof(keys[0]));
}

/* A piece of a profile: ranges of the profile's arrays. */
struct chunk {
	int64_t ts_ns;
	size_t first_sample, n_samples, first_time, n_times, first_line, n_lines;
};

/* One profile of the trace. */
struct stream {
	uint64_t pid, id_hash, tid;
	int64_t start_ns, end_ns;
	struct v8_nodes nodes;
	struct chunk *chunks;
	size_t n_chunks, chunks_capacity;
	struct number_table samples, times, lines;
};

enum event_kind { EVENT_OTHER, EVENT_PROFILE, EVENT_CHUNK, EVENT_WHOLE, EVENT_THREAD_NAME };

/* The event that is being read; its nodes, samples and times gather in `cpu` until it is known what it is. */
struct event {
	enum event_kind kind;
	uint64_t pid, tid, id_hash;
	int64_t ts_ns, start_ns, end_ns;
	struct { size_t start, n; } thread_name;
	int has_profile;
};

/*
 * A line of a node is a stack row of its own, and asked for again and again. `node` is the number plus one, so that an entry
 * of zeros is none.
 */
#define RECENT 4096 /* a power of two */

struct recent_line {
	uint32_t node, line, stack;
};

struct reader {
	struct cpu_reader cpu;
	const struct profile_sink *sink;
	struct event event;
	struct strbuf texts;
	struct number_table lines;
	struct recent_line *recent; /* of the stream that is being delivered */
	struct stream *streams;
	size_t n_streams, streams_capacity;
	uint64_t n_events, n_homeless;
};

static struct json_pull *json(struct reader *r)
{
	return &r->cpu.json;
}

static int add_lines(void *ctx, const int64_t *lines, size_t n, struct err *e)
{
	struct reader *r = ctx;

	for (size_t i = 0; i < n; i++)
		if (number_table_push(&r->lines, lines[i], e))
			return e->kind;
	return 0;
}

static int read_lines(struct reader *r, struct err *e)
{
	return json_pull_numbers(json(r), 1, add_lines, r, e);
}

/* args.data and args.data.cpuProfile: their keys do not overlap, so one table serves both. */
static json_key_fn data_key;

/* What is no object where one is expected belongs to an event of another kind. */
static int read_object(struct reader *r, json_key_fn *fn, struct err *e)
{
	int c;

	if (json_pull_peek(json(r), &c, e))
		return e->kind;
	return c == '{' ? json_pull_keys(json(r), fn, r, e) : json_pull_skip(json(r), e);
}

static int inner_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (json_key_is(key, "nodes"))
		return cpu_read_nodes(&r->cpu, e);
	if (json_key_is(key, "samples"))
		return cpu_read_samples(&r->cpu, e);
	return data_key(r, key, e);
}

static int data_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (json_key_is(key, "timeDeltas"))
		return cpu_read_times(&r->cpu, e);
	if (json_key_is(key, "lines"))
		return read_lines(r, e);
	if (json_key_is(key, "startTime"))
		return json_pull_number(json(r), 1000, &r->event.start_ns, e);
	if (json_key_is(key, "endTime"))
		return json_pull_number(json(r), 1000, &r->event.end_ns, e);
	return json_pull_skip(json(r), e);
}

static int outer_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (!json_key_is(key, "cpuProfile"))
		return data_key(r, key, e);
	r->event.has_profile = 1;
	return read_object(r, inner_key, e);
}

static int args_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;
	struct str s;
	int c;

	if (json_key_is(key, "data"))
		return read_object(r, outer_key, e);
	if (!json_key_is(key, "name") || json_pull_peek(json(r), &c, e) || c != '"')
		return e->kind ? e->kind : json_pull_skip(json(r), e);
	if (json_pull_string(json(r), &s, e))
		return e->kind;
	r->event.thread_name.start = r->texts.len;
	r->event.thread_name.n = s.n;
	strbuf_add(&r->texts, s.s, s.n);
	return strbuf_check(&r->texts, e);
}

static int read_kind(struct reader *r, struct err *e)
{
	static const struct {
		const char *name;
		enum event_kind kind;
	} kinds[] = { { "Profile", EVENT_PROFILE }, { "ProfileChunk", EVENT_CHUNK }, { "CpuProfile", EVENT_WHOLE },
		      { "thread_name", EVENT_THREAD_NAME } };
	struct str s;

	if (json_pull_string(json(r), &s, e))
		return e->kind;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_is(s, kinds[i].name))
			r->event.kind = kinds[i].kind;
	return 0;
}

/* Process and thread numbers are never negative; a trace that has them so loses only the distinction. */
static int read_number_id(struct reader *r, uint64_t *out, struct err *e)
{
	int64_t v = 0;
	int c;

	if (json_pull_peek(json(r), &c, e))
		return e->kind;
	if (c == '"')
		return json_pull_skip(json(r), e);
	if (json_pull_number(json(r), 1, &v, e))
		return e->kind;
	*out = v < 0 ? 0 : (uint64_t)v;
	return 0;
}

/* The id is a text such as "0x2", or a number; only equality matters. */
static int read_id(struct reader *r, struct err *e)
{
	struct str s;
	int c;

	if (json_pull_peek(json(r), &c, e))
		return e->kind;
	if (c != '"')
		return read_number_id(r, &r->event.id_hash, e);
	if (json_pull_string(json(r), &s, e))
		return e->kind;
	r->event.id_hash = hash_bytes(s.s, s.n);
	return 0;
}

static int event_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (json_key_is(key, "name"))
		return read_kind(r, e);
	if (json_key_is(key, "args"))
		return read_object(r, args_key, e);
	if (json_key_is(key, "ts"))
		return json_pull_number(json(r), 1000, &r->event.ts_ns, e);
	if (json_key_is(key, "pid"))
		return read_number_id(r, &r->event.pid, e);
	if (json_key_is(key, "tid"))
		return read_number_id(r, &r->event.tid, e);
	if (json_key_is(key, "id"))
		return read_id(r, e);
	return json_pull_skip(json(r), e);
}

static int find_stream(struct reader *r, struct stream **out, struct err *e)
{
	const struct event *v = &r->event;

	for (size_t i = 0; i < r->n_streams; i++) {
		*out = &r->streams[i];
		if ((*out)->pid == v->pid && (*out)->id_hash == v->id_hash)
			return 0;
	}
	if (mem_reserve(&json(r)->in.run->mem, (void **)&r->streams, &r->streams_capacity, r->n_streams + 1,
			sizeof(**out), e))
		return e->kind;
	*out = &r->streams[r->n_streams++];
	**out = (struct stream){ .pid = v->pid, .id_hash = v->id_hash, .tid = v->tid, .start_ns = PROFILE_NO_TIME,
				 .end_ns = PROFILE_NO_TIME };
	v8_nodes_init(&(*out)->nodes, json(r)->in.run, r->sink);
	number_table_init(&(*out)->samples, &json(r)->in.run->mem, 1);
	number_table_init(&(*out)->times, &json(r)->in.run->mem, 1);
	number_table_init(&(*out)->lines, &json(r)->in.run->mem, 1);
	return 0;
}

static int append(struct number_table *to, const struct number_table *from, struct err *e)
{
	struct number_reader reader;
	int64_t v;

	number_reader_init(&reader, from);
	while (number_reader_pull(&reader, &v))
		if (number_table_push(to, v, e))
			return e->kind;
	return 0;
}

static int add_chunk(struct reader *r, struct stream *s, struct err *e)
{
	struct cpu_reader *c = &r->cpu;
	struct chunk k = { r->event.ts_ns,	       number_table_n(&s->samples), number_table_n(&c->samples),
			   number_table_n(&s->times), number_table_n(&c->times),   number_table_n(&s->lines),
			   number_table_n(&r->lines) };

	if (append(&s->samples, &c->samples, e) || append(&s->times, &c->times, e) || append(&s->lines, &r->lines, e) ||
	    mem_reserve(&json(r)->in.run->mem, (void **)&s->chunks, &s->chunks_capacity, s->n_chunks + 1, sizeof(k), e))
		return e->kind;
	s->chunks[s->n_chunks++] = k;
	return v8_nodes_move(&s->nodes, &c->nodes, e);
}

static int name_thread(struct reader *r, struct err *e)
{
	struct profile_thread t = { .pid = r->event.pid, .tid = r->event.tid };
	uint32_t ignored;

	t.name = (struct str){ strbuf_str(&r->texts) + r->event.thread_name.start, r->event.thread_name.n };
	return r->sink->thread(r->sink->ctx, &t, &ignored, e);
}

static int finish_event(struct reader *r, struct err *e)
{
	struct event *v = &r->event;
	struct stream *s = NULL;

	if (v->kind == EVENT_THREAD_NAME)
		return name_thread(r, e);
	if (v->kind == EVENT_OTHER) {
		r->n_homeless += v->has_profile != 0;
		return 0;
	}
	if (find_stream(r, &s, e))
		return e->kind;
	if (v->kind == EVENT_PROFILE) {
		/* The event's own clock: the time in its arguments is of another. */
		s->start_ns = v->ts_ns;
		s->tid = v->tid;
	}
	if (v->kind == EVENT_WHOLE)
		s->start_ns = v->start_ns;
	if (v->kind != EVENT_PROFILE && v->end_ns != PROFILE_NO_TIME)
		s->end_ns = v->end_ns;
	return v->has_profile || number_table_n(&r->cpu.times) ? add_chunk(r, s, e) : 0;
}

static int read_event(void *ctx, struct err *e)
{
	struct reader *r = ctx;
	int c;

	r->event = (struct event){ .start_ns = PROFILE_NO_TIME, .end_ns = PROFILE_NO_TIME };
	strbuf_reset(&r->texts);
	number_table_clear(&r->cpu.samples);
	number_table_clear(&r->cpu.times);
	number_table_clear(&r->lines);
	v8_nodes_clear(&r->cpu.nodes);
	if (json_pull_peek(json(r), &c, e) || c != '{')
		return e->kind ? e->kind : json_pull_skip(json(r), e);
	if (json_pull_keys(json(r), event_key, r, e) || finish_event(r, e))
		return e->kind;
	return ++r->n_events & 0xFFF ? 0 : cpu_tick(&r->cpu, e);
}

static int read_events(struct reader *r, struct err *e)
{
	return json_pull_items(json(r), read_event, r, e);
}

static int top_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	return json_key_is(key, "traceEvents") ? read_events(r, e) : json_pull_skip(json(r), e);
}

static int read_trace(struct reader *r, struct err *e)
{
	int c;

	if (json_pull_peek(json(r), &c, e))
		return e->kind;
	return c == '[' ? read_events(r, e) : read_object(r, top_key, e);
}

static int by_time(const void *a, const void *b)
{
	const struct chunk *x = a, *y = b;

	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	return (x->first_sample > y->first_sample) - (x->first_sample < y->first_sample);
}

static int stack_at_line(struct reader *r, const struct stream *s, uint32_t node, uint32_t line, uint32_t *stack, struct err *e)
{
	struct recent_line *k = &r->recent[(node * 31 + line) & (RECENT - 1)];
	const struct v8_node_row *row = &s->nodes.rows[node];
	uint32_t up;

	if (k->node != node + 1 || k->line != line) {
		up = row->parent == V8_NO_NODE ? STACK_NONE : s->nodes.rows[row->parent].stack;
		*k = (struct recent_line){ node + 1, line, STACK_NONE };
		if (r->sink->stack(r->sink->ctx, up, row->frame, line, &k->stack, e))
			return e->kind;
	}
	*stack = k->stack;
	return 0;
}

static int observe(struct reader *r, struct stream *s, uint32_t thread, uint32_t node, int64_t line, int64_t t,
		   struct err *e)
{
	struct profile_observation o = { .thread = thread, .time_ns = t, .stack = s->nodes.rows[node].stack };

	if (line > 0 && line < UINT32_MAX && stack_at_line(r, s, node, (uint32_t)line, &o.stack, e))
		return e->kind;
	return r->sink->observe(r->sink->ctx, &o, e);
}

/* Where the chunks of a stream are read from: mostly one after the other. */
struct chunk_reader {
	struct number_reader samples, times, lines;
};

static int deliver_chunk(struct reader *r, struct stream *s, struct chunk_reader *from, const struct chunk *k,
			 uint32_t thread, int64_t *t, struct err *e)
{
	size_t n = k->n_samples < k->n_times ? k->n_samples : k->n_times;
	int64_t id = 0, distance = 0, line = 0;

	number_reader_seek(&from->samples, k->first_sample);
	number_reader_seek(&from->times, k->first_time);
	number_reader_seek(&from->lines, k->first_line);
	for (size_t i = 0; i < n; i++) {
		uint32_t node;

		number_reader_pull(&from->samples, &id);
		number_reader_pull(&from->times, &distance);
		if (i >= k->n_lines || !number_reader_pull(&from->lines, &line))
			line = 0;
		node = v8_nodes_find(&s->nodes, (uint32_t)id);
		if (__builtin_add_overflow(*t, distance, t))
			return err_set(e, ERR_FORMAT, "the time deltas add up to more than 64 bits hold");
		if (node == V8_NO_NODE)
			s->nodes.n_dangling++;
		else if (observe(r, s, thread, node, line, *t, e))
			return e->kind;
	}
	return 0;
}

static int deliver_stream(struct reader *r, struct stream *s, struct err *e)
{
	struct profile_thread thread = { .pid = s->pid, .tid = s->tid };
	int64_t t = s->start_ns == PROFILE_NO_TIME ? 0 : s->start_ns;
	struct chunk_reader from;
	uint32_t id;

	if (v8_nodes_resolve(&s->nodes, e) || r->sink->thread(r->sink->ctx, &thread, &id, e))
		return e->kind;
	if (s->n_chunks)
		qsort(s->chunks, s->n_chunks, sizeof(*s->chunks), by_time);
	memset(r->recent, 0, RECENT * sizeof(*r->recent));
	number_reader_init(&from.samples, &s->samples);
	number_reader_init(&from.times, &s->times);
	number_reader_init(&from.lines, &s->lines);
	for (size_t i = 0; i < s->n_chunks; i++)
		if (deliver_chunk(r, s, &from, &s->chunks[i], id, &t, e))
			return e->kind;
	return v8_nodes_tell(&s->nodes, e);
}

static int deliver(struct reader *r, struct err *e)
{
	struct run *run = json(r)->in.run;

	if (!r->n_streams)
		return err_set(e, ERR_UNSUPPORTED, "a trace without a CPU profile: Chrome writes one with the category "
			       "disabled-by-default-v8.cpu_profiler, Node with --cpu-prof");
	r->recent = MEM_NEW(&run->mem, struct recent_line, RECENT, e);
	if (!r->recent)
		return e->kind;
	for (size_t i = 0; i < r->n_streams; i++)
		if (deliver_stream(r, &r->streams[i], e))
			return e->kind;
	return run_diag_n(run, e, r->n_homeless, "unknown-event", "events hold a profile but have a name that is not known");
}

static void release(struct reader *r, struct mem *m)
{
	for (size_t i = 0; i < r->n_streams; i++) {
		struct stream *s = &r->streams[i];

		v8_nodes_release(&s->nodes);
		mem_free(m, s->chunks);
		number_table_release(&s->samples);
		number_table_release(&s->times);
		number_table_release(&s->lines);
	}
	mem_free(m, r->streams);
	mem_free(m, r->recent);
	number_table_release(&r->lines);
	strbuf_release(&r->texts);
	cpu_reader_release(&r->cpu);
}

/* Chrome writes on until it is killed: a trace may end anywhere between two events. */
static int forgive_cut(struct reader *r, int rc, struct err *e)
{
	if (rc != ERR_TRUNCATED || !r->n_streams)
		return rc;
	*e = (struct err)ERR_INIT;
	return run_diag(json(r)->in.run, e, "truncated", "the trace ends in its middle; what came before was read");
}

int trace_events_read(struct run *run, struct source *src, const struct profile_read_options *o,
		      const struct profile_sink *sink, struct err *e)
{
	struct reader r = { .sink = sink };
	int rc;

	strbuf_init(&r.texts, &run->mem);
	number_table_init(&r.lines, &run->mem, 1);
	rc = cpu_reader_init(&r.cpu, run, src, o, sink, "trace", e);
	r.cpu.settled = 1;
	if (!rc)
		rc = forgive_cut(&r, read_trace(&r, e), e);
	if (!rc)
		rc = deliver(&r, e);
	release(&r, &run->mem);
	return rc;
}
