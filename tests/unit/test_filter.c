/* The user's regular expression: what it matches, and that no pattern and no name makes it run for ever. */
#include <string.h>

#include "analyzer/filter.h"
#include "unit.h"

static struct filter *compiled(const char *pattern)
{
	struct err e = ERR_INIT;
	struct filter *f;

	if (filter_new(&f, "--filter", pattern, &e))
		fail_msg("%s", e.text);
	return f;
}

static void assert_matches(const char *pattern, const char *text, int wanted)
{
	struct filter *f = compiled(pattern);
	struct err e = ERR_INIT;

	assert_int_equal(filter_wants(f, str_of(text)), wanted);
	assert_int_equal(filter_check(f, &e), 0);
	filter_free(f);
}

static void patterns_match_anywhere(void **state)
{
	(void)state;
	assert_matches("ess", "Session", 1);
	assert_matches("^ess", "Session", 0);
	assert_matches("(?i)session|cache", "LRUCache", 1);
	assert_matches("\xC3\xA9", "caf\xC3\xA9", 1);
	assert_matches("x", "\xFF\xFEx", 1); /* names need not be UTF-8 */
	assert_matches("^$", "", 1);
	assert_matches("(?C1)a", "a", 1); /* a callout of the pattern's own */
	assert_true(filter_wants(NULL, str_of("anything")));
}

static void no_name_is_too_long(void **state)
{
	static char name[1 << 20];
	struct filter *f = compiled("a*b");
	struct err e = ERR_INIT;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[100] = 'b';
	assert_true(filter_wants(f, (struct str){ name, sizeof(name) }));
	name[100] = 'a';
	name[sizeof(name) - 1] = 'b';
	assert_false(filter_wants(f, (struct str){ name, sizeof(name) }));
	assert_int_equal(filter_check(f, &e), 0);
	filter_free(f);
}

static void explosion_is_an_error(void **state)
{
	static const char *const patterns[] = { "(a*)*[xy]", "(a|aa)+$", "(.*)(.*)(.*)(.*)[xy]", "((a+)+)+[xy]" };
	char name[200];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[199] = 'c';
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct filter *f = compiled(patterns[i]);
		struct err e = ERR_INIT;

		/* the limit is met once; the names after it cost nothing */
		for (int k = 0; k < 1000000; k++)
			filter_wants(f, (struct str){ name, sizeof(name) });
		assert_int_equal(filter_check(f, &e), ERR_USAGE);
		assert_non_null(strstr(e.text, "too many steps"));
		filter_free(f);
	}
}

/* Each name stays below the limit of a single match. */
static void names_together_have_a_budget(void **state)
{
	static char name[4096];
	struct filter *f = compiled("a*[xy]");
	struct err e = ERR_INIT;
	int n = 0;

	(void)state;
	memset(name, 'a', sizeof(name));
	while (n < 2000 && !filter_check(f, &e)) {
		filter_wants(f, (struct str){ name, sizeof(name) });
		n++;
	}
	assert_in_range(n, 20, 1000);
	filter_free(f);
}

/* A hundred thousand usual names and a usual pattern are far below it. */
static void usual_names_are_far_below(void **state)
{
	static const char name[] = "{accessedAt, createdAt, expires, headers, identifier, payload, remoteAddress, sessionStore, user}";
	struct filter *f = compiled("^Foo.*Bar|Cache[A-Z]\\w+|(?i)pay.*load$");
	struct err e = ERR_INIT;

	(void)state;
	for (int k = 0; k < 100000; k++)
		assert_false(filter_wants(f, STR_LIT(name)));
	assert_int_equal(filter_check(f, &e), 0);
	filter_free(f);
}

static void mistakes_have_a_position(void **state)
{
	struct err e = ERR_INIT;
	struct filter *f;

	(void)state;
	assert_int_equal(filter_new(&f, "--filter", "a(b", &e), ERR_USAGE);
	assert_null(f);
	assert_non_null(strstr(e.text, "position 4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_anywhere),	cmocka_unit_test(no_name_is_too_long),
		cmocka_unit_test(explosion_is_an_error),	cmocka_unit_test(names_together_have_a_budget),
		cmocka_unit_test(usual_names_are_far_below),	cmocka_unit_test(mistakes_have_a_position),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
