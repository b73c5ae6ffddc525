/*
 * insight_match.h - time below functions of some kind: what rules about certain calls have in common.
 */
#ifndef ANALYZER_INSIGHTS_INSIGHT_MATCH_H
#define ANALYZER_INSIGHTS_INSIGHT_MATCH_H

#include "analyzer/insights.h"

struct insight_match {
	int64_t total;        /* in the functions and below, each stack once; start-up left out unless asked for */
	int64_t longest_ns;   /* without interruption */
	uint32_t frame;       /* the function with the largest part */
	int64_t frame_total;
	uint32_t user_frame;  /* application code that called it, with the largest part; UINT32_MAX: none */
};

typedef int insight_wants_fn(const struct profile *p, uint32_t frame);

/* O(stacks + sums + runs). */
int insight_match(const struct insights *in, insight_wants_fn *wants, int with_startup, struct insight_match *out,
		  struct err *e);

/* A rule of the kind "calls of that sort took so much of the busy time". */
struct insight_calls {
	const char *rule;
	const char *what;     /* "Synchronous compression took"; what the sentence begins with */
	const char *advice;
	const char *more;     /* a sentence behind it; NULL: none */
	insight_wants_fn *wants;
	int with_startup;
	unsigned least_percent;
	int64_t least_ns;     /* or as long as this at once; 0: that alone is no reason */
};

/* Look for them and say so, as a warning. Nothing in profiles of other things than time. */
int insight_look_for_calls(struct insights *in, const struct insight_calls *c, struct err *e);

#endif
