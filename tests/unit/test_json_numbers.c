#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/json_numbers.h"

static const size_t read_sizes[] = { 1,	 2,  3,	 4,  5,	 6,  7,	 8,  9,	 10, 11, 12, 13,   14,	 15, 16, 17, 18,
				     19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,   4093, 65536, 0 };
static const unsigned job_counts[] = { 1, 2, 8 };

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define REFUSED 98765432198765u

/* Keeps all numbers by index. */
struct store {
	uint64_t *v;
	size_t room;
};

static int store_reserve(void *ctx, uint64_t need, uint64_t *room, struct err *e)
{
	struct store *s = ctx;

	(void)e;
	assert_true(*room >= need);
	s->v = realloc(s->v, *room * sizeof(*s->v));
	assert_non_null(s->v);
	s->room = *room;
	return 0;
}

static int store_take(void *ctx, uint64_t first, const uint64_t *v, size_t n, size_t *bad, struct err *e)
{
	struct store *s = ctx;

	for (size_t i = 0; i < n; i++) {
		if (first + i >= s->room)
			abort();
		if (v[i] == REFUSED) {
			*bad = i;
			return err_set(e, ERR_FORMAT, "refused");
		}
		s->v[first + i] = v[i];
	}
	return 0;
}

struct outcome {
	struct store store;
	struct err err;
	uint64_t n;
	int rc;
	int next; /* byte behind the array, -1 at the end */
};

static void read_array(const char *text, size_t len, size_t read_bytes, unsigned jobs, struct outcome *o)
{
	struct number_sink sink = { &o->store, store_reserve, store_take };
	struct err e = ERR_INIT;
	struct run run;
	struct source *src;
	struct json_in in;

	memset(o, 0, sizeof(*o));
	o->err = e;
	run_init(&run, jobs, 0);
	assert_int_equal(source_open_memory(&src, &run.mem, text, len, &e), 0);
	assert_int_equal(json_in_init(&in, &run, src, read_bytes, &e), 0);
	o->rc = json_numbers_read(&in, "test", &sink, &o->n, &o->err);
	if (!o->rc)
		assert_int_equal(json_in_peek(&in, &o->next, &e), 0);
	json_in_release(&in);
	source_close(src);
	assert_int_equal(run.mem.used_bytes, 0);
	run_release(&run);
}

static void expect_numbers(const char *text, const uint64_t *want, size_t n)
{
	for (size_t r = 0; r < N(read_sizes); r++) {
		for (size_t j = 0; j < N(job_counts); j++) {
			struct outcome o;

			read_array(text, strlen(text), read_sizes[r], job_counts[j], &o);
			assert_int_equal(o.rc, 0);
			assert_int_equal(o.n, n);
			if (n)
				assert_memory_equal(o.store.v, want, n * sizeof(*want));
			assert_int_equal(o.next, '!');
			free(o.store.v);
		}
	}
}

static void expect_error(const char *text, enum err_kind kind, uint64_t offset)
{
	for (size_t r = 0; r < N(read_sizes); r++) {
		for (size_t j = 0; j < N(job_counts); j++) {
			struct outcome o;

			read_array(text, strlen(text), read_sizes[r], job_counts[j], &o);
			if (o.err.kind != kind || o.err.offset != offset)
				fail_msg("%s: kind %d, offset %llu: %s", text, o.err.kind, (unsigned long long)o.err.offset,
					 o.err.text);
			assert_true(o.err.text[0] != '\0');
			free(o.store.v);
		}
	}
}

static void numbers_of_any_length_are_read(void **state)
{
	static const uint64_t want[] = { 0,	   7,	     42,	 123,	      1234,	     12345,
					 123456,   1234567,  12345678,	 123456789,   1234567890123, 12345678901234567u,
					 10000000, 99999999, 4294967295, 4294967296u, UINT64_MAX };

	(void)state;
	expect_numbers("[0,7,42,123,1234,12345,123456,1234567,12345678,123456789,1234567890123,12345678901234567,"
		       "10000000,99999999,4294967295,4294967296,18446744073709551615]!",
		       want, N(want));
}

static void white_space_may_stand_anywhere(void **state)
{
	static const uint64_t want[] = { 1, 22, 333, 4 };

	(void)state;
	expect_numbers(" \n[ 1 ,\t22\r\n,\n333\n,4\n ] !", want, 4);
	expect_numbers("[1,22\n,333,4\n]!", want, 4);
	expect_numbers("[\n\n1,22,333                                                                    ,4]!", want, 4);
}

static void an_empty_array_is_no_number(void **state)
{
	(void)state;
	expect_numbers("[]!", NULL, 0);
	expect_numbers("[  \n ]!", NULL, 0);
}

static void what_is_no_unsigned_integer_is_named_by_its_offset(void **state)
{
	(void)state;
	expect_error("[1,-2]", ERR_FORMAT, 3);
	expect_error("[1,2.5]", ERR_FORMAT, 4);
	expect_error("[1,2e5]", ERR_FORMAT, 4);
	expect_error("[,1]", ERR_FORMAT, 1);
	expect_error("[1,,2]", ERR_FORMAT, 3);
	expect_error("[1,2,]", ERR_FORMAT, 5);
	expect_error("[1 2]", ERR_FORMAT, 3);
	expect_error("[1,\"x\"]", ERR_FORMAT, 3);
	expect_error("[1,null]", ERR_FORMAT, 3);
	expect_error("[1,[2]]", ERR_FORMAT, 3);
	expect_error("[18446744073709551616]", ERR_FORMAT, 1);
	expect_error("[1,99999999999999999999999]", ERR_FORMAT, 3);
	expect_error("{}", ERR_FORMAT, 0);
}

static void what_the_sink_refuses_is_named_by_its_offset(void **state)
{
	(void)state;
	expect_error("[1,22,  98765432198765,4]", ERR_FORMAT, 8);
}

static void every_cut_is_an_error(void **state)
{
	static const char text[] = "[1,22\n,333,4444 , 55555]";
	static const uint64_t want[] = { 1, 22, 333, 4444 };

	(void)state;
	for (size_t len = 1; len + 1 < sizeof(text); len++) {
		for (size_t r = 0; r < N(read_sizes); r++) {
			struct outcome o;

			read_array(text, len, read_sizes[r], 2, &o);
			assert_int_equal(o.rc, ERR_TRUNCATED);
			assert_true(o.n <= 5);
			for (size_t i = 0; i < o.n && i < 4; i++)
				assert_int_equal(o.store.v[i], want[i]);
			free(o.store.v);
		}
	}
}

/*
 * The scanner works on windows of 64 bytes and finishes a block's last ones by another way: what a short text tests,
 * a long one must show in the middle.
 */
static void expect_error_inside(const char *damage, enum err_kind kind, size_t at)
{
	for (size_t before = 60; before <= 140; before += 5) {
		char text[1024];
		size_t start = 1, len;

		text[0] = '[';
		while (start < before)
			start += (size_t)sprintf(text + start, "%zu,", start % 9 ? start * 31 : start);
		len = start + (size_t)sprintf(text + start, "%s", damage);
		for (int i = 0; i < 40; i++)
			len += (size_t)sprintf(text + len, ",%d", i * i * i);
		sprintf(text + len, "]");
		for (size_t j = 0; j < N(job_counts); j++) {
			for (size_t r = 0; r < 3; r++) {
				struct outcome o;

				read_array(text, strlen(text), r * 29, job_counts[j], &o);
				if (o.err.kind != kind || o.err.offset != start + at)
					fail_msg("%s at %zu: kind %d, offset %llu: %s", damage, start, o.err.kind,
						 (unsigned long long)o.err.offset, o.err.text);
				free(o.store.v);
			}
		}
	}
}

static void damage_in_the_middle_is_named_by_its_offset(void **state)
{
	(void)state;
	expect_error_inside("-2", ERR_FORMAT, 0);
	expect_error_inside("+2", ERR_FORMAT, 0);
	expect_error_inside("2.5", ERR_FORMAT, 1);
	expect_error_inside("2e5", ERR_FORMAT, 1);
	expect_error_inside("2E5", ERR_FORMAT, 1);
	expect_error_inside("", ERR_FORMAT, 0);
	expect_error_inside("\n", ERR_FORMAT, 1);
	expect_error_inside("1 2", ERR_FORMAT, 2);
	expect_error_inside("1\n2", ERR_FORMAT, 2);
	expect_error_inside("1:2", ERR_FORMAT, 1);
	expect_error_inside("1/2", ERR_FORMAT, 1);
	expect_error_inside("\"x\"", ERR_FORMAT, 0);
	expect_error_inside("true", ERR_FORMAT, 0);
	expect_error_inside("[2]", ERR_FORMAT, 0);
	expect_error_inside("{}", ERR_FORMAT, 0);
	expect_error_inside("1\xB1", ERR_FORMAT, 1);
	expect_error_inside("18446744073709551616", ERR_FORMAT, 0);
	expect_error_inside("99999999999999999999", ERR_FORMAT, 0);
	expect_error_inside("111111111111111111111111111111111111111111111111111111111111111111111", ERR_FORMAT, 0);
}

/* Numbers of one length after a lead that moves them over all places of a window. */
static void check_length(unsigned digits, unsigned lead, uint64_t *want)
{
	static const char all[] = "18446744073709551615";
	char text[2048] = "[";
	size_t len = 1, n = 0;
	struct outcome o;

	while (len < lead) {
		len += (size_t)sprintf(text + len, "%zu,", len % 10);
		want[n++] = (len - 2) % 10;
	}
	for (unsigned i = 0; i < 12; i++, n++) {
		len += (size_t)sprintf(text + len, "%.*s%s,", (int)digits, all, i % 5 == 4 ? "\n" : "");
		want[n] = 0;
		for (unsigned d = 0; d < digits; d++)
			want[n] = want[n] * 10 + (uint64_t)(all[d] - '0');
	}
	for (unsigned i = 0; i < 40; i++, n++)
		len += (size_t)sprintf(text + len, "%u,", (unsigned)(want[n] = i));
	sprintf(text + len - 1, "]!");
	read_array(text, strlen(text), 0, 1, &o);
	assert_int_equal(o.rc, 0);
	assert_int_equal(o.n, n);
	assert_memory_equal(o.store.v, want, n * sizeof(*want));
	free(o.store.v);
}

static void numbers_of_every_length_stand_at_every_place(void **state)
{
	uint64_t want[256];

	(void)state;
	for (unsigned digits = 1; digits <= 20; digits++)
		for (unsigned lead = 1; lead <= 66; lead += 2)
			check_length(digits, lead, want);
}

static unsigned pick(uint64_t *r, unsigned n)
{
	*r = *r * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*r >> 33) % n;
}

static size_t random_space(uint64_t *r, char *p)
{
	size_t n = pick(r, 12) ? 0 : pick(r, 70);

	for (size_t i = 0; i < n; i++)
		p[i] = " \n\r\t"[pick(r, 4)];
	return n;
}

/* Any numbers, any white space, any way of reading. */
static void random_arrays_are_read_as_written(void **state)
{
	uint64_t r = 7, want[300];
	char *text = malloc(300 * 200);

	(void)state;
	assert_non_null(text);
	for (unsigned round = 0; round < 400; round++) {
		size_t n = pick(&r, 300), len = (size_t)sprintf(text, "[");
		struct outcome o;

		for (size_t i = 0; i < n; i++) {
			want[i] = (((uint64_t)pick(&r, 1u << 30) << 34) ^ pick(&r, 1u << 30)) >> pick(&r, 64);
			len += random_space(&r, text + len);
			len += (size_t)sprintf(text + len, "%llu", (unsigned long long)want[i]);
			len += random_space(&r, text + len);
			len += i + 1 < n ? (size_t)sprintf(text + len, ",") : 0;
		}
		sprintf(text + len, "]!");
		read_array(text, len + 2, read_sizes[pick(&r, N(read_sizes))], job_counts[pick(&r, 3)], &o);
		assert_int_equal(o.rc, 0);
		assert_int_equal(o.n, n);
		if (n)
			assert_memory_equal(o.store.v, want, n * sizeof(*want));
		assert_int_equal(o.next, '!');
		free(o.store.v);
	}
	free(text);
}

/* The error stands at the cut, and what came before it is good. */
static void every_cut_of_a_longer_array_is_named_by_its_offset(void **state)
{
	char text[400] = "[";
	size_t len = 1;

	(void)state;
	for (unsigned i = 0; len < 300; i++)
		len += (size_t)sprintf(text + len, "%s%u", i == 0 ? "" : i % 7 ? "," : "\n,", i * i * i);
	for (size_t cut = 1; cut < len; cut++) {
		for (size_t k = 0; k < 4; k++) {
			struct outcome o;

			read_array(text, cut, k * 21, k % 2 ? 8 : 1, &o);
			assert_int_equal(o.rc, ERR_TRUNCATED);
			assert_int_equal(o.err.offset, cut);
			for (size_t i = 0; i < o.n; i++)
				assert_int_equal(o.store.v[i], i * i * i);
			free(o.store.v);
		}
	}
}

/* Several blocks of a megabyte, records with the line break of older V8 in between, numbers across all borders. */
static char *long_array(size_t n, size_t *len)
{
	char *text = malloc(n * 22 + 16), *p = text;

	assert_non_null(text);
	*p++ = '[';
	for (size_t i = 0; i < n; i++)
		p += sprintf(p, "%s%llu", i == 0 ? "" : i % 7 == 0 ? "\n," : ",",
			     (unsigned long long)(i * 2654435761u % (i % 13 == 0 ? 100000000000u : 100000u)));
	p += sprintf(p, "]!");
	*len = (size_t)(p - text);
	return text;
}

static void blocks_of_all_threads_make_one_array(void **state)
{
	size_t n = 900000, len;
	char *text = long_array(n, &len);
	struct outcome one, many;

	(void)state;
	assert_true(len > 4u << 20);
	read_array(text, len, 0, 1, &one);
	assert_int_equal(one.rc, 0);
	assert_int_equal(one.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(one.store.v[i], i * 2654435761u % (i % 13 == 0 ? 100000000000u : 100000u));
	for (unsigned jobs = 2; jobs <= 8; jobs *= 2) {
		for (size_t r = 0; r < 2; r++) {
			read_array(text, len, r ? 65536 : 0, jobs, &many);
			assert_int_equal(many.rc, 0);
			assert_int_equal(many.n, n);
			assert_memory_equal(many.store.v, one.store.v, n * sizeof(uint64_t));
			assert_int_equal(many.next, '!');
			free(many.store.v);
		}
	}
	free(one.store.v);
	free(text);
}

static void damage_deep_in_a_long_array_is_named_by_its_offset(void **state)
{
	size_t len;
	char *text = long_array(600000, &len), *hit = text + 3500000;

	(void)state;
	while (hit[-1] != ',')
		hit++;
	*hit = '-';
	for (unsigned jobs = 1; jobs <= 8; jobs *= 2) {
		struct outcome o;

		read_array(text, len, 0, jobs, &o);
		assert_int_equal(o.rc, ERR_FORMAT);
		assert_int_equal(o.err.offset, hit - text);
		free(o.store.v);
	}
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_any_length_are_read),
		cmocka_unit_test(white_space_may_stand_anywhere),
		cmocka_unit_test(an_empty_array_is_no_number),
		cmocka_unit_test(what_is_no_unsigned_integer_is_named_by_its_offset),
		cmocka_unit_test(what_the_sink_refuses_is_named_by_its_offset),
		cmocka_unit_test(damage_in_the_middle_is_named_by_its_offset),
		cmocka_unit_test(numbers_of_every_length_stand_at_every_place),
		cmocka_unit_test(random_arrays_are_read_as_written),
		cmocka_unit_test(every_cut_is_an_error),
		cmocka_unit_test(every_cut_of_a_longer_array_is_named_by_its_offset),
		cmocka_unit_test(blocks_of_all_threads_make_one_array),
		cmocka_unit_test(damage_deep_in_a_long_array_is_named_by_its_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
