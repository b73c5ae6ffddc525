/*
 * str.h - a borrowed run of bytes: a name out of a snapshot (WTF-8, may hold NUL) or a literal.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stddef.h>
#include <string.h>

struct str {
	const char *s; /* not NUL-terminated in general; may be NULL when n is 0 */
	size_t n;
};

#define STR_LIT(literal) ((struct str){ (literal), sizeof(literal) - 1 })

static inline struct str str_of(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

static inline int str_eq(struct str a, struct str b)
{
	return a.n == b.n && (!b.n || !memcmp(a.s, b.s, b.n));
}

static inline int str_is(struct str a, const char *literal)
{
	return str_eq(a, str_of(literal));
}

static inline int str_starts(struct str a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && !memcmp(a.s, prefix, n);
}

/* Whether `part` stands anywhere in it; both are short. */
static inline int str_has(struct str a, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= a.n; i++)
		if (!memcmp(a.s + i, part, n))
			return 1;
	return 0;
}

static inline int str_ends(struct str a, const char *suffix)
{
	size_t n = strlen(suffix);

	return a.n >= n && !memcmp(a.s + a.n - n, suffix, n);
}

/* Byte order, shorter first on a tie; for sorting without a locale. */
static inline int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.s, b.s, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

#endif
