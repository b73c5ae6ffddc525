/*
 * Regular expressions from 5 % on. V8 interprets the first run of each, and that time is its caller's own: so the figure
 * is a lower bound, and a regular expression that ran once does not show at all.
 */
#include "analyzer/insights/insight_match.h"

#define LEAST_PERCENT 5

static int is_regexp(const struct profile *p, uint32_t f)
{
	return p->frames.category[f] == CATEGORY_REGEXP;
}

int insight_regexp(struct insights *in, struct err *e)
{
	struct insight what = { .severity = SEVERITY_WARN, .rule = "regexp",
				.advice = "Look for nested repetition such as (a+)+ and for input that should be limited first." };
	struct insight_match m;
	struct strbuf text;
	int rc;

	if (!insight_is_time(in) || insight_match(in, is_regexp, 1, &m, e))
		return e->kind;
	if (m.frame == UINT32_MAX || m.total < in->v->sum / 100 * LEAST_PERCENT)
		return 0;
	what.amount = m.total;
	what.frame = m.frame;
	strbuf_init(&text, &in->p->run->mem);
	strbuf_addstr(&text, "Regular expressions took at least ");
	insight_share(in, &text, m.total);
	strbuf_addstr(&text, " of the busy time (");
	insight_amount(in, &text, m.total);
	strbuf_addstr(&text, "), most of it ");
	insight_frame(in, &text, m.frame);
	if (m.user_frame != UINT32_MAX) {
		strbuf_addstr(&text, ", called by ");
		insight_frame(in, &text, m.user_frame);
	}
	strbuf_addstr(&text, ". The first run of each is counted to its caller.");
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
