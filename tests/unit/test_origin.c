/* What file names say about the time, and snapshots about the program. */
#include "unit.h"

#include <stdio.h>

#include "analyzer/origin.h"
#include "mkheap_text.h"

static void times_in_file_names(void **state)
{
	static const struct {
		const char *path, *time;
	} cases[] = {
		{ "Heap.20261121.111821.42.0.001.heapsnapshot", "2026-11-21 11:18:21" },
		{ "/var/tmp/20250101.1/Heap-20251231T235959.heapsnapshot.zst", "2025-12-31 23:59:59" },
		{ "CPU.20260229.000000.1.0.cpuprofile", "2026-02-29 00:00:00" },
		{ "Heap.20261321.111821.42.heapsnapshot", "" },
		{ "Heap.20261132.111821.42.heapsnapshot", "" },
		{ "Heap.20261121.241821.42.heapsnapshot", "" },
		{ "Heap.20261121.116021.42.heapsnapshot", "" },
		{ "build120261121.111821.heapsnapshot", "" },
		{ "Heap.20261121.11182", "" },
		{ "a.heapsnapshot", "" },
		{ "", "" },
		{ "-", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char time[ORIGIN_TIME_BYTES];

		origin_time(cases[i].path, time);
		assert_string_equal(time, cases[i].time);
	}
}

static void check_runtime(const char *fixture, const char *want)
{
	struct err e = ERR_INIT;
	struct heap_load_options o = { 0 };
	char path[4096], runtime[ORIGIN_RUNTIME_BYTES];
	struct run run;
	struct heap h;

	snprintf(path, sizeof(path), SOURCE_DIR "/tests/fixtures/%s.heapsnapshot.zst", fixture);
	run_init(&run, 1, 0);
	assert_int_equal(heap_load(&h, &run, path, &o, &e), 0);
	assert_int_equal(heap_analyze(&h, &e), 0);
	origin_runtime(&h, runtime);
	assert_string_equal(runtime, want);
	heap_release(&h);
	run_release(&run);
}

static void node_says_its_versions(void **state)
{
	(void)state;
	check_runtime("node20-after", "Node.js 20.20.2 (V8 11.3.244.8-node.38)");
	check_runtime("node24-after", "Node.js 24.21.0 (V8 13.6.233.17-node.53)");
	check_runtime("chromium-after", "");
}

static void deno_says_whose_interface_it_has(void **state)
{
	static struct mkheap_text parsed;
	char runtime[ORIGIN_RUNTIME_BYTES];
	struct run run;
	struct heap h;

	(void)state;
	mkheap_parse(&parsed, "root -> global; global object 8 \"global\"; global -process-> process; process object 8 \"process\";"
			      "process -version-> version; version string 8 \"v26.3.0\"; global -internal-> own;"
			      "own object 8 \"<symbol Deno.internal>\"");
	run_init(&run, 1, 0);
	mkheap_load(&parsed.heap, &run, &h);
	origin_runtime(&h, runtime);
	assert_string_equal(runtime, "Deno (Node.js interface 26.3.0)");
	heap_release(&h);
	run_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_in_file_names),
		cmocka_unit_test(node_says_its_versions),
		cmocka_unit_test(deno_says_whose_interface_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
