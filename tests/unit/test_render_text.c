#include "unit.h"

#include "analyzer/textcells.h"
#include "base/utf8.h"

static void render(struct desk *d, unsigned flags, const struct render_options *o)
{
	desk_init(d);
	assert_int_equal(sample_report(&d->report, flags, &d->err), 0);
	assert_int_equal(render_text(&d->report, o, &d->out, &d->err), 0);
}

/* Cells of one line, colour switches not counted. */
static size_t line_cells(const char *s, size_t n)
{
	size_t cells = 0;
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		if (s[i] == '\x1b') {
			while (i < n && s[i] != 'm')
				i++;
			i++;
			continue;
		}
		i += utf8_decode(s + i, n - i, &cp);
		assert_false(text_is_hidden(cp));
		cells += utf8_cells(cp);
	}
	return cells;
}

static size_t widest_line(const struct desk *d)
{
	const char *s = desk_text(d), *end = s + d->out.len;
	size_t widest = 0;

	while (s < end) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		size_t cells;

		assert_non_null(eol);
		cells = line_cells(s, (size_t)(eol - s));
		widest = cells > widest ? cells : widest;
		if (eol > s && eol[-1] == ' ')
			fail_msg("a blank ends the line: %.*s|", (int)(eol - s), s);
		s = eol + 1;
	}
	return widest;
}

static void no_line_is_wider_than_asked(void **state)
{
	static const unsigned widths[] = { 40, 60, 80, 120, 200 };

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		for (unsigned variant = 0; variant < 16; variant++) {
			struct render_options o = { .width = widths[i],
						    .color = (variant & 1) != 0,
						    .ascii = (variant & 2) != 0,
						    .rows = variant & 4 ? 100 : 0 };
			struct desk d;

			render(&d, (variant & 8 ? SAMPLE_HOSTILE : 0) | SAMPLE_SERIES, &o);
			assert_true(widest_line(&d) <= widths[i]);
			desk_release(&d);
		}
	}
}

static void width_is_80_by_default_and_40_at_least(void **state)
{
	struct render_options o = { .width = 0 };
	struct desk d;

	(void)state;
	render(&d, SAMPLE_HOSTILE, &o);
	assert_in_range(widest_line(&d), 70, 80);
	desk_release(&d);
	o.width = 3;
	render(&d, SAMPLE_HOSTILE, &o);
	assert_in_range(widest_line(&d), 30, 40);
	desk_release(&d);
}

static void the_answer_comes_first(void **state)
{
	struct render_options o = { .width = 80 };
	struct desk d;

	(void)state;
	render(&d, 0, &o);
	assert_int_equal(strncmp(desk_text(&d), "The heap grew by 12.4 MB;", 25), 0);
	assert_has(desk_text(&d), "Matched by object id");
	assert_has(desk_text(&d), "\n  Heap          5.1 MB → 17.5 MB (+12.4 MB)\n");
	desk_release(&d);
}

static void growth_points_are_blocks(void **state)
{
	struct render_options o = { .width = 80 };
	struct desk d;

	(void)state;
	render(&d, SAMPLE_SERIES, &o);
	assert_has(desk_text(&d), "\n  1. +10.5 MB (84.5 %) Map @48213 in src/cache.js:14\n"
				  "     1.2 kB → 5.2 MB → 10.5 MB, grew every time\n"
				  "     holds 2,000 x {user, at, basket}, 48 B each, 10.4 MB retained,\n"
				  "             src/session.js:10\n"
				  "           12 x Buffer, 48 B each, 50.2 kB retained\n");
	assert_has_not(desk_text(&d), "(1 alike)");
	assert_has(desk_text(&d), "(1,200 alike)");
	assert_has(desk_text(&d), "           … 1 more kind, 2 objects\n"
				  "     (root) [2] › (GC roots) [21] › (Global handles) [0] ›\n"
				  "     global .sessionCache › SessionCache .entries › Map\n");
	assert_has(desk_text(&d), "(Strong roots) › … 12 steps ›\n     system / Context .auditQueue › Array\n");
	desk_release(&d);
}

static void cut_tables_say_what_is_missing(void **state)
{
	struct render_options o = { .width = 80, .rows = 2 };
	struct desk d;

	(void)state;
	render(&d, 0, &o);
	assert_has(desk_text(&d), "\n  … 12 more                                  49,243   +7,402   +318 kB\n"
				  "  total                                      61,255  +19,402   +974 kB\n");
	assert_has(desk_text(&d), "  … 6 smaller rows\n");
	desk_release(&d);
}

static void narrow_tables_keep_name_and_main_column(void **state)
{
	struct render_options o = { .width = 44 };
	struct desk d;

	(void)state;
	render(&d, 0, &o);
	assert_has(desk_text(&d), "{user, at, basket}");
	assert_has(desk_text(&d), "Retained\n");
	assert_has_not(desk_text(&d), "  Self  Retained\n");
	desk_release(&d);
}

static void colour_is_only_added(void **state)
{
	struct render_options o = { .width = 80 };
	struct desk plain, color;
	size_t n = 0;

	(void)state;
	render(&plain, SAMPLE_HOSTILE, &o);
	assert_null(memchr(plain.out.buf, '\x1b', plain.out.len));
	o.color = 1;
	render(&color, SAMPLE_HOSTILE, &o);
	assert_has(desk_text(&color), "\x1b[1;31m+10.5 MB\x1b[0m");
	for (size_t i = 0; i < color.out.len; i++) {
		if (color.out.buf[i] == '\x1b') {
			while (color.out.buf[i] != 'm')
				i++;
			continue;
		}
		color.out.buf[n++] = color.out.buf[i];
	}
	assert_int_equal(n, plain.out.len);
	assert_memory_equal(color.out.buf, plain.out.buf, n);
	desk_release(&plain);
	desk_release(&color);
}

static void ascii_is_ascii(void **state)
{
	struct render_options o = { .width = 80, .ascii = 1, .rows = 2 };
	struct desk d;

	(void)state;
	render(&d, SAMPLE_SERIES, &o);
	for (size_t i = 0; i < d.out.len; i++)
		assert_true((unsigned char)d.out.buf[i] < 0x80);
	assert_has(desk_text(&d), "5.1 MB -> 17.5 MB");
	assert_has(desk_text(&d), "... 12 more");
	desk_release(&d);
}

static void empty_tables_say_so_or_stay_away(void **state)
{
	struct render_options o = { .width = 80 };
	struct desk d;

	(void)state;
	render(&d, SAMPLE_QUIET, &o);
	assert_has(desk_text(&d), "\nGrowth points\n  Nothing grew.\n");
	assert_has(desk_text(&d), "\nClasses\n  No class changed.\n");
	assert_has_not(desk_text(&d), "Growing arrays");
	assert_has_not(desk_text(&d), "Diagnostics");
	desk_release(&d);
}

static void trends_need_three_snapshots(void **state)
{
	struct render_options o = { .width = 120 };
	struct desk d;

	(void)state;
	render(&d, 0, &o);
	assert_has_not(desk_text(&d), "Trend");
	desk_release(&d);
	render(&d, SAMPLE_SERIES, &o);
	assert_has(desk_text(&d), "Trend\n");
	assert_has(desk_text(&d), "▁▄█\n");
	desk_release(&d);
}

static void statistics_show_shares(void **state)
{
	struct render_options o = { .width = 80 };
	struct desk d;

	(void)state;
	desk_init(&d);
	assert_int_equal(sample_stat_report(&d.report, 0, &d.err), 0);
	assert_int_equal(render_text(&d.report, &o, &d.out, &d.err), 0);
	assert_has(desk_text(&d), "\n  Total             17.5 MB   100 %\n");
	assert_has(desk_text(&d), "\n  Typed arrays      90.1 kB   0.5 %\n");
	desk_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_line_is_wider_than_asked),
		cmocka_unit_test(width_is_80_by_default_and_40_at_least),
		cmocka_unit_test(the_answer_comes_first),
		cmocka_unit_test(growth_points_are_blocks),
		cmocka_unit_test(cut_tables_say_what_is_missing),
		cmocka_unit_test(narrow_tables_keep_name_and_main_column),
		cmocka_unit_test(colour_is_only_added),
		cmocka_unit_test(ascii_is_ascii),
		cmocka_unit_test(empty_tables_say_so_or_stay_away),
		cmocka_unit_test(trends_need_three_snapshots),
		cmocka_unit_test(statistics_show_shares),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
