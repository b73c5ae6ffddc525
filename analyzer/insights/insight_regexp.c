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
	static const struct insight_calls calls = {
		.rule = "regexp", .what = "Regular expressions took at least", .wants = is_regexp, .with_startup = 1,
		.least_percent = LEAST_PERCENT, .more = "The first run of each is counted to its caller.",
		.advice = "Look for nested repetition such as (a+)+ and for input that should be limited first.",
	};

	return insight_look_for_calls(in, &calls, e);
}
