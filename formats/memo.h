/*
 * memo.h - numbers for byte strings that come again and again: equal bytes get equal numbers, counted from 0.
 *
 * Readers put in front of the work of understanding a line or a message what they understood before. Grows with
 * distinct strings.
 */
#ifndef FORMATS_MEMO_H
#define FORMATS_MEMO_H

#include <stdint.h>

#include "base/err.h"
#include "base/hash_index.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/strtab.h"

#define MEMO_RECENT 1024 /* a power of two */

/*
 * Most strings came a moment ago: `recent` has, by three words of the string, the number + 1 that was given last. Whoever
 * makes these collide only has the keyed hash of the index asked as well.
 */
struct memo {
	struct strtab keys;
	struct hash_index index;
	uint32_t recent[MEMO_RECENT];
};

void memo_init(struct memo *m, struct mem *mem);
void memo_release(struct memo *m);

/* How many there are; also the number that the next new string will get. */
static inline uint32_t memo_n(const struct memo *m)
{
	return (uint32_t)m->keys.n;
}

/* The number of the string, added when it is new. Amortised O(bytes). */
int memo_add(struct memo *m, struct str key, uint32_t *number, struct err *e);

/* The string of a number. Valid until the next memo_add(). */
static inline struct str memo_key(const struct memo *m, uint32_t number)
{
	return strtab_get(&m->keys, number);
}

#endif
