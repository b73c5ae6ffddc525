/*
 * The JSON of speedscope: a profile per thread in time order where times are known, else one in all. Each is sampled (a
 * list of stacks with weights) or evented (frames open and close), whichever is shorter: samples write every stack in
 * full, which explodes where stacks are deep.
 */
#include "analyzer/jsontext.h"
#include "analyzer/profile_writers.h"

/* What an event and a frame of a sample take in the file, about. */
#define EVENT_BYTES 34
#define FRAME_BYTES 5

struct step {
	int64_t at, weight;
	uint32_t stack; /* STACK_NONE: a stretch without frames */
};

struct writer {
	const struct profile *p;
	const struct byte_sink *sink;
	struct strbuf out;
	uint32_t *way;
	struct step *steps; /* of the part being written */
	size_t n_steps, capacity;
	size_t n_parts;
};

static void add_frames(struct writer *w)
{
	const struct profile_frames *f = &w->p->frames;

	for (uint32_t i = 0; i < f->n; i++) {
		struct str name = profile_text(w->p, f->name[i]), file = profile_text(w->p, f->file[i]);

		strbuf_addstr(&w->out, i ? ",\n{\"name\":" : "{\"name\":");
		json_str(&w->out, name.n ? name : STR_LIT("(anonymous)"));
		if (file.n) {
			strbuf_addstr(&w->out, ",\"file\":");
			json_str(&w->out, file);
		}
		if (f->line[i])
			strbuf_addf(&w->out, ",\"line\":%u", f->line[i]);
		if (f->column[i])
			strbuf_addf(&w->out, ",\"col\":%u", f->column[i]);
		strbuf_addch(&w->out, '}');
	}
}

static int add_step(struct writer *w, uint32_t stack, int64_t at, int64_t weight, struct err *e)
{
	if (mem_reserve(&w->p->run->mem, (void **)&w->steps, &w->capacity, w->n_steps + 1, sizeof(*w->steps), e))
		return e->kind;
	w->steps[w->n_steps++] = (struct step){ at, weight, stack };
	return 0;
}

static uint32_t up(const struct writer *w, uint32_t stack)
{
	return w->p->stacks.parent[stack];
}

static size_t depth(const struct writer *w, uint32_t stack)
{
	return stack == STACK_NONE ? 0 : (size_t)w->p->stacks.depth[stack] + 1;
}

/* The row that both stacks have as an ancestor, or are. */
static uint32_t common(const struct writer *w, uint32_t a, uint32_t b)
{
	while (a != b) {
		if (depth(w, a) >= depth(w, b))
			a = up(w, a);
		else
			b = up(w, b);
	}
	return a;
}

static void add_event(struct writer *w, char type, uint32_t stack, int64_t at, size_t *n)
{
	strbuf_addf(&w->out, "%s{\"type\":\"%c\",\"frame\":%u,\"at\":%lld}", (*n)++ ? "," : "", type,
		    w->p->stacks.frame[stack], (long long)at);
}

/* Close what `to` does not have, open what it has. */
static int change(struct writer *w, uint32_t from, uint32_t to, int64_t at, size_t *n, struct err *e)
{
	uint32_t shared = common(w, from, to);
	size_t opened = 0;

	for (; from != shared; from = up(w, from))
		add_event(w, 'C', from, at, n);
	for (; to != shared; to = up(w, to))
		w->way[opened++] = to;
	while (opened--)
		add_event(w, 'O', w->way[opened], at, n);
	return profile_flush(&w->out, 0, w->sink, e);
}

static int write_events(struct writer *w, struct err *e)
{
	const struct step *last = NULL;
	int64_t end = 0;
	size_t n = 0;

	strbuf_addstr(&w->out, ",\"events\":[");
	for (size_t i = 0; i < w->n_steps; i++) {
		const struct step *s = &w->steps[i];

		if (last && s->at > end) {
			if (change(w, last->stack, STACK_NONE, end, &n, e))
				return e->kind;
			last = NULL;
		}
		if (change(w, last ? last->stack : STACK_NONE, s->stack, s->at, &n, e))
			return e->kind;
		last = s;
		end = s->at + s->weight;
	}
	if (last && change(w, last->stack, STACK_NONE, end, &n, e))
		return e->kind;
	strbuf_addch(&w->out, ']');
	return 0;
}

/* An empty stack is a gap. */
static int add_sample(struct writer *w, uint32_t stack, int first, struct err *e)
{
	size_t n = profile_stack_frames(w->p, stack, w->way);

	strbuf_addstr(&w->out, first ? "[" : ",[");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&w->out, i ? ",%u" : "%u", w->way[i]);
	strbuf_addch(&w->out, ']');
	return profile_flush(&w->out, 0, w->sink, e);
}

static int write_samples(struct writer *w, struct err *e)
{
	int64_t end = 0;

	strbuf_addstr(&w->out, ",\"samples\":[");
	for (size_t i = 0; i < w->n_steps; i++) {
		const struct step *s = &w->steps[i];

		if ((i && s->at > end && add_sample(w, STACK_NONE, 0, e)) || add_sample(w, s->stack, !i, e))
			return e->kind;
		end = s->at + s->weight;
	}
	strbuf_addstr(&w->out, "],\"weights\":[");
	for (size_t i = 0; i < w->n_steps; i++) {
		const struct step *s = &w->steps[i];

		if (i && s->at > end)
			strbuf_addf(&w->out, ",%lld", (long long)(s->at - end));
		strbuf_addf(&w->out, i ? ",%lld" : "%lld", (long long)s->weight);
		end = s->at + s->weight;
		if (profile_flush(&w->out, 0, w->sink, e))
			return e->kind;
	}
	strbuf_addch(&w->out, ']');
	return 0;
}

/*
 * Time without frames and negative weights can only be said by samples; holes, of which nothing is known, only by events:
 * a sample without frames counts.
 */
static int wants_events(const struct writer *w)
{
	uint64_t events = 0, frames = 0;
	uint32_t from = STACK_NONE;
	int holes = 0;

	for (size_t i = 0; i < w->n_steps; i++) {
		const struct step *s = &w->steps[i];

		if (s->stack == STACK_NONE || s->weight < 0)
			return 0;
		events += 2 * (depth(w, s->stack) - depth(w, common(w, from, s->stack)));
		frames += depth(w, s->stack) + 1;
		from = s->stack;
		holes |= i && s->at > s[-1].at + s[-1].weight;
	}
	return holes || events * EVENT_BYTES < frames * FRAME_BYTES;
}

static int write_part(struct writer *w, struct str name, enum profile_unit unit, struct err *e)
{
	static const char *const units[] = { [UNIT_COUNT] = "none", [UNIT_NANOSECONDS] = "nanoseconds",
					     [UNIT_BYTES] = "bytes", [UNIT_OTHER] = "none" };
	const struct step *last = w->n_steps ? &w->steps[w->n_steps - 1] : NULL;
	int evented = wants_events(w);

	strbuf_addf(&w->out, "%s{\"type\":\"%s\",\"name\":", w->n_parts++ ? ",\n" : "", evented ? "evented" : "sampled");
	json_str(&w->out, name);
	strbuf_addf(&w->out, ",\"unit\":\"%s\",\"startValue\":%lld,\"endValue\":%lld", units[unit],
		    (long long)(last ? w->steps[0].at : 0), (long long)(last ? last->at + last->weight : 0));
	if (evented ? write_events(w, e) : write_samples(w, e))
		return e->kind;
	strbuf_addch(&w->out, '}');
	return profile_flush(&w->out, 0, w->sink, e);
}

static int write_thread(struct writer *w, uint32_t thread, struct err *e)
{
	const struct profile *p = w->p;
	struct str name = p->threads[thread].name;
	struct run_reader reader;
	struct profile_run run;

	w->n_steps = 0;
	run_reader_init(&reader, &p->runs);
	while (run_reader_next(&reader, &run))
		if (run.thread == thread && run.ns && add_step(w, run.stack, run.start_ns, run.ns, e))
			return e->kind;
	if (!w->n_steps)
		return 0;
	return write_part(w, name.n ? name : str_of(p->inputs[p->threads[thread].input].file), UNIT_NANOSECONDS, e);
}

/* The rows as the tree has them, callers first: neighbours share most of their frames. */
static int tree_order(const struct profile *p, uint32_t *order, struct err *e)
{
	struct mem *m = &p->run->mem;
	size_t n = p->stacks.n, at = 0;
	uint32_t *first = MEM_NEW(m, uint32_t, n + 1, e), *next = first ? MEM_NEW(m, uint32_t, n + 1, e) : NULL;
	uint32_t s = 0;

	if (!next) {
		mem_free(m, first);
		return e->kind;
	}
	/* Lists of children, by number plus 1; those without a parent are in first[n]. */
	for (size_t i = n; i-- > 0;) {
		uint32_t *head = &first[p->stacks.parent[i] == STACK_NONE ? n : p->stacks.parent[i]];

		next[i] = *head;
		*head = (uint32_t)i + 1;
	}
	for (s = first[n]; s;) {
		order[at++] = s - 1;
		if (first[s - 1]) {
			s = first[s - 1];
			continue;
		}
		while (s && !next[s - 1])
			s = p->stacks.parent[s - 1] + 1; /* STACK_NONE becomes 0 */
		s = s ? next[s - 1] : 0;
	}
	mem_free(m, first);
	mem_free(m, next);
	return 0;
}

static int write_value(struct writer *w, size_t value, struct str name, const uint32_t *order, struct err *e)
{
	const struct profile *p = w->p;
	int64_t *selfs, stackless, at = 0;
	int rc = 0;

	if (profile_stack_values(p, value, &selfs, &stackless, e))
		return e->kind;
	w->n_steps = 0;
	for (size_t i = 0; i < p->stacks.n && !rc; i++) {
		int64_t self = selfs[order[i]];

		rc = self ? add_step(w, order[i], at, self, e) : 0;
		at += self;
	}
	if (!rc && stackless)
		rc = add_step(w, STACK_NONE, at, stackless, e);
	mem_free(&p->run->mem, selfs);
	return rc ? rc : write_part(w, name, p->n_values ? p->values[value].unit : UNIT_COUNT, e);
}

static int write_values(struct writer *w, int all, struct err *e)
{
	const struct profile *p = w->p;
	uint32_t *order = MEM_NEW(&p->run->mem, uint32_t, p->stacks.n + 1, e);
	int rc = order ? tree_order(p, order, e) : e->kind;

	if (!rc && !all)
		rc = write_value(w, p->shown, str_of(p->inputs[0].file), order, e);
	for (size_t v = 0; v < p->n_values && all && !rc; v++)
		rc = write_value(w, v, p->values[v].type, order, e);
	mem_free(&p->run->mem, order);
	return rc;
}

static int write_file(struct writer *w, int all, struct err *e)
{
	strbuf_addstr(&w->out, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"exporter\":"
			       "\"snapdiff " SNAPDIFF_VERSION "\",\"activeProfileIndex\":0,\"shared\":{\"frames\":[\n");
	add_frames(w);
	strbuf_addstr(&w->out, "]},\"profiles\":[\n");
	if (all || !profile_is_timed(w->p)) {
		if (write_values(w, all, e))
			return e->kind;
	} else {
		for (uint32_t t = 0; t < w->p->n_threads; t++)
			if (write_thread(w, t, e))
				return e->kind;
	}
	strbuf_addstr(&w->out, "]}\n");
	return profile_flush(&w->out, 1, w->sink, e);
}

static int write(const struct profile *p, int all, const struct byte_sink *sink, struct err *e)
{
	struct writer w = { .p = p, .sink = sink };
	int rc;

	strbuf_init(&w.out, &p->run->mem);
	w.way = MEM_NEW(&p->run->mem, uint32_t, profile_deepest(p) + 1, e);
	rc = w.way ? write_file(&w, all, e) : e->kind;
	strbuf_release(&w.out);
	mem_free(&p->run->mem, w.steps);
	mem_free(&p->run->mem, w.way);
	return rc;
}

int write_speedscope(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	return write(p, 0, sink, e);
}

int write_speedscope_values(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	return write(p, 1, sink, e);
}
