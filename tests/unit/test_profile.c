/* What a profile means once it is read: weights, repairs, garbage collection, recursion, filters, bad input. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/profile_classify.h"
#include "analyzer/profile_report.h"

struct loaded {
	struct run run;
	struct profile p;
	struct err err;
	int rc;
};

static void load(struct loaded *l, const char *text, const struct profile_load_options *o)
{
	memset(l, 0, sizeof(*l));
	run_init(&l->run, 1, 0);
	l->rc = profile_load_memory(&l->p, &l->run, text, strlen(text), o, &l->err);
}

static void done(struct loaded *l)
{
	if (!l->rc)
		profile_release(&l->p);
	run_release(&l->run);
	assert_int_equal(l->run.mem.used_bytes, 0);
}

static const struct view_key *key_named(const struct profile_view *v, const char *name)
{
	for (uint32_t k = 0; k < v->n_keys; k++)
		if (str_is(profile_view_name(v, k), name))
			return &v->keys[k];
	fail_msg("no key %s", name);
	return NULL;
}

static int has_diag(const struct run *r, const char *code, uint64_t count)
{
	for (size_t i = 0; i < r->n_diags; i++)
		if (!strcmp(r->diags[i].code, code))
			return r->diags[i].count == count;
	return 0;
}

static void view(struct loaded *l, struct profile_view *v, const struct view_options *o)
{
	struct view_options none = { .by = VIEW_FUNCTIONS };

	assert_int_equal(profile_view_make(v, &l->p, o ? o : &none, &l->err), 0);
}

#define FRAME(name, line) "\"callFrame\":{\"functionName\":\"" name "\",\"scriptId\":\"1\",\"url\":\"file:///a.js\"," \
			  "\"lineNumber\":" #line ",\"columnNumber\":4}"
#define META(name) "\"callFrame\":{\"functionName\":\"" name "\",\"scriptId\":\"0\",\"url\":\"\",\"lineNumber\":-1," \
		   "\"columnNumber\":-1}"

/* (root) -> main -> fib -> fib; (idle), (program), (garbage collector) */
#define NODES                                                                                     \
	"{\"nodes\":[{\"id\":1," META("(root)") ",\"hitCount\":0,\"children\":[2,5,6,7]},"        \
	"{\"id\":2," FRAME("main", 0) ",\"hitCount\":1,\"children\":[3]},"                        \
	"{\"id\":3," FRAME("fib", 9) ",\"hitCount\":1,\"children\":[4]},"                         \
	"{\"id\":4," FRAME("fib", 9) ",\"hitCount\":1},"                                          \
	"{\"id\":5," META("(idle)") ",\"hitCount\":1},{\"id\":6," META("(program)") ",\"hitCount\":1}," \
	"{\"id\":7," META("(garbage collector)") ",\"hitCount\":1}],"

static void a_sample_weighs_the_time_to_the_next(void **state)
{
	static const struct profile_load_options o = { 0 };
	struct profile_view v;
	struct loaded l;

	(void)state;
	/* main at 100, fib at 1100, fib/fib at 1300; the end at 9000 is further than 2.5 medians of 1000 */
	load(&l, NODES "\"startTime\":0,\"endTime\":9000,\"samples\":[2,3,4],\"timeDeltas\":[100,1000,200]}", &o);
	assert_int_equal(l.rc, 0);
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "main")->self, 1000000);
	assert_int_equal(key_named(&v, "fib")->self, 200000 + 2500000);
	assert_int_equal(key_named(&v, "fib")->total, 200000 + 2500000);
	assert_int_equal(key_named(&v, "main")->total, v.sum);
	assert_int_equal(l.p.inputs[0].before_ns, 100000);
	assert_int_equal(l.p.inputs[0].after_ns, 9000000 - 1300000 - 2500000);
	assert_int_equal(v.samples, 3);
	profile_view_release(&v);
	done(&l);
}

static void garbage_collection_stands_below_who_made_it(void **state)
{
	static const struct profile_load_options o = { 0 };
	struct profile_view v;
	struct loaded l;

	(void)state;
	load(&l, NODES "\"startTime\":0,\"endTime\":500,\"samples\":[3,7,7,5,7],\"timeDeltas\":[0,100,100,100,100]}", &o);
	assert_int_equal(l.rc, 0);
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "fib")->self, 100000);
	assert_int_equal(key_named(&v, "fib")->total, 300000);
	assert_int_equal(key_named(&v, "(garbage collector)")->self, 300000);
	assert_int_equal(v.by_category[CATEGORY_GC], 300000);
	assert_int_equal(v.idle, 100000);
	assert_int_equal(v.sum, 400000);
	profile_view_release(&v);
	done(&l);
}

static void a_lone_program_sample_is_repaired_and_told(void **state)
{
	static const struct profile_load_options o = { 0 };
	struct profile_view v;
	struct loaded l;

	(void)state;
	load(&l, NODES "\"startTime\":0,\"endTime\":500,\"samples\":[3,6,2,6,5],\"timeDeltas\":[0,100,100,100,100]}", &o);
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "fib")->self, 200000);
	assert_int_equal(key_named(&v, "(program)")->self, 100000);
	assert_true(has_diag(&l.run, "missing-stack", 1));
	profile_view_release(&v);
	done(&l);
}

static void distances_below_zero_are_sorted_and_counted(void **state)
{
	static const struct profile_load_options o = { 0 };
	struct profile_view v;
	struct loaded l;

	(void)state;
	/* moments 0 main, 300 fib, 100 idle: idle gets 100..300 */
	load(&l, NODES "\"startTime\":0,\"endTime\":400,\"samples\":[2,3,5],\"timeDeltas\":[0,300,-200]}", &o);
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "main")->self, 100000);
	assert_int_equal(v.idle, 200000);
	assert_int_equal(key_named(&v, "fib")->self, 100000);
	assert_true(has_diag(&l.run, "negative-delta", 1));
	profile_view_release(&v);
	done(&l);
}

static void hits_weigh_the_same(void **state)
{
	static const struct profile_load_options o = { .weights = WEIGHTS_HITS };
	struct profile_view v;
	struct loaded l;

	(void)state;
	load(&l, NODES "\"startTime\":0,\"endTime\":600,\"samples\":[2,3],\"timeDeltas\":[0,500]}", &o);
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "main")->self, 100000);
	assert_int_equal(key_named(&v, "fib")->self, 200000);
	assert_int_equal(v.idle, 100000);
	profile_view_release(&v);
	done(&l);
}

static void only_the_time_that_was_asked_for(void **state)
{
	static const struct profile_load_options o = { .from_ns = 150000, .to_ns = 350000 };
	struct profile_view v;
	struct loaded l;

	(void)state;
	load(&l, NODES "\"startTime\":0,\"endTime\":600,\"samples\":[2,3,2],\"timeDeltas\":[100,100,300]}", &o);
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "main")->self, 50000);
	assert_int_equal(key_named(&v, "fib")->self, 150000);
	assert_int_equal(v.sum, 200000);
	profile_view_release(&v);
	done(&l);
}

static void filters_move_or_drop_time(void **state)
{
	static const struct profile_load_options o = { 0 };
	static const struct view_options hide = { .hide = "^fib " }, focus = { .focus = "^fib " },
					 ignore = { .ignore = "^fib " };
	static const char text[] =
		NODES "\"startTime\":0,\"endTime\":300,\"samples\":[2,3,4],\"timeDeltas\":[0,100,100]}";
	struct profile_view v;
	struct loaded l;

	(void)state;
	load(&l, text, &o);
	view(&l, &v, &hide);
	assert_int_equal(key_named(&v, "main")->self, 300000);
	profile_view_release(&v);
	view(&l, &v, &focus);
	assert_int_equal(v.sum, 200000);
	assert_int_equal(v.filtered, 100000);
	profile_view_release(&v);
	view(&l, &v, &ignore);
	assert_int_equal(v.sum, 100000);
	assert_int_equal(v.filtered, 200000);
	profile_view_release(&v);
	done(&l);
}

/* As CpuProfileJSONSerializer writes it: quotes and backslashes in names stand as they are. */
static void strings_without_escapes_are_recovered(void **state)
{
	static const char text[] =
		"{\"nodes\":[{\"id\":1,\"hitCount\":0,\"callFrame\":{\"functionName\":\"(root)\",\"lineNumber\":-1,"
		"\"columnNumber\":-1,\"scriptId\":0,\"url\":\"\"},\"children\":[2]},"
		"{\"id\":2,\"hitCount\":2,\"callFrame\":{\"functionName\":\"RegExp: \"},\"\\d\"\",\"lineNumber\":-1,"
		"\"columnNumber\":-1,\"scriptId\":0,\"url\":\"\"},\"children\":[3]},"
		"{\"id\":3,\"hitCount\":2,\"callFrame\":{\"functionName\":\"f\",\"lineNumber\":1,\"columnNumber\":2,"
		"\"scriptId\":7,\"url\":\"C:\\a\"b\\c.js\"},\"deoptReason\":\"a \"b\" c\",\"positionTicks\":[{\"line\":3,"
		"\"ticks\":2}]}],\"startTime\":4294967000,\"endTime\":200,\"samples\":[2,3],\"timeDeltas\":[0,300]}";

	(void)state;
	for (size_t read_bytes = 0; read_bytes < 40; read_bytes++) {
		struct profile_load_options o = { .read_bytes = read_bytes };
		struct profile_view v;
		struct loaded l;

		load(&l, text, &o);
		assert_int_equal(l.rc, 0);
		assert_true(has_diag(&l.run, "unescaped-strings", 1));
		view(&l, &v, NULL);
		assert_int_equal(key_named(&v, "RegExp: \"},\"\\d\"")->category, CATEGORY_REGEXP);
		assert_true(str_is(profile_text(&l.p, l.p.frames.file[key_named(&v, "f")->frame]), "C:\\a\"b\\c.js"));
		assert_true(str_is(profile_text(&l.p, l.p.frames.deopt[key_named(&v, "f")->frame]), "a \"b\" c"));
		/* the 32 bits of the end time wrapped: 496 us after the start */
		assert_int_equal(l.p.inputs[0].duration_ns, 496000);
		profile_view_release(&v);
		done(&l);
	}
}

static void bad_profiles_are_refused(void **state)
{
	static const struct {
		const char *text;
		enum err_kind kind;
	} cases[] = {
		{ "{\"nodes\":[{\"id\":1," META("(root)") ",\"children\":[2]},{\"id\":2," FRAME("a", 0)
		  ",\"children\":[1]}],\"samples\":[2],\"timeDeltas\":[1]}", ERR_FORMAT },
		{ "{\"nodes\":[{\"id\":1," META("(root)"), ERR_TRUNCATED },
		{ "{\"nodes\":[{\"id\":1,\"hitCount\":0}],\"samples\":[],\"timeDeltas\":[]}", ERR_FORMAT },
		{ "{\"samples\":[],\"timeDeltas\":[]}", ERR_FORMAT },
		{ NODES "\"samples\":[2,3],\"timeDeltas\":[9223372036854775807,9223372036854775807]}", ERR_FORMAT },
		{ NODES "\"samples\":[2,3],\"timeDeltas\":[0,\"x\"]}", ERR_FORMAT },
		{ "{\"x\":1}", ERR_UNSUPPORTED },
		{ "hello", ERR_UNSUPPORTED },
		{ "{\"snapshot\":{\"meta\":{}}}", ERR_FORMAT },
	};
	static const struct profile_load_options o = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded l;

		load(&l, cases[i].text, &o);
		if (l.rc != (int)cases[i].kind)
			print_message("case %zu: %d %s\n", i, l.rc, l.err.text);
		assert_int_equal(l.rc, cases[i].kind);
		assert_true(l.err.text[0] != '\0');
		done(&l);
	}
}

static void strange_ids_are_counted(void **state)
{
	static const struct profile_load_options o = { 0 };
	struct profile_view v;
	struct loaded l;

	(void)state;
	load(&l, "{\"nodes\":[{\"id\":1," META("(root)") ",\"children\":[2,99]},{\"id\":2," FRAME("a", 0) "},{\"id\":2,"
	     FRAME("b", 0) "}],\"startTime\":0,\"endTime\":300,\"samples\":[2,77,2],\"timeDeltas\":[0,100,100]}", &o);
	assert_int_equal(l.rc, 0);
	assert_true(has_diag(&l.run, "dangling-id", 2));
	assert_true(has_diag(&l.run, "node-id-twice", 1));
	view(&l, &v, NULL);
	assert_int_equal(key_named(&v, "a")->self, 300000);
	profile_view_release(&v);
	done(&l);
}

/* Ticks are scaled to the time of their node; those of the root, which is no row, are nobody's. */
static void lines_add_up_to_their_function(void **state)
{
	static const struct profile_load_options o = { 0 };
	struct report r;
	struct profile_view v;
	const struct table *t;
	struct loaded l;

	(void)state;
	load(&l, "{\"nodes\":[{\"id\":1," META("(root)") ",\"children\":[2],\"positionTicks\":[{\"line\":1,\"ticks\":5}]},"
	     "{\"id\":2," FRAME("a", 0) ",\"hitCount\":3,\"positionTicks\":[{\"line\":7,\"ticks\":1},{\"line\":9,\"ticks\":2}]}],"
	     "\"startTime\":0,\"endTime\":100,\"samples\":[2,1],\"timeDeltas\":[0,100]}", &o);
	assert_int_equal(l.rc, 0);
	view(&l, &v, NULL);
	report_init(&r, &l.run.mem);
	assert_int_equal(profile_add_lines(&r, &v, &l.err), 0);
	t = report_table(&r, "lines");
	assert_int_equal(t->n_rows, 2);
	assert_int_equal(table_row(t, 0)[0].place->line, 9);
	assert_int_equal(table_row(t, 0)[2].i, 66667);
	assert_int_equal(table_row(t, 1)[2].i, 33333);
	report_release(&r);
	profile_view_release(&v);
	done(&l);
}

static void every_cut_is_an_error(void **state)
{
	static const char text[] =
		NODES "\"startTime\":0,\"endTime\":300,\"samples\":[2,3,4],\"timeDeltas\":[0,100,100]}";
	static const struct profile_load_options o = { .input_format = "cpuprofile" };

	(void)state;
	for (size_t n = 1; n + 1 < sizeof(text); n++) {
		struct loaded l;
		char *cut = strndup(text, n);

		load(&l, cut, &o);
		assert_true(l.rc == ERR_TRUNCATED || l.rc == ERR_FORMAT);
		done(&l);
		free(cut);
	}
}

static void packages_are_found_in_paths(void **state)
{
	static const struct {
		const char *file, *package;
	} cases[] = {
		{ "file:///srv/node_modules/express/lib/router.js", "express" },
		{ "/srv/node_modules/@scope/name/index.js", "@scope/name" },
		{ "/srv/node_modules/.pnpm/a@1.0.0/node_modules/a/i.js", "a" },
		{ "C:\\srv\\node_modules\\left-pad\\index.js", "left-pad" },
		{ "https://cdn.jsdelivr.net/npm/lodash@4.17.21/lodash.js", "lodash" },
		{ "https://unpkg.com/@vue/shared@3.1.0/x.js", "@vue/shared" },
		{ "/srv/my_node_modules/x.js", "" },
		{ "/srv/app.js", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str s = profile_package_of(str_of(cases[i].file));

		assert_int_equal(s.n, strlen(cases[i].package));
		assert_true(!s.n || !memcmp(s.s, cases[i].package, s.n));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sample_weighs_the_time_to_the_next),
		cmocka_unit_test(garbage_collection_stands_below_who_made_it),
		cmocka_unit_test(a_lone_program_sample_is_repaired_and_told),
		cmocka_unit_test(distances_below_zero_are_sorted_and_counted),
		cmocka_unit_test(hits_weigh_the_same),
		cmocka_unit_test(only_the_time_that_was_asked_for),
		cmocka_unit_test(filters_move_or_drop_time),
		cmocka_unit_test(strings_without_escapes_are_recovered),
		cmocka_unit_test(bad_profiles_are_refused),
		cmocka_unit_test(strange_ids_are_counted),
		cmocka_unit_test(lines_add_up_to_their_function),
		cmocka_unit_test(every_cut_is_an_error),
		cmocka_unit_test(packages_are_found_in_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
