#include "analyzer/idsort.h"

#include <string.h>

#define RADIX_BITS 11
#define RADIX (1u << RADIX_BITS)

static uint32_t digit(uint64_t id, unsigned shift)
{
	return (uint32_t)(id >> shift) & (RADIX - 1);
}

/* One stable pass of a counting sort by a digit of the id. */
static void sort_pass(const struct col64 *ids, uint32_t n, const uint32_t *from, uint32_t *to,
		      unsigned shift)
{
	uint32_t start[RADIX] = { 0 }, sum = 0;

	for (uint32_t i = 0; i < n; i++)
		start[digit(col64_get(ids, from[i]), shift)]++;
	for (uint32_t d = 0; d < RADIX; d++) {
		uint32_t count = start[d];

		start[d] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < n; i++)
		to[start[digit(col64_get(ids, from[i]), shift)]++] = from[i];
}

/* No smaller than any id. */
static uint64_t bound_of(const struct col64 *ids, const uint32_t *order, uint32_t n)
{
	uint64_t max = 0;

	for (uint32_t i = 0; i < n; i++)
		max |= col64_get(ids, order[i]);
	return max;
}

int idsort(struct mem *m, const struct col64 *ids, uint32_t *order, uint32_t n, struct err *e)
{
	uint32_t *other = mem_alloc(m, n, 4, e), *from = order, *to = other;
	uint64_t max;

	if (!other)
		return e->kind;
	max = bound_of(ids, order, n);
	for (unsigned shift = 0; shift < 64 && max >> shift; shift += RADIX_BITS) {
		uint32_t *swap = from;

		sort_pass(ids, n, from, to, shift);
		from = to;
		to = swap;
	}
	if (from != order)
		memcpy(order, from, (size_t)n * 4);
	mem_free(m, other);
	return 0;
}
