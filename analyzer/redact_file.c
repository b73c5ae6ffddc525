#include <stdio.h>
#include <string.h>

#include "analyzer/redact_parts.h"
#include "base/strbuf.h"
#include "formats/source.h"

#define MAX_FILE_BYTES ((size_t)1 << 20)

struct rule_file {
	struct redact *r;
	const char *path;
	unsigned line;
};

static int broken_line(const struct rule_file *f, struct err *e, const char *why, struct str what)
{
	return err_set(e, ERR_USAGE, "line %u: %s: \"%.*s\"", f->line, why, (int)(what.n < 100 ? what.n : 100), what.s);
}

static int is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct str trim(struct str s)
{
	while (s.n && is_blank(s.s[0])) {
		s.s++;
		s.n--;
	}
	while (s.n && is_blank(s.s[s.n - 1]))
		s.n--;
	return s;
}

/* A name alone turns a default rule on that is off. */
static int turn_on(struct rule_file *f, struct str name, struct err *e)
{
	int i = redact_rule_number(f->r, name);

	if (i < 0)
		return broken_line(f, e, "neither \"NAME PATTERN\" nor the name of a default rule", name);
	f->r->rules[i].off = 0;
	return 0;
}

static int new_rule(struct rule_file *f, struct str name, struct str pattern, struct err *e)
{
	struct rule *rule = &f->r->rules[f->r->n_rules];
	struct arena *a = &f->r->arena;
	char where[300];
	const char *text;

	if (f->r->n_rules == REDACT_MAX_RULES)
		return broken_line(f, e, "too many rules", name);
	if (memchr(pattern.s, '\0', pattern.n))
		return broken_line(f, e, "a NUL byte in the pattern of", name);
	snprintf(where, sizeof(where), "%.200s:%u", f->path, f->line);
	*rule = (struct rule){ .name = arena_copy(a, name.s, name.n, e) };
	rule->where = rule->name ? arena_copy(a, where, strlen(where), e) : NULL;
	text = rule->where ? arena_copy(a, pattern.s, pattern.n, e) : NULL;
	if (!text)
		return e->kind;
	if (matcher_new(&rule->matcher, text, 1, e)) {
		struct err why = *e;

		return err_set(e, why.kind, "line %u: %.600s", f->line, why.text);
	}
	f->r->n_rules++;
	return 0;
}

static int read_line(struct rule_file *f, struct str line, struct err *e)
{
	struct str name;

	line = trim(line);
	if (!line.n || line.s[0] == '#')
		return 0;
	name = line;
	for (name.n = 0; name.n < line.n && is_name_byte(line.s[name.n]);)
		name.n++;
	if (!name.n || name.n > REDACT_MAX_NAME || (name.n < line.n && !is_blank(line.s[name.n])))
		return broken_line(f, e, "a rule begins with a name of a-z, 0-9 and \"-\", then a blank", line);
	if (name.n == line.n)
		return turn_on(f, name, e);
	if (redact_rule_number(f->r, name) >= 0 || str_is(name, "all"))
		return broken_line(f, e, "there is a rule of that name already", name);
	return new_rule(f, name, trim((struct str){ line.s + name.n, line.n - name.n }), e);
}

static int read_lines(struct rule_file *f, struct str text, struct err *e)
{
	while (text.n) {
		const char *end = memchr(text.s, '\n', text.n);
		size_t n = end ? (size_t)(end - text.s) : text.n;

		f->line++;
		if (read_line(f, (struct str){ text.s, n }, e))
			return e->kind;
		n += end != NULL;
		text.s += n;
		text.n -= n;
	}
	return 0;
}

static int read_all(struct source *src, struct strbuf *text, struct err *e)
{
	char block[4096];
	size_t got;

	do {
		if (source_read(src, block, sizeof(block), &got, e))
			return e->kind;
		strbuf_add(text, block, got);
		if (text->len > MAX_FILE_BYTES)
			return err_set(e, ERR_USAGE, "more than 1 MB of redaction rules");
	} while (got);
	return strbuf_check(text, e);
}

int redact_read_file(struct redact *r, const char *path, struct err *e)
{
	struct rule_file f = { r, path, 0 };
	struct source *src;
	struct strbuf text;
	int rc;

	if (source_open(&src, r->mem, path, e))
		return err_in(e, path);
	strbuf_init(&text, r->mem);
	rc = read_all(src, &text, e);
	if (!rc)
		rc = read_lines(&f, (struct str){ strbuf_str(&text), text.len }, e);
	strbuf_release(&text);
	source_close(src);
	return rc ? err_in(e, path) : 0;
}
