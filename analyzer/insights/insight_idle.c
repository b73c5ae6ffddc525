/* A process that waits more than 80 % of the time is not slow because of what it computes. */
#include "analyzer/insights.h"

#include "base/wide.h"

#define LEAST_PERCENT 80

int insight_idle(struct insights *in, struct err *e)
{
	int64_t all = in->v->idle + in->v->sum;
	struct insight what = { .severity = SEVERITY_INFO, .rule = "idle", .amount = in->v->idle, .frame = UINT32_MAX,
				.advice = "Measure what it waits for: requests to databases and other services, timers, locks." };
	struct strbuf text;
	int rc;

	if (in->unit != UNIT_NANOSECONDS || !all || in->v->idle < all / 100 * LEAST_PERCENT)
		return 0;
	strbuf_init(&text, &in->p->run->mem);
	strbuf_addf(&text, "The process waited %d %% of the time: if it is slow, the cause lies outside of this profile.",
		    (int)wide_mul_div_signed(in->v->idle, 100, all));
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
