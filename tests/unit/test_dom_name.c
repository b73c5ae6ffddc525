/* What reports call an element: by what one knows it, and not by what it holds. */
#include "unit.h"

#include "analyzer/dom_name.h"
#include "base/run.h"

static void expect(const char *name, unsigned parts, const char *want)
{
	struct err e = ERR_INIT;
	struct run run;
	struct arena a;
	struct str out;

	run_init(&run, 1, 0);
	arena_init(&a, &run.mem);
	assert_int_equal(dom_name(&a, str_of(name), parts, &out, &e), 0);
	assert_string_equal(out.s, want);
	assert_int_equal(out.n, strlen(want));
	arena_release(&a);
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
}

static void what_one_knows_it_by(void **state)
{
	(void)state;
	expect("<ul id=\"feed\" class=\"rows wide\">", 0, "id=\"feed\" class=\"rows wide\"");
	expect("<ul id=\"feed\">", DOM_NAME_TAG, "<ul id=\"feed\">");
	expect("Detached <ul id=\"feed\">", DOM_NAME_TAG, "Detached <ul id=\"feed\">");
	expect("<ul>", DOM_NAME_TAG, "<ul>");
	expect("<ul>", 0, "");
	expect("<input type=\"text\" name=\"q\">", 0, "type=\"text\" name=\"q\"");
}

static void values_stay_out(void **state)
{
	static const char input[] = "<input value=\"my value\" data-token=\"s3cret\" hidden name=\"q\" checked=\"\">";

	(void)state;
	expect(input, 0, "name=\"q\"");
	expect(input, DOM_NAME_TAG, "<input name=\"q\">");
	expect(input, DOM_NAME_VALUES, "value=\"my value\" data-token=\"s3cret\" hidden name=\"q\" checked=\"\"");
	expect("<a href=\"/?id=7&class=x\" title=\"a > b\">", DOM_NAME_TAG, "<a>");
}

/* Names that Chromium does not write: cut off, without quotes, with nothing in between. */
static void made_up(void **state)
{
	(void)state;
	expect("<", DOM_NAME_TAG, "<>");
	expect("", DOM_NAME_TAG, ">");
	expect("<a  id", 0, "id");
	expect("<a id=", 0, "id=");
	expect("<a id=\"x", 0, "id=\"x");
	expect("<a id=x secret=y>", 0, "id=x");
	expect("<a =\"v\" ==>", 0, "");
	expect("<a id=\"x\"id=\"y\">", 0, "id=\"x\" id=\"y\"");
	assert_true(dom_name_has_tag(str_of("<a>")));
	assert_true(dom_name_has_tag(str_of("Detached <a>")));
	assert_false(dom_name_has_tag(str_of("Detached Text")));
	assert_false(dom_name_has_tag(STR_LIT("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_one_knows_it_by), cmocka_unit_test(values_stay_out), cmocka_unit_test(made_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
