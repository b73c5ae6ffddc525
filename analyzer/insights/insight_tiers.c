/*
 * Hot functions that V8 gave up on: a reason for deoptimisation that the file states, or, where the profiler says in which
 * tier code ran, own time spent in the interpreter or in baseline code by a function that was optimised at some time.
 */
#include "analyzer/insights.h"

#define LEAST_PERCENT 1


static int note_deopt(struct insights *in, uint32_t f, int64_t self, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_WARN, .rule = "deoptimised", .amount = self, .frame = f,
				.advice = "Keep the types of its arguments and the shapes of its objects the same." };
	struct str why = profile_text(in->p, in->p->frames.deopt[f]);

	strbuf_reset(text);
	strbuf_addstr(text, "V8 gave up optimised code of ");
	insight_frame(in, text, f);
	strbuf_addstr(text, " (");
	strbuf_add(text, why.s, why.n);
	strbuf_addstr(text, "), which takes ");
	insight_share(in, text, self);
	strbuf_addstr(text, " of the busy time.");
	return insight_add(in, &what, text, e);
}

static int note_tier(struct insights *in, uint32_t f, int64_t self, int64_t slow, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_INFO, .rule = "not-optimised", .amount = slow, .frame = f,
				.advice = "See with --trace-deopt why it does not stay optimised." };

	strbuf_reset(text);
	insight_frame(in, text, f);
	strbuf_addstr(text, " has optimised code but spent ");
	insight_amount(in, text, slow);
	strbuf_addstr(text, " of its ");
	insight_amount(in, text, self);
	strbuf_addstr(text, " in the interpreter or in baseline code.");
	return insight_add(in, &what, text, e);
}

static int look(struct insights *in, const int64_t *self, const int64_t *slow, struct strbuf *text, struct err *e)
{
	const struct profile_frames *f = &in->p->frames;
	const uint8_t optimised = 1u << TIER_OPTIMIZED | 1u << TIER_MAGLEV;

	for (uint32_t i = 0; i < f->n; i++) {
		if (self[i] < in->v->sum / 100 * LEAST_PERCENT || !self[i])
			continue;
		if (f->deopt[i] && note_deopt(in, i, self[i], text, e))
			return e->kind;
		if ((f->tiers[i] & optimised) && slow[i] > self[i] / 2 && note_tier(in, i, self[i], slow[i], text, e))
			return e->kind;
	}
	return 0;
}

int insight_tiers(struct insights *in, struct err *e)
{
	const struct profile *p = in->p;
	struct mem *m = &p->run->mem;
	int64_t *self, *slow;
	struct strbuf text;
	int rc;

	if (!insight_is_time(in))
		return 0;
	self = MEM_NEW(m, int64_t, p->frames.n + 1, e);
	slow = self ? MEM_NEW(m, int64_t, p->frames.n + 1, e) : NULL;
	strbuf_init(&text, m);
	for (size_t i = 0; slow && i < p->n_sums; i++) {
		const struct profile_sum *s = &p->sums[i];
		int64_t v = profile_sum_value(p, i, p->shown);

		if (s->stack == STACK_NONE)
			continue;
		self[p->stacks.frame[s->stack]] += v;
		if (s->tier == TIER_INTERPRETED || s->tier == TIER_BASELINE)
			slow[p->stacks.frame[s->stack]] += v;
	}
	rc = slow ? look(in, self, slow, &text, e) : e->kind;
	strbuf_release(&text);
	mem_free(m, self);
	mem_free(m, slow);
	return rc;
}
