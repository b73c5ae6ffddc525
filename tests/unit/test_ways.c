/* Retaining paths: the first is a shortest one, each goes through another holder, and a complete list is a cut. */
#include "unit.h"

#include <stdio.h>

#include "analyzer/heap_passes.h"
#include "analyzer/ways.h"
#include "mkheap_text.h"

struct world {
	struct mkheap_text text;
	struct run run;
	struct heap h;
	struct ways ways;
};

static void make(struct world *w, const char *text, const char *node, size_t max)
{
	struct err e = ERR_INIT;

	mkheap_parse(&w->text, text);
	run_init(&w->run, 1, 0);
	mkheap_load(&w->text.heap, &w->run, &w->h);
	assert_int_equal(ways_find(&w->ways, &w->h, mkheap_word(&w->text, node), max, &e), 0);
}

static void unmake(struct world *w)
{
	ways_release(&w->ways);
	heap_release(&w->h);
	run_release(&w->run);
	assert_int_equal(w->run.mem.used_bytes, 0);
}

/* "root a b" for way i. */
static void expect_way(const struct world *w, size_t i, const char *words, const char *holder)
{
	const struct way *way = &w->ways.all[i];
	char out[300];
	size_t n = 0;

	assert_true(i < w->ways.n);
	for (size_t k = 0; k < way->n; k++) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", k ? " " : "",
				      k ? w->text.word[way->node[k]] : "root");
		if (k)
			assert_int_equal(w->h.edge_to[way->edge[k]], way->node[k]);
	}
	assert_string_equal(out, words);
	assert_int_equal(way->holder, mkheap_word(&w->text, holder));
}

static void two_holders(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> g -> map -internal:table-> t -internal:7-> x; t array 8; g -> log -> list ~element~> x", "x", 10);
	assert_int_equal(w.ways.n, 2);
	assert_true(w.ways.complete);
	expect_way(&w, 0, "root g map t x", "map");
	expect_way(&w, 1, "root g log list x", "list");
	unmake(&w);
}

static void ways_that_meet_before_the_holder_are_one(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a -> map -> x; root -> b -> map", "x", 10);
	assert_int_equal(w.ways.n, 2);
	expect_way(&w, 0, "root a map x", "a");
	expect_way(&w, 1, "root b map x", "b");
	unmake(&w);
	make(&w, "root -> a -> map -> x", "x", 10);
	assert_int_equal(w.ways.n, 1);
	assert_true(w.ways.complete);
	expect_way(&w, 0, "root a map x", "map");
	unmake(&w);
}

static void an_element_of_an_array_is_told_once(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a ~element~> x; a -internal:elements-> s -internal:0-> x; s array 8", "x", 10);
	assert_int_equal(w.ways.n, 1);
	expect_way(&w, 0, "root a x", "a");
	unmake(&w);
}

static void weak_references_are_no_ways(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a ~weak~> x; root -> b -> c -> x", "x", 10);
	assert_int_equal(w.ways.n, 1);
	expect_way(&w, 0, "root b c x", "c");
	unmake(&w);
	make(&w, "root -> a ~weak~> x", "x", 10);
	assert_int_equal(w.ways.n, 0);
	unmake(&w);
}

static void the_root_has_no_way(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a", "root", 10);
	assert_int_equal(w.ways.n, 0);
	assert_true(w.ways.complete);
	unmake(&w);
}

static void a_limit_is_said(void **state)
{
	static const char many[] = "root -> a -> x; root -> b -> x; root -> c -> x; root -> d -> x";
	struct world w;

	(void)state;
	make(&w, many, "x", 3);
	assert_int_equal(w.ways.n, 3);
	assert_false(w.ways.complete);
	unmake(&w);
	make(&w, many, "x", 4);
	assert_int_equal(w.ways.n, 4);
	assert_true(w.ways.complete);
	unmake(&w);
}

static void holders_alike_are_one(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> g -> l1 -emitter-> x; g -> l2 -emitter-> x; g -> l3 -emitter-> x; g -> o -emitter-> x;"
		 "g -> l4 -other-> x; l1 \"Listener\"; l2 \"Listener\"; l3 \"Listener\"; l4 \"Listener\"", "x", 10);
	assert_int_equal(w.ways.n, 3);
	assert_true(w.ways.complete);
	assert_int_equal(w.ways.all[0].n_alike, 3);
	expect_way(&w, 0, "root g l1 x", "l1");
	expect_way(&w, 1, "root g o x", "o");
	expect_way(&w, 2, "root g l4 x", "l4");
	unmake(&w);
}

static void functions_are_told_apart_by_name(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> f -internal:context-> x; root -> g -internal:context-> x; root -> k -internal:context-> x;"
		 "f closure 8 \"one\"; g closure 8 \"two\"; k closure 8 \"one\"", "x", 10);
	assert_int_equal(w.ways.n, 2);
	assert_int_equal(w.ways.all[0].n_alike, 2);
	expect_way(&w, 1, "root g x", "g");
	unmake(&w);
}

/* Reach of the root over edges that are not weak, around the holders: a check by other means. */
static int is_reached(const struct world *w, uint32_t node, uint64_t avoided)
{
	uint64_t seen = 1;

	for (int more = 1; more;) {
		more = 0;
		for (uint32_t v = 0; v < w->h.n_nodes; v++) {
			for (uint32_t i = w->h.first_edge[v]; seen >> v & 1 && i < w->h.first_edge[v + 1]; i++) {
				uint64_t bit = (uint64_t)1 << w->h.edge_to[i];

				if (heap_edge_type(&w->h, i) == EDGE_WEAK || (seen & bit) || (avoided & bit))
					continue;
				seen |= bit;
				more = 1;
			}
		}
	}
	return seen >> node & 1;
}

static int dominates(const struct heap *h, uint32_t a, uint32_t b)
{
	while (b != a && b != h->root)
		b = h->idom[b];
	return b == a;
}

static int is_like(const struct world *w, const struct way *way, uint32_t v, uint32_t node)
{
	const struct heap *h = &w->h;
	size_t at = 0;

	while (way->node[at] != way->holder)
		at++;
	if (h->class_[v] != h->class_[way->holder] || dominates(h, v, node))
		return 0;
	for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++)
		if (h->edge_to[i] == way->node[at + 1] && heap_edge_type(h, i) == heap_edge_type(h, way->edge[at + 1]))
			return 1;
	return 0;
}

static void check_random(struct world *w, uint32_t node)
{
	struct err e = ERR_INIT;
	uint64_t avoided = 0;

	assert_int_equal(ways_find(&w->ways, &w->h, node, WAYS_MAX, &e), 0);
	assert_int_equal(w->ways.n > 0, node && is_reached(w, node, 0));
	for (size_t i = 0; i < w->ways.n; i++) {
		const struct way *way = &w->ways.all[i];

		assert_int_equal(way->node[0], w->h.root);
		assert_int_equal(way->node[way->n - 1], node);
		for (size_t k = 1; k < way->n; k++) {
			assert_int_equal(heap_edge_source(&w->h, way->edge[k]), way->node[k - 1]);
			assert_int_equal(w->h.edge_to[way->edge[k]], way->node[k]);
			assert_false(avoided >> way->node[k] & 1);
		}
		/* what only V8's own roots reach comes after what the page reaches */
		if (i && !w->h.has_user_roots)
			assert_true(way->n >= w->ways.all[i - 1].n);
		/* names are all alike there, so that holders of the same by a property are */
		for (uint32_t v = 0; v < w->h.n_nodes && way->holder != w->h.root; v++)
			if (v == way->holder || is_like(w, way, v, node))
				avoided |= (uint64_t)1 << v;
	}
	if (w->ways.n)
		assert_int_equal(w->ways.all[0].n - 1, w->h.distance[node] % DISTANCE_SYSTEM);
	if (w->ways.complete && w->ways.n && w->ways.all[w->ways.n - 1].holder != w->h.root)
		assert_false(is_reached(w, node, avoided));
	ways_release(&w->ways);
}

static void random_graphs(void **state)
{
	uint32_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct world w = { .ways = { .n = 0 } };
		unsigned n = 3 + round % 30;

		mkheap_node(&w.text.heap, NODE_SYNTHETIC, "", 0);
		for (unsigned i = 1; i < n; i++)
			mkheap_node(&w.text.heap, i % 5 == 4 ? NODE_ARRAY : i % 7 == 1 ? NODE_SYNTHETIC : NODE_OBJECT, "x", 8);
		for (unsigned i = 0; i < 2 * n; i++) {
			unsigned from = (seed = seed * 1664525 + 1013904223) >> 16, to = (seed = seed * 1664525 + 1013904223) >> 16;

			from %= n;
			to %= n;
			/* in every other graph only synthetic nodes below the root: then there are no user roots */
			if (!to || (!from && round % 2 && w.text.heap.nodes[to].type != NODE_SYNTHETIC))
				continue;
			mkheap_edge(&w.text.heap, from, from && i % 11 == 3 ? EDGE_WEAK : EDGE_PROPERTY, "p", to);
		}
		mkheap_edge(&w.text.heap, 0, EDGE_PROPERTY, "p", 1);
		run_init(&w.run, 1, 0);
		mkheap_load(&w.text.heap, &w.run, &w.h);
		for (uint32_t v = 1; v < n; v++)
			check_random(&w, v);
		unmake(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_holders),
		cmocka_unit_test(ways_that_meet_before_the_holder_are_one),
		cmocka_unit_test(an_element_of_an_array_is_told_once),
		cmocka_unit_test(weak_references_are_no_ways),
		cmocka_unit_test(the_root_has_no_way),
		cmocka_unit_test(a_limit_is_said),
		cmocka_unit_test(holders_alike_are_one),
		cmocka_unit_test(functions_are_told_apart_by_name),
		cmocka_unit_test(random_graphs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
