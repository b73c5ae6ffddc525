#include "analyzer/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/filter.h"
#include "analyzer/gate_parts.h"
#include "analyzer/human.h"
#include "base/sizes.h"

/* Noise of a run: a baseline is exceeded by more than a tenth. */
static int64_t tolerated(int64_t baseline)
{
	return baseline > 0 ? baseline + baseline / 10 : 0;
}

static int refuse(const char *text, struct err *e)
{
	return err_set(e, ERR_USAGE, "'%s' is no condition; expected leak, growth:SIZE, class:/REGEX/:count:N or "
		       "class:/REGEX/:bytes:SIZE", text);
}

static int parse_size(const char *text, int64_t *out, struct err *e)
{
	uint64_t bytes;

	if (size_parse(text, &bytes, e))
		return e->kind;
	*out = bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes;
	return 0;
}

static int parse_count(const char *text, const char *condition, int64_t *out, struct err *e)
{
	char *end;

	if (*text < '0' || *text > '9')
		return refuse(condition, e);
	*out = strtoll(text, &end, 10);
	return *end ? refuse(condition, e) : 0;
}

/* "/REGEX/:count:10"; the expression ends at the last slash. */
static int parse_class(struct gate *g, struct condition *c, const char *text, struct err *e)
{
	const char *last = strrchr(text, '/'), *rest;
	char *pattern;
	int rc;

	if (*text != '/' || last == text)
		return refuse(c->text, e);
	rest = last + 1;
	pattern = mem_alloc(g->mem, (size_t)(last - text), 1, e);
	if (!pattern)
		return e->kind;
	memcpy(pattern, text + 1, (size_t)(last - text) - 1);
	rc = filter_new(&c->classes, "--fail-on", pattern, e);
	mem_free(g->mem, pattern);
	if (rc)
		return rc;
	if (!strncmp(rest, ":count:", 7)) {
		c->kind = CONDITION_COUNT;
		return parse_count(rest + 7, c->text, &c->limit, e);
	}
	if (!strncmp(rest, ":bytes:", 7)) {
		c->kind = CONDITION_BYTES;
		return parse_size(rest + 7, &c->limit, e);
	}
	return refuse(c->text, e);
}

static int parse(struct gate *g, struct condition *c, const char *text, struct err *e)
{
	c->text = text;
	c->kind = CONDITION_LEAK;
	if (!strcmp(text, "leak"))
		return 0;
	if (!strncmp(text, "growth:", 7)) {
		c->kind = CONDITION_GROWTH;
		return parse_size(text + 7, &c->limit, e);
	}
	if (!strncmp(text, "class:", 6))
		return parse_class(g, c, text + 6, e);
	return refuse(text, e);
}

int gate_new(struct gate **out, struct mem *m, const char *const *conditions, size_t n, struct err *e)
{
	struct gate *g = MEM_NEW(m, struct gate, 1, e);

	*out = g;
	if (!g)
		return e->kind;
	g->mem = m;
	g->conditions = mem_alloc(m, n + 1, sizeof(*g->conditions), e);
	if (!g->conditions) {
		gate_free(g);
		return e->kind;
	}
	for (size_t i = 0; i < n; i++) {
		g->n = i + 1;
		if (!parse(g, &g->conditions[i], conditions[i], e))
			continue;
		gate_free(g);
		return e->kind;
	}
	return 0;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	for (size_t i = 0; g->conditions && i < g->n; i++)
		filter_free(g->conditions[i].classes);
	mem_free(g->mem, g->conditions);
	mem_free(g->mem, g->known);
	mem_free(g->mem, g);
}

/* What one check needs. */
struct checking {
	struct gate *g;
	const struct report *r;
	void (*failed)(void *ctx, const char *sentence);
	void *ctx;
	size_t n;
	struct strbuf line;
};

static void fail(struct checking *k)
{
	k->failed(k->ctx, strbuf_str(&k->line));
	strbuf_reset(&k->line);
	k->n++;
}

static const union cell *cell_of(const struct table *t, size_t row, const char *key)
{
	int c = table_column(t, key);

	return c < 0 ? NULL : &table_row(t, row)[c];
}

static int is_worse(const struct gate *g, struct str fingerprint, int64_t bytes)
{
	for (size_t i = 0; i < g->n_known; i++)
		if (str_is(fingerprint, g->known[i].text))
			return bytes > tolerated(g->known[i].bytes);
	return 1;
}

static void check_leaks(struct checking *k)
{
	const struct table *t = report_table(k->r, "findings");

	for (size_t row = 0; t && row < t->n_rows; row++) {
		const union cell *verdict = cell_of(t, row, "verdict"), *title = cell_of(t, row, "title");
		const union cell *print = cell_of(t, row, "fingerprint"), *bytes = cell_of(t, row, "retained_delta_bytes");

		if (!verdict || !title || !print || !bytes || !str_is(verdict->text, "leak") ||
		    !is_worse(k->g, print->text, bytes->i))
			continue;
		strbuf_addstr(&k->line, "leak: ");
		strbuf_add(&k->line, title->text.s, title->text.n);
		strbuf_addstr(&k->line, " [");
		strbuf_add(&k->line, print->text.s, print->text.n);
		strbuf_addch(&k->line, ']');
		fail(k);
	}
}

static void add_excess(struct checking *k, const struct condition *c, int64_t value)
{
	if (c->kind == CONDITION_COUNT)
		human_count(&k->line, value, 1);
	else
		human_bytes(&k->line, value, 1);
	strbuf_addstr(&k->line, ", allowed ");
	if (c->kind == CONDITION_COUNT)
		human_count(&k->line, c->limit, 0);
	else
		human_bytes(&k->line, c->limit, 0);
	if (tolerated(c->allowed) > c->limit)
		strbuf_addstr(&k->line, ", and more than in the baseline");
}

static void check_value(struct checking *k, const struct condition *c, int64_t value)
{
	if (value <= c->limit || value <= tolerated(c->allowed))
		return;
	strbuf_addf(&k->line, "%s: ", c->text);
	add_excess(k, c, value);
	fail(k);
}

static void check_growth(struct checking *k, const struct condition *c)
{
	const struct table *t = report_table(k->r, "totals");
	const union cell *delta = t && t->n_rows ? cell_of(t, 0, "delta_bytes") : NULL;

	if (delta)
		check_value(k, c, delta->i);
}

static void check_classes(struct checking *k, const struct condition *c)
{
	const struct table *t = report_table(k->r, "classes");
	int64_t sum = 0;

	for (size_t row = 0; t && row < t->n_rows; row++) {
		const union cell *name = cell_of(t, row, "class");
		const union cell *v = cell_of(t, row, c->kind == CONDITION_COUNT ? "count_delta" : "retained_delta_bytes");

		if (!name || !v || !filter_wants(c->classes, name->text))
			continue;
		if (c->kind == CONDITION_COUNT)
			sum += v->i;
		else if (v->i > sum) /* retained sizes of classes overlap: the largest, not their sum */
			sum = v->i;
	}
	check_value(k, c, sum);
}

int gate_check(struct gate *g, const struct report *r, void (*failed)(void *ctx, const char *sentence), void *ctx,
	       size_t *n, struct err *e)
{
	struct checking k = { .g = g, .r = r, .failed = failed, .ctx = ctx };
	int rc = 0;

	strbuf_init(&k.line, g->mem);
	for (size_t i = 0; i < g->n && !rc; i++) {
		struct condition *c = &g->conditions[i];

		if (c->kind == CONDITION_LEAK)
			check_leaks(&k);
		else if (c->kind == CONDITION_GROWTH)
			check_growth(&k, c);
		else
			check_classes(&k, c);
		rc = c->classes ? filter_check(c->classes, e) : 0;
	}
	if (!rc)
		rc = strbuf_check(&k.line, e);
	strbuf_release(&k.line);
	*n = k.n;
	return rc;
}
