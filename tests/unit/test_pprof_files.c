/* Recorded pprof profiles: their numbers are those that `go tool pprof` gave. */
#include "profile_tape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/profile_analysis.h"

/* What the report shows as the distance of samples, in time and in bytes. */
static void the_period_is_the_interval(void **state)
{
	static const struct {
		const char *file, *column;
		int64_t interval;
	} recordings[] = { { "go-cpu.pb.gz", "interval_ns", 10000000 }, { "datadog-heap.pb.gz", "interval_bytes", 65536 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char path[512];
		const char *const file = path;
		struct profile_options o = { .top = 1 };
		struct err e = ERR_INIT;
		const struct table *t;
		struct report r;
		struct run run;

		snprintf(path, sizeof(path), SOURCE_DIR "/samples/profiles/%s", recordings[i].file);
		run_init(&run, 1, 0);
		report_init(&r, &run.mem);
		assert_int_equal(profile_stat(&run, &file, 1, &o, &r, &e), 0);
		t = report_table(&r, "profiles");
		for (size_t c = 0; c < t->n_columns; c++)
			if (!strncmp(t->columns[c].key, "interval_", 9)) {
				int is_it = !strcmp(t->columns[c].key, recordings[i].column);

				assert_int_equal(table_row(t, 0)[c].i, is_it ? recordings[i].interval : 0);
				assert_int_equal(t->columns[c].flags & COLUMN_DETAIL, is_it ? 0 : COLUMN_DETAIL);
			}
		report_release(&r);
		run_release(&run);
	}
}

/* The tables that `go tool pprof -top` made of recordings; see samples/profiles/README.md. */
static void recordings_agree_with_pprof(void **state)
{
	static const struct {
		const char *file, *golden;
		size_t value;
	} cases[] = {
		{ "datadog-wall.pb.gz", "datadog-wall.top", 1 },
		{ "datadog-heap.pb.gz", "datadog-heap.top", 1 },
		{ "go-cpu.pb.gz", "go-cpu.top", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[1024], golden[1024];
		struct tape t;
		char *want;
		size_t n;

		snprintf(path, sizeof(path), "%s/samples/profiles/%s", SOURCE_DIR, cases[i].file);
		snprintf(golden, sizeof(golden), "tests/fixtures/profiles/%s", cases[i].golden);
		want = tape_slurp(golden, &n);
		want[n] = '\0';
		tape_init(&t);
		t.bare_names = 1;
		if (tape_read_file(&t, NULL, path))
			fail_msg("%s: %s", cases[i].file, t.err.text);
		assert_string_equal(tape_top(&t, cases[i].value), want);
		tape_release(&t);
		free(want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_period_is_the_interval),
		cmocka_unit_test(recordings_agree_with_pprof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
