/*
 * companion.h - files that a recording names or that lie beside it: programs and libraries with their symbols, maps and
 * dumps of code that was compiled at run time.
 *
 * Their paths come out of the input, so only what can hold symbols is opened: a plain file that begins like an ELF file, or
 * that is named like a map (perf-PID.map) or a dump (jit-....dump) and is no link. In the sandbox this process may open
 * none of them itself and asks another one (struct run, open_symbols), which looks with the same function.
 */
#ifndef BASE_COMPANION_H
#define BASE_COMPANION_H

#include "base/run.h"

/* A descriptor to be closed, or -1 with errno: it is not there or not what it should be. Waits for nothing. */
int companion_open_here(const char *path);

/* The same, wherever this run may do it. `*fd` -1: there is none. ERR_IO when who should open it is gone. */
int companion_open(const struct run *run, const char *path, int *fd, struct err *e);

#endif
