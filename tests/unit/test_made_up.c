/* Graphs that no process has, made up to be slow: hubs that all objects share, lists that end in themselves. */
#include <string.h>

#include "analyzer/heap_passes.h"
#include "analyzer/sections.h"
#include "mkheap_text.h"
#include "unit.h"

#define N 400 /* referrers of the hub, and its edges: more than HUB_DEGREE */

static const char head[] =
	"{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":[[\"synthetic\","
	"\"object\"]],\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"element\",\"property\","
	"\"internal\",\"shortcut\"]]}},\"nodes\":[0,0,1,0,2,1,1,3,16,401,1,1,5,16,406";

/* Node 1 holds N objects and node 2; those refer to 2, which refers to them: by numbers, by one name, and by few others. */
static void write_hub(struct strbuf *out)
{
	static const char *const names[] = { "seven", "table", "seven", "context", "77", "last" };

	strbuf_addstr(out, head);
	for (int i = 0; i < N; i++)
		strbuf_addf(out, ",1,1,%d,16,1", 7 + 2 * i);
	strbuf_addstr(out, "],\"edges\":[3,1,5,3,1,10,1,1,10");
	for (int i = 0; i < N; i++)
		strbuf_addf(out, ",0,%d,%d", i, 15 + 5 * i);
	for (int i = 0; i < N; i++)
		strbuf_addf(out, ",%d,%d,%d", i % 2, i % 2 ? 2 : i, 15 + 5 * i);
	for (int i = 0; i < 6; i++)
		strbuf_addf(out, ",%d,%d,%d", i < 2 ? 2 : 1, 3 + i, 15 + 5 * i);
	for (int i = 0; i < N; i++)
		strbuf_addstr(out, ",1,2,10");
	strbuf_addstr(out, "],\"strings\":[\"\",\"Hub\",\"same\"");
	for (int i = 0; i < 6; i++)
		strbuf_addf(out, ",\"%s\"", names[i]);
	strbuf_addstr(out, "]}");
}

static uint32_t walk(const struct heap *h, uint32_t node, unsigned type, const char *name)
{
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == type && str_is(heap_string(h, h->edge_name[i]), name))
			return i;
	return NO_EDGE;
}

static void hubs_are_found_by_name(void **state)
{
	static const char *const names[] = { "same", "seven", "table", "context", "77", "last", "absent", "" };
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;
	struct strbuf text;
	struct run run;
	struct heap h;
	uint32_t edge;

	(void)state;
	run_init(&run, 1, 0);
	strbuf_init(&text, &run.mem);
	write_hub(&text);
	if (heap_load_memory(&h, &run, text.buf, text.len, &o, &e) || heap_analyze(&h, &e))
		fail_msg("%s", e.text);
	assert_int_equal(h.hubs.n, 1);
	assert_int_equal(h.hubs.node[0], 2);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(heap_find_edge(&h, 2, EDGE_PROPERTY, names[i]), walk(&h, 2, EDGE_PROPERTY, names[i]));
		assert_int_equal(heap_find_edge(&h, 2, EDGE_INTERNAL, names[i]), walk(&h, 2, EDGE_INTERNAL, names[i]));
		/* numbers are not in the index, and only hubs are */
		assert_int_equal(hubs_find(&h, 2, EDGE_PROPERTY, str_of(names[i]), &edge), strcmp(names[i], "77") != 0);
		assert_int_equal(hubs_find(&h, 1, EDGE_PROPERTY, str_of(names[i]), &edge), 0);
	}
	strbuf_release(&text);
	heap_release(&h);
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
}

static void collect(const char *text, struct run *run, struct heap *h, struct sections *s)
{
	static struct mkheap_text t;
	struct err e = ERR_INIT;

	memset(&t, 0, sizeof(t));
	mkheap_parse(&t, text);
	run_init(run, 1, 0);
	mkheap_load(&t.heap, run, h);
	if (sections_collect(h, s, &e))
		fail_msg("%s", e.text);
}

static void uncollect(struct run *run, struct heap *h, struct sections *s)
{
	sections_release(s);
	heap_release(h);
	run_release(run);
	assert_int_equal(run->mem.used_bytes, 0);
}

/* 0 root, 1 signal, 2 its Map, 3 the table, 4 "abort", 5 the chain's root, 6 and 7 listeners of each other, 8 the function */
static const char ring[] =
	"{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\"node_types\":[[\"synthetic\","
	"\"object\",\"array\",\"string\",\"closure\"]],\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[["
	"\"property\",\"internal\",\"shortcut\"]]}},\"nodes\":[0,0,1,0,1,1,1,3,24,1,1,2,5,16,1,2,0,7,32,2,3,3,9,16,0,1,4,11,24,1,"
	"1,4,13,40,2,1,4,15,40,2,4,5,17,32,0],\"edges\":[2,1,5,0,6,10,1,7,15,1,8,20,1,9,25,0,10,30,0,11,40,0,10,35,0,11,40,"
	"0,10,30],\"strings\":[\"\",\"AbortSignal\",\"Map\",\"abort\",\"Listener\",\"onAbort\",\"<symbol kEvents>\",\"table\",\"0\","
	"\"1\",\"next\",\"callback\"]}";

static void chain_of_listeners_ends_in_itself(void **state)
{
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;
	struct sections s;
	struct run run;
	struct heap h;

	(void)state;
	run_init(&run, 1, 0);
	if (heap_load_memory(&h, &run, ring, strlen(ring), &o, &e) || heap_analyze(&h, &e) || sections_collect(&h, &s, &e))
		fail_msg("%s", e.text);
	assert_int_equal(s.n_listeners, 1);
	assert_int_equal(s.listeners[0].count, 2);
	uncollect(&run, &h, &s);
}

static void shared_stores_are_counted_once(void **state)
{
	struct sections s;
	struct run run;
	struct heap h;

	(void)state;
	collect("root -> a; root -> b; a \"EventEmitter\"; b \"EventEmitter\"; a -_events-> v; b -_events-> v; v -data-> l;"
		"v -end-> l; l 16 \"Array\"; l -element:0-> f; f closure 32 \"onData\"; l -element:1-> f", &run, &h, &s);
	assert_int_equal(s.n_listeners, 1);
	assert_int_equal(s.listeners[0].count, 2);
	uncollect(&run, &h, &s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hubs_are_found_by_name),
		cmocka_unit_test(chain_of_listeners_ends_in_itself),
		cmocka_unit_test(shared_stores_are_counted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
