#include "analyzer/insights/insight_match.h"

#include <string.h>

/* By stack: which frame of the kind is outermost in it, and which application frame stands nearest above that. */
struct marks {
	uint32_t *hit, *user;
	uint8_t *startup;
	int64_t *by_frame, *by_user;
};

static void mark(const struct insights *in, insight_wants_fn *wants, struct marks *k)
{
	const struct profile *p = in->p;

	for (size_t s = 0; s < p->stacks.n; s++) {
		uint32_t up = p->stacks.parent[s], frame = p->stacks.frame[s];

		k->hit[s] = up == STACK_NONE ? UINT32_MAX : k->hit[up];
		k->user[s] = up == STACK_NONE ? UINT32_MAX : k->user[up];
		k->startup[s] = up == STACK_NONE ? (uint8_t)profile_is_startup_frame(p, frame) : k->startup[up];
		if (k->hit[s] != UINT32_MAX)
			continue;
		if (wants(p, frame))
			k->hit[s] = frame;
		else if (p->frames.category[frame] == CATEGORY_APPLICATION)
			k->user[s] = frame;
	}
}

static int counts(const struct marks *k, uint32_t stack, int with_startup)
{
	return stack != STACK_NONE && k->hit[stack] != UINT32_MAX && (with_startup || !k->startup[stack]);
}

static uint32_t largest(const int64_t *values, size_t n, int64_t *value)
{
	uint32_t best = UINT32_MAX;

	*value = 0;
	for (uint32_t i = 0; i < n; i++)
		if (values[i] > *value) {
			*value = values[i];
			best = i;
		}
	return best;
}

static void sum_up(const struct insights *in, const struct marks *k, int with_startup, struct insight_match *out)
{
	const struct profile *p = in->p;
	int64_t ignored;

	for (uint32_t s = 0; s < p->stacks.n; s++) {
		if (!counts(k, s, with_startup))
			continue;
		out->total += in->v->stack_self[s];
		k->by_frame[k->hit[s]] += in->v->stack_self[s];
		if (k->user[s] != UINT32_MAX)
			k->by_user[k->user[s]] += in->v->stack_self[s];
	}
	out->frame = largest(k->by_frame, p->frames.n, &out->frame_total);
	out->user_frame = largest(k->by_user, p->frames.n, &ignored);
}

static int64_t longest(const struct profile *p, const struct marks *k, int with_startup)
{
	int64_t best = 0, here = 0, end = 0;
	uint32_t thread = UINT32_MAX;
	struct run_reader reader;
	struct profile_run run;

	run_reader_init(&reader, &p->runs);
	while (run_reader_next(&reader, &run)) {
		int goes_on = here && run.thread == thread && run.start_ns == end;

		here = counts(k, run.stack, with_startup) ? (goes_on ? here : 0) + run.ns : 0;
		thread = run.thread;
		end = run.start_ns + run.ns;
		best = here > best ? here : best;
	}
	return best;
}

int insight_match(const struct insights *in, insight_wants_fn *wants, int with_startup, struct insight_match *out,
		  struct err *e)
{
	struct mem *m = &in->p->run->mem;
	size_t n = in->p->stacks.n + 1, n_frames = in->p->frames.n + 1;
	struct marks k = { MEM_NEW(m, uint32_t, n, e), MEM_NEW(m, uint32_t, n, e), MEM_NEW(m, uint8_t, n, e),
			   MEM_NEW(m, int64_t, n_frames, e), MEM_NEW(m, int64_t, n_frames, e) };

	memset(out, 0, sizeof(*out));
	if (k.hit && k.user && k.startup && k.by_frame && k.by_user) {
		mark(in, wants, &k);
		sum_up(in, &k, with_startup, out);
		out->longest_ns = longest(in->p, &k, with_startup);
	}
	mem_free(m, k.hit);
	mem_free(m, k.user);
	mem_free(m, k.startup);
	mem_free(m, k.by_frame);
	mem_free(m, k.by_user);
	return e->kind;
}

static void describe(const struct insights *in, const struct insight_calls *c, const struct insight_match *m,
		     struct strbuf *text)
{
	strbuf_addf(text, "%s ", c->what);
	insight_share(in, text, m->total);
	strbuf_addstr(text, " of the busy time (");
	insight_amount(in, text, m->total);
	if (c->least_ns && m->longest_ns) {
		strbuf_addstr(text, ", up to ");
		insight_amount(in, text, m->longest_ns);
		strbuf_addstr(text, " at once");
	}
	strbuf_addstr(text, "), most of it in ");
	insight_frame(in, text, m->frame);
	if (m->user_frame != UINT32_MAX) {
		strbuf_addstr(text, ", called by ");
		insight_frame(in, text, m->user_frame);
	}
	strbuf_addf(text, ".%s%s", c->more ? " " : "", c->more ? c->more : "");
}

int insight_look_for_calls(struct insights *in, const struct insight_calls *c, struct err *e)
{
	struct insight what = { .severity = SEVERITY_WARN, .rule = c->rule, .advice = c->advice };
	struct insight_match m;
	struct strbuf text;
	int rc;

	if (!insight_is_time(in) || insight_match(in, c->wants, c->with_startup || in->is_script, &m, e))
		return e->kind;
	if (m.frame == UINT32_MAX || (m.total < in->v->sum / 100 * c->least_percent &&
				      (!c->least_ns || m.longest_ns < c->least_ns)))
		return 0;
	what.amount = m.total;
	what.frame = m.frame;
	strbuf_init(&text, &in->p->run->mem);
	describe(in, c, &m, &text);
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
