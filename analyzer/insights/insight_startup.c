/* A start of more than half a second, and modules that are loaded when the process should be at work. */
#include "analyzer/insights/insight_match.h"

#define START_NS 500000000
#define LATE_PERCENT 5
#define LATE_NS 20000000

static int is_node_function(const struct profile *p, uint32_t f, const char *const *names)
{
	struct str name = profile_text(p, p->frames.name[f]);

	if (p->frames.category[f] != CATEGORY_NODE)
		return 0;
	for (; *names; names++)
		if (str_is(name, *names))
			return 1;
	return 0;
}

/* What Node runs to find, read, compile and run a module; all but the program itself. */
static int is_loading_more(const struct profile *p, uint32_t f)
{
	static const char *const names[] = { "Module.require", "require", "wrapSafe", "compileForInternalLoader",
					     "compileForPublicLoader", "requireBuiltin", "compileSourceTextModule", NULL };

	return is_node_function(p, f, names);
}

/* Or the program, which stands below all that it does while it starts. */
static int is_loading(const struct profile *p, uint32_t f)
{
	static const char *const names[] = { "Module._compile", "Module._load", "Module.load", "wrapModuleLoad", "loadESM",
					     "executeUserEntryPoint", NULL };

	return is_node_function(p, f, names) || is_loading_more(p, f);
}

static int64_t start_of(const struct insights *in)
{
	int64_t ns = 0;

	for (size_t i = 0; i < in->tasks->n; i++)
		ns += in->tasks->rows[i].is_startup ? in->tasks->rows[i].ns : 0;
	return ns;
}

#define MOST_PERCENT 90

int insight_is_script(const struct insights *in)
{
	return insight_is_time(in) && start_of(in) >= (in->v->sum + in->v->idle) / 100 * MOST_PERCENT;
}

/* Of a script the loading is told, if that is long: the rest is no start. */
static int long_start(struct insights *in, struct strbuf *text, struct err *e)
{
	struct insight what = { .severity = SEVERITY_INFO, .rule = "startup", .frame = UINT32_MAX,
				.advice = "Load modules when they are needed, bundle them, or use a start-up snapshot." };
	struct insight_match all, late;
	int64_t loading;

	if (insight_match(in, is_loading_more, 1, &all, e) || insight_match(in, is_loading_more, 0, &late, e))
		return e->kind;
	loading = all.total - late.total;
	what.amount = in->is_script ? loading : start_of(in);
	if (what.amount < START_NS)
		return 0;
	strbuf_addstr(text, in->is_script ? "Loading modules took " : "Starting up took ");
	insight_amount(in, text, what.amount);
	if (!in->is_script) {
		strbuf_addstr(text, ", ");
		insight_amount(in, text, loading);
		strbuf_addstr(text, " of it to load modules");
	}
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
