/* One small heap for each rule of the numbers. The rules are Chrome DevTools'; docs/numbers.md names them. */
#include "unit.h"

#include <string.h>

#include "mkheap_text.h"

struct world {
	struct mkheap_text text;
	struct run run;
	struct heap h;
};

static void make(struct world *w, const char *text)
{
	mkheap_parse(&w->text, text);
	run_init(&w->run, 2, 0);
	mkheap_load(&w->text.heap, &w->run, &w->h);
}

static void unmake(struct world *w)
{
	heap_release(&w->h);
	run_release(&w->run);
	assert_int_equal(w->run.mem.used_bytes, 0);
}

static void expect_holder(const struct world *w, const char *node, const char *holder)
{
	unsigned d = w->h.idom[mkheap_word(&w->text, node)];

	if (d != mkheap_word(&w->text, holder))
		fail_msg("%s is held by %s, not by %s", node, w->text.word[d], holder);
}

static void expect_retained(const struct world *w, const char *node, uint64_t bytes)
{
	assert_int_equal(w->h.retained[mkheap_word(&w->text, node)], bytes);
}

static void expect_self(const struct world *w, const char *node, uint64_t bytes)
{
	assert_int_equal(heap_self(&w->h, mkheap_word(&w->text, node)), bytes);
}

static void expect_distance(const struct world *w, const char *node, int32_t distance)
{
	assert_int_equal(w->h.distance[mkheap_word(&w->text, node)], distance);
}

static const struct heap_class *class_of(const struct world *w, const char *node)
{
	return &w->h.classes[w->h.class_[mkheap_word(&w->text, node)]];
}

static void expect_class(const struct world *w, const char *node, const char *name)
{
	const struct heap_class *c = class_of(w, node);

	if (!str_is(c->name, name))
		fail_msg("%s is of class %.*s, not %s", node, (int)c->name.n, c->name.s, name);
}

static void what_two_hold_is_held_by_what_holds_both(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a -> b -> d; a -> c -> d; a 1; b 10; c 100; d 1000");
	expect_holder(&w, "d", "a");
	expect_retained(&w, "b", 10);
	expect_retained(&w, "a", 1111);
	expect_retained(&w, "root", 1111);
	unmake(&w);
}

static void weak_and_shortcut_references_hold_nothing(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a -> b; root -> c; c ~weak~> b; c ~shortcut~> b; b -> b; b 8");
	expect_holder(&w, "b", "a");
	expect_retained(&w, "c", 0);
	unmake(&w);
}

static void shortcuts_of_the_root_hold(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a; root -> b; a -> b; b 8");
	expect_holder(&w, "b", "root");
	unmake(&w);
}

static void what_the_page_owns_is_held_by_the_page_alone(void **state)
{
	struct world w;

	(void)state;
	make(&w, "gc synthetic; root ~element~> gc; gc -> a; root -> page -> b -> a; a 8");
	expect_holder(&w, "a", "b");
	expect_distance(&w, "a", 3);
	expect_distance(&w, "gc", 100000001);
	unmake(&w);
	/* without a page everything counts */
	make(&w, "gc synthetic; root ~element~> gc; gc -> a; gc -> page -> b -> a; a 8");
	expect_holder(&w, "a", "gc");
	expect_distance(&w, "a", 2);
	unmake(&w);
}

static void the_document_trees_are_a_page_too(void **state)
{
	struct world w;

	(void)state;
	make(&w, "dom synthetic \"(Document DOM trees)\"; root ~element~> dom -> div; gc synthetic; root ~element~> gc -> div");
	expect_holder(&w, "div", "dom");
	expect_distance(&w, "dom", 1);
	unmake(&w);
}

static void orphans_hang_on_the_root_and_pull_up_what_they_hold(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -element:1-> a -> d; orphan -> d; a -> e; x -> y -> x; y -> e; d 8; e 16; x 32; y 64");
	expect_holder(&w, "orphan", "root");
	expect_holder(&w, "d", "root");
	/* nothing but themselves holds x and y: each is the root's, and they hold nothing */
	expect_holder(&w, "x", "root");
	expect_holder(&w, "y", "root");
	expect_holder(&w, "e", "a");
	expect_distance(&w, "x", DISTANCE_NONE);
	assert_int_equal(w.h.n_unreachable, 3);
	expect_retained(&w, "root", 120);
	unmake(&w);
}

#define ENTRY(table) "part of key (Key @5) -> value (Value @7) pair in WeakMap (table @" table ")"

static void the_value_of_a_weak_map_is_held_by_its_key(void **state)
{
	struct world w;

	(void)state;
	/* ids: root 1, table 3, key 5, value 7 */
	make(&w, "table array 4; key 4; value 8; root -> map -> table; root -> key;"
		 "table -internal:\"9 / " ENTRY("3") "\"-> value; key -internal:\"10 / " ENTRY("3") "\"-> value");
	expect_holder(&w, "value", "key");
	expect_retained(&w, "map", 4);
	/* as far as the farther of the two */
	expect_distance(&w, "key", 1);
	expect_distance(&w, "table", 2);
	expect_distance(&w, "value", 3);
	unmake(&w);
	/* a table with another id is no table of that entry, a text that is no entry is an ordinary edge */
	make(&w, "table array 4; key 4; value 8; root -> map -> table; root -> key;"
		 "table -internal:\"9 / " ENTRY("33") "\"-> value; key -internal:\"10 / " ENTRY("33") "\"-> value");
	expect_holder(&w, "value", "root");
	unmake(&w);
	make(&w, "table array 4; key 4; value 8; root -> map -> table; root -> key;"
		 "table -internal:\"9 / part of key (%s @%u) -> value (%s @%u) pair in WeakMap (table @%u)\"-> value;"
		 "key -internal:ten-> value");
	expect_holder(&w, "value", "root");
	expect_distance(&w, "value", 2);
	unmake(&w);
}

static void arrays_and_hidden_nodes_weigh_on_their_only_owner(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> list -internal:elements-> store -> deeper; list 16; store array 100; deeper hidden 1000;"
		 "root -> one -> shared; root -> two -> shared -> below; one 1; two 2; shared array 50; below array 60;"
		 "gc synthetic 3; root ~element~> gc -> alone; alone array 7; list ~weak~> alone");
	expect_self(&w, "list", 1116);
	expect_self(&w, "store", 0);
	expect_self(&w, "deeper", 0);
	expect_self(&w, "shared", 50);
	expect_self(&w, "below", 60);
	expect_self(&w, "alone", 7);
	expect_self(&w, "gc", 3);
	expect_retained(&w, "list", 1116);
	unmake(&w);
}

static void nothing_is_folded_where_there_is_no_user_root(void **state)
{
	struct world w;

	(void)state;
	make(&w, "gc synthetic; root ~element~> gc -> list -> store; list 16; store array 100");
	expect_self(&w, "store", 100);
	expect_distance(&w, "root", 0);
	expect_distance(&w, "list", 2);
	unmake(&w);
}

static void the_data_of_external_strings_weighs_on_the_string(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> s -> data; s string 20; data native 500 \"system / ExternalStringData\";"
		 "s -> other; other native 6 \"system / Else\"");
	expect_self(&w, "s", 520);
	expect_self(&w, "other", 6);
	unmake(&w);
}

static void a_native_context_is_not_left_by_its_sloppy_function_map(void **state)
{
	struct world w;

	(void)state;
	make(&w, "context hidden \"system / NativeContext\"; root -> context -internal:sloppy_function_map-> map;"
		 "context -internal:other-> x; d array \"(map descriptors)\"; root -> d; d -internal:4-> four;"
		 "d -internal:5-> five; d -internal:1-> one; d -internal:enum_cache-> cache");
	expect_distance(&w, "map", DISTANCE_NONE);
	expect_distance(&w, "x", 2);
	expect_distance(&w, "four", DISTANCE_NONE);
	expect_distance(&w, "five", 2);
	expect_distance(&w, "one", 2);
	expect_distance(&w, "cache", 2);
	unmake(&w);
}

static void detachment_spreads_over_embedder_nodes_only(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> div -> span -> js -> p; div native 8 \"<div>\" detached; span native 8 \"<span id=x>\"; js 8;"
		 "p native 8 \"<p>\"; root -> body -> em; body native \"<body>\" attached; em native 8 \"<em>\"; div -> em;"
		 "div ~hidden~> hr; div ~weak~> br; hr native 8 \"<hr>\"; br native 8 \"<br>\"");
	expect_class(&w, "div", "Detached <div>");
	expect_class(&w, "span", "Detached <span>");
	expect_class(&w, "p", "<p>");
	expect_class(&w, "em", "<em>");
	expect_class(&w, "hr", "<hr>");
	expect_class(&w, "br", "<br>");
	assert_int_equal(w.h.detachedness[mkheap_word(&w.text, "em")], 1);
	unmake(&w);
}

static void classes_go_by_type_name_and_place(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a; a 8 \"Session\" @7:1:2; b 8 \"Session\" @7:1:2; c 8 \"Session\" @8:1:2; d 8 \"Session\";"
		 "f closure 8 \"onData\" @7:1:2; r regexp 8; s string 8; k code 8; h hidden 8; y symbol 8;"
		 "cs concatenated_string 8; g synthetic 8");
	assert_ptr_equal(class_of(&w, "a"), class_of(&w, "b"));
	assert_ptr_not_equal(class_of(&w, "a"), class_of(&w, "c"));
	assert_ptr_not_equal(class_of(&w, "a"), class_of(&w, "d"));
	assert_int_equal(class_of(&w, "a")->count, 2);
	expect_class(&w, "c", "Session");
	expect_class(&w, "f", "Function");
	expect_class(&w, "r", "RegExp");
	expect_class(&w, "s", "(string)");
	expect_class(&w, "k", "(compiled code)");
	expect_class(&w, "h", "(system)");
	expect_class(&w, "y", "(symbol)");
	expect_class(&w, "cs", "(concatenated string)");
	expect_class(&w, "g", "(synthetic)");
	unmake(&w);
}

/* The text of an empty name begins where that of the next begins. */
static void a_class_without_a_name_is_not_its_neighbour_in_the_string_table(void **state)
{
	struct world w;

	(void)state;
	make(&w, "a 8 \"\" @7:1:2; b 8 \"Foo\" @7:1:2; root -> a; root -> b");
	expect_class(&w, "a", "");
	expect_class(&w, "b", "Foo");
	unmake(&w);
}

static void plain_objects_take_the_largest_frequent_interface_they_have(void **state)
{
	struct world w;

	(void)state;
	make(&w, "v 1; a 8 \"Object\"; a -x-> v; a -y-> v; a -__proto__-> v; b 8 \"Object\"; b -x-> v; b -y-> v;"
		 "b -__proto__-> v; c 8 \"Object\"; c -y-> v; c -x-> v; c -z-> v; d 8 \"Object\"; d -x-> v; e 8 \"Object\"");
	expect_class(&w, "a", "{x, y}");
	expect_class(&w, "b", "{x, y}");
	expect_class(&w, "c", "{x, y}");
	expect_class(&w, "d", "Object");
	expect_class(&w, "e", "Object");
	assert_int_equal(class_of(&w, "a")->origin, CLASS_INTERFACE);
	unmake(&w);
}

static void a_class_counts_a_member_under_a_member_once(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a -> b -> c; root -> z; a 10 \"T\"; b 20 \"U\"; c 30 \"T\"; z 5 \"T\"");
	assert_int_equal(class_of(&w, "a")->count, 3);
	assert_int_equal(class_of(&w, "a")->self_bytes, 45);
	assert_int_equal(class_of(&w, "a")->retained_bytes, 65);
	assert_int_equal(class_of(&w, "a")->distance, 1);
	unmake(&w);
}

static void nodes_without_a_size_are_in_no_class_row(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a -> b; a 0 \"T\"; b 30 \"T\"");
	assert_int_equal(class_of(&w, "a")->count, 1);
	assert_int_equal(class_of(&w, "a")->retained_bytes, 30);
	assert_int_equal(class_of(&w, "a")->distance, 2);
	unmake(&w);
}

static void statistics_add_up(void **state)
{
	struct world w;

	(void)state;
	make(&w, "root -> a -internal:elements-> e; a 16 \"Array\"; e array 100; root -> s; s string 7; s2 sliced_string 3;"
		 "root -> s2; root -> k; k code 11; root -> n; n native 13; root -> t; t native 17 \"system / JSArrayBufferData\";"
		 "root -> o1 -> h; root -> o2 -> h; h hidden 19");
	assert_int_equal(w.h.stats.total_bytes, 186);
	assert_int_equal(w.h.stats.js_array_bytes, 116);
	assert_int_equal(w.h.stats.string_bytes, 10);
	assert_int_equal(w.h.stats.code_bytes, 11);
	assert_int_equal(w.h.stats.native_bytes, 30);
	assert_int_equal(w.h.stats.typed_array_bytes, 17);
	assert_int_equal(w.h.stats.system_bytes, 19);
	assert_int_equal(w.h.stats.v8_bytes, 156);
	unmake(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_two_hold_is_held_by_what_holds_both),
		cmocka_unit_test(weak_and_shortcut_references_hold_nothing),
		cmocka_unit_test(shortcuts_of_the_root_hold),
		cmocka_unit_test(what_the_page_owns_is_held_by_the_page_alone),
		cmocka_unit_test(the_document_trees_are_a_page_too),
		cmocka_unit_test(orphans_hang_on_the_root_and_pull_up_what_they_hold),
		cmocka_unit_test(the_value_of_a_weak_map_is_held_by_its_key),
		cmocka_unit_test(arrays_and_hidden_nodes_weigh_on_their_only_owner),
		cmocka_unit_test(nothing_is_folded_where_there_is_no_user_root),
		cmocka_unit_test(the_data_of_external_strings_weighs_on_the_string),
		cmocka_unit_test(a_native_context_is_not_left_by_its_sloppy_function_map),
		cmocka_unit_test(detachment_spreads_over_embedder_nodes_only),
		cmocka_unit_test(classes_go_by_type_name_and_place),
		cmocka_unit_test(a_class_without_a_name_is_not_its_neighbour_in_the_string_table),
		cmocka_unit_test(plain_objects_take_the_largest_frequent_interface_they_have),
		cmocka_unit_test(a_class_counts_a_member_under_a_member_once),
		cmocka_unit_test(nodes_without_a_size_are_in_no_class_row),
		cmocka_unit_test(statistics_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
