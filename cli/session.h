/*
 * session.h - one call of a command from its settings to the exit code: run context, analysis, outputs, messages.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/command.h"
#include "cli/complain.h"

int session_run(const struct command *command, const struct settings *s);

/* Print the error with the next step that goes with it; returns the exit code. `s` is NULL before options are read. */
int session_fail(const struct command *command, const struct settings *s, const struct err *e);

#endif
