/* The profiler's own cost, from 1 % on: it is in no run without it. */
#include "analyzer/insights/insight_match.h"

#define LEAST_PERCENT 1

static int is_profiler(const struct profile *p, uint32_t f)
{
	struct str name = profile_text(p, p->frames.name[f]), file = profile_text(p, p->frames.file[f]);

	return str_is(name, "startCpuProfile") || str_is(name, "stopCpuProfile") || str_is(name, "startHeapProfile") ||
	       ((str_is(name, "post") || str_is(name, "dispatch")) && str_is(file, "node:inspector"));
}

int insight_profiler(struct insights *in, struct err *e)
{
	struct insight what = { .severity = SEVERITY_INFO, .rule = "profiler" };
	struct insight_match m;
	struct strbuf text;
	int rc;

	if (!insight_is_time(in) || insight_match(in, is_profiler, 1, &m, e))
		return e->kind;
	if (m.frame == UINT32_MAX || m.total < in->v->sum / 100 * LEAST_PERCENT)
		return 0;
	what.amount = m.total;
	what.frame = m.frame;
	strbuf_init(&text, &in->p->run->mem);
	strbuf_addstr(&text, "Starting and stopping the profiler took ");
	insight_share(in, &text, m.total);
	strbuf_addstr(&text, " of the busy time; without it that is not spent.");
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
