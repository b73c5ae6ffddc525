/* How far the figures carry: few samples, and time in which the profiler took none. */
#include <math.h>

#include "analyzer/insights.h"

#include "base/wide.h"

#define FEW_SAMPLES 500
#define GAP_PERCENT 10

static int few_samples(struct insights *in, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_INFO, .rule = "few-samples", .amount = in->v->samples,
				.frame = UINT32_MAX, .advice = "Record longer, or under more load." };
	int64_t n = in->v->samples;

	if (in->v->samples_value >= in->p->n_values || n >= FEW_SAMPLES || n <= 0)
		return 0;
	strbuf_addf(text, "Only %lld samples were not idle: a function with 10 %% of them is known to about %d %% of itself.",
		    (long long)n, (int)(100 / sqrt((double)n / 10) + 0.5));
	return insight_add(in, &what, text, e);
}

static int gaps(struct insights *in, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_INFO, .rule = "sampling-gaps", .frame = UINT32_MAX,
				.advice = "The machine was overloaded or the process stopped: do not trust single long samples." };
	int64_t duration = 0;

	for (size_t i = 0; i < in->p->n_inputs; i++) {
		if (__builtin_add_overflow(what.amount, in->p->inputs[i].gap_ns, &what.amount) ||
		    __builtin_add_overflow(duration, in->p->inputs[i].duration_ns, &duration))
			return 0;
	}
	if (!duration || what.amount < duration / 100 * GAP_PERCENT)
		return 0;
	strbuf_reset(text);
	strbuf_addstr(text, "The profiler missed samples for ");
	insight_amount(in, text, what.amount);
	strbuf_addf(text, ", %d %% of the recording; that time is counted to the last stack before each gap.",
		    (int)wide_mul_div_signed(what.amount, 100, duration));
	return insight_add(in, &what, text, e);
}

int insight_quality(struct insights *in, struct err *e)
{
	struct strbuf text;
	int rc;

	if (!insight_is_time(in))
		return 0;
	strbuf_init(&text, &in->p->run->mem);
	rc = few_samples(in, &text, e);
	if (!rc)
		rc = gaps(in, &text, e);
	strbuf_release(&text);
	return rc;
}
