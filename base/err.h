/*
 * err.h - how a failure travels.
 *
 * Every fallible function returns 0 or one of the negative kinds below and has filled `struct err`. It is set once,
 * where the failure happens; callers only add what they know (the file name). Nothing below cli/ prints or exits.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdint.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE = -1,       /* the caller's words are wrong (options, arguments) */
	ERR_FORMAT = -2,      /* the input is not what its format demands */
	ERR_TRUNCATED = -3,   /* the input ends too early */
	ERR_UNSUPPORTED = -4, /* a valid input that this program does not read */
	ERR_IO = -5,          /* the operating system refused a read or a write */
	ERR_MEMORY = -6,      /* out of memory, or over --memory-limit */
	ERR_CANCELLED = -7,   /* the user interrupted */
	ERR_INTERNAL = -8,    /* our bug */
	ERR_CONDITION = -9,   /* something that the caller asked to be told of is the case */
};

#define ERR_NO_OFFSET UINT64_MAX

struct err {
	enum err_kind kind;
	uint64_t offset;  /* byte offset in the decoded input, or ERR_NO_OFFSET */
	char file[512];   /* input or output the failure is about; "" when unknown */
	char text[768];   /* one sentence: what was expected, what was found; UTF-8, may hold input bytes */
};

#define ERR_INIT { ERR_NONE, ERR_NO_OFFSET, "", "" }

/* Fill `e` and return `kind`, so that a caller can write `return err_set(...)`. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same with the byte offset in the decoded input. */
int err_at(struct err *e, enum err_kind kind, uint64_t offset, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Name the file the failure is about, unless one is named already. Returns the kind. */
int err_in(struct err *e, const char *file);

#endif
