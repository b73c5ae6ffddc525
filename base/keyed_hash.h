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

/* SipHash-1-3, for tables: a third of the rounds. */
uint64_t keyed_hash_quick(const struct hash_key *key, const void *bytes, size_t n);

/* The same of two words, without counting their bytes. */
uint64_t keyed_hash_words(const struct hash_key *key, uint64_t a, uint64_t b);

/* A key that nobody can guess; from the clock and addresses where the system gives no random numbers. */
struct hash_key keyed_hash_random_key(void);

#endif
