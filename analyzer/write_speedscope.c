/* The JSON of speedscope: one sampled profile per thread in time order where times are known, else one in all. */
#include "analyzer/jsontext.h"
#include "analyzer/profile_writers.h"

struct writer {
	const struct profile *p;
	const struct byte_sink *sink;
	struct strbuf out, weights;
	uint32_t *way;
	int64_t total;
	size_t n_samples, n_parts;
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

static int begin(struct writer *w, struct str name, struct err *e)
{
	static const char *const units[] = { [UNIT_COUNT] = "none", [UNIT_NANOSECONDS] = "nanoseconds",
					     [UNIT_BYTES] = "bytes", [UNIT_OTHER] = "none" };
	enum profile_unit unit = w->p->n_values ? w->p->values[w->p->shown].unit : UNIT_COUNT;

	strbuf_reset(&w->weights);
	w->total = 0;
	w->n_samples = 0;
	strbuf_addstr(&w->out, w->n_parts++ ? ",\n{\"type\":\"sampled\",\"name\":" : "{\"type\":\"sampled\",\"name\":");
	json_str(&w->out, name);
	strbuf_addf(&w->out, ",\"unit\":\"%s\",\"startValue\":0,\"samples\":[", units[unit]);
	return profile_flush(&w->out, 0, w->sink, e);
}

/* An empty stack is a gap. */
static int add_sample(struct writer *w, uint32_t stack, int64_t weight, struct err *e)
{
	size_t n = profile_stack_frames(w->p, stack, w->way);

	strbuf_addstr(&w->out, w->n_samples ? ",[" : "[");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&w->out, i ? ",%u" : "%u", w->way[i]);
	strbuf_addch(&w->out, ']');
	strbuf_addf(&w->weights, w->n_samples ? ",%lld" : "%lld", (long long)weight);
	w->n_samples++;
	w->total += weight;
	return profile_flush(&w->out, 0, w->sink, e);
}

static int end(struct writer *w, struct err *e)
{
	strbuf_addstr(&w->out, "],\"weights\":[");
	if (strbuf_check(&w->weights, e))
		return e->kind;
	strbuf_add(&w->out, strbuf_str(&w->weights), w->weights.len);
	strbuf_addf(&w->out, "],\"endValue\":%lld}", (long long)w->total);
	return profile_flush(&w->out, 0, w->sink, e);
}

static int write_thread(struct writer *w, uint32_t thread, struct err *e)
{
	const struct profile *p = w->p;
	struct str name = p->threads[thread].name;
	int64_t at = 0;
	int began = 0;

	for (size_t i = 0; i < p->n_runs; i++) {
		const struct profile_run *r = &p->runs[i];

		if (r->thread != thread || !r->ns)
			continue;
		if (!began++ && begin(w, name.n ? name : str_of(p->inputs[p->threads[thread].input].file), e))
			return e->kind;
		if (r->start_ns > at && w->n_samples && add_sample(w, STACK_NONE, r->start_ns - at, e))
			return e->kind;
		if (add_sample(w, r->stack, r->ns, e))
			return e->kind;
		at = r->start_ns + r->ns;
	}
	return began ? end(w, e) : 0;
}

static int write_all(struct writer *w, struct err *e)
{
	const struct profile *p = w->p;
	int64_t *selfs, stackless;
	int rc;

	if (profile_stack_selfs(p, &selfs, &stackless, e))
		return e->kind;
	rc = begin(w, str_of(p->inputs[0].file), e);
	for (uint32_t s = 0; s < p->stacks.n && !rc; s++)
		if (selfs[s])
			rc = add_sample(w, s, selfs[s], e);
	if (!rc && stackless)
		rc = add_sample(w, STACK_NONE, stackless, e);
	mem_free(&p->run->mem, selfs);
	return rc ? rc : end(w, e);
}

static int write_file(struct writer *w, struct err *e)
{
	strbuf_addstr(&w->out, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"exporter\":"
			       "\"snapdiff " SNAPDIFF_VERSION "\",\"activeProfileIndex\":0,\"shared\":{\"frames\":[\n");
	add_frames(w);
	strbuf_addstr(&w->out, "]},\"profiles\":[\n");
	if (!profile_is_timed(w->p)) {
		if (write_all(w, e))
			return e->kind;
	} else {
		for (uint32_t t = 0; t < w->p->n_threads; t++)
			if (write_thread(w, t, e))
				return e->kind;
	}
	strbuf_addstr(&w->out, "]}\n");
	return profile_flush(&w->out, 1, w->sink, e);
}

int write_speedscope(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	struct writer w = { .p = p, .sink = sink };
	int rc;

	strbuf_init(&w.out, &p->run->mem);
	strbuf_init(&w.weights, &p->run->mem);
	w.way = MEM_NEW(&p->run->mem, uint32_t, profile_deepest(p) + 1, e);
	rc = w.way ? write_file(&w, e) : e->kind;
	strbuf_release(&w.out);
	strbuf_release(&w.weights);
	mem_free(&p->run->mem, w.way);
	return rc;
}
