/*
 * table_hash.h - hashes for tables whose keys come out of an input.
 *
 * Whoever knows a hash function can write a file whose names all fall into one slot, and a table that should take seconds
 * takes days. So these are keyed, with a key that every struct mem draws anew when it is made: SipHash-1-3 (Aumasson and
 * Bernstein), whose collisions nobody can find without the key. They differ from run to run and must neither be shown nor
 * decide an order: for that there is hash.h.
 */
#ifndef BASE_TABLE_HASH_H
#define BASE_TABLE_HASH_H

#include "base/keyed_hash.h"
#include "base/mem.h"
#include "base/str.h"

static inline uint64_t table_hash(const struct mem *m, struct str s)
{
	return keyed_hash_quick(&m->key, s.s, s.n);
}

static inline uint64_t table_hash_number(const struct mem *m, uint64_t x)
{
	return keyed_hash_words(&m->key, x, 0);
}

static inline uint64_t table_hash_pair(const struct mem *m, uint64_t a, uint64_t b)
{
	return keyed_hash_words(&m->key, a, b);
}

#endif
