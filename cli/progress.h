/*
 * progress.h - one line on standard error that says how far the run is.
 *
 * Unasked it appears on a terminal only, in the foreground, after a second, at most ten times a second, and is gone
 * when the work is done. Asked for with --progress it appears at once; where standard error is no terminal, as a line
 * per stage. It is also where the user's interruption enters the run.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "base/run.h"
#include "cli/settings.h"

struct progress {
	const struct run *run;
	const struct settings *settings;
	const char *tool;
	int enabled;
	int terminal;        /* a line that is rewritten; else lines */
	uint64_t show_at_ns; /* not before */
	size_t shown_cells;  /* of the line that stands on the terminal */
	const char *stage;   /* last shown; NULL: none */
	int snapshot;
};

/* Take over run->on_progress. `p` must live as long as the run works. */
void progress_init(struct progress *p, const char *tool, struct run *run, const struct settings *s);

/* Remove the line. Before anything else is printed to the terminal. */
void progress_clear(struct progress *p);

#endif
