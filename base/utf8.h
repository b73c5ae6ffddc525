/*
 * utf8.h - the few UTF-8 operations that reading and showing names need. Names inside the program are WTF-8: valid
 * UTF-8, except that a lone surrogate half keeps its three-byte form; what leaves the program is valid UTF-8.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Write `cp` (below 0x110000, surrogates allowed) to `out`; returns the number of bytes, 1 to 4. */
size_t utf8_encode(uint32_t cp, char out[4]);

/*
 * Read one code point of s[0..n), n > 0. Returns the bytes used. Malformed or surrogate input gives U+FFFD and uses
 * as many bytes as belong to the broken sequence (at least 1).
 */
size_t utf8_decode(const char *s, size_t n, uint32_t *cp);

/* Length in UTF-16 code units, as V8 and DevTools count; each malformed byte counts as one unit. */
size_t utf8_units(const char *s, size_t n);

/* Terminal cells that a code point takes: 0 combining or control, 2 wide, else 1. */
unsigned utf8_cells(uint32_t cp);

#endif
