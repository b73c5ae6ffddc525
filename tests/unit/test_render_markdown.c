#include "unit.h"

#include "analyzer/mdtext.h"
#include "analyzer/textcells.h"
#include "base/utf8.h"

static void render(struct desk *d, unsigned flags, size_t rows)
{
	struct render_options o = { .rows = rows };

	desk_init(d);
	assert_int_equal(sample_report(&d->report, flags, &d->err), 0);
	assert_int_equal(render_markdown(&d->report, &o, &d->out, &d->err), 0);
}

static const char *code(struct desk *d, const char *s, int in_table)
{
	strbuf_reset(&d->out);
	md_code(&d->out, str_of(s), in_table);
	return desk_text(d);
}

static const char *words(struct desk *d, const char *s)
{
	strbuf_reset(&d->out);
	md_words(&d->out, str_of(s));
	return desk_text(d);
}

static void code_spans_cannot_be_left(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d);
	assert_string_equal(code(&d, "Map", 0), "`Map`");
	assert_string_equal(code(&d, "a`b", 0), "``a`b``");
	assert_string_equal(code(&d, "`a``", 0), "``` `a`` ```");
	assert_string_equal(code(&d, "", 0), "`  `");
	assert_string_equal(code(&d, "a|b", 0), "`a|b`");
	assert_string_equal(code(&d, "a|b", 1), "`a\\|b`");
	assert_string_equal(code(&d, "a\\|b", 1), "`a\\\\\\|b`");
	desk_release(&d);
}

static void harmless_words_stay_words(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d);
	assert_string_equal(words(&d, "The heap grew by 12.4 MB (+97.3 %), same-process."),
			    "The heap grew by 12.4 MB (+97.3 %), same-process.");
	assert_string_equal(words(&d, "Map @48213 in src/cache.js:14."), "Map `@48213` in `src/cache.js:14`.");
	assert_string_equal(words(&d, "holds 2 x {user, at, basket}: all"), "holds 2 x `{user, at, basket}`: all");
	assert_string_equal(words(&d, "see {a and b"), "see `{a` and b");
	assert_string_equal(words(&d, "www.example.com, GH-12 #12 a_b *c* <b> [x](y)"),
			    "`www.example.com, GH-12 #12 a_b *c* <b> [x](y)`");
	assert_string_equal(words(&d, "https://example.com/x and a@b.c"), "`https://example.com/x` and `a@b.c`");
	assert_string_equal(words(&d, "held by \"0123abc\" and 1234567, 12ab"), "held by `\"0123abc\"` and 1234567, 12ab");
	assert_string_equal(words(&d, ""), "");
	desk_release(&d);
}

static size_t count_lines(const struct desk *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->out.len; i++)
		n += d->out.buf[i] == '\n';
	return n;
}

static void it_fits_a_ticket(void **state)
{
	static const unsigned flags[] = { 0, SAMPLE_SERIES, SAMPLE_LARGE, SAMPLE_QUIET };
	struct desk d;

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		render(&d, flags[i], 0);
		assert_in_range(count_lines(&d), 8, 60);
		desk_release(&d);
	}
}

static void it_shows_the_answer_the_holder_and_the_path(void **state)
{
	struct desk d;

	(void)state;
	render(&d, 0, 0);
	assert_int_equal(strncmp(desk_text(&d), "**The heap grew by 12.4 MB; Map `@48213` in", 43), 0);
	assert_has(desk_text(&d), "\n1. **+10.5 MB** (84.5 %) in `Map @48213`, `src/cache.js:14`\n");
	assert_has(desk_text(&d), " (1,200 alike), ");
	assert_has(desk_text(&d), "global .sessionCache › SessionCache .entries › Map`\n");
	assert_has(desk_text(&d),
		   "\n| Class | Place | After | Count | Self | Retained |\n|---|---|---:|---:|---:|---:|\n");
	assert_has(desk_text(&d), "\n| total |  | 61,255 | +19,402 | +974 kB |  |\n");
	desk_release(&d);
}

/* Unescaped bars of a line outside of nothing: what a table parser of either dialect splits at. */
static size_t count_bars(const char *s, const char *eol, int pairs)
{
	size_t bars = 0;
	int escaped = 0;

	for (; s < eol; s++) {
		if (*s == '|' && !escaped)
			bars++;
		escaped = *s == '\\' && !(pairs && escaped);
	}
	return bars;
}

static void table_rows_keep_their_cells(void **state)
{
	struct desk d;
	size_t expected = 0;

	(void)state;
	render(&d, SAMPLE_HOSTILE, 100);
	for (const char *s = desk_text(&d), *eol; *s; s = eol + 1) {
		eol = strchr(s, '\n');
		assert_non_null(eol);
		if (*s != '|') {
			expected = 0;
			continue;
		}
		if (!expected)
			expected = count_bars(s, eol, 0);
		assert_int_equal(count_bars(s, eol, 0), expected);
		assert_int_equal(count_bars(s, eol, 1), expected);
	}
	desk_release(&d);
}

/* Where a code span of `fence` backticks that opened before `i` ends; 0: it does not end on this line. */
static size_t span_close(const char *s, size_t i, size_t n, size_t fence)
{
	while (i < n) {
		size_t run = 0;

		while (i + run < n && s[i + run] == '`')
			run++;
		if (run == fence)
			return i + run;
		i += run ? run : 1;
	}
	return 0;
}

/* Blank all code spans of the document, line by line: none of ours spans lines. */
static void blank_code(char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\n"), i = 0;

		while (i < n) {
			size_t fence = 0, end;

			while (i + fence < n && s[i + fence] == '`')
				fence++;
			if (!fence) {
				i++;
				continue;
			}
			end = span_close(s, i + fence, n, fence);
			assert_true(end > 0);
			memset(s + i, '.', end - i);
			i = end;
		}
		s += n + (s[n] != '\0');
	}
}

static void nothing_foreign_is_active(void **state)
{
	struct desk d;

	(void)state;
	render(&d, SAMPLE_HOSTILE | SAMPLE_SERIES, 100);
	assert_int_equal(strlen(desk_text(&d)), d.out.len);
	for (size_t i = 0; i < d.out.len;) {
		uint32_t cp;

		i += utf8_decode(d.out.buf + i, d.out.len - i, &cp);
		assert_true(cp == '\n' || !text_is_hidden(cp));
	}
	blank_code(d.out.buf);
	for (const char *s = desk_text(&d); (s = strchr(s, '<')); s++)
		assert_int_equal(strncmp(s, "<0.1 %", 6), 0); /* our own */
	assert_has_not(desk_text(&d), "[");
	assert_has_not(desk_text(&d), "@");
	assert_has_not(desk_text(&d), "www");
	assert_has_not(desk_text(&d), "http");
	assert_has_not(desk_text(&d), "#1");
	assert_has_not(desk_text(&d), "_");
	assert_has_not(desk_text(&d), "&");
	assert_has_not(desk_text(&d), "$");
	desk_release(&d);
}

static void warnings_stand_in_the_head(void **state)
{
	struct desk d;

	(void)state;
	render(&d, SAMPLE_HOSTILE, 0);
	assert_true(strstr(desk_text(&d), "> Warning: ") < strstr(desk_text(&d), "### Growth"));
	assert_has(desk_text(&d), "**truncated**");
	assert_has(desk_text(&d),
		   "\nNot shown here: Growing arrays (1), Growing closures (2), Growing listeners (16), ");
	desk_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_spans_cannot_be_left),
		cmocka_unit_test(harmless_words_stay_words),
		cmocka_unit_test(it_fits_a_ticket),
		cmocka_unit_test(it_shows_the_answer_the_holder_and_the_path),
		cmocka_unit_test(table_rows_keep_their_cells),
		cmocka_unit_test(nothing_foreign_is_active),
		cmocka_unit_test(warnings_stand_in_the_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
