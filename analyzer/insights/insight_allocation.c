/* One function that holds a quarter of the sampled memory, with the error that the number of samples implies. */
#include <math.h>

#include "analyzer/insights.h"

#define LEAST_PERCENT 25

/* Values of the heap profiles of V8 and of pprof are of one of two kinds. */
static const char *advice(const struct profile *p)
{
	if (str_starts(p->values[p->shown].type, "alloc"))
		return "This is all that was allocated while recording, also what has been freed since: it is what garbage "
		       "collection has to do. --sample-type inuse_space shows what stayed, where the profile says so.";
	return "The profile holds what was alive at its end, not all that was ever allocated: compare two of them, or heap "
	       "snapshots with snapdiff, before calling it a leak.";
}

int insight_allocation(struct insights *in, struct err *e)
{
	const struct profile_view *v = in->v;
	struct insight what = { .severity = SEVERITY_INFO, .rule = "allocation" };
	uint32_t best = VIEW_NONE;
	struct strbuf text;
	int rc;

	for (uint32_t k = 0; k < v->n_keys; k++)
		if (best == VIEW_NONE || v->keys[k].self > v->keys[best].self)
			best = k;
	if (in->unit != UNIT_BYTES || best == VIEW_NONE || v->sum <= 0 || v->keys[best].self < v->sum / 100 * LEAST_PERCENT)
		return 0;
	what.advice = advice(in->p);
	what.amount = v->keys[best].self;
	what.frame = v->keys[best].frame;
	strbuf_init(&text, &in->p->run->mem);
	insight_share(in, &text, what.amount);
	strbuf_addstr(&text, " of the memory (");
	insight_amount(in, &text, what.amount);
	strbuf_addstr(&text, ") was allocated in ");
	insight_frame(in, &text, what.frame);
	if (v->keys[best].samples > 0)
		strbuf_addf(&text, ", by %lld sample%s, so known to within %d %%", (long long)v->keys[best].samples,
			    v->keys[best].samples == 1 ? "" : "s",
			    (int)(100 / sqrt((double)v->keys[best].samples) + 0.5));
	strbuf_addch(&text, '.');
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
