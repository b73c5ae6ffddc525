/* profstat: what a CPU or heap profile says. */
#include "analyzer/profile_analysis.h"
#include "analyzer/profile_writers.h"
#include "cli/command.h"

#define AT(field) offsetof(struct settings, profile.field)

static const struct option view_options[] = {
	{ "top", 0, OPTION_FLAG, AT(top), .help = "Functions by the time that they take themselves." },
	{ "tree", 0, OPTION_FLAG, AT(tree), .help = "Call tree from the outermost call down." },
	{ "callers", 0, OPTION_FLAG, AT(callers), .help = "From the functions that take time up to who called them." },
	{ "lines", 0, OPTION_FLAG, AT(lines), .help = "Time per source line." },
	{ "timeline", 0, OPTION_FLAG, AT(timeline), .help = "What ran when, in forty slices of the recording." },
	{ "function", 0, OPTION_TEXT, AT(function), .argument = "REGEX",
	  .help = "Callers and callees of the functions that match REGEX." },
	{ "by", 0, OPTION_CHOICE, AT(by), .words = "function|file|package|category",
	  .help = "What rows and tree nodes stand for." },
	{ .name = NULL },
};

static const struct option dump_options[] = {
	{ "dump", 0, OPTION_WORD, offsetof(struct settings, dump), .words = PROFILE_WRITER_WORDS,
	  .help = "The profile itself instead of a report: folded stacks, the files of speedscope and DevTools, pprof, or "
		  "stacks, a tab separated row each with self, total and the frames as a JSON string. Times are nanoseconds "
		  "where the notation leaves it open. Filters apply." },
	{ .name = NULL },
};

static const struct option_group groups[] = {
	{ "Views", view_options },
	{ "Filters", settings_profile_filter_options },
	{ "Input", settings_profile_input_options },
	{ "Conversion", dump_options },
	{ "Report", settings_report_options },
	{ "Privacy", settings_privacy_options },
	{ "Run", settings_run_options },
	{ "Other", settings_other_options },
	{ .title = NULL },
};

static const struct command_example examples[] = {
	{ "profstat CPU.20261121.cpuprofile", "Show where the time of a process went." },
	{ "profstat *.cpuprofile -o cpu.html", "Several processes or threads together, as a page to look at." },
	{ "profstat --function '^render ' one.cpuprofile", "Who calls render, and what it calls." },
	{ "profstat --top --by package --ignore node: one.cpuprofile", "Which packages take the time, without Node's own." },
	{ .line = NULL },
};

static int analyse(struct run *run, const struct settings *s, struct report *out, struct err *e)
{
	return profile_stat(run, s->files, s->n_files, &s->profile, out, e);
}

static int dump(struct run *run, const struct settings *s, const struct byte_sink *sink, struct err *e)
{
	struct profile_options o = s->profile;

	if (o.top || o.tree || o.callers || o.lines || o.timeline || o.function || o.by)
		return err_set(e, ERR_USAGE, "'--dump' writes no report, so it goes with no view");
	o.redact = s->analysis.redact;
	return profile_stat_dump(run, s->files, s->n_files, s->dump, &o, sink, e);
}

const struct command profstat_command = {
	.name = "profstat",
	.summary = "say where the time or memory in a profile goes",
	.operands = "PROFILE...",
	.noun = "profile",
	.description =
		"Reads CPU and heap profiles of Node.js, Chrome and other tools and reports what takes the time or the "
		"memory: functions, packages, call trees, callers, source lines. Several files are read as one.\n\n"
		"The format is found by looking at the first bytes; files may be compressed with zstd or gzip; '-' is "
		"standard input. Time in which the process waited is left out and stated in the summary. A function that "
		"calls itself is counted once in its total. Garbage collection that V8 saw stands below the function that "
		"it interrupted.",
	.groups = groups,
	.examples = examples,
	.min_files = 1,
	.max_files = 1024,
	.too_few = "'-' reads standard input",
	.too_many = "merge some of them first",
	.sandboxed = 1,
	.symbols = 1,
	.analyse = analyse,
	.dump = dump,
};
