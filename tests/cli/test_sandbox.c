/* What the sandbox forbids and what it leaves: each in a process of its own, since there is no way out of it. */
#define _GNU_SOURCE /* syscall */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/outfile.h"
#include "cli/sandbox.h"

static char root[64], input[80], output[96], secret[80];

static int opens(const char *path, int flags)
{
	int fd = open(path, flags, 0666);

	return fd >= 0;
}

static void *nothing(void *arg)
{
	return arg;
}

/* 0 when the deed was possible, the error's number when it was not. */
static int read_input(void)
{
	return opens(input, O_RDONLY) ? 0 : errno;
}

static int write_input(void)
{
	return opens(input, O_WRONLY) ? 0 : errno;
}

static int read_secret(void)
{
	return opens(secret, O_RDONLY) ? 0 : errno;
}

static int read_system(void)
{
	return opens("/etc/passwd", O_RDONLY) ? 0 : errno;
}

static int list_root(void)
{
	return opens("/", O_RDONLY | O_DIRECTORY) ? 0 : errno;
}

static int create_elsewhere(void)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/planted", root);
	return opens(path, O_WRONLY | O_CREAT) ? 0 : errno;
}

static int remove_input(void)
{
	return unlink(input) ? errno : 0;
}

static int write_output(void)
{
	struct err e = ERR_INIT;
	struct outfile *f = malloc(sizeof(*f));

	if (outfile_open(f, output, &e) || outfile_write(f, "x", 1, &e) || outfile_commit(f, &e))
		return EIO;
	free(f);
	return 0;
}

static int use_network(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int use_local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int run_program(void)
{
	char *argv[] = { (char *)(uintptr_t) "true", NULL };

	execve("/bin/true", argv, argv + 1);
	return errno;
}

static int make_process(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0 ? errno : 0;
}

static int signal_parent(void)
{
	return kill(getppid(), 0) ? errno : 0;
}

static int make_thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, nothing, NULL) || pthread_join(t, NULL) ? EAGAIN : 0;
}

static const struct deed {
	const char *name;
	int (*do_it)(void);
	int expected; /* 0 or the error's number */
	enum sandbox_part part;
} deeds[] = {
	{ "read an input", read_input, 0, SANDBOX_FILES },
	{ "write an input", write_input, EACCES, SANDBOX_FILES },
	{ "remove an input", remove_input, EACCES, SANDBOX_FILES },
	{ "read a file beside it", read_secret, EACCES, SANDBOX_FILES },
	{ "read a file of the system", read_system, EACCES, SANDBOX_FILES },
	{ "list a folder", list_root, EACCES, SANDBOX_FILES },
	{ "create a file elsewhere", create_elsewhere, EACCES, SANDBOX_FILES },
	{ "write an output", write_output, 0, SANDBOX_FILES },
	{ "use the network", use_network, EPERM, SANDBOX_SYSCALLS },
	{ "use a local socket", use_local_socket, EPERM, SANDBOX_SYSCALLS },
	{ "run a program", run_program, EPERM, SANDBOX_SYSCALLS },
	{ "make a process", make_process, EPERM, SANDBOX_SYSCALLS },
	{ "signal another process", signal_parent, EPERM, SANDBOX_SYSCALLS },
	{ "make a thread", make_thread, 0, SANDBOX_SYSCALLS },
};

#define NOT_IN_FORCE 254

static int attempt(const struct deed *d, int inside)
{
	const char *const inputs[] = { input }, *const outputs[] = { output };
	struct sandbox_paths p = { inputs, 1, NULL, outputs, 1 };
	pid_t child = fork();
	char why[160];
	int status;

	if (child == 0) {
		if (inside && !(sandbox_enter(&p, why) & (int)d->part))
			_exit(NOT_IN_FORCE);
		_exit(d->do_it());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void make_file(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fclose(f);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/sandbox-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(input, sizeof(input), "%s/in", root);
	snprintf(secret, sizeof(secret), "%s/secret", root);
	snprintf(output, sizeof(output), "%s/folder", root);
	assert_int_equal(mkdir(output, 0777), 0);
	snprintf(output, sizeof(output), "%s/folder/out", root);
	make_file(input);
	make_file(secret);
	return 0;
}

static void forbidden_calls_are_denied(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		int got = attempt(&deeds[i], 1);

		if (got == NOT_IN_FORCE) {
			print_message("not with this kernel: %s\n", deeds[i].name);
			continue;
		}
		if (got != deeds[i].expected)
			fail_msg("%s: %d, expected %d", deeds[i].name, got, deeds[i].expected);
		n++;
	}
	if (!n)
		skip();
	assert_int_equal(access(output, F_OK), 0);
}

/* The deeds are possible without it: what is denied above is denied by the sandbox. */
static void the_same_calls_work_outside(void **state)
{
	(void)state;
	assert_int_equal(attempt(&deeds[4], 0), 0);
	assert_int_equal(attempt(&deeds[3], 0), 0);
	assert_int_equal(attempt(&deeds[9], 0), 0);
	assert_int_equal(attempt(&deeds[11], 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_calls_work_outside),
		cmocka_unit_test(forbidden_calls_are_denied),
	};
	char command[80];
	int rc = cmocka_run_group_tests(tests, set_up, NULL);

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || rc;
}
