/* The tables that flamegraphs are drawn from: no weight is lost, whatever has no row of its own. */
#include "unit.h"

#include <stdio.h>

#include "analyzer/flame_report.h"

struct fixture {
	struct run run;
	struct profile p;
	struct profile_view v;
	struct report r;
	struct err err;
};

static void open_text(struct fixture *f, const char *text)
{
	struct profile_load_options o = { .keep_runs = 1 };
	struct view_options none = { .by = VIEW_FUNCTIONS };

	memset(f, 0, sizeof(*f));
	run_init(&f->run, 1, 0);
	report_init(&f->r, &f->run.mem);
	assert_int_equal(profile_load_memory(&f->p, &f->run, text, strlen(text), &o, &f->err), 0);
	assert_int_equal(profile_view_make(&f->v, &f->p, &none, &f->err), 0);
}

static void close_all(struct fixture *f)
{
	report_release(&f->r);
	profile_view_release(&f->v);
	profile_release(&f->p);
	run_release(&f->run);
	assert_int_equal(f->run.mem.used_bytes, 0);
}

static int64_t cell(const struct table *t, size_t row, const char *key)
{
	return table_row(t, row)[table_column(t, key)].i;
}

static int64_t sum(const struct table *t, const char *key)
{
	int64_t n = 0;

	for (size_t row = 0; row < t->n_rows; row++)
		n += cell(t, row, key);
	return n;
}

static const char text[] = "a;b;c 50\na;b;d 20\na;e 5\na;f;g 3\na;f;h 3\nz 1\n";

static void every_stack_has_its_row(void **state)
{
	const struct table *t;
	struct fixture f;

	(void)state;
	open_text(&f, text);
	assert_int_equal(profile_add_flame(&f.r, &f.v, &f.err), 0);
	t = report_table(&f.r, "stacks");
	assert_int_equal(t->n_rows, 10);
	assert_int_equal(sum(t, "left_out"), 0);
	assert_int_equal(sum(report_table(&f.r, "weights"), "self0"), 82);
	assert_int_equal(report_table(&f.r, "weights")->n_rows, 6);
	assert_int_equal(report_table(&f.r, "frames")->n_rows, 9);
	close_all(&f);
}

/* Where no boxes can be drawn there is the reason in their place. */
static void no_picture_has_a_reason(void **state)
{
	static const char *const words[] = { "below zero", "no stack has a value" };

	(void)state;
	for (int64_t empty = 0; empty < 2; empty++) {
		const struct table *t;
		struct fixture f;

		open_text(&f, text);
		f.r.page_tables = 1;
		if (empty)
			f.v.sum = 0;
		else
			f.p.sum_columns[0][1] = -20;
		assert_int_equal(profile_add_flame(&f.r, &f.v, &f.err), 0);
		t = report_table(&f.r, "stacks");
		assert_non_null(t);
		assert_int_equal(t->n_rows, 0);
		assert_non_null(strstr(t->empty, words[empty]));
		assert_int_equal(f.r.n_tables, 1);
		close_all(&f);
	}
}

/* By any number of rows: the tree hangs together, what is left out is counted where it hung, and all nodes have a row. */
static void what_is_left_out_stays_where_it_hung(void **state)
{
	struct fixture f;

	(void)state;
	for (size_t most = 1; most <= 11; most++) {
		uint32_t row_of[16], frame_of[16];
		const struct table *t;
		int64_t own = 0;

		open_text(&f, text);
		for (uint32_t i = 0; i < 16; i++)
			frame_of[i] = i;
		assert_true(f.v.n_nodes <= 16);
		assert_int_equal(flame_add_stacks(&f.r, &(struct flame_tree){ f.v.nodes, f.v.n_nodes, frame_of, most },
						  row_of, &f.err), 0);
		t = report_table(&f.r, "stacks");
		assert_int_equal(cell(t, 0, "parent"), -1);
		for (size_t row = 0; row < t->n_rows; row++)
			own += cell(t, row, "left_out") == 0;
		assert_true(own <= (int64_t)most);
		assert_int_equal(own + sum(t, "left_out"), (int64_t)f.v.n_nodes);
		for (size_t i = 1; i < f.v.n_nodes; i++) {
			uint32_t up = row_of[f.v.nodes[i].parent], row = row_of[i];

			assert_true(row < t->n_rows);
			/* below the row of its parent, or in the same rest */
			assert_true(row == up || cell(t, row, "parent") == (int64_t)up);
		}
		close_all(&f);
	}
}

/* A branch that is left out whole is one row with its weight. */
static void small_branches_are_one_row(void **state)
{
	uint32_t row_of[16], frame_of[16] = { 0 };
	struct fixture f;
	const struct table *t;

	(void)state;
	open_text(&f, text);
	assert_int_equal(flame_add_stacks(&f.r, &(struct flame_tree){ f.v.nodes, f.v.n_nodes, frame_of, 5 }, row_of, &f.err), 0);
	t = report_table(&f.r, "stacks");
	/* all, a, b, c, d, then what is left out below a (e, f, g, h) and below all (z) */
	assert_int_equal(t->n_rows, 7);
	assert_int_equal(cell(t, 5, "parent"), 1);
	assert_int_equal(cell(t, 5, "frame"), -1);
	assert_int_equal(cell(t, 5, "left_out"), 4);
	assert_int_equal(cell(t, 6, "parent"), 0);
	assert_int_equal(cell(t, 6, "left_out"), 1);
	close_all(&f);
}

#define NODE(id, name, children) "{\"id\":" #id ",\"callFrame\":{\"functionName\":\"" name "\",\"scriptId\":\"1\"," \
				 "\"url\":\"file:///a.js\",\"lineNumber\":1,\"columnNumber\":1},\"children\":[" children "]}"

/* More runs than the table holds: a sample of them that covers the same time, in order, without overlaps. */
static void many_runs_are_sampled(void **state)
{
	const size_t n = FLAME_MOST_RUNS * 2 + 7;
	struct strbuf sb;
	struct fixture f;
	const struct table *t;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	strbuf_init(&sb, &m);
	strbuf_addstr(&sb, "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"scriptId\":\"0\",\"url\":\"\","
			   "\"lineNumber\":-1,\"columnNumber\":-1},\"children\":[2,3]}," NODE(2, "a", "") "," NODE(3, "b", "")
			   "],\"startTime\":0,\"endTime\":99999999,\"samples\":[");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&sb, "%s%zu", i ? "," : "", 2 + i % 2);
	strbuf_addstr(&sb, "],\"timeDeltas\":[");
	for (size_t i = 0; i < n; i++)
		strbuf_addstr(&sb, i ? ",100" : "100");
	strbuf_addstr(&sb, "]}");
	open_text(&f, strbuf_str(&sb));
	assert_int_equal(profile_add_flame(&f.r, &f.v, &f.err), 0);
	t = report_table(&f.r, "runs");
	assert_in_range(t->n_rows, 2, FLAME_MOST_RUNS + 1);
	for (size_t row = 1; row < t->n_rows; row++)
		assert_true(cell(t, row - 1, "start_ns") + cell(t, row - 1, "duration_ns") <= cell(t, row, "start_ns"));
	/* to a slice or two, which are as long as two runs */
	assert_in_range(sum(t, "duration_ns"), (int64_t)(n - 5) * 100000, (int64_t)(n + 5) * 100000);
	close_all(&f);
	strbuf_release(&sb);
}

static const char timed[] = "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\",\"scriptId\":\"0\",\"url\":\"\","
			    "\"lineNumber\":-1,\"columnNumber\":-1},\"children\":[2,3]}," NODE(2, "a", "") "," NODE(3, "b", "")
			    "],\"startTime\":0,\"endTime\":400,\"samples\":[2,3,2],\"timeDeltas\":[100,100,100]}";

/* The n-th request for memory fails, for all n: an error each time, and nothing stays behind. */
static void no_memory_is_an_error(void **state)
{
	struct fixture f;
	int rc = ERR_MEMORY, n = 0;

	(void)state;
	while (rc) {
		open_text(&f, timed);
		f.run.mem.fail_after = ++n;
		rc = profile_add_flame(&f.r, &f.v, &f.err);
		f.run.mem.fail_after = 0;
		assert_true(!rc || f.err.kind == ERR_MEMORY);
		close_all(&f);
	}
	assert_true(n > 10);
}

/* What is the same in both profiles is one row, what is in one of them is there with 0 on the other side. */
static void two_profiles_are_one_tree(void **state)
{
	int rc = ERR_MEMORY;

	(void)state;
	for (int n = 1; rc; n++) {
		struct profile_diff_options o = { .absolute = 1 };
		struct profile_diff d;
		struct fixture a, b;
		const struct table *t;

		open_text(&a, "main;old 60\nmain;same 40\n");
		open_text(&b, "main;new 30\nmain;same 70\n");
		assert_int_equal(profile_diff_make(&d, &a.p, &b.p, &o, &b.err), 0);
		b.run.mem.fail_after = n;
		rc = profile_diff_add_flame(&b.r, &d, &b.err);
		b.run.mem.fail_after = 0;
		assert_true(!rc || b.err.kind == ERR_MEMORY);
		if (!rc) {
			t = report_table(&b.r, "weights");
			assert_int_equal(report_table(&b.r, "stacks")->n_rows, 5);
			assert_int_equal(t->n_rows, 3);
			assert_int_equal(sum(t, "before"), 100);
			assert_int_equal(sum(t, "after"), 100);
			for (size_t row = 0; row < 3; row++)
				assert_true(cell(t, row, "before") == 40 ? cell(t, row, "after") == 70 :
						cell(t, row, "before") == 60 ? !cell(t, row, "after") :
									       cell(t, row, "after") == 30);
		}
		profile_diff_release(&d);
		close_all(&b);
		close_all(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stack_has_its_row), cmocka_unit_test(no_picture_has_a_reason),
		cmocka_unit_test(what_is_left_out_stays_where_it_hung),
		cmocka_unit_test(small_branches_are_one_row),
		cmocka_unit_test(many_runs_are_sampled),
		cmocka_unit_test(no_memory_is_an_error),
		cmocka_unit_test(two_profiles_are_one_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
