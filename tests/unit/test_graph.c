/* Ten thousand small random heaps against restatements of the rules that take no short cut. */
#include "unit.h"

#include <string.h>

#include "mkheap.h"

struct random {
	uint64_t s;
};

static unsigned pick(struct random *r, unsigned n)
{
	r->s = r->s * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(r->s >> 33) % n;
}

static const enum node_type node_kinds[] = { NODE_OBJECT, NODE_OBJECT, NODE_ARRAY,  NODE_HIDDEN,
					     NODE_CLOSURE, NODE_STRING, NODE_NATIVE, NODE_SYNTHETIC };
static const enum edge_type edge_kinds[] = { EDGE_PROPERTY, EDGE_PROPERTY, EDGE_INTERNAL, EDGE_ELEMENT,
					     EDGE_HIDDEN,   EDGE_SHORTCUT, EDGE_WEAK,	  EDGE_CONTEXT };

/* Seldom a user root, so that both worlds come up; unreachable nodes and cliques come by themselves. */
static void random_heap(struct random *r, struct mkheap *m)
{
	unsigned n = 3 + pick(r, 10), edges = n + pick(r, 2 * n);

	memset(m, 0, sizeof(*m));
	mkheap_node(m, NODE_SYNTHETIC, "", 0);
	mkheap_node(m, NODE_SYNTHETIC, pick(r, 4) ? "(GC roots)" : "(Document DOM trees)", pick(r, 3));
	for (unsigned i = 2; i < n; i++)
		mkheap_node(m, node_kinds[pick(r, 8)], pick(r, 2) ? "A" : "B", pick(r, 100));
	mkheap_edge(m, 0, EDGE_ELEMENT, NULL, 1);
	if (pick(r, 4))
		mkheap_edge(m, 0, EDGE_SHORTCUT, "2", 2);
	for (unsigned i = 0; i < edges; i++) {
		enum edge_type t = edge_kinds[pick(r, 8)];

		mkheap_edge(m, pick(r, n), t, t == EDGE_ELEMENT || t == EDGE_HIDDEN ? NULL : "e", pick(r, n));
	}
}

static int is_user_root(const struct mkheap *m, unsigned v)
{
	return m->nodes[v].type != NODE_SYNTHETIC || !strcmp(m->nodes[v].name, "(Document DOM trees)");
}

static void page_of(const struct mkheap *m, int *page)
{
	memset(page, 0, MKHEAP_MAX_NODES * sizeof(*page));
	for (size_t e = 0; e < m->n_edges; e++) {
		const struct mkedge *x = &m->edges[e];

		if (x->from == 0 && (x->type == EDGE_SHORTCUT ||
				     (x->type == EDGE_ELEMENT && m->nodes[x->to].type == NODE_SYNTHETIC &&
				      is_user_root(m, x->to))))
			page[x->to] = 1;
	}
	for (size_t again = 0; again < m->n_nodes; again++)
		for (size_t e = 0; e < m->n_edges; e++)
			if (page[m->edges[e].from] && m->edges[e].type != EDGE_WEAK)
				page[m->edges[e].to] = 1;
}

static int essential(const struct mkheap *m, const int *page, size_t e)
{
	const struct mkedge *x = &m->edges[e];

	if (x->type == EDGE_WEAK || x->from == x->to)
		return 0;
	if (x->from == 0)
		return 1;
	return x->type != EDGE_SHORTCUT && !(page[x->to] && !page[x->from]);
}

/* Nodes reached from the root and from orphans over essential edges that avoid one node (or none: -1). */
static void reach(const struct mkheap *m, const int *page, const int *orphan, int without, int *seen)
{
	memset(seen, 0, MKHEAP_MAX_NODES * sizeof(*seen));
	for (unsigned v = 0; v < m->n_nodes; v++)
		seen[v] = (v == 0 || orphan[v]) && (int)v != without;
	for (size_t again = 0; again < m->n_nodes; again++)
		for (size_t e = 0; e < m->n_edges; e++)
			if (seen[m->edges[e].from] && essential(m, page, e) && (int)m->edges[e].to != without)
				seen[m->edges[e].to] = 1;
}

static void orphans_of(const struct mkheap *m, const int *page, int *orphan)
{
	int none[MKHEAP_MAX_NODES] = { 0 }, seen[MKHEAP_MAX_NODES], held[MKHEAP_MAX_NODES] = { 0 };

	reach(m, page, none, -1, seen);
	for (size_t e = 0; e < m->n_edges; e++)
		if (essential(m, page, e))
			held[m->edges[e].to] = 1;
	for (unsigned v = 0; v < m->n_nodes; v++)
		orphan[v] = v && !seen[v] && !held[v];
}

/* dominates[d][v]: v cannot be reached without d. Stranded nodes are dominated by the root alone. */
static void check_dominators(const struct mkheap *m, const struct heap *h)
{
	int page[MKHEAP_MAX_NODES], orphan[MKHEAP_MAX_NODES] = { 0 }, all[MKHEAP_MAX_NODES];
	int without[MKHEAP_MAX_NODES][MKHEAP_MAX_NODES];
	uint64_t total = 0;

	page_of(m, page);
	orphans_of(m, page, orphan);
	reach(m, page, orphan, -1, all);
	for (unsigned d = 1; d < m->n_nodes; d++)
		reach(m, page, orphan, (int)d, without[d]);
	for (unsigned v = 0; v < m->n_nodes; v++) {
		uint64_t retained = heap_self(h, v);

		total += heap_self(h, v);
		for (unsigned w = 1; w < m->n_nodes && v; w++)
			if (w != v && all[w] && all[v] && !without[v][w])
				retained += heap_self(h, w);
		if (v)
			assert_int_equal(h->retained[v], retained);
	}
	assert_int_equal(h->retained[0], total);
	for (unsigned v = 1; v < m->n_nodes; v++) {
		unsigned d = h->idom[v];

		assert_true(all[v] || d == 0);
		if (!all[v] || d == 0)
			continue;
		/* d dominates v, and every other dominator of v dominates d */
		assert_false(without[d][v]);
		for (unsigned x = 1; x < m->n_nodes; x++)
			if (x != v && x != d && !without[x][v])
				assert_false(without[x][d]);
	}
	for (unsigned v = 1; v < m->n_nodes; v++)
		if (all[v] && h->idom[v] == 0)
			for (unsigned x = 1; x < m->n_nodes; x++)
				assert_true(x == v || without[x][v]);
}

static void check_tree(const struct heap *h)
{
	assert_int_equal(h->tree_order[0], h->root);
	assert_int_equal(h->tree_size[0], h->n_nodes);
	for (uint32_t pos = 0; pos < h->n_nodes; pos++) {
		uint32_t v = h->tree_order[pos], up = h->tree_pos[h->idom[v]];

		assert_int_equal(h->tree_pos[v], pos);
		if (pos)
			assert_true(up < pos && pos + h->tree_size[pos] <= up + h->tree_size[up]);
	}
}

/* Rounds until nothing changes, one step farther in each. */
static void spread_distance(const struct mkheap *m, int32_t *d, int32_t from)
{
	for (int32_t step = from; step <= from + (int32_t)m->n_nodes; step++)
		for (size_t e = 0; e < m->n_edges; e++)
			if (m->edges[e].type != EDGE_WEAK && d[m->edges[e].from] == step && d[m->edges[e].to] == -5)
				d[m->edges[e].to] = step + 1;
}

static void check_distances(const struct mkheap *m, const struct heap *h)
{
	int32_t d[MKHEAP_MAX_NODES];
	int user = 0;

	for (unsigned v = 0; v < m->n_nodes; v++)
		d[v] = -5;
	for (size_t e = 0; e < m->n_edges; e++) {
		if (m->edges[e].from == 0 && is_user_root(m, m->edges[e].to)) {
			d[m->edges[e].to] = 1;
			user = 1;
		}
	}
	if (user)
		spread_distance(m, d, 1);
	d[0] = user ? 100000000 : 0;
	spread_distance(m, d, d[0]);
	for (unsigned v = 0; v < m->n_nodes; v++)
		assert_int_equal(h->distance[v], d[v]);
}

static int foldable(const struct mkheap *m, unsigned v)
{
	return m->nodes[v].type == NODE_ARRAY || m->nodes[v].type == NODE_HIDDEN;
}

/* The set of owners that reach each foldable node through foldable nodes; one that is not synthetic takes its size. */
static void check_folding(const struct mkheap *m, const struct heap *h)
{
	uint64_t owners[MKHEAP_MAX_NODES] = { 0 }, size[MKHEAP_MAX_NODES];
	int user = 0;

	for (unsigned v = 0; v < m->n_nodes; v++)
		size[v] = m->nodes[v].self_size;
	for (size_t e = 0; e < m->n_edges; e++)
		user |= m->edges[e].from == 0 && is_user_root(m, m->edges[e].to);
	for (size_t again = 0; again < m->n_nodes; again++) {
		for (size_t e = 0; e < m->n_edges; e++) {
			const struct mkedge *x = &m->edges[e];

			if (x->type != EDGE_WEAK && foldable(m, x->to))
				owners[x->to] |= foldable(m, x->from) ? owners[x->from] : (uint64_t)1 << x->from;
		}
	}
	for (unsigned v = 0; v < m->n_nodes && user; v++) {
		unsigned o;

		if (!foldable(m, v) || __builtin_popcountll(owners[v]) != 1)
			continue;
		o = (unsigned)__builtin_ctzll(owners[v]);
		if (o == 0 || m->nodes[o].type == NODE_SYNTHETIC)
			continue;
		size[o] += m->nodes[v].self_size;
		size[v] = 0;
	}
	for (unsigned v = 0; v < m->n_nodes; v++)
		assert_int_equal(heap_self(h, v), size[v]);
}

static void random_heaps_follow_the_rules(void **state)
{
	struct random r = { 1 };
	static struct mkheap m;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		struct run run;
		struct heap h;

		run_init(&run, 1 + i % 4, 0);
		random_heap(&r, &m);
		mkheap_load(&m, &run, &h);
		check_folding(&m, &h);
		check_distances(&m, &h);
		check_dominators(&m, &h);
		check_tree(&h);
		heap_release(&h);
		assert_int_equal(run.mem.used_bytes, 0);
		run_release(&run);
	}
}

/* Text of a heap that is one chain, or one star, of many objects. */
static void write_big(struct strbuf *out, unsigned n, int star)
{
	strbuf_addf(out,
		    "{\"snapshot\":{\"meta\":{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],"
		    "\"node_types\":[[\"synthetic\",\"object\"],\"string\",\"number\",\"number\",\"number\"],"
		    "\"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\"edge_types\":[[\"property\",\"shortcut\"],"
		    "\"string_or_number\",\"node\"]},\"node_count\":%u,\"edge_count\":%u},\"nodes\":[0,0,1,0,1",
		    n, n - 1);
	for (unsigned v = 1; v < n; v++)
		strbuf_addf(out, ",1,1,%u,8,%u", v * 2 + 1, star ? (v == 1 ? n - 2 : 0) : v + 1 < n);
	strbuf_addstr(out, "],\"edges\":[1,2,5");
	for (unsigned v = 2; v < n; v++)
		strbuf_addf(out, ",0,2,%u", v * 5);
	strbuf_addstr(out, "],\"strings\":[\"\",\"A\",\"e\"]}");
}

static void check_big(unsigned n, int star)
{
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;
	struct strbuf text;
	struct run run;
	struct heap h;

	run_init(&run, 2, 0);
	strbuf_init(&text, &run.mem);
	write_big(&text, n, star);
	assert_int_equal(heap_load_memory(&h, &run, text.buf, text.len, &o, &e), 0);
	strbuf_release(&text);
	assert_int_equal(heap_analyze(&h, &e), 0);
	assert_int_equal(h.retained[0], (uint64_t)(n - 1) * 8);
	assert_int_equal(h.retained[1], (uint64_t)(n - 1) * 8);
	assert_int_equal(h.idom[n - 1], star ? 1 : n - 2);
	assert_int_equal(h.distance[n - 1], star ? 2 : n - 1);
	heap_release(&h);
	run_release(&run);
}

static void a_chain_and_a_star_of_half_a_million_take_no_recursion(void **state)
{
	(void)state;
	check_big(500000, 0);
	check_big(500000, 1);
}

static void wide_values_keep_all_bits(void **state)
{
	static struct mkheap m;
	struct run run;
	struct heap h;
	unsigned a, b;

	(void)state;
	mkheap_node(&m, NODE_SYNTHETIC, "", 0);
	a = mkheap_node(&m, NODE_OBJECT, "A", 5000000000u);
	b = mkheap_node(&m, NODE_OBJECT, "B", 4294967296u);
	m.nodes[b].id = 9007199254740993u;
	mkheap_edge(&m, 0, EDGE_SHORTCUT, "2", a);
	mkheap_edge(&m, a, EDGE_PROPERTY, "b", b);
	run_init(&run, 2, 0);
	mkheap_load(&m, &run, &h);
	assert_int_equal(heap_id(&h, a), 3);
	assert_int_equal(heap_id(&h, b), 9007199254740993u);
	assert_int_equal(heap_self(&h, a), 5000000000u);
	assert_int_equal(h.retained[a], 9294967296u);
	heap_release(&h);
	run_release(&run);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_heaps_follow_the_rules),
		cmocka_unit_test(a_chain_and_a_star_of_half_a_million_take_no_recursion),
		cmocka_unit_test(wide_values_keep_all_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
