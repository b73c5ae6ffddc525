#include "formats/speedscope.h"

#include <string.h>

#include "formats/json_pull.h"
#include "formats/probes.h"

enum probe probe_speedscope(const char *bytes, size_t n, int complete)
{
	static const struct probe_key keys[] = {
		{ 2, "frames", PROBE_YES },	 { 3, "startValue", PROBE_YES }, { 3, "endValue", PROBE_YES },
		{ 1, "activeProfileIndex", PROBE_YES }, { 1, "nodes", PROBE_NO }, { 1, "traceEvents", PROBE_NO },
		{ 1, "snapshot", PROBE_NO },
	};

	return probe_by_keys(bytes, n, complete, keys, sizeof(keys) / sizeof(keys[0]));
}

struct open_frame {
	uint32_t frame, stack;
};

/* A frame that is being read. Its texts stay until it is complete: where each begins and ends in `texts`. */
struct frame_text {
	size_t start, n;
};

struct frame_parts {
	struct frame_text name, file;
	int64_t line, column;
};

/* An event that is being read; no frame: UINT32_MAX. */
struct event {
	char type;
	uint32_t frame;
	int64_t at;
};

/* One of the profiles, as far as it is read. */
struct part {
	enum profile_unit unit;
	int64_t factor;
	int announced;
	uint32_t thread;
	int64_t start, end, at;
	uint64_t n_weights;
};

struct reader {
	struct json_pull json;
	const struct profile_sink *sink;
	uint32_t *frames; /* by the file's number */
	size_t n_frames, frames_capacity;
	struct strbuf texts;
	struct open_frame *open;
	size_t n_open, open_capacity;
	struct open_frame *last; /* the sample before, from the outermost frame on: most share their beginning with it */
	size_t depth, n_last, last_capacity; /* `depth` frames of this sample are read, `n_last` of `last` are known */
	uint32_t *stacks; /* of a sampled profile, until their weights come */
	size_t n_stacks, stacks_capacity;
	struct frame_parts frame;
	struct event event;
	struct part part;
	uint64_t n_parts, n_unbalanced, n_odd;
	int frames_known; /* "shared" was read */
	int too_early;    /* profiles came before it */
};

static int keep(struct reader *r, struct frame_text *t, struct err *e)
{
	struct str s;

	if (json_pull_string(&r->json, &s, e))
		return e->kind;
	*t = (struct frame_text){ r->texts.len, s.n };
	strbuf_add(&r->texts, s.s, s.n);
	return strbuf_check(&r->texts, e);
}

/* Optional things are null where some tools know nothing. */
static int small_number(struct reader *r, int64_t *out, struct err *e)
{
	int c;

	if (json_pull_peek(&r->json, &c, e))
		return e->kind;
	return c == 'n' ? json_pull_skip(&r->json, e) : json_pull_number(&r->json, 1, out, e);
}

static int optional_text(struct reader *r, struct frame_text *t, struct err *e)
{
	int c;

	if (json_pull_peek(&r->json, &c, e))
		return e->kind;
	return c == 'n' ? json_pull_skip(&r->json, e) : keep(r, t, e);
}

static int frame_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (!strcmp(key, "name"))
		return keep(r, &r->frame.name, e);
	if (!strcmp(key, "file"))
		return optional_text(r, &r->frame.file, e);
	if (!strcmp(key, "line"))
		return small_number(r, &r->frame.line, e);
	return strcmp(key, "col") ? json_pull_skip(&r->json, e) : small_number(r, &r->frame.column, e);
}

static struct str frame_text(const struct reader *r, struct frame_text t)
{
	return (struct str){ strbuf_str(&r->texts) + t.start, t.n };
}

static int read_frame(void *ctx, struct err *e)
{
	struct reader *r = ctx;
	struct frame_parts *p = &r->frame;
	struct profile_frame f = { .kind = FRAME_GUESS };
	uint32_t id;

	*p = (struct frame_parts){ .line = 0 };
	strbuf_reset(&r->texts);
	if (json_pull_keys(&r->json, frame_key, r, e))
		return e->kind;
	f.name = frame_text(r, p->name);
	f.file = frame_text(r, p->file);
	f.line = p->line > 0 && p->line < UINT32_MAX ? (uint32_t)p->line : 0;
	f.column = p->column > 0 && p->column < UINT32_MAX ? (uint32_t)p->column : 0;
	if (str_is(f.name, "(anonymous)"))
		f.name.n = 0;
	if (r->sink->frame(r->sink->ctx, &f, &id, e) ||
	    mem_reserve(&r->json.in.run->mem, (void **)&r->frames, &r->frames_capacity, r->n_frames + 1, 4, e))
		return e->kind;
	r->frames[r->n_frames++] = id;
	return 0;
}

static int shared_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	return strcmp(key, "frames") ? json_pull_skip(&r->json, e) : json_pull_items(&r->json, read_frame, r, e);
}

static int read_shared(struct reader *r, struct err *e)
{
	r->frames_known = 1;
	return json_pull_keys(&r->json, shared_key, r, e);
}

static int no_such_frame(struct reader *r, uint64_t i, struct err *e)
{
	return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "frame %lld of only %zu", (long long)i, r->n_frames);
}

static int frame_number(struct reader *r, uint32_t *frame, struct err *e)
{
	uint64_t i;

	if (json_pull_id(&r->json, &i, e))
		return e->kind;
	if (i >= r->n_frames)
		return no_such_frame(r, i, e);
	*frame = r->frames[i];
	return 0;
}

/* Values are announced when the first is due: by then the unit is known. */
static int announce(struct reader *r, struct err *e)
{
	static const char *const names[] = { [UNIT_COUNT] = "samples", [UNIT_NANOSECONDS] = "wall",
					     [UNIT_BYTES] = "space", [UNIT_OTHER] = "weight" };
	struct profile_value_type t = { str_of(names[r->part.unit]), r->part.unit, { "", 0 } };

	if (r->part.announced)
		return 0;
	r->part.announced = 1;
	return r->sink->values(r->sink->ctx, &t, 1, e);
}

static int give(struct reader *r, uint32_t stack, int64_t weight, struct err *e)
{
	struct part *p = &r->part;
	struct profile_sample s = { .stack = stack, .thread = p->thread, .time_ns = PROFILE_NO_TIME, .values = &weight };

	if (p->unit == UNIT_NANOSECONDS) {
		s.time_ns = p->at;
		s.duration_ns = weight;
	}
	if (announce(r, e) || r->sink->sample(r->sink->ctx, &s, e))
		return e->kind;
	return __builtin_add_overflow(p->at, weight, &p->at) ? err_set(e, ERR_FORMAT, "the weights do not fit into 64 bits")
							     : 0;
}

static uint32_t top_stack(const struct reader *r)
{
	return r->n_open ? r->open[r->n_open - 1].stack : STACK_NONE;
}

/* Time goes on to `at` with the stack as it is. */
static int advance(struct reader *r, int64_t at, struct err *e)
{
	int64_t ns;

	if (__builtin_sub_overflow(at, r->part.at, &ns))
		return err_set(e, ERR_FORMAT, "event times that are too far apart");
	if (ns < 0) {
		r->n_odd++;
		return 0;
	}
	if (!ns || !r->n_open) {
		r->part.at = at;
		return 0;
	}
	return give(r, top_stack(r), ns, e);
}

static int open_event(struct reader *r, uint32_t frame, struct err *e)
{
	struct open_frame f = { frame, STACK_NONE };

	if (r->sink->stack(r->sink->ctx, top_stack(r), frame, 0, &f.stack, e) ||
	    mem_reserve(&r->json.in.run->mem, (void **)&r->open, &r->open_capacity, r->n_open + 1, sizeof(f), e))
		return e->kind;
	r->open[r->n_open++] = f;
	return 0;
}

/* Frames that are still open inside the one that closes are closed with it. */
static void close_event(struct reader *r, uint32_t frame)
{
	size_t i = r->n_open;

	while (i && r->open[i - 1].frame != frame)
		i--;
	r->n_unbalanced += i != r->n_open;
	if (i)
		r->n_open = i - 1;
}

static int take_event(struct reader *r, char type, uint32_t frame, int64_t at, struct err *e)
{
	if (advance(r, at, e))
		return e->kind;
	if (type == 'O')
		return open_event(r, frame, e);
	close_event(r, frame);
	return 0;
}

/* {"type":"O","frame":12,"at":345}: what speedscope itself writes, as a whole in the window. 0: it is not that. */
static int quick_event(struct reader *r, char *type, uint32_t *frame, int64_t *at)
{
	static const char begin[] = "{\"type\":\"", middle[] = "\",\"frame\":", end[] = ",\"at\":";
	struct json_in *in = &r->json.in;
	const char *s = in->buf + in->pos;
	uint64_t number[2] = { 0, 0 };

	if (in->len - in->pos < 80 || memcmp(s, begin, sizeof(begin) - 1) != 0)
		return 0;
	s += sizeof(begin) - 1;
	*type = *s++;
	if (memcmp(s, middle, sizeof(middle) - 1) != 0)
		return 0;
	s += sizeof(middle) - 1;
	for (int i = 0; i < 2; i++) {
		const char *first = s;

		while (*s >= '0' && *s <= '9' && s - first < 15)
			number[i] = number[i] * 10 + (uint64_t)(*s++ - '0');
		if (s == first || (!i && memcmp(s, end, sizeof(end) - 1) != 0))
			return 0;
		s += i ? 0 : sizeof(end) - 1;
	}
	if (*s != '}' || (*type != 'O' && *type != 'C') || number[0] >= r->n_frames ||
	    __builtin_mul_overflow((int64_t)number[1], r->part.factor, at))
		return 0;
	*frame = r->frames[number[0]];
	in->pos = (size_t)(s + 1 - in->buf);
	return 1;
}

static int read_type(struct reader *r, struct err *e)
{
	struct str s;

	if (json_pull_string(&r->json, &s, e))
		return e->kind;
	r->event.type = s.n == 1 ? s.s[0] : 0;
	return 0;
}

static int event_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (!strcmp(key, "type"))
		return read_type(r, e);
	if (!strcmp(key, "frame"))
		return frame_number(r, &r->event.frame, e);
	return strcmp(key, "at") ? json_pull_skip(&r->json, e)
				 : json_pull_number(&r->json, r->part.factor, &r->event.at, e);
}

static int read_event(void *ctx, struct err *e)
{
	struct reader *r = ctx;
	struct event *v = &r->event;

	*v = (struct event){ .frame = UINT32_MAX };
	if (!quick_event(r, &v->type, &v->frame, &v->at)) {
		if (json_pull_keys(&r->json, event_key, r, e))
			return e->kind;
		if (v->frame == UINT32_MAX || (v->type != 'O' && v->type != 'C'))
			return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "an event that opens or closes no frame");
	}
	return take_event(r, v->type, v->frame, v->at, e);
}

static int add_sample_frame(struct reader *r, uint32_t frame, struct err *e)
{
	uint32_t *stack = &r->stacks[r->n_stacks];

	if (r->depth < r->n_last && r->last[r->depth].frame == frame) {
		*stack = r->last[r->depth++].stack;
		return 0;
	}
	if (r->sink->stack(r->sink->ctx, *stack, frame, 0, stack, e) ||
	    mem_reserve(&r->json.in.run->mem, (void **)&r->last, &r->last_capacity, r->depth + 1, sizeof(*r->last), e))
		return e->kind;
	r->last[r->depth++] = (struct open_frame){ frame, *stack };
	r->n_last = r->depth;
	return 0;
}

static int add_sample_frames(void *ctx, const int64_t *numbers, size_t n, struct err *e)
{
	struct reader *r = ctx;

	for (size_t i = 0; i < n; i++) {
		if (numbers[i] < 0 || (uint64_t)numbers[i] >= r->n_frames)
			return no_such_frame(r, (uint64_t)numbers[i], e);
		if (add_sample_frame(r, r->frames[numbers[i]], e))
			return e->kind;
	}
	return 0;
}

static int read_sample(void *ctx, struct err *e)
{
	struct reader *r = ctx;

	if (mem_reserve(&r->json.in.run->mem, (void **)&r->stacks, &r->stacks_capacity, r->n_stacks + 1, 4, e))
		return e->kind;
	r->stacks[r->n_stacks] = STACK_NONE;
	r->depth = 0;
	if (json_pull_numbers(&r->json, JSON_IDS, add_sample_frames, r, e))
		return e->kind;
	r->n_stacks++;
	return 0;
}

static int add_weights(void *ctx, const int64_t *weights, size_t n, struct err *e)
{
	struct reader *r = ctx;

	for (size_t k = 0; k < n; k++) {
		size_t i = r->part.n_weights++;

		if (i >= r->n_stacks)
			r->n_odd++;
		else if (give(r, r->stacks[i], weights[k], e))
			return e->kind;
	}
	return 0;
}

static int read_unit(struct reader *r, struct err *e)
{
	struct str s;

	if (json_pull_string(&r->json, &s, e))
		return e->kind;
	if (r->part.announced || r->n_stacks)
		return err_at(e, ERR_UNSUPPORTED, json_in_offset(&r->json.in), "the unit stands behind the values");
	r->part.unit = str_is(s, "none") ? UNIT_COUNT : profile_unit_parse(s, &r->part.factor);
	return 0;
}

static int read_name(struct reader *r, struct err *e)
{
	struct profile_thread t = { .tid = ++r->n_parts };

	if (json_pull_string(&r->json, &t.name, e))
		return e->kind;
	return r->sink->thread(r->sink->ctx, &t, &r->part.thread, e);
}

static int read_start(struct reader *r, struct err *e)
{
	if (json_pull_number(&r->json, r->part.factor, &r->part.start, e))
		return e->kind;
	r->part.at = r->part.start;
	return 0;
}

static int part_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (!strcmp(key, "name"))
		return read_name(r, e);
	if (!strcmp(key, "unit"))
		return read_unit(r, e);
	if (!strcmp(key, "startValue"))
		return read_start(r, e);
	if (!strcmp(key, "endValue"))
		return json_pull_number(&r->json, r->part.factor, &r->part.end, e);
	if (!strcmp(key, "events"))
		return json_pull_items(&r->json, read_event, r, e);
	if (!strcmp(key, "samples"))
		return json_pull_items(&r->json, read_sample, r, e);
	if (!strcmp(key, "weights"))
		return json_pull_numbers(&r->json, r->part.factor, add_weights, r, e);
	return json_pull_skip(&r->json, e);
}

static int read_part(void *ctx, struct err *e)
{
	struct reader *r = ctx;

	r->part = (struct part){ .factor = 1, .unit = UNIT_COUNT };
	r->n_open = r->n_stacks = 0;
	if (json_pull_keys(&r->json, part_key, r, e))
		return e->kind;
	if (!r->n_open)
		return 0;
	r->n_unbalanced += r->n_open;
	return advance(r, r->part.end, e);
}

static int read_profiles(struct reader *r, struct err *e)
{
	if (r->frames_known)
		return json_pull_items(&r->json, read_part, r, e);
	r->too_early = 1;
	return json_pull_skip(&r->json, e);
}

static int top_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (!strcmp(key, "shared") && !r->frames_known)
		return read_shared(r, e);
	return strcmp(key, "profiles") ? json_pull_skip(&r->json, e) : read_profiles(r, e);
}

static int one_pass(struct reader *r, struct run *run, struct source *src, const struct profile_read_options *o,
		    struct err *e)
{
	int rc = json_pull_init(&r->json, run, src, o->read_bytes, "speedscope profile", e);

	if (!rc)
		rc = json_pull_keys(&r->json, top_key, r, e);
	json_pull_release(&r->json);
	return rc;
}

static int tell(struct reader *r, struct run *run, struct err *e)
{
	if (run_diag_n(run, e, r->n_unbalanced, "unbalanced-events",
		       "frames were closed that were not the innermost, or never closed"))
		return e->kind;
	return run_diag_n(run, e, r->n_odd, "odd-events",
			  "events that go back in time and weights without a sample were passed over");
}

int speedscope_read(struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, struct err *e)
{
	struct reader r = { .sink = sink };
	int rc;

	strbuf_init(&r.texts, &run->mem);
	rc = one_pass(&r, run, src, o, e);
	/* The frames came late: now that they are known, read again. */
	if (!rc && r.too_early && r.frames_known)
		rc = source_rewind(src, e) ? e->kind : one_pass(&r, run, src, o, e);
	if (!rc && !r.frames_known)
		rc = err_set(e, ERR_FORMAT, "not a speedscope profile: it has no \"shared\" frames");
	if (!rc)
		rc = tell(&r, run, e);
	strbuf_release(&r.texts);
	mem_free(&run->mem, r.frames);
	mem_free(&run->mem, r.open);
	mem_free(&run->mem, r.last);
	mem_free(&run->mem, r.stacks);
	return rc;
}
