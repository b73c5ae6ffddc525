#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "analyzer/heap.h"

#define VECTORS SOURCE_DIR "/tests/fixtures/vectors/"
#define FIXTURES SOURCE_DIR "/tests/fixtures/"

struct bytes {
	char *s;
	size_t n;
};

static struct bytes read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes b = { NULL, 0 };

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	b.n = (size_t)ftell(f);
	rewind(f);
	b.s = malloc(b.n + 1);
	assert_non_null(b.s);
	assert_int_equal(fread(b.s, 1, b.n, f), b.n);
	b.s[b.n] = '\0';
	fclose(f);
	return b;
}

static struct bytes unpack(const char *path)
{
	struct bytes packed = read_file(path), b;

	b.n = (size_t)ZSTD_getFrameContentSize(packed.s, packed.n);
	b.s = malloc(b.n + 1);
	assert_non_null(b.s);
	assert_int_equal(ZSTD_decompress(b.s, b.n, packed.s, packed.n), b.n);
	b.s[b.n] = '\0';
	free(packed.s);
	return b;
}

/* What came of one load; the run stays for its diagnostics and its memory. */
struct loaded {
	struct run run;
	struct heap heap;
	struct err err;
	int rc, made;
};

static void load(struct loaded *l, const void *s, size_t n, struct heap_load_options o)
{
	memset(l, 0, sizeof(*l));
	l->err.offset = ERR_NO_OFFSET;
	run_init(&l->run, 2, 0);
	l->rc = heap_load_memory(&l->heap, &l->run, s, n, &o, &l->err);
	l->made = !l->rc;
	if (!l->rc)
		l->rc = heap_analyze(&l->heap, &l->err);
}

/* Nothing may be left behind, whatever happened. */
static void unload(struct loaded *l)
{
	if (l->made)
		heap_release(&l->heap);
	run_release(&l->run);
	assert_int_equal(l->run.mem.used_bytes, 0);
}

static int has_diag(const struct loaded *l, const char *code)
{
	for (size_t i = 0; i < l->run.n_diags; i++)
		if (!strcmp(l->run.diags[i].code, code))
			return 1;
	return 0;
}

static void same_heap(const struct heap *a, const struct heap *b)
{
	assert_int_equal(a->n_nodes, b->n_nodes);
	assert_int_equal(a->n_edges, b->n_edges);
	assert_memory_equal(a->type, b->type, a->n_nodes);
	assert_memory_equal(a->name, b->name, a->n_nodes * 4u);
	assert_memory_equal(a->id.lo, b->id.lo, a->n_nodes * 4u);
	assert_memory_equal(a->self.lo, b->self.lo, a->n_nodes * 4u);
	assert_memory_equal(a->edge_to, b->edge_to, a->n_edges * 4u);
	assert_memory_equal(a->edge_name, b->edge_name, a->n_edges * 4u);
	assert_memory_equal(a->edge_type, b->edge_type, a->n_edges);
	assert_memory_equal(a->retained, b->retained, a->n_nodes * 8u);
	assert_int_equal(a->strings.n, b->strings.n);
	assert_memory_equal(a->strings.bytes, b->strings.bytes, a->strings.n_bytes);
}

static void expect_same(const struct bytes *b, const struct heap *want, size_t read_bytes)
{
	struct loaded l;

	load(&l, b->s, b->n, (struct heap_load_options){ .read_bytes = read_bytes });
	assert_int_equal(l.rc, 0);
	same_heap(want, &l.heap);
	unload(&l);
}

static struct bytes gzip(const struct bytes *b)
{
	struct bytes out = { malloc(b->n + 1024), b->n + 1024 };
	z_stream z = { 0 };

	assert_non_null(out.s);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)b->s;
	z.avail_in = (unsigned)b->n;
	z.next_out = (unsigned char *)out.s;
	z.avail_out = (unsigned)out.n;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out.n -= z.avail_out;
	deflateEnd(&z);
	return out;
}

/* Two frames, one after the other: what `cat a.zst b.zst` makes. */
static struct bytes zstd(const struct bytes *b)
{
	size_t room = ZSTD_compressBound(b->n) + 1024, half = b->n / 2, first;
	struct bytes out = { malloc(room), 0 };

	assert_non_null(out.s);
	first = ZSTD_compress(out.s, room, b->s, half, 3);
	assert_false(ZSTD_isError(first));
	out.n = first + ZSTD_compress(out.s + first, room - first, b->s + half, b->n - half, 3);
	return out;
}

static void every_read_size_and_compression_gives_the_same_heap(void **state)
{
	static const char *const names[] = { "a", "b", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[512];
		struct bytes b, gz, zs;
		struct loaded whole;

		snprintf(path, sizeof(path), VECTORS "%s.heapsnapshot", names[i]);
		b = read_file(path);
		gz = gzip(&b);
		zs = zstd(&b);
		load(&whole, b.s, b.n, (struct heap_load_options){ 0 });
		assert_int_equal(whole.rc, 0);
		for (size_t r = 1; r <= 31; r++) {
			expect_same(&b, &whole.heap, r);
			expect_same(&gz, &whole.heap, r);
			expect_same(&zs, &whole.heap, r);
		}
		expect_same(&b, &whole.heap, 4093);
		expect_same(&gz, &whole.heap, 65536);
		expect_same(&zs, &whole.heap, 65536);
		unload(&whole);
		free(b.s);
		free(gz.s);
		free(zs.s);
	}
}

static void expect_cut(const struct bytes *b, size_t len)
{
	struct loaded l;

	load(&l, b->s, len, (struct heap_load_options){ 0 });
	if (l.err.kind != ERR_TRUNCATED && l.err.kind != ERR_FORMAT)
		fail_msg("cut at %zu: kind %d, %s", len, l.err.kind, l.err.text);
	assert_true(strlen(l.err.text) > 20);
	unload(&l);
}

static void every_fixture_cut_at_200_places_is_an_error(void **state)
{
	static const char *const names[] = { "node20-before", "node26-after", "chromium-before" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[512];
		struct bytes b;

		snprintf(path, sizeof(path), FIXTURES "%s.heapsnapshot.zst", names[i]);
		b = unpack(path);
		for (size_t k = 1; k <= 200; k++)
			expect_cut(&b, b.n * k / 201);
		free(b.s);
	}
}

static void every_cut_of_a_small_file_is_an_error(void **state)
{
	struct bytes b = read_file(VECTORS "a.heapsnapshot");

	(void)state;
	for (size_t len = 1; len < b.n; len++)
		expect_cut(&b, len);
	free(b.s);
}

static void cut_compressed_files_are_errors(void **state)
{
	struct bytes b = read_file(VECTORS "a.heapsnapshot"), gz = gzip(&b), zs = zstd(&b);

	(void)state;
	for (size_t len = 4; len + 12 < gz.n; len += 3)
		expect_cut(&gz, len);
	for (size_t len = 4; len < zs.n; len += 3)
		expect_cut(&zs, len);
	free(b.s);
	free(gz.s);
	free(zs.s);
}

static void what_is_left_of_a_cut_file_can_be_read_when_the_nodes_are_whole(void **state)
{
	struct bytes b = unpack(FIXTURES "node24-before.heapsnapshot.zst");
	const char *edges = strstr(b.s, "\"edges\":[");
	struct loaded l;

	(void)state;
	assert_non_null(edges);
	load(&l, b.s, (size_t)(edges - b.s) + 100000, (struct heap_load_options){ .allow_truncated = 1 });
	assert_int_equal(l.rc, 0);
	assert_true(l.heap.truncated);
	assert_int_equal(l.heap.n_nodes, 62717);
	assert_true(l.heap.n_edges > 1000 && l.heap.n_edges < 100000);
	assert_true(has_diag(&l, "truncated"));
	unload(&l);
	load(&l, b.s, (size_t)(edges - b.s) - 1000, (struct heap_load_options){ .allow_truncated = 1 });
	assert_int_equal(l.err.kind, ERR_TRUNCATED);
	assert_has(l.err.text, "of 62717 nodes");
	unload(&l);
	free(b.s);
}

/* A file in parts, so that a test can leave out, double and move sections. */
#define META                                                                                                           \
	"\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":"    \
	"[[\"synthetic\",\"object\"],\"string\",\"number\",\"number\",\"number\"],\"edge_fields\":[\"type\","               \
	"\"name_or_index\",\"to_node\"],\"edge_types\":[[\"property\",\"shortcut\"],\"string_or_number\",\"node\"]},"        \
	"\"node_count\":2,\"edge_count\":1}"
#define NODES "\"nodes\":[0,0,1,0,1,1,1,3,16,0]"
#define EDGES "\"edges\":[1,2,5]"
#define STRINGS "\"strings\":[\"\",\"A\",\"2\"]"

static void expect_text(const char *text, enum err_kind kind, const char *part)
{
	struct loaded l;

	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	if (l.err.kind != kind || (part && !strstr(l.err.text, part)))
		fail_msg("%.60s...: kind %d: %s", text, l.err.kind, l.err.text);
	unload(&l);
}

static void sections_may_stand_in_any_order(void **state)
{
	(void)state;
	expect_text("{" META "," NODES "," EDGES "," STRINGS "}", ERR_NONE, NULL);
	expect_text("{" STRINGS "," EDGES "," NODES "," META "}", ERR_NONE, NULL);
	expect_text("{" NODES "," META "," STRINGS "," EDGES "}", ERR_NONE, NULL);
	expect_text("\xEF\xBB\xBF { " META " , " NODES ",\n\n" EDGES "," STRINGS "\n}\n", ERR_NONE, NULL);
}

static void unknown_sections_are_skipped_and_named(void **state)
{
	static const char text[] = "{" META ",\"novelty\":{\"a\":[1,{\"b\":null}]}," NODES "," EDGES "," STRINGS "} x";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.rc, 0);
	assert_true(has_diag(&l, "unknown-section"));
	assert_true(has_diag(&l, "trailing-bytes"));
	unload(&l);
}

static void fields_are_found_by_name(void **state)
{
	static const char text[] =
		"{\"snapshot\":{\"meta\":{\"node_fields\":[\"id\",\"novelty\",\"edge_count\",\"type\",\"self_size\",\"name\","
		"\"detachedness\",\"trace_node_id\"],\"node_types\":[[\"synthetic\",\"object\",\"marvel\"],\"string\"],"
		"\"edge_fields\":[\"to_node\",\"type\",\"name_or_index\"],\"edge_types\":[[\"property\",\"shortcut\"]]},"
		"\"node_count\":3,\"edge_count\":2},\"nodes\":[1,99,1,0,0,0,0,0, 3,99,1,1,16,1,0,7, 5,99,0,2,8,1,0,0],"
		"\"edges\":[8,1,2, 16,0,1]," STRINGS "}";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.rc, 0);
	assert_int_equal(heap_id(&l.heap, 1), 3);
	assert_int_equal(heap_self(&l.heap, 1), 16);
	assert_int_equal(l.heap.retained[1], 24);
	assert_string_equal(l.heap.type_names[l.heap.type[2]], "marvel");
	unload(&l);
}

static void a_header_that_lies_is_refused_and_not_allocated_by(void **state)
{
	static const char text[] =
		"{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":"
		"[[\"synthetic\",\"object\"],\"string\",\"number\",\"number\",\"number\"],\"edge_fields\":[\"type\","
		"\"name_or_index\",\"to_node\"],\"edge_types\":[[\"property\",\"shortcut\"],\"string_or_number\",\"node\"]},"
		"\"node_count\":26000000,\"edge_count\":90000000}," NODES "," EDGES "," STRINGS "}";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.err.kind, ERR_FORMAT);
	assert_has(l.err.text, "26000000");
	assert_true(l.run.mem.peak_bytes < 20u << 20);
	unload(&l);
}

static void graphs_that_do_not_hold_together_are_refused(void **state)
{
	(void)state;
	expect_text("{" META "," NODES ",\"edges\":[1,2,6]," STRINGS "}", ERR_FORMAT, "no multiple");
	expect_text("{" META "," NODES ",\"edges\":[1,2,50]," STRINGS "}", ERR_FORMAT, "there are only 2");
	expect_text("{" META "," NODES ",\"edges\":[1,9,5]," STRINGS "}", ERR_FORMAT, "string 9");
	expect_text("{" META "," NODES ",\"edges\":[7,2,5]," STRINGS "}", ERR_FORMAT, "edge type 7");
	expect_text("{" META ",\"nodes\":[0,0,1,0,1,1,8,3,16,0]," EDGES "," STRINGS "}", ERR_FORMAT, "string 8");
	expect_text("{" META ",\"nodes\":[0,0,1,0,2,1,1,3,16,0]," EDGES "," STRINGS "}", ERR_FORMAT, "edge counts");
	expect_text("{" META ",\"nodes\":[0,0,1,0,0,1,1,3,16,0]," EDGES "," STRINGS "}", ERR_FORMAT, "edge counts");
	expect_text("{" META ",\"nodes\":[0,0,1,0,1,1,1,3,16]," EDGES "," STRINGS "}", ERR_FORMAT, "no multiple of 5");
	expect_text("{" META ",\"nodes\":[]," EDGES "," STRINGS "}", ERR_FORMAT, "no nodes");
	expect_text("{" META ",\"nodes\":[0,0,1,-4,1,1,1,3,16,0]," EDGES "," STRINGS "}", ERR_FORMAT, "unsigned integer");
	expect_text("{" META ",\"nodes\":[0,0,1,1e3,1,1,1,3,16,0]," EDGES "," STRINGS "}", ERR_FORMAT, "unsigned integer");
	expect_text("{" META "," NODES "," NODES "," EDGES "," STRINGS "}", ERR_FORMAT, "second");
	expect_text("{" META "," META "," NODES "," EDGES "," STRINGS "}", ERR_FORMAT, "second");
	expect_text("{" META "," NODES "," EDGES "}", ERR_TRUNCATED, "no \"strings\"");
	expect_text("{" META "," NODES "," STRINGS "}", ERR_TRUNCATED, "no \"edges\"");
}

static void other_files_are_told_what_they_are(void **state)
{
	(void)state;
	expect_text("{}", ERR_UNSUPPORTED, "not a heap snapshot");
	expect_text("[]", ERR_FORMAT, "not a heap snapshot");
	expect_text("hello", ERR_FORMAT, "not a heap snapshot");
	expect_text("{\"version\":3,\"type\":\"Inspector\",\"nodes\":[0,0],\"nodeClassNames\":[\"x\"]}", ERR_UNSUPPORTED,
		    "JavaScriptCore");
	expect_text("{\"nodes\":[{\"id\":1}],\"startTime\":1,\"endTime\":2,\"samples\":[],\"timeDeltas\":[]}", ERR_UNSUPPORTED,
		    "CPU profile");
	expect_text("{\"head\":{\"callFrame\":{}},\"samples\":[]}", ERR_UNSUPPORTED, "profile");
	expect_text("{\"traceEvents\":[]}", ERR_UNSUPPORTED, "trace");
}

static void a_bomb_of_brackets_is_refused(void **state)
{
	size_t n = 1000000;
	char *text = malloc(n + 100);
	struct loaded l;
	int head;

	(void)state;
	assert_non_null(text);
	head = sprintf(text, "{" "\"x\":");
	memset(text + head, '[', n);
	load(&l, text, (size_t)head + n, (struct heap_load_options){ 0 });
	assert_int_equal(l.err.kind, ERR_UNSUPPORTED);
	assert_has(l.err.text, "nested deeper");
	assert_true(l.run.mem.peak_bytes < 20u << 20);
	unload(&l);
	free(text);
}

/* Refuse one allocation after the other. */
static void no_refused_allocation_leaks_or_crashes(void **state)
{
	struct bytes b = read_file(VECTORS "a.heapsnapshot");
	int64_t n = 1;

	(void)state;
	for (;; n++) {
		struct heap_load_options o = { 0 };
		struct err e = ERR_INIT;
		struct run run;
		struct heap h;
		int rc;

		run_init(&run, 1, 0);
		run.mem.fail_after = n;
		rc = heap_load_memory(&h, &run, b.s, b.n, &o, &e);
		if (!rc) {
			rc = heap_analyze(&h, &e);
			heap_release(&h);
		}
		run_release(&run);
		assert_int_equal(run.mem.used_bytes, 0);
		if (!rc)
			break;
		assert_int_equal(e.kind, ERR_MEMORY);
	}
	assert_true(n > 50);
	free(b.s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_read_size_and_compression_gives_the_same_heap),
		cmocka_unit_test(every_fixture_cut_at_200_places_is_an_error),
		cmocka_unit_test(every_cut_of_a_small_file_is_an_error),
		cmocka_unit_test(cut_compressed_files_are_errors),
		cmocka_unit_test(what_is_left_of_a_cut_file_can_be_read_when_the_nodes_are_whole),
		cmocka_unit_test(sections_may_stand_in_any_order),
		cmocka_unit_test(unknown_sections_are_skipped_and_named),
		cmocka_unit_test(fields_are_found_by_name),
		cmocka_unit_test(a_header_that_lies_is_refused_and_not_allocated_by),
		cmocka_unit_test(graphs_that_do_not_hold_together_are_refused),
		cmocka_unit_test(other_files_are_told_what_they_are),
		cmocka_unit_test(a_bomb_of_brackets_is_refused),
		cmocka_unit_test(no_refused_allocation_leaks_or_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
