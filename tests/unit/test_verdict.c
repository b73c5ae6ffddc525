/* What a suspect's figures are taken for, without a heap behind them. */
#include "unit.h"

#include "analyzer/leaks/verdict.h"

#define MOST 4

struct figures {
	size_t n;
	uint64_t counts[MOST], retained[MOST];
	uint64_t kept, delta_bytes;
};

static enum verdict judge(struct figures f)
{
	struct err e = ERR_INIT;
	struct run run;
	struct arena arena;
	struct comparison c = { .n = f.n };
	struct growth_point point = { 0 };
	struct suspect s = { .c = &c, .point = &point, .item = NO_NODE, .counts = f.counts, .retained = f.retained,
			     .n_items = f.counts[f.n - 1], .kept = f.kept, .delta_bytes = (int64_t)f.delta_bytes };
	struct opinion o = { .arena = &arena, .e = &e, .function = NO_NODE, .place_of = NO_NODE };
	struct heap h = { 0 };
	unsigned confidence;
	enum verdict v;

	run_init(&run, 1, 0);
	arena_init(&arena, &run.mem);
	strbuf_init(&o.scratch, &run.mem);
	h.run = &run;
	s.h = c.last = &h;
	v = verdict_of(&s, &o, 50, &confidence);
	assert_false(o.failed);
	assert_in_range(confidence, 1, 99);
	strbuf_release(&o.scratch);
	arena_release(&arena);
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
	return v;
}

static void what_grows_every_time_leaks(void **state)
{
	(void)state;
	assert_int_equal(judge((struct figures){ 3, { 100, 200, 300 }, { 1000, 2000, 3000 }, 100, 2000 }), VERDICT_LEAK);
	assert_int_equal(judge((struct figures){ 2, { 100, 200 }, { 1000, 2000 }, 100, 1000 }), VERDICT_GROWTH);
	assert_int_equal(judge((struct figures){ 3, { 100, 300, 301 }, { 1000, 3000, 3010 }, 100, 2010 }), VERDICT_BOUNDED);
}

/* A ring of 4,000 entries, all of them new. What is new in it may be more than a tenth: what went was booked elsewhere. */
static void what_is_replaced_is_bounded(void **state)
{
	(void)state;
	assert_int_equal(judge((struct figures){ 2, { 4000, 4000 }, { 192048, 192048 }, 0, 1000 }), VERDICT_BOUNDED);
	assert_int_equal(judge((struct figures){ 2, { 4000, 4000 }, { 192048, 192048 }, 0, 20000 }), VERDICT_BOUNDED);
	/* but not when there are more, when they got larger, or when they are the old ones */
	assert_int_equal(judge((struct figures){ 2, { 3000, 4000 }, { 192048, 192048 }, 0, 20000 }), VERDICT_GROWTH);
	assert_int_equal(judge((struct figures){ 2, { 4000, 4000 }, { 192048, 392048 }, 0, 200000 }), VERDICT_GROWTH);
	assert_int_equal(judge((struct figures){ 2, { 4000, 4000 }, { 192048, 192048 }, 3000, 20000 }), VERDICT_GROWTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_grows_every_time_leaks),
		cmocka_unit_test(what_is_replaced_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
