/* The language of --where: what it selects, where it says a mistake is, and that no text breaks it. */
#include "unit.h"

#include <stdio.h>

#include "analyzer/where.h"
#include "mkheap_text.h"

struct world {
	struct mkheap_text text;
	struct run run;
	struct heap h;
};

static void make(struct world *w, const char *text)
{
	mkheap_parse(&w->text, text);
	run_init(&w->run, 1, 0);
	mkheap_load(&w->text.heap, &w->run, &w->h);
}

static void unmake(struct world *w)
{
	heap_release(&w->h);
	run_release(&w->run);
	assert_int_equal(w->run.mem.used_bytes, 0);
}

/* The words of the selected nodes, in their order, each followed by a blank. */
static void selected(struct world *w, const char *expression, char *out, size_t room)
{
	struct err e = ERR_INIT;
	struct where *x;
	size_t n = 0;

	if (where_new(&x, expression, &e) || where_bind(x, &w->h, &e))
		fail_msg("%s: %s", expression, e.text);
	*out = '\0';
	for (uint32_t v = 0; v < w->h.n_nodes; v++)
		if (where_holds(x, v))
			n += (size_t)snprintf(out + n, room - n, "%s ", w->text.word[v] ? w->text.word[v] : "root");
	assert_int_equal(where_check(x, &e), 0);
	where_free(x);
}

static const char shop[] =
	"root -> a -> b -> c; a -shelf-> d; a ~weak~> d; b ~element~> d; a 1000; b 20000 \"Socket\"; c closure 64 \"onData\";"
	"d string 300 \"secret\"";

static void selections(void **state)
{
	static const struct {
		const char *expression, *nodes;
	} rows[] = {
		{ "class = Socket", "b " },
		{ "class ~ /sock/i", "b " },
		{ "class ~ /sock/", "" },
		{ "class != Socket and self > 0", "a c d " },
		{ "class !~ /^S/ and self > 0", "a c d " },
		{ "name = 'secret'", "d " },
		{ "function = onData", "c " },
		{ "function ~ /./", "c " },
		{ "edge = shelf", "d " },
		{ "not edge ~ /./", "root " },
		{ "type = string", "d " },
		{ "type ~ /clos/ or type = string", "c d " },
		{ "self >= 1kB", "a b " },
		{ "self > 1kB", "b " },
		{ "self <= 64 and self != 0", "c " },
		{ "self < 1.5KiB and self>64", "a d " },
		{ "retained = 20064", "b " },
		{ "edges = 3", "a " },
		{ "retainers = 2", "d " },
		{ "id = 3", "a " },
		{ "id = @3", "a " },
		{ "distance = 1", "a " },
		{ "type = string or class = Socket and self < 5", "d " },
		{ "(type = string or class = Socket) and self < 5", "" },
		{ "not not type = string", "d " },
		{ "not (type = string or self = 0) && ! class=Socket", "a c " },
		{ "NOT type=string AND (self>0)", "a b c " },
		{ "detached or unreachable", "" },
		{ "name ~ /a\\/b/ || name = \"Socket\"", "b " },
	};
	struct world w;
	char out[200];

	(void)state;
	make(&w, shop);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		selected(&w, rows[i].expression, out, sizeof(out));
		if (strcmp(out, rows[i].nodes) != 0)
			fail_msg("%s selects \"%s\", not \"%s\"", rows[i].expression, out, rows[i].nodes);
	}
	unmake(&w);
}

static void detached_nodes_and_files(void **state)
{
	struct world w;
	char out[200];

	(void)state;
	make(&w, "root -> f -> n; f closure 8 \"go\" @7:2:3; n native 8 detached; f -internal:shared-> s; s code 8; "
		 "s -internal:script-> p; p code 8 \"file:///srv/app.js\"; lost 16");
	selected(&w, "detached", out, sizeof(out));
	assert_string_equal(out, "n ");
	selected(&w, "file ~ /app.js$/", out, sizeof(out));
	assert_string_equal(out, "f ");
	selected(&w, "file = '/srv/app.js'", out, sizeof(out));
	assert_string_equal(out, "f ");
	selected(&w, "unreachable", out, sizeof(out));
	assert_string_equal(out, "lost ");
	selected(&w, "distance >= 0 and self = 16", out, sizeof(out));
	assert_string_equal(out, "");
	unmake(&w);
}

static void mistakes_have_places(void **state)
{
	static const struct {
		const char *expression;
		unsigned at;
	} rows[] = {
		{ "", 0 },		 { "   ", 3 },		     { "klass = x", 0 },	{ "class", 5 },
		{ "class =", 7 },	 { "class = (", 8 },	     { "class < x", 6 },	{ "class ~ x", 8 },
		{ "self ~ /x/", 5 },	 { "self > x", 7 },	     { "self > 10 kB", 10 },	{ "edges > 1kB", 8 },
		{ "self > -1", 7 },	 { "self > 99999999999999999999", 7 }, { "class ~ /(/", 10 }, { "class ~ /a", 8 },
		{ "class = 'a", 8 },	 { "class ~ /a/x", 11 },     { "(class = a", 0 },	{ "class = a)", 9 },
		{ "class = a class = b", 10 }, { "class = a and", 13 }, { "not", 3 },		{ "detached = 1", 9 },
		{ "class % a", 6 },	 { "class ~ /a\\", 8 },	     { "a and ((detached)", 0 }, { "((detached)", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = ERR_INIT;
		struct where *x;

		assert_int_equal(where_new(&x, rows[i].expression, &e), ERR_USAGE);
		assert_string_equal(e.file, "--where");
		if (e.offset != rows[i].at)
			fail_msg("\"%s\": the mistake is at %u, not %u: %s", rows[i].expression, (unsigned)e.offset, rows[i].at,
				 e.text);
	}
}

static void an_unknown_type_is_a_mistake(void **state)
{
	struct err e = ERR_INIT;
	struct world w;
	struct where *x;

	(void)state;
	make(&w, shop);
	assert_int_equal(where_new(&x, "type = closur", &e), 0);
	assert_int_equal(where_bind(x, &w.h, &e), ERR_USAGE);
	assert_int_equal(e.offset, 7);
	where_free(x);
	unmake(&w);
}

static void exploding_patterns_end(void **state)
{
	struct err e = ERR_INIT;
	struct world w;
	struct where *x;

	(void)state;
	make(&w, "root -> a; a 8 \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"");
	assert_int_equal(where_new(&x, "name ~ /^(a+)+$/", &e), 0);
	assert_int_equal(where_bind(x, &w.h, &e), 0);
	for (uint32_t v = 0; v < w.h.n_nodes; v++)
		where_holds(x, v);
	assert_int_equal(where_check(x, &e), ERR_USAGE);
	where_free(x);
	unmake(&w);
}

/* Nesting and number are limited; at the limits all is well. */
static void repeat(char *out, const char *what, unsigned n)
{
	*out = '\0';
	for (unsigned i = 0; i < n; i++)
		strcat(out, what);
}

static int parses(const char *text)
{
	struct err e = ERR_INIT;
	struct where *x;
	int rc = where_new(&x, text, &e);

	where_free(x);
	return !rc;
}

static void limits(void **state)
{
	static char text[8192], part[8192];

	(void)state;
	for (unsigned n = 62; n < 68; n++) {
		repeat(text, "(", n);
		strcat(text, "detached");
		repeat(part, ")", n);
		strcat(text, part);
		assert_int_equal(parses(text), n <= WHERE_MAX_DEPTH);
		repeat(text, "detached and ", n - 1);
		strcat(text, "detached");
		assert_int_equal(parses(text), n <= WHERE_MAX_TERMS);
		repeat(text, "not ", n);
		strcat(text, "detached");
		assert_int_equal(parses(text), n <= WHERE_MAX_TERMS);
	}
	repeat(text, "(detached or not detached and ", 31);
	strcat(text, "detached");
	repeat(part, ")", 31);
	strcat(text, part);
	assert_true(parses(text));
	repeat(text, "(", 5000);
	assert_false(parses(text));
}

/* Whatever the text: an answer or an error inside the text, and an answer can be used. */
static void try_any(struct world *w, const char *text)
{
	struct err e = ERR_INIT;
	struct where *x;

	if (where_new(&x, text, &e)) {
		assert_int_equal(e.kind, ERR_USAGE);
		assert_true(e.offset <= strlen(text));
		return;
	}
	if (!where_bind(x, &w->h, &e))
		for (uint32_t v = 0; v < w->h.n_nodes; v++)
			where_holds(x, v);
	where_free(x);
}

static void random_texts(void **state)
{
	static const char *const words[] = { "(", ")", "not ", "and ", "or ", "class ", "self ", "detached ", "= ", "~ ", "< ",
					     "/a/ ", "/(/ ", "10kB ", "x ", "'q' ", "\"", "'", "/", "\\", "!", "type ",
					     "edge ", "retainers ", "1 ", "\xff" };
	uint64_t seed = 7;
	struct world w;

	(void)state;
	make(&w, shop);
	for (unsigned round = 0; round < 40000; round++) {
		char text[256];
		size_t n = 0;

		for (unsigned i = 0; i < round % 24; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			if (round & 1) {
				text[n++] = (char)(1 + (seed >> 33) % 255);
			} else {
				const char *word = words[(seed >> 33) % (sizeof(words) / sizeof(words[0]))];

				memcpy(text + n, word, strlen(word));
				n += strlen(word);
			}
		}
		text[n] = '\0';
		try_any(&w, text);
	}
	unmake(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selections),
		cmocka_unit_test(detached_nodes_and_files),
		cmocka_unit_test(mistakes_have_places),
		cmocka_unit_test(an_unknown_type_is_a_mistake),
		cmocka_unit_test(exploding_patterns_end),
		cmocka_unit_test(limits),
		cmocka_unit_test(random_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
