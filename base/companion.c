#include "base/companion.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int ends_with(const char *name, size_t n, const char *end)
{
	size_t n_end = strlen(end);

	return n >= n_end && !memcmp(name + n - n_end, end, n_end);
}

/* perf-12.map, jit-12.dump, compressed or not */
static int is_code_of_run_time(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t n = strlen(name), digits;

	if (ends_with(name, n, ".zst"))
		n -= 4;
	else if (ends_with(name, n, ".gz"))
		n -= 3;
	if (!strncmp(name, "jit-", 4))
		return ends_with(name, n, ".dump");
	if (strncmp(name, "perf-", 5) != 0)
		return 0;
	digits = strspn(name + 5, "0123456789");
	return digits && n == 5 + digits + 4 && ends_with(name, n, ".map");
}

static int is_plain(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size;
}

static int is_elf(int fd)
{
	char magic[4];

	return pread(fd, magic, 4, 0) == 4 && !memcmp(magic, "\177ELF", 4);
}

int companion_open_here(const char *path)
{
	int by_name = is_code_of_run_time(path);
	/* nothing is waited for: neither a pipe's writer nor a terminal */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (by_name ? O_NOFOLLOW : 0));

	if (fd < 0 || (is_plain(fd) && (by_name || is_elf(fd))))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

int companion_open(const struct run *run, const char *path, int *fd, struct err *e)
{
	if (run->open_symbols)
		return run->open_symbols(run->open_ctx, path, fd, e);
	*fd = companion_open_here(path);
	return 0;
}
