/*
 * arena.h - many small blocks that die together.
 *
 * Used for names, paths and report cells, whose life is the run's, and for phase scratch. Blocks are aligned to 8 bytes
 * and never move. Not for columns: those are single blocks of mem.h.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct arena_chunk;

struct arena {
	struct mem *mem;
	struct arena_chunk *last;
};

void arena_init(struct arena *a, struct mem *m);
void arena_release(struct arena *a);

/* A zeroed block; NULL with `e` filled on failure. Amortised O(1). */
void *arena_alloc(struct arena *a, size_t bytes, struct err *e);

/* A NUL-terminated copy of `n` bytes. */
char *arena_copy(struct arena *a, const void *bytes, size_t n, struct err *e);

#endif
