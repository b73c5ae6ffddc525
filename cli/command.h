/*
 * command.h - the commands as a table: one row in command.c and one file each.
 *
 * A command is data (names, options, texts) and two functions; everything around them - options, outputs, progress,
 * signals, exit codes - is the same for all and stands in session.h.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stddef.h>

#include "analyzer/analysis.h"
#include "cli/option.h"
#include "cli/settings.h"

struct command_example {
	const char *line;
	const char *text; /* what it does */
};

struct command {
	const char *name;
	const char *summary;     /* no capital, no full stop: the man page's NAME line */
	const char *operands;    /* "BASE TARGET [LATER...]" */
	const char *noun;        /* what an operand is: "snapshot", "profile" */
	const char *description; /* paragraphs with an empty line between */
	const struct option_group *groups;
	const struct command_example *examples; /* ends with a NULL line */
	size_t min_files, max_files;
	const char *condition;   /* when the exit code is 1; NULL: never */
	int sandboxed;           /* the sandbox does not hinder it */
	int symbols;             /* its inputs name other files, with symbols */
	int gated;               /* --fail-on is judged on the report (analyzer/gate.h), not by `analyse` */
	const char *too_few, *too_many; /* next step when the number of files is wrong */

	/* A last look at what was asked for, before any work. NULL: there is nothing to say. */
	int (*check)(struct settings *s, struct err *e);

	/* Fill `out`, an initialised report. */
	int (*analyse)(struct run *run, const struct settings *s, struct report *out, struct err *e);

	/* Whether the report, written by now, asks for exit code 1: ERR_CONDITION. NULL: it never does. */
	int (*verdict)(const struct settings *s, const struct report *r, struct err *e);

	/* Write what --dump asks for. */
	int (*dump)(struct run *run, const struct settings *s, const struct byte_sink *sink, struct err *e);

	/* Say more about an error, below its line; NULL: nothing. */
	void (*explain)(const struct settings *s, const struct err *e);
};

extern const struct command snapdiff_command;
extern const struct command snapstat_command;
extern const struct command snapscrub_command;
extern const struct command profstat_command;
extern const struct command profdiff_command;

/* All commands; ends with NULL. */
extern const struct command *const command_table[];

/* Run the command of that name; returns the exit code. */
int command_main(const char *name, int argc, char **argv);

/* What an exit code says; the array ends with a NULL text. */
struct exit_meaning {
	int code;
	const char *text;
};

extern const struct exit_meaning command_exit_meanings[];

#endif
