/* snapscrub: a heap snapshot without values. */
#include <string.h>

#include "analyzer/scrub.h"
#include "cli/command.h"

#define AT(field) offsetof(struct settings, field)

static const struct option scrub_options[] = {
	{ "output", 'o', OPTION_LIST, AT(outputs), .argument = "FILE", .files = 1,
	  .help = "Write the scrubbed snapshot to FILE, compressed when its name ends in .zst or .gz; with --audit the "
		  "report. Never the input itself. A file appears whole or not at all; '-' is standard output." },
	{ "audit", 0, OPTION_FLAG, AT(audit),
	  .help = "Write no snapshot but a report on the names that would stay in the clear, by family and count." },
	{ "fail-on-secrets", 0, OPTION_FLAG, AT(fail_on_secrets),
	  .help = "Exit with code 1, and write no snapshot, when families of names that look like data would stay." },
	{ "format", 'f', OPTION_WORD, AT(format), .words = "text|json|md|html", .help = "Notation of the audit." },
	{ "rows", 'n', OPTION_NUMBER, AT(rows), .argument = "ROWS", .words = "all", .max = 1000000000,
	  .help = "Show at most ROWS rows of each table of the audit, or all." },
	{ "color", 0, OPTION_CHOICE, AT(color), .words = "auto|always|never",
	  .help = "Colours in the audit: auto is on a terminal only." },
	{ .name = NULL },
};

static const struct option_group groups[] = {
	{ "Output", scrub_options },
	{ "Privacy", settings_privacy_options },
	{ "Run", settings_run_options },
	{ "Other", settings_other_options },
	{ .title = NULL },
};

static const struct command_example examples[] = {
	{ "snapscrub prod.heapsnapshot --audit", "Show which names would stay in the clear." },
	{ "snapscrub prod.heapsnapshot -o share.heapsnapshot.zst", "Make a snapshot that can be given away." },
	{ "snapscrub prod.heapsnapshot -o share.heapsnapshot.gz --redact rules.txt --fail-on-secrets",
	  "The same with rules of your own, in a script that must not let anything through." },
	{ .line = NULL },
};

/* A snapshot is written like a dump: one output, no notation. */
static int check(struct settings *s, struct err *e)
{
	if (!strcmp(s->files[0], "-"))
		return err_set(e, ERR_USAGE, "the snapshot is read twice, so it cannot come from standard input; save it first");
	if (s->audit)
		return 0;
	if (!s->outputs.n)
		return err_set(e, ERR_USAGE, "where to? expected --output FILE.heapsnapshot.zst, or --audit");
	if (s->outputs.n > 1)
		return err_set(e, ERR_USAGE, "only one --output can be written");
	if (s->format)
		return err_set(e, ERR_USAGE, "--format is for --audit");
	s->dump = "heapsnapshot";
	return 0;
}

static int analyse(struct run *run, const struct settings *s, struct report *out, struct err *e)
{
	struct scrub_options o = { .redact = out->redact };

	return scrub_audit(run, s->files[0], &o, out, e);
}

static int verdict(const struct settings *s, const struct report *r, struct err *e)
{
	const struct table *t = report_table(r, "families");
	int column = t ? table_column(t, "looks_like_data") : -1;

	/* those that look like data come first */
	if (!s->fail_on_secrets || column < 0 || !t->n_rows || !table_row(t, 0)[column].i)
		return 0;
	return err_set(e, ERR_CONDITION, "families of names that look like data would stay");
}

static int dump(struct run *run, const struct settings *s, const struct byte_sink *sink, struct err *e)
{
	struct scrub_options o = { .redact = s->analysis.redact, .strict = s->fail_on_secrets,
				   .output = s->outputs.items[0] };

	return scrub_write(run, s->files[0], &o, sink, e);
}

const struct command snapscrub_command = {
	.name = "snapscrub",
	.summary = "make a copy of a V8 heap snapshot that holds no values",
	.operands = "FILE",
	.description =
		"Writes a snapshot with the same objects, sizes, references and classes, which Chrome DevTools and "
		"snapdiff read with the same numbers, but without what the program knew: string values become text of "
		"the same length. Names of classes, functions, properties and files stay, unless something private is "
		"found in them or thousands of them are built alike, as keys of a table are.\n\n"
		"The input may be compressed with zstd or gzip. It is read twice.",
	.groups = groups,
	.examples = examples,
	.min_files = 1,
	.max_files = 1,
	.too_few = "give the snapshot to copy",
	.too_many = "scrub one after the other",
	.sandboxed = 1,
	.check = check,
	.analyse = analyse,
	.verdict = verdict,
	.dump = dump,
};
