/*
 * hash.h - mixing and hashing for tables and signatures. Not for secrets. Equal input gives equal values on every
 * machine and run, so they may appear in reports.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Finaliser of MurmurHash3 (public domain, A. Appleby): every input bit reaches every output bit. */
static inline uint64_t hash_mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdULL;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53ULL;
	x ^= x >> 33;
	return x;
}

/* Combine a value into a running hash; order matters. */
static inline uint64_t hash_add(uint64_t h, uint64_t value)
{
	return hash_mix(h * 0x9e3779b97f4a7c15ULL + value + 1);
}

/* Hash of a byte string, eight bytes at a time. Little and big endian differ; the project supports little endian. */
static inline uint64_t hash_bytes(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t h = 0x9e3779b97f4a7c15ULL ^ n, w;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		h = (h ^ w) * 0xff51afd7ed558ccdULL;
		h ^= h >> 32;
	}
	w = 0;
	if (n)
		memcpy(&w, p, n);
	return hash_mix(h ^ w);
}

#endif
