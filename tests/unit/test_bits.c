/* Sets of bits, walked and numbered. */
#include "unit.h"

#include "base/bits.h"

#define SIZE 1000

static void members_come_in_order_whatever_lies_between(void **state)
{
	uint64_t bits[SIZE / 64 + 1] = { 0 };
	static const uint32_t members[] = { 0, 1, 63, 64, 127, 200, 511, 512, 998, 999 };
	uint32_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		bit_set(bits, members[i]);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		at = bit_next(bits, at, SIZE);
		assert_int_equal(at, members[i]);
		at++;
	}
	assert_int_equal(bit_next(bits, at, SIZE), SIZE);
}

static void the_end_is_no_member(void **state)
{
	uint64_t bits[2] = { 0, 1 };

	(void)state;
	assert_int_equal(bit_next(bits, 0, 64), 64);
	assert_int_equal(bit_next(bits, 0, 65), 64);
	assert_int_equal(bit_next(bits, 65, 65), 65);
	bit_clear(bits, 64);
	bit_set(bits, 70);
	assert_int_equal(bit_next(bits, 3, 70), 70);
	assert_int_equal(bit_next(bits, 3, 69), 69);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_in_order_whatever_lies_between),
		cmocka_unit_test(the_end_is_no_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
