/*
 * wide.h - products of two 64-bit numbers, divided: shares and scaled times, exact where doubles are not. With the
 * compiler's 128-bit integers where it has them, by hand on 32-bit machines.
 */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include <stdint.h>

/* a * b / c rounded down, c not 0; the low 64 bits when it is more. */
static inline uint64_t wide_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
#ifdef __SIZEOF_INT128__
	return (uint64_t)((unsigned __int128)a * b / c);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32), rest = 0, quotient = 0;
	uint64_t cross[2] = { (a >> 32) * (b & UINT32_MAX), (a & UINT32_MAX) * (b >> 32) };

	for (int i = 0; i < 2; i++) {
		uint64_t sum = low + (cross[i] << 32);

		high += (cross[i] >> 32) + (sum < low);
		low = sum;
	}
	for (int i = 127; i >= 0; i--) {
		int over = rest >> 63;

		rest = rest << 1 | ((i >= 64 ? high >> (i - 64) : low >> i) & 1);
		quotient <<= 1;
		if (over || rest >= c) {
			rest -= c;
			quotient |= 1;
		}
	}
	return quotient;
#endif
}

/* The same with signs, rounded towards 0. */
static inline int64_t wide_mul_div_signed(int64_t a, int64_t b, int64_t c)
{
	uint64_t x = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
	uint64_t z = c < 0 ? 0 - (uint64_t)c : (uint64_t)c, q = wide_mul_div(x, y, z);

	return (int64_t)((a < 0) ^ (b < 0) ^ (c < 0) ? 0 - q : q);
}

#endif
