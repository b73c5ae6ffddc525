/*
 * .cpuprofile as DevTools reads it. Node 1 is the root, node s + 2 is stack s. Samples come in time order where times are
 * known, else one for each stack; a last one on the root ends the one before it, since readers guess how long the last
 * sample lasted. A stretch of which nothing is known, such as one that filters left out, is idle: the notation has no holes.
 * Times are microseconds with three decimals where they need them.
 */
#include "analyzer/jsontext.h"
#include "analyzer/profile_writers.h"

struct writer {
	const struct profile *p;
	const struct byte_sink *sink;
	struct strbuf out, deltas;
	uint32_t *first, *sibling; /* children of stacks; of the root at first[n] */
	uint64_t *hits;
	int64_t total, pending;    /* what the next delta is */
	size_t n_samples;
	int gaps;                  /* there is a node for them, after those of the stacks */
};

#define ROOT_ID ((size_t)1)

static size_t node_id(uint32_t stack)
{
	return stack == STACK_NONE ? ROOT_ID : (size_t)stack + 2;
}

static size_t gap_id(const struct writer *w)
{
	return w->p->stacks.n + 2;
}

static void add_us(struct strbuf *out, int64_t ns)
{
	uint64_t v = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	strbuf_addf(out, "%s%llu", ns < 0 ? "-" : "", (unsigned long long)(v / 1000));
	if (v % 1000)
		strbuf_addf(out, ".%03u", (unsigned)(v % 1000));
}

static int link_children(struct writer *w, struct err *e)
{
	const struct profile_stacks *s = &w->p->stacks;
	struct mem *m = &w->p->run->mem;

	w->first = MEM_NEW(m, uint32_t, s->n + 1, e);
	w->sibling = w->first ? MEM_NEW(m, uint32_t, s->n + 1, e) : NULL;
	w->hits = w->sibling ? MEM_NEW(m, uint64_t, s->n + 1, e) : NULL;
	if (!w->hits)
		return e->kind;
	for (size_t i = 0; i <= s->n; i++)
		w->first[i] = STACK_NONE;
	for (size_t i = s->n; i-- > 0;) {
		size_t parent = s->parent[i] == STACK_NONE ? s->n : s->parent[i];

		w->sibling[i] = w->first[parent];
		w->first[parent] = (uint32_t)i;
	}
	return 0;
}

static void add_node(struct writer *w, size_t stack)
{
	const struct profile *p = w->p;
	int is_root = stack == p->stacks.n;
	uint32_t f = is_root ? 0 : p->stacks.frame[stack], child = w->first[stack];

	strbuf_addf(&w->out, "{\"id\":%zu,\"callFrame\":{\"functionName\":", is_root ? 1 : stack + 2);
	json_str(&w->out, is_root ? STR_LIT("(root)") : profile_text(p, p->frames.name[f]));
	strbuf_addstr(&w->out, ",\"scriptId\":\"0\",\"url\":");
	json_str(&w->out, is_root ? STR_LIT("") : profile_text(p, p->frames.file[f]));
	strbuf_addf(&w->out, ",\"lineNumber\":%lld,\"columnNumber\":%lld},\"hitCount\":%llu",
		    is_root ? -1 : (long long)p->frames.line[f] - 1, is_root ? -1 : (long long)p->frames.column[f] - 1,
		    (unsigned long long)w->hits[stack]);
	for (const char *before = ",\"children\":["; child != STACK_NONE; child = w->sibling[child], before = ",")
		strbuf_addf(&w->out, "%s%zu", before, (size_t)child + 2);
	if (is_root && w->gaps)
		strbuf_addf(&w->out, "%s%zu", w->first[stack] == STACK_NONE ? ",\"children\":[" : ",", gap_id(w));
	strbuf_addstr(&w->out, w->first[stack] == STACK_NONE && !(is_root && w->gaps) ? "}" : "]}");
}

static int write_nodes(struct writer *w, struct err *e)
{
	size_t n = w->p->stacks.n;

	strbuf_addstr(&w->out, "{\"nodes\":[");
	add_node(w, n);
	for (size_t s = 0; s < n; s++) {
		strbuf_addstr(&w->out, ",\n");
		add_node(w, s);
		if (profile_flush(&w->out, 0, w->sink, e))
			return e->kind;
	}
	if (w->gaps)
		strbuf_addf(&w->out, ",\n{\"id\":%zu,\"callFrame\":{\"functionName\":\"(idle)\",\"scriptId\":\"0\",\"url\":\"\","
			    "\"lineNumber\":-1,\"columnNumber\":-1},\"hitCount\":0}", gap_id(w));
	strbuf_addstr(&w->out, "],\n\"startTime\":0,\"samples\":[");
	return 0;
}

static int add_sample(struct writer *w, size_t node, int64_t ns, struct err *e)
{
	strbuf_addf(&w->out, w->n_samples ? ",%zu" : "%zu", node);
	if (w->n_samples++)
		strbuf_addch(&w->deltas, ',');
	add_us(&w->deltas, w->pending);
	w->pending = ns;
	w->total += ns;
	return profile_flush(&w->out, 0, w->sink, e);
}

/* Where the next run begins if nothing is missing before it: at its own start for the first of a thread. */
struct due {
	int64_t at;
	uint32_t thread;
	int any;
};

static int64_t due_for(const struct due *d, const struct profile_run *r)
{
	return d->any && d->thread == r->thread ? d->at : r->start_ns;
}

static void due_after(struct due *d, const struct profile_run *r)
{
	*d = (struct due){ r->start_ns + r->ns, r->thread, 1 };
}

static int has_gaps(const struct profile *p)
{
	struct due due = { .any = 0 };
	struct run_reader reader;
	struct profile_run run;

	run_reader_init(&reader, &p->runs);
	for (; run_reader_next(&reader, &run); due_after(&due, &run))
		if (run.start_ns > due_for(&due, &run))
			return 1;
	return 0;
}

/* A run of several observations is as many samples again; the last one takes what the division leaves. */
static int add_run(struct writer *w, const struct profile_run *r, int64_t at, struct err *e)
{
	uint32_t n = r->samples ? r->samples : 1;
	int64_t each = r->ns / n;

	if (r->start_ns > at && add_sample(w, gap_id(w), r->start_ns - at, e))
		return e->kind;
	for (uint32_t i = 0; i < n; i++)
		if (add_sample(w, node_id(r->stack), i + 1 < n ? each : r->ns - each * (n - 1), e))
			return e->kind;
	return 0;
}

static int add_runs(struct writer *w, struct err *e)
{
	struct due due = { .any = 0 };
	struct run_reader reader;
	struct profile_run run;

	run_reader_init(&reader, &w->p->runs);
	for (; run_reader_next(&reader, &run); due_after(&due, &run))
		if (add_run(w, &run, due_for(&due, &run), e))
			return e->kind;
	return 0;
}

static int add_samples(struct writer *w, int timed, const int64_t *selfs, int64_t stackless, struct err *e)
{
	const struct profile *p = w->p;

	if (timed && add_runs(w, e))
		return e->kind;
	for (uint32_t s = 0; !timed && s < p->stacks.n; s++)
		if (selfs[s] && add_sample(w, node_id(s), selfs[s], e))
			return e->kind;
	if (!timed && stackless && add_sample(w, ROOT_ID, stackless, e))
		return e->kind;
	return add_sample(w, ROOT_ID, 0, e);
}

static void count_hits(struct writer *w, int timed, const int64_t *selfs)
{
	struct run_reader reader;
	struct profile_run run;

	run_reader_init(&reader, &w->p->runs);
	while (timed && run_reader_next(&reader, &run))
		if (run.stack != STACK_NONE)
			w->hits[run.stack] += run.samples;
	for (uint32_t s = 0; !timed && s < w->p->stacks.n; s++)
		w->hits[s] = selfs[s] != 0;
}

static int write_file(struct writer *w, const int64_t *selfs, int64_t stackless, struct err *e)
{
	int timed = profile_is_timed(w->p);

	w->gaps = timed && has_gaps(w->p);
	if (link_children(w, e))
		return e->kind;
	count_hits(w, timed, selfs);
	if (write_nodes(w, e) || add_samples(w, timed, selfs, stackless, e) || strbuf_check(&w->deltas, e))
		return e->kind;
	strbuf_addstr(&w->out, "],\n\"timeDeltas\":[");
	strbuf_add(&w->out, strbuf_str(&w->deltas), w->deltas.len);
	strbuf_addstr(&w->out, "],\n\"endTime\":");
	add_us(&w->out, w->total);
	strbuf_addstr(&w->out, "}\n");
	return profile_flush(&w->out, 1, w->sink, e);
}

int write_cpuprofile(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	struct writer w = { .p = p, .sink = sink };
	struct mem *m = &p->run->mem;
	int64_t *selfs, stackless;
	int rc;

	if (p->n_values && p->values[p->shown].unit != UNIT_NANOSECONDS)
		return err_set(e, ERR_UNSUPPORTED, "a CPU profile holds times; these values are none");
	if (profile_stack_selfs(p, &selfs, &stackless, e))
		return e->kind;
	strbuf_init(&w.out, m);
	strbuf_init(&w.deltas, m);
	rc = write_file(&w, selfs, stackless, e);
	strbuf_release(&w.out);
	strbuf_release(&w.deltas);
	mem_free(m, w.first);
	mem_free(m, w.sibling);
	mem_free(m, w.hits);
	mem_free(m, selfs);
	return rc;
}
