/* Numbers of a snapshot that are too large to be true: each is an error that says which, none becomes a wrong result. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap.h"
#include "base/strbuf.h"
#include "unit.h"

#define HEAD(COUNTS)                                                                                                   \
	"{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":"   \
	"[[\"synthetic\",\"object\"]],\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[["         \
	"\"property\",\"shortcut\"]]}" COUNTS "}"
#define EDGES ",\"edges\":[1,2,5]"
#define STRINGS ",\"strings\":[\"\",\"A\",\"2\"]}"

static void expect(const char *text, enum err_kind kind, const char *part)
{
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;
	struct heap h;
	struct run run;
	int rc;

	/* a tenth of a gigabyte: what a number promises is never allocated */
	run_init(&run, 2, 100000000);
	rc = heap_load_memory(&h, &run, text, strlen(text), &o, &e);
	if (!rc) {
		rc = heap_analyze(&h, &e);
		heap_release(&h);
	}
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
	if (rc != (int)kind || (part && !strstr(e.text, part)))
		fail_msg("%d '%s', not %d '%s', for %s", rc, e.text, (int)kind, part ? part : "", text);
}

static void sizes_that_no_machine_has(void **state)
{
	(void)state;
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,562949953421312,0]" EDGES STRINGS, ERR_NONE, NULL);
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,562949953421313,0]" EDGES STRINGS, ERR_FORMAT, "self size of node 1 (id 3)");
	expect(HEAD("") ",\"nodes\":[0,0,1,1,1,1,1,3,562949953421312,0]" EDGES STRINGS, ERR_FORMAT, "add up to 562949953421313");
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,9007199254740993,0]" EDGES STRINGS, ERR_FORMAT, "9007199254740993");
	expect(HEAD("") ",\"nodes\":[0,0,1,18446744073709551615,1,1,1,3,1,0]" EDGES STRINGS, ERR_FORMAT, "self size of node 0");
	expect(HEAD(",\"extra_native_bytes\":562949953421312") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS, ERR_FORMAT,
	       "add up");
	expect(HEAD(",\"extra_native_bytes\":18446744073709551615") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS,
	       ERR_FORMAT, "extra_native_bytes");
}

static void edge_counts_that_overflow(void **state)
{
	(void)state;
	expect(HEAD("") ",\"nodes\":[0,0,1,0,4294967295,1,1,3,1,2]" EDGES STRINGS, ERR_FORMAT,
	       "promise 4294967295 edges, the file has 1");
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,1,4294967295]" EDGES STRINGS, ERR_FORMAT, "promise 4294967296 edges");
	expect(HEAD("") ",\"nodes\":[0,0,1,0,4294967296,1,1,3,1,0]" EDGES STRINGS, ERR_FORMAT, "over 32 bits");
	expect(HEAD("") ",\"nodes\":[0,0,1,0,0,1,1,3,1,0]" EDGES STRINGS, ERR_FORMAT, "add up to 0, but the file has 1");
}

static void promises_of_the_header(void **state)
{
	(void)state;
	expect(HEAD(",\"node_count\":18446744073709551615,\"edge_count\":1") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS,
	       ERR_FORMAT, "promises 18446744073709551615 nodes");
	expect(HEAD(",\"node_count\":2,\"edge_count\":18446744073709551615") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS,
	       ERR_FORMAT, "promises 18446744073709551615 edges");
	expect(HEAD(",\"node_count\":18446744073709551616") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS, ERR_FORMAT,
	       "node_count is not an unsigned integer");
	expect(HEAD(",\"root_index\":18446744073709551615") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS, ERR_FORMAT,
	       "root_index");
}

static void references_out_of_range(void **state)
{
	(void)state;
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0],\"edges\":[1,2,10]" STRINGS, ERR_FORMAT, "leads to node 2");
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0],\"edges\":[1,2,4294967295]" STRINGS, ERR_FORMAT, NULL);
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0],\"edges\":[1,2,21474836475]" STRINGS, ERR_FORMAT, NULL);
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,4294967295,3,1,0]" EDGES STRINGS, ERR_FORMAT, "string");
	expect(HEAD("") ",\"nodes\":[0,0,1,0,1,1,1,3,1,0],\"edges\":[1,4294967295,5]" STRINGS, ERR_FORMAT, "named by string");
}

/* `n` times "[" and "]" in a section that nobody knows. */
static void expect_nested(size_t n, enum err_kind kind)
{
	static const char tail[] = ",\"nodes\":[0,0,1,0,1,1,1,3,1,0]" EDGES STRINGS, head[] = HEAD("") ",\"new\":";
	size_t head_n = sizeof(head) - 1;
	char *text = malloc(head_n + 2 * n + sizeof(tail));

	assert_non_null(text);
	memcpy(text, head, head_n);
	memset(text + head_n, '[', n);
	memset(text + head_n + n, ']', n);
	memcpy(text + head_n + 2 * n, tail, sizeof(tail));
	expect(text, kind, kind ? "nested deeper" : NULL);
	free(text);
}

static void nesting_has_an_end(void **state)
{
	(void)state;
	expect_nested(4000, ERR_NONE);
	expect_nested(4096, ERR_NONE);
	expect_nested(4097, ERR_UNSUPPORTED);
	expect_nested(2000000, ERR_UNSUPPORTED);
}

static void write_chain(struct strbuf *out, int n)
{
	strbuf_addf(out, HEAD(",\"node_count\":%d,\"edge_count\":%d") ",\"nodes\":[0,0,1,0,1", n, n - 1);
	for (int i = 1; i < n; i++)
		strbuf_addf(out, ",1,1,%d,16,%d", 2 * i + 1, i + 1 < n);
	strbuf_addstr(out, "],\"edges\":[1,2,5");
	for (int i = 2; i < n; i++)
		strbuf_addf(out, ",0,2,%d", 5 * i);
	strbuf_addstr(out, "]" STRINGS);
}

static int load_within(const struct strbuf *text, uint64_t limit_bytes, struct err *e)
{
	struct heap_load_options o = { 0 };
	struct heap h;
	struct run run;
	int rc;

	*e = (struct err)ERR_INIT;
	run_init(&run, 2, limit_bytes);
	rc = heap_load_memory(&h, &run, text->buf, text->len, &o, e);
	if (!rc) {
		rc = heap_analyze(&h, e);
		heap_release(&h);
	}
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
	return rc;
}

/* The message names a limit that suffices, whatever the limit was that did not; and not many times what is needed. */
static void memory_limit_says_what_is_needed(void **state)
{
	struct strbuf text;
	struct err e;
	struct mem m;
	unsigned long needed = 0;
	const char *about;

	(void)state;
	mem_init(&m, 0);
	strbuf_init(&text, &m);
	write_chain(&text, 200000);
	for (uint64_t mib = 2; mib < 10; mib += 3) {
		assert_int_equal(load_within(&text, mib << 20, &e), ERR_MEMORY);
		about = strstr(e.text, "about ");
		assert_non_null(about);
		needed = strtoul(about + 6, NULL, 10);
		assert_in_range(needed, 10, 40);
	}
	if (load_within(&text, (uint64_t)needed << 20, &e))
		fail_msg("%lu MiB: %s", needed, e.text);
	assert_int_equal(load_within(&text, (uint64_t)needed << 19, &e), ERR_MEMORY);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_that_no_machine_has), cmocka_unit_test(edge_counts_that_overflow),
		cmocka_unit_test(promises_of_the_header),    cmocka_unit_test(references_out_of_range),
		cmocka_unit_test(nesting_has_an_end),        cmocka_unit_test(memory_limit_says_what_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
