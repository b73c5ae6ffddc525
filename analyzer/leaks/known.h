/*
 * known.h - findings that somebody has looked at and accepted: a file with a fingerprint a line and a comment behind it.
 *
 *   # cache of compiled templates, bounded by the number of files
 *   4bb92d41795abc8b  templates, ticket 1234
 */
#ifndef ANALYZER_LEAKS_KNOWN_H
#define ANALYZER_LEAKS_KNOWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct known {
	struct mem *mem;
	uint64_t *all;
	size_t n, capacity;
};

/* Read `path`. ERR_IO, or ERR_FORMAT with the number of a line that has no fingerprint. Release also after a failure. */
int known_read(struct known *out, struct mem *m, const char *path, struct err *e);
void known_release(struct known *k);

/* O(n); the list is short. */
int known_has(const struct known *k, uint64_t fingerprint);

#endif
