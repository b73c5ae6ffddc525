#define _GNU_SOURCE /* O_TMPFILE */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_NAME_TRIES 100

static int is_standard_output(const char *path)
{
	return !strcmp(path, "-");
}

static int refused(struct err *e, const char *path, const char *what)
{
	if (errno == EINTR)
		err_set(e, ERR_CANCELLED, "interrupted");
	else
		err_set(e, ERR_IO, "cannot %s: %s", what, strerror(errno));
	return err_in(e, path);
}

/* Copy the directory part of `path` to `dir` (PATH_MAX bytes), "." when there is none. */
static void directory_of(const char *path, char *dir)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 0;

	if (!slash)
		strncpy(dir, ".", PATH_MAX);
	else if (n == 0)
		strncpy(dir, "/", PATH_MAX);
	else
		snprintf(dir, PATH_MAX, "%.*s", (int)n, path);
}

/* Where the bytes have to go in the end: `target` (PATH_MAX bytes) is `path` with symbolic links followed. */
static int follow_links(const char *path, char *target, struct err *e)
{
	struct stat st;

	if (strlen(path) >= PATH_MAX - NAME_MAX) {
		errno = ENAMETOOLONG;
		return refused(e, path, "write");
	}
	if (lstat(path, &st) || !S_ISLNK(st.st_mode)) {
		snprintf(target, PATH_MAX, "%s", path);
		return 0;
	}
	return realpath(path, target) ? 0 : refused(e, path, "follow the symbolic link");
}

static int is_special(const char *path, const struct stat *st)
{
	return !S_ISREG(st->st_mode) || !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6);
}

static int check_directory(const char *path, struct err *e)
{
	char dir[PATH_MAX];
	struct stat st;

	directory_of(path, dir);
	errno = 0;
	if (stat(dir, &st) && errno != ENOENT)
		return refused(e, path, "create it");
	if (errno == ENOENT || !S_ISDIR(st.st_mode)) {
		err_set(e, ERR_IO, "cannot create it: there is no directory '%.200s'", dir);
		return err_in(e, path);
	}
	if (access(dir, W_OK | X_OK))
		return refused(e, path, "create a file in its directory");
	return 0;
}

int outfile_check(const char *path, struct err *e)
{
	char target[PATH_MAX];
	struct stat st;

	if (is_standard_output(path))
		return 0;
	if (stat(path, &st)) {
		if (errno != ENOENT)
			return refused(e, path, "write");
		return follow_links(path, target, e) ? e->kind : check_directory(target, e);
	}
	errno = EISDIR;
	if (S_ISDIR(st.st_mode) || access(path, W_OK))
		return refused(e, path, "write");
	if (is_special(path, &st))
		return 0;
	return follow_links(path, target, e) ? e->kind : check_directory(target, e);
}

/* A replaced file's mode and owner; what is not permitted is let be. */
static void keep_attributes(int fd, const struct stat *old)
{
	if (fchown(fd, old->st_uid, old->st_gid) || fchmod(fd, old->st_mode & 0777))
		return;
}

static int temp_name(struct outfile *f, unsigned attempt)
{
	char dir[PATH_MAX];

	directory_of(f->path, dir);
	return snprintf(f->temp, PATH_MAX, "%.*s/.out-%ld-%u~", PATH_MAX - 64, dir, (long)getpid(), attempt);
}

static int open_named(struct outfile *f)
{
	for (unsigned i = 0; i < TEMP_NAME_TRIES; i++) {
		temp_name(f, i);
		f->fd = open(f->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (f->fd >= 0 || errno != EEXIST)
			break;
	}
	if (f->fd < 0)
		f->temp[0] = '\0';
	f->way = OUTFILE_RENAMED;
	return f->fd;
}

static void name_of_fd(int fd, char name[64])
{
	snprintf(name, 64, "/proc/self/fd/%d", fd);
}

/* A file without a name; it can be given one later only where /proc is mounted. */
static int open_nameless(struct outfile *f)
{
	char dir[PATH_MAX], name[64];
	struct stat st;

	directory_of(f->path, dir);
	f->fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	if (f->fd < 0)
		return -1;
	name_of_fd(f->fd, name);
	if (stat(name, &st)) {
		close(f->fd);
		return f->fd = -1;
	}
	f->way = OUTFILE_NAMELESS;
	return f->fd;
}

static int open_direct(struct outfile *f, const char *path, struct err *e)
{
	f->way = OUTFILE_DIRECT;
	snprintf(f->path, sizeof(f->path), "%s", path);
	f->fd = is_standard_output(path) ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return f->fd < 0 ? refused(e, path, "open") : 0;
}

int outfile_open(struct outfile *f, const char *path, struct err *e)
{
	struct stat st;

	f->fd = -1;
	f->broken_pipe = f->replaces = 0;
	f->n_buffered = 0;
	f->path[0] = f->temp[0] = '\0';
	if (is_standard_output(path))
		return open_direct(f, path, e);
	if (outfile_check(path, e))
		return e->kind;
	f->replaces = !stat(path, &st);
	if (f->replaces && is_special(path, &st))
		return open_direct(f, path, e);
	if (follow_links(path, f->path, e))
		return e->kind;
	if (open_nameless(f) < 0 && open_named(f) < 0)
		return refused(e, path, "create a file in its directory");
	if (f->replaces)
		keep_attributes(f->fd, &st);
	return 0;
}

static int write_failed(struct outfile *f, struct err *e)
{
	if (errno == EPIPE) {
		f->broken_pipe = 1;
		err_set(e, ERR_IO, "cannot write: the reader has gone");
	} else if (errno == EINTR) {
		err_set(e, ERR_CANCELLED, "interrupted");
	} else {
		err_set(e, ERR_IO, "cannot write: %s%s", strerror(errno),
			f->way != OUTFILE_DIRECT && f->replaces ? "; the file that was there is kept" : "");
	}
	return err_in(e, is_standard_output(f->path) ? "standard output" : f->path);
}

/* Standard output may be shared with a process that made it non-blocking. */
static int wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, -1) < 0 ? -1 : 0;
}

static int write_all(struct outfile *f, const char *bytes, size_t n, struct err *e)
{
	while (n) {
		ssize_t done = write(f->fd, bytes, n);

		if (done < 0 && errno == EAGAIN && !wait_writable(f->fd))
			continue;
		if (done < 0)
			return write_failed(f, e);
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

static int flush(struct outfile *f, struct err *e)
{
	size_t n = f->n_buffered;

	f->n_buffered = 0;
	return write_all(f, f->buffer, n, e);
}

int outfile_write(struct outfile *f, const void *bytes, size_t n, struct err *e)
{
	if (n > sizeof(f->buffer) - f->n_buffered && flush(f, e))
		return e->kind;
	if (n > sizeof(f->buffer))
		return write_all(f, bytes, n, e);
	if (n)
		memcpy(f->buffer + f->n_buffered, bytes, n);
	f->n_buffered += n;
	return 0;
}

/* Give a nameless file the temporary name: a link, other than a rename, cannot replace. */
static int give_name(struct outfile *f)
{
	char name[64];

	name_of_fd(f->fd, name);
	for (unsigned i = 0; i < TEMP_NAME_TRIES; i++) {
		temp_name(f, i);
		if (!linkat(AT_FDCWD, name, AT_FDCWD, f->temp, AT_SYMLINK_FOLLOW))
			return 0;
		if (errno != EEXIST)
			break;
	}
	f->temp[0] = '\0';
	return -1;
}

static int appear(struct outfile *f)
{
	int fd = f->fd;

	if (f->way == OUTFILE_NAMELESS && give_name(f))
		return -1;
	f->fd = -1;
	if (close(fd) || rename(f->temp, f->path))
		return -1;
	f->temp[0] = '\0';
	return 0;
}

int outfile_commit(struct outfile *f, struct err *e)
{
	sigset_t all, old;
	int rc = flush(f, e);

	if (!rc && f->way != OUTFILE_DIRECT) {
		/* no signal between the temporary name and the rename, so that none is left behind */
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, &old);
		if (appear(f))
			rc = write_failed(f, e);
		sigprocmask(SIG_SETMASK, &old, NULL);
	} else if (!rc && f->fd != STDOUT_FILENO) {
		rc = close(f->fd) ? write_failed(f, e) : 0;
		f->fd = -1;
	}
	outfile_abandon(f);
	return rc;
}

void outfile_abandon(struct outfile *f)
{
	if (f->fd >= 0 && f->fd != STDOUT_FILENO)
		close(f->fd);
	f->fd = -1;
	if (f->temp[0])
		unlink(f->temp);
	f->temp[0] = '\0';
}
