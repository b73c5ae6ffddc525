/*
 * outfile.h - output that appears whole or not at all.
 *
 * A regular file is written without a name where the file system can do that (O_TMPFILE), else under a temporary name
 * in the directory of its target, and takes the target's name in outfile_commit() only. Until then a file that stood
 * there stays as it was. Symbolic links are followed, mode and (where permitted) owner of a replaced file are kept.
 * Standard output ("-"), devices, FIFOs and whatever lies in /dev and /proc are written directly.
 *
 * An interrupted system call is taken as the user's wish to stop (ERR_CANCELLED): the only signals that this program
 * handles are those that ask it to. A write to a pipe whose reader has gone is ERR_IO with `broken_pipe` set; SIGPIPE
 * must be ignored. One thread per file.
 */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <limits.h>
#include <stddef.h>

#include "base/err.h"

#define OUTFILE_BUFFER_BYTES 32768

enum outfile_way {
	OUTFILE_DIRECT,   /* no temporary: the target is open */
	OUTFILE_NAMELESS, /* a file without a name in the target's directory */
	OUTFILE_RENAMED,  /* a file with the name `temp` */
};

struct outfile {
	int fd; /* -1: not open */
	enum outfile_way way;
	int broken_pipe; /* the reader went away */
	int replaces;    /* there is a file that commit will replace */
	size_t n_buffered;
	char path[PATH_MAX]; /* target, symbolic links followed; as given for direct output */
	char temp[PATH_MAX]; /* "": no temporary name in use */
	char buffer[OUTFILE_BUFFER_BYTES];
};

/* Could `path` be written now? For an early refusal; says nothing about free space. ERR_IO. */
int outfile_check(const char *path, struct err *e);

/* On failure nothing is open and nothing was left. */
int outfile_open(struct outfile *f, const char *path, struct err *e);

/* Buffered. After a failure only outfile_abandon() may follow. */
int outfile_write(struct outfile *f, const void *bytes, size_t n, struct err *e);

/* Write what is buffered, close, give the file its name. On failure the file is abandoned. */
int outfile_commit(struct outfile *f, struct err *e);

/* Close and leave nothing behind; what went to direct output stays written. No effect on a file that is not open. */
void outfile_abandon(struct outfile *f);

#endif
