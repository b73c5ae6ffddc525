/* What goes into a number table comes out again, in little memory; so it is with runs. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/profile_runs.h"
#include "base/number_table.h"

/* Ways in which columns look: `v(i)` is number i. */
static int64_t constant(uint64_t i) { (void)i; return -7; }
static int64_t rising(uint64_t i) { return (int64_t)i; }
static int64_t narrow(uint64_t i) { return 1000000 + (int64_t)(i * 2654435761u % 200); }
static int64_t thousands(uint64_t i) { return 900000 + (int64_t)(i * 2654435761u % 500) * 1000; }
static int64_t nearly_thousands(uint64_t i) { return thousands(i) + (i % NUMBER_BLOCK == 1000); }
static int64_t around_zero(uint64_t i) { return (int64_t)(i * 2654435761u % 70001) - 35000; }
/* far apart, but near where numbers wrap: differences are small */
static int64_t wrapping(uint64_t i) { return i % 3 ? INT64_MAX - (int64_t)i : INT64_MIN + (int64_t)i; }
static int64_t random_bits(uint64_t i) { return (int64_t)((i + 1) * 0x9e3779b97f4a7c15u); }
/* 5, and one number that is so far from it that 32 bits with a sign just hold the difference, or just do not */
static int64_t one_at(uint64_t i, int64_t away) { return i % NUMBER_BLOCK == 9 ? 5 + away : 5; }
static int64_t above(uint64_t i) { return one_at(i, INT32_MAX); }
static int64_t far_above(uint64_t i) { return one_at(i, (int64_t)INT32_MAX + 1); }
static int64_t below(uint64_t i) { return one_at(i, INT32_MIN); }
static int64_t far_below(uint64_t i) { return one_at(i, (int64_t)INT32_MIN - 1); }
static int64_t both(uint64_t i) { return i % NUMBER_BLOCK == 3 ? below(9) : above(i); }

static int64_t (*const shapes[])(uint64_t) = { constant, rising, narrow, thousands, nearly_thousands, around_zero, wrapping,
					       random_bits, above, far_above, below, far_below, both };
#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void fill(struct number_table *t, size_t first_shape, size_t n)
{
	struct err e = ERR_INIT;
	unsigned row = 0;

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(number_table_add(t, &row, &e), 0);
		for (unsigned c = 0; c < t->n_columns; c++)
			t->open[c][row] = shapes[(first_shape + c) % N_SHAPES](i);
	}
	assert_int_equal(number_table_n(t), n);
}

static void assert_rest(struct number_reader *r, size_t first_shape, size_t at, size_t n)
{
	unsigned row = 0;

	for (; at < n; at++) {
		assert_true(number_reader_next(r, &row));
		for (unsigned c = 0; c < r->t->n_columns; c++)
			assert_true(r->values[c][row] == shapes[(first_shape + c) % N_SHAPES](at));
	}
	assert_false(number_reader_next(r, &row));
}

static void comes_out_as_it_went_in(void **state)
{
	static const size_t lengths[] = { 0, 1, NUMBER_BLOCK - 1, NUMBER_BLOCK, NUMBER_BLOCK + 1, 5 * NUMBER_BLOCK + 77 };
	static struct number_reader r;
	struct number_table t;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (size_t shape = 0; shape < N_SHAPES; shape++) {
			number_table_init(&t, &m, NUMBER_MAX_COLUMNS);
			fill(&t, shape, lengths[i]);
			number_reader_init(&r, &t);
			assert_rest(&r, shape, 0, lengths[i]);
			for (size_t at = 0; at <= lengths[i]; at += 333) {
				number_reader_seek(&r, at);
				assert_rest(&r, shape, at, lengths[i]);
			}
			number_reader_init_dropping(&r, &t);
			assert_rest(&r, shape, 0, lengths[i]);
			number_table_clear(&t);
			assert_int_equal(number_table_n(&t), 0);
			fill(&t, shape, 3);
			number_table_release(&t);
		}
	assert_int_equal(m.used_bytes, 0);
}

static uint64_t bytes_for(size_t shape, size_t blocks)
{
	struct number_table t;
	struct mem m;
	uint64_t bytes;

	mem_init(&m, 0);
	number_table_init(&t, &m, 1);
	fill(&t, shape, blocks * NUMBER_BLOCK + 1);
	bytes = m.used_bytes - NUMBER_BLOCK * sizeof(int64_t) - t.capacity * sizeof(void *);
	number_table_release(&t);
	assert_int_equal(m.used_bytes, 0);
	return bytes / blocks;
}

/* Bytes of a block, its header apart. */
static void takes_little(void **state)
{
	static const unsigned widths[N_SHAPES] = { 0, 2, 1, 2, 4, 4, 2, 8, 4, 8, 4, 8, 4 };

	(void)state;
	for (size_t shape = 0; shape < N_SHAPES; shape++)
		assert_in_range(bytes_for(shape, 8), widths[shape] * NUMBER_BLOCK, widths[shape] * NUMBER_BLOCK + 128);
}

/* A reader that drops gives back the blocks behind it. */
static void drops_behind(void **state)
{
	static struct number_reader r;
	struct number_table t;
	struct mem m;
	uint64_t all;
	unsigned row = 0;

	(void)state;
	mem_init(&m, 0);
	number_table_init(&t, &m, 1);
	fill(&t, 7, 100 * NUMBER_BLOCK);
	all = m.used_bytes;
	number_reader_init_dropping(&r, &t);
	for (size_t i = 0; i < 51 * NUMBER_BLOCK; i++)
		assert_true(number_reader_next(&r, &row));
	assert_true(m.used_bytes < all * 6 / 10);
	number_table_release(&t);
	assert_int_equal(m.used_bytes, 0);
}

#define RUNS 5000

static struct profile_run run_at(size_t i)
{
	struct profile_run r = { .start_ns = (int64_t)i * 1000, .ns = 1000, .stack = (uint32_t)(i * 7919 % 901),
				 .thread = (uint32_t)(i / 4000), .samples = 1 + (uint32_t)(i % 3) };

	if (i % 100 == 99)
		r.ns = 300; /* a gap follows */
	return r;
}

static void assert_run(const struct profile_run *a, const struct profile_run *b)
{
	assert_true(a->start_ns == b->start_ns && a->ns == b->ns && a->stack == b->stack && a->thread == b->thread &&
		    a->samples == b->samples);
}

static void add_run(struct profile_runs *runs, const struct profile_run *run)
{
	struct err e = ERR_INIT;

	assert_int_equal(profile_runs_add(runs, run, &e), 0);
}

static void runs_come_back(void **state)
{
	static struct run_reader reader;
	struct profile_run run, want;
	struct profile_runs runs;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	profile_runs_init(&runs, &m);
	assert_int_equal(profile_runs_end(&runs), 0);
	for (size_t i = 0; i < RUNS; i++) {
		want = run_at(i);
		add_run(&runs, &want);
	}
	assert_int_equal(runs.n, RUNS);
	assert_int_equal(profile_runs_end(&runs), RUNS * 1000 - 700);
	for (size_t first = 0; first < RUNS; first += 499) {
		run_reader_init_at(&reader, &runs, first, RUNS - first, run_at(first).start_ns);
		for (size_t i = first; i < RUNS; i++) {
			want = run_at(i);
			assert_true(run_reader_next(&reader, &run));
			assert_run(&run, &want);
		}
		assert_false(run_reader_next(&reader, &run));
	}
	profile_runs_release(&runs);
	assert_int_equal(m.used_bytes, 0);
}

static void runs_join(void **state)
{
	static struct run_reader reader;
	struct profile_run rows[] = { { 0, 10, 1, 0, 1 }, { 10, 5, 1, 0, 2 }, { 16, 5, 1, 0, 1 }, { 21, 5, 1, 1, 1 } }, run;
	struct profile_runs runs;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	profile_runs_init(&runs, &m);
	for (size_t i = 0; i < 4; i++)
		add_run(&runs, &rows[i]);
	assert_int_equal(runs.n, 3);
	run_reader_init(&reader, &runs);
	assert_true(run_reader_next(&reader, &run));
	assert_run(&run, &(struct profile_run){ 0, 15, 1, 0, 3 });
	profile_runs_release(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_out_as_it_went_in), cmocka_unit_test(takes_little), cmocka_unit_test(drops_behind),
		cmocka_unit_test(runs_come_back), cmocka_unit_test(runs_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
