#include <string.h>

#include "cli/generate.h"

typedef void option_fn(struct strbuf *out, const struct option *o);

static void each_option(struct strbuf *out, const struct command *c, option_fn *fn)
{
	for (const struct option_group *g = c->groups; g->title; g++)
		for (const struct option *o = g->options; o->name; o++)
			if (!o->hidden)
				fn(out, o);
}

static int add_word(void *ctx, const char *word, size_t n)
{
	struct strbuf *out = ctx;

	strbuf_addch(out, ' ');
	strbuf_add(out, word, n);
	return 0;
}

/* The first sentence of the help, without the characters that mean something inside single quotes or brackets. */
static void add_short_help(struct strbuf *out, const struct option *o)
{
	size_t n = strcspn(o->help, ".;:");

	for (size_t i = 0; i < n; i++)
		if (!strchr("'[]\\", o->help[i]))
			strbuf_addch(out, o->help[i]);
}

static void bash_case(struct strbuf *out, const struct option *o)
{
	if (!option_takes_argument(o))
		return;
	strbuf_addf(out, "\t--%s", o->name);
	if (o->letter)
		strbuf_addf(out, "|-%c", o->letter);
	strbuf_addstr(out, ")\n\t\t");
	if (o->words) {
		strbuf_addstr(out, "mapfile -t COMPREPLY < <(compgen -W '");
		words_each(o->words, add_word, out);
		strbuf_addstr(out, "' -- \"$cur\")");
	} else {
		strbuf_addstr(out, o->files ? "compopt -o default" : ":");
	}
	strbuf_addstr(out, "; return ;;\n");
}

static void bash_name(struct strbuf *out, const struct option *o)
{
	strbuf_addf(out, " --%s%s", o->name, option_takes_argument(o) ? "=" : "");
	if (o->type == OPTION_SWITCH)
		strbuf_addf(out, " --no-%s", o->name);
}

/* bash splits "--name=value" at the "=", which readline's COMP_WORDBREAKS holds. */
static void generate_bash(struct strbuf *out, const struct command *c)
{
	strbuf_addf(out, "# bash completion for %s\n_%s()\n{\n", c->name, c->name);
	strbuf_addstr(out, "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n\tCOMPREPLY=()\n");
	strbuf_addstr(out, "\tif [[ $cur == '=' ]]; then\n\t\tcur=''\n");
	strbuf_addstr(out, "\telif [[ $prev == '=' ]]; then\n\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n\tfi\n");
	strbuf_addstr(out, "\tcase $prev in\n");
	each_option(out, c, bash_case);
	strbuf_addstr(out, "\tesac\n\tif [[ $cur == -* ]]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W '");
	each_option(out, c, bash_name);
	strbuf_addstr(out, "' -- \"$cur\")\n\t\t[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n");
	strbuf_addstr(out, "\telse\n\t\tcompopt -o default\n\tfi\n\treturn 0\n}\n");
	strbuf_addf(out, "complete -F _%s %s\n", c->name, c->name);
}

static void zsh_option(struct strbuf *out, const struct option *o)
{
	const char *argument = generate_argument(o);

	if (o->letter && argument)
		strbuf_addf(out, "\t'%s'{-%c+,--%s=}'[", o->type == OPTION_LIST ? "*" : "", o->letter, o->name);
	else if (o->letter)
		strbuf_addf(out, "\t{-%c,--%s}'[", o->letter, o->name);
	else if (o->type == OPTION_SWITCH)
		strbuf_addf(out, "\t--no-%s\n\t'--%s[", o->name, o->name);
	else
		strbuf_addf(out, "\t'--%s%s[", o->name, argument ? "=" : "");
	add_short_help(out, o);
	strbuf_addch(out, ']');
	if (argument) {
		strbuf_addf(out, ":%s:", o->argument ? o->argument : o->name);
		if (o->words) {
			strbuf_addch(out, '(');
			words_each(o->words, add_word, out);
			strbuf_addch(out, ')');
		} else if (o->files) {
			strbuf_addstr(out, "_files");
		}
	}
	strbuf_addstr(out, "'\n");
}

static void generate_zsh(struct strbuf *out, const struct command *c)
{
	strbuf_addf(out, "#compdef %s\nlocal -a options=(\n", c->name);
	each_option(out, c, zsh_option);
	strbuf_addstr(out, ")\n_arguments -s -S $options '*:snapshot:_files'\n");
}

static void fish_option(struct strbuf *out, const struct option *o)
{
	if (o->letter)
		strbuf_addf(out, " -s %c", o->letter);
	strbuf_addf(out, " -l %s", o->name);
	if (option_takes_argument(o))
		strbuf_addstr(out, o->files ? " -r" : " -x");
	if (o->words) {
		strbuf_addstr(out, " -a '");
		words_each(o->words, add_word, out);
		strbuf_addch(out, '\'');
	}
	strbuf_addstr(out, " -d '");
	add_short_help(out, o);
	strbuf_addstr(out, "'\n");
}

static void generate_fish(struct strbuf *out, const struct command *c)
{
	strbuf_addf(out, "# fish completion for %s\n", c->name);
	for (const struct option_group *g = c->groups; g->title; g++) {
		for (const struct option *o = g->options; o->name; o++) {
			if (o->hidden)
				continue;
			strbuf_addf(out, "complete -c %s", c->name);
			fish_option(out, o);
			if (o->type == OPTION_SWITCH)
				strbuf_addf(out, "complete -c %s -l no-%s\n", c->name, o->name);
		}
	}
}

void generate_completion(struct strbuf *out, const struct command *c, const char *shell)
{
	if (!strcmp(shell, "bash"))
		generate_bash(out, c);
	else if (!strcmp(shell, "zsh"))
		generate_zsh(out, c);
	else
		generate_fish(out, c);
}
