/*
 * A file of redaction rules and, behind a line "----", lines that go through them. What is to be hidden lies in the text,
 * in order and apart; a line comes out the same each time; and nothing that a user's rule found is left where it stood.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>
#include <unistd.h>

#include "analyzer/redact.h"
#include "target.h"

static void check_spans(struct str text, const struct redact_span *spans, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (spans[i].from < at || spans[i].to < spans[i].from || spans[i].to > text.n)
			fuzz_bug("part %zu of %zu, %zu to %zu of %zu bytes", i, n, spans[i].from, spans[i].to, text.n);
		at = spans[i].to;
	}
}

/* Returns the error's kind; the user's rules may need too many steps. */
static int ask(struct redact *r, struct str text)
{
	struct redact_span spans[REDACT_MAX_SPANS];
	struct err e = ERR_INIT;
	struct str once, twice;
	size_t n = 0;
	int rc = redact_find(r, text, spans, &n, &e);

	fuzz_check_err(rc, &e);
	if (rc)
		return rc;
	check_spans(text, spans, n);
	if (redact_text(r, text, &once, &e) || redact_text(r, text, &twice, &e)) {
		fuzz_check_err((int)e.kind, &e);
		return (int)e.kind;
	}
	if (once.n != twice.n || memcmp(once.s, twice.s, once.n) != 0)
		fuzz_bug("\"%.*s\" became \"%.*s\" and \"%.*s\"", (int)text.n, text.s, (int)once.n, once.s, (int)twice.n, twice.s);
	if (!n && !(once.n == text.n && !memcmp(once.s, text.s, text.n)))
		fuzz_bug("\"%.*s\" has nothing to hide and became \"%.*s\"", (int)text.n, text.s, (int)once.n, once.s);
	return 0;
}

static void ask_lines(struct redact *r, const char *s, size_t n)
{
	int rc = 0;

	while (n && !rc) {
		const char *end = memchr(s, '\n', n);
		size_t len = end ? (size_t)(end - s) : n;

		rc = ask(r, (struct str){ s, len });
		s += len + (end != NULL);
		n -= len + (end != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *line = memmem(bytes, n, "\n----\n", 6);
	size_t n_rules = line ? (size_t)(line - bytes) + 1 : n;
	char path[64];
	const char *const files[] = { path };
	struct redact_options o = { files, 1, NULL, 0 };
	struct redact *r = NULL;
	struct err e = ERR_INIT;
	struct mem mem;
	int fd = fuzz_file(bytes, n_rules, path);

	mem_init(&mem, FUZZ_MEMORY_BYTES);
	fuzz_check_err(redact_new(&r, &mem, &o, &e), &e);
	if (r && !e.kind) {
		redact_key(r, (struct hash_key){ 1, 2 });
		if (line)
			ask_lines(r, (const char *)line + 6, n - n_rules - 5);
	}
	redact_free(r);
	close(fd);
	if (mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)mem.used_bytes);
	return 0;
}
