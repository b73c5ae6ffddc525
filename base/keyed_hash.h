/*
 * keyed_hash.h - SipHash-2-4 (Aumasson and Bernstein, 2012): a hash that nobody can compute, or find inputs for, without
 * its key. For marks that stand for secret texts, where hash.h would let a reader try out guesses.
 */
#ifndef BASE_KEYED_HASH_H
#define BASE_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
	uint64_t k0, k1;
};

/* Equal on every machine. O(n). */
uint64_t keyed_hash(const struct hash_key *key, const void *bytes, size_t n);

#endif
