#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC, SOCK_CLOEXEC */
#include "cli/opener.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/companion.h"
#include "cli/sandbox.h"

/* Room for one descriptor, aligned as its header wants. */
union passed {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

/* An answer is one byte, 1 when a descriptor comes with it. */
static int answer(int to, int fd)
{
	char there = fd >= 0;
	struct iovec byte = { &there, 1 };
	union passed passed;
	struct msghdr m = { .msg_iov = &byte, .msg_iovlen = 1 };
	struct cmsghdr *c;

	memset(&passed, 0, sizeof(passed));
	if (there) {
		m.msg_control = &passed;
		m.msg_controllen = sizeof(passed.room);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	return sendmsg(to, &m, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* Until the other end is closed. The user's interruption is for the other process, which then goes. */
static void serve(int peer)
{
	char path[PATH_MAX], why[160];
	ssize_t n;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
	sandbox_enter_opener(why);
	while ((n = recv(peer, path, sizeof(path) - 1, 0)) > 0) {
		int fd;

		path[n] = '\0';
		fd = companion_open_here(path);
		if (answer(peer, fd))
			return;
		if (fd >= 0)
			close(fd);
	}
}

int opener_start(struct opener *o, struct err *e)
{
	int pair[2];
	pid_t child;

	o->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return err_set(e, ERR_IO, "cannot start the process that opens files of symbols: %s", strerror(errno));
	child = fork();
	if (child == 0) {
		close(pair[0]);
		serve(pair[1]);
		_exit(0);
	}
	close(pair[1]);
	if (child < 0) {
		close(pair[0]);
		return err_set(e, ERR_IO, "cannot start the process that opens files of symbols: %s", strerror(errno));
	}
	o->fd = pair[0];
	return 0;
}

void opener_stop(struct opener *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}

static ssize_t receive(int from, struct msghdr *m)
{
	ssize_t n;

	do
		n = recvmsg(from, m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	return n;
}

static ssize_t ask(int to, const char *path)
{
	ssize_t n;

	/* write() and not send(): the sandbox allows no call that could name an address */
	do
		n = write(to, path, strlen(path));
	while (n < 0 && errno == EINTR);
	return n;
}

int opener_ask(void *opener, const char *path, int *fd, struct err *e)
{
	const struct opener *o = opener;
	char there = 0;
	struct iovec byte = { &there, 1 };
	union passed passed;
	struct msghdr m = { .msg_iov = &byte, .msg_iovlen = 1, .msg_control = &passed, .msg_controllen = sizeof(passed) };
	const struct cmsghdr *c;

	*fd = -1;
	if (!*path || strlen(path) >= PATH_MAX)
		return 0;
	if (ask(o->fd, path) < 0 || receive(o->fd, &m) != 1)
		return err_set(e, ERR_IO, "the process that opens files of symbols is gone");
	c = there ? CMSG_FIRSTHDR(&m) : NULL;
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return 0;
}
