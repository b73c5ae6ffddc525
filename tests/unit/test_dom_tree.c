/* Which element is whose child: by the orders in which versions of Chromium write a node's references. */
#include "unit.h"

#include "mkheap.h"

#define ROWS 3

/* A document with a list of three rows, the second of which has a text in it. */
struct page {
	struct mkheap m;
	struct run run;
	struct heap h;
	unsigned document, html, list, row[ROWS], text, layout;
};

static void make_nodes(struct page *p)
{
	p->m = (struct mkheap){ 0 };
	mkheap_node(&p->m, NODE_SYNTHETIC, "", 0);
	p->document = mkheap_node(&p->m, NODE_NATIVE, "HTMLDocument", 100);
	p->html = mkheap_node(&p->m, NODE_NATIVE, "<html>", 10);
	p->list = mkheap_node(&p->m, NODE_NATIVE, "<ul hidden>", 10);
	for (unsigned i = 0; i < ROWS; i++)
		p->row[i] = mkheap_node(&p->m, NODE_NATIVE, "<li>", 10);
	p->text = mkheap_node(&p->m, NODE_NATIVE, "Text", 10);
	p->layout = mkheap_node(&p->m, NODE_NATIVE, "blink::LayoutBlockFlow", 10);
	mkheap_edge(&p->m, 0, EDGE_PROPERTY, "document", p->document);
}

static void refer(struct page *p, unsigned from, unsigned to)
{
	if (to)
		mkheap_edge(&p->m, from, EDGE_ELEMENT, NULL, to);
}

/* Children, the document, the parent, siblings, and the node itself by its wrapper; 0: none. */
static void write_new(struct page *p, unsigned node, unsigned child, unsigned parent, unsigned before, unsigned after)
{
	refer(p, node, child);
	refer(p, node, p->document);
	refer(p, node, parent);
	refer(p, node, before);
	refer(p, node, after);
	refer(p, node, node == p->list ? p->layout : 0);
	refer(p, node, node);
}

/* First and last child, the parent, the document, siblings. */
static void write_old(struct page *p, unsigned node, unsigned first, unsigned last, unsigned parent, unsigned before, unsigned after)
{
	refer(p, node, first);
	refer(p, node, last);
	refer(p, node, parent);
	refer(p, node, p->document);
	refer(p, node, before);
	refer(p, node, after);
}

/* The same with the document behind all. */
static void write_older(struct page *p, unsigned node, unsigned first, unsigned parent, unsigned after)
{
	refer(p, node, first);
	refer(p, node, first);
	refer(p, node, parent);
	refer(p, node, after);
	refer(p, node, p->document);
}

static void load(struct page *p)
{
	run_init(&p->run, 1, 0);
	mkheap_load(&p->m, &p->run, &p->h);
}

static void unmake(struct page *p)
{
	heap_release(&p->h);
	run_release(&p->run);
	assert_int_equal(p->run.mem.used_bytes, 0);
}

static void make_new(struct page *p)
{
	make_nodes(p);
	refer(p, p->document, p->html);
	write_new(p, p->html, p->list, p->document, 0, 0);
	write_new(p, p->list, p->row[0], p->html, 0, 0);
	write_new(p, p->row[0], 0, p->list, p->row[2], p->row[1]);
	write_new(p, p->row[1], p->text, p->list, p->row[0], p->row[2]);
	write_new(p, p->row[2], 0, p->list, p->row[1], 0);
	write_new(p, p->text, 0, p->row[1], 0, 0);
	for (unsigned i = 0; i < ROWS; i++)
		refer(p, p->layout, p->row[i]);
}

static void expect_tree(const struct page *p)
{
	struct dom_children rows = dom_children(&p->h, p->list);

	assert_int_equal(dom_parent(&p->h, p->html), p->document);
	assert_int_equal(dom_parent(&p->h, p->list), p->html);
	assert_int_equal(rows.n, ROWS);
	for (unsigned i = 0; i < ROWS; i++) {
		assert_int_equal(dom_parent(&p->h, p->row[i]), p->list);
		assert_int_equal(rows.all[i], p->row[i]);
	}
	assert_int_equal(dom_parent(&p->h, p->text), p->row[1]);
	assert_int_equal(dom_children(&p->h, p->row[1]).n, 1);
	assert_int_equal(dom_children(&p->h, p->row[2]).n, 0);
	assert_int_equal(dom_parent(&p->h, p->document), NO_NODE);
	assert_int_equal(dom_parent(&p->h, 0), NO_NODE);
}

static void parent_behind_the_document(void **state)
{
	struct page p;
	unsigned nameless, function;

	(void)state;
	make_new(&p);
	nameless = mkheap_node(&p.m, NODE_NATIVE, "InternalNode", 0);
	function = mkheap_node(&p.m, NODE_CLOSURE, "onClick", 10);
	refer(&p, p.list, nameless);
	refer(&p, nameless, p.row[0]);
	refer(&p, nameless, function);
	load(&p);
	expect_tree(&p);
	/* layout or a listener: older versions do not say */
	assert_true(dom_is_keeper(&p.h, p.list, nameless));
	assert_false(dom_is_keeper(&p.h, nameless, p.row[0]));
	assert_true(dom_is_keeper(&p.h, nameless, function));
	assert_false(dom_is_mirror(&p.h, nameless));
	assert_true(dom_is_document(&p.h, p.document));
	assert_true(dom_is_mirror(&p.h, p.layout));
	/* neither siblings nor layout keep a row, and what its parent keeps is in the list of children */
	assert_false(dom_is_keeper(&p.h, p.row[0], p.row[1]));
	assert_false(dom_is_keeper(&p.h, p.layout, p.row[0]));
	assert_false(dom_is_keeper(&p.h, p.list, p.row[0]));
	assert_true(dom_is_keeper(&p.h, 0, p.row[0]));
	assert_true(dom_is_keeper(&p.h, p.row[0], p.document));
	unmake(&p);
}

static void parent_before_the_document(void **state)
{
	struct page p;

	(void)state;
	make_nodes(&p);
	refer(&p, p.document, p.html);
	write_old(&p, p.html, p.list, p.list, p.document, 0, 0);
	write_old(&p, p.list, p.row[0], p.row[2], p.html, 0, 0);
	write_old(&p, p.row[0], 0, 0, p.list, 0, p.row[1]);
	write_old(&p, p.row[1], p.text, p.text, p.list, p.row[0], p.row[2]);
	write_old(&p, p.row[2], 0, 0, p.list, p.row[1], 0);
	write_old(&p, p.text, 0, 0, p.row[1], 0, 0);
	load(&p);
	expect_tree(&p);
	unmake(&p);
}

/* With a sibling between parent and document the order is one that is not known: no tree is better than a wrong one. */
static void unknown_order(void **state)
{
	struct page p;

	(void)state;
	make_nodes(&p);
	refer(&p, p.document, p.html);
	write_older(&p, p.html, p.list, p.document, 0);
	write_older(&p, p.list, p.text, p.html, 0);
	write_older(&p, p.text, 0, p.list, p.row[0]);
	write_older(&p, p.row[0], 0, p.list, 0);
	load(&p);
	assert_int_equal(dom_parent(&p.h, p.text), NO_NODE);
	assert_int_equal(dom_parent(&p.h, p.list), NO_NODE);
	assert_int_equal(dom_children(&p.h, p.list).n, 0);
	assert_true(dom_is_keeper(&p.h, p.text, p.row[0]));
	unmake(&p);
}

/* Elements in a component hang on its shadow root, and only the rows of a list that it refers to are its own. */
static void shadow_root(void **state)
{
	struct page p;
	unsigned shadow, em;

	(void)state;
	make_new(&p);
	shadow = mkheap_node(&p.m, NODE_NATIVE, "ShadowRoot", 10);
	em = mkheap_node(&p.m, NODE_NATIVE, "<em>", 10);
	refer(&p, p.row[0], shadow);
	refer(&p, shadow, em);
	refer(&p, em, shadow);
	refer(&p, em, shadow);
	load(&p);
	assert_int_equal(dom_parent(&p.h, em), shadow);
	assert_int_equal(dom_parent(&p.h, shadow), NO_NODE);
	assert_true(dom_is_shadow_root(&p.h, shadow));
	unmake(&p);
}

/* Who is said to be a parent and refers to no such child is none; two that say so of each other make no endless way up. */
static void made_up(void **state)
{
	struct page p;
	unsigned stranger, a, b;

	(void)state;
	make_new(&p);
	stranger = mkheap_node(&p.m, NODE_NATIVE, "<div>", 10);
	a = mkheap_node(&p.m, NODE_NATIVE, "<a>", 10);
	b = mkheap_node(&p.m, NODE_NATIVE, "<b>", 10);
	refer(&p, 0, stranger);
	refer(&p, 0, a);
	refer(&p, stranger, p.document);
	refer(&p, stranger, p.text);
	refer(&p, a, b);
	refer(&p, a, p.document);
	refer(&p, a, b);
	refer(&p, b, a);
	refer(&p, b, p.document);
	refer(&p, b, a);
	load(&p);
	expect_tree(&p);
	assert_int_equal(dom_parent(&p.h, stranger), NO_NODE);
	assert_int_equal(dom_parent(&p.h, a), b);
	assert_int_equal(dom_parent(&p.h, b), a);
	unmake(&p);
}

static void no_document(void **state)
{
	struct page p;

	(void)state;
	p.m = (struct mkheap){ 0 };
	mkheap_node(&p.m, NODE_SYNTHETIC, "", 0);
	mkheap_edge(&p.m, 0, EDGE_PROPERTY, "x", mkheap_node(&p.m, NODE_NATIVE, "<li>", 10));
	load(&p);
	assert_null(p.h.dom.role);
	assert_int_equal(dom_parent(&p.h, 1), NO_NODE);
	assert_true(dom_is_keeper(&p.h, 0, 1));
	unmake(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parent_behind_the_document), cmocka_unit_test(parent_before_the_document),
		cmocka_unit_test(unknown_order), cmocka_unit_test(shadow_root),
		cmocka_unit_test(made_up), cmocka_unit_test(no_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
