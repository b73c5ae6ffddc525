#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/heap.h"
#include "analyzer/redact.h"
#include "analyzer/scrub.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "formats/pack.h"
#include "formats/source.h"

static char input[64];

static void write_input(const char *text)
{
	FILE *f;
	int fd;

	snprintf(input, sizeof(input), "/tmp/test_scrub.XXXXXX");
	fd = mkstemp(input);
	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int gather(void *ctx, const char *bytes, size_t n, struct err *e)
{
	strbuf_add(ctx, bytes, n);
	return strbuf_check(ctx, e);
}

#define META                                                                                                           \
	"{\"snapshot\":{\"title\":\"top secret\",\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\","      \
	"\"edge_count\"],\"node_types\":[[\"hidden\",\"array\",\"string\",\"object\",\"closure\",\"native\","              \
	"\"synthetic\"],\"string\",\"number\",\"number\",\"number\"],\"edge_fields\":[\"type\",\"name_or_index\","         \
	"\"to_node\"],\"edge_types\":[[\"context\",\"element\",\"property\",\"internal\",\"hidden\",\"shortcut\",\"weak\"]," \
	"\"string_or_number\",\"node\"]},\"node_count\":0,\"edge_count\":0},"

/* Root, an object, two strings; "both" is a property and a value. */
static const char small[] = META
	"\"nodes\":[6,1,1,0,1, 3,2,3,40,3, 2,3,5,16,0, 2,4,7,16,0],"
	"\"edges\":[1,0,5, 2,3,10, 2,5,15, 3,6,15],"
	"\"strings\":[\"<dummy>\",\"\",\"Thing\",\"both\",\"h\\u00e9 \\ud83d\\ude00 \\ud800\\u0000\\\"\",\"a@example.com\","
	"\"1 / part of key (Joe @3) -> value (Doe) -> value (x @5) pair in WeakMap (table @7)\",\"unused secret\"]}";

/* The run's account must be empty afterwards, whatever happened. */
static int scrub(struct run *run, struct strbuf *out, struct err *e)
{
	struct redact_options defaults = { .files = NULL };
	struct byte_sink sink = { gather, out };
	struct scrub_options o = { .output = "x" };
	int rc = redact_new(&o.redact, &run->mem, &defaults, e);

	if (!rc)
		rc = scrub_write(run, input, &o, &sink, e);
	redact_free(o.redact);
	return rc;
}

static void scrubbed(const char *text, struct strbuf *out)
{
	struct err e = ERR_INIT;
	struct run run;

	write_input(text);
	run_init(&run, 3, 0);
	if (scrub(&run, out, &e))
		fail_msg("%s", e.text);
	assert_int_equal(run.jobs, 3);
	unlink(input);
	run_release(&run);
}

static void refused(const char *text, enum err_kind kind, const char *why)
{
	struct err e = ERR_INIT;
	struct strbuf out;
	struct mem mem;
	struct run run;

	mem_init(&mem, 0);
	strbuf_init(&out, &mem);
	write_input(text);
	run_init(&run, 1, 0);
	assert_int_equal(scrub(&run, &out, &e), kind);
	if (!strstr(e.text, why))
		fail_msg("%s", e.text);
	unlink(input);
	run_release(&run);
	strbuf_release(&out);
}

static struct mem mem;

static void nothing_private_is_left(void **state)
{
	static const char *const gone[] = { "both\",\"h", "\\u00E9", "example", "Joe", "Doe", "secret", "D83D" };
	struct strbuf out;

	(void)state;
	strbuf_init(&out, &mem);
	scrubbed(small, &out);
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (strstr(strbuf_str(&out), gone[i]))
			fail_msg("%s is still there: %s", gone[i], strbuf_str(&out));
	strbuf_release(&out);
}

static struct str string_at(const struct heap *h, size_t i)
{
	return heap_string(h, (uint32_t)i);
}

static void a_text_that_is_value_and_name_becomes_two(void **state)
{
	struct heap_load_options lo = { 0 };
	struct err e = ERR_INIT;
	struct strbuf out;
	struct run run;
	struct heap h;

	(void)state;
	strbuf_init(&out, &mem);
	scrubbed(small, &out);
	run_init(&run, 1, 0);
	if (heap_load_memory(&h, &run, out.buf, out.len, &lo, &e))
		fail_msg("%s", e.text);
	assert_int_equal(h.strings.n, 9);
	assert_true(str_is(string_at(&h, 3), "both"));
	assert_int_equal(h.name[2], 8);
	assert_int_equal(string_at(&h, 8).n, 4);
	assert_false(str_is(string_at(&h, 8), "both"));
	/* one letter for each UTF-16 unit: h, e acute, blank, two for the pair, blank, half, NUL, quote */
	assert_int_equal(utf8_units(string_at(&h, 4).s, string_at(&h, 4).n), 9);
	assert_true(str_starts(string_at(&h, 6), "1 / part of key ("));
	assert_int_equal(string_at(&h, 6).n, strlen("1 / part of key (Joe @3) -> value (Doe) -> value (x @5) pair in "
						    "WeakMap (table @7)"));
	heap_release(&h);
	run_release(&run);
	strbuf_release(&out);
}

static void the_same_input_gives_the_same_output(void **state)
{
	struct strbuf a, b;

	(void)state;
	strbuf_init(&a, &mem);
	strbuf_init(&b, &mem);
	scrubbed(small, &a);
	scrubbed(small, &b);
	assert_string_equal(strbuf_str(&a), strbuf_str(&b));
	strbuf_release(&a);
	strbuf_release(&b);
}

/* A root with 300 strings of one character each, or an object with `n` properties called `name` and a number. */
static void make_many(struct strbuf *sb, unsigned n, const char *name)
{
	strbuf_addf(sb, META "\"nodes\":[6,0,1,0,1,3,0,3,8,%u", name ? n : 0);
	for (unsigned i = 0; !name && i < n; i++)
		strbuf_addf(sb, ",2,%u,%u,8,0", i + 1, 2 * i + 5);
	strbuf_addstr(sb, "],\"edges\":[1,0,5");
	for (unsigned i = 0; name && i < n; i++)
		strbuf_addf(sb, ",2,%u,0", i + 1);
	strbuf_addstr(sb, "],\"strings\":[\"x\"");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(sb, name ? ",\"%s%04u\"" : ",\"%s\\u%04x\"", name ? name : "", name ? i : i + 0x400);
	strbuf_addstr(sb, "]}");
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void expect_all_different(struct strbuf *text, size_t n)
{
	struct str *all = calloc(n, sizeof(*all));
	struct heap_load_options lo = { 0 };
	struct err e = ERR_INIT;
	struct strbuf out;
	struct run run;
	struct heap h;

	assert_non_null(all);
	strbuf_init(&out, &mem);
	scrubbed(strbuf_str(text), &out);
	run_init(&run, 1, 0);
	if (heap_load_memory(&h, &run, out.buf, out.len, &lo, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		all[i] = string_at(&h, i + 1);
	qsort(all, n, sizeof(*all), by_text);
	for (size_t i = 1; i < n; i++)
		assert_false(str_eq(all[i - 1], all[i]));
	heap_release(&h);
	run_release(&run);
	strbuf_release(&out);
	free(all);
}

static void different_short_texts_stay_different(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text, &mem);
	make_many(&text, 300, NULL);
	expect_all_different(&text, 300);
	strbuf_release(&text);
}

static void keys_of_tables_go_others_stay(void **state)
{
	struct strbuf text, out;

	(void)state;
	strbuf_init(&text, &mem);
	strbuf_init(&out, &mem);
	make_many(&text, 1000, "k");
	expect_all_different(&text, 1000);
	scrubbed(strbuf_str(&text), &out);
	assert_null(strstr(strbuf_str(&out), "k00"));
	strbuf_reset(&text);
	strbuf_reset(&out);
	make_many(&text, 999, "k");
	scrubbed(strbuf_str(&text), &out);
	assert_non_null(strstr(strbuf_str(&out), "\"k0017\""));
	strbuf_release(&text);
	strbuf_release(&out);
}

static void damaged_inputs_are_refused(void **state)
{
	(void)state;
	refused("{}", ERR_UNSUPPORTED, "not a heap snapshot");
	refused(META "\"nodes\":[6,9,1,0,0],\"edges\":[],\"strings\":[\"a\"]}", ERR_FORMAT, "string number 9");
	refused(META "\"nodes\":[6,0,1,0,2],\"edges\":[1,0,0],\"strings\":[\"a\"]}", ERR_FORMAT, "promise 2 edges");
	refused(META "\"edges\":[1,0,0],\"nodes\":[6,0,1,0,1],\"strings\":[\"a\"]}", ERR_UNSUPPORTED, "order");
	refused(META "\"nodes\":[6,0,1,0,0],\"strings\":[\"a\"]}", ERR_FORMAT, "missing");
	refused(META "\"nodes\":[6,0,1,0,0],\"edges\":[],\"strings\":[\"a\"", ERR_TRUNCATED, "");
	refused(META "\"nodes\":[6,0,1,0],\"edges\":[],\"strings\":[\"a\"]}", ERR_FORMAT, "");
}

/* Whatever allocation fails: an error, and nothing is left. */
static void every_failed_allocation_is_survived(void **state)
{
	struct mem own;
	int rc = ERR_MEMORY;

	(void)state;
	mem_init(&own, 0);
	write_input(small);
	for (int64_t n = 1; rc; n++) {
		struct err e = ERR_INIT;
		struct strbuf out;
		struct run run;

		assert_true(n < 1000);
		strbuf_init(&out, &own);
		run_init(&run, 1, 0);
		run.mem.fail_after = n;
		rc = scrub(&run, &out, &e);
		if (rc)
			assert_int_equal(rc, ERR_MEMORY);
		run_release(&run);
		assert_int_equal(run.mem.used_bytes, 0);
		strbuf_release(&out);
	}
	unlink(input);
}

static void what_is_packed_can_be_read(void **state)
{
	static const char *const names[] = { "a.heapsnapshot.zst", "a.heapsnapshot.gz", "a.heapsnapshot", ".gz" };
	static const char *const kinds[] = { "zstd", "gzip", "none", "none" };
	static char block[100000], back[100000];

	(void)state;
	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)('a' + (i * i >> 7) % 26);
	for (size_t i = 0; i < 4; i++) {
		struct err e = ERR_INIT;
		struct source *src;
		struct strbuf out;
		struct pack *p;
		size_t got;

		strbuf_init(&out, &mem);
		assert_string_equal(pack_kind(names[i]), kinds[i]);
		assert_int_equal(pack_open(&p, &mem, kinds[i], gather, &out, &e), 0);
		for (size_t at = 0; at < sizeof(block); at += 1000)
			assert_int_equal(pack_add(p, block + at, 1000, &e), 0);
		assert_int_equal(pack_finish(p, &e), 0);
		pack_close(p);
		assert_int_equal(source_open_memory(&src, &mem, out.buf, out.len, &e), 0);
		assert_string_equal(source_compression(src), kinds[i]);
		assert_int_equal(source_read(src, back, sizeof(back), &got, &e), 0);
		assert_int_equal(got, sizeof(block));
		assert_memory_equal(block, back, sizeof(block));
		source_close(src);
		strbuf_release(&out);
	}
}

static int start(void **state)
{
	(void)state;
	mem_init(&mem, 0);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	return mem.used_bytes != 0;
}

#define CHANGED_TAIL "],\"strings\":[\"<dummy>\",\"\",\"next\",\"last\"]}"

/* Another program writes to the file, once: a number far behind what has been read for the second time becomes another. */
static int change_file(void *ctx, const char *bytes, size_t n, struct err *e)
{
	int *times = ctx;
	FILE *f;

	(void)bytes;
	(void)n;
	(void)e;
	if ((*times)++)
		return 0;
	f = fopen(input, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, -(long)strlen(CHANGED_TAIL) - 60, SEEK_END), 0);
	assert_true(fputs(",2,3,5", f) >= 0);
	assert_int_equal(fclose(f), 0);
	return 0;
}

static void a_file_that_changes_between_its_readings_is_refused(void **state)
{
	enum { EDGES = 1500000 };
	struct redact_options defaults = { .files = NULL };
	int times = 0;
	struct byte_sink sink = { change_file, &times };
	struct scrub_options o = { .output = "x" };
	struct err e = ERR_INIT;
	struct strbuf text;
	struct run run;

	(void)state;
	strbuf_init(&text, &mem);
	strbuf_addf(&text, META "\"nodes\":[6,1,1,0,%d, 3,2,3,40,0],\"edges\":[2,3,5", EDGES);
	for (int i = 1; i < EDGES; i++)
		strbuf_addstr(&text, ",2,2,5");
	strbuf_addstr(&text, CHANGED_TAIL);
	write_input(strbuf_str(&text));
	strbuf_release(&text);
	run_init(&run, 1, 0);
	assert_int_equal(redact_new(&o.redact, &run.mem, &defaults, &e), 0);
	assert_int_equal(scrub_write(&run, input, &o, &sink, &e), ERR_FORMAT);
	if (!strstr(e.text, "changed while it was read"))
		fail_msg("%s", e.text);
	assert_true(times > 1);
	redact_free(o.redact);
	run_release(&run);
	unlink(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_private_is_left),
		cmocka_unit_test(a_text_that_is_value_and_name_becomes_two),
		cmocka_unit_test(the_same_input_gives_the_same_output),
		cmocka_unit_test(different_short_texts_stay_different),
		cmocka_unit_test(keys_of_tables_go_others_stay),
		cmocka_unit_test(damaged_inputs_are_refused),
		cmocka_unit_test(every_failed_allocation_is_survived),
		cmocka_unit_test(what_is_packed_can_be_read),
		cmocka_unit_test(a_file_that_changes_between_its_readings_is_refused),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
