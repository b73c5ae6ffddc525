#define _GNU_SOURCE /* MADV_HUGEPAGE, MAP_ANONYMOUS */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HEADER_BYTES 64
#define HUGE_BYTES ((size_t)2 << 20)
#define LARGE_BYTES ((size_t)1 << 20)

/* Stands right before each block; its size keeps the block on a cache line. */
struct header {
	size_t bytes;        /* what the caller asked for */
	size_t mapped_bytes; /* length of the mapping; 0: from malloc */
	void *base;          /* what to unmap or free */
};

static struct header *header_of(const void *p)
{
	return (struct header *)((char *)(uintptr_t)p - HEADER_BYTES);
}

void mem_init(struct mem *m, uint64_t limit_bytes)
{
	atomic_init(&m->used_bytes, 0);
	atomic_init(&m->peak_bytes, 0);
	atomic_init(&m->fail_after, 0);
	m->limit_bytes = limit_bytes;
	m->expected_bytes = 0;
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

static void *place(void *base, size_t bytes, size_t mapped_bytes)
{
	struct header *h = base;

	h->bytes = bytes;
	h->mapped_bytes = mapped_bytes;
	h->base = base;
	return (char *)base + HEADER_BYTES;
}

static size_t mapping_length(size_t bytes)
{
	return (bytes + HEADER_BYTES + 4095) & ~(size_t)4095;
}

/* Address space that starts on a huge-page border, so that the kernel can back the whole block with huge pages. */
static char *reserve_aligned(size_t len)
{
	char *raw, *base;

	raw = mmap(NULL, len + HUGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (raw == MAP_FAILED)
		return NULL;
	base = (char *)(((uintptr_t)raw + HUGE_BYTES - 1) & ~(uintptr_t)(HUGE_BYTES - 1));
	if (base > raw)
		munmap(raw, (size_t)(base - raw));
	munmap(base + len, (size_t)(raw + HUGE_BYTES - base));
	return base;
}

static void *map_large(size_t bytes)
{
	size_t len = mapping_length(bytes);
	char *base = reserve_aligned(len);

	if (!base)
		return NULL;
	madvise(base, len, MADV_HUGEPAGE);
	return place(base, bytes, len);
}

/* Give a mapping another length: its pages move to a new aligned place without being copied. */
static void *remap_large(struct header *h, size_t bytes)
{
	size_t len = mapping_length(bytes), old_len = h->mapped_bytes;
	char *base = reserve_aligned(len);

	if (!base)
		return NULL;
	if (mremap(h->base, old_len, len, MREMAP_MAYMOVE | MREMAP_FIXED, base) == MAP_FAILED) {
		munmap(base, len);
		return NULL;
	}
	madvise(base, len, MADV_HUGEPAGE);
	return place(base, bytes, len);
}

static void *alloc_small(size_t bytes)
{
	void *base;

	if (posix_memalign(&base, HEADER_BYTES, bytes + HEADER_BYTES))
		return NULL;
	memset(base, 0, bytes + HEADER_BYTES);
	return place(base, bytes, 0);
}

void *mem_alloc(struct mem *m, size_t count, size_t size, struct err *e)
{
	size_t bytes;
	void *p;

	if (ck_mul(count, size, &bytes) || bytes > SIZE_MAX / 2) {
		err_set(e, ERR_MEMORY, "a block of %zu x %zu bytes is too large for this machine", count, size);
		return NULL;
	}
	if (account(m, bytes, e))
		return NULL;
	p = bytes >= LARGE_BYTES ? map_large(bytes) : alloc_small(bytes);
	if (!p) {
		atomic_fetch_sub(&m->used_bytes, bytes);
		err_set(e, ERR_MEMORY, "out of memory: the system refused %zu bytes", bytes);
	}
	return p;
}

static void *resize_mapped(struct mem *m, struct header *h, size_t bytes, struct err *e)
{
	size_t old_bytes = h->bytes;
	void *q;

	if (bytes > old_bytes && account(m, bytes - old_bytes, e))
		return NULL;
	q = remap_large(h, bytes);
	if (!q) {
		if (bytes > old_bytes)
			atomic_fetch_sub(&m->used_bytes, bytes - old_bytes);
		err_set(e, ERR_MEMORY, "out of memory: the system refused %zu bytes", bytes);
	} else if (bytes < old_bytes) {
		atomic_fetch_sub(&m->used_bytes, old_bytes - bytes);
	}
	return q;
}

void *mem_resize(struct mem *m, void *p, size_t count, size_t size, struct err *e)
{
	struct header *h;
	size_t bytes;
	void *q;

	if (!p)
		return mem_alloc(m, count, size, e);
	h = header_of(p);
	if (ck_mul(count, size, &bytes))
		bytes = SIZE_MAX;
	if (h->mapped_bytes && bytes >= LARGE_BYTES && bytes < SIZE_MAX / 2)
		return resize_mapped(m, h, bytes, e);
	q = mem_alloc(m, count, size, e);
	if (!q)
		return NULL;
	memcpy(q, p, h->bytes < bytes ? h->bytes : bytes);
	mem_free(m, p);
	return q;
}

void mem_free(struct mem *m, void *p)
{
	struct header *h;

	if (!p)
		return;
	h = header_of(p);
	atomic_fetch_sub(&m->used_bytes, h->bytes);
	if (h->mapped_bytes)
		munmap(h->base, h->mapped_bytes);
	else
		free(h->base);
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
