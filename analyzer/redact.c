#include "analyzer/redact.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/redact_parts.h"
#include "base/bits.h"
#include "base/table_hash.h"
#include "base/strbuf.h"

int redact_rule_number(const struct redact *r, struct str name)
{
	for (size_t i = 0; i < r->n_rules; i++)
		if (str_is(name, r->rules[i].name))
			return (int)i;
	return -1;
}

static int leave_out(struct redact *r, const char *name, struct err *e)
{
	int i = redact_rule_number(r, str_of(name));

	if (!strcmp(name, "all")) {
		for (size_t k = 0; k < r->n_rules; k++)
			r->rules[k].off = 1;
		return 0;
	}
	if (i < 0)
		return err_set(e, ERR_USAGE, "--no-redact %.100s: there is no rule of that name", name);
	r->rules[i].off = 1;
	return 0;
}

static int set_up(struct redact *r, const struct redact_options *o, struct err *e)
{
	for (size_t i = 0; i < n_redact_rules; i++)
		r->rules[r->n_rules++] = (struct rule){ .given = &redact_rules[i], .name = redact_rules[i].name,
							.off = redact_rules[i].off };
	for (size_t i = 0; i < o->n_files; i++)
		if (redact_read_file(r, o->files[i], e))
			return e->kind;
	for (size_t i = 0; i < o->n_off; i++)
		if (leave_out(r, o->off[i], e))
			return e->kind;
	return 0;
}

int redact_new(struct redact **out, struct mem *m, const struct redact_options *o, struct err *e)
{
	struct redact *r = mem_alloc(m, 1, sizeof(*r), e);

	if (!r)
		return e->kind;
	r->mem = m;
	arena_init(&r->arena, m);
	if (set_up(r, o, e)) {
		redact_free(r);
		return e->kind;
	}
	*out = r;
	return 0;
}

void redact_free(struct redact *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_rules; i++)
		matcher_free(r->rules[i].matcher);
	mem_free(r->mem, r->looked);
	mem_free(r->mem, r->hidden);
	arena_release(&r->arena);
	mem_free(r->mem, r);
}

void redact_key(struct redact *r, struct hash_key key)
{
	r->key = key;
}

size_t redact_n_rules(const struct redact *r)
{
	return r->n_rules;
}

const char *redact_rule_name(const struct redact *r, unsigned rule)
{
	return r->rules[rule].name;
}

struct redact_count redact_counted(const struct redact *r, unsigned rule)
{
	return r->rules[rule].count;
}

/* No name is so long, and no rule should work on it: it is hidden as a whole. */
#define MAX_TEXT ((size_t)4 << 20)

/* Spans that were found so far, in order and apart. */
struct spans {
	struct redact_span *at;
	size_t n;
};

/* Put one in. What overlaps becomes one, named by the span that was there first. */
static void add_span(struct spans *s, struct redact_span x, size_t text_bytes)
{
	size_t i = 0, k;

	while (i < s->n && s->at[i].to <= x.from)
		i++;
	for (k = i; k < s->n && s->at[k].from < x.to; k++) {
		if (k == i)
			x.rule = s->at[k].rule;
		x.from = x.from < s->at[k].from ? x.from : s->at[k].from;
		x.to = x.to > s->at[k].to ? x.to : s->at[k].to;
	}
	if (k == i && s->n == REDACT_MAX_SPANS) {
		/* too many to tell apart: the rest of the text goes */
		i = i < s->n ? i : s->n - 1;
		s->at[i].from = s->at[i].from < x.from ? s->at[i].from : x.from;
		s->at[i].to = text_bytes;
		s->n = i + 1;
		return;
	}
	memmove(&s->at[i + 1], &s->at[k], (s->n - k) * sizeof(x));
	s->n = s->n - (k - i) + 1;
	s->at[i] = x;
}

static int limit_reached(const struct redact *r, size_t rule, struct str text, struct spans *s, struct err *e)
{
	if (!r->rules[rule].given)
		return err_set(e, ERR_USAGE, "%s: the rule \"%s\" needs too many steps; make it simpler", r->rules[rule].where,
			       r->rules[rule].name);
	s->n = 0;
	add_span(s, (struct redact_span){ 0, text.n, (unsigned)rule }, text.n);
	return 0;
}

static int find_one(struct redact *r, size_t i, struct str text, struct spans *s, struct err *e)
{
	struct rule *rule = &r->rules[i];
	size_t start = 0, from, to;
	int rc = 0;

	if (!rule->matcher && matcher_new(&rule->matcher, rule->given->pattern, 0, e)) {
		/* our own pattern: whatever is wrong with it is no mistake of the user */
		return e->kind == ERR_MEMORY ? e->kind : err_set(e, ERR_INTERNAL, "the rule \"%s\" is broken", rule->name);
	}
	while (start < text.n) {
		rc = matcher_next(rule->matcher, text, start, &from, &to, &start);
		if (rc <= 0)
			break;
		if (from < to && (!rule->given || !rule->given->accept || rule->given->accept(text, &from, &to)))
			add_span(s, (struct redact_span){ from, to, (unsigned)i }, text.n);
	}
	return rc < 0 ? limit_reached(r, i, text, s, e) : 0;
}

static int find_spans(struct redact *r, struct str text, unsigned features, struct spans *s, struct err *e)
{
	if (text.n > MAX_TEXT) {
		add_span(s, (struct redact_span){ 0, text.n, 0 }, text.n);
		return 0;
	}
	/* the user's own rules name what they find before the default ones do */
	for (size_t k = 0; k < r->n_rules; k++) {
		size_t i = (k + n_redact_rules) % r->n_rules;
		const struct rule *rule = &r->rules[i];

		if (rule->off || (rule->given && (rule->given->needs & ~features)))
			continue;
		if (find_one(r, i, text, s, e))
			return e->kind;
	}
	return 0;
}

static int is_harmless(const struct redact *r, unsigned features)
{
	return !(features & ~(unsigned)TEXT_SPACE) && r->n_rules == n_redact_rules;
}

int redact_find(struct redact *r, struct str text, struct redact_span *spans, size_t *n, struct err *e)
{
	unsigned features = redact_features(text);
	struct spans s = { spans, 0 };

	*n = 0;
	if (!text.n || is_harmless(r, features))
		return 0;
	if (find_spans(r, text, features, &s, e))
		return e->kind;
	*n = s.n;
	return 0;
}

static int grow_hidden(struct redact *r, struct err *e)
{
	size_t size = r->hidden_size ? r->hidden_size * 2 : 256;
	struct hidden *table;

	if (r->n_hidden * 2 < r->hidden_size)
		return 0;
	table = mem_alloc(r->mem, size, sizeof(*table), e);
	if (!table)
		return e->kind;
	for (size_t i = 0; i < r->hidden_size; i++) {
		size_t at = r->hidden[i].hash & (size - 1);

		if (!r->hidden[i].digits)
			continue;
		while (table[at].digits)
			at = (at + 1) & (size - 1);
		table[at] = r->hidden[i];
	}
	mem_free(r->mem, r->hidden);
	r->hidden = table;
	r->hidden_size = size;
	return 0;
}

/*
 * Digits of a value's tag. Four are enough for the eye; a value whose four are taken gets eight, so that two values
 * never look equal. Which of them comes first is the same in every run.
 */
static int tag_digits(struct redact *r, struct rule *rule, uint64_t hash, unsigned *digits, struct err *e)
{
	size_t at;

	if (grow_hidden(r, e))
		return e->kind;
	for (at = hash & (r->hidden_size - 1); r->hidden[at].digits; at = (at + 1) & (r->hidden_size - 1)) {
		if (r->hidden[at].hash == hash) {
			*digits = r->hidden[at].digits;
			return 0;
		}
	}
	*digits = bit_get(r->short_tags, (uint32_t)(hash >> 48)) ? 8 : 4;
	bit_set(r->short_tags, (uint32_t)(hash >> 48));
	r->hidden[at] = (struct hidden){ hash, *digits };
	r->n_hidden++;
	rule->count.values++;
	return 0;
}

static int add_mark(struct redact *r, struct strbuf *sb, unsigned number, struct str value, struct err *e)
{
	struct rule *rule = &r->rules[number];
	uint64_t hash = keyed_hash(&r->key, value.s, value.n);
	unsigned digits;

	if (tag_digits(r, rule, hash, &digits, e))
		return e->kind;
	strbuf_addf(sb, "[%s:%0*llx%s]", rule->name, (int)digits, (unsigned long long)(hash >> (64 - 4 * digits)),
		    value.n > 128 ? "++" : value.n > 32 ? "+" : "");
	return 0;
}

static int write_marks(struct redact *r, struct str text, const struct spans *s, struct strbuf *sb, struct err *e)
{
	size_t at = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct redact_span *x = &s->at[i];

		strbuf_add(sb, text.s + at, x->from - at);
		if (add_mark(r, sb, x->rule, (struct str){ text.s + x->from, x->to - x->from }, e))
			return e->kind;
		at = x->to;
	}
	strbuf_add(sb, text.s + at, text.n - at);
	return strbuf_check(sb, e);
}

/* Keep what came out, in the arena. */
static int keep(struct redact *r, struct looked *l, const struct spans *s, struct err *e)
{
	struct strbuf sb;
	uint8_t *rules;
	const char *copy;
	int rc;

	strbuf_init(&sb, r->mem);
	rc = write_marks(r, l->text, s, &sb, e);
	copy = rc ? NULL : arena_copy(&r->arena, strbuf_str(&sb), sb.len, e);
	rules = copy ? arena_alloc(&r->arena, s->n, e) : NULL;
	l->out = (struct str){ copy, sb.len };
	strbuf_release(&sb);
	if (!rules)
		return e->kind;
	for (size_t i = 0; i < s->n; i++)
		rules[i] = (uint8_t)s->at[i].rule;
	l->rules = rules;
	l->n_marks = s->n;
	return 0;
}

static int look(struct redact *r, struct str text, unsigned features, struct looked *l, struct err *e)
{
	struct redact_span at[REDACT_MAX_SPANS];
	struct spans s = { at, 0 };
	const char *copy = arena_copy(&r->arena, text.s, text.n, e);

	if (!copy || find_spans(r, text, features, &s, e))
		return e->kind;
	*l = (struct looked){ .text = { copy, text.n }, .out = { copy, text.n } };
	return s.n ? keep(r, l, &s, e) : 0;
}

static size_t slot_of(const struct redact *r, struct str text)
{
	size_t at = table_hash(r->mem, text) & (r->looked_size - 1);

	while (r->looked[at].text.s && !str_eq(r->looked[at].text, text))
		at = (at + 1) & (r->looked_size - 1);
	return at;
}

static int grow_looked(struct redact *r, struct err *e)
{
	struct looked *old = r->looked;
	size_t old_size = r->looked_size, size = old_size ? old_size * 2 : 256;
	struct looked *table;

	if (r->n_looked * 2 < old_size)
		return 0;
	table = mem_alloc(r->mem, size, sizeof(*table), e);
	if (!table)
		return e->kind;
	r->looked = table;
	r->looked_size = size;
	for (size_t i = 0; i < old_size; i++)
		if (old[i].text.s)
			r->looked[slot_of(r, old[i].text)] = old[i];
	mem_free(r->mem, old);
	return 0;
}

int redact_text(struct redact *r, struct str text, struct str *out, struct err *e)
{
	unsigned features = redact_features(text);
	struct looked *l;

	*out = text;
	if (!text.n || is_harmless(r, features))
		return 0;
	if (grow_looked(r, e))
		return e->kind;
	l = &r->looked[slot_of(r, text)];
	if (!l->text.s) {
		if (look(r, text, features, l, e)) {
			*l = (struct looked){ .n_marks = 0 };
			return e->kind;
		}
		r->n_looked++;
	}
	for (size_t i = 0; i < l->n_marks; i++)
		r->rules[l->rules[i]].count.marks++;
	if (l->n_marks)
		*out = l->out;
	return 0;
}
