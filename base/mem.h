/*
 * mem.h - memory with an account.
 *
 * Every block of a run comes from one `struct mem`, which counts bytes, keeps the peak, refuses to go over a limit and
 * can be told to fail the n-th request (fault tests). Blocks of LARGE_BYTES and more are mapped on their own, aligned to
 * the huge-page size and advised so: the graph passes are random walks over hundreds of megabytes, where the cost is TLB
 * misses and page faults (pages.h).
 *
 * Thread rule: all functions may be called from any thread.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/keyed_hash.h"
#include "base/pages.h"

struct mem {
	_Atomic uint64_t used_bytes;
	_Atomic uint64_t peak_bytes;
	uint64_t limit_bytes;        /* 0: no limit */
	uint64_t expected_bytes;     /* what the whole run is thought to take, for the message; 0: not known */
	_Atomic int64_t fail_after;  /* fault tests: fail the request that takes this from 1 to 0; 0 or less: never */
	struct hash_key key;         /* of tables over what comes from input (table_hash.h); random */
	struct pages pages;          /* where large blocks come from */
};

void mem_init(struct mem *m, uint64_t limit_bytes);

/*
 * A zeroed block of `count` x `size` bytes, aligned to 64 bytes. NULL with `e` filled (ERR_MEMORY) when the product
 * overflows, the limit is reached or the system refuses. A zero-byte request gives a valid pointer.
 */
void *mem_alloc(struct mem *m, size_t count, size_t size, struct err *e);

/* The same, but the bytes may be anything: for what is written as a whole before it is read. */
void *mem_alloc_dirty(struct mem *m, size_t count, size_t size, struct err *e);

/*
 * Keep the pages of freed large blocks for later ones (1), or give all of them back to the system (0, as at first). Whoever
 * turns this on turns it off in the end.
 */
void mem_keep_pages(struct mem *m, int keep);

/*
 * Grow or shrink `p` (NULL: allocate). The new part is zero unless the block was shrunk before. On failure
 * NULL is returned and `p` stays valid.
 */
void *mem_resize(struct mem *m, void *p, size_t count, size_t size, struct err *e);

/* NULL is allowed. */
void mem_free(struct mem *m, void *p);

/* Bytes that `p` was asked for with. */
size_t mem_size(const void *p);

/*
 * Grow an array so that `need` elements fit, by half of its size at least. `*capacity` counts elements. Amortised O(1)
 * per element. On failure the array stays as it was.
 */
int mem_reserve(struct mem *m, void **array, size_t *capacity, size_t need, size_t size, struct err *e);

#define MEM_NEW(m, type, count, e) ((type *)mem_alloc((m), (count), sizeof(type), (e)))

/* Checked arithmetic for every size that comes from input: non-zero on overflow. */
static inline int ck_mul(size_t a, size_t b, size_t *out)
{
	return __builtin_mul_overflow(a, b, out);
}

static inline int ck_add(size_t a, size_t b, size_t *out)
{
	return __builtin_add_overflow(a, b, out);
}

#endif
