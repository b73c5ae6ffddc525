#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "formats/json_strings.h"

struct outcome {
	struct run run;
	struct strtab table;
	struct err err;
	int rc;
};

static void read_strings(const char *text, size_t len, size_t read_bytes, struct outcome *o)
{
	struct source *src;
	struct json_in in;

	memset(o, 0, sizeof(*o));
	run_init(&o->run, 1, 0);
	strtab_init(&o->table, &o->run.mem);
	assert_int_equal(source_open_memory(&src, &o->run.mem, text, len, &o->err), 0);
	assert_int_equal(json_in_init(&in, &o->run, src, read_bytes, &o->err), 0);
	o->rc = json_strings_read(&in, &o->table, &o->err);
	json_in_release(&in);
	source_close(src);
}

static void done(struct outcome *o)
{
	strtab_release(&o->table);
	assert_int_equal(o->run.mem.used_bytes, 0);
	run_release(&o->run);
}

struct expected {
	const char *s;
	size_t n;
};

#define L(literal)                                   \
	{                                            \
		(literal), sizeof(literal) - 1       \
	}

static void expect_strings(const char *text, const struct expected *want, size_t n)
{
	for (size_t r = 0; r <= 33; r++) {
		struct outcome o;

		read_strings(text, strlen(text), r, &o);
		assert_int_equal(o.rc, 0);
		assert_int_equal(o.table.n, n);
		for (size_t i = 0; i < n; i++) {
			struct str s = strtab_get(&o.table, i);

			assert_int_equal(s.n, want[i].n);
			assert_memory_equal(s.n ? s.s : "", want[i].s, want[i].n);
		}
		done(&o);
	}
}

static void plain_strings_and_escapes_are_decoded(void **state)
{
	static const struct expected want[] = { L("<dummy>"), L(""), L("a\"b\\c/d\b\f\n\r\t"), L("x\0y"), L("\xC3\xA9\xE2\x82\xAC") };

	(void)state;
	expect_strings("[\"<dummy>\",\n\"\" , \"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\",\"x\\u0000y\",\"\\u00e9\\u20AC\"]", want, 5);
	expect_strings("[]", NULL, 0);
	expect_strings(" [ ] ", NULL, 0);
}

static void surrogates_are_joined_and_lone_ones_kept_apart(void **state)
{
	static const struct expected want[] = { L("\xF0\x9F\x98\x80"), L("\xED\xA0\xBDx"), L("\xED\xB8\x80"),
						L("\xED\xA0\xBD\xED\xA0\xBD"), L("\xED\xA0\xBD\n") };

	(void)state;
	expect_strings("[\"\\ud83d\\ude00\",\"\\ud83dx\",\"\\ude00\",\"\\ud83d\\ud83d\",\"\\ud83d\\n\"]", want, 5);
}

static void what_only_looks_like_a_pair_stays_two(void **state)
{
	static const struct expected want[] = { L("\xED\xB8\x80\xED\xA0\xBD"), L("\xED\xA0\xBDu0041"),
						L("\xED\xA0\xBD\xC3\xA9"), L("\xED\xAF\xBF\xEE\x80\x80"),
						L("\xF4\x8F\xBF\xBF"), L("\xF0\x90\x80\x80\xED\xB0\x80"),
						L("\xED\xA0\xBD\xED\xB8\x80") };

	(void)state;
	/* low before high; a pair's second half without its backslash; a letter; U+E000; the last and the first pair */
	expect_strings("[\"\\ude00\\ud83d\",\"\\ud83du0041\",\"\\uD83D\\u00E9\",\"\\udbff\\ue000\","
		       "\"\\uDBFF\\uDFFF\",\"\\ud800\\udc00\\udc00\",\"\\ud83d\xED\xB8\x80\"]",
		       want, 7);
}

static void every_byte_below_a_space_may_stand_raw(void **state)
{
	char text[64] = "[\"", raw[34];
	struct outcome o;
	size_t n = 2;

	(void)state;
	for (int c = 0; c < 32; c++)
		raw[c] = (char)c;
	memcpy(raw + 32, "\x7F/", 2);
	memcpy(text + n, raw, sizeof(raw));
	memcpy(text + n + sizeof(raw), "\"]", 2);
	for (size_t r = 0; r <= 31; r++) {
		read_strings(text, n + sizeof(raw) + 2, r, &o);
		assert_int_equal(o.rc, 0);
		assert_int_equal(o.table.n, 1);
		assert_int_equal(strtab_get(&o.table, 0).n, sizeof(raw));
		assert_memory_equal(strtab_get(&o.table, 0).s, raw, sizeof(raw));
		done(&o);
	}
}

static void raw_bytes_pass(void **state)
{
	static const struct expected want[] = { L("tab\tnl\n"), L("\xF0\x9F\x98\x80 \xFF\xFE") };

	(void)state;
	expect_strings("[\"tab\tnl\n\",\"\xF0\x9F\x98\x80 \xFF\xFE\"]", want, 2);
}

static void expect_error(const char *text, enum err_kind kind, uint64_t offset)
{
	for (size_t r = 0; r <= 31; r++) {
		struct outcome o;

		read_strings(text, strlen(text), r, &o);
		if (o.err.kind != kind || o.err.offset != offset)
			fail_msg("%s: kind %d offset %llu: %s", text, o.err.kind, (unsigned long long)o.err.offset, o.err.text);
		done(&o);
	}
}

static void broken_arrays_are_named_by_offset(void **state)
{
	(void)state;
	expect_error("[\"a\",1]", ERR_FORMAT, 5);
	expect_error("[\"a\" \"b\"]", ERR_FORMAT, 5);
	expect_error("[\"a\",]", ERR_FORMAT, 5);
	expect_error("[\"a\\x\"]", ERR_FORMAT, 3);
	expect_error("[\"a\\u12g4\"]", ERR_FORMAT, 3);
	expect_error("x", ERR_FORMAT, 0);
	expect_error("[\"a\",,\"b\"]", ERR_FORMAT, 5);
	expect_error("[,\"b\"]", ERR_FORMAT, 1);
	expect_error("[\"a\" : \"b\"]", ERR_FORMAT, 5);
	expect_error("[[\"a\"]]", ERR_FORMAT, 1);
	expect_error("[null]", ERR_FORMAT, 1);
	expect_error("[\"\\'\"]", ERR_FORMAT, 2);
	expect_error("[\"\\U0041\"]", ERR_FORMAT, 2);
	expect_error("[\"\\u+041\"]", ERR_FORMAT, 2);
	expect_error("[\"\\u\"]", ERR_FORMAT, 2);
	expect_error("[\"\\u1\"]", ERR_FORMAT, 2);
	expect_error("[\"\\ud83d\\u12\"]", ERR_FORMAT, 8);
	expect_error("[\"ok\",\"\\ud83d\\q\"]", ERR_FORMAT, 13);
}

static void every_cut_is_an_error(void **state)
{
	static const char text[] = "[\"ab\",\"c\\n\\u00e9\\ud83d\\ude00\",\"\"]";

	(void)state;
	for (size_t len = 1; len + 1 < sizeof(text); len++) {
		for (size_t r = 0; r <= 31; r++) {
			struct outcome o;

			read_strings(text, len, r, &o);
			assert_int_equal(o.rc, ERR_TRUNCATED);
			assert_true(o.table.n <= 3);
			done(&o);
		}
	}
}

static void a_cut_keeps_the_strings_before_it(void **state)
{
	static const char text[] = "[\"ab\",\"c\\n\\u00e9\",\"\"]";

	(void)state;
	for (size_t len = 1; len + 1 < sizeof(text); len++) {
		struct outcome o;
		size_t whole = len < 5 ? 0 : len < 17 ? 1 : len < 20 ? 2 : 3;

		read_strings(text, len, 3, &o);
		assert_int_equal(o.table.n, whole);
		assert_int_equal(o.table.n_bytes, whole == 0 ? 0 : whole == 1 ? 2 : 6);
		assert_true(o.err.offset <= len);
		done(&o);
	}
}

/* A pair of surrogates moved over the border of the window, byte by byte. */
static void an_escape_may_lie_across_two_windows(void **state)
{
	char *text = malloc(JSON_WINDOW_BYTES + 64);
	struct outcome o;

	(void)state;
	assert_non_null(text);
	for (size_t back = 0; back <= 16; back++) {
		size_t n = JSON_WINDOW_BYTES - 2 - back;

		memset(text, 'a', JSON_WINDOW_BYTES);
		memcpy(text, "[\"", 2);
		memcpy(text + 2 + n, "\\ud83d\\ude00\\\"z\"]", 17);
		read_strings(text, n + 19, 0, &o);
		assert_int_equal(o.rc, 0);
		assert_int_equal(strtab_get(&o.table, 0).n, n + 6);
		assert_memory_equal(strtab_get(&o.table, 0).s + n, "\xF0\x9F\x98\x80\"z", 6);
		done(&o);
	}
	free(text);
}

static void a_long_string_crosses_windows(void **state)
{
	size_t n = 3500000;
	char *text = malloc(n + 16);
	struct outcome o;

	(void)state;
	assert_non_null(text);
	memcpy(text, "[\"", 2);
	for (size_t i = 0; i < n; i++)
		text[2 + i] = (char)('a' + i % 23);
	memcpy(text + 2 + n, "\",\"z\"]", 6);
	read_strings(text, n + 8, 0, &o);
	assert_int_equal(o.rc, 0);
	assert_int_equal(o.table.n, 2);
	assert_int_equal(strtab_get(&o.table, 0).n, n);
	assert_memory_equal(strtab_get(&o.table, 0).s, text + 2, n);
	done(&o);
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_strings_and_escapes_are_decoded),
		cmocka_unit_test(surrogates_are_joined_and_lone_ones_kept_apart),
		cmocka_unit_test(what_only_looks_like_a_pair_stays_two),
		cmocka_unit_test(every_byte_below_a_space_may_stand_raw),
		cmocka_unit_test(raw_bytes_pass),
		cmocka_unit_test(broken_arrays_are_named_by_offset),
		cmocka_unit_test(every_cut_is_an_error),
		cmocka_unit_test(a_cut_keeps_the_strings_before_it),
		cmocka_unit_test(an_escape_may_lie_across_two_windows),
		cmocka_unit_test(a_long_string_crosses_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
