/*
 * pages.h - large blocks of address space, and the pages of those that were given back.
 *
 * The first touch of a page is dear: the kernel clears it, and on a virtual machine the host may have to find it first (up
 * to 1 ms per MB was seen, ten times what a pass over it costs). An analysis gives back as much as it holds at its widest,
 * array after array, so freed huge pages are kept and moved under the next block by mremap(2): whole page-table entries
 * change their place, no byte is copied. A block takes what is kept before it asks for fresh pages, so the resident size
 * never exceeds the largest sum of blocks in use.
 *
 * A block is made of parts, each a mapping of its own of whole huge pages, then of fresh ones, and of its tail: the odd end
 * that is no huge page. Tails of snapshots of some ten megabytes are most of what is mapped, in small pages that cost a fault
 * each; they are kept, too, until fresh huge pages are needed: then the process grows, and what lies idle is given back.
 * Blocks below a huge page keep out of this: a reader's window is hardly touched by a small file, and moving it costs more.
 * Blocks begin on a huge-page border. Thread rule: all functions may be called from any thread.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define PAGES_UNIT ((size_t)2 << 20) /* a huge page of x86-64 and of arm64 with 4 KiB pages */
#define PAGES_MAX_PARTS 16
#define PAGES_MAX_SPANS 128
#define PAGES_MAX_TAILS 32

struct pages {
	pthread_mutex_t lock;
	int keep;            /* 0: what is given back goes to the system at once */
	unsigned n;
	struct page_span {
		char *base;
		size_t size; /* huge pages; bytes of a tail */
	} spans[PAGES_MAX_SPANS];
	unsigned n_tails;
	struct page_span tails[PAGES_MAX_TAILS];
};

/* Owned by whoever holds the block; small enough to stand in front of it. */
struct page_block {
	char *base;
	size_t bytes;        /* mapped */
	uint16_t n_parts;
	uint16_t units[PAGES_MAX_PARTS]; /* huge pages of each part */
	uint16_t tail_pages; /* small pages that an earlier owner left, where the odd end of the block begins */
};

/* Keeps nothing until pages_keep(). */
void pages_init(struct pages *p);

/* From now on keep what is given back (1), or let go of all of it (0). */
void pages_keep(struct pages *p, int keep);

/* Clear what an earlier owner left, the first `skip` bytes of the block apart. All else is zero anyway. */
void pages_clear(const struct page_block *b, size_t skip);

/* A block of `bytes` > 0. 0, or -1 when the system refuses. O(bytes) page-table work for fresh pages on their touch. */
int pages_take(struct pages *p, size_t bytes, struct page_block *out);

/*
 * Another length; contents stay, and new bytes are zero unless the block was shrunk before. The block may move. -1: the
 * system refuses, or the block is to grow and is made of parts; it is as it was.
 */
int pages_resize(struct page_block *b, size_t bytes);

void pages_give(struct pages *p, const struct page_block *b);

#endif
