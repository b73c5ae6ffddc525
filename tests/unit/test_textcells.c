#include "unit.h"

#include "analyzer/textcells.h"

static struct mem mem;
static struct strbuf sb;

static const char *clean(const char *s, size_t n)
{
	strbuf_reset(&sb);
	text_clean(&sb, (struct str){ s, n }, 0);
	return strbuf_str(&sb);
}

static const char *shorten(const char *s, size_t width, enum text_keep keep, int ascii)
{
	strbuf_reset(&sb);
	text_shorten(&sb, str_of(s), width, keep, ascii);
	assert_true(text_width(sb.buf, sb.len) <= width);
	return strbuf_str(&sb);
}

static void what_is_obeyed_becomes_visible(void **state)
{
	(void)state;
	assert_string_equal(clean("plain", 5), "plain");
	assert_string_equal(clean("a\nb\tc\rd", 7), "a\\nb\\tc\\rd");
	assert_string_equal(clean("\x1b[0m\x7f", 5), "\\x1b[0m\\x7f");
	assert_string_equal(clean("nul\0!", 5), "nul\\x00!");
	assert_string_equal(clean("\xC2\x9B", 2), "\\u009b");
	assert_string_equal(clean("\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\x8B", 9), "\\u202e\\u2066\\u200b");
	assert_string_equal(clean("\xF3\xA0\x81\x81", 4), "\\u{e0041}");
	assert_string_equal(clean("bad\xFF lone\xED\xA0\xBD", 12), "bad\xEF\xBF\xBD lone\xEF\xBF\xBD");
	assert_string_equal(clean(NULL, 0), "");
}

static void names_are_cut_in_the_middle(void **state)
{
	(void)state;
	assert_string_equal(shorten("abcdefghij", 10, TEXT_KEEP_ENDS, 0), "abcdefghij");
	assert_string_equal(shorten("abcdefghij", 5, TEXT_KEEP_ENDS, 0), "ab…ij");
	assert_string_equal(shorten("abcdefghij", 7, TEXT_KEEP_ENDS, 1), "ab...ij");
	assert_string_equal(shorten("src/deep/cache.js:14", 12, TEXT_KEEP_TAIL, 0), "…cache.js:14");
	assert_string_equal(shorten("abcdef", 1, TEXT_KEEP_ENDS, 0), ".");
	assert_string_equal(shorten("abcdef", 0, TEXT_KEEP_ENDS, 0), "");
}

static void wide_characters_count_two_cells(void **state)
{
	(void)state;
	assert_int_equal(text_width("用户", strlen("用户")), 4);
	assert_string_equal(shorten("用户会话", 6, TEXT_KEEP_ENDS, 0), "用…话");
	assert_int_equal(text_width("e\xCC\x81", 3), 1);
}

static void running_text_never_passes_the_width(void **state)
{
	struct strbuf out;
	struct flow f = { .out = &out, .width = 20, .indent = 4, .column = 4 };

	(void)state;
	strbuf_init(&out, &mem);
	strbuf_addstr(&out, " 1. ");
	flow_words(&f, STR_LIT("one two three four antidisestablishmentarianism five"), TONE_PLAIN);
	assert_string_equal(strbuf_str(&out), " 1. one two three\n    four\n    antidise…rianism\n    five");
	strbuf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_obeyed_becomes_visible),
		cmocka_unit_test(names_are_cut_in_the_middle),
		cmocka_unit_test(wide_characters_count_two_cells),
		cmocka_unit_test(running_text_never_passes_the_width),
	};
	int failed;

	mem_init(&mem, 0);
	strbuf_init(&sb, &mem);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	strbuf_release(&sb);
	return failed;
}
