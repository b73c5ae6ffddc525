/* snapstat: summarise one heap snapshot. */
#include "cli/command.h"

#define AT(field) offsetof(struct settings, field)

static const struct option stat_options[] = {
	{ "dump", 0, OPTION_WORD, AT(dump), .words = "nodes|classes|stats",
	  .help = "Raw numbers for scripts instead of a report: a tab separated row per node (id, type, self and "
		  "retained bytes, distance, dominator, class) or per class, or the statistics as one line of JSON." },
	{ .name = NULL },
};

static const struct option_group groups[] = {
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
	return analysis_dump(run, s->files[0], s->dump, &s->analysis, sink, e);
}

const struct command snapstat_command = {
	.name = "snapstat",
	.summary = "summarise a V8 heap snapshot",
	.operands = "FILE",
	.description =
		"Reads one heap snapshot of Node.js or Chrome and reports what its memory consists of: totals, classes, "
		"the largest holders, arrays, closures and event listeners.\n\n"
		"A snapshot may be compressed with zstd or gzip; '-' is standard input. Sizes and classes are those "
		"that Chrome DevTools shows for the same file.",
	.groups = groups,
	.examples = examples,
	.min_files = 1,
	.max_files = 1,
	.too_few = "'-' reads standard input",
	.too_many = "to compare snapshots there is snapdiff",
	.analyse = analyse,
	.dump = dump,
};
