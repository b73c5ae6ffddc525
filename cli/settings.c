#include "cli/settings.h"

#define AT(field) offsetof(struct settings, field)

const struct option settings_report_options[] = {
	{ "output", 'o', OPTION_LIST, AT(outputs), .argument = "FILE", .files = 1,
	  .help = "Write the report to FILE; '-' is standard output. The suffix decides the notation: .html .htm .json "
		  ".md .markdown .txt .xml (JUnit) .sarif; of snapshots also the tree of memory as a profile for other tools: "
		  ".folded .speedscope.json .pb.gz (pprof). May be repeated. A file appears whole or not at all." },
	{ "format", 'f', OPTION_WORD, AT(format), .words = "text|json|md|html|junit|sarif|folded|speedscope|pprof",
	  .help = "Notation of standard output and of files whose suffix names none. With a single --output it goes "
		  "before the suffix." },
	{ "rows", 'n', OPTION_NUMBER, AT(rows), .argument = "ROWS", .words = "all", .max = 1000000000,
	  .help = "Show at most ROWS rows of each table, or all. What is left out is summed in a last row." },
	{ "source-url", 0, OPTION_TEXT, AT(source_url), .argument = "URL",
	  .help = "In HTML, places in source code link to URL, in which {file}, {line} and {column} stand for them, as in "
		  "https://host/repo/blob/main/{file}#L{line}. Only http:// and https:// become links." },
	{ "color", 0, OPTION_CHOICE, AT(color), .words = "auto|always|never",
	  .help = "Colours in text: auto is on a terminal only." },
	{ .name = NULL },
};

const struct option settings_input_options[] = {
	{ "filter", 0, OPTION_TEXT, AT(analysis.filter), .argument = "REGEX",
	  .help = "Only rows whose class name matches REGEX (PCRE2, anywhere in the name). Totals stay those of the "
		  "whole snapshot." },
	{ "show-values", 0, OPTION_FLAG, AT(analysis.show_values),
	  .help = "String values may appear in the report. They may be secret." },
	{ "allow-truncated", 0, OPTION_FLAG, AT(analysis.allow_truncated),
	  .help = "Go on when a file ends too early, if its nodes are whole. The report says so." },
	{ .name = NULL },
};

const struct option settings_privacy_options[] = {
	{ "redact", 0, OPTION_LIST, AT(redact_files), .argument = "FILE", .files = 1,
	  .help = "Names that look private are hidden. FILE adds rules: a line each, a name and a PCRE2 pattern, or the "
		  "name alone of a rule that is off, such as ip-address. May be repeated." },
	{ "no-redact", 0, OPTION_LIST, AT(redact_off), .argument = "NAME",
	  .help = "Do without the rule NAME, or all; a report says in its head which rules hid something. May be "
		  "repeated." },
	{ .name = NULL },
};

const struct option settings_run_options[] = {
	{ "jobs", 'j', OPTION_NUMBER, AT(jobs), .argument = "N", .max = 1024,
	  .help = "Use N threads; one per processor unless given. The report does not depend on it." },
	{ "memory-limit", 0, OPTION_SIZE, AT(memory_limit), .argument = "SIZE", .words = "none",
	  .help = "Stop with an error rather than use more memory: 512M, 2GiB, or none. Unless given, 80 % of what the "
		  "machine or the control group has." },
	{ "sandbox", 0, OPTION_SWITCH, AT(sandbox),
	  .help = "Let the kernel forbid this process all files but the snapshots and the outputs' folders, the network and "
		  "other programs. Done where the kernel can; when asked for, an error where it cannot." },
	{ "progress", 0, OPTION_SWITCH, AT(progress),
	  .help = "Show stage and percent on standard error; unless given, on a terminal after one second." },
	{ "quiet", 'q', OPTION_FLAG, AT(quiet), .help = "Nothing but errors and the report itself." },
	{ "verbose", 'v', OPTION_FLAG, AT(verbose),
	  .help = "Print time per stage, objects and peak memory to standard error." },
	{ .name = NULL },
};

const struct option settings_other_options[] = {
	{ "help", 'h', OPTION_FLAG, AT(help), .last = 1, .help = "Show this help." },
	{ "version", 'V', OPTION_FLAG, AT(version), .last = 1,
	  .help = "Show the version and those of the libraries in use." },
	{ "generate", 0, OPTION_WORD, AT(generate), .words = "man|bash|zsh|fish", .hidden = 1, .last = 1 },
	{ .name = NULL },
};
