/* snapstat: summarise one heap snapshot. */
#include "cli/command.h"

#include <string.h>

#include "analyzer/views.h"
#include "cli/complain.h"

#define AT(field) offsetof(struct settings, field)

static const struct option view_options[] = {
	{ "classes", 0, OPTION_FLAG, AT(analysis.views.classes), .help = "All classes." },
	{ "statistics", 0, OPTION_FLAG, AT(analysis.views.statistics), .help = "What kinds of things the heap is made of." },
	{ "dominators", 0, OPTION_FLAG, AT(analysis.views.dominators),
	  .help = "The tree of who keeps whom alive, cut by --depth and --min; what is cut off is summed in rows." },
	{ "depth", 0, OPTION_NUMBER, AT(analysis.views.depth), .argument = "N", .max = 100,
	  .help = "Levels of that tree below the root; 12 unless given." },
	{ "min", 0, OPTION_SIZE, AT(analysis.views.min_bytes), .argument = "SIZE",
	  .help = "Objects of that tree keep at least SIZE alive: 100kB, 1.5MiB; a hundredth of the heap unless given." },
	{ "object", 0, OPTION_TEXT, AT(analysis.views.object), .argument = "ID",
	  .help = "One object: what it is, retaining paths, fields, dominators and retainers. ID is the number that "
		  "reports show behind an @." },
	{ "path", 0, OPTION_TEXT, AT(analysis.views.path), .argument = "ID",
	  .help = "Only the retaining paths of an object, up to ten. Each goes through another kind of holder, shortest first." },
	{ "strings", 0, OPTION_FLAG, AT(analysis.views.strings),
	  .help = "Duplicate strings and who holds them, long ropes, strings kept by slices, external strings. Values "
		  "only with --show-values." },
	{ "where", 0, OPTION_TEXT, AT(analysis.views.where), .argument = "EXPR",
	  .help = "The objects for which EXPR holds, largest first. Conditions are FIELD ~ /REGEX/ (or !~), FIELD = TEXT "
		  "(or !=) for class, name, function, edge, file, type; FIELD > NUMBER (or = != < <= >=) for self, "
		  "retained, distance, edges, retainers, id; detached; unreachable. They combine by and, or, not and "
		  "parentheses. An i behind the pattern ignores case, sizes may have units, texts with blanks stand in "
		  "quotes." },
	{ .name = NULL },
};

static const struct option stat_options[] = {
	{ "dump", 0, OPTION_WORD, AT(dump), .words = "nodes|classes|stats",
	  .help = "Raw numbers for scripts instead of a report: a tab separated row per node (id, type, self and "
		  "retained bytes, distance, dominator, class) or per class, or the statistics as one line of JSON." },
	{ .name = NULL },
};

static const struct option_group groups[] = {
	{ "Views instead of the summary", view_options },
	{ "Report", settings_report_options },
	{ "Input", settings_input_options },
	{ "Raw numbers", stat_options },
	{ "Privacy", settings_privacy_options },
	{ "Run", settings_run_options },
	{ "Other", settings_other_options },
	{ .title = NULL },
};

static const struct command_example examples[] = {
	{ "snapstat one.heapsnapshot", "Show what the memory of a process consists of." },
	{ "snapstat one.heapsnapshot.zst -o one.html", "The same as a page to look at." },
	{ "snapstat one.heapsnapshot --where 'class = Socket and retained > 10kB'",
	  "The sockets that keep more than 10 kB alive, with their ids." },
	{ "snapstat one.heapsnapshot --object @48213", "Why one of them is still there." },
	{ "snapstat --dump nodes one.heapsnapshot | awk -F'\\t' '$4 > 1000000'",
	  "The objects that keep more than 1 MB alive." },
	{ .line = NULL },
};

static int analyse(struct run *run, const struct settings *s, struct report *out, struct err *e)
{
	return analysis_stat(run, s->files[0], &s->analysis, out, e);
}

static int dump(struct run *run, const struct settings *s, const struct byte_sink *sink, struct err *e)
{
	if (views_wanted(&s->analysis.views))
		return err_set(e, ERR_USAGE, "'--dump' writes no report, so it goes with no view");
	return analysis_dump(run, s->files[0], s->dump, &s->analysis, sink, e);
}

/* The place of the mistake in an expression that may be longer than a line. */
#define CARET_BEFORE 40
#define CARET_AFTER 30

static void explain(const struct settings *s, const struct err *e)
{
	const char *text = s->analysis.views.where;
	size_t n = text ? strlen(text) : 0, from, to;

	if (e->kind != ERR_USAGE || strcmp(e->file, "--where") != 0 || e->offset > n)
		return;
	from = e->offset > CARET_BEFORE ? (size_t)e->offset - CARET_BEFORE : 0;
	to = n - (size_t)e->offset > CARET_AFTER ? (size_t)e->offset + CARET_AFTER : n;
	complain_caret(snapstat_command.name, (struct str){ text + from, to - from }, (size_t)e->offset - from);
}

const struct command snapstat_command = {
	.name = "snapstat",
	.summary = "summarise a V8 heap snapshot",
	.operands = "FILE",
	.noun = "snapshot",
	.description =
		"Reads one heap snapshot of Node.js or Chrome and reports what its memory consists of: totals, classes, "
		"the largest holders, arrays, closures and event listeners. With view options only these parts are "
		"shown, in whatever combination.\n\n"
		"A snapshot may be compressed with zstd or gzip; '-' is standard input. Sizes and classes are those "
		"that Chrome DevTools shows for the same file.",
	.groups = groups,
	.examples = examples,
	.sandboxed = 1,
	.min_files = 1,
	.max_files = 1,
	.too_few = "'-' reads standard input",
	.too_many = "to compare snapshots there is snapdiff",
	.analyse = analyse,
	.dump = dump,
	.explain = explain,
};
