/* The folded dominator tree loses no byte: each row is its own objects plus its child rows, the first row is the heap. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/digest.h"
#include "analyzer/group_tree.h"
#include "analyzer/profile.h"

#define FIXTURES SOURCE_DIR "/tests/fixtures/"
#define SAMPLES SOURCE_DIR "/samples/"

static void check(int rc, const struct err *e)
{
	if (rc)
		fail_msg("%s", e->text);
}

static void load(struct run *run, struct heap *h, const char *path, int keep_shapes)
{
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;

	check(heap_load(h, run, path, &o, &e), &e);
	h->keep_shapes = keep_shapes;
	check(heap_analyze(h, &e), &e);
}

static void name_report(struct report *r, size_t n_snapshots)
{
	r->tool = r->command = "snapdiff";
	r->version = "0";
	r->n_snapshots = n_snapshots;
}

struct trees {
	struct run run;
	struct heap heap;
	struct digest old;
	struct groups groups;
	struct report report;
	const struct table *t;
};

static void grow(struct trees *p, const char *before, const char *after)
{
	struct err e = ERR_INIT;
	struct heap h;

	memset(p, 0, sizeof(*p));
	run_init(&p->run, 2, 0);
	load(&p->run, &h, before, 1);
	check(digest_make(&p->old, &h, &e), &e);
	heap_release(&h);
	load(&p->run, &p->heap, after, 0);
	report_init(&p->report, &p->run.mem);
	name_report(&p->report, 2);
	check(groups_make(&p->groups, &p->heap, 0, &e), &e);
	check(report_add_growth_tree(&p->report, &p->heap, &p->groups, &p->old.groups, 0, &e), &e);
	check(report_seal(&p->report, &e), &e);
	p->t = report_table(&p->report, "growth_tree");
	assert_non_null(p->t);
}

static void release(struct trees *p)
{
	report_release(&p->report);
	groups_release(&p->groups);
	heap_release(&p->heap);
	digest_release(&p->old);
	run_release(&p->run);
	assert_int_equal(p->run.mem.used_bytes, 0);
}

static int64_t at(const struct table *t, size_t row, const char *key)
{
	int c = table_column(t, key);

	assert_true(c >= 0);
	return table_row(t, row)[c].i;
}

static int has_children(const struct table *t, size_t row)
{
	return row + 1 < t->n_rows && at(t, row + 1, "parent") == (int64_t)row;
}

static int64_t below(const struct table *t, size_t row, const char *key)
{
	int64_t sum = 0;

	for (size_t i = row + 1; i < t->n_rows; i++)
		if (at(t, i, "parent") == (int64_t)row)
			sum += at(t, i, key);
	return sum;
}

static void check_growth_row(const struct table *t, size_t row)
{
	int64_t own = at(t, row, "self_delta_bytes"), delta = at(t, row, "delta_bytes");

	assert_int_equal(delta, at(t, row, "after_bytes") - at(t, row, "before_bytes"));
	assert_int_equal(delta, at(t, row, "grown_bytes") - at(t, row, "shrunk_bytes"));
	if (!has_children(t, row))
		return;
	assert_int_equal(delta, own + below(t, row, "delta_bytes"));
	assert_int_equal(at(t, row, "grown_bytes"), (own > 0 ? own : 0) + below(t, row, "grown_bytes"));
	assert_int_equal(at(t, row, "shrunk_bytes"), (own < 0 ? -own : 0) + below(t, row, "shrunk_bytes"));
}

static void check_growth(const char *before, const char *after)
{
	struct trees p;

	grow(&p, before, after);
	for (size_t row = 0; row < p.t->n_rows; row++)
		check_growth_row(p.t, row);
	assert_int_equal(at(p.t, 0, "after_bytes"), p.heap.retained[p.heap.root]);
	assert_int_equal(at(p.t, 0, "before_bytes"), p.old.groups.all[0].retained_bytes);
	release(&p);
}

static void growth_adds_up(void **state)
{
	(void)state;
	check_growth(FIXTURES "vectors/a.heapsnapshot", FIXTURES "vectors/b.heapsnapshot");
	check_growth(SAMPLES "leaky-server.before.heapsnapshot.zst", SAMPLES "leaky-server.later.heapsnapshot.zst");
	check_growth(SAMPLES "leaky-server.later.heapsnapshot.zst", SAMPLES "leaky-server.before.heapsnapshot.zst");
	check_growth(SAMPLES "deploy.v1.heapsnapshot.zst", SAMPLES "deploy.v2.heapsnapshot.zst");
}

static void the_leaking_map_has_one_row_below_it(void **state)
{
	struct trees p;
	int found = 0;

	(void)state;
	grow(&p, SAMPLES "leaky-server.before.heapsnapshot.zst", SAMPLES "leaky-server.later.heapsnapshot.zst");
	for (size_t row = 0; row < p.t->n_rows; row++) {
		const struct node_ref *node = table_row(p.t, row)[table_column(p.t, "node")].node;

		if (!node || !str_is(node->class, "Session"))
			continue;
		found++;
		assert_int_equal(at(p.t, row, "count_before"), 300);
		assert_int_equal(at(p.t, row, "count_after"), 4300);
		assert_int_equal(node->name.n, 0);
	}
	assert_int_equal(found, 1);
	release(&p);
}

static void make_in_slices(const struct heap *h, unsigned n, struct groups *out)
{
	struct err e = ERR_INIT;
	struct groups_work w;

	check(groups_begin(&w, h, 1, n, &e), &e);
	/* in the wrong order, as threads may do it */
	for (unsigned i = w.n_slices; i-- > 0;)
		check(groups_slice(&w, i, &e), &e);
	check(groups_end(&w, out, 0, &e), &e);
}

static void assert_same_groups(const struct heap *h, const struct groups *a, const struct groups *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t k = 0; k < a->n; k++) {
		const struct group *x = &a->all[k], *y = &b->all[k];

		assert_true(x->signature == y->signature && x->parent == y->parent && x->count == y->count);
		assert_true(x->self_bytes == y->self_bytes && x->retained_bytes == y->retained_bytes);
		assert_true(x->sample == y->sample && x->sample_bytes == y->sample_bytes);
		assert_true(x->largest == y->largest && x->largest_bytes == y->largest_bytes);
	}
	assert_memory_equal(a->of_node, b->of_node, h->n_nodes * sizeof(*a->of_node));
}

/* However the tree's order is cut, the groups are the same and in the same order. */
static void slices_change_nothing(void **state)
{
	static const char *const files[] = { FIXTURES "vectors/a.heapsnapshot", SAMPLES "leaky-server.after.heapsnapshot.zst" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct groups whole, cut;
		struct heap h;
		struct run run;

		run_init(&run, 2, 0);
		load(&run, &h, files[i], 0);
		make_in_slices(&h, 1, &whole);
		for (unsigned n = 2; n <= GROUPS_MAX_SLICES; n++) {
			make_in_slices(&h, n, &cut);
			assert_same_groups(&h, &whole, &cut);
			groups_release(&cut);
		}
		groups_release(&whole);
		heap_release(&h);
		run_release(&run);
		assert_int_equal(run.mem.used_bytes, 0);
	}
}

/* A pair of the same file: nothing to draw but the heap itself. */
static void nothing_changed(void **state)
{
	struct trees p;

	(void)state;
	grow(&p, FIXTURES "vectors/a.heapsnapshot", FIXTURES "vectors/a.heapsnapshot");
	assert_int_equal(at(p.t, 0, "grown_bytes"), 0);
	assert_int_equal(at(p.t, 0, "shrunk_bytes"), 0);
	release(&p);
}

static void composition_adds_up(void **state)
{
	struct err e = ERR_INIT;
	struct groups groups;
	const struct table *t;
	struct report r;
	struct heap h;
	struct run run;

	(void)state;
	run_init(&run, 2, 0);
	load(&run, &h, SAMPLES "leaky-server.after.heapsnapshot.zst", 0);
	report_init(&r, &run.mem);
	name_report(&r, 1);
	check(groups_make(&groups, &h, 0, &e), &e);
	check(report_add_composition(&r, &h, &groups, 0, &e), &e);
	check(report_seal(&r, &e), &e);
	t = report_table(&r, "composition");
	assert_true(t->n_rows > 100);
	for (size_t row = 0; row < t->n_rows; row++)
		if (has_children(t, row))
			assert_int_equal(at(t, row, "retained_bytes"),
					 at(t, row, "self_bytes") + below(t, row, "retained_bytes"));
	assert_int_equal(at(t, 0, "retained_bytes"), h.retained[h.root]);
	groups_release(&groups);
	report_release(&r);
	heap_release(&h);
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
}

/* The value of the profile that `render` makes of the report, read back. */
static int64_t written(const struct report *r, int (*render)(const struct report *, const struct render_options *,
			struct strbuf *, struct err *), const char *value)
{
	struct render_options ro = { .rows = 0 };
	struct profile_load_options o = { .value_type = value };
	struct err e = ERR_INIT;
	struct strbuf out;
	struct profile p;
	struct run run;
	int64_t total = 0;

	run_init(&run, 1, 0);
	strbuf_init(&out, &run.mem);
	check(render(r, &ro, &out, &e), &e);
	check(profile_load_memory(&p, &run, strbuf_str(&out), out.len, &o, &e), &e);
	for (size_t i = 0; i < p.n_sums; i++)
		total += profile_sum_value(&p, i, p.shown);
	profile_release(&p);
	strbuf_release(&out);
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
	return total;
}

static void profiles_of_growth_keep_every_byte(void **state)
{
	struct trees p;
	int64_t before, after;

	(void)state;
	grow(&p, SAMPLES "leaky-server.before.heapsnapshot.zst", SAMPLES "leaky-server.after.heapsnapshot.zst");
	before = at(p.t, 0, "before_bytes");
	after = at(p.t, 0, "after_bytes");
	assert_int_equal(after, (int64_t)p.heap.retained[p.heap.root]);
	assert_int_equal(written(&p.report, render_folded, "before"), before);
	assert_int_equal(written(&p.report, render_folded, "after"), after);
	assert_int_equal(written(&p.report, render_pprof, "space"), after - before);
	assert_int_equal(written(&p.report, render_speedscope, NULL),
			 before + after + at(p.t, 0, "grown_bytes") + at(p.t, 0, "shrunk_bytes"));
	release(&p);
}

/* Each allocation of writing a profile fails in turn. */
static void profiles_survive_refused_allocations(void **state)
{
	int (*const renders[])(const struct report *, const struct render_options *, struct strbuf *, struct err *) = {
		render_folded, render_speedscope, render_pprof,
	};
	struct render_options o = { .rows = 0 };
	struct trees p;

	(void)state;
	grow(&p, FIXTURES "vectors/a.heapsnapshot", FIXTURES "vectors/b.heapsnapshot");
	for (size_t i = 0; i < 3; i++) {
		int rc = ERR_MEMORY;

		for (int64_t n = 1; rc; n++) {
			struct err e = ERR_INIT;
			struct strbuf out;

			strbuf_init(&out, p.report.mem);
			atomic_store(&p.report.mem->fail_after, n);
			rc = renders[i](&p.report, &o, &out, &e);
			atomic_store(&p.report.mem->fail_after, 0);
			strbuf_release(&out);
			assert_true(!rc || rc == ERR_MEMORY);
			assert_true(n < 10000);
		}
	}
	release(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(growth_adds_up),
		cmocka_unit_test(the_leaking_map_has_one_row_below_it),
		cmocka_unit_test(nothing_changed),
		cmocka_unit_test(slices_change_nothing),
		cmocka_unit_test(composition_adds_up),
		cmocka_unit_test(profiles_of_growth_keep_every_byte),
		cmocka_unit_test(profiles_survive_refused_allocations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
