/* What of a single snapshot is suspected as a group, and what is waste. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/analysis.h"
#include "analyzer/leaks/merged_paths.h"
#include "analyzer/sections.h"
#include "mkheap_text.h"

static struct mkheap_text parsed;

static void parse(const struct strbuf *text)
{
	memset(&parsed, 0, sizeof(parsed));
	mkheap_parse(&parsed, strbuf_str(text));
}

/* A heap with a script of the user's, and the groups in it. */
struct found {
	struct run run;
	struct heap heap;
	struct sections sections;
	struct suspect_groups groups;
	struct arena arena;
	struct merged_paths paths; /* of the first group */
};

static const char program[] =
	"root -> main; main closure 64 \"main\" @7:0:0; main -internal:shared-> info; info code 40 \"main\";"
	"info -internal:script_or_debug_info-> script; script code 40 \"/srv/main.js\"; main -internal:context-> context;"
	"context object 40 \"system / Context\";";

static void find(struct found *f, const struct strbuf *text)
{
	struct err e = ERR_INIT;

	memset(f, 0, sizeof(*f));
	parse(text);
	run_init(&f->run, 1, 0);
	mkheap_load(&parsed.heap, &f->run, &f->heap);
	arena_init(&f->arena, &f->run.mem);
	if (sections_collect(&f->heap, &f->sections, &e) ||
	    suspect_groups_find(&f->groups, &f->heap, &f->sections, NULL, 0, NULL, &e))
		fail_msg("%s", e.text);
	if (f->groups.n && merged_paths_make(&f->paths, &f->heap, &f->groups.all[0], &f->arena, &e))
		fail_msg("%s", e.text);
}

static void forget(struct found *f)
{
	suspect_groups_release(&f->groups);
	sections_release(&f->sections);
	arena_release(&f->arena);
	heap_release(&f->heap);
	run_release(&f->run);
	assert_int_equal(f->run.mem.used_bytes, 0);
}

/* `n` tickets of `size` bytes, a third of them in one list and the others in another, below one desk. */
static void write_desk(struct strbuf *out, unsigned n, unsigned size, const char *class_name)
{
	strbuf_addstr(out, program);
	strbuf_addstr(out, "context -context:desk-> desk; desk object 24 \"Desk\"; desk -left-> left; desk -right-> right;"
			   "left object 16 \"Array\"; right object 16 \"Array\"");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(out, "; %s -element:%u-> t%u; t%u object %u \"%s\" @7:5:2", i % 3 ? "left" : "right", i, i, i, size,
			    class_name);
}

static void members_of_no_collection(void **state)
{
	struct strbuf text;
	struct mem mem;
	struct found f;

	(void)state;
	mem_init(&mem, 0);
	strbuf_init(&text, &mem);
	write_desk(&text, 90, 100, "Ticket");
	find(&f, &text);
	assert_int_equal(f.groups.n, 1);
	assert_int_equal(f.groups.all[0].n, 90);
	assert_int_equal(f.groups.all[0].bytes, 9000);
	assert_int_equal(f.groups.all[0].holder, mkheap_word(&parsed, "desk"));
	assert_int_equal(f.groups.all[0].direct, 0);

	/* desk; left and its 60 tickets; right and its 30 */
	assert_int_equal(f.paths.n, 5);
	assert_int_equal(f.paths.n_looked_at, 90);
	assert_true(str_is(f.paths.steps[0].node->class, "Desk"));
	assert_int_equal(f.paths.steps[0].parent, -1);
	assert_true(str_is(f.paths.steps[1].edge, "left"));
	assert_int_equal(f.paths.steps[1].count, 60);
	assert_int_equal(f.paths.steps[2].parent, 1);
	assert_true(str_is(f.paths.steps[2].edge, "[]"));
	assert_true(str_is(f.paths.steps[2].node->class, "Ticket"));
	assert_int_equal(f.paths.steps[2].bytes, 6000);
	assert_true(str_is(f.paths.steps[3].edge, "right"));
	assert_int_equal(f.paths.steps[3].parent, 0);
	assert_int_equal(f.paths.steps[3].count, 30);
	forget(&f);
	strbuf_release(&text);
}

static size_t groups_in(unsigned n, unsigned size, const char *class_name, const char *more)
{
	struct strbuf text;
	struct mem mem;
	struct found f;
	size_t found;

	mem_init(&mem, 0);
	strbuf_init(&text, &mem);
	write_desk(&text, n, size, class_name);
	strbuf_addstr(&text, more);
	find(&f, &text);
	found = f.groups.n;
	forget(&f);
	strbuf_release(&text);
	return found;
}

static void what_is_no_group(void **state)
{
	(void)state;
	assert_int_equal(groups_in(90, 100, "Ticket", ""), 1);
	assert_int_equal(groups_in(60, 100, "Ticket", ""), 0);
	/* not much of the heap */
	assert_int_equal(groups_in(90, 100, "Ticket", "; root -> big; big object 200000 \"Big\""), 0);
	/* V8's own */
	assert_int_equal(groups_in(90, 100, "system / Context", ""), 0);
	/* a few large ones are most of it */
	assert_int_equal(groups_in(90, 100, "Ticket",
				   "; desk -element:1-> l1; l1 object 9000 \"Ticket\" @7:5:2; desk -element:2-> l2;"
				   "l2 object 9000 \"Ticket\" @7:5:2; root -> big; big object 300000 \"Big\""),
			 0);
}

/* Through a file, as a user's. */
static const struct table *waste_of(struct run *run, struct report *r, const char *heap)
{
	struct analysis_options o = { .show_values = 0 };
	struct err e = ERR_INIT;
	char name[] = "/tmp/suspects-XXXXXX";
	struct strbuf text, file;
	int fd;

	run_init(run, 1, 0);
	report_init(r, &run->mem);
	strbuf_init(&text, &run->mem);
	strbuf_init(&file, &run->mem);
	strbuf_addstr(&text, heap);
	parse(&text);
	mkheap_write(&parsed.heap, &file);
	fd = mkstemp(name);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, strbuf_str(&file), file.len), file.len);
	close(fd);
	if (analysis_stat(run, name, &o, r, &e))
		fail_msg("%s", e.text);
	unlink(name);
	strbuf_release(&text);
	strbuf_release(&file);
	return report_table(r, "waste");
}

static void expect_waste(const char *heap, const char *what, int64_t count, int64_t bytes)
{
	struct report r;
	struct run run;
	const struct table *t = waste_of(&run, &r, heap);
	size_t found = 0;

	assert_non_null(t);
	for (size_t row = 0; row < t->n_rows; row++) {
		if (!str_is(table_row(t, row)[table_column(t, "what")].text, what))
			continue;
		found++;
		assert_int_equal(table_row(t, row)[table_column(t, "count")].i, count);
		assert_int_equal(table_row(t, row)[table_column(t, "wasted_bytes")].i, bytes);
	}
	assert_int_equal(found, count > 0);
	report_release(&r);
	run_release(&run);
}

static void copies_of_strings(void **state)
{
	static char cut[3000];
	char name[1030];

	(void)state;
	expect_waste("root -> o; o -a-> x; o -b-> y; o -c-> z; o -d-> w; o object 16 \"O\"; x string 40 \"same\";"
		     "y string 40 \"same\"; z string 40 \"same\"; w string 40 \"other\"",
		     "copies of strings", 2, 80);
	/* one has two bytes a character; ropes and slices show no text; the empty string is one */
	expect_waste("root -> o; o -a-> x; o -b-> y; o -c-> r; o -d-> s; o -e-> p; o -f-> q; o object 16 \"O\";"
		     "x string 40 \"same\"; y string 56 \"same\"; r concatenated_string 32 \"(concatenated string)\";"
		     "s concatenated_string 32 \"(concatenated string)\"; p string 24 \"\"; q string 24 \"\"",
		     "copies of strings", 0, 0);
	/* V8 writes 1024 characters: these may go on differently */
	memset(name, 'x', sizeof(name));
	name[1024] = 0;
	snprintf(cut, sizeof(cut), "root -> o; o -a-> x; o -b-> y; o object 16 \"O\"; x string 2000 \"%s\"; y string 2000 \"%s\"",
		 name, name);
	expect_waste(cut, "copies of strings", 0, 0);
	name[1023] = 0;
	snprintf(cut, sizeof(cut), "root -> o; o -a-> x; o -b-> y; o object 16 \"O\"; x string 2000 \"%s\"; y string 2000 \"%s\"",
		 name, name);
	expect_waste(cut, "copies of strings", 1, 2000);
}

/* `n` blocks, each with one piece, or with two when `shared`. */
static void write_pool(struct strbuf *out, unsigned n, int shared, const char *mark)
{
	strbuf_addstr(out, "root -> o; o object 16 \"O\"");
	for (unsigned i = 0; i < n; i++) {
		strbuf_addf(out, "; o -v%u-> v%u; v%u object 88 \"Buffer\"; v%u -internal:buffer-> b%u;"
				 "b%u object 96 \"ArrayBuffer\"; b%u -internal:backing_store-> s%u; s%u native 8192 \"store\"",
			    i, i, i, i, i, i, i, i, i);
		if (*mark)
			strbuf_addf(out, "; b%u -hidden:0-> p%u; p%u hidden 40 \"%s\"", i, i, i, mark);
		if (shared)
			strbuf_addf(out, "; o -w%u-> w%u; w%u object 88 \"Buffer\"; w%u -internal:buffer-> b%u", i, i, i, i, i);
	}
}

static void blocks_of_the_pool(void **state)
{
	static const struct {
		unsigned n;
		int shared;
		const char *mark;
		int64_t count;
	} cases[] = { { 20, 0, "system / PropertyArray", 20 }, { 15, 0, "system / PropertyArray", 0 },
		      { 20, 1, "system / PropertyArray", 0 },  { 20, 0, "", 0 } };
	struct strbuf text;
	struct mem mem;

	(void)state;
	mem_init(&mem, 0);
	strbuf_init(&text, &mem);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strbuf_reset(&text);
		write_pool(&text, cases[i].n, cases[i].shared, cases[i].mark);
		expect_waste(strbuf_str(&text), "Buffer pool blocks", cases[i].count, cases[i].count * 8192);
	}
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_of_no_collection),
		cmocka_unit_test(what_is_no_group),
		cmocka_unit_test(copies_of_strings),
		cmocka_unit_test(blocks_of_the_pool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
