/* Views of one snapshot: their rows add up, nothing private is in them, and the ids in them are right. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/analysis.h"
#include "mkheap_text.h"

/* A report of a small heap, through a file as a user's. */
struct view {
	struct run run;
	struct report report;
	struct strbuf text;
	struct err err;
	int rc;
};

static void open_view(struct view *v, const char *heap, struct stat_views views, int show_values)
{
	struct analysis_options o = { .views = views, .show_values = show_values };
	static struct mkheap_text parsed;
	char name[] = "/tmp/views-XXXXXX";
	struct strbuf file;
	int fd;

	memset(v, 0, sizeof(*v));
	memset(&parsed, 0, sizeof(parsed));
	run_init(&v->run, 1, 0);
	report_init(&v->report, &v->run.mem);
	strbuf_init(&file, &v->run.mem);
	strbuf_init(&v->text, &v->run.mem);
	mkheap_parse(&parsed, heap);
	mkheap_write(&parsed.heap, &file);
	fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, strbuf_str(&file), file.len), file.len);
	close(fd);
	v->rc = analysis_stat(&v->run, name, &o, &v->report, &v->err);
	unlink(name);
	strbuf_release(&file);
	if (!v->rc)
		assert_int_equal(render_json(&v->report, &(struct render_options){ .rows = 0 }, &v->text, &v->err), 0);
}

static void close_view(struct view *v)
{
	strbuf_release(&v->text);
	report_release(&v->report);
	run_release(&v->run);
	assert_int_equal(v->run.mem.used_bytes, 0);
}

static int64_t number(const struct view *v, const char *table, size_t row, const char *column)
{
	const struct table *t = report_table(&v->report, table);
	int c = t ? table_column(t, column) : -1;

	if (c < 0 || row >= t->n_rows)
		fail_msg("no row %zu of %s.%s", row, table, column);
	return table_row(t, row)[c].i;
}

static void expect_text(const struct view *v, const char *table, size_t row, const char *column, const char *text)
{
	const struct table *t = report_table(&v->report, table);
	int c = t ? table_column(t, column) : -1;

	if (c < 0 || row >= t->n_rows)
		fail_msg("no row %zu of %s.%s", row, table, column);
	if (!str_is(table_row(t, row)[c].text, text))
		fail_msg("%s.%s is %.*s, not %s", table, column, (int)table_row(t, row)[c].text.n,
			 table_row(t, row)[c].text.s, text);
}

static void expect_node(const struct view *v, const char *table, size_t row, const char *column, const char *class,
			const char *name)
{
	const struct table *t = report_table(&v->report, table);
	int c = t ? table_column(t, column) : -1;
	const struct node_ref *node = c < 0 || row >= t->n_rows ? NULL : table_row(t, row)[c].node;

	if (!node)
		fail_msg("no node in row %zu of %s.%s", row, table, column);
	if (!str_is(node->class, class) || !str_is(node->name, name))
		fail_msg("%s.%s is %.*s %.*s, not %s %s", table, column, (int)node->class.n, node->class.s, (int)node->name.n,
			 node->name.s, class, name);
}

static const char strings[] =
	"root -> o -url-> a; o -url-> b; o -url-> c; o -name-> d; o -other-> e; o -rope-> r; o -cut-> s;"
	"o object 8 \"Req\"; a string 40 \"hunter2\"; b string 40 \"hunter2\"; c string 40 \"hunter2\"; d string 40 \"hunter2\";"
	"e string 56 \"hunter2\"; r concatenated_string 32; r -internal:first-> r2; r -internal:second-> x;"
	"r2 concatenated_string 32; r2 -internal:first-> x; x string 24 \"once\"; s sliced_string 32; s -internal:parent-> p;"
	"p string 5000 \"parent text\"";

static void copies_are_counted(void **state)
{
	struct view v;

	(void)state;
	open_view(&v, strings, (struct stat_views){ .strings = 1 }, 0);
	assert_int_equal(v.rc, 0);
	assert_int_equal(report_table(&v.report, "duplicate_strings")->n_rows, 1);
	assert_int_equal(number(&v, "duplicate_strings", 0, "copies_count"), 4);
	assert_int_equal(number(&v, "duplicate_strings", 0, "wasted_bytes"), 120);
	assert_int_equal(number(&v, "duplicate_strings", 0, "length"), 7);
	expect_text(&v, "duplicate_strings", 0, "property", "url");
	expect_text(&v, "duplicate_strings", 0, "owner", "Req");
	assert_int_equal(number(&v, "string_holders", 0, "wasted_bytes") + number(&v, "string_holders", 1, "wasted_bytes"), 120);
	assert_int_equal(number(&v, "strings", 0, "wasted_bytes"), 120);
	assert_int_equal(number(&v, "strings", 0, "link_count"), 2);
	assert_int_equal(number(&v, "strings", 0, "pinned_bytes"), 5000);
	assert_int_equal(number(&v, "sliced_strings", 0, "slices_count"), 1);
	assert_int_equal(number(&v, "strings", 0, "total_bytes"), 40 * 4 + 56 + 64 + 24 + 32 + 5000);
	close_view(&v);
}

static void values_are_shown_only_when_asked_for(void **state)
{
	struct view v;

	(void)state;
	open_view(&v, strings, (struct stat_views){ .strings = 1, .object = "3", .where = "type = string" }, 0);
	assert_int_equal(v.rc, 0);
	assert_has_not(strbuf_str(&v.text), "hunter2");
	assert_has_not(strbuf_str(&v.text), "parent text");
	close_view(&v);
	open_view(&v, strings, (struct stat_views){ .strings = 1 }, 1);
	assert_has(strbuf_str(&v.text), "\"value\":\"hunter2\"");
	close_view(&v);
}

/* V8 writes the name of a WeakMap's value into the edge that leads to it. */
static void values_in_weak_maps_are_private(void **state)
{
	static const char heap[] =
		"root -> k -internal:\"3 / part of key (Key @3) -> value (hunter2 @5) pair in WeakMap (table @7)\"-> s; k 8;"
		"s string 24 \"hunter2\"; root -> t; t array 16;"
		"t -internal:\"4 / part of key (Key @3) -> value (hunter2 @5) pair in WeakMap (table @7)\"-> s";
	struct view v;

	(void)state;
	open_view(&v, heap, (struct stat_views){ .object = "5", .dominators = 1 }, 0);
	assert_int_equal(v.rc, 0);
	assert_has(strbuf_str(&v.text), "value in WeakMap");
	assert_has_not(strbuf_str(&v.text), "hunter2");
	close_view(&v);
	open_view(&v, heap, (struct stat_views){ .object = "3" }, 0);
	assert_has_not(strbuf_str(&v.text), "hunter2");
	close_view(&v);
}

static const char tree[] = "root -> a -> b -> c -> d; a -> e; a -> f; a 1; b 10; c 100; d 1000; e 500; f 5; root -> g; g 7";

/* Two trees of the page: one kept through an array, node by node, one by a closure; a third is in the document. */
static const char detached_trees[] =
	"list -element:0-> a1; list -element:1-> a2; a1 -> t1; a2 -> t2; a1 -> a2; root -> f -> b; root -> doc -> live;"
	"list array 16; root -list-> keeper -internal:elements-> list; keeper 32; f closure 64 \"onClose\";"
	"a1 native 40 \"<div>\" detached; a2 native 40 \"<div>\" detached; t1 native 8 \"Text\" detached;"
	"t2 native 8 \"Text\" detached; b native 100 \"<p>\" detached; doc native 8 attached; live native 8 \"<div>\"";

static void detached_nodes_have_a_keeper(void **state)
{
	struct view v;

	(void)state;
	open_view(&v, detached_trees, (struct stat_views){ 0 }, 0);
	assert_int_equal(v.rc, 0);
	assert_int_equal(report_table(&v.report, "detached")->n_rows, 3);
	expect_text(&v, "detached", 0, "class", "Detached <p>");
	assert_int_equal(number(&v, "detached", 0, "retained_bytes"), 100);
	expect_node(&v, "detached", 0, "holder", "Function", "onClose");
	/* the text below each is another row, and in the size of its element */
	expect_text(&v, "detached", 1, "class", "Detached <div>");
	assert_int_equal(number(&v, "detached", 1, "count"), 2);
	assert_int_equal(number(&v, "detached", 1, "self_bytes"), 80);
	assert_int_equal(number(&v, "detached", 1, "retained_bytes"), 96);
	expect_text(&v, "detached", 2, "class", "Detached Text");
	assert_int_equal(number(&v, "detached", 2, "count"), 2);
	/* a backing store is no keeper */
	expect_node(&v, "detached", 1, "holder", "keeper", "list");
	expect_node(&v, "detached", 2, "holder", "keeper", "list");
	assert_int_equal(number(&v, "detached", 1, "holders_count"), 1);
	close_view(&v);
	open_view(&v, tree, (struct stat_views){ 0 }, 0);
	assert_null(report_table(&v.report, "detached"));
	close_view(&v);
}

/* Of a chain the one to look at: not the way to it, not the stores it is kept in, not its links. */
static void the_biggest_objects(void **state)
{
	static const char heap[] =
		"root -> g -> app -cache-> m -internal:table-> s; s -internal:0-> x; s -internal:1-> y; app 8; m \"Map\" 32;"
		"s array 64; x string 5000 \"hunter2\"; y 3000; g 8; g -> l1 -next-> l2; l2 -next-> l3; l3 -next-> l4;"
		"l1 4000 \"Link\"; l2 4000 \"Link\"; l3 4000 \"Link\"; l4 4000 \"Link\"; g -> f -internal:context-> c;"
		"f closure 64 \"work\"; c object 900 \"system / Context\"; g -> small; small 20";
	static const struct {
		const char *class, *name;
		int64_t retained_bytes;
	} rows[] = {
		{ "Link", "l1", 16000 },	    { "Map", "cache", 8096 }, { "(string)", "", 5000 },
		{ "y", "", 3000 },		    { "Function", "work", 964 },
	};
	struct view v;

	(void)state;
	open_view(&v, heap, (struct stat_views){ 0 }, 0);
	assert_int_equal(v.rc, 0);
	assert_int_equal(report_table(&v.report, "biggest")->n_rows, sizeof(rows) / sizeof(rows[0]));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect_node(&v, "biggest", i, "node", rows[i].class, rows[i].name);
		assert_int_equal(number(&v, "biggest", i, "retained_bytes"), rows[i].retained_bytes);
	}
	assert_has_not(strbuf_str(&v.text), "hunter2");
	close_view(&v);
}

/* What a row retains is its own size and what its children retain, rest rows included. */
static void check_sums(const struct view *v)
{
	const struct table *t = report_table(&v->report, "dominators");

	for (size_t row = 0; row < t->n_rows; row++) {
		int64_t sum = number(v, "dominators", row, "self_bytes"), objects = 1, children = 0;

		for (size_t i = row + 1; i < t->n_rows; i++) {
			if (table_row(t, i)[0].i != (int64_t)row)
				continue;
			sum += number(v, "dominators", i, "retained_bytes");
			objects += number(v, "dominators", i, "count");
			children++;
		}
		if (!children)
			continue;
		assert_int_equal(sum, number(v, "dominators", row, "retained_bytes"));
		assert_int_equal(objects, number(v, "dominators", row, "count"));
	}
}

static void a_cut_tree_adds_up(void **state)
{
	static const struct {
		size_t depth;
		uint64_t min;
	} cuts[] = { { 1, 1 }, { 2, 1 }, { 100, 1 }, { 100, 1000 }, { 100, 100 }, { 1, 100000 } };
	struct view v;

	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		open_view(&v, tree, (struct stat_views){ .dominators = 1, .depth = cuts[i].depth, .min_bytes = cuts[i].min }, 0);
		assert_int_equal(v.rc, 0);
		check_sums(&v);
		assert_int_equal(number(&v, "dominators", 0, "retained_bytes"), 1623);
		close_view(&v);
	}
}

static void one_object(void **state)
{
	struct view v;

	(void)state;
	open_view(&v, tree, (struct stat_views){ .object = "@5" }, 0);
	assert_int_equal(v.rc, 0);
	assert_int_equal(number(&v, "object", 0, "retained_bytes"), 1110);
	assert_int_equal(number(&v, "object", 0, "retained_count"), 3);
	assert_int_equal(number(&v, "object", 0, "distance"), 2);
	assert_int_equal(report_table(&v.report, "held_by")->n_rows, 2);
	assert_int_equal(number(&v, "held_by", 0, "retained_bytes"), 1616);
	assert_int_equal(report_table(&v.report, "fields")->n_rows, 1);
	assert_int_equal(number(&v, "retainers", 0, "count"), 1);
	assert_int_equal(number(&v, "paths", 0, "steps"), 2);
	close_view(&v);
}

static void what_is_kept_by_several_is_counted_once(void **state)
{
	struct view v;

	(void)state;
	open_view(&v, tree, (struct stat_views){ .where = "class = c or class = d or class = e" }, 0);
	assert_int_equal(v.rc, 0);
	assert_int_equal(number(&v, "where", 0, "count"), 3);
	assert_int_equal(number(&v, "where", 0, "self_bytes"), 1600);
	assert_int_equal(number(&v, "where", 0, "retained_bytes"), 1600);
	assert_int_equal(number(&v, "matches", 0, "retained_bytes"), 1100);
	close_view(&v);
}

static void what_cannot_be_is_refused(void **state)
{
	static const struct stat_views views[] = {
		{ .object = "999999" }, { .object = "x" },   { .object = "@" },	   { .path = "" },
		{ .path = "5x" },	{ .object = "99999999999999999999" },	    { .depth = 3 },
		{ .min_bytes = 4 },	{ .where = "class" }, { .object = "3", .path = "3" },
	};
	struct view v;

	(void)state;
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		open_view(&v, tree, views[i], 0);
		assert_int_equal(v.rc, ERR_USAGE);
		close_view(&v);
	}
}

/* Views give all memory back at whatever request it ends. */
static void want_of_memory(void **state)
{
	static struct mkheap_text parsed;
	struct analysis_options o = { .views = { .strings = 1, .object = "3", .dominators = 1, .classes = 1,
						 .where = "edge ~ /u/ and retainers > 0 and class ~ /R/" } };
	char name[] = "/tmp/views-XXXXXX";
	struct mem mem;
	struct strbuf file;
	int fd, failures = 0;

	(void)state;
	mem_init(&mem, 0);
	strbuf_init(&file, &mem);
	mkheap_parse(&parsed, strings);
	mkheap_write(&parsed.heap, &file);
	fd = mkstemp(name);
	assert_int_equal(write(fd, strbuf_str(&file), file.len), file.len);
	close(fd);
	for (int64_t n = 1;; n++) {
		struct err e = ERR_INIT;
		struct report report;
		struct run run;
		int rc;

		run_init(&run, 1, 0);
		report_init(&report, &run.mem);
		run.mem.fail_after = n;
		rc = analysis_stat(&run, name, &o, &report, &e);
		report_release(&report);
		run_release(&run);
		assert_int_equal(run.mem.used_bytes, 0);
		if (!rc)
			break;
		assert_int_equal(rc, ERR_MEMORY);
		failures++;
	}
	assert_true(failures > 50);
	unlink(name);
	strbuf_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_counted),
		cmocka_unit_test(values_are_shown_only_when_asked_for),
		cmocka_unit_test(values_in_weak_maps_are_private),
		cmocka_unit_test(detached_nodes_have_a_keeper),
		cmocka_unit_test(the_biggest_objects),
		cmocka_unit_test(a_cut_tree_adds_up),
		cmocka_unit_test(one_object),
		cmocka_unit_test(what_is_kept_by_several_is_counted_once),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(want_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
