/* How long collections are said to be. */
#include <stdio.h>

#include "analyzer/sections.h"
#include "mkheap_text.h"
#include "unit.h"

/* An object with `n` properties of its own, and with a prototype, whose edge is a property too. */
static void write_table(struct strbuf *out, unsigned n, const char *prototype)
{
	strbuf_addstr(out, "root -> table; table object 24 \"Object\"; value object 16; parent object 16;");
	for (unsigned i = 0; i < n; i++)
		strbuf_addf(out, "table -p%u-> value;", i);
	strbuf_addf(out, "table -%s-> parent", prototype);
}

static uint32_t length_of_table(unsigned n, const char *prototype)
{
	static struct mkheap_text t;
	struct err e = ERR_INIT;
	struct strbuf text;
	struct sections s;
	struct run run;
	struct heap h;
	uint32_t length;

	memset(&t, 0, sizeof(t));
	run_init(&run, 1, 0);
	strbuf_init(&text, &run.mem);
	write_table(&text, n, prototype);
	mkheap_parse(&t, strbuf_str(&text));
	mkheap_load(&t.heap, &run, &h);
	if (sections_collect(&h, &s, &e))
		fail_msg("%s", e.text);
	length = s.n_collections ? s.collections[0].length : 0;
	sections_release(&s);
	heap_release(&h);
	strbuf_release(&text);
	run_release(&run);
	assert_int_equal(run.mem.used_bytes, 0);
	return length;
}

static void a_prototype_is_no_entry(void **state)
{
	(void)state;
	assert_int_equal(length_of_table(70, "__proto__"), 70);
	assert_int_equal(length_of_table(70, "own"), 71);
	/* 63 and a prototype are no table yet */
	assert_int_equal(length_of_table(63, "__proto__"), 0);
	assert_int_equal(length_of_table(63, "own"), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prototype_is_no_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
