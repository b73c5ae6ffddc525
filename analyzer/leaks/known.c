#include "analyzer/leaks/known.h"

#include <string.h>

#include "base/strbuf.h"
#include "formats/source.h"

#define DIGITS 16

static int add(struct known *k, uint64_t fingerprint, struct err *e)
{
	void *all = k->all;

	if (mem_reserve(k->mem, &all, &k->capacity, k->n + 1, sizeof(*k->all), e))
		return e->kind;
	k->all = all;
	k->all[k->n++] = fingerprint;
	return 0;
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Sixteen hexadecimal digits at the beginning of a line, nothing that belongs to them behind. */
static int read_fingerprint(const char *s, size_t n, uint64_t *out)
{
	*out = 0;
	if (n < DIGITS || (n > DIGITS && s[DIGITS] != ' ' && s[DIGITS] != '\t' && s[DIGITS] != '#'))
		return 0;
	for (size_t i = 0; i < DIGITS; i++) {
		int digit = digit_of(s[i]);

		if (digit < 0)
			return 0;
		*out = *out << 4 | (uint64_t)digit;
	}
	return 1;
}

static int read_line(struct known *k, const char *s, size_t n, unsigned long line, struct err *e)
{
	uint64_t fingerprint;

	while (n && (s[n - 1] == '\r' || s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (!n || *s == '#')
		return 0;
	if (!read_fingerprint(s, n, &fingerprint))
		return err_set(e, ERR_FORMAT, "line %lu: expected a fingerprint of 16 hexadecimal digits, then a comment", line);
	return add(k, fingerprint, e);
}

static int read_lines(struct known *k, const struct strbuf *text, struct err *e)
{
	const char *s = text->buf, *end = s + text->len;

	for (unsigned long line = 1; s < end; line++) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((eol ? eol : end) - s);

		if (read_line(k, s, n, line, e))
			return e->kind;
		s += n + 1;
	}
	return 0;
}

static int read_text(struct source *src, struct strbuf *out, struct err *e)
{
	char piece[4096];
	size_t got;

	do {
		if (source_read(src, piece, sizeof(piece), &got, e))
			return e->kind;
		strbuf_add(out, piece, got);
	} while (got);
	return strbuf_check(out, e);
}

int known_read(struct known *out, struct mem *m, const char *path, struct err *e)
{
	struct source *src;
	struct strbuf text;
	int rc;

	*out = (struct known){ .mem = m };
	if (source_open(&src, m, path, e))
		return e->kind;
	strbuf_init(&text, m);
	rc = read_text(src, &text, e);
	if (!rc)
		rc = read_lines(out, &text, e);
	strbuf_release(&text);
	source_close(src);
	return rc ? err_in(e, path) : 0;
}

void known_release(struct known *k)
{
	if (k->mem)
		mem_free(k->mem, k->all);
	*k = (struct known){ .n = 0 };
}

int known_has(const struct known *k, uint64_t fingerprint)
{
	for (size_t i = 0; k && i < k->n; i++)
		if (k->all[i] == fingerprint)
			return 1;
	return 0;
}
