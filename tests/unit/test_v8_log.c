/* Logs of `node --prof`, raw and preprocessed: line by line, and recordings whose ticks node's own tool counted. */
#include "profile_tape.h"

#include <stdio.h>
#include <stdlib.h>

#include "formats/code_map.h"
#include "formats/code_names.h"
#include "formats/formats.h"

#define HEAD "v8-version,11,3,244,8,-node.38,0\n"
#define CODE \
	"shared-library,/usr/bin/node,0x400000,0x500000,0\n" \
	"code-creation,JS,10,100,0x10000,256,main /app/m.js:1:1,0x99,~\n" \
	"code-creation,JS,12,110,0x20000,256,work /app/a\\x2Cb.js:7:9,0xaa,*'\n" \
	"code-creation,Builtin,2,120,0x410000,64,ArrayMap\n" \
	"code-creation,RegExp,5,120,0x30000,64,a+\\\\d\n"

static void reads(const char *text, const char *want)
{
	for (size_t size = 0; size < 32; size++) {
		struct tape t;

		tape_init(&t);
		if (tape_read(&t, NULL, text, strlen(text), size))
			fail_msg("%s", t.err.text);
		assert_string_equal(strchr(tape_text(&t), '\n') + 1, want);
		tape_release(&t);
	}
}

static void addresses_are_absolute_or_from_the_last(void **state)
{
	(void)state;
	/* an absolute address moves nothing: +10000 counts from the pc */
	reads(HEAD CODE "tick,0x10010,5000,0,0x0,0,0x20020,+10000\n",
	      "work /app/a,b.js:7:9;work /app/a,b.js:7:9;main /app/m.js:1:1: seen 1\n");
	reads(HEAD CODE "tick,0x20010,5000,0,0x0,0,-10000\n", "main /app/m.js:1:1;work /app/a,b.js:7:9: seen 1\n");
}

static void what_the_top_of_the_stack_is(void **state)
{
	(void)state;
	reads(HEAD CODE
	      /* a caller, since it lies in JavaScript; nothing, since it does not; in foreign code, the callback itself */
	      "tick,0x410010,1000,0,0x20010,0,0x10010\n"
	      "tick,0x410010,2000,0,0x400010,0,0x10010\n"
	      "tick,0x7fff0000,3000,1,0x30010,6,0x10010\n",
	      "main /app/m.js:1:1;ArrayMap(builtin): seen 1\n"
	      "main /app/m.js:1:1;a+\\d(regexp): seen 1\n"
	      "main /app/m.js:1:1;work /app/a,b.js:7:9;ArrayMap(builtin): seen 1\n");
}

static void states_of_the_engine(void **state)
{
	(void)state;
	reads(HEAD CODE
	      "tick,0x400010,1000,0,0x0,1,0x10010\n"
	      "tick,0x400010,2000,0,0x0,4,0x10010\n"
	      "tick,0x400010,3000,0,0x0,8\n"
	      "tick,0x400010,4000,0,0x0,5,0x10010\n"
	      "tick,0x9990000,5000,0,0x0,0,0x10010,0x9990000\n",
	      "(idle)(idle): seen 1\n"
	      "main /app/m.js:1:1;[unknown]: seen 1\n"
	      "main /app/m.js:1:1;node: seen 1\n"
	      "main /app/m.js:1:1;node;(compiler)(vm): seen 1\n"
	      "main /app/m.js:1:1;node;(garbage collector)(gc): seen 1\n");
}

/* V8 before 7.3 knew no atomics wait, so idle is another number. Its names stood in quotes, without times. */
static void old_logs(void **state)
{
	(void)state;
	reads("v8-version,6,2,414,78,0\n"
	      "shared-library,\"/usr/bin/node\",0x400000,0x500000\n"
	      "code-creation,LazyCompile,10,0x10000,256,\"main, or so /app/m.js:1:1\",0x99,*\n"
	      "tick,0x400010,1000,0,0x0,7\n"
	      "tick,0x10010,2000,0,0x0,0\n",
	      "(idle)(idle): seen 1\n"
	      "main, or so /app/m.js:1:1: seen 1\n");
}

static void code_moves_and_is_replaced(void **state)
{
	(void)state;
	reads(HEAD CODE
	      "code-move,0x10000,0x50000\n"
	      "tick,0x10010,1000,0,0x0,0,0x20010\n"
	      "tick,0x50010,2000,0,0x0,0\n"
	      "code-creation,JS,10,100,0x50000,256, /app/new.js:3:4,0x99,^\n"
	      "tick,0x50010,3000,0,0x0,0\n"
	      "code-delete,0x50000\n"
	      "tick,0x50010,4000,0,0x0,0\n",
	      "(anonymous) /app/new.js:3:4: seen 1\n"
	      "[unknown]: seen 1\n"
	      "main /app/m.js:1:1: seen 1\n"
	      "work /app/a,b.js:7:9;[unknown]: seen 1\n");
}

/* A piece of the executable is logged from its beginning on each time. */
static void libraries_that_are_logged_again(void **state)
{
	(void)state;
	reads(HEAD "shared-library,/usr/bin/node,0x400000,0x500000,0\nshared-library,/usr/bin/node,0x400000,0x900000,0\n"
		   "tick,0x800000,1000,0,0x0,0\n",
	      "node: seen 1\n");
}

static void a_cut_log_and_damaged_lines(void **state)
{
	static const char text[] = HEAD CODE "tick,0x10010,1000,0,0x0,0\n"
					     "tick,nonsense,1000,0,0x0,0\n"
					     "code-creation,JS,1,2\n"
					     "code-creation,JS,10,1,0xfffffffffffffff0,256,wraps,0x1,~\n"
					     "tick,0x10010,2000,0,0x0,0,0x20";
	struct tape t;

	(void)state;
	tape_init(&t);
	assert_int_equal(tape_read(&t, NULL, text, strlen(text), 0), 0);
	assert_int_equal(t.n_samples, 1);
	assert_int_equal(tape_diag(&t, "cut-line"), 1);
	assert_int_equal(tape_diag(&t, "damaged-line"), 3);
	tape_release(&t);
}

static const char json[] =
	"{\"code\":[{\"name\":\"f /a.js:1:2\",\"type\":\"JS\",\"kind\":\"Unopt\",\"func\":0},"
	"{\"name\":\"f /a.js:1:2\",\"type\":\"JS\",\"kind\":\"Opt\",\"func\":0},"
	"{\"name\":\"ArrayMap\",\"type\":\"CODE\",\"kind\":\"Builtin\"},"
	"{\"name\":\"/usr/lib/libc.so.6\",\"type\":\"SHARED_LIB\"},{\"name\":\"malloc\",\"type\":\"CPP\"}],"
	"\"functions\":[{\"name\":\"f /a.js:1:2\",\"codes\":[0,1]}],"
	"\"ticks\":[{\"tm\":1000,\"vm\":0,\"s\":[2,16,0,4]},{\"tm\":2000,\"vm\":1,\"s\":[3,16,1,4]},"
	"{\"tm\":3000,\"vm\":0,\"s\":[-1,77,-1,5,1,4]},{\"tm\":4000,\"vm\":8,\"s\":[]},{\"tm\":5000,\"vm\":5,\"s\":[]}],"
	"\"scripts\":[null]}";

static void preprocessed(void **state)
{
	(void)state;
	reads(json, "(idle)(idle): seen 1\n"
		    "(program)(program): seen 1\n"
		    "f /a.js:1:2;ArrayMap(builtin): seen 1\n"
		    "f /a.js:1:2;[unknown]: seen 1\n"
		    "f /a.js:1:2;libc.so.6;(garbage collector)(gc): seen 1\n");
}

static void damage(void **state)
{
	static const char log[] = HEAD CODE "code-deopt,5,100,0x20000,-1,10,eager,</app/a.js:8:1>,wrong map\n"
					    "tick,0x410010,1000,0,0x20010,0,0x10010,overflow,+8\n"
					    "code-move,0x20000,0x60000\ntick,0x60010,2000,0,0x0,1,0x10010\n";

	(void)state;
	tape_torture("v8-log", NULL, log, strlen(log), 20000);
}

/* A JSON text that is cut is an error, so that there is nothing to compare. */
static void damaged_json(void **state)
{
	uint64_t x = 88172645463325252u;
	char copy[sizeof(json)];

	(void)state;
	for (size_t i = 0; i < sizeof(json) + 20000; i++) {
		size_t n = i < sizeof(json) - 1 ? i : sizeof(json) - 1;
		struct tape t;

		memcpy(copy, json, sizeof(json));
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		if (n == sizeof(json) - 1)
			copy[x % n] = (char)(x >> 33);
		tape_init(&t);
		if (!tape_read(&t, "v8-log-json", copy, n, 0))
			assert_int_equal(n, sizeof(json) - 1);
		tape_release(&t);
	}
}

/* Newer code wins; what moves leaves nothing behind. Against a plain array of owners. */
static void code_over_code(void **state)
{
	struct err e = ERR_INIT;
	uint32_t owner[16384] = { 0 };
	uint64_t x = 88172645463325252u;
	struct code_map m;
	struct mem mem;

	(void)state;
	mem_init(&mem, 0);
	code_map_init(&m, &mem);
	for (uint32_t i = 1; i < 3000; i++) {
		uint64_t start, n;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		start = x % 16000;
		n = 1 + (x >> 20) % 300;
		assert_int_equal(code_map_add(&m, start, n, i, &e), 0);
		for (uint64_t k = start; k < start + n && k < 16384; k++)
			owner[k] = i;
		for (int probe = 0; probe < 50; probe++) {
			uint64_t at = (x >> probe) % 16384;
			uint32_t found = code_map_find(&m, at);

			assert_int_equal(found == CODE_NONE ? 0 : m.codes[found].value, owner[at]);
		}
	}
	assert_int_equal(code_map_add(&m, UINT64_MAX - 5, 10, 1, &e), ERR_FORMAT);
	code_map_release(&m);
	assert_int_equal(mem.used_bytes, 0);
}

static void symbols_of_v8(void **state)
{
	static const struct {
		const char *symbol, *name, *file;
		uint32_t line, column;
		enum frame_kind kind;
		enum frame_tier tier;
	} cases[] = {
		{ "LazyCompile:~f /p/a.js:1", "f", "/p/a.js", 1, 0, FRAME_JS, TIER_INTERPRETED },
		{ "LazyCompile:*f /p/a.js:1:13", "f", "/p/a.js", 1, 13, FRAME_JS, TIER_OPTIMIZED },
		{ "Function:^processTimers node:internal/timers:497", "processTimers", "node:internal/timers", 497, 0, FRAME_JS,
		  TIER_BASELINE },
		{ "JS:*'get size file:///a b/c.mjs:2:3", "get size", "file:///a b/c.mjs", 2, 3, FRAME_JS, TIER_OPTIMIZED },
		{ "JS:o*f C:\\x\\a.js:2:3", "f", "C:\\x\\a.js", 2, 3, FRAME_JS, TIER_OPTIMIZED },
		{ "JS:o+f /a.js:2:3", "f", "/a.js", 2, 3, FRAME_JS, TIER_MAGLEV },
		{ "JS:+ /p/a.js:2:3", "", "/p/a.js", 2, 3, FRAME_JS, TIER_MAGLEV },
		{ "Eval:~ evalmachine.<anonymous>:1:1", "", "evalmachine.<anonymous>", 1, 1, FRAME_JS, TIER_INTERPRETED },
		{ "LazyCompile:~forEach native array.js:1", "forEach", "native array.js", 1, 0, FRAME_JS, TIER_INTERPRETED },
		{ "JS:*lonely", "lonely", "", 0, 0, FRAME_JS, TIER_OPTIMIZED },
		{ "JS:fib-3-liftoff", "fib-3", "", 0, 0, FRAME_WASM, TIER_BASELINE },
		{ "RegExp:a b:1", "RegExp:a b:1", "", 0, 0, FRAME_REGEXP, TIER_UNKNOWN },
		{ "Builtins_ArrayMap", "ArrayMap", "", 0, 0, FRAME_BUILTIN, TIER_UNKNOWN },
		{ "BytecodeHandler:LdaZero", "LdaZero", "", 0, 0, FRAME_BUILTIN, TIER_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct profile_frame f = { 0 };

		assert_true(code_name_v8(str_of(cases[i].symbol), &f));
		if (!str_is(f.name, cases[i].name) || !str_is(f.file, cases[i].file))
			fail_msg("%s: \"%.*s\" in \"%.*s\"", cases[i].symbol, (int)f.name.n, f.name.s, (int)f.file.n, f.file.s);
		assert_int_equal(f.line, cases[i].line);
		assert_int_equal(f.column, cases[i].column);
		assert_int_equal(f.kind, cases[i].kind);
		assert_int_equal(f.tier, cases[i].tier);
	}
	assert_false(code_name_v8(STR_LIT("JS::Call(int)"), &(struct profile_frame){ 0 }));
	assert_false(code_name_v8(STR_LIT("main"), &(struct profile_frame){ 0 }));
}

/* Each line of the golden is one of the table's, and nothing of the golden's kinds is missing. */
static void agrees(const char *path, const char *golden)
{
	struct tape t;
	char *want, *save = NULL;
	int64_t sum = 0;
	size_t n;

	want = tape_slurp(golden, &n);
	want[n] = '\0';
	tape_init(&t);
	t.bare_names = t.bare_modules = 1;
	if (tape_read_file(&t, NULL, path))
		fail_msg("%s: %s", path, t.err.text);
	for (char *line = strtok_r(want, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char row[512];

		sum += strtol(line, NULL, 10);
		snprintf(row, sizeof(row), "%s\n", line);
		if (!strstr(line, "total of all else") && !strstr(tape_own(&t, PROFILE_MAX_VALUES), row))
			fail_msg("%s: no line \"%s\" in\n%s", path, line, tape_own(&t, PROFILE_MAX_VALUES));
	}
	assert_int_equal(t.n_samples, sum);
	assert_int_equal(t.meta.period, strstr(path, ".json") ? 0 : 1000000);
	tape_release(&t);
	free(want);
}

static void recordings_agree_with_node(void **state)
{
	(void)state;
	agrees(SOURCE_DIR "/samples/profiles/node20.log.zst", "tests/fixtures/profiles/node20.log.own");
	agrees(SOURCE_DIR "/samples/profiles/node20-prof.json.zst", "tests/fixtures/profiles/node20.log.own");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_absolute_or_from_the_last),
		cmocka_unit_test(what_the_top_of_the_stack_is),
		cmocka_unit_test(states_of_the_engine),
		cmocka_unit_test(old_logs),
		cmocka_unit_test(code_moves_and_is_replaced),
		cmocka_unit_test(libraries_that_are_logged_again),
		cmocka_unit_test(a_cut_log_and_damaged_lines),
		cmocka_unit_test(preprocessed),
		cmocka_unit_test(damage),
		cmocka_unit_test(damaged_json),
		cmocka_unit_test(code_over_code),
		cmocka_unit_test(symbols_of_v8),
		cmocka_unit_test(recordings_agree_with_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
