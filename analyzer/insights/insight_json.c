/*
 * JSON.parse and JSON.stringify, where the profiler names them: perf and V8's log do, a .cpuprofile does not, since they
 * are builtins whose time is their caller's. Nothing is guessed for those.
 */
#include <string.h>

#include "analyzer/insights/insight_match.h"

#define LEAST_PERCENT 10

static int has(struct str s, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= s.n; i++)
		if (!memcmp(s.s + i, part, n))
			return 1;
	return 0;
}

static int is_json(const struct profile *p, uint32_t f)
{
	struct str name = profile_text(p, p->frames.name[f]);
	uint8_t kind = p->frames.kind[f];

	return (kind == FRAME_BUILTIN || kind == FRAME_NATIVE) && (has(name, "JsonParse") || has(name, "JsonStringif"));
}

int insight_json(struct insights *in, struct err *e)
{
	struct insight what = { .severity = SEVERITY_WARN, .rule = "json",
				.advice = "Parse less: smaller messages, a streaming parser, or a worker for the large ones." };
	struct insight_match m;
	struct strbuf text;
	int rc;

	if (!insight_is_time(in) || insight_match(in, is_json, 1, &m, e))
		return e->kind;
	if (m.frame == UINT32_MAX || m.total < in->v->sum / 100 * LEAST_PERCENT)
		return 0;
	what.amount = m.total;
	what.frame = m.frame;
	strbuf_init(&text, &in->p->run->mem);
	strbuf_addstr(&text, "JSON took ");
	insight_share(in, &text, m.total);
	strbuf_addstr(&text, " of the busy time");
	if (m.user_frame != UINT32_MAX) {
		strbuf_addstr(&text, ", most of it called by ");
		insight_frame(in, &text, m.user_frame);
	}
	strbuf_addch(&text, '.');
	rc = insight_add(in, &what, &text, e);
	strbuf_release(&text);
	return rc;
}
