/* A comparison's laws: nothing against itself, and the other way round everything with the other sign. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/compare.h"
#include "analyzer/growth.h"
#include "mkheap_text.h"

#define FIXTURES SOURCE_DIR "/tests/fixtures/"

/* One comparison with all that it hangs on. */
struct pair {
	struct run run;
	struct digest old;
	struct heap heap;
	struct match match;
	struct compare compare;
	struct growth growth;
	struct groups groups;
};

static void check(int rc, const struct err *e)
{
	if (rc)
		fail_msg("%s: %s", e->file, e->text);
}

static void load(struct run *run, struct heap *h, const char *name, int keep_shapes)
{
	struct heap_load_options o = { 0 };
	struct err e = ERR_INIT;
	char path[512];

	snprintf(path, sizeof(path), FIXTURES "%s", name);
	check(heap_load(h, run, path, &o, &e), &e);
	h->keep_shapes = keep_shapes;
	check(heap_analyze(h, &e), &e);
}

static void digest_old(struct pair *p, struct heap *old)
{
	struct err e = ERR_INIT;

	check(digest_make(&p->old, old, &e), &e);
	heap_release(old);
}

/* The digest of the one with the heap of the other. */
static void compare_loaded(struct pair *p, enum match_mode mode)
{
	struct err e = ERR_INIT;

	check(match_make(&p->match, &p->old, &p->heap, mode, &e), &e);
	check(digest_sum(&p->old, &e), &e);
	check(compare_make(&p->compare, &p->old, &p->heap, &p->match, 1, &e), &e);
	if (p->match.mode == MATCH_STRUCTURE)
		check(groups_make(&p->groups, &p->heap, 1, &e), &e);
	check(growth_find(&p->growth, &p->old, &p->heap, &p->match,
			  p->match.mode == MATCH_STRUCTURE ? &p->groups : NULL, &e),
	      &e);
}

static void compare(struct pair *p, const char *before, const char *after, enum match_mode mode)
{
	struct heap h;

	memset(p, 0, sizeof(*p));
	run_init(&p->run, 2, 0);
	load(&p->run, &h, before, 1);
	digest_old(p, &h);
	load(&p->run, &p->heap, after, 0);
	compare_loaded(p, mode);
}

static void release(struct pair *p)
{
	growth_release(&p->growth);
	groups_release(&p->groups);
	compare_release(&p->compare);
	match_release(&p->match);
	heap_release(&p->heap);
	digest_release(&p->old);
	run_release(&p->run);
	assert_int_equal(p->run.mem.used_bytes, 0);
}

static const char *const files[] = { "vectors/a.heapsnapshot",	      "vectors/t5.heapsnapshot",
				     "node20-before.heapsnapshot.zst", "node24-after.heapsnapshot.zst",
				     "node26-both.heapsnapshot.zst",   "chromium-after.heapsnapshot.zst" };

static void a_snapshot_does_not_differ_from_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		for (int mode = MATCH_ID; mode <= MATCH_STRUCTURE; mode++) {
			struct pair p;

			compare(&p, files[i], files[i], (enum match_mode)mode);
			assert_int_equal(p.compare.added + p.compare.removed + p.compare.grown, 0);
			assert_int_equal(p.growth.n, 0);
			assert_int_equal(p.growth.total_bytes, 0);
			for (size_t k = 0; k < p.compare.n; k++) {
				const struct class_row *r = &p.compare.rows[k];

				assert_int_equal(r->count_before, r->count_after);
				assert_int_equal(r->self_before, r->self_after);
				assert_int_equal(r->retained_before, r->retained_after);
			}
			release(&p);
		}
	}
}

/* Sums over all classes: class by class the rows need not mirror, because interfaces are always those of the newer file. */
static void the_other_way_round_everything_changes_sign(void **state)
{
	static const char *const pairs[][2] = {
		{ "vectors/a.heapsnapshot", "vectors/b.heapsnapshot" },
		{ "node20-before.heapsnapshot.zst", "node20-after.heapsnapshot.zst" },
		{ "node22-before.heapsnapshot.zst", "node22-after.heapsnapshot.zst" },
		{ "node26-before.heapsnapshot.zst", "node26-after.heapsnapshot.zst" },
		{ "chromium-before.heapsnapshot.zst", "chromium-after.heapsnapshot.zst" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct pair there, back;

		compare(&there, pairs[i][0], pairs[i][1], MATCH_AUTO);
		compare(&back, pairs[i][1], pairs[i][0], MATCH_AUTO);
		assert_int_equal(there.match.mode, MATCH_ID);
		assert_int_equal(there.match.n_common, back.match.n_common);
		assert_int_equal(there.growth.total_bytes, -back.growth.total_bytes);
		assert_int_equal((int64_t)there.compare.added - (int64_t)there.compare.removed,
				 (int64_t)back.compare.removed - (int64_t)back.compare.added);
		assert_int_equal((int64_t)there.compare.added_bytes - (int64_t)there.compare.removed_bytes +
					 there.compare.grown_bytes,
				 (int64_t)back.compare.removed_bytes - (int64_t)back.compare.added_bytes -
					 back.compare.grown_bytes);
		release(&there);
		release(&back);
	}
}

/* New less deleted and grown is the change of the heap, to the byte. */
static void rows_add_up_to_the_change_of_the_heap(void **state)
{
	struct pair p;

	(void)state;
	compare(&p, "node24-before.heapsnapshot.zst", "node24-after.heapsnapshot.zst", MATCH_AUTO);
	assert_true(p.growth.total_bytes > 0);
	assert_int_equal((int64_t)p.compare.added_bytes - (int64_t)p.compare.removed_bytes + p.compare.grown_bytes,
			 p.growth.total_bytes);
	assert_true(p.growth.n > 0);
	release(&p);
}

static void two_processes_are_told_from_one(void **state)
{
	struct pair p;

	(void)state;
	compare(&p, "node24-before.heapsnapshot.zst", "node26-after.heapsnapshot.zst", MATCH_AUTO);
	assert_int_equal(p.match.mode, MATCH_STRUCTURE);
	assert_true(p.match.n_same * 100 < p.match.n_common * 97);
	release(&p);
	compare(&p, "../../samples/deploy.v1.heapsnapshot.zst", "../../samples/deploy.v2.heapsnapshot.zst", MATCH_AUTO);
	assert_int_equal(p.match.mode, MATCH_STRUCTURE);
	release(&p);
}

static void load_text(struct pair *p, struct heap *h, struct strbuf *text)
{
	static struct mkheap_text parsed;

	memset(&parsed, 0, sizeof(parsed));
	mkheap_parse(&parsed, strbuf_str(text));
	strbuf_release(text);
	mkheap_load(&parsed.heap, &p->run, h);
}

/* Two snapshots, made by `make` with a number for each. By id: nodes that come in the same order are the same. */
static void compare_made(struct pair *p, void (*make)(struct pair *, struct heap *, unsigned), unsigned before, unsigned after,
			 enum match_mode mode)
{
	struct heap h;

	memset(p, 0, sizeof(*p));
	run_init(&p->run, 1, 0);
	make(p, &h, before);
	digest_old(p, &h);
	make(p, &p->heap, after);
	compare_loaded(p, mode);
}

/* A registry that keeps `n` jobs by their names in an object, whose own size grows with it. */
static void load_registry(struct pair *p, struct heap *h, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addf(&text, "root -> registry; registry object 24 \"Registry\"; registry -jobs-> jobs; jobs object %u \"Registry\"", 24 * n);
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&text, "; jobs -%c%c-> j%u; j%u object 40 \"Job\"", 'a' + i / 26, 'a' + i % 26, i, i);
	load_text(p, h, &text);
}

/* The keys say nothing about where a job belongs, and what grew is the object whose size it is, not the like around it. */
static void the_keys_of_a_table_are_no_structure(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_registry, 40, 100, MATCH_STRUCTURE);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(heap_self(&p.heap, p.growth.points[0].at.node), 2400);
	assert_int_equal(p.growth.points[0].delta_bytes, 60 * (24 + 40));
	assert_int_equal(p.growth.points[0].n_items, 1);
	assert_int_equal(p.growth.points[0].items[0].count, 60);
	assert_int_equal(p.growth.points[0].items[0].self_bytes, 60 * 40);
	release(&p);
}

/* A queue for the port that the process happens to have. */
static void load_queue(struct pair *p, struct heap *h, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addf(&text, "root -> agent; agent object 24 \"Agent\"; agent -port%u-> queue; queue object 16 \"Queue\"", 35000 + n * 7);
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&text, "; queue -element:%u-> r%u; r%u object 400 \"Request\"", i, i, i);
	load_text(p, h, &text);
}

static void numbers_in_names_are_no_structure(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_queue, 20, 50, MATCH_STRUCTURE);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(p.growth.points[0].before_bytes, 16 + 20 * 400);
	assert_int_equal(p.growth.points[0].items[0].count, 30);
	release(&p);
}

/* Twelve rooms with `n` guests each, in objects that are alike. */
static void load_rooms(struct pair *p, struct heap *h, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addstr(&text, "root -> house; house object 24 \"House\"");
	for (unsigned room = 0; room < 12; room++) {
		strbuf_addf(&text, "; house -element:%u-> s%u; s%u object 16 \"Seats\"", room, room, room);
		for (unsigned i = 0; i < n; i++)
			strbuf_addf(&text, "; s%u -element:%u-> g%u_%u; g%u_%u object 500 \"Guest\"", room, i, room, i, room, i);
	}
	load_text(p, h, &text);
}

static void many_alike_that_grow_are_one_point(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_rooms, 4, 10, MATCH_STRUCTURE);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(heap_self(&p.heap, p.growth.points[0].at.node), 16);
	assert_int_equal(p.growth.points[0].n_others, 11);
	assert_int_equal(p.growth.points[0].delta_bytes, 12 * 6 * 500);
	assert_int_equal(p.growth.points[0].before_bytes, 12 * (16 + 4 * 500));
	assert_int_equal(p.growth.points[0].after_bytes, 12 * (16 + 10 * 500));
	assert_int_equal(p.growth.points[0].items[0].count, 72);
	release(&p);
}

/* The same with objects that keep their ids; the first room has a guest more each time. */
static void load_rooms_in_turn(struct pair *p, struct heap *h, unsigned rooms, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addstr(&text, "root -> house; house object 24 \"House\"");
	for (unsigned room = 0; room < rooms; room++)
		strbuf_addf(&text, "; house -element:%u-> s%u; s%u object 16 \"Seats\"", room, room, room);
	for (unsigned i = 0; i < n; i++)
		for (unsigned guest = 0; guest <= rooms; guest++)
			strbuf_addf(&text, "; s%u -element:%u-> g%u_%u; g%u_%u object 200 \"Guest\"", guest % rooms,
				    i * 2 + guest / rooms, guest, i, guest, i);
	load_text(p, h, &text);
}

static void load_twelve_rooms(struct pair *p, struct heap *h, unsigned n)
{
	load_rooms_in_turn(p, h, 12, n);
}

static void load_three_rooms(struct pair *p, struct heap *h, unsigned n)
{
	load_rooms_in_turn(p, h, 3, n);
}

static void objects_that_are_alike_are_one_point(void **state)
{
	const struct growth_point *x;
	struct pair p;

	(void)state;
	compare_made(&p, load_twelve_rooms, 4, 10, MATCH_ID);
	x = &p.growth.points[0];
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(x->n_others, 11);
	assert_int_equal(x->delta_bytes, 13 * 6 * 200);
	assert_int_equal(x->exclusive_bytes, x->delta_bytes);
	assert_int_equal(p.heap.retained[x->at.node], 16 + 2 * 10 * 200);
	assert_int_equal(x->before_bytes, 12 * 16 + 13 * 4 * 200);
	assert_int_equal(x->after_bytes, 12 * 16 + 13 * 10 * 200);
	assert_int_equal(x->items[0].count, 13 * 6);
	assert_int_equal(x->items[0].retained_bytes, 13 * 6 * 200);
	release(&p);
}

static void of_a_few_each_is_a_point_of_its_own(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_three_rooms, 4, 10, MATCH_ID);
	assert_int_equal(p.growth.n, 3);
	assert_int_equal(p.growth.points[0].n_others, 0);
	assert_int_equal(p.growth.points[0].delta_bytes, 2 * 6 * 200);
	assert_int_equal(p.growth.points[1].delta_bytes, 6 * 200);
	release(&p);
}

/* `guests` of a type, so that those of the other type are others whatever their ids. */
static void add_guests(struct strbuf *text, unsigned room, const char *type)
{
	for (unsigned i = 0; i < 6; i++)
		strbuf_addf(text, "; s%u -element:%u-> %s%u_%u; %s%u_%u %s 200 \"Guest\"", room, i, type, room, i, type, room, i,
			    type);
}

/* At first the guests are in the second half of the rooms, then in the first, where there may be one more. */
static void load_moving_guests(struct pair *p, struct heap *h, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addstr(&text, "root -> house; house object 24 \"House\"");
	for (unsigned room = 0; room < 12; room++)
		strbuf_addf(&text, "; house -element:%u-> s%u; s%u object 16 \"Seats\"", room, room, room);
	for (unsigned room = 0; room < 6; room++)
		add_guests(&text, n ? room : room + 6, n ? "object" : "closure");
	for (unsigned i = 1; i < n; i++)
		strbuf_addf(&text, "; s0 -element:%u-> more%u; more%u object 200 \"Guest\"", 6 + i, i, i);
	load_text(p, h, &text);
}

static void what_some_got_and_others_lost_is_no_growth(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_moving_guests, 0, 1, MATCH_ID);
	assert_int_equal(p.growth.n, 0);
	release(&p);
	compare_made(&p, load_moving_guests, 0, 11, MATCH_ID);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(p.growth.points[0].n_others, 11);
	assert_int_equal(p.growth.points[0].delta_bytes, 10 * 200);
	release(&p);
}

/*
 * Every room has a topic; then each has another and larger one. `n` strings take the ids of the old. With more than one for each
 * room the heap is small, else there is much else in it.
 */
static void load_topics(struct pair *p, struct heap *h, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addstr(&text, "root -> house; house object 24 \"House\"");
	for (unsigned room = 0; room < 12; room++)
		strbuf_addf(&text, "; house -element:%u-> s%u; s%u object 16 \"Room\"", room, room, room);
	strbuf_addf(&text, "; root -> else; else object %u", n > 12 ? 0 : 1000000);
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&text, "; root -> pad%u; pad%u string 1", i, i);
	for (unsigned room = 0; room < 12; room++)
		strbuf_addf(&text, "; s%u -topic-> t%u; t%u object %u \"Topic\"", room, room, room, n ? 300 : 100);
	load_text(p, h, &text);
}

static void other_values_in_fields_are_no_growth(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_topics, 0, 12, MATCH_ID);
	assert_int_equal(p.growth.total_bytes, 12 * 200 + 12);
	assert_int_equal(p.growth.n, 0);
	release(&p);
	compare_made(&p, load_topics, 0, 13, MATCH_ID);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(p.growth.points[0].n_others, 11);
	assert_int_equal(p.growth.points[0].delta_bytes, 12 * 200);
	release(&p);
}

/* Timers in a ring, the newest in front, each with what it keeps: new ones hang on the ring's head and on the newest old one. */
static void load_timers(struct pair *p, struct heap *h, unsigned n)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addf(&text, "root -> timers; timers object 16 \"Timers\"");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&text, "; t%u object 40 \"Timer\"; t%u -store-> c%u; c%u object 60 \"Context\"", i, i, i, i);
	for (unsigned i = 0; i + 1 < n; i++)
		strbuf_addf(&text, "; t%u -next-> t%u; t%u -previous-> t%u", i + 1, i, i, i + 1);
	strbuf_addf(&text, "; t0 -next-> timers; timers -next-> t%u; t%u -previous-> timers; timers -previous-> t0", n - 1, n - 1);
	load_text(p, h, &text);
}

/* Both ends are of one list, so nothing is shared, and no element of it is where the growth is. */
static void a_ring_grows_in_one_place(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_timers, 12, 40, MATCH_ID);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(heap_self(&p.heap, p.growth.points[0].at.node), 16);
	assert_int_equal(p.growth.points[0].exclusive_bytes, 28 * (40 + 60));
	assert_int_equal(p.growth.points[0].shared_bytes, 0);
	assert_int_equal(p.growth.points[0].before_bytes, 16 + 12 * (40 + 60));
	assert_int_equal(p.growth.points[0].items[0].count, 28);
	release(&p);
}

/* A list in a variable, linked both ways, the newest first; with `blob` the variable beside it gets something large. */
static void make_log(struct pair *p, struct heap *h, unsigned n, const char *blob)
{
	struct strbuf text;

	strbuf_init(&text, &p->run.mem);
	strbuf_addf(&text, "root -> scope; scope object 24 \"system / Context\"");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(&text, "; l%u object 100 \"Line\"", i);
	for (unsigned i = 0; i + 1 < n; i++)
		strbuf_addf(&text, "; l%u -older-> l%u; l%u -newer-> l%u", i + 1, i, i, i + 1);
	strbuf_addf(&text, "; scope -newest-> l%u%s", n - 1, blob);
	load_text(p, h, &text);
}

static void load_log(struct pair *p, struct heap *h, unsigned n)
{
	make_log(p, h, n, "");
}

static void load_log_and_blob(struct pair *p, struct heap *h, unsigned n)
{
	make_log(p, h, n, n > 20 ? "; scope -blob-> b; b string 5000 \"text\"" : "");
}

/* The variable's scope and the newest old line hold the new ones; the list is named by its first line, then as now. */
static void a_list_in_a_variable_grows_in_one_place(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_log, 12, 40, MATCH_ID);
	assert_int_equal(p.growth.n, 1);
	assert_int_equal(p.growth.points[0].exclusive_bytes, 28 * 100);
	assert_int_equal(p.growth.points[0].shared_bytes, 0);
	assert_int_equal(heap_self(&p.heap, p.growth.points[0].at.node), 100);
	assert_int_equal(p.growth.points[0].before_bytes, 12 * 100);
	assert_int_equal(p.growth.points[0].after_bytes, 40 * 100);
	release(&p);
}

/* What else a scope got is not the list's. */
static void a_list_does_not_grow_by_its_neighbours(void **state)
{
	struct pair p;

	(void)state;
	compare_made(&p, load_log_and_blob, 12, 40, MATCH_ID);
	assert_int_equal(p.growth.n, 2);
	assert_int_equal(heap_self(&p.heap, p.growth.points[0].at.node), 24);
	assert_int_equal(p.growth.points[0].exclusive_bytes, 5000);
	assert_int_equal(p.growth.points[1].shared_bytes, 28 * 100 / 2);
	release(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_does_not_differ_from_itself),
		cmocka_unit_test(the_other_way_round_everything_changes_sign),
		cmocka_unit_test(rows_add_up_to_the_change_of_the_heap),
		cmocka_unit_test(two_processes_are_told_from_one),
		cmocka_unit_test(the_keys_of_a_table_are_no_structure),
		cmocka_unit_test(numbers_in_names_are_no_structure),
		cmocka_unit_test(many_alike_that_grow_are_one_point),
		cmocka_unit_test(objects_that_are_alike_are_one_point),
		cmocka_unit_test(of_a_few_each_is_a_point_of_its_own),
		cmocka_unit_test(what_some_got_and_others_lost_is_no_growth),
		cmocka_unit_test(other_values_in_fields_are_no_growth),
		cmocka_unit_test(a_ring_grows_in_one_place),
		cmocka_unit_test(a_list_in_a_variable_grows_in_one_place),
		cmocka_unit_test(a_list_does_not_grow_by_its_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
