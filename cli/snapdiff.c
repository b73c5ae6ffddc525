/* snapdiff: compare heap snapshots. */
#include "cli/command.h"

#define AT(field) offsetof(struct settings, field)

static const struct option compare_options[] = {
	{ "match", 0, OPTION_CHOICE, AT(analysis.match), .words = "auto|id|structure",
	  .help = "How objects of two snapshots are recognised as the same: id within one process, structure (the way "
		  "from the root) between two processes; auto looks at the ids. The report names the mode." },
	{ "dump", 0, OPTION_WORD, AT(dump), .words = "compare",
	  .help = "Raw numbers for scripts instead of a report: rows of objects added and removed, their bytes and the "
		  "class, tab separated, as in the Comparison view of Chrome DevTools. Takes two snapshots." },
	{ .name = NULL },
};

static const struct option gate_options[] = {
	{ "fail-on", 0, OPTION_LIST, AT(fail_on), .argument = "CONDITION",
	  .help = "Exit with 1 when CONDITION is met, with a line on standard error: leak (a finding with that verdict; "
		  "takes three snapshots in general), growth:SIZE (of the heap), class:/REGEX/:count:N or "
		  "class:/REGEX/:bytes:SIZE (growth of classes). May be repeated." },
	{ "baseline", 0, OPTION_TEXT, AT(baseline), .argument = "REPORT", .files = 1,
	  .help = "An earlier report in JSON: the conditions fail only on what is new or worse than there." },
	{ "known", 0, OPTION_TEXT, AT(analysis.known), .argument = "FILE", .files = 1,
	  .help = "Findings whose fingerprints are in FILE, one a line with a comment behind, are listed apart and fail "
		  "nothing." },
	{ .name = NULL },
};

static const struct option_group groups[] = {
	{ "Report", settings_report_options },
	{ "Input", settings_input_options },
	{ "Comparison", compare_options },
	{ "Continuous integration", gate_options },
	{ "Privacy", settings_privacy_options },
	{ "Run", settings_run_options },
	{ "Other", settings_other_options },
	{ .title = NULL },
};

static const struct command_example examples[] = {
	{ "snapdiff before.heapsnapshot after.heapsnapshot", "Show what grew between two snapshots." },
	{ "snapdiff a.heapsnapshot.zst b.heapsnapshot.gz -o report.html -o report.json",
	  "Write a page to look at and a file for scripts." },
	{ "snapdiff 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot",
	  "Follow the growth over three snapshots: what goes on growing is the leak." },
	{ "snapdiff --fail-on leak --fail-on growth:5MB -f junit -o leaks.xml 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot",
	  "Fail a CI job when something leaks." },
	{ "zcat b.heapsnapshot.gz | snapdiff a.heapsnapshot - --filter '^(Socket|Session)$'",
	  "Read the second snapshot from standard input and look at two classes." },
	{ .line = NULL },
};

static int analyse(struct run *run, const struct settings *s, struct report *out, struct err *e)
{
	return analysis_diff(run, s->files, s->n_files, &s->analysis, out, e);
}

static int dump(struct run *run, const struct settings *s, const struct byte_sink *sink, struct err *e)
{
	if (s->n_files != 2)
		return err_set(e, ERR_USAGE, "'--dump compare' takes two snapshots, %zu were given", s->n_files);
	return analysis_dump_compare(run, s->files[0], s->files[1], &s->analysis, sink, e);
}

const struct command snapdiff_command = {
	.name = "snapdiff",
	.summary = "say what grew between V8 heap snapshots, and what holds it",
	.operands = "BASE TARGET [LATER...]",
	.noun = "snapshot",
	.description =
		"Reads two or more heap snapshots of Node.js or Chrome, oldest first, and reports which objects keep "
		"more memory alive than before, what they hold, the way to them from the root and the place in the "
		"source code.\n\n"
		"A snapshot may be compressed with zstd or gzip; '-' is standard input. Sizes and classes are those "
		"that Chrome DevTools shows for the same file.",
	.groups = groups,
	.examples = examples,
	.condition = "a condition of --fail-on is met; all outputs were written",
	.gated = 1,
	.sandboxed = 1,
	.min_files = 2,
	.max_files = 1000,
	.too_few = "for a single snapshot there is snapstat",
	.too_many = "compare fewer snapshots",
	.analyse = analyse,
	.dump = dump,
};
