/* The vector loops against strtoull(), on the two forms that V8 writes and on what must stop them. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/number_run.h"

#define NUMBERS 3000
#define PADDING 64

typedef const char *run_fn(const char *p, const char *end, uint64_t *v, size_t max, size_t *n);

static run_fn *const variants[] = { number_run, number_run_plain };

static uint64_t next(uint64_t *s)
{
	*s = *s * 6364136223846793005u + 1442695040888963407u;
	return *s >> 20;
}

/* Up to 16 digits, short ones most often, as in a snapshot. */
static uint64_t some_number(uint64_t *s)
{
	static const uint64_t below[] = { 10, 10, 100, 1000, 100000, 10000000, 100000000, 1000000000, 9999999999999999 };

	return next(s) % below[next(s) % (sizeof(below) / sizeof(below[0]))];
}

/* `fields` numbers, then a line break in front of the comma; 0: no breaks. */
static size_t write_numbers(char *text, uint64_t *v, unsigned fields, uint64_t seed)
{
	size_t at = 0;

	for (size_t i = 0; i < NUMBERS; i++) {
		v[i] = some_number(&seed);
		at += (size_t)sprintf(text + at, "%llu", (unsigned long long)v[i]);
		if (fields && i % fields == fields - 1)
			text[at++] = '\n';
		text[at++] = ',';
	}
	memset(text + at, 0, PADDING);
	return at;
}

static void check(run_fn *run, const char *text, size_t bytes, const uint64_t *want, size_t batch)
{
	const char *p = text, *end = text + bytes;
	uint64_t v[NUMBERS];
	size_t done = 0;

	while (end - p > 256) {
		size_t n = 0, max = NUMBERS - done < batch ? NUMBERS - done : batch;

		p = run(p, end, v, max, &n);
		assert_true(n > 0 && n <= max);
		assert_memory_equal(v, want + done, n * sizeof(*v));
		done += n;
		assert_true(p == end || (*p >= '0' && *p <= '9'));
		assert_int_equal(p[-1], ',');
	}
	assert_true(done > NUMBERS / 2);
}

static void both_forms_at_all_batch_sizes(void **state)
{
	static const size_t batches[] = { 1, 2, 3, 4, 5, 7, 64, 1000, 1024, NUMBERS };
	static char text[NUMBERS * 18 + PADDING];
	uint64_t want[NUMBERS];

	(void)state;
	for (unsigned fields = 0; fields < 8; fields++)
		for (size_t b = 0; b < sizeof(batches) / sizeof(batches[0]); b++) {
			size_t n = write_numbers(text, want, fields, 1000 * fields + b);

			for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
				check(variants[i], text, n, want, batches[b]);
		}
}

/* Whatever stands at `at` in a long run of "7," must end the run right there or before, never behind. */
static void anything_else_stops_it(void **state)
{
	static const char *const odd[] = { " ", "-", "\t", "\r", "1.", "x", ",,", "\n\n,", ",\n", "]", "12345678901234567" };
	char text[1024];

	(void)state;
	for (size_t o = 0; o < sizeof(odd) / sizeof(odd[0]); o++)
		for (size_t at = 0; at < 300; at += 2)
			for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
				uint64_t v[512];
				size_t n = 0;
				const char *p;

				for (size_t k = 0; k < sizeof(text); k++)
					text[k] = k % 2 ? ',' : '7';
				memcpy(text + at, odd[o], strlen(odd[o]));
				p = variants[i](text, text + sizeof(text) - PADDING, v, 512, &n);
				assert_true(p <= text + at);
				assert_int_equal((p - text) / 2, n);
				for (size_t k = 0; k < n; k++)
					assert_int_equal(v[k], 7);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_at_all_batch_sizes),
		cmocka_unit_test(anything_else_stops_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
