#define _GNU_SOURCE /* mremap, MADV_HUGEPAGE, MAP_ANONYMOUS */
#include "base/pages.h"

#include <string.h>
#include <sys/mman.h>

#define MAX_PART_UNITS UINT16_MAX

#define SMALL ((size_t)4096)

static size_t whole_pages(size_t bytes)
{
	return (bytes + SMALL - 1) & ~(SMALL - 1);
}

/* Address space that starts on a huge-page border, so that the kernel can back the whole block with huge pages. */
static char *reserve(size_t bytes)
{
	char *raw, *base;

	raw = mmap(NULL, bytes + PAGES_UNIT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (raw == MAP_FAILED)
		return NULL;
	base = (char *)(((uintptr_t)raw + PAGES_UNIT - 1) & ~(uintptr_t)(PAGES_UNIT - 1));
	if (base > raw)
		munmap(raw, (size_t)(base - raw));
	munmap(base + bytes, (size_t)(raw + PAGES_UNIT - base));
	madvise(base, bytes, MADV_HUGEPAGE);
	return base;
}

/* Pages change their address; what was mapped at `to` goes. */
static int move(char *from, size_t bytes, char *to, size_t new_bytes)
{
	return mremap(from, bytes, new_bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) == MAP_FAILED ? -1 : 0;
}

void pages_init(struct pages *p)
{
	memset(p, 0, sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
}

static void drop_tails(struct pages *p)
{
	while (p->n_tails) {
		p->n_tails--;
		munmap(p->tails[p->n_tails].base, p->tails[p->n_tails].size);
	}
}

static void drop_all(struct pages *p)
{
	drop_tails(p);
	while (p->n) {
		p->n--;
		munmap(p->spans[p->n].base, p->spans[p->n].size * PAGES_UNIT);
	}
}

void pages_keep(struct pages *p, int keep)
{
	pthread_mutex_lock(&p->lock);
#ifdef __SANITIZE_ADDRESS__
	keep = 0; /* a pointer into a freed block must fault */
#endif
	p->keep = keep;
	if (!keep)
		drop_all(p);
	pthread_mutex_unlock(&p->lock);
}

/* Where the odd end of a block begins. */
static size_t tail_at(const struct page_block *b)
{
	return b->bytes / PAGES_UNIT * PAGES_UNIT;
}

static void clear(char *base, size_t from, size_t end)
{
	if (from < end)
		memset(base + from, 0, end - from);
}

void pages_clear(const struct page_block *b, size_t skip)
{
	size_t units = 0, tail = tail_at(b);

	for (unsigned i = 0; i < b->n_parts; i++)
		units += b->units[i];
	clear(b->base, skip, units * PAGES_UNIT);
	clear(b->base, tail > skip ? tail : skip, tail + b->tail_pages * SMALL);
}

/* Which of the spans to take `want` from: the smallest that has so much, else the largest. */
static unsigned choose(const struct page_span *spans, unsigned n, size_t want)
{
	unsigned best = 0;

	for (unsigned i = 1; i < n; i++) {
		size_t a = spans[i].size, b = spans[best].size;

		if (a >= want ? b < want || a < b : a > b)
			best = i;
	}
	return best;
}

/* The end of the chosen span becomes the block's next part. */
static int add_part(struct pages *p, struct page_block *b, size_t at, size_t want)
{
	unsigned i = choose(p->spans, p->n, want);
	struct page_span *s = &p->spans[i];
	size_t n = s->size < want ? s->size : want;

	if (n > MAX_PART_UNITS)
		n = MAX_PART_UNITS;
	if (move(s->base + (s->size - n) * PAGES_UNIT, n * PAGES_UNIT, b->base + at * PAGES_UNIT, n * PAGES_UNIT))
		return -1;
	b->units[b->n_parts++] = (uint16_t)n;
	s->size -= n;
	if (!s->size)
		*s = p->spans[--p->n];
	return 0;
}

/* The block's odd end begins with small pages of an earlier one; what is left of those is given back. */
static void add_tail(struct pages *p, struct page_block *b)
{
	size_t want = b->bytes - tail_at(b), n;
	unsigned i = choose(p->tails, p->n_tails, want);
	struct page_span t;

	if (!want || !p->n_tails || !tail_at(b))
		return;
	t = p->tails[i];
	n = t.size < want ? t.size : want;
	if (move(t.base, n, b->base + tail_at(b), n))
		return;
	b->tail_pages = (uint16_t)(n / SMALL);
	p->tails[i] = p->tails[--p->n_tails];
	if (n < t.size)
		munmap(t.base + n, t.size - n);
}

static void fill_from_kept(struct pages *p, struct page_block *b)
{
	size_t want = b->bytes / PAGES_UNIT, have = 0;

	pthread_mutex_lock(&p->lock);
	add_tail(p, b);
	while (have < want && p->n && b->n_parts < PAGES_MAX_PARTS) {
		if (add_part(p, b, have, want - have))
			break;
		have += b->units[b->n_parts - 1];
	}
	if (have < want)
		drop_tails(p);
	pthread_mutex_unlock(&p->lock);
}

int pages_take(struct pages *p, size_t bytes, struct page_block *out)
{
	memset(out, 0, sizeof(*out));
	out->bytes = whole_pages(bytes);
	out->base = reserve(out->bytes);
	if (!out->base)
		return -1;
	fill_from_kept(p, out);
	return 0;
}

/* Fewer parts, and the last of them shorter, so that all of them are within `bytes`, whole huge pages. */
static void cut_parts(struct page_block *b, size_t bytes)
{
	size_t left = bytes / PAGES_UNIT;
	unsigned i = 0;

	for (; i < b->n_parts && left; i++) {
		if (b->units[i] > left)
			b->units[i] = (uint16_t)left;
		left -= b->units[i];
	}
	b->n_parts = (uint16_t)i;
}

static void shrink(struct page_block *b, size_t bytes)
{
	size_t keep = (bytes + PAGES_UNIT - 1) / PAGES_UNIT * PAGES_UNIT;

	if (keep >= b->bytes)
		return;
	munmap(b->base + keep, b->bytes - keep);
	b->bytes = keep;
	b->tail_pages = 0;
	cut_parts(b, keep);
}

/* One mapping moves without being copied. */
static int grow(struct page_block *b, size_t bytes)
{
	char *base;

	if (b->n_parts || b->tail_pages)
		return -1;
	base = reserve(bytes);
	if (!base)
		return -1;
	if (move(b->base, b->bytes, base, bytes)) {
		munmap(base, bytes);
		return -1;
	}
	madvise(base, bytes, MADV_HUGEPAGE);
	b->base = base;
	b->bytes = bytes;
	return 0;
}

int pages_resize(struct page_block *b, size_t bytes)
{
	bytes = whole_pages(bytes);
	if (bytes > b->bytes)
		return grow(b, bytes);
	shrink(b, bytes);
	return 0;
}

/* Non-zero: it is on the list now. */
static int keep(struct pages *p, struct page_span *list, unsigned *n, unsigned most, struct page_span span)
{
	int kept;

	pthread_mutex_lock(&p->lock);
	kept = p->keep && *n < most;
	if (kept)
		list[(*n)++] = span;
	pthread_mutex_unlock(&p->lock);
	return kept;
}

static void give_span(struct pages *p, char *base, size_t units)
{
	if (units && !keep(p, p->spans, &p->n, PAGES_MAX_SPANS, (struct page_span){ base, units }))
		munmap(base, units * PAGES_UNIT);
}

static void give_tail(struct pages *p, int worth_it, char *base, size_t bytes)
{
	if (bytes && (!worth_it || !keep(p, p->tails, &p->n_tails, PAGES_MAX_TAILS, (struct page_span){ base, bytes })))
		munmap(base, bytes);
}

/* Each part is a mapping of its own, and so is a tail that was taken over: mremap(2) moves what is within one mapping. */
void pages_give(struct pages *p, const struct page_block *b)
{
	char *at = b->base, *end = b->base + tail_at(b);
	size_t old_tail = b->tail_pages * SMALL;

	for (unsigned i = 0; i < b->n_parts; i++) {
		give_span(p, at, b->units[i]);
		at += b->units[i] * PAGES_UNIT;
	}
	give_span(p, at, (size_t)(end - at) / PAGES_UNIT);
	give_tail(p, tail_at(b) != 0, end, old_tail);
	give_tail(p, tail_at(b) != 0, end + old_tail, b->bytes - tail_at(b) - old_tail);
}
