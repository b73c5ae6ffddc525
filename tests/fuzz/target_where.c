/*
 * An expression of --where, asked about a heap with a bit of everything. An expression that is refused has the place of
 * the mistake in it; one that holds says no when `not` stands before it; and it says the same twice.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/where.h"
#include "mkheap_text.h"
#include "target.h"

static const char shop[] =
	"root -> a -> b -> c; a -shelf-> d; a ~weak~> d; b ~element~> d; a 1000; b 20000 \"Socket\"; c closure 64 \"onData\" "
	"@7:2:3; d string 300 \"secret\"; root -> n; n native 8 detached; c -internal:shared-> s; s code 8; "
	"s -internal:script-> p; p code 8 \"file:///srv/app.js\"; lost 16; b -items-> arr; arr array 4096 \"(object elements)\"";

static struct mkheap_text text;
static struct run run;
static struct heap heap;

static void make_heap(void)
{
	static int parsed;

	if (!parsed++)
		mkheap_parse(&text, shop);
	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	mkheap_load(&text.heap, &run, &heap);
}

static void release_heap(void)
{
	heap_release(&heap);
	run_release(&run);
	if (run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)run.mem.used_bytes);
}

/* One bit per node; -1 when the expression is refused, at `*offset`, or a pattern gave up. */
static int64_t selected(const char *expression, struct err *e)
{
	struct where *w = NULL;
	int64_t out = 0;
	int rc = where_new(&w, expression, e);

	fuzz_check_err(rc, e);
	if (rc && e->offset != ERR_NO_OFFSET && e->offset > strlen(expression))
		fuzz_bug("a mistake at %llu of \"%s\"", (unsigned long long)e->offset, expression);
	if (!rc) {
		rc = where_bind(w, &heap, e);
		fuzz_check_err(rc, e);
	}
	for (uint32_t v = 0; v < heap.n_nodes && !rc; v++)
		out |= (int64_t)(where_holds(w, v) != 0) << v;
	if (!rc)
		rc = where_check(w, e);
	fuzz_check_err(rc, e);
	where_free(w);
	return rc ? -1 : out;
}

static void ask(const char *expression, char *negated)
{
	struct err e = ERR_INIT, again = ERR_INIT, not_e = ERR_INIT;
	int64_t a = selected(expression, &e), b = selected(expression, &again), c;

	if (a != b || e.kind != again.kind)
		fuzz_bug("\"%s\": first %llx, then %llx", expression, (unsigned long long)a, (unsigned long long)b);
	if (a < 0)
		return;
	c = selected(negated, &not_e);
	if (c >= 0 ? (a ^ c) != ((int64_t)1 << heap.n_nodes) - 1 : !strstr(not_e.text, "than") && !strstr(not_e.text, "deep"))
		fuzz_bug("\"%s\" selects %llx, \"%s\" %llx (%s)", expression, (unsigned long long)a, negated,
			 (unsigned long long)c, not_e.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *negated = calloc(1, n + 8);

	if (!negated)
		return 0;
	memcpy(negated, "not (", 5);
	if (n)
		memcpy(negated + 5, bytes, n);
	if (!memchr(bytes ? (const char *)bytes : "", '\0', n)) {
		char *expression = strdup(negated + 5);

		negated[5 + n] = ')';
		make_heap();
		ask(expression, negated);
		release_heap();
		free(expression);
	}
	free(negated);
	return 0;
}
