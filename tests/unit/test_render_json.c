#include "unit.h"

#include <yajl/yajl_parse.h>

#include "analyzer/jsontext.h"

/* The keys of the top level, in order, and whether the text is one valid JSON document in valid UTF-8. */
struct reading {
	char keys[1024];
	int depth;
};

static int on_open(void *ctx)
{
	((struct reading *)ctx)->depth++;
	return 1;
}

static int on_close(void *ctx)
{
	((struct reading *)ctx)->depth--;
	return 1;
}

static int on_key(void *ctx, const unsigned char *key, size_t n)
{
	struct reading *r = ctx;
	size_t len = strlen(r->keys);

	if (r->depth != 1)
		return 1;
	assert_true(len + n + 2 < sizeof(r->keys));
	memcpy(r->keys + len, key, n);
	memcpy(r->keys + len + n, " ", 2);
	return 1;
}

static const char *top_keys(const struct desk *d)
{
	static const yajl_callbacks callbacks = {
		.yajl_start_map = on_open,
		.yajl_map_key = on_key,
		.yajl_end_map = on_close,
		.yajl_start_array = on_open,
		.yajl_end_array = on_close,
	};
	static struct reading reading;
	yajl_handle h;

	memset(&reading, 0, sizeof(reading));
	h = yajl_alloc(&callbacks, NULL, &reading);
	assert_int_equal(yajl_parse(h, (const unsigned char *)d->out.buf, d->out.len), yajl_status_ok);
	assert_int_equal(yajl_complete_parse(h), yajl_status_ok);
	assert_int_equal(reading.depth, 0);
	yajl_free(h);
	return reading.keys;
}

static void render(struct desk *d, unsigned flags, size_t rows)
{
	struct render_options o = { .rows = rows };

	desk_init(d);
	assert_int_equal(sample_report(&d->report, flags, &d->err), 0);
	assert_int_equal(render_json(&d->report, &o, &d->out, &d->err), 0);
}

#define SNAPDIFF_KEYS                                                                                                  \
	"schema tool command mode headline warnings snapshots totals findings settled growth classes arrays closures listeners "

static void top_level_keys_keep_their_order(void **state)
{
	struct desk d;

	(void)state;
	render(&d, 0, 0);
	assert_string_equal(top_keys(&d), SNAPDIFF_KEYS "dominators diagnostics ");
	assert_has(desk_text(&d),
		   "{\n \"schema\":\"snapdiff-report/1\",\n \"tool\":{\"name\":\"snapdiff\",\"version\":\"0.1.0\"},\n"
		   " \"command\":\"snapdiff\",\n \"mode\":\"same-process\",\n");
	desk_release(&d);
}

static void absent_tables_are_there_and_empty(void **state)
{
	struct render_options o = { .rows = 0 };
	struct desk d;

	(void)state;
	desk_init(&d);
	d.report.tool = d.report.command = "snapdiff";
	d.report.version = "0";
	assert_int_equal(report_seal(&d.report, &d.err), 0);
	assert_int_equal(render_json(&d.report, &o, &d.out, &d.err), 0);
	assert_string_equal(
		desk_text(&d),
		"{\n \"schema\":\"snapdiff-report/1\",\n \"tool\":{\"name\":\"snapdiff\",\"version\":\"0\"},\n"
		" \"command\":\"snapdiff\",\n \"mode\":null,\n \"headline\":\"\",\n \"warnings\":[],\n"
		" \"snapshots\":[],\n \"totals\":null,\n \"findings\":[],\n \"settled\":[],\n \"growth\":[],\n \"classes\":[],\n \"arrays\":[],\n"
		" \"closures\":[],\n \"listeners\":[],\n \"diagnostics\":[]\n}\n");
	desk_release(&d);
}

static void cells_are_typed(void **state)
{
	struct desk d;

	(void)state;
	render(&d, SAMPLE_SERIES, 0);
	assert_has(desk_text(&d), "\n  {\"rank\":1,\"holder\":{\"id\":48213,\"class\":\"Map\",\"name\":\"Map\"},"
				  "\"alike\":1,\"delta_bytes\":10479328,\"share\":84.50,");
	assert_has(desk_text(&d), "\"goes_on\":\"grew every time\",\"series_bytes\":[1184,5241088,10480512],"
				  "\"place\":{\"script\":\"src/cache.js\",\"line\":14,\"column\":15},\"path\":[");
	assert_has(desk_text(&d), "{\"edge\":\"\",\"edge_type\":\"\",\"id\":1,\"class\":\"(root)\"},"
				  "{\"edge\":\"[2]\",\"edge_type\":\"element\",\"id\":3,\"class\":\"(GC roots)\"}");
	assert_has(desk_text(&d), "\"class\":\"(Strong roots)\"},{\"omitted\":12},{\"edge\":\"previous\"");
	assert_has(desk_text(&d), "\"place\":{\"script\":\"\",\"line\":7,\"column\":3,\"script_id\":105}");
	assert_has(desk_text(&d), "\"truncated\":false,");
	assert_has(desk_text(&d),
		   "{\"parent\":null,\"node\":{\"id\":1,\"class\":\"(root)\",\"name\":\"\"},\"edge\":null,");
	assert_has(desk_text(&d), "{\"parent\":2,\"node\":null,\"edge\":null,\"count\":2012,");
	assert_has(desk_text(&d), "{\"snapshot\":null,\"code\":\"no-locations\"");
	desk_release(&d);
}

static void child_rows_stand_in_their_parents(void **state)
{
	struct desk d;

	(void)state;
	render(&d, 0, 0);
	assert_has(desk_text(&d),
		   ",\"items\":[\n    {\"class\":\"{user, at, basket}\",\"count\":2000,\"each_bytes\":48,");
	assert_has_not(desk_text(&d), "\"growth\":0");
	desk_release(&d);
}

static void what_is_left_out_is_summed(void **state)
{
	struct desk d;

	(void)state;
	render(&d, 0, 1);
	assert_string_equal(top_keys(&d), "schema tool command mode headline warnings snapshots snapshots_rest totals "
					  "findings findings_rest settled growth growth_rest classes classes_rest arrays closures closures_rest "
					  "listeners dominators dominators_rest diagnostics diagnostics_rest ");
	assert_has(desk_text(&d), "\"growth_rest\":{\"rows\":1}");
	assert_has(desk_text(&d), "\"items_rest\":{\"rows\":3,\"count\":18,\"self_bytes\":864}}");
	assert_has(desk_text(&d),
		   "\"closures_rest\":{\"rows\":1,\"count_before\":3,\"count_after\":7,\"count_delta\":4}");
	desk_release(&d);
	render(&d, 0, 0);
	assert_has_not(desk_text(&d), "_rest");
	desk_release(&d);
}

static void hostile_names_stay_inside_their_strings(void **state)
{
	struct desk d;

	(void)state;
	render(&d, SAMPLE_HOSTILE | SAMPLE_SERIES, 0);
	assert_string_equal(top_keys(&d), SNAPDIFF_KEYS "dominators diagnostics ");
	assert_has(desk_text(&d), "\"\\u003c/script>\\u003c!--<script>\"");
	assert_has_not(desk_text(&d), "</script");
	assert_has(desk_text(&d), "\"red \\u001b[31m\\u001b]8;;http://evil.example\\u0007link\"");
	assert_has(desk_text(&d), "del \\u007f nul \\u0000 end\"");
	assert_has(desk_text(&d), "rtl \\u202egpj.exe zero\\u200bwidth bom\\ufeff");
	assert_has(desk_text(&d), "\\u2028 ls");
	assert_has(desk_text(&d), "\"bad \xEF\xBF\xBD\xEF\xBF\xBD lone \xEF\xBF\xBD half\"");
	assert_has(desk_text(&d), "\"id\":18446744073709551615,");
	for (size_t i = 0; i < d.out.len; i++)
		assert_true((unsigned char)d.out.buf[i] >= 0x20 || d.out.buf[i] == '\n');
	desk_release(&d);
}

static void every_large_row_is_written(void **state)
{
	struct desk d;
	size_t lines = 0;

	(void)state;
	render(&d, SAMPLE_LARGE, 0);
	for (size_t i = 0; i < d.out.len; i++)
		lines += d.out.buf[i] == '\n';
	assert_true(lines > 20000);
	top_keys(&d);
	desk_release(&d);
}

static void numbers_keep_all_digits(void **state)
{
	struct desk d;

	(void)state;
	desk_init(&d);
	json_int(&d.out, INT64_MIN);
	strbuf_addch(&d.out, ' ');
	json_int(&d.out, 9007199254740993);
	strbuf_addch(&d.out, ' ');
	json_percent(&d.out, 5);
	strbuf_addch(&d.out, ' ');
	json_percent(&d.out, -12345);
	strbuf_addch(&d.out, ' ');
	json_percent(&d.out, 10000);
	assert_string_equal(desk_text(&d), "-9223372036854775808 9007199254740993 0.05 -123.45 100.00");
	desk_release(&d);
}

static void stat_reports_have_their_own_tables(void **state)
{
	struct render_options o = { .rows = 0 };
	struct desk d;

	(void)state;
	desk_init(&d);
	assert_int_equal(sample_stat_report(&d.report, 0, &d.err), 0);
	assert_int_equal(render_json(&d.report, &o, &d.out, &d.err), 0);
	assert_string_equal(top_keys(&d), "schema tool command mode headline warnings snapshots statistics detached biggest classes "
					  "dominators diagnostics ");
	assert_has(desk_text(&d), "\"mode\":null");
	desk_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(top_level_keys_keep_their_order),
		cmocka_unit_test(absent_tables_are_there_and_empty),
		cmocka_unit_test(cells_are_typed),
		cmocka_unit_test(child_rows_stand_in_their_parents),
		cmocka_unit_test(what_is_left_out_is_summed),
		cmocka_unit_test(hostile_names_stay_inside_their_strings),
		cmocka_unit_test(every_large_row_is_written),
		cmocka_unit_test(numbers_keep_all_digits),
		cmocka_unit_test(stat_reports_have_their_own_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
