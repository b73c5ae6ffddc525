#include "formats/number_run.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#define WINDOW 64 /* bytes that are looked at together: one bit each in a word */

/* Value of eight digit bytes, the first in the lowest byte (D. Lemire, "Quickly parsing eight digits", 2018). */
static inline uint64_t eight_digits(uint64_t v)
{
	v = v * 10 + (v >> 8);
	return ((v & 0x000000FF000000FFu) * 0x000F424000000064u +
		((v >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u) >>
	       32;
}

static inline uint64_t load8(const char *p)
{
	uint64_t x;

	memcpy(&x, p, 8);
	return x ^ 0x3030303030303030u;
}

/* Value of `len` digits at p, 1 to 16. A shift brings zeros before short numbers; eight bytes of them may be read. */
static inline uint64_t digits_value(const char *p, unsigned len)
{
	if (len <= 8)
		return eight_digits(load8(p) << (64 - 8 * len));
	return eight_digits(load8(p) << (64 - 8 * (len - 8))) * 100000000u + eight_digits(load8(p + len - 8));
}

/* One bit for each of the 64 bytes at p that is no digit. */
#ifdef __SSE2__
static inline uint64_t other_than_digits(const char *p)
{
	const __m128i low = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
	uint64_t mask = 0;

	for (int i = 0; i < 4; i++) {
		__m128i x = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p + i), low);
		/* unsigned x <= 9: the smaller of the two is x itself */
		int digits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, nine), x));

		mask |= (uint64_t)(~(unsigned)digits & 0xFFFF) << (16 * i);
	}
	return mask;
}
#else
static inline uint64_t other_than_digits(const char *p)
{
	uint64_t mask = 0;

	for (int i = 0; i < 64; i++)
		mask |= (uint64_t)(p[i] < '0' || p[i] > '9') << i;
	return mask;
}
#endif

/*
 * The numbers of one window of 64 bytes, as far as each is followed by its comma - at once, or after the line break that
 * V8 up to 12.4 puts behind each record. The ends of numbers come from the mask, not from one another, so the processor
 * can work on several at a time. Returns where the first number begins that is not done.
 */
static const char *decode_window(const char *p, uint64_t *v, size_t max, size_t *n)
{
	uint64_t ends = other_than_digits(p);
	const char *base = p;
	size_t i = *n;

	for (; ends && i < max; ends &= ends - 1) {
		const char *end = base + __builtin_ctzll(ends);
		size_t len = (size_t)(end - p);

		if (len - 1 >= 16)
			break;
		if (*end != ',') {
			if (*end != '\n' || end[1] != ',')
				break;
			ends &= ends - 1;
			end++;
			v[i++] = digits_value(p, (unsigned)len);
			p = end + 1;
			if (!ends)
				break;
			continue;
		}
		v[i++] = digits_value(p, (unsigned)len);
		p = end + 1;
	}
	*n = i;
	return p;
}

const char *number_run_plain(const char *p, const char *end, uint64_t *v, size_t max, size_t *n)
{
	const char *before;

	do {
		before = p;
		if (end - p > WINDOW && *n < max)
			p = decode_window(p, v, max, n);
	} while (p > before);
	return p;
}

#if defined(__x86_64__) && defined(__GNUC__)
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define BATCH 1024 /* numbers that are located before they are decoded */

/* Bits of one window, and what its neighbour on the left ended with. */
struct window {
	uint64_t digits, commas, breaks;
	uint64_t after_digit, after_comma, after_break; /* 0 or 1 */
};

AVX2 static inline uint64_t equal_bytes(__m256i low, __m256i high, char c)
{
	__m256i want = _mm256_set1_epi8(c);
	uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
	uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want));

	return (uint64_t)b << 32 | a;
}

AVX2 static inline uint64_t digit_bytes(__m256i low, __m256i high)
{
	const __m256i zero = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9);
	__m256i x = _mm256_sub_epi8(low, zero), y = _mm256_sub_epi8(high, zero);
	uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(x, nine), x));
	uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(y, nine), y));

	return (uint64_t)b << 32 | a;
}

AVX2 static inline void look(struct window *w, const char *p)
{
	__m256i low = _mm256_loadu_si256((const __m256i *)p), high = _mm256_loadu_si256((const __m256i *)p + 1);

	w->digits = digit_bytes(low, high);
	w->commas = equal_bytes(low, high, ',');
	w->breaks = ~(w->digits | w->commas) ? equal_bytes(low, high, '\n') : 0;
}

/* Between two numbers stands a comma, or a line break and a comma; nothing else is understood. */
static inline int is_plain(const struct window *w)
{
	uint64_t left_comma = w->commas << 1 | w->after_comma, left_break = w->breaks << 1 | w->after_break;

	return !(~(w->digits | w->commas | w->breaks) | (w->commas & left_comma) | (w->breaks & (left_comma | left_break)) |
		 (left_break & ~w->commas));
}

/* Positions of the set bits. Eight are always written: a loop that ends at the last bit is mispredicted every time. */
AVX2 static inline size_t flatten(uint64_t bits, uint32_t at, uint32_t *out)
{
	size_t n = (size_t)__builtin_popcountll(bits);

	for (size_t i = 0; i < n; i += 8) {
		for (size_t k = 0; k < 8; k++) {
			out[i + k] = at + (uint32_t)_tzcnt_u64(bits);
			bits &= bits - 1;
		}
	}
	return n;
}

/* Where numbers begin, from `p` on: at most BATCH + 1 and what the last window has more. `*broken`: lines break there. */
AVX2 static size_t locate(const char *p, const char *end, size_t want, uint32_t *starts, int *broken)
{
	struct window w = { .after_comma = 1 };
	const char *at = p;
	size_t n = 0;

	*broken = 0;
	for (; n <= want && end - at > WINDOW; at += WINDOW) {
		look(&w, at);
		if (!is_plain(&w))
			break;
		n += flatten(w.digits & ~(w.digits << 1 | w.after_digit), (uint32_t)(at - p), starts + n);
		*broken |= w.breaks != 0;
		w.after_digit = w.digits >> 63;
		w.after_comma = w.commas >> 63;
		w.after_break = w.breaks >> 63;
	}
	return n;
}

/* Digits of number i, which ends at the separator in front of the next. */
static void measure(const char *p, const uint32_t *starts, size_t n, int broken, uint32_t *digits)
{
	for (size_t i = 0; i < n; i++)
		digits[i] = starts[i + 1] - starts[i] - 1;
	for (size_t i = 0; i < n && broken; i++)
		digits[i] -= p[starts[i + 1] - 2] == '\n';
}

/*
 * Four numbers of up to eight digits: shifted so that zeros stand before short ones, then neighbours are added up by tens,
 * hundreds and ten thousands (W. Mula, "SIMD-ized decimal number parsing", 2014).
 */
AVX2 static inline void decode_four(const char *p, const uint32_t *starts, __m128i digits, uint64_t *v)
{
	const __m256i tens = _mm256_set1_epi16(1 << 8 | 10), hundreds = _mm256_set1_epi32(1 << 16 | 100);
	__m256i x = _mm256_set_epi64x((int64_t)load8(p + starts[3]), (int64_t)load8(p + starts[2]),
				      (int64_t)load8(p + starts[1]), (int64_t)load8(p + starts[0]));
	__m256i shift = _mm256_sub_epi64(_mm256_set1_epi64x(64), _mm256_slli_epi64(_mm256_cvtepu32_epi64(digits), 3));

	x = _mm256_sllv_epi64(x, shift);
	x = _mm256_madd_epi16(_mm256_maddubs_epi16(x, tens), hundreds);
	x = _mm256_add_epi64(_mm256_mul_epu32(x, _mm256_set1_epi64x(10000)), _mm256_srli_epi64(x, 32));
	_mm256_storeu_si256((__m256i *)v, x);
}

/* The first of `n` numbers that has more digits than 16, or n. */
AVX2 static size_t decode_located(const char *p, const uint32_t *starts, const uint32_t *digits, size_t n, uint64_t *v)
{
	size_t i = 0;

	while (i < n) {
		__m128i len = _mm_loadu_si128((const __m128i *)(digits + i));

		if (n - i >= 4 && !_mm_movemask_epi8(_mm_cmpgt_epi32(len, _mm_set1_epi32(8)))) {
			decode_four(p, starts + i, len, v + i);
			i += 4;
			continue;
		}
		for (size_t end = n - i < 4 ? n : i + 4; i < end; i++) {
			if (digits[i] > 16)
				return i;
			v[i] = digits_value(p + starts[i], digits[i]);
		}
	}
	return n;
}

AVX2 static const char *number_run_avx2(const char *p, const char *end, uint64_t *v, size_t max, size_t *n)
{
	uint32_t starts[BATCH + 2 * WINDOW], digits[BATCH + 4] = { 0 };
	size_t want = max - *n < BATCH ? max - *n : BATCH, found, done;
	int broken;

	starts[0] = 1; /* none was found where one must be */
	found = locate(p, end, want, starts, &broken);
	if (found < 2 || starts[0])
		return p;
	if (want > found - 1)
		want = found - 1;
	measure(p, starts, want, broken, digits);
	done = decode_located(p, starts, digits, want, v + *n);
	*n += done;
	return p + starts[done];
}

const char *number_run(const char *p, const char *end, uint64_t *v, size_t max, size_t *n)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? number_run_avx2(p, end, v, max, n)
									       : number_run_plain(p, end, v, max, n);
}
#else
const char *number_run(const char *p, const char *end, uint64_t *v, size_t max, size_t *n)
{
	return number_run_plain(p, end, v, max, n);
}
#endif
