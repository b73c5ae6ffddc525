#define _GNU_SOURCE /* O_PATH, syscall */
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__) && defined(__x86_64__) && !defined(__ILP32__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__linux__) && defined(__aarch64__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#endif

int sandbox_is_default(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return 0;
#else
	return 1;
#endif
}

#ifdef SANDBOX_ARCH
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Rights that newer kernels have than the headers this may be built with. */
#define FS_REFER ((uint64_t)1 << 13)
#define FS_TRUNCATE ((uint64_t)1 << 14)

#define FS_WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG)
#define FS_FIRST_VERSION (((uint64_t)1 << 13) - 1)

static uint64_t handled_rights(long version)
{
	return FS_FIRST_VERSION | (version >= 2 ? FS_REFER : 0) | (version >= 3 ? FS_TRUNCATE : 0);
}

/* What cannot be opened here cannot be opened later either, and says so then. */
static void allow(int ruleset, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };

	if (fd < 0)
		return;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(fd);
}

static void allow_input(int ruleset, const char *path)
{
	struct stat st;

	if (!strcmp(path, "-") || stat(path, &st))
		return;
	/* a directory is refused in words of our own, after it could be opened */
	allow(ruleset, path, S_ISDIR(st.st_mode) ? LANDLOCK_ACCESS_FS_READ_DIR : LANDLOCK_ACCESS_FS_READ_FILE);
}

/* A file is made in its directory under another name; what is no file is written directly. */
static void allow_output(int ruleset, const char *path, uint64_t handled)
{
	char target[PATH_MAX], *slash;
	struct stat st;

	if (!strcmp(path, "-"))
		return;
	if (!stat(path, &st) && (!S_ISREG(st.st_mode) || !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6))) {
		allow(ruleset, path, LANDLOCK_ACCESS_FS_WRITE_FILE | (handled & FS_TRUNCATE));
		return;
	}
	if (!realpath(path, target))
		snprintf(target, sizeof(target), "%s", path);
	slash = strrchr(target, '/');
	if (slash)
		slash[slash == target] = '\0';
	allow(ruleset, slash ? target : ".", handled & (FS_WRITE | FS_REFER | FS_TRUNCATE));
}

/* What formats/kernel_symbols.c reads. */
static const char *const kernel_files[] = { "/proc/kallsyms", "/sys/kernel/notes" };

#define N_KERNEL_FILES (sizeof(kernel_files) / sizeof(kernel_files[0]))

static int restrict_files(const struct sandbox_paths *p)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = { .handled_access_fs = handled_rights(version) };
	int ruleset, failed;

	/* the first version forbids what a link from one directory to another needs */
	if (version < 1)
		return -1;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0);
	if (ruleset < 0)
		return -1;
	for (size_t i = 0; i < p->n_inputs; i++)
		allow_input(ruleset, p->inputs[i]);
	if (p->list)
		allow_input(ruleset, p->list);
	for (size_t i = 0; i < N_KERNEL_FILES && p->kernel_symbols; i++)
		allow_input(ruleset, kernel_files[i]);
	for (size_t i = 0; i < p->n_outputs; i++)
		allow_output(ruleset, p->outputs[i], attr.handled_access_fs);
	failed = syscall(SYS_landlock_restrict_self, ruleset, 0) != 0;
	close(ruleset);
	return failed ? -1 : 0;
}

/* Calls that no analysis makes; SYS_sendmsg, at their end, is what the opener answers with. What is not in a kernel's or architecture's list is left out. */
static const unsigned short forbidden[] = {
	SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto,
	SYS_sendmmsg, SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kill,
	SYS_pidfd_open, SYS_pidfd_getfd, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns,
	SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
	SYS_add_key, SYS_request_key, SYS_keyctl, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load,
	SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_setuid, SYS_setgid, SYS_setresuid, SYS_setresgid,
	SYS_mknodat, SYS_swapon, SYS_swapoff, SYS_reboot, SYS_acct, SYS_quotactl, SYS_personality,
#ifdef SYS_fork
	SYS_fork, SYS_vfork,
#endif
	SYS_sendmsg,
};

#define N_FORBIDDEN (sizeof(forbidden) / sizeof(forbidden[0]))
#define X32_BIT 0x40000000u

#define REFUSE(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))

/* Threads yes, processes no; clone3() keeps its flags in memory, where a filter cannot look: the C library falls back. */
static const struct sock_filter head[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0),
	REFUSE(ENOSYS),
	LOAD(nr),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
	REFUSE(ENOSYS),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
	REFUSE(ENOSYS),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
	LOAD(args[0]),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
	ALLOW,
	REFUSE(EPERM),
};

#define N_HEAD (sizeof(head) / sizeof(head[0]))

static int restrict_calls(size_t n_forbidden)
{
	struct sock_filter code[N_HEAD + 2 * N_FORBIDDEN + 1];
	struct sock_fprog program = { .len = (unsigned short)(N_HEAD + 2 * n_forbidden + 1), .filter = code };
	size_t n = N_HEAD;

	memcpy(code, head, sizeof(head));
	for (size_t i = 0; i < n_forbidden; i++) {
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, forbidden[i], 0, 1);
		code[n++] = (struct sock_filter)REFUSE(EPERM);
	}
	code[n] = (struct sock_filter)ALLOW;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -1 : 0;
}

int sandbox_enter(const struct sandbox_paths *p, char why[160])
{
	int parts = 0;

	why[0] = '\0';
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		snprintf(why, 160, "the kernel refuses to keep this process from new privileges: %s", strerror(errno));
		return 0;
	}
	if (!restrict_files(p))
		parts |= SANDBOX_FILES;
	else
		snprintf(why, 160, "the kernel has no Landlock, so files are not protected: %s", strerror(errno));
	if (!restrict_calls(N_FORBIDDEN))
		parts |= SANDBOX_SYSCALLS;
	else
		snprintf(why, 160, "the kernel has no seccomp filters, so the network is not protected: %s", strerror(errno));
	return parts;
}

static int restrict_to_reading(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr attr = { .handled_access_fs = handled_rights(version) };
	int ruleset, failed;

	if (version < 1)
		return -1;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0);
	if (ruleset < 0)
		return -1;
	allow(ruleset, "/", LANDLOCK_ACCESS_FS_READ_FILE);
	failed = syscall(SYS_landlock_restrict_self, ruleset, 0) != 0;
	close(ruleset);
	return failed ? -1 : 0;
}

int sandbox_enter_opener(char why[160])
{
	int parts = 0;

	why[0] = '\0';
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
		snprintf(why, 160, "the kernel refuses to keep this process from new privileges: %s", strerror(errno));
		return 0;
	}
	if (!restrict_to_reading())
		parts |= SANDBOX_FILES;
	if (!restrict_calls(N_FORBIDDEN - 1))
		parts |= SANDBOX_SYSCALLS;
	return parts;
}

#else

int sandbox_enter_opener(char why[160])
{
	snprintf(why, 160, "there is no sandbox for this kind of machine");
	return 0;
}

int sandbox_enter(const struct sandbox_paths *p, char why[160])
{
	(void)p;
	snprintf(why, 160, "there is no sandbox for this kind of machine");
	return 0;
}

#endif
