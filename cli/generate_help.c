#include <string.h>

#include "cli/complain.h"
#include "cli/generate.h"

#define WIDTH 79
#define TEXT_COLUMN 28

void generate_name(struct strbuf *out, const struct option *o)
{
	strbuf_addf(out, o->type == OPTION_SWITCH ? "--[no-]%s" : "--%s", o->name);
}

const char *generate_argument(const struct option *o)
{
	if (!option_takes_argument(o))
		return NULL;
	return o->argument ? o->argument : o->words;
}

/* Words from `column` on, broken before WIDTH, further lines indented. */
static void add_wrapped(struct strbuf *out, const char *text, size_t column, size_t indent)
{
	size_t at = column, n;

	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " \n");
		if (at > indent && at + 1 + n > WIDTH) {
			strbuf_addch(out, '\n');
			strbuf_addch_n(out, ' ', indent);
			at = indent;
		} else if (at > indent) {
			strbuf_addch(out, ' ');
			at++;
		}
		strbuf_add(out, text, n);
		at += n;
		if (text[n] == '\n') {
			strbuf_addch(out, '\n');
			at = indent;
			text++;
		}
	}
	strbuf_addch(out, '\n');
}

static void add_option(struct strbuf *out, const struct option *o)
{
	size_t start = out->len, used;

	if (o->letter)
		strbuf_addf(out, "  -%c, ", o->letter);
	else
		strbuf_addstr(out, "      ");
	generate_name(out, o);
	if (generate_argument(o))
		strbuf_addf(out, "=%s", generate_argument(o));
	used = out->len - start;
	if (used + 2 > TEXT_COLUMN) {
		strbuf_addch(out, '\n');
		used = 0;
	}
	strbuf_addch_n(out, ' ', TEXT_COLUMN - used);
	add_wrapped(out, o->help, TEXT_COLUMN, TEXT_COLUMN);
}

void generate_help(struct strbuf *out, const struct command *c)
{
	strbuf_addf(out, "Usage: %s [OPTION]... %s\n\n", c->name, c->operands);
	add_wrapped(out, c->description, 0, 0);
	for (const struct option_group *g = c->groups; g->title; g++) {
		strbuf_addf(out, "\n%s:\n", g->title);
		for (const struct option *o = g->options; o->name; o++)
			if (!o->hidden)
				add_option(out, o);
	}
	strbuf_addstr(out, "\nExamples:\n");
	for (const struct command_example *x = c->examples; x->line; x++)
		strbuf_addf(out, "  %s\n", x->line);
	strbuf_addstr(out, "\nExit status:\n");
	if (c->condition)
		strbuf_addf(out, "  %3d  %s\n", EXIT_CONDITION, c->condition);
	for (const struct exit_meaning *m = command_exit_meanings; m->text; m++)
		strbuf_addf(out, "  %3d  %s\n", m->code, m->text);
}
