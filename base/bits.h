/*
 * bits.h - bit sets, and bit sets that number their members.
 *
 * A set over millions of nodes fits the second-level cache where a byte column would not. With ranks, columns for a few
 * nodes can be as short as the nodes are few.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

static inline int bit_get(const uint64_t *bits, uint32_t i)
{
	return (int)(bits[i >> 6] >> (i & 63) & 1);
}

static inline void bit_set(uint64_t *bits, uint32_t i)
{
	bits[i >> 6] |= (uint64_t)1 << (i & 63);
}

static inline void bit_clear(uint64_t *bits, uint32_t i)
{
	bits[i >> 6] &= ~((uint64_t)1 << (i & 63));
}

struct ranked_bits {
	uint64_t *bits;
	uint32_t *rank; /* members before each word */
	uint32_t n;     /* members */
};

/* An empty set over 0..size-1. Released by ranked_bits_release() also after a failure. */
int ranked_bits_alloc(struct ranked_bits *s, struct mem *m, uint32_t size, struct err *e);
void ranked_bits_release(struct ranked_bits *s, struct mem *m);

/* Number the members; to be called when all bits are set. O(size / 64). */
void ranked_bits_index(struct ranked_bits *s, uint32_t size);

/* How many members are smaller than `i`: the number of member i. */
static inline uint32_t ranked_bits_rank(const struct ranked_bits *s, uint32_t i)
{
	uint64_t below = s->bits[i >> 6] & (((uint64_t)1 << (i & 63)) - 1);

	return s->rank[i >> 6] + (uint32_t)__builtin_popcountll(below);
}

#endif
