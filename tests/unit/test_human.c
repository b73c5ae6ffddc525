#include "unit.h"

#include "analyzer/human.h"

static struct mem mem;

static const char *show(void (*fn)(struct strbuf *, int64_t, int), int64_t v, int with_sign)
{
	static char text[64];
	struct strbuf sb;

	strbuf_init(&sb, &mem);
	fn(&sb, v, with_sign);
	assert_true(sb.len < sizeof(text));
	memcpy(text, strbuf_str(&sb), sb.len + 1);
	strbuf_release(&sb);
	return text;
}

static void sizes_are_decimal_as_in_chrome(void **state)
{
	(void)state;
	assert_string_equal(show(human_bytes, 0, 0), "0 B");
	assert_string_equal(show(human_bytes, 999, 0), "999 B");
	assert_string_equal(show(human_bytes, 1000, 0), "1.0 kB");
	assert_string_equal(show(human_bytes, 1049, 0), "1.0 kB");
	assert_string_equal(show(human_bytes, 1050, 0), "1.1 kB");
	assert_string_equal(show(human_bytes, 99949, 0), "99.9 kB");
	assert_string_equal(show(human_bytes, 99950, 0), "100 kB");
	assert_string_equal(show(human_bytes, 999499, 0), "999 kB");
	assert_string_equal(show(human_bytes, 999500, 0), "1.0 MB");
	assert_string_equal(show(human_bytes, 17544616, 0), "17.5 MB");
	assert_string_equal(show(human_bytes, 2147483648, 0), "2.1 GB");
	assert_string_equal(show(human_bytes, INT64_MAX, 0), "9.2 EB");
	assert_string_equal(show(human_bytes, INT64_MIN, 0), "-9.2 EB");
}

static void signs_are_shown_where_asked(void **state)
{
	(void)state;
	assert_string_equal(show(human_bytes, 0, 1), "0 B");
	assert_string_equal(show(human_bytes, 12, 1), "+12 B");
	assert_string_equal(show(human_bytes, -1500000, 0), "-1.5 MB");
	assert_string_equal(show(human_count, 1204, 1), "+1,204");
	assert_string_equal(show(human_count, -999, 1), "-999");
}

static void counts_are_exact(void **state)
{
	(void)state;
	assert_string_equal(show(human_count, 0, 0), "0");
	assert_string_equal(show(human_count, 999, 0), "999");
	assert_string_equal(show(human_count, 1000, 0), "1,000");
	assert_string_equal(show(human_count, 1234567, 0), "1,234,567");
	assert_string_equal(show(human_count, INT64_MIN, 0), "-9,223,372,036,854,775,808");
}

static void percents_never_round_to_nothing_or_all(void **state)
{
	(void)state;
	assert_string_equal(show(human_percent, 0, 0), "0 %");
	assert_string_equal(show(human_percent, 4, 0), "<0.1 %");
	assert_string_equal(show(human_percent, 5, 0), "0.1 %");
	assert_string_equal(show(human_percent, 9730, 0), "97.3 %");
	assert_string_equal(show(human_percent, 9999, 0), "99.9 %");
	assert_string_equal(show(human_percent, 10000, 0), "100 %");
	assert_string_equal(show(human_percent, 12340, 1), "+123.4 %");
	assert_string_equal(show(human_percent, -250, 0), "-2.5 %");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_decimal_as_in_chrome),
		cmocka_unit_test(signs_are_shown_where_asked),
		cmocka_unit_test(counts_are_exact),
		cmocka_unit_test(percents_never_round_to_nothing_or_all),
	};

	mem_init(&mem, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
