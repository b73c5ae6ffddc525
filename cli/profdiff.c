/* profdiff: what changed between two profiles. */
#include "analyzer/profile_analysis.h"
#include "cli/command.h"

#define AT(field) offsetof(struct settings, profile.field)

static const struct option compare_options[] = {
	{ "absolute", 0, OPTION_FLAG, AT(absolute),
	  .help = "Compare values as recorded. Unless given, the first profile is scaled to the busy time of the second." },
	{ "fail-on", 0, OPTION_LIST, offsetof(struct settings, fail_on), .argument = "LIMIT",
	  .help = "Exit with 1 when a function exceeds LIMIT: slower:10% or faster:10% (of its own time before), new:5%, "
		  "gone:5%, moved:5% (of the busy time). May be repeated." },
	{ .name = NULL },
};

static const struct option_group groups[] = {
	{ "Comparison", compare_options },
	{ "Filters", settings_profile_filter_options },
	{ "Input", settings_profile_input_options },
	{ "Report", settings_report_options },
	{ "Privacy", settings_privacy_options },
	{ "Run", settings_run_options },
	{ "Other", settings_other_options },
	{ .title = NULL },
};

static const struct command_example examples[] = {
	{ "profdiff before.cpuprofile after.cpuprofile", "Show which functions take more or less of the time." },
	{ "profdiff --fail-on slower:10% main.cpuprofile branch.cpuprofile", "Stop a build that makes a function slower." },
	{ .line = NULL },
};

static int analyse(struct run *run, const struct settings *s, struct report *out, struct err *e)
{
	struct profile_options o = s->profile;

	o.limits = s->fail_on.items;
	o.n_limits = s->fail_on.n;
	return profile_compare(run, s->files, &o, out, e);
}

const struct command profdiff_command = {
	.name = "profdiff",
	.summary = "compare two CPU or heap profiles",
	.operands = "BEFORE AFTER",
	.noun = "profile",
	.description =
		"Reads two profiles, of any formats that profstat reads, and reports which functions take more or less: "
		"slower, faster, new, gone, or called by others than before.\n\n"
		"Functions are matched by name and file, so that lines may move and folders may change. A change is "
		"reported when it exceeds twice the error of sampling and 1 % of the busy time.",
	.groups = groups,
	.examples = examples,
	.condition = "done, and a limit of --fail-on was exceeded",
	.min_files = 2,
	.max_files = 2,
	.too_few = "the one before and the one after",
	.too_many = "two are compared at a time",
	.sandboxed = 1,
	.symbols = 1,
	.analyse = analyse,
};
