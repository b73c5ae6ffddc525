#include "unit.h"

static const struct column columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
};

static const struct column child_columns[] = {
	{ "owner", "Owner", CELL_ROW, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS, 0 },
};

static const struct column tree_columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
};

static void open_report(struct desk *d)
{
	desk_init(d);
	d->report.tool = "snapdiff";
	d->report.version = "0";
	d->report.command = "snapdiff";
}

static int add(struct desk *d, struct table t)
{
	int index;

	assert_int_equal(report_add_table(&d->report, &t, &index, &d->err), 0);
	return index;
}

static int add_classes(struct desk *d)
{
	return add(d, (struct table){
			      .key = "classes", .title = "Classes", .parent = -1, .columns = columns, .n_columns = 3 });
}

static void add_class(struct desk *d, int t, const char *name, int64_t self)
{
	union cell cells[] = { { .text = str_of(name) }, { .i = self }, { .i = self / 2 } };

	assert_int_equal(report_add_row(&d->report, t, cells, &d->err), 0);
}

static void add_pair(struct desk *d, int t, int64_t a, int64_t b)
{
	union cell cells[] = { { .i = a }, { .i = b } };

	assert_int_equal(report_add_row(&d->report, t, cells, &d->err), 0);
}

/* Sealing fails and the sentence names what is wrong. */
static void assert_refused(struct desk *d, const char *what)
{
	assert_int_equal(report_seal(&d->report, &d->err), ERR_INTERNAL);
	assert_has(d->err.text, what);
	desk_release(d);
}

static void rows_are_kept_and_found(void **state)
{
	struct desk d;
	const struct table *t;

	(void)state;
	open_report(&d);
	int index = add_classes(&d);

	for (int i = 0; i < 1000; i++)
		add_class(&d, index, "Map", i);
	t = report_table(&d.report, "classes");
	assert_int_equal(t->n_rows, 1000);
	assert_int_equal(table_row(t, 999)[table_column(t, "retained_bytes")].i, 499);
	assert_int_equal(table_column(t, "nothing"), -1);
	assert_null(report_table(&d.report, "nothing"));
	desk_release(&d);
}

static void the_rest_is_what_the_shown_rows_lack(void **state)
{
	union cell rest[3];
	struct desk d;
	int t;

	(void)state;
	open_report(&d);
	t = add_classes(&d);
	add_class(&d, t, "a", 5);
	add_class(&d, t, "b", 7);
	add_class(&d, t, "c", INT64_MAX);
	table_rest(&d.report.tables[t], 0, rest);
	assert_int_equal(rest[1].i, INT64_MAX);
	d.report.tables[t].n_rows = 2;
	table_rest(&d.report.tables[t], 1, rest);
	assert_int_equal(rest[1].i, 7);
	assert_int_equal(rest[2].i, 0);
	table_rest(&d.report.tables[t], 9, rest);
	assert_int_equal(rest[1].i, 0);
	desk_release(&d);
}

static void totals_must_add_up(void **state)
{
	union cell total[3] = { { .i = 0 }, { .i = 12 }, { .i = 99 } };
	struct desk d;
	int t;

	(void)state;
	for (int64_t second = 7; second <= 8; second++) {
		open_report(&d);
		t = add_classes(&d);
		add_class(&d, t, "a", 5);
		add_class(&d, t, "b", second);
		assert_int_equal(report_set_total(&d.report, t, total, &d.err), 0);
		if (second == 8) {
			assert_refused(&d, "\"classes\": rows of self_bytes add up to 13, the total says 12");
			continue;
		}
		assert_int_equal(report_seal(&d.report, &d.err), 0);
		desk_release(&d);
	}
}

static void a_sealed_report_stays_as_it_is(void **state)
{
	union cell cells[3] = { { .i = 0 } };
	struct desk d;
	int t;

	(void)state;
	open_report(&d);
	t = add_classes(&d);
	assert_int_equal(report_seal(&d.report, &d.err), 0);
	assert_int_equal(report_add_row(&d.report, t, cells, &d.err), ERR_INTERNAL);
	assert_int_equal(report_warn(&d.report, &d.err, "late"), ERR_INTERNAL);
	assert_int_equal(report_headline(&d.report, &d.err, "late"), ERR_INTERNAL);
	assert_int_equal(report_set_total(&d.report, t, cells, &d.err), ERR_INTERNAL);
	assert_int_equal(report_seal(&d.report, &d.err), ERR_INTERNAL);
	desk_release(&d);
}

static void children_follow_their_parents_order(void **state)
{
	struct table child = { .key = "items", .title = "Items", .columns = child_columns, .n_columns = 2 };
	struct desk d;
	size_t first;
	int t;

	(void)state;
	open_report(&d);
	t = add_classes(&d);
	add_class(&d, t, "a", 1);
	add_class(&d, t, "b", 1);
	add_class(&d, t, "c", 1);
	child.parent = t;
	t = add(&d, child);
	add_pair(&d, t, 0, 10);
	add_pair(&d, t, 0, 11);
	add_pair(&d, t, 2, 12);
	assert_int_equal(report_seal(&d.report, &d.err), 0);
	assert_int_equal(table_children(&d.report.tables[t], 0, &first), 2);
	assert_int_equal(first, 0);
	assert_int_equal(table_children(&d.report.tables[t], 1, &first), 0);
	assert_int_equal(table_children(&d.report.tables[t], 2, &first), 1);
	assert_int_equal(table_sum(&d.report.tables[t], 1, 1, 2), 23);
	d.report.sealed = 0;
	add_pair(&d, t, 1, 13);
	assert_refused(&d, "order of their owners");
}

static void children_need_a_parent_row(void **state)
{
	struct table child = { .key = "items", .title = "Items", .columns = child_columns, .n_columns = 2 };
	struct desk d;
	int t;

	(void)state;
	open_report(&d);
	child.parent = add_classes(&d);
	t = add(&d, child);
	add_pair(&d, t, 0, 1);
	assert_refused(&d, "order of their owners");
}

static void trees_are_in_pre_order(void **state)
{
	static const struct {
		int64_t parents[6];
		const char *refusal;
	} cases[] = {
		{ { -1, 0, 1, 1, 0, -1 }, NULL },
		{ { -1, 0, 0, 1, 0, 0 }, "pre-order" },
		{ { -1, 1, 0, 0, 0, 0 }, "does not precede" },
		{ { -1, -2, 0, 0, 0, 0 }, "does not precede" },
		{ { -1, 0, -1, 0, 0, 0 }, "pre-order" },
	};
	struct desk d;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int t;

		open_report(&d);
		t = add(&d, (struct table){ .key = "tree",
					    .title = "Tree",
					    .kind = TABLE_TREE,
					    .parent = -1,
					    .columns = tree_columns,
					    .n_columns = 2 });
		for (int row = 0; row < 6; row++)
			add_pair(&d, t, cases[i].parents[row], 1);
		if (cases[i].refusal) {
			assert_refused(&d, cases[i].refusal);
			continue;
		}
		assert_int_equal(report_seal(&d.report, &d.err), 0);
		desk_release(&d);
	}
}

static void keys_are_unique_and_well_formed(void **state)
{
	static const struct column twice[] = { { "a", "A", CELL_COUNT, 0, 0 }, { "a", "A", CELL_COUNT, 0, 0 } };
	static const struct column no_unit[] = { { "size", "Size", CELL_BYTES, 0, 0 } };
	static const struct column summed_text[] = { { "text", "Text", CELL_TEXT, COLUMN_SUMS, 0 } };
	static const struct {
		struct table table;
		const char *refusal;
	} cases[] = {
		{ { .key = "classes", .title = "x", .parent = -1, .columns = columns, .n_columns = 3 }, "one key" },
		{ { .key = "Bad Key", .title = "x", .parent = -1, .columns = columns, .n_columns = 3 }, "Bad Key" },
		{ { .key = "schema", .title = "x", .parent = -1, .columns = columns, .n_columns = 3 }, "schema" },
		{ { .key = "x_rest", .title = "x", .parent = -1, .columns = columns, .n_columns = 3 }, "x_rest" },
		{ { .key = "x", .title = "x", .parent = -1, .columns = twice, .n_columns = 2 }, "one key: a" },
		{ { .key = "x", .title = "x", .parent = -1, .columns = no_unit, .n_columns = 1 }, "_bytes: size" },
		{ { .key = "x", .title = "x", .parent = -1, .columns = summed_text, .n_columns = 1 }, "summed: text" },
		{ { .key = "x", .title = "x", .parent = -1, .kind = TABLE_RECORD, .columns = columns, .n_columns = 3 },
		  "one row" },
		{ { .key = "x", .title = "x", .parent = 5, .columns = child_columns, .n_columns = 2 },
		  "before its parent" },
		{ { .key = "x", .title = "x", .parent = 0, .columns = columns, .n_columns = 3 }, "not its owner" },
		{ { .key = "class", .title = "x", .parent = 0, .columns = child_columns, .n_columns = 2 },
		  "same name" },
	};
	struct desk d;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_report(&d);
		add_classes(&d);
		add(&d, cases[i].table);
		assert_refused(&d, cases[i].refusal);
	}
}

static void texts_are_copied(void **state)
{
	char name[] = "after.heapsnapshot";
	struct desk d;

	(void)state;
	open_report(&d);
	assert_int_equal(report_warn(&d.report, &d.err, "%s is truncated", name), 0);
	assert_int_equal(report_headline(&d.report, &d.err, "%s grew", name), 0);
	memset(name, 'x', sizeof(name) - 1);
	assert_true(str_is(d.report.warnings[0], "after.heapsnapshot is truncated"));
	assert_true(str_is(d.report.headline, "after.heapsnapshot grew"));
	desk_release(&d);
}

static void tables_have_a_limit(void **state)
{
	static char keys[REPORT_MAX_TABLES + 1][8];
	struct desk d;

	(void)state;
	open_report(&d);
	for (int i = 0; i <= REPORT_MAX_TABLES; i++) {
		struct table t = { .key = keys[i], .title = "x", .parent = -1, .columns = columns, .n_columns = 3 };
		int index;

		keys[i][0] = 'k';
		keys[i][1] = (char)('a' + i % 26);
		keys[i][2] = (char)('a' + i / 26);
		assert_int_equal(report_add_table(&d.report, &t, &index, &d.err),
				 i < REPORT_MAX_TABLES ? 0 : ERR_INTERNAL);
	}
	assert_int_equal(report_seal(&d.report, &d.err), 0);
	desk_release(&d);
}

/* Each allocation of building and rendering fails in turn: a clean error and no leak. */
static void every_refused_allocation_is_survived(void **state)
{
	const struct renderer *renderers;
	size_t n_renderers, reached_end = 0;

	(void)state;
	renderers = plain_renderers(&n_renderers);
	for (int64_t n = 1; !reached_end; n++) {
		struct render_options o = { .rows = 0 };
		struct desk d;
		int rc;

		desk_init(&d);
		atomic_store(&d.mem.fail_after, n);
		rc = sample_report(&d.report, SAMPLE_HOSTILE, &d.err);
		for (size_t i = 0; i < n_renderers && !rc; i++) {
			rc = renderers[i].render(&d.report, &o, &d.out, &d.err);
			/* no tree of memory in it that could be a profile: test_group_tree.c has one */
			if (rc == ERR_USAGE) {
				d.err = (struct err)ERR_INIT;
				rc = 0;
			}
		}
		assert_true(rc == 0 || rc == ERR_MEMORY);
		reached_end = atomic_load(&d.mem.fail_after) > 0;
		assert_true(rc == ERR_MEMORY || reached_end);
		desk_release(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_kept_and_found),
		cmocka_unit_test(the_rest_is_what_the_shown_rows_lack),
		cmocka_unit_test(totals_must_add_up),
		cmocka_unit_test(a_sealed_report_stays_as_it_is),
		cmocka_unit_test(children_follow_their_parents_order),
		cmocka_unit_test(children_need_a_parent_row),
		cmocka_unit_test(trees_are_in_pre_order),
		cmocka_unit_test(keys_are_unique_and_well_formed),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(tables_have_a_limit),
		cmocka_unit_test(every_refused_allocation_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
