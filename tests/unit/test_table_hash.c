/* Names and numbers that were made to collide fill a table as evenly as any others. */
#include "unit.h"

#include "base/hash.h"
#include "base/hash_index.h"
#include "base/table_hash.h"
#include "formats/memo.h"

#define N_NAMES 20000

/* How far entries are from where their hashes say, on average. */
static double mean_way(const struct hash_index *x)
{
	double sum = 0;

	for (size_t at = 0; at <= x->mask; at++)
		if (x->slots[at].number)
			sum += (double)((at - (x->slots[at].hash & x->mask)) & x->mask);
	return x->n ? sum / (double)x->n : 0;
}

/* One step of hash_bytes() undone: its state after a word is a bijection of state and word. */
static uint64_t word_that_leads_to(uint64_t state, uint64_t wanted)
{
	uint64_t inverse = 0xff51afd7ed558ccdULL, x = wanted ^ wanted >> 32;

	/* Newton's way to the inverse modulo 2^64 */
	for (int i = 0; i < 6; i++)
		inverse *= 2 - 0xff51afd7ed558ccdULL * inverse;
	return (x * inverse) ^ state;
}

/* A text of sixteen bytes for each number, all with one hash_bytes(). */
static void colliding_text(uint64_t i, unsigned char out[16])
{
	uint64_t first = i * 0x9e3779b97f4a7c15ULL + 1, state = (0x9e3779b97f4a7c15ULL ^ 16) ^ first, second;

	state *= 0xff51afd7ed558ccdULL;
	state ^= state >> 32;
	second = word_that_leads_to(state, 0x1234567800000000ULL);
	memcpy(out, &first, 8);
	memcpy(out + 8, &second, 8);
}

static uint64_t unshift(uint64_t x)
{
	return x ^ x >> 33;
}

static uint64_t inverse_of(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

/* hash_mix() undone. */
static uint64_t number_that_mixes_to(uint64_t x)
{
	x = unshift(x) * inverse_of(0xc4ceb9fe1a85ec53ULL);
	x = unshift(x) * inverse_of(0xff51afd7ed558ccdULL);
	return unshift(x);
}

static void the_attack_works_on_plain_hashes(void **state)
{
	struct err e = ERR_INIT;
	struct hash_index x;
	struct mem m;
	unsigned char text[16];
	uint64_t first;

	(void)state;
	mem_init(&m, 0);
	hash_index_init(&x, &m);
	colliding_text(0, text);
	first = hash_bytes(text, 16);
	for (uint32_t i = 0; i < N_NAMES; i++) {
		colliding_text(i, text);
		assert_int_equal(hash_bytes(text, 16), first);
		assert_int_equal((uint32_t)hash_mix(number_that_mixes_to((uint64_t)i << 32 | 7)), 7);
		assert_int_equal(hash_index_add(&x, hash_bytes(text, 16), i, &e), 0);
	}
	assert_true(mean_way(&x) > N_NAMES / 3.0);
	hash_index_release(&x);
}

static void names_made_to_collide(void **state)
{
	struct err e = ERR_INIT;
	struct memo memo;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	memo_init(&memo, &m);
	for (uint32_t i = 0; i < N_NAMES; i++) {
		unsigned char text[16];
		uint32_t number;

		colliding_text(i, text);
		assert_int_equal(memo_add(&memo, (struct str){ (const char *)text, 16 }, &number, &e), 0);
		assert_int_equal(number, i);
	}
	assert_true(mean_way(&memo.index) < 2);
	memo_release(&memo);
	assert_int_equal(m.used_bytes, 0);
}

static void numbers_made_to_collide(void **state)
{
	struct err e = ERR_INIT;
	struct hash_index x[2];
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	for (int k = 0; k < 2; k++)
		hash_index_init(&x[k], &m);
	for (uint32_t i = 0; i < N_NAMES; i++) {
		uint64_t id = number_that_mixes_to((uint64_t)i << 32 | 7);

		assert_int_equal(hash_index_add(&x[0], table_hash_number(&m, id), i, &e), 0);
		assert_int_equal(hash_index_add(&x[1], table_hash_pair(&m, id >> 32, (uint32_t)id), i, &e), 0);
	}
	for (int k = 0; k < 2; k++) {
		assert_true(mean_way(&x[k]) < 2);
		hash_index_release(&x[k]);
	}
}

static void keys_differ_from_run_to_run(void **state)
{
	struct mem a, b;

	(void)state;
	mem_init(&a, 0);
	mem_init(&b, 0);
	assert_true(a.key.k0 != b.key.k0 && a.key.k1 != b.key.k1);
	assert_true(table_hash(&a, STR_LIT("name")) != table_hash(&b, STR_LIT("name")));
	assert_true(table_hash(&a, STR_LIT("name")) == table_hash(&a, STR_LIT("name")));
	assert_true(table_hash(&a, STR_LIT("")) != table_hash(&a, (struct str){ "\0", 1 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_attack_works_on_plain_hashes),
		cmocka_unit_test(names_made_to_collide),
		cmocka_unit_test(numbers_made_to_collide),
		cmocka_unit_test(keys_differ_from_run_to_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
