#define _GNU_SOURCE /* getrandom */
#include "base/keyed_hash.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static inline struct sip sip_start(const struct hash_key *key)
{
	return (struct sip){ key->k0 ^ 0x736f6d6570736575ULL, key->k1 ^ 0x646f72616e646f6dULL,
			     key->k0 ^ 0x6c7967656e657261ULL, key->k1 ^ 0x7465646279746573ULL };
}

static inline void sip_word(struct sip *s, uint64_t word, int rounds)
{
	s->v3 ^= word;
	for (int i = 0; i < rounds; i++)
		sip_round(s);
	s->v0 ^= word;
}

static inline uint64_t sip_end(struct sip *s, int rounds)
{
	s->v2 ^= 0xff;
	for (int i = 0; i < rounds; i++)
		sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* Up to eight bytes, little endian whatever the machine is. */
static uint64_t load(const unsigned char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

uint64_t keyed_hash(const struct hash_key *key, const void *bytes, size_t n)
{
	struct sip s = sip_start(key);
	const unsigned char *p = bytes;
	size_t whole = n & ~(size_t)7;

	for (size_t i = 0; i < whole; i += 8)
		sip_word(&s, load(p + i, 8), 2);
	sip_word(&s, (uint64_t)n << 56 | load(p + whole, n - whole), 2);
	return sip_end(&s, 4);
}

/* Words as they lie in memory: nobody sees these hashes. */
uint64_t keyed_hash_quick(const struct hash_key *key, const void *bytes, size_t n)
{
	struct sip s = sip_start(key);
	const unsigned char *p = bytes;
	size_t left = n;
	uint64_t word;

	for (; left >= 8; p += 8, left -= 8) {
		memcpy(&word, p, 8);
		sip_word(&s, word, 1);
	}
	word = 0;
	if (left)
		memcpy(&word, p, left);
	sip_word(&s, (uint64_t)n << 56 ^ word, 1);
	return sip_end(&s, 3);
}

uint64_t keyed_hash_words(const struct hash_key *key, uint64_t a, uint64_t b)
{
	struct sip s = sip_start(key);

	sip_word(&s, a, 1);
	sip_word(&s, b, 1);
	return sip_end(&s, 3);
}

struct hash_key keyed_hash_random_key(void)
{
	struct hash_key key;
	struct timespec now;

	if (getrandom(&key, sizeof(key), GRND_NONBLOCK) == (ssize_t)sizeof(key))
		return key;
	clock_gettime(CLOCK_REALTIME, &now);
	key.k0 = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30;
	key.k1 = (uint64_t)(uintptr_t)&key;
	key.k0 = keyed_hash_words(&key, key.k0, 1);
	return key;
}
