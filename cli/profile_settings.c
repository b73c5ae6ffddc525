/* The option rows that the commands on profiles share. */
#include "cli/settings.h"

#define AT(field) offsetof(struct settings, profile.field)

const struct option settings_profile_input_options[] = {
	{ "input-format", 0, OPTION_TEXT, AT(input_format), .argument = "NAME",
	  .help = "Read the input as this format instead of looking at its first bytes." },
	{ "sample-type", 0, OPTION_TEXT, AT(value_type), .argument = "TYPE",
	  .help = "Which of several values to show: wall, cpu, samples, space, objects, an event of perf. Unless given, "
		  "what the file prefers." },
	{ "weights", 0, OPTION_CHOICE, AT(weights), .words = "time|hits",
	  .help = "What a sample of V8 weighs: the time to the next one, or the same as every other, as in the trees of "
		  "DevTools and 0x, which shows only about half of garbage collection." },
	{ "thread", 0, OPTION_TEXT, AT(thread), .argument = "REGEX",
	  .help = "Only threads whose name, process and thread number or file match REGEX." },
	{ "from", 0, OPTION_TIME, AT(from_ns), .argument = "TIME",
	  .help = "Only what was sampled from TIME on, counted from the beginning of the profile: 500ms, 2.5s." },
	{ "to", 0, OPTION_TIME, AT(to_ns), .argument = "TIME", .help = "Only what was sampled before TIME." },
	{ .name = NULL },
};

const struct option settings_profile_filter_options[] = {
	{ "focus", 0, OPTION_TEXT, AT(focus), .argument = "REGEX",
	  .help = "Only stacks with a function that matches REGEX (PCRE2, in \"NAME FILE:LINE\")." },
	{ "ignore", 0, OPTION_TEXT, AT(ignore), .argument = "REGEX",
	  .help = "No stacks with a function that matches REGEX." },
	{ "hide", 0, OPTION_TEXT, AT(hide), .argument = "REGEX",
	  .help = "Functions that match REGEX vanish; their time goes to their callers." },
	{ .name = NULL },
};
