/*
 * strtab.h - the string table of one snapshot: decoded texts in one block, addressed by number.
 *
 * Strings are appended by a parser and then only read. Texts are WTF-8, may hold NUL and are not NUL-terminated.
 */
#ifndef BASE_STRTAB_H
#define BASE_STRTAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

struct strtab {
	struct mem *mem;
	char *bytes;
	size_t n_bytes, bytes_capacity;
	uint64_t *ends;          /* ends[i]: where string i ends in `bytes` */
	size_t n, ends_capacity;
};

void strtab_init(struct strtab *t, struct mem *m);
void strtab_release(struct strtab *t);

/* Make room for `n` more bytes of text at bytes + n_bytes. Amortised O(1) per byte. */
int strtab_reserve(struct strtab *t, size_t n, struct err *e);

/* Close the string whose text was written at the end of `bytes` up to n_bytes. */
int strtab_close(struct strtab *t, struct err *e);

/* Append one string. Its number is the `n` before the call. */
int strtab_add(struct strtab *t, struct str s, struct err *e);

/* Give back the room that was meant for more. */
int strtab_trim(struct strtab *t, struct err *e);

/* The text of string i, i < n. Valid until the next append. */
static inline struct str strtab_get(const struct strtab *t, size_t i)
{
	uint64_t start = i ? t->ends[i - 1] : 0;

	return (struct str){ t->bytes + start, (size_t)(t->ends[i] - start) };
}

#endif
