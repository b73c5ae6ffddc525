#include "cli/session.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "analyzer/gate.h"
#include "analyzer/redact.h"
#include "analyzer/textcells.h"
#include "base/outfile.h"
#include "base/run.h"
#include "base/strbuf.h"
#include "cli/interrupt.h"
#include "cli/limits.h"
#include "cli/opener.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/sandbox.h"
#include "cli/terminal.h"

struct session {
	const struct command *command;
	const struct settings *settings;
	struct gate *gate; /* NULL: nothing can fail */
	size_t n_failed;   /* conditions met */
	struct redact *redact; /* until a report owns it */
	struct opener opener;
	struct outputs outputs;
	struct run run;
	struct progress progress;
	int failed;      /* a limit of the user was exceeded */
	int closed_pipe; /* nobody reads standard output any more */
};

int session_fail(const struct command *command, const struct settings *s, const struct err *e)
{
	const char *tool = command->name;

	if (interrupt_seen())
		return EXIT_INTERRUPTED;
	complain(tool, e);
	if (s && command->explain)
		command->explain(s, e);
	if (e->kind == ERR_USAGE)
		complain_hint(tool, "'%s --help' lists the options", tool);
	else if (e->kind == ERR_INTERNAL)
		complain_hint(tool, "this is a bug of %s " SNAPDIFF_VERSION "; please report it", tool);
	return complain_exit_code(e->kind);
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static void print_stages(const struct session *s, int snapshot)
{
	const char *tool = s->command->name, *file;

	for (size_t i = 0; i < s->run.n_stages; i++) {
		const struct stage *stage = &s->run.stages[i];

		if (stage->snapshot != snapshot)
			continue;
		file = snapshot >= 0 && (size_t)snapshot < s->settings->n_files ? s->settings->files[snapshot] : "all";
		complain_note(tool, "%s: %s %.3f s", file, stage->name, seconds(stage->wall_ns));
	}
}

static void print_nodes(const struct session *s, const struct report *r)
{
	const struct table *t = report_table(r, "snapshots");
	int column = t ? table_column(t, "nodes") : -1;

	for (size_t i = 0; column >= 0 && i < t->n_rows && i < s->settings->n_files; i++)
		complain_note(s->command->name, "%s: %lld nodes", s->settings->files[i],
			      (long long)table_row(t, i)[column].i);
}

/* --verbose: where time and memory went. `r` is NULL for a dump. */
static void print_account(const struct session *s, const struct report *r, uint64_t wall_ns)
{
	struct rusage usage;

	if (!s->settings->verbose)
		return;
	if (r)
		print_nodes(s, r);
	for (int snapshot = 0; snapshot < (int)s->settings->n_files; snapshot++)
		print_stages(s, snapshot);
	print_stages(s, -1);
	getrusage(RUSAGE_SELF, &usage);
	complain_note(s->command->name, "all: %.3f s, %u threads; peak memory %.1f MB in blocks, %.1f MB resident",
		      seconds(wall_ns), s->run.jobs, (double)s->run.mem.peak_bytes / 1e6,
		      (double)usage.ru_maxrss * 1024 / 1e6);
}

/* What a user sees who sent the report to files. */
static int print_summary(struct session *s, const struct report *r, struct err *e)
{
	struct terminal t = terminal_look(COLOR_NEVER);
	struct strbuf line;
	int rc;

	if (s->settings->quiet || outputs_use_stdout(&s->outputs))
		return 0;
	for (size_t i = 0; i < r->n_warnings; i++)
		complain_note(s->command->name, "warning: %.*s", (int)r->warnings[i].n, r->warnings[i].s);
	strbuf_init(&line, r->mem);
	text_clean(&line, r->headline, t.ascii);
	strbuf_addch(&line, '\n');
	rc = strbuf_check(&line, e);
	if (!rc)
		rc = outputs_print(strbuf_str(&line), line.len, &s->closed_pipe, e);
	strbuf_release(&line);
	return rc;
}

static void print_failed(void *ctx, const char *sentence)
{
	struct session *s = ctx;

	complain_note(s->command->name, "failed: %s", sentence);
}

/*
 * What stands in an error out of an input is hidden like what stands in a report. The tags are of no use to anybody: they
 * change from run to run.
 */
static void hide_in_error(struct session *s, struct redact *r, struct err *e)
{
	struct err why = ERR_INIT;
	struct str text;

	if (!r || (e->kind != ERR_FORMAT && e->kind != ERR_TRUNCATED && e->kind != ERR_UNSUPPORTED))
		return;
	redact_key(r, s->run.mem.key);
	if (redact_text(r, str_of(e->text), &text, &why))
		text = STR_LIT("the input is not what its format demands; more cannot be said without naming what is private");
	if (text.s != e->text)
		snprintf(e->text, sizeof(e->text), "%.*s", (int)text.n, text.s);
}

/* Before any work, so that a mistake costs nobody minutes. */
static int open_gate(struct session *s, struct err *e)
{
	const struct settings *o = s->settings;

	if (!o->fail_on.n && o->baseline)
		return err_set(e, ERR_USAGE, "'--baseline' needs a '--fail-on' to apply it to");
	if (!o->fail_on.n || !s->command->gated)
		return 0;
	if (gate_new(&s->gate, &s->run.mem, o->fail_on.items, o->fail_on.n, e)) {
		s->gate = NULL;
		return e->kind;
	}
	return o->baseline ? gate_read_baseline(s->gate, &s->run, o->baseline, e) : 0;
}

static int make_report(struct session *s, struct err *e)
{
	uint64_t start = run_clock();
	struct report report;
	int rc;

	report_init(&report, &s->run.mem);
	report.page_tables = outputs_draw(&s->outputs);
	report.redact = s->redact;
	s->redact = NULL;
	rc = s->command->analyse(&s->run, s->settings, &report, e);
	progress_clear(&s->progress);
	if (!rc && interrupt_seen())
		rc = err_set(e, ERR_CANCELLED, "interrupted");
	if (!rc)
		rc = outputs_write(&s->outputs, &report, s->settings, &s->closed_pipe, e);
	if (!rc)
		rc = print_summary(s, &report, e);
	if (!rc && s->gate)
		rc = gate_check(s->gate, &report, print_failed, s, &s->n_failed, e);
	if (!rc && s->command->verdict)
		rc = s->command->verdict(s->settings, &report, e);
	if (!rc)
		print_account(s, &report, run_clock() - start);
	s->failed = !rc && report.failed;
	hide_in_error(s, report.redact, e);
	report_release(&report);
	return rc;
}

static int sink_write(void *ctx, const char *bytes, size_t n, struct err *e)
{
	if (interrupt_seen())
		return err_set(e, ERR_CANCELLED, "interrupted");
	return outfile_write(ctx, bytes, n, e);
}

static int make_dump(struct session *s, struct err *e)
{
	uint64_t start = run_clock();
	struct outfile f;
	struct byte_sink sink = { sink_write, &f };
	struct settings settings = *s->settings;
	int rc = outfile_open(&f, s->outputs.items[0].path, e);

	if (rc)
		return rc;
	settings.analysis.redact = s->redact;
	rc = s->command->dump(&s->run, &settings, &sink, e);
	progress_clear(&s->progress);
	hide_in_error(s, s->redact, e);
	if (rc)
		outfile_abandon(&f);
	else
		rc = outfile_commit(&f, e);
	s->closed_pipe = rc && f.broken_pipe && outputs_use_stdout(&s->outputs);
	if (!rc)
		print_account(s, NULL, run_clock() - start);
	return rc;
}

static uint64_t memory_limit(const struct settings *s)
{
	if (s->memory_limit == UINT64_MAX)
		return 0;
	return s->memory_limit ? s->memory_limit : limits_memory("");
}

/* Whatever is wrong with rules is said before any work. */
static int read_rules(struct session *s, struct err *e)
{
	struct redact_options o = { s->settings->redact_files.items, s->settings->redact_files.n,
				    s->settings->redact_off.items, s->settings->redact_off.n };

	return redact_new(&s->redact, &s->run.mem, &o, e);
}

/* Before anything of an input is read, and before there are threads. */
static int enter_sandbox(struct session *s, struct err *e)
{
	const char *outputs[TEXT_LIST_MAX];
	struct sandbox_paths p = { s->settings->files, s->settings->n_files, s->settings->analysis.known,
				   s->command->symbols, outputs, s->outputs.n };
	char why[160];
	int wanted = s->settings->sandbox;

	if (wanted < 0 || (!wanted && !sandbox_is_default()))
		return 0;
	for (size_t i = 0; i < s->outputs.n; i++)
		outputs[i] = s->outputs.items[i].path;
	if (s->command->symbols) {
		if (opener_start(&s->opener, e))
			return e->kind;
		s->run.open_symbols = opener_ask;
		s->run.open_ctx = &s->opener;
	}
	if (sandbox_enter(&p, why) == SANDBOX_ALL)
		return 0;
	if (wanted > 0)
		return err_set(e, ERR_IO, "--sandbox: %s", why);
	if (s->settings->verbose)
		complain_note(s->command->name, "not all of the sandbox: %s", why);
	return 0;
}

static int work(struct session *s, struct err *e)
{
	if (read_rules(s, e) || (s->command->sandboxed && enter_sandbox(s, e)))
		return e->kind;
	return s->settings->dump ? make_dump(s, e) : make_report(s, e);
}

int session_run(const struct command *command, const struct settings *settings)
{
	struct session s = { .command = command, .settings = settings, .opener = { -1 } };
	struct err e = ERR_INIT;
	int rc = outputs_plan(&s.outputs, settings, &e);

	if (rc)
		return session_fail(command, settings, &e);
	run_init(&s.run, (unsigned)settings->jobs, memory_limit(settings));
	progress_init(&s.progress, command->name, &s.run, settings);
	rc = open_gate(&s, &e);
	if (!rc)
		rc = work(&s, &e);
	gate_free(s.gate);
	redact_free(s.redact);
	run_release(&s.run);
	opener_stop(&s.opener);
	if (s.closed_pipe)
		interrupt_die_of_closed_pipe();
	if (rc)
		return session_fail(command, settings, &e);
	return s.failed || s.n_failed ? EXIT_CONDITION : EXIT_DONE;
}
