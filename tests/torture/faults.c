#define _GNU_SOURCE /* mremap's flags */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static enum fault armed;
static atomic_long left;
static long amount;
static atomic_int hit;

void faults_arm(enum fault fault, long at)
{
	armed = FAULT_NONE;
	atomic_store(&left, at);
	amount = at;
	atomic_store(&hit, 0);
	armed = fault;
}

int faults_hit(void)
{
	return atomic_load(&hit);
}

/* Is this the call that fails? */
static int strikes(enum fault kind)
{
	if (armed == FAULT_SIGNAL && atomic_fetch_sub(&left, 1) == 1) {
		atomic_store(&hit, 1);
		raise(SIGINT);
	}
	if (armed != kind || atomic_fetch_sub(&left, 1) != 1)
		return 0;
	atomic_store(&hit, 1);
	return 1;
}

static int no_memory(void)
{
	int gone = armed == FAULT_MEMORY_GONE && atomic_fetch_sub(&left, 1) <= 1;

	if (gone)
		atomic_store(&hit, 1);
	if (!gone && !strikes(FAULT_MEMORY))
		return 0;
	errno = ENOMEM;
	return 1;
}

static size_t shortened(size_t n)
{
	return armed == FAULT_SHORT && n > (size_t)amount ? (size_t)amount : n;
}

static int refuse(int number)
{
	errno = number;
	return -1;
}

/* The names of what is wrapped, by ld's rule. */
ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n);
ssize_t __real_write(int fd, const void *buf, size_t n);
ssize_t __wrap_write(int fd, const void *buf, size_t n);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_close(int fd);
int __wrap_close(int fd);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __real_linkat(int a, const char *from, int b, const char *to, int flags);
int __wrap_linkat(int a, const char *from, int b, const char *to, int flags);
int __real_posix_memalign(void **p, size_t align, size_t n);
int __wrap_posix_memalign(void **p, size_t align, size_t n);
void *__real_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset);
void *__real_mremap(void *at, size_t n, size_t new_n, int flags, ...);
void *__wrap_mremap(void *at, size_t n, size_t new_n, int flags, ...);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

/* The first read meets an end that is none, and so does the second; after that there is more. */
static ssize_t read_of_growing(int fd, void *buf, size_t n)
{
	ssize_t got;

	if (faults_hit()) {
		atomic_store(&hit, 2);
		return 0;
	}
	got = __real_read(fd, buf, n);
	if (got <= amount || lseek(fd, -amount, SEEK_CUR) < 0)
		return got;
	atomic_store(&hit, 1);
	return got - amount;
}

ssize_t __wrap_read(int fd, void *buf, size_t n)
{
	if (armed == FAULT_GROWS && atomic_load(&hit) < 2)
		return read_of_growing(fd, buf, n);
	return strikes(FAULT_READ) ? refuse(EIO) : __real_read(fd, buf, shortened(n));
}

ssize_t __wrap_write(int fd, const void *buf, size_t n)
{
	return strikes(FAULT_WRITE) ? refuse(ENOSPC) : __real_write(fd, buf, shortened(n));
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return strikes(FAULT_FILES) ? refuse(EMFILE) : __real_open(path, flags, mode);
}

int __wrap_close(int fd)
{
	int rc = __real_close(fd);

	return strikes(FAULT_FILES) ? refuse(EIO) : rc;
}

int __wrap_rename(const char *from, const char *to)
{
	return strikes(FAULT_FILES) ? refuse(EIO) : __real_rename(from, to);
}

int __wrap_linkat(int a, const char *from, int b, const char *to, int flags)
{
	return strikes(FAULT_FILES) ? refuse(EIO) : __real_linkat(a, from, b, to, flags);
}

int __wrap_posix_memalign(void **p, size_t align, size_t n)
{
	return no_memory() ? ENOMEM : __real_posix_memalign(p, align, n);
}

void *__wrap_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
	return no_memory() ? MAP_FAILED : __real_mmap(at, n, protection, flags, fd, offset);
}

void *__wrap_mremap(void *at, size_t n, size_t new_n, int flags, ...)
{
	va_list ap;
	void *to;

	va_start(ap, flags);
	to = flags & MREMAP_FIXED ? va_arg(ap, void *) : NULL;
	va_end(ap);
	return no_memory() ? MAP_FAILED : __real_mremap(at, n, new_n, flags, to);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __real_calloc(n, size);
}

#ifdef WITHOUT_SANITIZERS
/* glibc's own functions under their other names; these here serve libxml2, zstd, zlib, PCRE2 and the C library too. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);

void *malloc(size_t n)
{
	return no_memory() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return no_memory() ? NULL : __libc_realloc(p, n);
}
#endif
