/*
 * sandbox.h - what this process may still do once it begins to read what others wrote.
 *
 * Landlock leaves it the inputs to read and the directories of the outputs to write in; a seccomp filter takes away the
 * network, other programs and other processes. A fault in a parser can then reach neither files nor the network. Linux
 * only; what the kernel does not have is left out and reported.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stddef.h>

#include "base/err.h"

enum sandbox_part {
	SANDBOX_FILES = 1,    /* Landlock is in force */
	SANDBOX_SYSCALLS = 2, /* the seccomp filter is */
	SANDBOX_ALL = 3,
};

/* "-" stands for an open standard stream and needs no leave. */
struct sandbox_paths {
	const char *const *inputs;
	size_t n_inputs;
	const char *list; /* one more file to read, of known findings; NULL: none */
	int kernel_symbols; /* the running kernel's symbols and build-id may be read */
	const char *const *outputs;
	size_t n_outputs;
};

/*
 * Enter, for ever. Before any thread is started. Returns the parts that are in force; what is missing is described in
 * `why` (NUL-terminated).
 */
int sandbox_enter(const struct sandbox_paths *p, char why[160]);

/* The same for the process of opener.h: it may read any file and send messages over what it has, nothing else. */
int sandbox_enter_opener(char why[160]);

/* What a build does unless told: not under sanitizers, whose own work needs what the sandbox forbids. */
int sandbox_is_default(void);

#endif
