/* JUnit XML and SARIF: well-formed whatever the names are, and they say what the findings say. */
#include "unit.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <yajl/yajl_tree.h>

static void render(struct desk *d, unsigned flags, int (*notation)(const struct report *, const struct render_options *,
								    struct strbuf *, struct err *))
{
	struct render_options o = { .rows = 0 };

	desk_init(d);
	assert_int_equal(sample_report(&d->report, flags, &d->err), 0);
	assert_int_equal(notation(&d->report, &o, &d->out, &d->err), 0);
}

static xmlDocPtr parse_xml(const struct desk *d)
{
	xmlDocPtr doc = xmlReadMemory(d->out.buf, (int)d->out.len, "report", NULL,
				      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);

	assert_non_null(doc);
	return doc;
}

static double number_of(xmlDocPtr doc, const char *expression)
{
	xmlXPathContextPtr x = xmlXPathNewContext(doc);
	xmlXPathObjectPtr o = xmlXPathEvalExpression((const xmlChar *)expression, x);
	double n;

	assert_non_null(o);
	n = xmlXPathCastToNumber(o);
	xmlXPathFreeObject(o);
	xmlXPathFreeContext(x);
	return n;
}

static void every_finding_is_a_test_case(void **state)
{
	struct desk d;
	xmlDocPtr doc;

	(void)state;
	render(&d, SAMPLE_SERIES, render_junit);
	doc = parse_xml(&d);
	assert_int_equal((int)number_of(doc, "count(//testcase)"), 2);
	assert_int_equal((int)number_of(doc, "count(//failure)"), 1);
	assert_int_equal((int)number_of(doc, "//testsuite/@tests"), 2);
	assert_int_equal((int)number_of(doc, "//testsuite/@failures"), 1);
	assert_int_equal((int)number_of(doc, "count(//testcase[@name='map 0123456789abcdef'][@file='src/cache.js']"
					     "[@line='14']/failure[@message='Map cache got 2,000 more entries'])"), 1);
	xmlFreeDoc(doc);
	desk_release(&d);
}

static void a_clean_run_is_a_test_that_passed(void **state)
{
	struct desk d;
	xmlDocPtr doc;

	(void)state;
	render(&d, SAMPLE_QUIET, render_junit);
	doc = parse_xml(&d);
	assert_int_equal((int)number_of(doc, "count(//testcase)"), 1);
	assert_int_equal((int)number_of(doc, "count(//failure)"), 0);
	xmlFreeDoc(doc);
	desk_release(&d);
}

static void hostile_names_make_no_elements(void **state)
{
	struct desk d;
	xmlDocPtr doc;

	(void)state;
	render(&d, SAMPLE_HOSTILE | SAMPLE_SERIES, render_junit);
	doc = parse_xml(&d);
	assert_int_equal((int)number_of(doc, "count(//testcase)"), (int)(2 + n_sample_hostile_names));
	assert_int_equal((int)number_of(doc, "count(//*[not(self::testsuites or self::testsuite or self::testcase or "
					     "self::failure or self::system-out)])"), 0);
	xmlFreeDoc(doc);
	desk_release(&d);
}

static yajl_val parse_json(const struct desk *d)
{
	char error[200];
	yajl_val v = yajl_tree_parse(d->out.buf, error, sizeof(error));

	if (!v)
		fail_msg("%s", error);
	return v;
}

static yajl_val results_of(yajl_val sarif)
{
	const char *runs[] = { "runs", NULL }, *results[] = { "results", NULL };
	yajl_val v = yajl_tree_get(sarif, runs, yajl_t_array);

	assert_non_null(v);
	v = yajl_tree_get(v->u.array.values[0], results, yajl_t_array);
	assert_non_null(v);
	return v;
}

static const char *text_at(yajl_val v, const char *a, const char *b)
{
	const char *path[] = { a, b, NULL };
	yajl_val found = yajl_tree_get(v, path, yajl_t_string);

	assert_non_null(found);
	return YAJL_GET_STRING(found);
}

static void sarif_has_a_result_per_finding(void **state)
{
	struct desk d;
	yajl_val v, results;

	(void)state;
	render(&d, SAMPLE_SERIES, render_sarif);
	v = parse_json(&d);
	assert_string_equal(text_at(v, "version", NULL), "2.1.0");
	results = results_of(v);
	assert_int_equal(results->u.array.len, 2);
	assert_string_equal(text_at(results->u.array.values[0], "level", NULL), "error");
	assert_string_equal(text_at(results->u.array.values[1], "level", NULL), "warning");
	assert_string_equal(text_at(results->u.array.values[0], "partialFingerprints", "snapdiff/v1"), "0123456789abcdef");
	assert_has(desk_text(&d), "\"uri\":\"src/cache.js\"},\"region\":{\"startLine\":14,\"startColumn\":15}");
	yajl_tree_free(v);
	desk_release(&d);
}

static void sarif_stays_valid_with_hostile_names(void **state)
{
	struct desk d;
	yajl_val v;

	(void)state;
	render(&d, SAMPLE_HOSTILE | SAMPLE_SERIES, render_sarif);
	v = parse_json(&d);
	assert_int_equal(results_of(v)->u.array.len, 2 + n_sample_hostile_names);
	assert_has_not(desk_text(&d), "</script");
	assert_has_not(desk_text(&d), "]("); /* a link in a message */
	yajl_tree_free(v);
	desk_release(&d);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_finding_is_a_test_case),
		cmocka_unit_test(a_clean_run_is_a_test_that_passed),
		cmocka_unit_test(hostile_names_make_no_elements),
		cmocka_unit_test(sarif_has_a_result_per_finding),
		cmocka_unit_test(sarif_stays_valid_with_hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
