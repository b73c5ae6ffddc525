/*
 * hash_index.h - finds numbers by hash: the side table that makes rows of columns unique.
 *
 * The rows stay with their owner, who also compares them. Open addressing, half full at most.
 *
 *	for (i = hash_index_first(&x, h, &at); i != HASH_NONE; i = hash_index_next(&x, h, &at))
 *		if (row i is equal)
 *			return i;
 *	hash_index_add(&x, h, n_rows, e);
 */
#ifndef BASE_HASH_INDEX_H
#define BASE_HASH_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

#define HASH_NONE UINT32_MAX

struct hash_slot {
	uint32_t hash;   /* the low half of what the owner gave; hashes come mixed (table_hash.h) */
	uint32_t number; /* plus 1; 0: empty */
};

struct hash_index {
	struct mem *mem;
	struct hash_slot *slots;
	size_t mask; /* slots - 1; 0: none yet */
	size_t n;
};

void hash_index_init(struct hash_index *x, struct mem *m);
void hash_index_release(struct hash_index *x);

/* Add `number` (below HASH_NONE) under the hash. Amortised O(1). */
int hash_index_add(struct hash_index *x, uint64_t hash, uint32_t number, struct err *e);

static inline uint32_t hash_index_scan(const struct hash_index *x, uint32_t hash, size_t *at)
{
	for (;; *at = (*at + 1) & x->mask) {
		const struct hash_slot *s = &x->slots[*at];

		if (!s->number)
			return HASH_NONE;
		if (s->hash == hash)
			return s->number - 1;
	}
}

/* The first number under the hash, or HASH_NONE. */
static inline uint32_t hash_index_first(const struct hash_index *x, uint64_t hash, size_t *at)
{
	if (!x->mask)
		return HASH_NONE;
	*at = (uint32_t)hash & x->mask;
	return hash_index_scan(x, (uint32_t)hash, at);
}

static inline uint32_t hash_index_next(const struct hash_index *x, uint64_t hash, size_t *at)
{
	*at = (*at + 1) & x->mask;
	return hash_index_scan(x, (uint32_t)hash, at);
}

#endif
