/* A start of more than half a second, and modules that are loaded when the process should be at work. */
#include "analyzer/insights/insight_match.h"

#define START_NS 500000000
#define LATE_PERCENT 5
#define LATE_NS 20000000

/* What Node runs to find, read and compile a module. */
static int is_loading(const struct profile *p, uint32_t f)
{
	static const char *const names[] = { "Module._compile", "Module._load", "Module.load", "Module.require", "wrapSafe",
					     "compileForInternalLoader", "compileForPublicLoader", "requireBuiltin",
					     "wrapModuleLoad", "loadESM", "executeUserEntryPoint", "compileSourceTextModule" };
	struct str name = profile_text(p, p->frames.name[f]);

	if (p->frames.category[f] != CATEGORY_NODE)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(name, names[i]))
			return 1;
	return 0;
}

static int long_start(struct insights *in, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_INFO, .rule = "startup", .frame = UINT32_MAX,
				.advice = "Load modules when they are needed, bundle them, or use a start-up snapshot." };
	struct insight_match all, late;

	for (size_t i = 0; i < in->tasks->n; i++)
		what.amount += in->tasks->rows[i].is_startup ? in->tasks->rows[i].ns : 0;
	if (what.amount < START_NS)
		return 0;
	if (insight_match(in, is_loading, 1, &all, e) || insight_match(in, is_loading, 0, &late, e))
		return e->kind;
	strbuf_addstr(text, "Starting up took ");
	insight_amount(in, text, what.amount);
	strbuf_addstr(text, "; under module loading stood ");
	insight_amount(in, text, all.total - late.total);
	strbuf_addch(text, '.');
	return insight_add(in, &what, text, e);
}

static int late_loading(struct insights *in, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_WARN, .rule = "late-loading",
				.advice = "Require modules while starting up, not while serving." };
	struct insight_match m;

	if (insight_match(in, is_loading, 0, &m, e))
		return e->kind;
	if (m.frame == UINT32_MAX || (m.total < in->v->sum / 100 * LATE_PERCENT && m.longest_ns < LATE_NS))
		return 0;
	what.amount = m.total;
	what.frame = m.user_frame;
	strbuf_reset(text);
	strbuf_addstr(text, "Modules were loaded after the start for ");
	insight_amount(in, text, m.total);
	if (m.user_frame != UINT32_MAX) {
		strbuf_addstr(text, ", most of it by ");
		insight_frame(in, text, m.user_frame);
	}
	strbuf_addch(text, '.');
	return insight_add(in, &what, text, e);
}

int insight_startup(struct insights *in, struct err *e)
{
	struct strbuf text;
	int rc;

	if (!insight_is_time(in))
		return 0;
	strbuf_init(&text, &in->p->run->mem);
	rc = long_start(in, &text, e);
	if (!rc)
		rc = late_loading(in, &text, e);
	strbuf_release(&text);
	return rc;
}
