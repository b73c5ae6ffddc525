/* The text of `perf script`: every shape of its lines, and a recording whose numbers `perf report` gave. */
#include "profile_tape.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/formats.h"
#include "formats/perf_lines.h"

static struct str s(const char *text)
{
	return str_of(text);
}

#define assert_str(got, want) \
	do { \
		struct str got_ = (got); \
		if (!str_is(got_, (want))) \
			fail_msg("\"%.*s\" is not \"%s\"", (int)got_.n, got_.s, (want)); \
	} while (0)

static void shapes_of_event_lines(void **state)
{
	static const struct {
		const char *line, *comm;
		uint64_t pid, tid;
		int64_t time_ns, period;
		const char *event, *rest;
	} cases[] = {
		{ "node-MainThread 13824   975.643208:   10101010 cpu-clock:pppH: ", "node-MainThread", 0, 13824, 975643208000,
		  10101010, "cpu-clock:pppH", "" },
		{ "node 25295 [000]  2265.705617:   20408163 cpu-clock:pppH: ", "node", 0, 25295, 2265705617000, 20408163,
		  "cpu-clock:pppH", "" },
		{ "iperf 27409/28744 [000] 441995.133575: cpu-clock:", "iperf", 27409, 28744, 441995133575000, -1, "cpu-clock",
		  "" },
		{ "func_ab 15294 cpu-clock:", "func_ab", 0, 15294, -1, -1, "cpu-clock", "" },
		{ "perf 83220/83220 36556.170907:          1 cycles:", "perf", 83220, 83220, 36556170907000, 1, "cycles", "" },
		{ "Gecko\t25122 [007] 115539.936601:\t\t1000000 task-clock:u:", "Gecko", 0, 25122, 115539936601000, 1000000,
		  "task-clock:u", "" },
		{ "825432/825432 339457.445933440:       1 cycles:u:", "", 825432, 825432, 339457445933440, 1, "cycles:u", "" },
		{ "            node 25756  2267.824324:          1 context-switches:  ffffffff821f94c3 schedule+0x23 (k)", "node",
		  0, 25756, 2267824324000, 1, "context-switches", "ffffffff821f94c3 schedule+0x23 (k)" },
		{ "30549/30549 174427.9384:   1  branches:uH:   call   7ffff7ddc143 _start+0x3 (/ld.so)", "", 30549, 30549,
		  174427938400000, 1, "branches:uH", "call   7ffff7ddc143 _start+0x3 (/ld.so)" },
		{ "Web Worker 3 25295 [001]  2.5: 7 branch-misses/period=50/u:", "Web Worker 3", 0, 25295, 2500000000, 7,
		  "branch-misses/period=50/u", "" },
		{ "a 12 b 7/8 2.000001: raw 0x1a8 event: x", "a 12 b", 7, 8, 2000001000, -1, "raw 0x1a8 event", "x" },
		{ "node 1 [002] 3.0: sched:sched_switch: prev_comm=node prev_pid=1", "node", 0, 1, 3000000000, -1,
		  "sched:sched_switch", "prev_comm=node prev_pid=1" },
	};
	struct perf_event_line ev;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (!perf_event_parse(s(cases[i].line), &ev))
			fail_msg("no event: %s", cases[i].line);
		assert_str(ev.comm, cases[i].comm);
		assert_int_equal(ev.pid, cases[i].pid);
		assert_int_equal(ev.tid, cases[i].tid);
		assert_int_equal(ev.has_time, cases[i].time_ns >= 0);
		assert_true(!ev.has_time || ev.time_ns == cases[i].time_ns);
		assert_int_equal(ev.has_period, cases[i].period >= 0);
		assert_true(!ev.has_period || ev.period == cases[i].period);
		assert_str(ev.event, cases[i].event);
		assert_str(ev.rest, cases[i].rest);
	}
}

static void no_event_lines(void **state)
{
	static const char *const lines[] = { "",
					     "main;work 12",
					     "\t  ffffffff821f94c3 schedule+0x23 ([kernel.kallsyms])",
					     " instruction trace error type 1 time 2 cpu -1 pid 3 tid 4 ip 0x5 code 7: Overflow packet",
					     "node 12",
					     "12:",
					     "a 99999999999999999999 1.0: x: ",
					     "node 1 [000] 1.0: " };
	struct perf_event_line ev;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (perf_event_parse(s(lines[i]), &ev))
			fail_msg("an event: %s", lines[i]);
}

static void shapes_of_frame_lines(void **state)
{
	static const struct {
		const char *line, *symbol, *dso;
	} cases[] = {
		{ "\tffffffff821f94c3 schedule+0x23 ([kernel.kallsyms])", "schedule", "[kernel.kallsyms]" },
		{ "\t    7f38a01b2c40 LazyCompile:~f /p/a b.js:1+0x12 (/tmp/perf-12.map)", "LazyCompile:~f /p/a b.js:1",
		  "/tmp/perf-12.map" },
		{ "\t    7f38a01b2c40  (/lib/libc.so)", "", "/lib/libc.so" },
		{ "\t    7f38a01b2c40 [unknown] ([unknown])", "[unknown]", "[unknown]" },
		{ "\t    7f38a01b2c40 work (inlined)", "work", "inlined" },
		{ "\t    7f38a01b2c40 f+0x1 (/tmp/x (deleted))", "f", "/tmp/x (deleted)" },
		{ "\t    7f38a01b2c40 init+0x1f ([kernel.kallsyms].init.text)", "init", "[kernel.kallsyms].init.text" },
		{ "\t    7f38a01b2c40 std::f(int (*)(char)) => g+0x0 (/a.so)", "std::f(int (*)(char)) => g", "/a.so" },
		{ "\t    7f38a01b2c40 RegExp:[&<>\"'] (x)+0x4 (/tmp/perf-12.map)", "RegExp:[&<>\"'] (x)", "/tmp/perf-12.map" },
		{ "\t    7f38a01b2c40 main+0x1f", "main", "" },
		{ "  7f38a01b2c40 ((a.so)", "", "" },
		{ "            1ab70 _start (/lib/ld.so)", "_start", "/lib/ld.so" },
	};
	struct perf_frame_line f;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(perf_frame_parse(s(cases[i].line), &f));
		if (!*cases[i].symbol && !*cases[i].dso)
			continue;
		assert_str(f.symbol, cases[i].symbol);
		assert_str(f.dso, cases[i].dso);
	}
	assert_false(perf_frame_parse(s("\t  app.c:12"), &f));
	assert_false(perf_frame_parse(s("\t"), &f));
}

static void reads(const char *text, const char *want)
{
	struct tape t;

	for (size_t size = 0; size < 32; size++) {
		tape_init(&t);
		t.with_modules = 1;
		if (tape_read(&t, "perf-script", text, strlen(text), size))
			fail_msg("%s", t.err.text);
		assert_string_equal(tape_text(&t), want);
		tape_release(&t);
	}
}

static void marks_of_v8_are_attributes(void **state)
{
	(void)state;
	reads("node 7 1.0: 1000 cpu-clock:pppH: \n"
	      "\t 10 JS:*f /p/a.js:2:13+0x1 (/tmp/perf-7.map)\n\t 20 main+0x2 (/usr/bin/node)\n\n"
	      "node 7 1.1: 1000 cpu-clock:pppH: \n"
	      "\t 11 JS:~f /p/a.js:2:13+0x5 (/tmp/perf-7.map)\n\t 20 main+0x2 (/usr/bin/node)\n\n"
	      "node 7 1.2: 1000 cpu-clock:pppH: \n"
	      "\t 12 JS:o*'f /p/a.js:2:13 (/tmp/perf-7.map)\n\t 20 main+0x2 (/usr/bin/node)\n\n"
	      "node 7 1.3: 1000 cpu-clock:pppH: \n"
	      "\t 13 Builtins_ArrayMap+0x3 (/usr/bin/node)\n\t 20 main+0x2 (/usr/bin/node)\n\n"
	      "node 7 1.4: 1000 cpu-clock:pppH: \n"
	      "\t 13 Builtin:ArrayMap+0x3 (/tmp/perf-7.map)\n\t 12 JS:^ /p/a.js:1:1 (/tmp/perf-7.map)\n\n"
	      "node 7 1.5: 1000 cpu-clock:pppH: \n"
	      "\t 14 RegExp:(a|b)+$+0x3 (/tmp/perf-7.map)\n\t 12 JS:wasm-function[3]-3-turbofan (/tmp/perf-7.map)\n\n",
	      "values samples/count cpu-clock/ns\n"
	      "(anonymous) /p/a.js:1:1;ArrayMap(builtin) {thread 0/7 node}: 1 1000\n"
	      "main [/usr/bin/node];ArrayMap(builtin) {thread 0/7 node}: 1 1000\n"
	      "main [/usr/bin/node];f /p/a.js:2:13 {thread 0/7 node}: 3 3000\n"
	      "wasm-function[3]-3(wasm);RegExp:(a|b)+$(regexp) {thread 0/7 node}: 1 1000\n");
}

static void several_events_and_no_periods(void **state)
{
	(void)state;
	reads("a b 1/2 1.0: 10 cycles:u: \n\t 1 f (x)\n\n"
	      "a b 1/2 1.1: 3 cache-misses: \n\t 1 f (x)\n\n"
	      "a b 1/2 1.2: page-faults: \n\t 1 f (x)\n\n"
	      "a b 1/2 1.3: 20 cycles:u: \n\t 1 f (x)\n",
	      "values samples/count cycles:u/count cache-misses/count page-faults/count\n"
	      "f [x] {thread 1/2 a b}: 4 30 3 1\n");
}

/* Where time goes is shown first, in whatever order the events come. */
static void the_clock_is_shown_first(void **state)
{
	static const char text[] = "a 1 1.0: 3 page-faults: \n\t 1 f (x)\n\na 1 1.1: 10 cycles:u: \n\t 1 f (x)\n\n";
	static const char clock[] = "a 1 1.2: 1000 cpu-clock:ppp: \n\t 1 f (x)\n\n";
	char both[256];
	struct tape t;

	(void)state;
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, text, strlen(text), 0), 0);
	assert_string_equal(t.default_type, "cycles:u");
	tape_release(&t);
	snprintf(both, sizeof(both), "%s%s", text, clock);
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, both, strlen(both), 0), 0);
	assert_string_equal(t.default_type, "cpu-clock");
	assert_int_equal(t.meta.period, 1000);
	tape_release(&t);
}

static void one_line_form_comments_and_noise(void **state)
{
	(void)state;
	reads("# ========\n# perf version : 6.1\n#\n"
	      "swapper     0     0.000000: PERF_RECORD_MMAP -1/0: [0x1(0x2) @ 0x1]: x [kernel.kallsyms]_text\n"
	      "            node 25756  2267.824324:          1 context-switches:  ffffffff821f94c3 schedule+0x23 ([kernel])\n"
	      "            node 25756  2267.824325:          1 context-switches:  ffffffff821f94c3 schedule+0x23 ([kernel])\n"
	      "node 1 [002] 3.0: sched:sched_switch: bad prev_comm=node\n\n"
	      " instruction trace error type 1\n"
	      "node 25756 2.0: 1 context-switches:\n\t 1 g+0x1 (a.so)\n\t 8 [unknown] ([unknown])\n\n",
	      "values samples/count context-switches/count sched:sched_switch/count\n"
	      " {thread 0/1 node}: 1 0 1\n"
	      "g [a.so] {thread 0/25756 node}: 1 1 0\n"
	      "schedule_[k] [[kernel]] {thread 0/25756 node}: 2 2 0\n");
}

static void source_lines_and_inlined_frames(void **state)
{
	(void)state;
	reads("app 1 1.0: 1 cycles:\n"
	      "\t 1 inner (inlined)\n  inner.c:12\n"
	      "\t 1 outer+0x8 (/bin/app)\n  /src/outer file.c:40\n"
	      "\t 2 main+0x9 (/bin/app)\n  main.c:7\n\n",
	      "values samples/count cycles/count\n"
	      "main main.c [/bin/app];outer /src/outer file.c [/bin/app];inner inner.c {thread 0/1 app}: 1 1\n");
}

static void a_cut_text_says_so(void **state)
{
	static const char text[] = "app 1 1.0: 1 cycles:\n\t 1 f (a.so)\n\napp 1 1.1: 1 cycles:\n\t 1 f (a.so)\n\t 2 long_na";
	struct tape t;

	(void)state;
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, text, strlen(text), 0), 0);
	assert_int_equal(t.n_samples, 1);
	assert_int_equal(tape_diag(&t, "cut-line"), 1);
	tape_release(&t);
}

static void what_is_no_perf_script(void **state)
{
	const struct format *f = format_named("perf-script");
	static const char *const others[] = { "main;work 12\nmain;work 13\n", "{\"a\":1}", "hello world\n", "#!/bin/sh\necho\n" };
	static const char yes[] = "# x\n\na 1 1.0: 1 cycles:\n\t 1 f (a.so)\n";
	struct tape t;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(f->probe(others[i], strlen(others[i]), 1), PROBE_NO);
	assert_int_equal(f->probe(yes, strlen(yes), 1), PROBE_YES);
	tape_init(&t);
	assert_int_equal(tape_read(&t, "perf-script", "hello\n", 6, 0), ERR_FORMAT);
	tape_release(&t);
}

static void damage(void **state)
{
	static const char text[] = "# perf version : 6.1\n"
				   "node w 7/8 [001] 1.0: 1000 cpu-clock:pppH: \n"
				   "\t 10 JS:*f /p/a.js:2:13+0x1 (/tmp/perf-7.map)\n  a.js:3\n\t 20 main+0x2 (/usr/bin/node)\n\n"
				   "node 7 1.1: 1 cycles: \n\t 11 g (inlined)\n\t 21 h+0x1 (/x (deleted))\n\n";

	(void)state;
	tape_torture("perf-script", NULL, text, strlen(text), 20000);
}

static void deep_stacks_and_long_names(void **state)
{
	size_t n = 0, size = 2u << 20;
	char *text = malloc(size);
	struct tape t;

	(void)state;
	assert_non_null(text);
	n += (size_t)sprintf(text, "a 1 1.0: 1 cycles:\n");
	for (int i = 0; i < 5000; i++)
		n += (size_t)sprintf(text + n, "\t %x f%d+0x1 (a.so)\n", i, i);
	n += (size_t)sprintf(text + n, "\nb 2 1.0: 1 cycles:\n\t 1 ");
	memset(text + n, 'n', 1u << 20);
	n += 1u << 20;
	n += (size_t)sprintf(text + n, "+0x2 (a.so)\n\n");
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, text, n, 4093), 0);
	assert_int_equal(t.n_samples, 2);
	assert_int_equal(memo_n(&t.stacks), 5001);
	tape_release(&t);
	free(text);
}

/* The table that `perf report` made of the same recording. */
static void a_recording_agrees_with_perf(void **state)
{
	struct tape t;
	char *want;
	size_t n;

	(void)state;
	want = tape_slurp("tests/fixtures/profiles/node20.script.own", &n);
	want[n] = '\0';
	tape_init(&t);
	t.bare_names = 1;
	assert_int_equal(tape_read_file(&t, NULL, SOURCE_DIR "/samples/profiles/node20.script.zst"), 0);
	assert_string_equal(tape_own(&t, 0), want);
	tape_release(&t);
	free(want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_of_event_lines),
		cmocka_unit_test(no_event_lines),
		cmocka_unit_test(shapes_of_frame_lines),
		cmocka_unit_test(marks_of_v8_are_attributes),
		cmocka_unit_test(several_events_and_no_periods),
		cmocka_unit_test(the_clock_is_shown_first),
		cmocka_unit_test(one_line_form_comments_and_noise),
		cmocka_unit_test(source_lines_and_inlined_frames),
		cmocka_unit_test(a_cut_text_says_so),
		cmocka_unit_test(what_is_no_perf_script),
		cmocka_unit_test(damage),
		cmocka_unit_test(deep_stacks_and_long_names),
		cmocka_unit_test(a_recording_agrees_with_perf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
