#define _POSIX_C_SOURCE 200809L
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LARGE_BYTES ((size_t)1 << 20)

/* Stands right before each block; its size keeps the block on a cache line. */
struct header {
	_Alignas(64) size_t bytes; /* what the caller asked for */
	struct page_block pages;   /* base NULL: from malloc */
};

#define HEADER_BYTES sizeof(struct header)
_Static_assert(HEADER_BYTES == 64, "a block begins one cache line after its header");

static struct header *header_of(const void *p)
{
	return (struct header *)(uintptr_t)p - 1;
}

void mem_init(struct mem *m, uint64_t limit_bytes)
{
	atomic_init(&m->used_bytes, 0);
	atomic_init(&m->peak_bytes, 0);
	atomic_init(&m->fail_after, 0);
	m->limit_bytes = limit_bytes;
	m->expected_bytes = 0;
	m->key = keyed_hash_random_key();
	pages_init(&m->pages);
}

void mem_keep_pages(struct mem *m, int keep)
{
	pages_keep(&m->pages, keep);
}

static int over_limit(const struct mem *m, uint64_t used, struct err *e)
{
	unsigned long long limit = m->limit_bytes >> 20, so_far = used >> 20, expected = (m->expected_bytes >> 20) + 1;

	if (m->expected_bytes > used)
		return err_set(e, ERR_MEMORY, "the memory limit of %llu MiB does not suffice: about %llu MiB are needed; "
			       "raise it with --memory-limit", limit, expected);
	return err_set(e, ERR_MEMORY, "the memory limit of %llu MiB does not suffice: %llu MiB were needed so far; raise it "
		       "with --memory-limit", limit, so_far);
}

static int injected_fault(struct mem *m)
{
	if (atomic_load_explicit(&m->fail_after, memory_order_relaxed) <= 0)
		return 0;
	return atomic_fetch_sub(&m->fail_after, 1) == 1;
}

static int account(struct mem *m, size_t bytes, struct err *e)
{
	uint64_t used, peak;

	if (injected_fault(m))
		return err_set(e, ERR_MEMORY, "out of memory: an allocation of %zu bytes was refused", bytes);
	used = atomic_fetch_add(&m->used_bytes, bytes) + bytes;
	if (m->limit_bytes && used > m->limit_bytes) {
		atomic_fetch_sub(&m->used_bytes, bytes);
		return over_limit(m, used, e);
	}
	peak = atomic_load_explicit(&m->peak_bytes, memory_order_relaxed);
	while (used > peak && !atomic_compare_exchange_weak(&m->peak_bytes, &peak, used))
		;
	return 0;
}

static void *map_large(struct mem *m, size_t bytes)
{
	struct page_block b;
	struct header *h;

	if (pages_take(&m->pages, bytes + HEADER_BYTES, &b))
		return NULL;
	h = (struct header *)b.base;
	h->bytes = bytes;
	h->pages = b;
	return h + 1;
}

static void *alloc_small(size_t bytes)
{
	struct header *h;
	void *base;

	if (posix_memalign(&base, HEADER_BYTES, bytes + HEADER_BYTES))
		return NULL;
	memset(base, 0, bytes + HEADER_BYTES);
	h = base;
	h->bytes = bytes;
	return h + 1;
}

/* Old contents where pages were used before. */
static void *take(struct mem *m, size_t count, size_t size, struct err *e)
{
	size_t bytes;
	void *p;

	if (ck_mul(count, size, &bytes) || bytes > SIZE_MAX / 2) {
		err_set(e, ERR_MEMORY, "a block of %zu x %zu bytes is too large for this machine", count, size);
		return NULL;
	}
	if (account(m, bytes, e))
		return NULL;
	p = bytes >= LARGE_BYTES ? map_large(m, bytes) : alloc_small(bytes);
	if (!p) {
		atomic_fetch_sub(&m->used_bytes, bytes);
		err_set(e, ERR_MEMORY, "out of memory: the system refused %zu bytes", bytes);
		return NULL;
	}
	return p;
}

void *mem_alloc(struct mem *m, size_t count, size_t size, struct err *e)
{
	void *p = take(m, count, size, e);

	if (p && header_of(p)->pages.base)
		pages_clear(&header_of(p)->pages, HEADER_BYTES);
	return p;
}

void *mem_alloc_dirty(struct mem *m, size_t count, size_t size, struct err *e)
{
	return take(m, count, size, e);
}

/* 1: done; 0: the block cannot be resized where it is; -1: refused. */
static int resize_mapped(struct mem *m, struct header *h, size_t bytes, void **out, struct err *e)
{
	size_t old_bytes = h->bytes;
	struct page_block b = h->pages;

	if (bytes > old_bytes && account(m, bytes - old_bytes, e))
		return -1;
	if (pages_resize(&b, bytes + HEADER_BYTES)) {
		if (bytes > old_bytes)
			atomic_fetch_sub(&m->used_bytes, bytes - old_bytes);
		return 0;
	}
	if (bytes < old_bytes)
		atomic_fetch_sub(&m->used_bytes, old_bytes - bytes);
	h = (struct header *)b.base;
	h->bytes = bytes;
	h->pages = b;
	*out = h + 1;
	return 1;
}

static void *resize_by_copy(struct mem *m, void *p, size_t count, size_t size, struct err *e)
{
	void *q = mem_alloc(m, count, size, e);

	if (!q)
		return NULL;
	memcpy(q, p, mem_size(p) < mem_size(q) ? mem_size(p) : mem_size(q));
	mem_free(m, p);
	return q;
}

void *mem_resize(struct mem *m, void *p, size_t count, size_t size, struct err *e)
{
	struct header *h;
	size_t bytes;
	void *q = NULL;

	if (!p)
		return mem_alloc(m, count, size, e);
	h = header_of(p);
	if (ck_mul(count, size, &bytes))
		bytes = SIZE_MAX;
	if (h->pages.base && bytes >= LARGE_BYTES && bytes < SIZE_MAX / 2 && resize_mapped(m, h, bytes, &q, e))
		return q;
	return resize_by_copy(m, p, count, size, e);
}

void mem_free(struct mem *m, void *p)
{
	struct header *h;

	if (!p)
		return;
	h = header_of(p);
	atomic_fetch_sub(&m->used_bytes, h->bytes);
	if (h->pages.base) {
		struct page_block b = h->pages;

		pages_give(&m->pages, &b);
	} else {
		free(h);
	}
}

size_t mem_size(const void *p)
{
	return header_of(p)->bytes;
}

int mem_reserve(struct mem *m, void **array, size_t *capacity, size_t need, size_t size, struct err *e)
{
	size_t want = *capacity + *capacity / 2;
	void *p;

	if (need <= *capacity)
		return 0;
	if (want < need)
		want = need;
	if (want < 16)
		want = 16;
	p = mem_resize(m, *array, want, size, e);
	if (!p)
		return e->kind;
	*array = p;
	*capacity = want;
	return 0;
}
