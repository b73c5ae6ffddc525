/*
 * pack.h - the other way: bytes that leave are compressed as the name of their file says.
 */
#ifndef FORMATS_PACK_H
#define FORMATS_PACK_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct pack;

typedef int pack_write_fn(void *ctx, const char *bytes, size_t n, struct err *e);

/* "zstd" for .zst, "gzip" for .gz, else "none". */
const char *pack_kind(const char *path);

/* What comes out is given to `write`. On success to be closed by the caller. ERR_MEMORY. */
int pack_open(struct pack **out, struct mem *m, const char *kind, pack_write_fn *write, void *ctx, struct err *e);

/* ERR_INTERNAL when the library refuses, or what `write` returns. */
int pack_add(struct pack *p, const char *bytes, size_t n, struct err *e);

/* Write what is left; nothing may be added afterwards. */
int pack_finish(struct pack *p, struct err *e);

/* NULL is allowed. */
void pack_close(struct pack *p);

#endif
