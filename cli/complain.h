/*
 * complain.h - messages on standard error: "snapdiff: FILE: offset 1234: sentence".
 */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include "base/err.h"
#include "base/str.h"

/* Exit codes; the meanings for the man page are in command.c. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_CONDITION = 1, /* a condition that the user set was met */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,
	EXIT_SYSTEM = 4,
	EXIT_BUG = 70,
	EXIT_INTERRUPTED = 130,
};

int complain_exit_code(enum err_kind kind);

/* Print the error and return its exit code. Hidden characters are made visible. An interruption is not commented on. */
int complain(const char *tool, const struct err *e);

/* A line of advice: "snapdiff: hint: ...". */
void complain_hint(const char *tool, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A remark: "snapdiff: ...", hidden characters made visible. */
void complain_note(const char *tool, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A text and below it a caret that points at byte `at` of it. */
void complain_caret(const char *tool, struct str text, size_t at);

#endif
