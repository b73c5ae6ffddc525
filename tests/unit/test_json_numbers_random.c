/*
 * Random arrays of numbers, whole and damaged, against a scanner that looks at one byte after the other. What is read,
 * the kind of the failure and its offset must be the same for all read sizes and numbers of threads.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/json_numbers.h"

#define MAX_TEXT 4096
#define MAX_NUMBERS 2048

struct random {
	uint64_t s;
};

static unsigned pick(struct random *r, unsigned n)
{
	r->s = r->s * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(r->s >> 33) % n;
}

/* What should come of a text. */
struct truth {
	uint64_t v[MAX_NUMBERS];
	size_t n;
	enum err_kind kind;
	uint64_t offset; /* of the failure, or where reading goes on behind the array */
};

static int is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static size_t skip_space(const char *s, size_t i, size_t n)
{
	while (i < n && is_space(s[i]))
		i++;
	return i;
}

/* A number that does not fit is named by its beginning, all else by the first byte that is wrong. */
static size_t true_number(const char *s, size_t i, size_t n, struct truth *t)
{
	uint64_t v = 0;
	size_t start = i;

	for (; i < n && s[i] >= '0' && s[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(s[i] - '0');

		if (v > (UINT64_MAX - digit) / 10) {
			t->kind = ERR_FORMAT;
			t->offset = start;
			return i;
		}
		v = v * 10 + digit;
	}
	if (i == start) {
		t->kind = ERR_FORMAT;
		t->offset = start;
		return i;
	}
	t->v[t->n++] = v;
	return i;
}

static void true_array(const char *s, size_t n, struct truth *t)
{
	size_t i = skip_space(s, 1, n);

	t->n = 0;
	t->kind = ERR_NONE;
	t->offset = i + 1;
	if (s[i] == ']')
		return;
	for (;;) {
		i = true_number(s, skip_space(s, i, n), n, t);
		if (t->kind)
			return;
		i = skip_space(s, i, n);
		t->offset = i + (s[i] == ']');
		if (s[i] == ']')
			return;
		if (s[i] != ',')
			break;
		i++;
	}
	t->kind = ERR_FORMAT;
}

/* The text always ends in "]!": what comes before decides. */
static size_t random_text(struct random *r, char *s, unsigned damage)
{
	static const char *const gaps[] = { "", "", "", "", "\n", " ", "\r\n", "\t  \n" };
	unsigned numbers = pick(r, 4) ? pick(r, 60) : pick(r, 300), style = pick(r, 3);
	size_t n = 0, at;

	s[n++] = '[';
	for (unsigned i = 0; i < numbers; i++) {
		unsigned digits = 1 + (style == 0 ? pick(r, 3) : style == 1 ? pick(r, 9) : pick(r, 19));

		if (i)
			n += (size_t)sprintf(s + n, "%s,%s", style ? gaps[pick(r, 5)] : "", style == 2 ? gaps[pick(r, 8)] : "");
		for (unsigned k = 0; k < digits; k++)
			s[n++] = (char)('0' + (k || digits == 1 ? pick(r, 10) : 1));
	}
	for (at = 0; at < damage && n > 1; at++)
		s[1 + pick(r, (unsigned)n - 1)] = "-.eE,,x\"{}:[\0 \n0+\x80"[pick(r, 18)];
	s[n++] = ']';
	s[n++] = '!';
	return n;
}

struct store {
	uint64_t *v; /* as long as is needed, so that a sanitizer sees what goes beyond */
	uint64_t room;
};

static int reserve(void *ctx, uint64_t need, uint64_t *room, struct err *e)
{
	struct store *s = ctx;

	(void)e;
	s->v = realloc(s->v, need * sizeof(*s->v));
	s->room = *room = need;
	return 0;
}

static int take(void *ctx, uint64_t first, const uint64_t *v, size_t n, size_t *bad, struct err *e)
{
	struct store *s = ctx;

	(void)bad;
	(void)e;
	if (n > NUMBER_BATCH || first + n > s->room)
		abort();
	memcpy(s->v + first, v, n * sizeof(*v));
	return 0;
}

static void compare(const char *s, size_t n, const struct truth *t, size_t read_bytes, unsigned jobs)
{
	struct store store = { NULL, 0 };
	struct number_sink sink = { &store, reserve, take };
	struct err e = ERR_INIT;
	struct source *src;
	struct json_in in;
	struct run run;
	uint64_t got;
	int rc;

	run_init(&run, jobs, 0);
	assert_int_equal(source_open_memory(&src, &run.mem, s, n, &e), 0);
	assert_int_equal(json_in_init(&in, &run, src, read_bytes, &e), 0);
	rc = json_numbers_read(&in, "test", &sink, &got, &e);
	if (rc != (int)t->kind || (rc && e.offset != t->offset))
		fail_msg("reads of %zu, %u jobs: kind %d, offset %llu (%s); expected %d, %llu, of %.400s", read_bytes, jobs, rc,
			 (unsigned long long)e.offset, e.text, t->kind, (unsigned long long)t->offset, s);
	if (rc) {
		assert_true(got <= t->n);
	} else {
		assert_int_equal(got, t->n);
		assert_int_equal(json_in_offset(&in), t->offset);
	}
	if (got)
		assert_memory_equal(store.v, t->v, got * sizeof(*t->v));
	free(store.v);
	json_in_release(&in);
	source_close(src);
	assert_int_equal(run.mem.used_bytes, 0);
	run_release(&run);
}

static void one_text(struct random *r, unsigned damage)
{
	static const size_t read_sizes[] = { 0, 1, 7, 31, 64, 500 };
	static char s[MAX_TEXT * 4];
	static struct truth t;
	size_t n = random_text(r, s, damage);

	true_array(s, n, &t);
	compare(s, n, &t, 0, 1);
	compare(s, n, &t, read_sizes[pick(r, 6)], 1);
	if (pick(r, 8) == 0)
		compare(s, n, &t, read_sizes[pick(r, 6)], 8);
}

static void random_arrays_are_read_as_a_simple_scanner_reads_them(void **state)
{
	struct random r = { 7 };

	(void)state;
	for (unsigned i = 0; i < 3000; i++)
		one_text(&r, 0);
}

static void random_damage_is_found_where_a_simple_scanner_finds_it(void **state)
{
	struct random r = { 8 };

	(void)state;
	for (unsigned i = 0; i < 6000; i++)
		one_text(&r, 1 + i % 3);
}

/* Every byte of a text longer than the widest look-ahead, replaced by every byte that could matter. */
static void every_wrong_byte_is_found_at_every_place(void **state)
{
	static const char wrong[] = "-.e,x\"[} \n\xFF";
	static char s[512];
	static struct truth t;
	size_t n = 0;

	(void)state;
	n += (size_t)sprintf(s, "[");
	for (unsigned i = 0; i < 40; i++)
		n += (size_t)sprintf(s + n, "%s%u", i == 0 ? "" : i % 7 == 0 ? "\n," : ",", i * i * i * 37);
	n += (size_t)sprintf(s + n, "]!");
	for (size_t at = 1; at + 2 < n; at++) {
		for (size_t k = 0; k < sizeof(wrong); k++) {
			char kept = s[at];

			s[at] = wrong[k];
			true_array(s, n, &t);
			compare(s, n, &t, 0, 1);
			s[at] = kept;
		}
	}
}

/* Numbers of every length at every distance from the borders of the vector window, with each separator. */
static void every_length_is_read_at_every_place(void **state)
{
	static const char *const separators[] = { ",", "\n,", " ,", ",\n" };
	static char s[1024];
	static struct truth t;

	(void)state;
	for (unsigned k = 0; k < 4; k++) {
		for (unsigned before = 1; before <= 66; before++) {
			for (unsigned digits = 1; digits <= 20; digits++) {
				size_t n = (size_t)sprintf(s, "[%0*d", (int)before, 7);

				n += (size_t)sprintf(s + n, "%s%.*s%s", separators[k], (int)digits, "18446744073709551615",
						     separators[k]);
				for (unsigned i = 0; i < 40; i++)
					n += (size_t)sprintf(s + n, "%u,", i);
				n += (size_t)sprintf(s + n, "5]!");
				true_array(s, n, &t);
				compare(s, n, &t, 0, 1);
			}
		}
	}
}

/* The window is a megabyte: numbers, separators and damage on its border. */
static void the_border_of_the_window_is_no_border(void **state)
{
	size_t n = (2u << 20) + 300;
	char *s = malloc(n);
	struct random r = { 9 };

	(void)state;
	assert_non_null(s);
	for (int shift = -25; shift <= 25; shift++) {
		struct truth t;
		size_t at = 1, border = (size_t)((1 << 20) + shift);

		/* long runs of white space up to the border, then numbers across it */
		s[0] = '[';
		s[at++] = '5';
		s[at++] = ',';
		memset(s + at, ' ', border - 12 - at);
		for (size_t k = 1 << 17; k < border - 12; k += 1 << 17)
			memcpy(s + k, "7,", 2);
		at = border - 12;
		for (unsigned i = 0; i < 12; i++) {
			unsigned v = pick(&r, 1000000);

			at += (size_t)sprintf(s + at, "%u%s", v, i < 11 ? (i % 3 ? "," : "\n,") : "]!");
		}
		true_array(s, at, &t);
		assert_true(t.n >= 20);
		compare(s, at, &t, 0, 1);
		compare(s, at, &t, 0, 2);
		s[border + 3] = 'x';
		true_array(s, at, &t);
		if (t.kind)
			compare(s, at, &t, 0, 2);
	}
	free(s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_arrays_are_read_as_a_simple_scanner_reads_them),
		cmocka_unit_test(random_damage_is_found_where_a_simple_scanner_finds_it),
		cmocka_unit_test(every_wrong_byte_is_found_at_every_place),
		cmocka_unit_test(every_length_is_read_at_every_place),
		cmocka_unit_test(the_border_of_the_window_is_no_border),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
