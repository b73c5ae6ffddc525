/* An earlier report in JSON: which leaks it had and how much grew. Everything else in it is passed over. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/gate_parts.h"
#include "formats/json_in.h"
#include "formats/json_value.h"

#define MAX_DEPTH 64
#define MAX_KEY 64

/* Where the reader is: the table, and what the row in it has said so far. */
struct reading {
	struct gate *g;
	char section[MAX_KEY], key[MAX_KEY];
	int is_report;
	char fingerprint[FINGERPRINT_CHARS + 1];
	int64_t bytes, count;
	int matches; /* bit per condition whose expression fits the row's class */
};

#define MAX_CONDITIONS 31

static void keep(char *out, size_t size, struct str s)
{
	size_t n = s.n < size ? s.n : 0; /* too long to be a key of ours */

	memcpy(out, s.s, n);
	out[n] = '\0';
}

static int64_t integer(struct str s)
{
	char text[32];

	keep(text, sizeof(text), s);
	return strtoll(text, NULL, 10);
}

static void match_class(struct reading *b, struct str name)
{
	for (size_t i = 0; i < b->g->n && i < MAX_CONDITIONS; i++)
		if (b->g->conditions[i].classes && filter_wants(b->g->conditions[i].classes, name))
			b->matches |= 1 << i;
}

static void take_value(struct reading *b, struct str text)
{
	if (!strcmp(b->key, "fingerprint"))
		keep(b->fingerprint, sizeof(b->fingerprint), text);
	else if (!strcmp(b->key, "retained_delta_bytes"))
		b->bytes = integer(text);
	else if (!strcmp(b->key, "count_delta"))
		b->count = integer(text);
	else if (!strcmp(b->key, "class"))
		match_class(b, text);
}

static void end_class(struct reading *b)
{
	for (size_t i = 0; i < b->g->n && i < MAX_CONDITIONS; i++) {
		struct condition *c = &b->g->conditions[i];

		if (!(b->matches >> i & 1))
			continue;
		if (c->kind == CONDITION_COUNT)
			c->allowed += b->count;
		else if (b->bytes > c->allowed)
			c->allowed = b->bytes;
	}
}

static int end_finding(struct reading *b, struct err *e)
{
	struct gate *g = b->g;
	void *all = g->known;

	if (!*b->fingerprint)
		return 0;
	if (mem_reserve(g->mem, &all, &g->known_capacity, g->n_known + 1, sizeof(*g->known), e))
		return e->kind;
	g->known = all;
	memcpy(g->known[g->n_known].text, b->fingerprint, sizeof(b->fingerprint));
	g->known[g->n_known++].bytes = b->bytes;
	return 0;
}

static int end_row(struct reading *b, struct err *e)
{
	if (!strcmp(b->section, "classes"))
		end_class(b);
	else if (!strcmp(b->section, "findings") || !strcmp(b->section, "known"))
		return end_finding(b, e);
	return 0;
}

static void take_total(struct reading *b, struct str text)
{
	if (strcmp(b->section, "totals") || strcmp(b->key, "delta_bytes"))
		return;
	for (size_t i = 0; i < b->g->n; i++)
		if (b->g->conditions[i].kind == CONDITION_GROWTH)
			b->g->conditions[i].allowed = integer(text);
}

static void forget_row(struct reading *b)
{
	b->bytes = b->count = b->matches = 0;
	b->fingerprint[0] = '\0';
}

/* Depth 1: the document's keys; 2: a record's keys, rows; 3: the rows' keys. */
static int take_event(void *ctx, enum json_event event, struct str text, unsigned depth, struct err *e)
{
	struct reading *b = ctx;
	int is_value = event == JSON_NUMBER || event == JSON_STRING;

	if (event == JSON_KEY && depth == 1)
		keep(b->section, sizeof(b->section), text);
	else if (event == JSON_KEY)
		keep(b->key, sizeof(b->key), text);
	else if (event == JSON_MAP_START && depth == 2)
		forget_row(b);
	else if (event == JSON_MAP_END && depth == 2)
		return end_row(b, e);
	else if (is_value && depth == 1 && !strcmp(b->section, "schema"))
		b->is_report = str_is(text, REPORT_SCHEMA);
	else if (is_value && depth == 2)
		take_total(b, text);
	else if (is_value && depth == 3)
		take_value(b, text);
	return 0;
}

static int read_all(struct gate *g, struct run *run, struct source *src, struct err *e)
{
	struct reading b = { .g = g };
	struct json_in in;
	int rc = json_in_init(&in, run, src, 0, e);

	if (rc)
		return rc;
	rc = json_value_read(&in, take_event, &b, MAX_DEPTH, e);
	json_in_release(&in);
	if (!rc && !b.is_report)
		rc = err_set(e, ERR_FORMAT, "no report of schema " REPORT_SCHEMA "; a baseline is made with -f json");
	return rc;
}

int gate_read_baseline(struct gate *g, struct run *run, const char *path, struct err *e)
{
	struct source *src;
	int rc = source_open(&src, g->mem, path, e);

	if (rc)
		return rc;
	rc = read_all(g, run, src, e);
	source_close(src);
	return rc ? err_in(e, path) : 0;
}
