/*
 * JSON.parse and JSON.stringify, where the profiler names them: perf and V8's log do, a .cpuprofile does not, since they
 * are builtins whose time is their caller's. Nothing is guessed for those.
 */
#include "analyzer/insights/insight_match.h"

#define LEAST_PERCENT 10

static int is_json(const struct profile *p, uint32_t f)
{
	struct str name = profile_text(p, p->frames.name[f]);
	uint8_t kind = p->frames.kind[f];

	return (kind == FRAME_BUILTIN || kind == FRAME_NATIVE) && (str_has(name, "JsonParse") || str_has(name, "JsonStringif"));
}

int insight_json(struct insights *in, struct err *e)
{
	static const struct insight_calls calls = {
		.rule = "json", .what = "JSON took", .wants = is_json, .with_startup = 1, .least_percent = LEAST_PERCENT,
		.advice = "Parse less: smaller messages, a streaming parser, or a worker for the large ones.",
	};

	return insight_look_for_calls(in, &calls, e);
}
