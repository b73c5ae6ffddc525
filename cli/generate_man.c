#include <ctype.h>
#include <string.h>

#include "cli/complain.h"
#include "cli/generate.h"

/* Text as troff takes it literally: backslashes, minus signs, and line starts that would be requests. */
static void add_text(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		int at_start = out->len && out->buf[out->len - 1] == '\n';

		if (at_start && (*text == '.' || *text == '\''))
			strbuf_addstr(out, "\\&");
		if (*text == '\\')
			strbuf_addstr(out, "\\e");
		else if (*text == '-')
			strbuf_addstr(out, "\\-");
		else if (*text == '\'')
			strbuf_addstr(out, "\\(aq");
		else
			strbuf_addch(out, *text);
	}
}

static void add_section(struct strbuf *out, const char *title)
{
	strbuf_addf(out, ".SH %s\n", title);
}

static void add_paragraphs(struct strbuf *out, const char *text)
{
	const char *end;

	for (; (end = strstr(text, "\n\n")) != NULL; text = end + 2) {
		while (text < end)
			strbuf_addch(out, *text++);
		strbuf_addstr(out, "\n.PP\n");
	}
	add_text(out, text);
	strbuf_addch(out, '\n');
}

/* "\fB\-o\fR, \fB\-\-output\fR=\fIFILE\fR" */
static void add_option(struct strbuf *out, const struct option *o)
{
	const char *argument = generate_argument(o);

	strbuf_addstr(out, ".TP\n");
	if (o->letter)
		strbuf_addf(out, "\\fB\\-%c\\fR, ", o->letter);
	strbuf_addstr(out, "\\fB");
	add_text(out, o->type == OPTION_SWITCH ? "--[no-]" : "--");
	add_text(out, o->name);
	strbuf_addstr(out, "\\fR");
	if (argument) {
		strbuf_addstr(out, o->argument ? "=\\fI" : "=");
		add_text(out, argument);
		strbuf_addstr(out, o->argument ? "\\fR" : "");
	}
	strbuf_addch(out, '\n');
	add_text(out, o->help);
	strbuf_addch(out, '\n');
}

static void add_options(struct strbuf *out, const struct command *c)
{
	add_section(out, "OPTIONS");
	for (const struct option_group *g = c->groups; g->title; g++) {
		strbuf_addf(out, ".SS %s\n", g->title);
		for (const struct option *o = g->options; o->name; o++)
			if (!o->hidden)
				add_option(out, o);
	}
}

static void add_exit_status(struct strbuf *out, const struct command *c)
{
	add_section(out, "EXIT STATUS");
	if (c->condition) {
		strbuf_addf(out, ".TP\n%d\n", EXIT_CONDITION);
		add_text(out, c->condition);
		strbuf_addch(out, '\n');
	}
	for (const struct exit_meaning *m = command_exit_meanings; m->text; m++) {
		strbuf_addf(out, ".TP\n%d\n", m->code);
		add_text(out, m->text);
		strbuf_addch(out, '\n');
	}
}

static void add_environment(struct strbuf *out)
{
	static const char *const rows[][2] = {
		{ "NO_COLOR", "When not empty: no colours." },
		{ "CLICOLOR_FORCE", "When neither empty nor 0: colours even if standard output is no terminal." },
		{ "COLUMNS", "Width of text on standard output, before that of the terminal." },
		{ "TERM", "When empty or dumb: no colours." },
		{ "LC_ALL, LC_CTYPE, LANG", "When not UTF-8, text adds no characters beyond ASCII." },
	};

	add_section(out, "ENVIRONMENT");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		strbuf_addf(out, ".TP\n.B %s\n%s\n", rows[i][0], rows[i][1]);
}

static void add_examples(struct strbuf *out, const struct command *c)
{
	add_section(out, "EXAMPLES");
	for (const struct command_example *x = c->examples; x->line; x++) {
		strbuf_addstr(out, ".PP\n");
		add_text(out, x->text);
		strbuf_addstr(out, "\n.PP\n.RS 4\n.EX\n");
		add_text(out, x->line);
		strbuf_addstr(out, "\n.EE\n.RE\n");
	}
}

static void add_see_also(struct strbuf *out, const struct command *c)
{
	const char *separator = "";

	add_section(out, "SEE ALSO");
	for (const struct command *const *other = command_table; *other; other++) {
		if (*other == c)
			continue;
		strbuf_addf(out, "%s.BR %s (1)", separator, (*other)->name);
		separator = ",\n";
	}
	strbuf_addch(out, '\n');
}

void generate_man(struct strbuf *out, const struct command *c)
{
	strbuf_addf(out, ".\\\" Made by '%s --generate man'; edit cli/%s.c and run the target docs.\n", c->name,
		    c->name);
	strbuf_addstr(out, ".TH ");
	for (const char *p = c->name; *p; p++)
		strbuf_addch(out, (char)toupper((unsigned char)*p));
	strbuf_addf(out, " 1 \"\" \"snapdiff %s\" \"User Commands\"\n", SNAPDIFF_VERSION);
	add_section(out, "NAME");
	strbuf_addf(out, "%s \\- %s\n", c->name, c->summary);
	add_section(out, "SYNOPSIS");
	strbuf_addf(out, ".B %s\n[\\fIOPTION\\fR]... ", c->name);
	add_text(out, c->operands);
	strbuf_addch(out, '\n');
	add_section(out, "DESCRIPTION");
	add_paragraphs(out, c->description);
	add_options(out, c);
	add_exit_status(out, c);
	add_environment(out);
	add_examples(out, c);
	add_see_also(out, c);
}
