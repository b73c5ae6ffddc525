/*
 * insights.h - what a profile says without being asked: rules, each with figures and advice.
 *
 * A rule is a file in analyzer/insights/ and a row in insights.c. It looks at the profile and adds what it found, or says
 * nothing. It must be quiet on a healthy profile. Thresholds stand in the rules, with their reasons.
 */
#ifndef ANALYZER_INSIGHTS_H
#define ANALYZER_INSIGHTS_H

#include "analyzer/profile_tasks.h"
#include "analyzer/profile_view.h"
#include "analyzer/report.h"

enum severity {
	SEVERITY_FAIL, /* most urgent first */
	SEVERITY_WARN,
	SEVERITY_INFO,
};

struct insight {
	enum severity severity;
	const char *rule;
	const char *text;   /* sentences with figures */
	const char *advice; /* NULL: none */
	int64_t amount;     /* in the unit of the value shown; what the finding is about */
	uint32_t frame;     /* UINT32_MAX: none */
};

/* What rules look at, and what they add. */
struct insights {
	const struct profile *p;
	const struct profile_view *v;      /* by function */
	const struct profile_tasks *tasks; /* empty where times are not known */
	enum profile_unit unit;
	int is_script;                     /* it did all its work while it was loaded: then nothing is a start that harms nobody */
	struct arena *arena;               /* texts of findings */
	struct insight *rows;
	size_t n, capacity;
};

/* Add a finding; `text` is formatted in a strbuf by the caller and copied. */
int insight_add(struct insights *in, const struct insight *what, const struct strbuf *text, struct err *e);

/* "12.3 ms", "45 %" of what is not idle. */
void insight_amount(const struct insights *in, struct strbuf *out, int64_t v);
void insight_share(const struct insights *in, struct strbuf *out, int64_t v);

/* "name (file:line)", or "name". */
void insight_frame(const struct insights *in, struct strbuf *out, uint32_t frame);

/* Rules about time need it. */
static inline int insight_is_time(const struct insights *in)
{
	return in->unit == UNIT_NANOSECONDS && in->v->sum > 0;
}

/* insights/insight_startup.c: is the start nine tenths of all time, idle or not? O(tasks). */
int insight_is_script(const struct insights *in);

/* Look with all rules and add the table "insights" to the report. */
int profile_add_insights(struct report *r, const struct profile_view *v, struct err *e);

/* Turns of the loop over 50 ms, worst first, as the table "blocks". */
int profile_add_blocks(struct report *r, const struct profile *p, const struct profile_tasks *tasks, struct err *e);

int insight_blocked_loop(struct insights *in, struct err *e);
int insight_garbage(struct insights *in, struct err *e);
int insight_sync_calls(struct insights *in, struct err *e);
int insight_json(struct insights *in, struct err *e);
int insight_regexp(struct insights *in, struct err *e);
int insight_tiers(struct insights *in, struct err *e);
int insight_idle(struct insights *in, struct err *e);
int insight_startup(struct insights *in, struct err *e);
int insight_quality(struct insights *in, struct err *e);
int insight_profiler(struct insights *in, struct err *e);
int insight_packages(struct insights *in, struct err *e);
int insight_allocation(struct insights *in, struct err *e);

#endif
