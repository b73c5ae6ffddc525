/* Large blocks that are made of the pages of earlier ones. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MIB ((size_t)1 << 20)

static void all_bytes_are(const unsigned char *p, size_t n, unsigned char want)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != want)
			fail_msg("byte %zu is %u, not %u", i, p[i], want);
}

static unsigned char *filled(struct mem *m, size_t n, unsigned char with)
{
	struct err e = ERR_INIT;
	unsigned char *p = mem_alloc(m, n, 1, &e);

	assert_non_null(p);
	assert_int_equal((uintptr_t)p % 64, 0);
	all_bytes_are(p, n, 0);
	memset(p, with, n);
	return p;
}

static void blocks_are_zero_again(void **state)
{
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	mem_keep_pages(&m, 1);
	for (size_t size = MIB; size < 40 * MIB; size += 3 * MIB + 12345) {
		unsigned char *a = filled(&m, size, 0xAA), *b = filled(&m, size / 2 + MIB, 0xBB);

		mem_free(&m, a);
		mem_free(&m, b);
		a = filled(&m, size + size / 3, 0xCC);
		mem_free(&m, a);
	}
	assert_int_equal(m.used_bytes, 0);
	mem_keep_pages(&m, 0);
	assert_int_equal(m.pages.n + m.pages.n_tails, 0);
}

static void resizing_keeps_what_is_there(void **state)
{
	struct err e = ERR_INIT;
	unsigned char *a, *b;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	mem_keep_pages(&m, 1);
	a = filled(&m, 9 * MIB, 1);
	b = filled(&m, 7 * MIB, 2);
	mem_free(&m, a);
	mem_free(&m, b);
	a = filled(&m, 13 * MIB, 3); /* of parts */
	a = mem_resize(&m, a, 21 * MIB, 1, &e);
	assert_non_null(a);
	all_bytes_are(a, 13 * MIB, 3);
	all_bytes_are(a + 13 * MIB, 8 * MIB, 0);
	a = mem_resize(&m, a, 5 * MIB + 77, 1, &e);
	assert_non_null(a);
	all_bytes_are(a, 5 * MIB + 77, 3);
	assert_int_equal(m.used_bytes, 5 * MIB + 77);
	a = mem_resize(&m, a, 100, 1, &e);
	assert_non_null(a);
	all_bytes_are(a, 100, 3);
	mem_free(&m, a);
	assert_int_equal(m.used_bytes, 0);
	mem_keep_pages(&m, 0);
}

/* Blocks of all sizes come and go; each keeps its own byte, so two that shared a page would show. */
static void blocks_do_not_overlap(void **state)
{
	enum { SLOTS = 12, ROUNDS = 400 };
	struct { unsigned char *p; size_t n; unsigned char with; } slot[SLOTS] = { { 0 } };
	struct err e = ERR_INIT;
	uint64_t s = 7;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	mem_keep_pages(&m, 1);
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned i, with = round % 255 + 1;

		s = s * 6364136223846793005u + 1442695040888963407u;
		i = (unsigned)(s >> 33) % SLOTS;
		if (slot[i].p) {
			assert_int_equal(slot[i].p[0], slot[i].with);
			assert_int_equal(slot[i].p[slot[i].n / 2], slot[i].with);
			assert_int_equal(slot[i].p[slot[i].n - 1], slot[i].with);
			mem_free(&m, slot[i].p);
		}
		slot[i].n = MIB / 2 + (size_t)(s >> 40) % (6 * MIB);
		slot[i].with = (unsigned char)with;
		slot[i].p = round % 2 ? mem_alloc(&m, slot[i].n, 1, &e) : mem_alloc_dirty(&m, slot[i].n, 1, &e);
		assert_non_null(slot[i].p);
		memset(slot[i].p, (int)with, slot[i].n);
	}
	for (unsigned i = 0; i < SLOTS; i++) {
		if (slot[i].p)
			all_bytes_are(slot[i].p, slot[i].n, slot[i].with);
		mem_free(&m, slot[i].p);
	}
	assert_int_equal(m.used_bytes, 0);
	mem_keep_pages(&m, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_zero_again),
		cmocka_unit_test(resizing_keeps_what_is_there),
		cmocka_unit_test(blocks_do_not_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
