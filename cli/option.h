/*
 * option.h - the options of a command as a table of rows, and the parser that reads a command line by it.
 *
 * The same rows make --help, the man page and shell completion (generate.h), so that the four cannot disagree. A row
 * stores its value at `offset` in the command's settings, whose zero value means "not given" throughout.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum option_type {
	OPTION_FLAG,   /* int: how often it was given */
	OPTION_SWITCH, /* int: 1 for --name, -1 for --no-name */
	OPTION_TEXT,   /* const char * */
	OPTION_LIST,   /* struct text_list: may be repeated */
	OPTION_NUMBER, /* size_t: 1 to `max`; the word in `words`, if any, gives SIZE_MAX */
	OPTION_SIZE,   /* uint64_t bytes; the word in `words`, if any, gives UINT64_MAX */
	OPTION_TIME,   /* uint64_t nanoseconds */
	OPTION_CHOICE, /* int: index of one of `words`; the first is the default */
	OPTION_WORD,   /* const char *: one of `words` as given */
};

struct option {
	const char *name; /* without dashes */
	char letter;      /* 0: none */
	enum option_type type;
	size_t offset;
	const char *argument; /* what stands for it in help: "FILE"; NULL: `words` do */
	const char *words;    /* "auto|id|structure" */
	size_t max;           /* OPTION_NUMBER */
	const char *help;     /* one or more sentences */
	int files;            /* its argument is a file name (completion) */
	int hidden;           /* not shown anywhere */
	int last;             /* ends parsing: --help works on any command line */
};

/* A titled part of the table. An array of groups ends with a NULL title, its rows with a NULL name. */
struct option_group {
	const char *title;
	const struct option *options;
};

/* More outputs than anybody writes; a fixed bound keeps settings free of memory. */
#define TEXT_LIST_MAX 16

struct text_list {
	const char *items[TEXT_LIST_MAX];
	size_t n;
};

/*
 * Read `argv` (after the program's name) into `settings`. Arguments that are no options are moved to the front of
 * `argv`, their number is stored in `*n_rest`; options may stand before, between and after them, "--" ends options, "-"
 * is no option. Texts point into `argv`. ERR_USAGE with a sentence, with a suggestion for a misspelt name.
 */
int options_parse(const struct option_group *groups, void *settings, int argc, char **argv, size_t *n_rest,
		  struct err *e);

/* Does the option take an argument? */
int option_takes_argument(const struct option *o);

/* Call fn for every word of "a|b|c"; a non-zero result ends it and is returned. */
int words_each(const char *words, int (*fn)(void *ctx, const char *word, size_t n), void *ctx);

/* Changed, lost, added or swapped characters between two names (optimal string alignment); at most 64 long. */
unsigned name_distance(const char *a, size_t n_a, const char *b, size_t n_b);

#endif
