#include "cli/command.h"

#include <string.h>

#include "base/strbuf.h"
#include "cli/complain.h"
#include "cli/generate.h"
#include "cli/interrupt.h"
#include "cli/outputs.h"
#include "cli/session.h"
#include "cli/version.h"

const struct command *const command_table[] = {
	&snapdiff_command,
	&snapstat_command,
	&snapscrub_command,
	&profstat_command,
	&profdiff_command,
	NULL,
};

const struct exit_meaning command_exit_meanings[] = {
	{ EXIT_DONE, "done" },
	{ EXIT_CONDITION, "a condition that an option sets was met" },
	{ EXIT_USAGE, "the command line is wrong" },
	{ EXIT_INPUT, "a snapshot is damaged, ends too early or is of an unknown kind" },
	{ EXIT_SYSTEM, "a file cannot be read or written, or the memory limit is reached" },
	{ EXIT_BUG, "a bug of this program" },
	{ EXIT_INTERRUPTED, "interrupted (SIGINT, SIGTERM); no output was left behind" },
	{ 141, "the reader of standard output went away (death by SIGPIPE)" },
	{ 0, NULL },
};

static int usage_of_files(const struct command *c, const struct settings *s, struct err *e)
{
	size_t n_stdin = 0;

	if (s->n_files < c->min_files && s->n_files == 0)
		return err_set(e, ERR_USAGE, "no %s was given; expected %s", c->noun, c->operands);
	if (s->n_files < c->min_files)
		return err_set(e, ERR_USAGE, "%zu %ss are needed, %zu given; %s", c->min_files, c->noun, s->n_files,
			       c->too_few);
	if (s->n_files > c->max_files)
		return err_set(e, ERR_USAGE, "%zu %ss were given, at most %zu can be read; %s", s->n_files, c->noun,
			       c->max_files, c->too_many);
	for (size_t i = 0; i < s->n_files; i++) {
		n_stdin += !strcmp(s->files[i], "-");
		if (!*s->files[i])
			return err_set(e, ERR_USAGE, "the name of a %s is empty", c->noun);
	}
	return n_stdin > 1 ? err_set(e, ERR_USAGE, "standard input ('-') can be read once only") : 0;
}

/* --help, --version and --generate: a text on standard output. */
static int print_text(const struct command *c, const struct settings *s)
{
	struct err e = ERR_INIT;
	struct strbuf text;
	struct mem mem;
	int closed_pipe = 0, rc;

	mem_init(&mem, 0);
	strbuf_init(&text, &mem);
	if (s->help)
		generate_help(&text, c);
	else if (s->version)
		version_text(&text, c->name);
	else if (!strcmp(s->generate, "man"))
		generate_man(&text, c);
	else
		generate_completion(&text, c, s->generate);
	rc = strbuf_check(&text, &e);
	if (!rc)
		rc = outputs_print(strbuf_str(&text), text.len, &closed_pipe, &e);
	strbuf_release(&text);
	if (closed_pipe)
		interrupt_die_of_closed_pipe();
	return rc ? session_fail(c, NULL, &e) : EXIT_DONE;
}

static const struct command *find_command(const char *name)
{
	const struct command *const *c = command_table;

	while (*c && strcmp((*c)->name, name))
		c++;
	return *c;
}

int command_main(const char *name, int argc, char **argv)
{
	const struct command *c = find_command(name);
	struct settings s = { .rows = 0 };
	struct err e = ERR_INIT;
	int rc;

	interrupt_init();
	if (!c) {
		err_set(&e, ERR_INTERNAL, "the table of commands has no row for it");
		return complain(name, &e);
	}
	rc = options_parse(c->groups, &s, argc > 0 ? argc - 1 : 0, argv + (argc > 0), &s.n_files, &e);
	s.files = (const char *const *)(argv + (argc > 0));
	if (!rc && (s.help || s.version || s.generate))
		return print_text(c, &s);
	if (!rc)
		rc = usage_of_files(c, &s, &e);
	if (!rc && c->check)
		rc = c->check(&s, &e);
	return rc ? session_fail(c, NULL, &e) : session_run(c, &s);
}
