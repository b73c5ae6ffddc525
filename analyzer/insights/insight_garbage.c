/* Garbage collection: 10 % of the busy time is worth a look, 25 % is a fault; and whose garbage it was. */
#include "analyzer/insights.h"

#define WARN_PERCENT 10
#define FAIL_PERCENT 25

/* The function below which most of it stands; UINT32_MAX: none. */
static uint32_t culprit(const struct insights *in, int64_t *ns, struct err *e)
{
	const struct profile *p = in->p;
	int64_t *by_frame = MEM_NEW(&p->run->mem, int64_t, p->frames.n + 1, e);
	uint32_t best = UINT32_MAX;

	*ns = 0;
	for (uint32_t s = 0; by_frame && s < p->stacks.n; s++)
		if (p->frames.category[p->stacks.frame[s]] == CATEGORY_GC && p->stacks.parent[s] != STACK_NONE)
			by_frame[p->stacks.frame[p->stacks.parent[s]]] += in->v->stack_self[s];
	for (uint32_t f = 0; by_frame && f < p->frames.n; f++)
		if (by_frame[f] > *ns) {
			*ns = by_frame[f];
			best = f;
		}
	mem_free(&p->run->mem, by_frame);
	return best;
}

static int64_t longest_pause(const struct profile *p)
{
	int64_t best = 0;
	struct run_reader reader;
	struct profile_run run;

	run_reader_init(&reader, &p->runs);
	while (run_reader_next(&reader, &run))
		if (run.stack != STACK_NONE && p->frames.category[p->stacks.frame[run.stack]] == CATEGORY_GC && run.ns > best)
			best = run.ns;
	return best;
}

int insight_garbage(struct insights *in, struct err *e)
{
	int64_t gc = in->v->by_category[CATEGORY_GC], ns, pause = longest_pause(in->p);
	struct insight what = { .rule = "garbage", .amount = gc,
				.advice = "Make fewer short-lived objects there, or look for what keeps memory alive with snapdiff; "
					  "--max-semi-space-size helps where most of it dies young." };
	struct strbuf text;
	int rc;

	if (!insight_is_time(in) || gc < in->v->sum / 100 * WARN_PERCENT)
		return 0;
	what.severity = gc >= in->v->sum / 100 * FAIL_PERCENT ? SEVERITY_FAIL : SEVERITY_WARN;
	what.frame = culprit(in, &ns, e);
	strbuf_init(&text, &in->p->run->mem);
	strbuf_addstr(&text, "Garbage collection took ");
	insight_share(in, &text, gc);
	strbuf_addstr(&text, " of the busy time (");
	insight_amount(in, &text, gc);
	if (pause) {
		strbuf_addstr(&text, ", longest pause ");
		insight_amount(in, &text, pause);
	}
	strbuf_addch(&text, ')');
	if (what.frame != UINT32_MAX) {
		strbuf_addstr(&text, ", most of it while ");
		insight_frame(in, &text, what.frame);
		strbuf_addstr(&text, " ran: ");
		insight_amount(in, &text, ns);
	}
	strbuf_addch(&text, '.');
	rc = e->kind ? e->kind : insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
