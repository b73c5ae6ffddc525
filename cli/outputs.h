/*
 * outputs.h - where a report goes, and in which notation.
 */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include <stddef.h>

#include "analyzer/report.h"
#include "base/outfile.h"
#include "cli/settings.h"

struct output {
	const char *path;                /* "-": standard output */
	const struct renderer *renderer; /* NULL for a dump */
};

struct outputs {
	struct output items[TEXT_LIST_MAX];
	size_t n; /* at least 1 */
};

/*
 * Decide what is written where, before any work: ERR_USAGE for a name whose suffix says nothing, an output given twice
 * or one that is an input; ERR_IO when a file could not be created.
 */
int outputs_plan(struct outputs *o, const struct settings *s, struct err *e);

/* Does one of them show the tables that are drawn? */
int outputs_draw(const struct outputs *o);

/* Does one of them go to standard output? */
int outputs_use_stdout(const struct outputs *o);

/*
 * Render and write them all, one after the other. `*closed_pipe` is set when the failure is that nobody reads standard
 * output any more.
 */
int outputs_write(const struct outputs *o, const struct report *r, const struct settings *s, int *closed_pipe,
		  struct err *e);

/* Write text to standard output. */
int outputs_print(const char *text, size_t n, int *closed_pipe, struct err *e);

#endif
