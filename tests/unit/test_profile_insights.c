/* Findings on profiles and comparisons: what must be found, and what must not be said. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/insights.h"
#include "analyzer/profile_analysis.h"
#include "analyzer/profile_diff.h"

struct desk_p {
	struct run run;
	struct profile p;
	struct profile_view v;
	struct report r;
	struct err err;
};

/* A folded or JSON text, seen by function. */
static void open_text(struct desk_p *d, const char *text)
{
	struct profile_load_options o = { .keep_runs = 1 };
	struct view_options vo = { .by = VIEW_FUNCTIONS };

	memset(d, 0, sizeof(*d));
	run_init(&d->run, 1, 0);
	if (profile_load_memory(&d->p, &d->run, text, strlen(text), &o, &d->err))
		fail_msg("%s", d->err.text);
	assert_int_equal(profile_view_make(&d->v, &d->p, &vo, &d->err), 0);
	report_init(&d->r, &d->run.mem);
}

static void close_text(struct desk_p *d)
{
	report_release(&d->r);
	profile_view_release(&d->v);
	profile_release(&d->p);
	run_release(&d->run);
	assert_int_equal(d->run.mem.used_bytes, 0);
}

/* The text of the finding of that rule; NULL: it said nothing. */
static const char *finding(struct desk_p *d, const char *rule)
{
	const struct table *t;

	if (!d->r.n_tables)
		assert_int_equal(profile_add_insights(&d->r, &d->v, &d->err), 0);
	t = report_table(&d->r, "insights");
	for (size_t i = 0; i < t->n_rows; i++)
		if (str_is(table_row(t, i)[1].text, rule))
			return table_row(t, i)[2].text.s;
	return NULL;
}

/* A recording as speedscope has it: frames by number, then "frames weight_ms" per sample. */
struct moment {
	const char *frames; /* numbers with commas */
	unsigned ms;
};

#define FRAMES                                                                                                        \
	"{\"name\":\"(idle)\"},{\"name\":\"processTimers\",\"file\":\"node:internal/timers\",\"line\":504},"          \
	"{\"name\":\"turn\",\"file\":\"/srv/app/work.js\",\"line\":3},"                                               \
	"{\"name\":\"block\",\"file\":\"/srv/app/work.js\",\"line\":9},{\"name\":\"(garbage collector)\"},"           \
	"{\"name\":\"readFileSync\",\"file\":\"node:fs\",\"line\":400},"                                              \
	"{\"name\":\"parserOnHeadersComplete\",\"file\":\"node:_http_common\",\"line\":60},"                         \
	"{\"name\":\"\",\"file\":\"node:internal/main/run_main_module\",\"line\":1},"                                 \
	"{\"name\":\"RegExp: ^(a+)+$\"},{\"name\":\"work\",\"file\":\"/srv/app/node_modules/slow/i.js\",\"line\":1},"   \
	"{\"name\":\"Module._compile\",\"file\":\"node:internal/modules/cjs/loader\",\"line\":1483},"                 \
	"{\"name\":\"Module.require\",\"file\":\"node:internal/modules/cjs/loader\",\"line\":1300},"                  \
	"{\"name\":\"pbkdf2Sync\",\"file\":\"node:internal/crypto/pbkdf2\",\"line\":62}"

static char *recording(const struct moment *m, size_t n)
{
	struct strbuf sb;
	struct mem mem;
	char *copy;

	mem_init(&mem, 0);
	strbuf_init(&sb, &mem);
	strbuf_addstr(&sb, "{\"shared\":{\"frames\":[" FRAMES "]},\"profiles\":[{\"type\":\"sampled\",\"name\":\"t\",\"unit\":"
			   "\"milliseconds\",\"startValue\":0,\"samples\":[");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&sb, "%s[%s]", i ? "," : "", m[i].frames);
	strbuf_addstr(&sb, "],\"weights\":[");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&sb, "%s%u", i ? "," : "", m[i].ms);
	strbuf_addstr(&sb, "]}]}");
	copy = strdup(strbuf_str(&sb));
	strbuf_release(&sb);
	return copy;
}

#define OPEN(d, ...)                                                                          \
	do {                                                                                  \
		static const struct moment moments[] = { __VA_ARGS__ };                       \
		char *text = recording(moments, sizeof(moments) / sizeof(moments[0]));        \
		open_text(d, text);                                                           \
		free(text);                                                                   \
	} while (0)

static void a_block_is_found_by_name_and_length(void **state)
{
	const struct table *t;
	struct desk_p d;

	(void)state;
	OPEN(&d, { "7,2", 300 }, { "0", 50 }, { "1,2", 5 }, { "1,2,3", 60 }, { "1,2,3,4", 10 }, { "1,2,3", 8 }, { "0", 20 },
	     { "6,2", 10 }, { "0", 100 });
	assert_non_null(finding(&d, "blocked-loop"));
	assert_has(finding(&d, "blocked-loop"), "at worst for 83.0 ms");
	assert_has(finding(&d, "blocked-loop"), "block (work.js:9), under turn");
	t = report_table(&d.r, "blocks");
	assert_int_equal(t->n_rows, 1);
	assert_int_equal(table_row(t, 0)[0].i, 350000000);
	assert_int_equal(table_row(t, 0)[1].i, 83000000);
	assert_true(str_is(table_row(t, 0)[2].text, "block"));
	close_text(&d);
}

/* As perf and what is made of its stacks name them. */
static void json_is_found_in_machine_code(void **state)
{
	static const char *const names[] = { "v8::internal::JsonParser<unsigned char>::ParseJsonValue", "Builtins_JsonStringify",
					     "_ZN2v88internal10JsonParserItE14ParseJsonValueEv" };
	struct desk_p d;
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\"shared\":"
			 "{\"frames\":[{\"name\":\"load\",\"file\":\"/srv/load.js\"},{\"name\":\"%s\"}]},\"profiles\":["
			 "{\"type\":\"sampled\",\"name\":\"t\",\"unit\":\"milliseconds\",\"startValue\":0,\"endValue\":100,"
			 "\"samples\":[[0],[0,1]],\"weights\":[70,30]}]}", names[i]);
		open_text(&d, text);
		assert_non_null(finding(&d, "json"));
		assert_non_null(strstr(finding(&d, "json"), "30"));
		assert_non_null(strstr(finding(&d, "json"), "load"));
		close_text(&d);
	}
	/* JavaScript's own class of that name is no machine code. */
	open_text(&d, "{\"$schema\":\"s\",\"shared\":{\"frames\":[{\"name\":\"JsonParser\",\"file\":\"/srv/a.js\"}]},"
		      "\"profiles\":[{\"type\":\"sampled\",\"name\":\"t\",\"unit\":\"milliseconds\",\"samples\":[[0]],"
		      "\"weights\":[70]}]}");
	assert_null(finding(&d, "json"));
	close_text(&d);
}

static void two_entries_are_two_turns(void **state)
{
	struct desk_p d;

	(void)state;
	OPEN(&d, { "0", 50 }, { "1,2", 30 }, { "6,2", 30 }, { "1,2", 30 }, { "0", 20 });
	assert_null(finding(&d, "blocked-loop"));
	close_text(&d);
}

static void a_healthy_profile_is_left_alone(void **state)
{
	const struct table *t;
	struct desk_p d;

	(void)state;
	OPEN(&d, { "7,2", 100 }, { "0", 60 }, { "1,2", 20 }, { "1,2,3", 15 }, { "1,2,4", 2 }, { "0", 40 }, { "6,2,5", 1 },
	     { "6,2", 30 }, { "0", 40 });
	finding(&d, "blocked-loop");
	t = report_table(&d.r, "insights");
	for (size_t i = 0; i < t->n_rows; i++)
		print_message("%s\n", table_row(t, i)[2].text.s);
	assert_int_equal(t->n_rows, 0);
	close_text(&d);
}

static void garbage_files_regexps_and_packages(void **state)
{
	struct desk_p d;

	(void)state;
	OPEN(&d, { "1,2,3", 40 }, { "1,2,3,4", 20 }, { "0", 10 }, { "6,2,5", 30 }, { "0", 10 }, { "1,2,8", 12 }, { "0", 10 },
	     { "1,2,9", 45 });
	assert_has(finding(&d, "garbage"), "13.6 % of the busy time (20.0 ms, longest pause 20.0 ms), most of it while block");
	assert_has(finding(&d, "sync-files"), "up to 30.0 ms at once), most of it in readFileSync (node:fs:400), called by turn");
	assert_has(finding(&d, "regexp"), "8.2 %");
	assert_has(finding(&d, "package"), "slow itself takes 30.6 %");
	assert_null(finding(&d, "sync-crypto"));
	assert_null(finding(&d, "idle"));
	close_text(&d);
}

static void files_read_while_starting_are_nobodys_fault(void **state)
{
	struct desk_p d;

	(void)state;
	OPEN(&d, { "7,2,5", 200 }, { "0", 2000 }, { "1,2", 10 });
	assert_null(finding(&d, "sync-files"));
	assert_has(finding(&d, "idle"), "waited 90 %");
	close_text(&d);
}

/* A program that does its work while it is loaded, as scripts do, has no start, and what it calls is what it does. */
static void a_script_is_no_start(void **state)
{
	struct desk_p d;

	(void)state;
	OPEN(&d, { "7,10,2", 600 }, { "7,10,2,12", 400 }, { "7,10,11,10,2", 30 }, { "0", 2 });
	assert_null(finding(&d, "startup"));
	assert_null(finding(&d, "late-loading"));
	assert_has(finding(&d, "sync-crypto"), "38.8 %");
	close_text(&d);
	/* unless it loads and loads */
	OPEN(&d, { "7,10,2", 600 }, { "7,10,11,10,2", 700 }, { "0", 2 });
	assert_has(finding(&d, "startup"), "Loading modules took 700 ms");
	close_text(&d);
	/* a server's start is one */
	OPEN(&d, { "7,10,2", 600 }, { "7,10,2,12", 400 }, { "7,10,11,10,2", 30 }, { "0", 900 }, { "1,2", 20 });
	assert_has(finding(&d, "startup"), "Starting up took 1.03 s, 30.0 ms of it to load modules");
	assert_null(finding(&d, "sync-crypto"));
	close_text(&d);
}

static const struct profile_change *change(const struct profile_diff *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct profile_change *c = &d->rows[i];
		int side = c->after_key != VIEW_NONE;

		if (str_is(profile_view_name(&d->v[side], side ? c->after_key : c->before_key), name))
			return c;
	}
	fail_msg("no row for %s", name);
	return NULL;
}

static void compare(const char *before, const char *after, int absolute, struct desk_p d[2], struct profile_diff *diff)
{
	struct profile_diff_options o = { .absolute = absolute };

	open_text(&d[0], before);
	open_text(&d[1], after);
	assert_int_equal(profile_diff_make(diff, &d[0].p, &d[1].p, &o, &d[1].err), 0);
}

static void changes_beyond_the_error_are_named(void **state)
{
	struct profile_diff diff;
	struct desk_p d[2];

	(void)state;
	/* the second is twice as long: only what changed its share changed */
	compare("m;slow 100\nm;same 800\nm;gone 60\nm;little 40\n",
		"m;slow 600\nm;same 1200\nm;fresh 120\nm;little 80\n", 0, d, &diff);
	assert_int_equal(change(&diff, "slow")->status, DIFF_SLOWER);
	assert_int_equal(change(&diff, "slow")->before, 200);
	assert_int_equal(change(&diff, "same")->status, DIFF_FASTER);
	assert_int_equal(change(&diff, "gone")->status, DIFF_GONE);
	assert_int_equal(change(&diff, "fresh")->status, DIFF_NEW);
	assert_int_equal(change(&diff, "little")->status, DIFF_SAME);
	profile_diff_release(&diff);
	close_text(&d[0]);
	close_text(&d[1]);
}

static void noise_is_no_change(void **state)
{
	struct profile_diff diff;
	struct desk_p d[2];

	(void)state;
	compare("m;a 50\nm;b 50\nm;c 400\n", "m;a 60\nm;b 40\nm;c 400\n", 0, d, &diff);
	assert_int_equal(diff.n_changes, 0);
	profile_diff_release(&diff);
	close_text(&d[0]);
	close_text(&d[1]);
	/* ten times the samples make the same shares certain */
	compare("m;a 500\nm;b 500\nm;c 4000\n", "m;a 600\nm;b 400\nm;c 4000\n", 0, d, &diff);
	assert_int_equal(diff.n_changes, 2);
	profile_diff_release(&diff);
	close_text(&d[0]);
	close_text(&d[1]);
}

static void a_profile_does_not_differ_from_itself(void **state)
{
	static const char text[] = "m;a 500\nm;b;b 500\nm;c 4000\n";
	struct profile_diff diff;
	struct desk_p d[2];

	(void)state;
	compare(text, text, 0, d, &diff);
	assert_int_equal(diff.n_changes, 0);
	for (size_t i = 0; i < diff.n; i++)
		assert_int_equal(diff.rows[i].before, diff.rows[i].after);
	profile_diff_release(&diff);
	close_text(&d[0]);
	close_text(&d[1]);
}

static void a_function_that_others_call_has_moved(void **state)
{
	struct profile_diff diff;
	struct desk_p d[2];

	(void)state;
	compare("m;p;leaf 1000\nm;q 1000\n", "m;p 10\nm;q 990\nm;q;leaf 1000\n", 0, d, &diff);
	assert_int_equal(change(&diff, "leaf")->status, DIFF_MOVED);
	profile_diff_release(&diff);
	close_text(&d[0]);
	close_text(&d[1]);
}

static void functions_are_matched_across_folders_and_lines(void **state)
{
	struct profile_diff diff;
	struct desk_p d[2];

	(void)state;
	compare("f /srv/v1/app.js:10:2 1000\ng /srv/v1/node_modules/x/i.js:1:1 1000\n",
		"f /srv/v2/app.js:12:2 1000\ng /opt/node_modules/x/i.js:5:1 1000\n", 1, d, &diff);
	assert_int_equal(diff.n, 2);
	assert_int_equal(diff.n_changes, 0);
	profile_diff_release(&diff);
	close_text(&d[0]);
	close_text(&d[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_found_by_name_and_length),
		cmocka_unit_test(json_is_found_in_machine_code),
		cmocka_unit_test(two_entries_are_two_turns),
		cmocka_unit_test(a_healthy_profile_is_left_alone),
		cmocka_unit_test(garbage_files_regexps_and_packages),
		cmocka_unit_test(files_read_while_starting_are_nobodys_fault),
		cmocka_unit_test(a_script_is_no_start),
		cmocka_unit_test(changes_beyond_the_error_are_named),
		cmocka_unit_test(noise_is_no_change),
		cmocka_unit_test(a_profile_does_not_differ_from_itself),
		cmocka_unit_test(a_function_that_others_call_has_moved),
		cmocka_unit_test(functions_are_matched_across_folders_and_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
