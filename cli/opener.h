/*
 * opener.h - a second process that opens files of symbols for one in the sandbox.
 *
 * A recording of perf names programs and libraries that may lie anywhere. Leave to read everything would make the sandbox
 * worth little; so a process that parses nothing opens what it is asked for, if it can hold symbols at all
 * (base/companion.h), and hands over the descriptor. It can itself only read files, and ends with the other process.
 */
#ifndef CLI_OPENER_H
#define CLI_OPENER_H

#include "base/err.h"

struct opener {
	int fd; /* to the other process; -1: there is none */
};

/* Start it. Before the sandbox, before any thread. ERR_IO. */
int opener_start(struct opener *o, struct err *e);

/* Let it go. Also when it was never started, with fd -1. */
void opener_stop(struct opener *o);

/* For struct run's open_symbols, with the opener as its context. */
int opener_ask(void *opener, const char *path, int *fd, struct err *e);

#endif
