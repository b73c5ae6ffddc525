/* pprof profiles, written here field by field. test_pprof_files.c has recorded ones. */
#include "profile_tape.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/formats.h"

/* A protocol buffer that grows at its end. */
struct pb {
	unsigned char s[65536];
	size_t n;
};

static void varint(struct pb *b, uint64_t v)
{
	for (; v > 0x7F; v >>= 7)
		b->s[b->n++] = (unsigned char)(v | 0x80);
	b->s[b->n++] = (unsigned char)v;
}

static void number(struct pb *b, unsigned field, uint64_t v)
{
	varint(b, field << 3);
	varint(b, v);
}

static void bytes(struct pb *b, unsigned field, const void *s, size_t n)
{
	varint(b, field << 3 | 2);
	varint(b, n);
	memcpy(b->s + b->n, s, n);
	b->n += n;
}

static void message(struct pb *b, unsigned field, const struct pb *m)
{
	bytes(b, field, m->s, m->n);
}

static void numbers(struct pb *b, unsigned field, size_t n, const uint64_t *v, int packed)
{
	struct pb body = { .n = 0 };

	for (size_t i = 0; i < n; i++) {
		if (packed)
			varint(&body, v[i]);
		else
			number(b, field, v[i]);
	}
	if (packed)
		message(b, field, &body);
}

static void type(struct pb *b, unsigned field, uint64_t name, uint64_t unit)
{
	struct pb m = { .n = 0 };

	number(&m, 1, name);
	number(&m, 2, unit);
	message(b, field, &m);
}

static void function(struct pb *b, uint64_t id, uint64_t name, uint64_t file, uint64_t line)
{
	struct pb m = { .n = 0 };

	number(&m, 1, id);
	number(&m, 2, name);
	number(&m, 4, file);
	number(&m, 5, line);
	message(b, 5, &m);
}

/* A location with up to two functions, the inlined one first; 0: none. */
static void location(struct pb *b, uint64_t id, uint64_t inlined, uint64_t caller, uint64_t line, uint64_t address)
{
	struct pb m = { .n = 0 }, l;

	number(&m, 1, id);
	number(&m, 2, 1);
	number(&m, 3, address);
	for (int i = 0; i < 2; i++) {
		uint64_t fn = i ? caller : inlined;

		l.n = 0;
		number(&l, 1, fn);
		number(&l, 2, line);
		if (fn)
			message(&m, 4, &l);
	}
	message(b, 4, &m);
}

static void mapping(struct pb *b, uint64_t id, uint64_t start, uint64_t limit, uint64_t offset, uint64_t file)
{
	struct pb m = { .n = 0 };

	number(&m, 1, id);
	number(&m, 2, start);
	number(&m, 3, limit);
	number(&m, 4, offset);
	number(&m, 5, file);
	message(b, 3, &m);
}

struct label {
	uint64_t key, text, number, unit;
};

static void sample(struct pb *b, size_t depth, const uint64_t *locations, int64_t v0, int64_t v1,
		   const struct label *label, int packed)
{
	const uint64_t values[] = { (uint64_t)v0, (uint64_t)v1 };
	struct pb m = { .n = 0 }, l = { .n = 0 };

	numbers(&m, 1, depth, locations, packed);
	numbers(&m, 2, 2, values, packed);
	if (label) {
		number(&l, 1, label->key);
		number(&l, label->text ? 2 : 3, label->text ? label->text : label->number);
		if (label->unit)
			number(&l, 4, label->unit);
		message(&m, 3, &l);
	}
	message(b, 2, &m);
}

enum string { EMPTY, SAMPLES, COUNT, CPU, MICRO, MAIN, MAIN_C, WORK, INLINED, LIB, THREAD, WORKER, BYTES, N_STRINGS };

static void strings(struct pb *b)
{
	static const char *const text[N_STRINGS] = { "",     "samples", "count",       "cpu",	      "microseconds",
						     "main", "main.c",	"work",	       "inlined",     "/usr/lib/libx.so",
						     "thread name", "worker", "bytes" };

	for (size_t i = 0; i < N_STRINGS; i++)
		bytes(b, 6, text[i], strlen(text[i]));
}

static void types(struct pb *b)
{
	type(b, 1, SAMPLES, COUNT);
	type(b, 1, CPU, MICRO);
}

static void places(struct pb *b)
{
	mapping(b, 1, 0x4000, 0x8000, 0x1000, LIB);
	location(b, 10, 0, 1, 7, 0);
	location(b, 11, 3, 2, 8, 0);
	location(b, 12, 0, 0, 0, 0x4123);
	function(b, 1, MAIN, MAIN_C, 3);
	function(b, 2, WORK, MAIN_C, 0);
	function(b, 3, INLINED, MAIN_C, 0);
}

static void samples(struct pb *b, int packed)
{
	const uint64_t deep[] = { 12, 11, 10 }, flat[] = { 10 };
	const struct label thread = { THREAD, WORKER, 0, 0 }, size = { BYTES, 0, 64, BYTES };

	sample(b, 3, deep, 2, 2000, NULL, packed);
	sample(b, 1, flat, 1, 1000, &thread, packed);
	sample(b, 3, deep, 3, 3000, NULL, packed);
	sample(b, 1, flat, 1, -400, &size, packed);
}

static const char all[] =
	"values samples/count cpu/ns\n"
	"main main.c:3 {bytes=64bytes}: 1 -400000\n"
	"main main.c:3 {thread 0/0 worker} {thread name=worker}: 1 1000000\n"
	"main main.c:3;work main.c;inlined main.c;libx.so+0x1123: 5 5000000\n";

static void read_whole(struct tape *t, const struct pb *b, size_t read_bytes)
{
	tape_init(t);
	if (tape_read(t, NULL, b->s, b->n, read_bytes))
		fail_msg("%s", t->err.text);
}

static void messages_may_come_in_any_order(void **state)
{
	struct tape t;

	(void)state;
	for (int order = 0; order < 4; order++) {
		struct pb b = { .n = 0 };

		if (order & 1)
			strings(&b);
		types(&b);
		if (order & 2)
			places(&b);
		samples(&b, 1);
		if (!(order & 2))
			places(&b);
		if (!(order & 1))
			strings(&b);
		read_whole(&t, &b, 0);
		assert_string_equal(tape_text(&t), all);
		assert_int_equal(t.n_samples, 3);
		tape_release(&t);
	}
}

static struct pb usual(int packed)
{
	struct pb b = { .n = 0 };

	types(&b);
	samples(&b, packed);
	places(&b);
	strings(&b);
	number(&b, 10, 1234567);
	type(&b, 11, CPU, MICRO);
	number(&b, 12, 1000);
	return b;
}

static void packed_and_unpacked_are_the_same_at_any_read_size(void **state)
{
	struct tape t;

	(void)state;
	for (int packed = 0; packed < 2; packed++) {
		struct pb b = usual(packed);

		for (size_t size = 1; size < 32; size++) {
			read_whole(&t, &b, size);
			assert_string_equal(tape_text(&t), all);
			assert_int_equal(t.meta.period, 1000000);
			assert_int_equal(t.meta.duration_ns, 1234567);
			assert_string_equal(t.default_type, "cpu");
			tape_release(&t);
		}
	}
}

static void default_type_and_comments(void **state)
{
	struct pb b = usual(1);
	const uint64_t comments[] = { WORK, LIB };
	struct tape t;

	(void)state;
	number(&b, 14, SAMPLES);
	numbers(&b, 13, 2, comments, 1);
	number(&b, 13, MAIN);
	read_whole(&t, &b, 0);
	assert_string_equal(t.default_type, "samples");
	assert_string_equal(strbuf_str(&t.comments), "work\n/usr/lib/libx.so\nmain\n");
	tape_release(&t);
}

static void unknown_fields_are_skipped(void **state)
{
	struct pb b = { .n = 0 };
	struct tape t;

	(void)state;
	types(&b);
	number(&b, 15, MAIN);
	samples(&b, 1);
	places(&b);
	strings(&b);
	bytes(&b, 100, "abc", 3);
	varint(&b, 101 << 3 | 1);
	b.n += 8;
	varint(&b, 102 << 3 | 5);
	b.n += 4;
	tape_init(&t);
	assert_int_equal(tape_read(&t, "pprof", b.s, b.n, 0), 0);
	assert_string_equal(tape_text(&t), all);
	tape_release(&t);
}

/* drop_frames takes the frame and what it calls, unless nothing that stays is further out. */
static void dropped_frames(void **state)
{
	static const struct {
		const char *drop, *keep, *want;
	} cases[] = {
		{ "w.*k", "", "main main.c:3: 1 1\n" },
		{ "wor", "", "main main.c:3;work main.c;inlined main.c;libx.so+0x1123: 1 1\n" },
		{ "inlined", "", "main main.c:3;work main.c: 1 1\n" },
		{ "work", "w.*", "main main.c:3;work main.c;inlined main.c;libx.so+0x1123: 1 1\n" },
		{ "main", "", "main main.c:3;work main.c;inlined main.c;libx.so+0x1123: 1 1\n" },
		{ "main|work", "", "main main.c:3;work main.c;inlined main.c;libx.so+0x1123: 1 1\n" },
	};
	const uint64_t deep[] = { 12, 11, 10 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct pb b = { .n = 0 };
		struct tape t;

		type(&b, 1, SAMPLES, COUNT);
		type(&b, 1, SAMPLES, COUNT);
		sample(&b, 3, deep, 1, 1, NULL, 1);
		places(&b);
		strings(&b);
		bytes(&b, 6, cases[i].drop, strlen(cases[i].drop));
		bytes(&b, 6, cases[i].keep, strlen(cases[i].keep));
		number(&b, 7, N_STRINGS);
		number(&b, 8, N_STRINGS + 1);
		read_whole(&t, &b, 0);
		assert_string_equal(strchr(tape_text(&t), '\n') + 1, cases[i].want);
		tape_release(&t);
	}
}

/* Names as profilers for Node and perf's converters write them. */
static void names_of_javascript(void **state)
{
	static const char *const names[] = { "(anonymous:L#5:C#13)", "Garbage Collection", "LazyCompile:*fib /app/main.js:1",
					     "Function:^tick node:internal/timers:497", "bad\xff\xfename", "JS::Call" };
	struct pb b = { .n = 0 };
	struct tape t;

	(void)state;
	types(&b);
	for (uint64_t i = 0; i < 6; i++) {
		uint64_t id = i + 1;

		sample(&b, 1, &id, 1, 1, NULL, 1);
		location(&b, id, 0, id, (uint64_t)3 << 32 | 9, 0);
		function(&b, id, N_STRINGS + i, 0, 0);
	}
	strings(&b);
	for (size_t i = 0; i < 6; i++)
		bytes(&b, 6, names[i], strlen(names[i]));
	read_whole(&t, &b, 0);
	assert_string_equal(tape_text(&t), "values samples/count cpu/ns\n"
					   "(anonymous):5:13: 1 1000\n"
					   "Garbage Collection(gc): 1 1000\n"
					   "JS::Call: 1 1000\n"
					   "bad\xEF\xBF\xBD\xEF\xBF\xBDname: 1 1000\n"
					   "fib /app/main.js:1: 1 1000\n"
					   "tick node:internal/timers:497: 1 1000\n");
	assert_int_equal(tape_diag(&t, "invalid-utf8"), 1);
	tape_release(&t);
}

/* The times of a timeline are times, not sets of labels. */
static void timestamps_are_no_labels(void **state)
{
	static const char key[] = "end_timestamp_ns";
	const struct label at = { N_STRINGS, 0, 77000, 0 };
	const uint64_t flat[] = { 10 };
	struct pb b = { .n = 0 };
	struct tape t;

	(void)state;
	types(&b);
	sample(&b, 1, flat, 1, 1, &at, 1);
	places(&b);
	strings(&b);
	bytes(&b, 6, key, strlen(key));
	read_whole(&t, &b, 0);
	assert_string_equal(strchr(tape_text(&t), '\n') + 1, "main main.c:3: 1 1000\n");
	assert_int_equal(t.first_ns, 77000);
	tape_release(&t);
}

static void refused(const struct pb *b, const char *why)
{
	struct tape t;

	tape_init(&t);
	assert_true(tape_read(&t, "pprof", b->s, b->n, 0) < 0);
	assert_has(t.err.text, why);
	tape_release(&t);
}

static void what_does_not_exist_is_refused(void **state)
{
	const uint64_t nowhere[] = { 99 }, there[] = { 10 };
	struct pb b = { .n = 0 };

	(void)state;
	types(&b);
	sample(&b, 1, nowhere, 1, 1, NULL, 1);
	places(&b);
	refused(&b, "string");
	strings(&b);
	refused(&b, "location 99, which does not exist");

	b.n = 0;
	strings(&b);
	types(&b);
	sample(&b, 1, there, 1, 1, NULL, 1);
	location(&b, 10, 0, 5, 1, 0);
	refused(&b, "function 5, which does not exist");
	location(&b, 10, 0, 5, 1, 0);
	refused(&b, "two locations of the profile have the id 10");

	b.n = 0;
	strings(&b);
	type(&b, 1, SAMPLES, COUNT);
	samples(&b, 1);
	places(&b);
	refused(&b, "samples of 2 values in a profile of 1 sample types");

	b.n = 0;
	strings(&b);
	samples(&b, 1);
	places(&b);
	refused(&b, "does not say what its samples count");

	b.n = 0;
	number(&b, 1, 7);
	refused(&b, "not the message");
}

static void sums_do_not_wrap(void **state)
{
	const uint64_t there[] = { 10 };
	struct pb b = { .n = 0 };

	(void)state;
	strings(&b);
	types(&b);
	places(&b);
	sample(&b, 1, there, INT64_MAX, 1, NULL, 1);
	sample(&b, 1, there, 1, 1, NULL, 1);
	refused(&b, "63 bits");

	b.n = 0;
	strings(&b);
	types(&b);
	places(&b);
	sample(&b, 1, there, 1, INT64_MAX / 2, NULL, 1);
	refused(&b, "does not fit");
}

static void a_length_of_a_terabyte_costs_nothing(void **state)
{
	struct pb b = { .n = 0 };
	struct tape t;

	(void)state;
	types(&b);
	varint(&b, 6 << 3 | 2);
	varint(&b, (uint64_t)1 << 29);
	tape_init(&t);
	assert_int_equal(tape_read(&t, "pprof", b.s, b.n, 0), ERR_TRUNCATED);
	assert_true(t.run.mem.peak_bytes < 4u << 20);
	tape_release(&t);
	b.n -= 5;
	varint(&b, (uint64_t)1 << 40);
	b.n += 32;
	refused(&b, "no field of a protocol buffer");
}

static void probing(void **state)
{
	static const char *const others[] = { "{\"nodes\":[]}", "main;work 12\n", "node 1 2.3: 1 cycles:\n", "\n\n\n\n", "" };
	const struct format *f = format_named("pprof");
	struct pb b = usual(1);

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(f->probe(others[i], strlen(others[i]), 1), PROBE_NO);
	assert_int_equal(f->probe((const char *)b.s, b.n, 1), PROBE_YES);
	assert_int_equal(f->probe((const char *)b.s, b.n / 2, 0), PROBE_YES);
}

static void damage(void **state)
{
	struct pb b = usual(1);

	(void)state;
	tape_torture("pprof", NULL, b.s, b.n, 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_may_come_in_any_order),
		cmocka_unit_test(packed_and_unpacked_are_the_same_at_any_read_size),
		cmocka_unit_test(default_type_and_comments),
		cmocka_unit_test(unknown_fields_are_skipped),
		cmocka_unit_test(dropped_frames),
		cmocka_unit_test(names_of_javascript),
		cmocka_unit_test(timestamps_are_no_labels),
		cmocka_unit_test(what_does_not_exist_is_refused),
		cmocka_unit_test(sums_do_not_wrap),
		cmocka_unit_test(a_length_of_a_terabyte_costs_nothing),
		cmocka_unit_test(probing),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
