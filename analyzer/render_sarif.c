/*
 * Findings as SARIF 2.1.0 (OASIS), for code scanning: a rule per kind, a result per finding at its place in the code, our
 * fingerprint among the partial fingerprints so that a service knows a result again.
 */
#include <string.h>

#include "analyzer/findings.h"
#include "analyzer/jsontext.h"

#define MAX_RULES 64

struct sarif {
	const struct report *r;
	struct strbuf *out;
	struct strbuf words;
	struct strbuf plain; /* words without links */
	struct str rules[MAX_RULES]; /* kinds */
	size_t n_rules;
	size_t n_results;
};

/* What stands in a table shows as this. */
static const struct {
	const char *table, *verdict, *level;
} levels[] = {
	{ "findings", "leak", "error" },
	{ "findings", NULL, "warning" },
	{ "known", NULL, "note" },
};

static const char *level_of(const char *table, struct str verdict)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (!strcmp(levels[i].table, table) && (!levels[i].verdict || str_is(verdict, levels[i].verdict)))
			return levels[i].level;
	return NULL;
}

static size_t rule_of(struct sarif *s, struct str kind)
{
	size_t i = 0;

	while (i < s->n_rules && !str_eq(s->rules[i], kind))
		i++;
	if (i == s->n_rules && s->n_rules < MAX_RULES)
		s->rules[s->n_rules++] = kind;
	return i < MAX_RULES ? i : 0;
}

static int is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~/", c) != NULL);
}

/* RFC 3986: everything but unreserved characters and slashes is escaped, so no name makes another scheme or host. */
static void add_uri(struct strbuf *words, struct str path)
{
	if (path.n && *path.s == '/')
		strbuf_addstr(words, "file://");
	for (size_t i = 0; i < path.n; i++) {
		unsigned char c = (unsigned char)path.s[i];

		if (is_plain(c))
			strbuf_addch(words, (char)c);
		else
			strbuf_addf(words, "%%%02X", c);
	}
}

static void add_location(struct sarif *s, const struct place *p)
{
	strbuf_addstr(s->out, ",\"locations\":[");
	if (p && p->script.n) {
		strbuf_reset(&s->words);
		add_uri(&s->words, p->script);
		strbuf_addstr(s->out, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
		json_str(s->out, (struct str){ strbuf_str(&s->words), s->words.len });
		strbuf_addf(s->out, "},\"region\":{\"startLine\":%u,\"startColumn\":%u}}}", p->line ? p->line : 1,
			    p->column ? p->column : 1);
	}
	strbuf_addch(s->out, ']');
}

/*
 * Plain messages know links all the same: "[text](address)" (SARIF 2.1.0, 3.11.6). The standard escapes brackets with
 * backslashes, which not every viewer heeds; a blank between the two parts makes it no link for anybody.
 */
static void add_plain(struct strbuf *plain, struct str words)
{
	for (size_t i = 0; i < words.n; i++) {
		if (words.s[i] == '(' && i && words.s[i - 1] == ']')
			strbuf_addch(plain, ' ');
		strbuf_addch(plain, words.s[i]);
	}
}

static void add_message(struct sarif *s, const struct finding *f)
{
	strbuf_reset(&s->words);
	strbuf_reset(&s->plain);
	strbuf_add(&s->words, f->title.s, f->title.n);
	strbuf_addch(&s->words, '\n');
	finding_words(&s->words, f);
	add_plain(&s->plain, (struct str){ strbuf_str(&s->words), s->words.len });
	strbuf_addstr(s->out, ",\"message\":{\"text\":");
	json_str(s->out, (struct str){ strbuf_str(&s->plain), s->plain.len });
	strbuf_addch(s->out, '}');
}

static void add_result(struct sarif *s, const struct finding *f, const char *level)
{
	strbuf_addstr(s->out, s->n_results++ ? ",\n    {" : "\n    {");
	strbuf_addstr(s->out, "\"ruleId\":");
	json_str(s->out, f->kind);
	strbuf_addf(s->out, ",\"ruleIndex\":%zu,\"level\":\"%s\"", rule_of(s, f->kind), level);
	add_message(s, f);
	add_location(s, f->location);
	strbuf_addstr(s->out, ",\"partialFingerprints\":{\"snapdiff/v1\":");
	json_str(s->out, f->fingerprint);
	strbuf_addstr(s->out, "},\"properties\":{\"verdict\":");
	json_str(s->out, f->verdict);
	strbuf_addstr(s->out, s->r->n_snapshots > 1 ? ",\"retained_delta_bytes\":" : ",\"retained_bytes\":");
	json_int(s->out, f->bytes);
	strbuf_addstr(s->out, "}}");
}

static void add_results(struct sarif *s, const char *key)
{
	const struct table *t = report_table(s->r, key);

	for (size_t row = 0; t && row < t->n_rows; row++) {
		struct finding f = finding_at(t, row);
		const char *level = level_of(key, f.verdict);

		if (level)
			add_result(s, &f, level);
	}
}

/* After the results, when it is known which kinds there are. */
static void add_tool(struct sarif *s)
{
	strbuf_addstr(s->out, "\n   ],\n   \"tool\":{\"driver\":{\"name\":");
	json_str(s->out, str_of(s->r->tool));
	strbuf_addstr(s->out, ",\"version\":");
	json_str(s->out, str_of(s->r->version));
	strbuf_addstr(s->out, ",\"rules\":[");
	for (size_t i = 0; i < s->n_rules; i++) {
		strbuf_addstr(s->out, i ? ",\n    {\"id\":" : "\n    {\"id\":");
		json_str(s->out, s->rules[i]);
		strbuf_addstr(s->out, ",\"shortDescription\":{\"text\":\"memory that grows: ");
		strbuf_add(s->out, s->rules[i].s, s->rules[i].n); /* a word of ours */
		strbuf_addstr(s->out, "\"}}");
	}
	strbuf_addstr(s->out, "\n   ]}}");
}

int render_sarif(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	struct sarif s = { .r = r, .out = out };
	int rc;

	(void)o;
	strbuf_init(&s.words, out->mem);
	strbuf_init(&s.plain, out->mem);
	strbuf_addstr(out, "{\n \"version\":\"2.1.0\",\n"
			   " \"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\n"
			   " \"runs\":[\n  {\n   \"columnKind\":\"unicodeCodePoints\",\n   \"results\":[");
	add_results(&s, "findings");
	add_results(&s, "known");
	add_tool(&s);
	strbuf_addstr(out, "\n  }\n ]\n}\n");
	rc = strbuf_check(&s.words, e) ? e->kind : strbuf_check(&s.plain, e);
	strbuf_release(&s.words);
	strbuf_release(&s.plain);
	return rc ? rc : strbuf_check(out, e);
}
