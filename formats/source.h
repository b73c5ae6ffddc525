/*
 * source.h - where bytes come from: a file, standard input or memory, with zstd and gzip peeled off by their magic
 * bytes. Everything above sees the decoded bytes only, and offsets in errors count those.
 */
#ifndef FORMATS_SOURCE_H
#define FORMATS_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

/*
 * So much the readers fetch at once. A build for fuzzing fetches little: what it reads is short, and the borders between two
 * fetches are what is worth trying.
 */
#ifdef SNAPDIFF_SMALL_WINDOWS
#define READ_WINDOW_BYTES ((size_t)4096)
#else
#define READ_WINDOW_BYTES ((size_t)1 << 20)
#endif

struct source;

/*
 * Open `path` ("-": standard input) and look at its first bytes. On success `*out` must be closed by the caller.
 * ERR_IO when it cannot be opened or read or is a directory, ERR_TRUNCATED when it is empty.
 */
int source_open(struct source **out, struct mem *m, const char *path, struct err *e);

/* The same with a descriptor, which the source closes, also after a failure; `path` is its name in errors. */
int source_open_fd(struct source **out, struct mem *m, int fd, const char *path, struct err *e);

/* Read from memory that the caller keeps; for tests and fuzzing. */
int source_open_memory(struct source **out, struct mem *m, const void *bytes, size_t n, struct err *e);

/* NULL is allowed. */
void source_close(struct source *s);

/*
 * Read up to `n` decoded bytes; fewer only at the end. `*got` 0 is the end. ERR_IO, ERR_FORMAT (damaged compression),
 * ERR_TRUNCATED (the compressed stream ends in its middle; what was decoded before has been returned by earlier calls),
 * ERR_UNSUPPORTED when over 64 MiB come out at more than a thousand times the bytes that went in.
 */
int source_read(struct source *s, void *buf, size_t n, size_t *got, struct err *e);

/*
 * Look at the first `n` decoded bytes without taking them (fewer when the input is shorter). Only before the first
 * read; what `*bytes` points to is valid until then.
 */
int source_peek(struct source *s, size_t n, const char **bytes, size_t *got, struct err *e);

/* Start again from the first byte. ERR_UNSUPPORTED for a pipe. */
int source_rewind(struct source *s, struct err *e);

/* Compressed data may unpack to so many bytes; 64 GiB unless this is called. Beyond, reading ends with ERR_UNSUPPORTED. */
void source_limit(struct source *s, uint64_t bytes);

/* Bytes of the file as it lies on disk; 0 for a pipe. */
uint64_t source_size(const struct source *s);

/* Bytes of that read so far; for progress. */
uint64_t source_consumed(const struct source *s);

/* "none", "zstd" or "gzip". */
const char *source_compression(const struct source *s);

#endif
