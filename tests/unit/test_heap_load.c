#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap.h"
#include "packing.h"

#define VECTORS SOURCE_DIR "/tests/fixtures/vectors/"
#define FIXTURES SOURCE_DIR "/tests/fixtures/"

/* What came of one load; the run stays for its diagnostics and its memory. */
struct loaded {
	struct run run;
	struct heap heap;
	struct err err;
	int rc, made;
};

static void load_with(struct loaded *l, unsigned jobs, const void *s, size_t n, struct heap_load_options o)
{
	memset(l, 0, sizeof(*l));
	l->err.offset = ERR_NO_OFFSET;
	run_init(&l->run, jobs, 0);
	l->rc = heap_load_memory(&l->heap, &l->run, s, n, &o, &l->err);
	l->made = !l->rc;
	if (!l->rc)
		l->rc = heap_analyze(&l->heap, &l->err);
}

static void load(struct loaded *l, const void *s, size_t n, struct heap_load_options o)
{
	load_with(l, 2, s, n, o);
}

/* Nothing may be left behind, whatever happened. */
static void unload(struct loaded *l)
{
	if (l->made)
		heap_release(&l->heap);
	run_release(&l->run);
	assert_int_equal(l->run.mem.used_bytes, 0);
}

/* How often a diagnostic was given. */
static uint64_t has_diag(const struct loaded *l, const char *code)
{
	for (size_t i = 0; i < l->run.n_diags; i++)
		if (!strcmp(l->run.diags[i].code, code))
			return l->run.diags[i].count;
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

static void every_read_size_and_compression_gives_the_same_heap(void **state)
{
	static const char *const names[] = { "a", "b", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[512];
		struct bytes b, gz, zs;
		struct loaded whole;

		snprintf(path, sizeof(path), VECTORS "%s.heapsnapshot", names[i]);
		b = file_bytes(path);
		gz = pack_gzip(b.s, b.n);
		zs = pack_halves(&b, pack_zstd);
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

/* White space around every sign of the JSON text, as pretty printers do; strings stay as they are. */
static struct bytes spread(const struct bytes *b)
{
	struct bytes out = { malloc(b->n * 7 + 1), 0 };
	int in_string = 0;

	assert_non_null(out.s);
	for (size_t i = 0; i < b->n; i++) {
		char c = b->s[i];
		int sign = !in_string && strchr("{}[],:", c);

		if (c == '"' && (i == 0 || b->s[i - 1] != '\\'))
			in_string = !in_string;
		out.n += (size_t)sprintf(out.s + out.n, sign ? " \r\n%c\t " : "%c", c);
	}
	return out;
}

static void pretty_printing_changes_nothing(void **state)
{
	static const char *const names[] = { "a", "t4", "t7" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[512];
		struct bytes b, wide;
		struct loaded whole;

		snprintf(path, sizeof(path), VECTORS "%s.heapsnapshot", names[i]);
		b = file_bytes(path);
		wide = spread(&b);
		load(&whole, b.s, b.n, (struct heap_load_options){ 0 });
		expect_same(&wide, &whole.heap, 0);
		expect_same(&wide, &whole.heap, 5);
		unload(&whole);
		free(b.s);
		free(wide.s);
	}
}

static void every_number_of_threads_gives_the_same_heap(void **state)
{
	struct bytes b = file_unzstd(FIXTURES "node26-after.heapsnapshot.zst");
	struct loaded one, many;

	(void)state;
	load_with(&one, 1, b.s, b.n, (struct heap_load_options){ 0 });
	assert_int_equal(one.rc, 0);
	for (unsigned jobs = 2; jobs <= 8; jobs += 3) {
		load_with(&many, jobs, b.s, b.n, (struct heap_load_options){ 0 });
		assert_int_equal(many.rc, 0);
		same_heap(&one.heap, &many.heap);
		unload(&many);
	}
	unload(&one);
	free(b.s);
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
		b = file_unzstd(path);
		for (size_t k = 1; k <= 200; k++)
			expect_cut(&b, b.n * k / 201);
		free(b.s);
	}
}

static void every_cut_of_a_small_file_is_an_error(void **state)
{
	struct bytes b = file_bytes(VECTORS "a.heapsnapshot");

	(void)state;
	for (size_t len = 1; len < b.n; len++)
		expect_cut(&b, len);
	free(b.s);
}

static void cut_compressed_files_are_errors(void **state)
{
	struct bytes b = file_bytes(VECTORS "a.heapsnapshot"), gz = pack_gzip(b.s, b.n), zs = pack_halves(&b, pack_zstd);

	(void)state;
	for (size_t len = 4; len + 12 < gz.n; len += 3)
		expect_cut(&gz, len);
	for (size_t len = 4; len < zs.n; len += 3)
		expect_cut(&zs, len);
	free(b.s);
	free(gz.s);
	free(zs.s);
}

static void cut_compressed_fixtures_are_errors(void **state)
{
	struct bytes b = file_bytes(FIXTURES "node20-before.heapsnapshot.zst");

	(void)state;
	for (size_t k = 1; k <= 25; k++)
		expect_cut(&b, b.n * k / 26);
	expect_cut(&b, b.n - 1);
	free(b.s);
}

static void expect_as_much(const struct bytes *b, size_t len, const struct heap *want)
{
	struct loaded l;

	load(&l, b->s, len, (struct heap_load_options){ .allow_truncated = 1 });
	if (l.rc)
		fail_msg("cut at %zu: %s", len, l.err.text);
	assert_true(l.heap.truncated);
	assert_int_equal(l.heap.n_nodes, want->n_nodes);
	assert_int_equal(l.heap.n_edges, want->n_edges);
	unload(&l);
}

/* A file cut before it was packed, and packed without an end, holds as much as the plain one. */
static void a_cut_compressed_file_is_read_as_far_as_it_goes(void **state)
{
	struct bytes b = file_bytes(VECTORS "a.heapsnapshot"), gz, zs;
	size_t len = (size_t)(strstr(b.s, "\"edges\":[") - b.s) + 60;
	struct loaded plain;

	(void)state;
	load(&plain, b.s, len, (struct heap_load_options){ .allow_truncated = 1 });
	assert_int_equal(plain.rc, 0);
	assert_int_equal(plain.heap.n_nodes, 16);
	assert_true(plain.heap.n_edges > 2 && plain.heap.n_edges < 20);
	/* without the checksums that follow the data */
	gz = pack_gzip(b.s, len);
	expect_as_much(&gz, gz.n - 8, &plain.heap);
	zs = pack_zstd(b.s, len);
	expect_as_much(&zs, zs.n - 4, &plain.heap);
	unload(&plain);
	free(gz.s);
	free(zs.s);
	free(b.s);
}

static void what_is_left_of_a_cut_file_can_be_read_when_the_nodes_are_whole(void **state)
{
	struct bytes b = file_unzstd(FIXTURES "node24-before.heapsnapshot.zst");
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

/* Read twice, told once. */
static void diagnostics_are_not_doubled_by_a_late_header(void **state)
{
	static const char text[] = "{\"novelty\":1," STRINGS "," NODES ",\"trifle\":[]," EDGES "," META ",\"last\":{}} x";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.rc, 0);
	assert_int_equal(has_diag(&l, "unknown-section"), 3);
	assert_int_equal(has_diag(&l, "trailing-bytes"), 1);
	unload(&l);
}

/* A heap of three nodes in records whose fields begin with the `turn`-th. */
static void write_turned(struct strbuf *out, unsigned n_fields, unsigned turn)
{
	static const char *const fields[] = { "type", "name", "id", "self_size", "edge_count", "detachedness",
					      "trace_node_id", "novelty" };
	static const unsigned nodes[3][8] = { { 0, 0, 1, 0, 1, 0, 9, 77 },
					      { 1, 1, 3, 16, 1, 1, 9, 77 },
					      { 2, 2, 5, 99, 0, 2, 9, 77 } };

	strbuf_addstr(out, "{\"snapshot\":{\"meta\":{\"node_fields\":[");
	for (unsigned f = 0; f < n_fields; f++)
		strbuf_addf(out, "%s\"%s\"", f ? "," : "", fields[(f + turn) % n_fields]);
	strbuf_addstr(out, "],\"node_types\":[[\"synthetic\",\"object\",\"native\"],\"string\"],\"edge_fields\":[\"type\","
			   "\"name_or_index\",\"to_node\"],\"edge_types\":[[\"property\",\"shortcut\"]]}},\"nodes\":[");
	for (unsigned i = 0; i < 3 * n_fields; i++)
		strbuf_addf(out, "%s%u", i ? "," : "", nodes[i / n_fields][(i + turn) % n_fields]);
	strbuf_addf(out, "],\"edges\":[1,2,%u,0,2,%u]," STRINGS "}", n_fields, 2 * n_fields);
}

static void check_turned(unsigned n_fields, unsigned turn)
{
	struct strbuf text;
	struct loaded l;
	struct mem m;

	mem_init(&m, 0);
	strbuf_init(&text, &m);
	write_turned(&text, n_fields, turn);
	load(&l, text.buf, text.len, (struct heap_load_options){ 0 });
	if (l.rc)
		fail_msg("%u fields, turned by %u: %s", n_fields, turn, l.err.text);
	assert_int_equal(l.heap.n_nodes, 3);
	assert_int_equal(l.heap.type[1], NODE_OBJECT);
	assert_true(str_eq(heap_name(&l.heap, 2), n_fields < 6 ? STR_LIT("2") : STR_LIT("Detached 2")));
	assert_int_equal(heap_id(&l.heap, 2), 5);
	assert_int_equal(heap_self(&l.heap, 2), 99);
	assert_int_equal(l.heap.retained[1], 115);
	assert_int_equal(l.heap.first_edge[2], 2);
	assert_int_equal(l.heap.edge_to[1], 2);
	assert_true(n_fields < 6 || l.heap.detachedness[2] == 2);
	unload(&l);
	strbuf_release(&text);
	assert_int_equal(m.used_bytes, 0);
}

static void five_to_eight_fields_may_stand_in_any_turn(void **state)
{
	(void)state;
	for (unsigned n = 5; n <= 8; n++)
		for (unsigned turn = 0; turn < n; turn++)
			check_turned(n, turn);
}

/* Node 8 writes type 12 and lists twelve. */
static void a_type_beyond_the_list_gets_a_name(void **state)
{
	static const char text[] = "{" META ",\"nodes\":[0,0,1,0,1,12,1,3,16,0]," EDGES "," STRINGS "}";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.rc, 0);
	assert_string_equal(l.heap.type_names[l.heap.type[1]], "type#12");
	assert_int_equal(l.heap.retained[1], 16);
	unload(&l);
	expect_text("{" META ",\"nodes\":[0,0,1,0,1,18446744073709551615,1,3,16,0]," EDGES "," STRINGS "}", ERR_NONE, NULL);
}

#define META_LOCATED                                                                                                   \
	"\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":"    \
	"[[\"synthetic\",\"object\"]],\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[["        \
	"\"property\",\"shortcut\"]],\"location_fields\":[\"script_id\",\"object_index\",\"column\",\"novelty\",\"line\"]}}"
#define LOCATED_OPEN "{" META_LOCATED ",\"nodes\":[0,0,1,0,1"
#define LOCATED "{" META_LOCATED "," NODES "," EDGES ","

static void locations_may_be_missing_and_must_fit(void **state)
{
	static const char text[] = LOCATED "\"locations\":[7,5,20,0,10]," STRINGS "}";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.rc, 0);
	assert_null(heap_place_of(&l.heap, 0));
	assert_non_null(heap_place_of(&l.heap, 1));
	assert_int_equal(heap_place_of(&l.heap, 1)->script_id, 7);
	assert_int_equal(heap_place_of(&l.heap, 1)->line, 10);
	assert_int_equal(heap_place_of(&l.heap, 1)->column, 20);
	unload(&l);
	expect_text(LOCATED STRINGS "}", ERR_NONE, NULL);
	expect_text(LOCATED "\"locations\":[]," STRINGS "}", ERR_NONE, NULL);
	expect_text("{" META "," NODES "," EDGES ",\"locations\":[7,5,20,0,10]," STRINGS "}", ERR_NONE, NULL);
	expect_text(LOCATED "\"locations\":[7,10,20,0,10]," STRINGS "}", ERR_FORMAT, "location");
	expect_text(LOCATED "\"locations\":[7,6,20,0,10]," STRINGS "}", ERR_FORMAT, "location");
	expect_text(LOCATED "\"locations\":[7,18446744073709551615,20,0,10]," STRINGS "}", ERR_FORMAT, "location");
}

/* Columns grow while several threads fill them; the high halves come into being in their middle. */
static void wide_values_may_come_late(void **state)
{
	enum { MANY = 300000, LATE = 250000 };
	uint64_t wide = 9007199254740993u;
	struct strbuf text;
	struct loaded l;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	strbuf_init(&text, &m);
	strbuf_addstr(&text, LOCATED_OPEN);
	for (uint64_t i = 0; i < MANY; i++)
		strbuf_addf(&text, ",1,1,%llu,%llu,0", (unsigned long long)(i < LATE ? i : wide + i),
			    (unsigned long long)(i % 1000 == 999 && i > LATE ? (uint64_t)5 << 32 : 8));
	strbuf_addstr(&text, "]," EDGES "," STRINGS "}");
	for (unsigned jobs = 1; jobs <= 8; jobs += 7) {
		load_with(&l, jobs, text.buf, text.len, (struct heap_load_options){ 0 });
		if (l.rc)
			fail_msg("%s", l.err.text);
		for (uint32_t i = 0; i < MANY; i++) {
			assert_int_equal(heap_id(&l.heap, i + 1), i < LATE ? i : wide + i);
			assert_int_equal(heap_self(&l.heap, i + 1),
					 i % 1000 == 999 && i > LATE ? (uint64_t)5 << 32 : 8);
		}
		assert_int_equal(l.heap.n_unreachable, MANY - 1);
		unload(&l);
	}
	strbuf_release(&text);
}

static void expect_offset(const char *text, const char *at, const char *part)
{
	struct loaded l;

	for (size_t r = 0; r <= 9; r += 3) {
		load(&l, text, strlen(text), (struct heap_load_options){ .read_bytes = r });
		assert_int_equal(l.err.kind, ERR_FORMAT);
		assert_has(l.err.text, part);
		assert_int_equal(l.err.offset, strstr(text, at) - text);
		unload(&l);
	}
}

static void what_is_wrong_in_an_array_is_named_by_its_offset(void **state)
{
	(void)state;
	expect_offset("{" META ",\"nodes\":[0,0,1,-4,1,1,1,3,16,0]," EDGES "," STRINGS "}", "-4", "found '-'");
	expect_offset("{" META ",\"nodes\":[0,0,1,4e9,1,1,1,3,16,0]," EDGES "," STRINGS "}", "e9", "found 'e'");
	expect_offset("{" META ",\"nodes\":[0,0,1,0.5,1,1,1,3,16,0]," EDGES "," STRINGS "}", ".5", "found '.'");
	expect_offset("{" META ",\"nodes\":[0,5000000000,1,0,1,1,1,3,16,0]," EDGES "," STRINGS "}", "5000000000", "32 bits");
	expect_offset("{" META ",\"nodes\":[0,0,1,0,5000000001,1,1,3,16,0]," EDGES "," STRINGS "}", "5000000001", "32 bits");
	expect_offset("{" META "," NODES ",\"edges\":[1,2,  8]," STRINGS "}", "8]", "no multiple of 5: 8");
	expect_offset("{" META "," NODES ",\"edges\":[ 7,2,5]," STRINGS "}", "7,2", "edge type 7");
	expect_offset("{" META "," NODES "," EDGES ",\"strings\":[\"\",7]}", "7]}", "before a string");
}

static void the_root_and_outside_bytes_come_from_the_header(void **state)
{
	static const char text[] =
		"{\"snapshot\":{\"title\":\"x\",\"uid\":7,\"root_index\":5,\"extra_native_bytes\":24,\"meta\":{\"node_fields\":["
		"\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":[[\"synthetic\",\"object\"]],"
		"\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"property\",\"shortcut\"]]}},"
		"\"nodes\":[1,1,3,16,0,0,0,1,0,1],\"edges\":[1,2,0]," STRINGS "}";
	struct loaded l;

	(void)state;
	load(&l, text, strlen(text), (struct heap_load_options){ 0 });
	assert_int_equal(l.rc, 0);
	assert_int_equal(l.heap.root, 1);
	assert_int_equal(l.heap.idom[0], 1);
	assert_int_equal(l.heap.retained[1], 16);
	assert_int_equal(l.heap.extra_native_bytes, 24);
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
	expect_text("{\"nodes\":[],\"startTime\":1,\"endTime\":2}", ERR_UNSUPPORTED, "CPU profile");
	expect_text("{\"traceEvents\":[]}", ERR_UNSUPPORTED, "trace");
	expect_text("{\"a\":1}", ERR_UNSUPPORTED, "none of its sections");
	expect_text("{\"snapshot\":{}}", ERR_FORMAT, "node_fields");
	expect_text("{\"snapshot\":7}", ERR_FORMAT, "node_fields");
	expect_text("{\"strings\":[]}", ERR_FORMAT, "\"snapshot\" section");
	expect_text("\xEF\xBB\xBF", ERR_TRUNCATED, "not a heap snapshot");
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
	struct bytes b = file_bytes(VECTORS "a.heapsnapshot");
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
		cmocka_unit_test(pretty_printing_changes_nothing),
		cmocka_unit_test(every_number_of_threads_gives_the_same_heap),
		cmocka_unit_test(every_fixture_cut_at_200_places_is_an_error),
		cmocka_unit_test(every_cut_of_a_small_file_is_an_error),
		cmocka_unit_test(cut_compressed_files_are_errors),
		cmocka_unit_test(cut_compressed_fixtures_are_errors),
		cmocka_unit_test(a_cut_compressed_file_is_read_as_far_as_it_goes),
		cmocka_unit_test(what_is_left_of_a_cut_file_can_be_read_when_the_nodes_are_whole),
		cmocka_unit_test(sections_may_stand_in_any_order),
		cmocka_unit_test(unknown_sections_are_skipped_and_named),
		cmocka_unit_test(diagnostics_are_not_doubled_by_a_late_header),
		cmocka_unit_test(five_to_eight_fields_may_stand_in_any_turn),
		cmocka_unit_test(a_type_beyond_the_list_gets_a_name),
		cmocka_unit_test(locations_may_be_missing_and_must_fit),
		cmocka_unit_test(wide_values_may_come_late),
		cmocka_unit_test(what_is_wrong_in_an_array_is_named_by_its_offset),
		cmocka_unit_test(the_root_and_outside_bytes_come_from_the_header),
		cmocka_unit_test(fields_are_found_by_name),
		cmocka_unit_test(a_header_that_lies_is_refused_and_not_allocated_by),
		cmocka_unit_test(graphs_that_do_not_hold_together_are_refused),
		cmocka_unit_test(other_files_are_told_what_they_are),
		cmocka_unit_test(a_bomb_of_brackets_is_refused),
		cmocka_unit_test(no_refused_allocation_leaks_or_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
