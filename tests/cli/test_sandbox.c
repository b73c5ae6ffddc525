/* What the sandbox forbids and what it leaves: each in a process of its own, since there is no way out of it. */
#define _GNU_SOURCE /* syscall */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
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
#include "cli/opener.h"
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
	struct sandbox_paths p = { inputs, 1, NULL, 0, outputs, 1 };
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

/* The process that opens files of symbols may read, and nothing else. */
static const struct deed opener_deeds[] = {
	{ "read a file", read_secret, 0, SANDBOX_FILES },
	{ "write a file", write_input, EACCES, SANDBOX_FILES },
	{ "remove a file", remove_input, EACCES, SANDBOX_FILES },
	{ "create a file", create_elsewhere, EACCES, SANDBOX_FILES },
	{ "list a folder", list_root, EACCES, SANDBOX_FILES },
	{ "use the network", use_network, EPERM, SANDBOX_SYSCALLS },
	{ "run a program", run_program, EPERM, SANDBOX_SYSCALLS },
	{ "make a process", make_process, EPERM, SANDBOX_SYSCALLS },
};

static void the_opener_only_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(opener_deeds) / sizeof(opener_deeds[0]); i++) {
		const struct deed *d = &opener_deeds[i];
		pid_t child = fork();
		char why[160];
		int status;

		if (child == 0)
			_exit(sandbox_enter_opener(why) & (int)d->part ? d->do_it() : NOT_IN_FORCE);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WEXITSTATUS(status) != NOT_IN_FORCE && WEXITSTATUS(status) != d->expected)
			fail_msg("%s: %d, expected %d", d->name, WEXITSTATUS(status), d->expected);
	}
}

/* What lies in the folder `root` for the opener to be asked for, and whether it hands it over. */
static const struct named {
	const char *name, *text;
	enum { PLAIN, LINK, PIPE } kind;
	int given;
} named[] = {
	{ "perf-12.map", "10 20 f\n", PLAIN, 1 },
	{ "perf-13.map.zst", "x", PLAIN, 1 },
	{ "jit-12.dump", "x", PLAIN, 1 },
	{ "perf-14.map", "", PLAIN, 0 },
	{ "perf-15.map", NULL, LINK, 0 },
	{ "perf-16.map", NULL, PIPE, 0 },
	{ "perf-x.map", "x", PLAIN, 0 },
	{ "perf-17.map.old", "x", PLAIN, 0 },
	{ "library.so", "\177ELF and so on", PLAIN, 1 },
	{ "library2.so", "not one", PLAIN, 0 },
	{ "pipe.so", NULL, PIPE, 0 },
	{ "missing.so", NULL, PLAIN, 0 },
	{ "id_rsa", "-----BEGIN", PLAIN, 0 },
};

#define N_NAMED (sizeof(named) / sizeof(named[0]))

static void make_named(const struct named *x, char path[PATH_MAX])
{
	FILE *f;

	snprintf(path, PATH_MAX, "%s/%s", root, x->name);
	if (x->kind == LINK)
		assert_int_equal(symlink(secret, path), 0);
	else if (x->kind == PIPE)
		assert_int_equal(mkfifo(path, 0666), 0);
	else if (x->text && (f = fopen(path, "w")) != NULL) {
		fputs(x->text, f);
		fclose(f);
	}
}

/* In the sandbox: 0, or the number of the first file that was not treated as it should, plus 1. */
static int ask_for_all(char paths[N_NAMED][PATH_MAX])
{
	const char *const inputs[] = { input }, *const outputs[] = { output };
	struct sandbox_paths p = { inputs, 1, NULL, 1, outputs, 1 };
	struct opener o;
	struct err e = ERR_INIT;
	char why[160], byte;

	if (opener_start(&o, &e))
		return 200;
	if (sandbox_enter(&p, why) != SANDBOX_ALL)
		return NOT_IN_FORCE;
	for (size_t i = 0; i < N_NAMED; i++) {
		int fd = -1;

		if (opens(paths[i], O_RDONLY) || opener_ask(&o, paths[i], &fd, &e) || (fd >= 0) != named[i].given)
			return (int)i + 1;
		if (fd >= 0 && (read(fd, &byte, 1) != 1 || byte != named[i].text[0] || write(fd, "x", 1) == 1))
			return 100 + (int)i;
	}
	opener_stop(&o);
	return 0;
}

static void the_opener_gives_symbols_and_nothing_else(void **state)
{
	static char paths[N_NAMED][PATH_MAX];
	pid_t child;
	int status;

	(void)state;
	for (size_t i = 0; i < N_NAMED; i++)
		make_named(&named[i], paths[i]);
	child = fork();
	if (child == 0) {
		alarm(20);
		_exit(ask_for_all(paths));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_IN_FORCE)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void an_opener_that_dies_is_an_error(void **state)
{
	struct opener o;
	struct err e = ERR_INIT;
	int fd = 7;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(opener_start(&o, &e), 0);
	assert_int_equal(shutdown(o.fd, SHUT_RDWR), 0);
	assert_int_equal(opener_ask(&o, secret, &fd, &e), ERR_IO);
	assert_int_equal(fd, -1);
	opener_stop(&o);
	signal(SIGPIPE, SIG_DFL);
}

/* "Seccomp:\t2" in the status of a process: a filter is in force. */
static int is_filtered(pid_t pid)
{
	char path[64], line[256];
	int found = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		found |= !strcmp(line, "Seccomp:\t2\n");
	if (f)
		fclose(f);
	return found;
}

/* While a command waits for its input, which is a pipe, it is already in the sandbox. */
static int waits_in_sandbox(const char *tool)
{
	char program[PATH_MAX], fifo[96], base[96];
	pid_t child;
	int filtered = 0, status;

	snprintf(program, sizeof(program), "%s/%s", BIN_DIR, tool);
	snprintf(fifo, sizeof(fifo), "%s/input", root);
	snprintf(base, sizeof(base), "%s/out", root);
	unlink(fifo);
	assert_int_equal(mkfifo(fifo, 0666), 0);
	child = fork();
	if (child == 0) {
		const char *two = strstr(tool, "diff") ? fifo : NULL;

		if (!strcmp(tool, "snapscrub"))
			execl(program, tool, "--sandbox", "-o", base, fifo, (char *)NULL);
		execl(program, tool, "--sandbox", fifo, two, (char *)NULL);
		_exit(99);
	}
	for (int i = 0; i < 500 && !filtered && !waitpid(child, &status, WNOHANG); i++) {
		filtered = is_filtered(child);
		usleep(10000);
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return filtered;
}

static void every_command_enters_before_it_reads(void **state)
{
	static const char *const tools[] = { "snapdiff", "snapstat", "snapscrub", "profstat", "profdiff" };

	(void)state;
	if (!sandbox_is_default() || attempt(&deeds[8], 1) == NOT_IN_FORCE || attempt(&deeds[3], 1) == NOT_IN_FORCE)
		skip();
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (!waits_in_sandbox(tools[i]))
			fail_msg("%s reads outside of the sandbox", tools[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_opener_only_reads),
		cmocka_unit_test(the_opener_gives_symbols_and_nothing_else),
		cmocka_unit_test(an_opener_that_dies_is_an_error),
		cmocka_unit_test(every_command_enters_before_it_reads),
		cmocka_unit_test(the_same_calls_work_outside),
		cmocka_unit_test(forbidden_calls_are_denied),
	};
	char command[80];
	int rc = cmocka_run_group_tests(tests, set_up, NULL);

	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || rc;
}
