/* Readers of profiles beside .cpuprofile, and writers read back. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/profile_view.h"
#include "analyzer/profile_writers.h"

struct loaded {
	struct run run;
	struct profile p;
	struct err err;
	int rc;
};

static void load_bytes(struct loaded *l, const void *bytes, size_t n, size_t read_bytes)
{
	struct profile_load_options o = { .read_bytes = read_bytes };

	memset(l, 0, sizeof(*l));
	run_init(&l->run, 1, 0);
	l->rc = profile_load_memory(&l->p, &l->run, bytes, n, &o, &l->err);
}

static void load(struct loaded *l, const char *text, size_t read_bytes)
{
	load_bytes(l, text, strlen(text), read_bytes);
	if (l->rc)
		print_message("%s\n", l->err.text);
	assert_int_equal(l->rc, 0);
}

static void done(struct loaded *l)
{
	if (!l->rc)
		profile_release(&l->p);
	run_release(&l->run);
	assert_int_equal(l->run.mem.used_bytes, 0);
}

static int64_t total_of(const struct profile *p, const char *type)
{
	int64_t total = 0;

	for (size_t v = 0; v < p->n_values; v++)
		for (size_t i = 0; i < p->n_sums && str_is(p->values[v].type, type); i++)
			total += profile_sum_value(p, i, v);
	return total;
}

/* Own value of the stack that is written so: "outer;inner". */
static int64_t self_of(const struct profile *p, const char *path)
{
	int64_t *selfs, stackless, found = -1;
	uint32_t way[32];
	struct err e = ERR_INIT;

	assert_int_equal(profile_stack_selfs(p, &selfs, &stackless, &e), 0);
	for (uint32_t s = 0; s < p->stacks.n; s++) {
		size_t n = profile_stack_frames(p, s, way), len = 0;
		char text[512];

		for (size_t i = 0; i < n; i++) {
			struct str name = profile_text(p, p->frames.name[way[i]]);

			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", i ? ";" : "", (int)name.n, name.s);
		}
		if (!strcmp(text, path))
			found = (found < 0 ? 0 : found) + selfs[s];
	}
	mem_free(&p->run->mem, selfs);
	return found;
}

static int has_diag(const struct run *r, const char *code, uint64_t count)
{
	for (size_t i = 0; i < r->n_diags; i++)
		if (!strcmp(r->diags[i].code, code))
			return r->diags[i].count == count;
	return 0;
}

static void folded_stacks_in_all_their_forms(void **state)
{
	struct loaded l;

	(void)state;
	for (size_t read_bytes = 0; read_bytes < 20; read_bytes++) {
		load(&l, "\xEF\xBB\xBFmain;f x;g_[k] 12\r\nmain 3.6\n\n# note\nbad line\nmain;h /a/b.js:3:4 5  ", read_bytes);
		assert_int_equal(total_of(&l.p, "samples"), 12 + 4 + 5);
		assert_int_equal(self_of(&l.p, "main;f x;g"), 12);
		assert_int_equal(self_of(&l.p, "main;h"), 5);
		assert_true(has_diag(&l.run, "no-count", 1));
		assert_true(has_diag(&l.run, "fractional-count", 1));
		done(&l);
	}
	load(&l, "a;b 3 5\na 1 0\n", 0);
	assert_int_equal(total_of(&l.p, "before"), 4);
	assert_int_equal(total_of(&l.p, "after"), 5);
	done(&l);
	/* a function's name may end in a number, and in one that no count can be */
	for (size_t read_bytes = 0; read_bytes < 20; read_bytes++) {
		load(&l, "a;route 12 5\na 1\n", read_bytes);
		assert_int_equal(l.p.n_values, 1);
		assert_int_equal(self_of(&l.p, "a;route 12"), 5);
		assert_int_equal(self_of(&l.p, "a"), 1);
		done(&l);
		load(&l, "a;route 99999999999999999999 5\nb 1 2\n", read_bytes);
		assert_int_equal(self_of(&l.p, "a;route 99999999999999999999"), 5);
		assert_int_equal(self_of(&l.p, "b 1"), 2);
		done(&l);
	}
	load_bytes(&l, "\xFF\xFE" "a\0;\0\x3d\xd8\x00\xde \0" "7\0\r\0\n\0", 18, 0);
	assert_int_equal(l.rc, 0);
	assert_int_equal(self_of(&l.p, "a;\xF0\x9F\x98\x80"), 7);
	done(&l);
}

static void folded_names_that_are_no_utf8(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "ok 1\n\xFF\xFEmain;b\xC2 7\n", 0);
	assert_int_equal(self_of(&l.p, "\xEF\xBF\xBD\xEF\xBF\xBDmain;b\xEF\xBF\xBD"), 7);
	done(&l);
}

/* A number of sixty digits comes in pieces; a text of JSON need not be UTF-8. */
static void long_numbers_and_broken_texts(void **state)
{
	static const char text[] =
		"{\"shared\":{\"frames\":[{\"name\":\"a\\u0041\xFF\"},{\"name\":\"\xC2\"}]},\"profiles\":[{\"type\":\"sampled\","
		"\"name\":\"\",\"unit\":\"none\",\"startValue\":0,\"endValue\":9,\"samples\":[[0,1]],\"weights\":"
		"[7.000000000000000000000000000000000000000000000000000000000000000000000000000000000]}]}";
	struct loaded l;

	(void)state;
	for (size_t read_bytes = 0; read_bytes < 100; read_bytes += 7) {
		load(&l, text, read_bytes);
		assert_int_equal(self_of(&l.p, "aA\xEF\xBF\xBD;\xEF\xBF\xBD"), 7);
		done(&l);
	}
}

static int keep_bytes(void *ctx, const char *bytes, size_t n, struct err *e)
{
	strbuf_add(ctx, bytes, n);
	return strbuf_check(ctx, e);
}

/* Names of private methods begin like comments of folded stacks. */
static void a_private_method_is_no_comment(void **state)
{
	static const char text[] = "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\"}},{\"id\":2,\"parent\":1,"
				   "\"callFrame\":{\"functionName\":\"#run\",\"url\":\"a.js\"}}],\"startTime\":0,\"endTime\":9,"
				   "\"samples\":[2,2],\"timeDeltas\":[0,5]}";
	struct err e = ERR_INIT;
	struct strbuf out;
	struct byte_sink sink = { keep_bytes, &out };
	struct loaded l;

	(void)state;
	load(&l, text, 0);
	strbuf_init(&out, &l.run.mem);
	assert_int_equal(write_folded(&l.p, &sink, &e), 0);
	assert_int_equal(strncmp(strbuf_str(&out), ":#run a.js:", 11), 0);
	strbuf_release(&out);
	done(&l);
}

/* Nor is the number at the end of a name a count. */
static void a_number_in_a_name_is_no_count(void **state)
{
	static const char text[] = "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\"}},{\"id\":2,\"parent\":1,"
				   "\"callFrame\":{\"functionName\":\"route 12 \"}}],\"startTime\":0,\"endTime\":9,"
				   "\"samples\":[2,2],\"timeDeltas\":[0,5]}";
	struct err e = ERR_INIT;
	struct strbuf out;
	struct byte_sink sink = { keep_bytes, &out };
	struct loaded l, again;

	(void)state;
	load(&l, text, 0);
	strbuf_init(&out, &l.run.mem);
	assert_int_equal(write_folded(&l.p, &sink, &e), 0);
	load(&again, strbuf_str(&out), 0);
	assert_int_equal(again.p.n_values, 1);
	assert_true(self_of(&again.p, "route 12 :") > 0);
	done(&again);
	strbuf_release(&out);
	done(&l);
}

/* What was taken for the reader is given back when not even the first bytes can be had. */
static void damaged_from_the_first_byte(void **state)
{
	static const char *const names[] = { "cpuprofile", "heapprofile", "speedscope", "trace", "folded", "pprof",
					     "perf-script", "perf-data", "v8-log", "v8-log-json" };
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct profile_load_options o = { .input_format = names[i] };
		struct profile p;
		struct run run;

		e = (struct err)ERR_INIT;
		run_init(&run, 1, 0);
		assert_int_equal(profile_load_memory(&p, &run, "\x28\xB5\x2F\xFD{\"code\":[]}", 15, &o, &e), ERR_FORMAT);
		run_release(&run);
		assert_int_equal(run.mem.used_bytes, 0);
	}
}

static void speedscope_sampled_and_evented(void **state)
{
	static const char text[] =
		"{\"$schema\":\"x\",\"shared\":{\"frames\":[{\"name\":\"a\",\"file\":null},{\"name\":\"b\",\"file\":"
		"\"/srv/b.js\",\"line\":3,\"col\":4}]},\"profiles\":[{\"type\":\"sampled\",\"name\":\"one\",\"unit\":"
		"\"milliseconds\",\"startValue\":0,\"endValue\":5,\"samples\":[[0],[0,1],[]],\"weights\":[1,2.5,1]},"
		"{\"type\":\"evented\",\"name\":\"two\",\"unit\":\"microseconds\",\"startValue\":10,\"endValue\":40,"
		"\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":10},{\"type\":\"O\",\"frame\":1,\"at\":15},"
		"{\"type\":\"C\",\"frame\":1,\"at\":25},{\"type\":\"C\",\"frame\":0,\"at\":40}]}]}";
	struct loaded l;

	(void)state;
	for (size_t read_bytes = 0; read_bytes < 20; read_bytes++) {
		load(&l, text, read_bytes);
		assert_int_equal(self_of(&l.p, "a"), 1000000 + 5000 + 15000);
		assert_int_equal(self_of(&l.p, "a;b"), 2500000 + 10000);
		assert_int_equal(l.p.n_threads, 2);
		done(&l);
	}
}

static void speedscope_that_does_not_balance(void **state)
{
	struct loaded l;

	(void)state;
	load(&l,
	     "{\"profiles\":[{\"type\":\"evented\",\"name\":\"\",\"unit\":\"nanoseconds\",\"startValue\":0,\"endValue\":9,"
	     "\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":0},{\"type\":\"O\",\"frame\":1,\"at\":2},"
	     "{\"type\":\"C\",\"frame\":0,\"at\":5},{\"type\":\"O\",\"frame\":1,\"at\":6}]}],"
	     "\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\"}]}}", 0);
	assert_int_equal(self_of(&l.p, "a"), 2);
	assert_int_equal(self_of(&l.p, "a;b"), 3);
	assert_int_equal(self_of(&l.p, "b"), 3);
	assert_true(has_diag(&l.run, "unbalanced-events", 2));
	done(&l);
	load_bytes(&l, "{\"shared\":{\"frames\":[]},\"profiles\":[{\"samples\":[[0]]}]}", 53, 0);
	assert_int_equal(l.rc, ERR_FORMAT);
	done(&l);
}

#define CHUNK(ts, nodes, samples, deltas)                                                                     \
	"{\"args\":{\"data\":{\"cpuProfile\":{\"nodes\":[" nodes "],\"samples\":[" samples "]},\"timeDeltas\":[" deltas \
	"]}},\"cat\":\"x\",\"id\":\"0x2\",\"name\":\"ProfileChunk\",\"ph\":\"P\",\"pid\":7,\"tid\":9,\"ts\":" #ts "}"
#define NODE(id, name, more) "{\"callFrame\":{\"functionName\":\"" name "\",\"scriptId\":3,\"url\":\"/a.js\"," \
			     "\"lineNumber\":1,\"columnNumber\":1},\"id\":" #id more "}"

static void trace_chunks_are_joined_in_time_order(void **state)
{
	static const char events[] =
		"{\"args\":{\"name\":\"Main\"},\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":7,\"tid\":8,\"ts\":0},"
		"{\"args\":{\"data\":{\"startTime\":5}},\"id\":\"0x2\",\"name\":\"Profile\",\"ph\":\"P\",\"pid\":7,\"tid\":8,"
		"\"ts\":1000}," CHUNK(3000, NODE(3, "g", ",\"parent\":2"), "3,2", "100,200")
		"," CHUNK(2000, NODE(1, "(x)", "") "," NODE(2, "f", ",\"parent\":1"), "2,2", "100,300");
	char text[4096];
	struct loaded l;

	(void)state;
	for (int form = 0; form < 3; form++) {
		/* an array, an object, and one that was cut off */
		snprintf(text, sizeof(text), form == 1 ? "{\"traceEvents\":[%s]}" : form ? "[%s,{\"args\":{\"da" : "[%s]", events);
		load(&l, text, 0);
		/* moments 1100 f, 1400 f, 1500 g, 1700 f */
		assert_int_equal(self_of(&l.p, "(x);f;g"), 200000);
		assert_int_equal(self_of(&l.p, "(x);f"), 300000 + 100000 + 300000 / 3 * 2);
		assert_int_equal(l.p.n_threads, 1);
		assert_true(str_is(l.p.threads[0].name, "Main"));
		assert_int_equal(has_diag(&l.run, "truncated", 1), form == 2);
		done(&l);
	}
}

static void heap_profiles_of_both_writers(void **state)
{
	static const char head[] =
		"\"head\":{\"callFrame\":{\"functionName\":\"(root)\",\"scriptId\":\"0\",\"url\":\"\",\"lineNumber\":-1,"
		"\"columnNumber\":-1},\"selfSize\":0,\"id\":1,\"children\":[{\"children\":[],\"callFrame\":{\"functionName\":"
		"\"a\",\"scriptId\":\"1\",\"url\":\"/a.js\",\"lineNumber\":0,\"columnNumber\":0},\"selfSize\":48,\"id\":2}]}";
	static const char samples[] = "\"samples\":[{\"size\":24,\"nodeId\":2,\"ordinal\":1},"
				      "{\"size\":24,\"nodeId\":2,\"ordinal\":2}]";
	char text[2048];
	struct loaded l;

	(void)state;
	for (int first = 0; first < 2; first++) {
		snprintf(text, sizeof(text), "{%s,%s}", first ? samples : head, first ? head : samples);
		load(&l, text, 0);
		assert_string_equal(l.p.inputs[0].format, "heapprofile");
		assert_int_equal(total_of(&l.p, "space"), 48);
		assert_int_equal(total_of(&l.p, "samples"), 2);
		assert_int_equal(self_of(&l.p, "a"), 48);
		done(&l);
	}
}

/* Two stacks: main allocated 3 objects of which the one of 40 bytes lives, main;make 4 of which two live. */
#define TRACED_HEADER                                                                                                  \
	"\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"trace_node_id\"]," \
	"\"node_types\":[[\"hidden\",\"object\"],\"string\",\"number\",\"number\",\"number\",\"number\"],\"edge_fields\":["     \
	"\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"property\"],\"string_or_number\",\"node\"],"              \
	"\"trace_function_info_fields\":[\"function_id\",\"name\",\"script_name\",\"script_id\",\"line\",\"column\"],"     \
	"\"trace_node_fields\":[\"id\",\"function_info_index\",\"count\",\"size\",\"children\"]},\"node_count\":5,"       \
	"\"edge_count\":1,\"trace_function_count\":3}"
#define TRACED_NODES "\"nodes\":[0,0,1,0,1,0, 1,1,3,40,0,2, 1,1,5,16,0,7, 1,1,7,24,0,7, 1,1,9,99,0,0],\"edges\":[0,0,6]"
#define TRACED_INFOS "\"trace_function_infos\":[0,2,3,0,0,0, 11,4,6,1,3,5, 13,5,6,1,9,2]"
#define TRACED_STRINGS "\"strings\":[\"\",\"Object\",\"(root)\",\"\",\"main\",\"make\",\"/srv/a.js\"]"
#define TRACED(tree) "{" TRACED_HEADER "," TRACED_NODES "," TRACED_INFOS ",\"trace_tree\":" tree "," TRACED_STRINGS "}"

static void stacks_of_a_heap_snapshot(void **state)
{
	struct loaded l;

	(void)state;
	for (size_t read_bytes = 0; read_bytes < 20; read_bytes++) {
		load(&l, TRACED("[1,0,0,0,[2,1,3,120,[7,2,4,80,[]]]]"), read_bytes);
		assert_int_equal(total_of(&l.p, "alloc_objects"), 7);
		assert_int_equal(total_of(&l.p, "alloc_space"), 200);
		assert_int_equal(total_of(&l.p, "inuse_objects"), 3);
		assert_int_equal(total_of(&l.p, "inuse_space"), 80);
		assert_int_equal(self_of(&l.p, "main"), 120);
		assert_int_equal(self_of(&l.p, "main;make"), 80);
		assert_int_equal(l.p.frames.line[l.p.stacks.frame[0]], 3);
		done(&l);
	}
	/* The strings, which name the functions, may come first. */
	load(&l, "{" TRACED_STRINGS "," TRACED_HEADER ",\"trace_tree\":[1,0,0,0,[2,1,3,120,[]]]," TRACED_INFOS "," TRACED_NODES "}",
	     0);
	assert_int_equal(self_of(&l.p, "main"), 120);
	assert_true(has_diag(&l.run, "unknown-stack", 2));
	done(&l);
}

static void snapshots_without_stacks_or_with_bad_ones(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ TRACED("[]"), "snapstat" },
		{ TRACED("[1,0,0,[]]"), "trace_tree is not made of records" },
		{ TRACED("[1,0,0,0]"), "trace_tree is not made of records" },
		{ TRACED("[1,0,0,0,5]"), "trace_tree is not made of records" },
		{ TRACED("[1,0,-1,0,[]]"), "trace_tree is not made of records" },
		{ TRACED("{\"id\":1}"), "trace_tree is not made of records" },
		{ TRACED("7"), "trace_tree is not made of records" },
		{ TRACED("[1,3,1,1,[]]"), "trace_tree names function 3 of 3" },
		{ TRACED("[1,1,18446744073709551615,1,[]]"), "too large" },
		{ "{" TRACED_HEADER "," TRACED_NODES "," TRACED_INFOS ",\"trace_tree\":[1,1,1,1,[]],\"strings\":[\"\"]}",
		  "names string 4 of 1" },
	};
	struct loaded l;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		load_bytes(&l, bad[i].text, strlen(bad[i].text), 0);
		assert_int_not_equal(l.rc, 0);
		if (!strstr(l.err.text, bad[i].says))
			fail_msg("%s: %s", bad[i].says, l.err.text);
		done(&l);
	}
}

static void a_deep_tree_needs_no_stack(void **state)
{
	enum { DEPTH = 100000 };
	struct loaded l;
	struct strbuf text;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	strbuf_init(&text, &m);
	strbuf_addstr(&text, "{\"head\":");
	for (int i = 0; i < DEPTH; i++)
		strbuf_addf(&text, "{\"callFrame\":{\"functionName\":\"f%d\",\"url\":\"/a.js\",\"lineNumber\":1},\"selfSize\":1,"
				   "\"children\":[", i % 7);
	for (int i = 0; i < DEPTH; i++)
		strbuf_addstr(&text, "]}");
	strbuf_addch(&text, '}');
	load_bytes(&l, strbuf_str(&text), text.len, 0);
	strbuf_release(&text);
	assert_int_equal(l.rc, 0);
	assert_int_equal(total_of(&l.p, "space"), DEPTH);
	assert_int_equal(l.p.stacks.n, DEPTH);
	struct view_options o = { .by = VIEW_FUNCTIONS };
	struct profile_view v;
	assert_int_equal(profile_view_make(&v, &l.p, &o, &l.err), 0);
	for (uint32_t k = 0; k < v.n_keys; k++)
		if (str_is(profile_view_name(&v, k), "f0"))
			assert_int_equal(v.keys[k].total, DEPTH);
	assert_int_equal(v.n_keys, 7);
	profile_view_release(&v);
	done(&l);
}

static int gather(void *ctx, const char *bytes, size_t n, struct err *e)
{
	(void)e;
	strbuf_add(ctx, bytes, n);
	return 0;
}

static void what_is_written_reads_back_to_the_unit(void **state)
{
	static const char folded[] = "main;(garbage collector) 3\nmain;a /srv/a.js:4:5;b 123456789012\nmain;a /srv/a.js:4:5 7\n";
	static const char *const writers[] = { "folded", "speedscope" };

	(void)state;
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		struct loaded from, back;
		struct strbuf out;
		struct byte_sink sink = { gather, &out };

		load(&from, folded, 0);
		strbuf_init(&out, &from.run.mem);
		assert_int_equal(profile_writer_named(writers[i])->write(&from.p, &sink, &from.err), 0);
		load_bytes(&back, strbuf_str(&out), out.len, 0);
		assert_int_equal(back.rc, 0);
		assert_int_equal(self_of(&back.p, "main;a"), 7);
		assert_int_equal(self_of(&back.p, "main;a;b"), 123456789012);
		assert_int_equal(self_of(&back.p, "main;(garbage collector)"), 3);
		strbuf_release(&out);
		done(&back);
		done(&from);
	}
}

/* Long arrays are taken in runs where they are written tightly, number by number where they are not. */
static void numbers_in_any_spacing(void **state)
{
	static const struct {
		const char *samples, *deltas;
		int rc;
	} arrays[] = {
		{ "[2,3,3,2]", "[10,1000,2000,500]", 0 },
		{ "[2, 3,\n3 ,2 ]", "[ 10,1000 , 2000,\t500]", 0 },
		{ "[\"2\",3,\"3\",2]", "[10,1e3,2000.0,0.5e3]", 0 },
		{ "[2,3,3,2]", "[10,00001000,2000,000000000000000500]", 0 },
		{ "[2,3,3,2]", "[510,1000,2000,-500,500]", 0 },
		{ "[2,3,-3,2]", "[10,1000,2000,500]", ERR_FORMAT },
		{ "[2,3,4294967296,2]", "[10,1000,2000,500]", ERR_FORMAT },
		{ "[2,3,18446744073709551615,2]", "[10,1000,2000,500]", ERR_FORMAT },
		{ "[2,3,,2]", "[10,1000,2000,500]", ERR_FORMAT },
		{ "[2,3,3,2]", "[10,1000,2000,500,]", ERR_FORMAT },
		{ "[2,3,3,2]", "[10,9223372036854775807,2000,500]", ERR_FORMAT },
		{ "[2,3,3,2]", "[10,1000,2000,5", ERR_TRUNCATED },
	};
	struct loaded l;
	char text[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++)
		for (size_t read_bytes = 0; read_bytes < 40; read_bytes += 13) {
			snprintf(text, sizeof(text), "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\","
				 "\"lineNumber\":-1},\"children\":[2,3],\"hitCount\":0},{\"id\":2,\"callFrame\":{\"functionName\":"
				 "\"a\",\"url\":\"/a.js\",\"lineNumber\":1},\"hitCount\":2},{\"id\":3,\"callFrame\":{"
				 "\"functionName\":\"b\",\"url\":\"/a.js\",\"lineNumber\":9},\"hitCount\":2}],\"startTime\":0,"
				 "\"endTime\":3510,\"samples\":%s,\"timeDeltas\":%s%s", arrays[i].samples, arrays[i].deltas,
				 arrays[i].rc == ERR_TRUNCATED ? "" : "}");
			load_bytes(&l, text, strlen(text), read_bytes);
			if (l.rc != arrays[i].rc)
				fail_msg("array %zu: %d %s", i, l.rc, l.err.text);
			if (!l.rc && arrays[i].deltas[1] != '5')
				assert_int_equal(self_of(&l.p, "b"), 2500000);
			done(&l);
		}
}

/* Every moment of a recording survives .cpuprofile and speedscope. */
static void times_read_back_to_the_nanosecond(void **state)
{
	static const char text[] =
		"{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\",\"lineNumber\":-1},\"children\":"
		"[2,3,4],\"hitCount\":0},{\"id\":2,\"callFrame\":{\"functionName\":\"a\",\"url\":\"/a.js\",\"lineNumber\":1},"
		"\"hitCount\":2},{\"id\":3,\"callFrame\":{\"functionName\":\"(idle)\",\"url\":\"\",\"lineNumber\":-1},"
		"\"hitCount\":1},{\"id\":4,\"callFrame\":{\"functionName\":\"(garbage collector)\",\"url\":\"\",\"lineNumber\":-1},"
		"\"hitCount\":1}],\"startTime\":0,\"endTime\":3400,\"samples\":[2,2,4,3,2],\"timeDeltas\":[0,1000.123,700,900,500]}";
	static const char *const writers[] = { "cpuprofile", "speedscope" };

	(void)state;
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		struct loaded from, back;
		struct strbuf out;
		struct byte_sink sink = { gather, &out };

		load(&from, text, 0);
		assert_int_equal(self_of(&from.p, "a"), 1000123 + 700000 + (3400000 - 3100123));
		strbuf_init(&out, &from.run.mem);
		assert_int_equal(profile_writer_named(writers[i])->write(&from.p, &sink, &from.err), 0);
		load_bytes(&back, strbuf_str(&out), out.len, 0);
		assert_int_equal(back.rc, 0);
		assert_int_equal(self_of(&back.p, "a"), self_of(&from.p, "a"));
		assert_int_equal(self_of(&back.p, "a;(garbage collector)"), 900000);
		assert_int_equal(self_of(&back.p, "(idle)"), 500000);
		strbuf_release(&out);
		done(&back);
		done(&from);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folded_stacks_in_all_their_forms),
		cmocka_unit_test(folded_names_that_are_no_utf8),
		cmocka_unit_test(a_number_in_a_name_is_no_count),
		cmocka_unit_test(long_numbers_and_broken_texts),
		cmocka_unit_test(a_private_method_is_no_comment),
		cmocka_unit_test(damaged_from_the_first_byte),
		cmocka_unit_test(speedscope_sampled_and_evented),
		cmocka_unit_test(speedscope_that_does_not_balance),
		cmocka_unit_test(trace_chunks_are_joined_in_time_order),
		cmocka_unit_test(heap_profiles_of_both_writers),
		cmocka_unit_test(stacks_of_a_heap_snapshot),
		cmocka_unit_test(snapshots_without_stacks_or_with_bad_ones),
		cmocka_unit_test(a_deep_tree_needs_no_stack),
		cmocka_unit_test(what_is_written_reads_back_to_the_unit),
		cmocka_unit_test(numbers_in_any_spacing),
		cmocka_unit_test(times_read_back_to_the_nanosecond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
