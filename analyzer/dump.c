#include "analyzer/dump.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/textcells.h"
#include "base/utf8.h"

#define FLUSH_BYTES ((size_t)256 << 10)

/* Pass on what has gathered once it is worth a call, or in any case at the end. */
static int flush(struct strbuf *sb, size_t threshold, const struct byte_sink *sink, struct err *e)
{
	if (sb->len < threshold || !sb->len)
		return 0;
	if (strbuf_check(sb, e) || sink->write(sink->ctx, sb->buf, sb->len, e))
		return e->kind;
	strbuf_reset(sb);
	return 0;
}

static int finish(struct strbuf *sb, int rc, const struct byte_sink *sink, struct err *e)
{
	if (!rc)
		rc = strbuf_check(sb, e) ? e->kind : flush(sb, 1, sink, e);
	strbuf_release(sb);
	return rc;
}

/* With \u, in two units where it needs them. */
static void add_escape(struct strbuf *sb, uint32_t cp)
{
	if (cp >= 0x10000)
		strbuf_addf(sb, "\\u%04x\\u%04x", 0xD800 + ((cp - 0x10000) >> 10), 0xDC00 + (cp & 0x3FF));
	else
		strbuf_addf(sb, "\\u%04x", cp);
}

/*
 * As JSON.stringify writes it, but a lone surrogate as U+FFFD: what a script compares must not depend on our taste. What no
 * terminal shows as a character is escaped too, and what would make a formula of the cell for a spreadsheet, which the quotes
 * do not keep it from; whoever reads the JSON does not see a difference.
 */
static void json_text(struct strbuf *sb, struct str s)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

	size_t start;

	strbuf_addch(sb, '"');
	start = sb->len;
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		char utf8[4];
		const char *hit;

		i += utf8_decode(s.s + i, s.n - i, &cp);
		hit = cp && cp < 0x80 ? strchr(from, (int)cp) : NULL;
		if (hit)
			strbuf_addf(sb, "\\%c", to[hit - from]);
		else if (text_is_hidden(cp) || (sb->len == start && text_begins_formula(cp)))
			add_escape(sb, cp);
		else
			strbuf_add(sb, utf8, utf8_encode(cp, utf8));
	}
	strbuf_addch(sb, '"');
}

/* A class name behind its place, the first `place_bytes` of the text, and the end of the line. */
static int last_column(struct strbuf *sb, struct str text, size_t place_bytes, struct redact *redact, struct err *e)
{
	struct str name = { text.s + place_bytes, text.n - place_bytes };
	struct strbuf both;
	int rc;

	if (redact && redact_text(redact, name, &name, e))
		return e->kind;
	strbuf_init(&both, sb->mem);
	if (place_bytes) {
		strbuf_add(&both, text.s, place_bytes);
		strbuf_add(&both, name.s, name.n);
		name = (struct str){ strbuf_str(&both), both.len };
	}
	rc = strbuf_check(&both, e);
	json_text(sb, name);
	strbuf_addch(sb, '\n');
	strbuf_release(&both);
	return rc;
}

/* Bytes of a class key before the name: "scriptId,line,column," or ",". */
static size_t place_bytes(struct str key)
{
	size_t commas = 0, i = 0;

	while (i < key.n && commas < 3 && (i || key.s[i] != ','))
		commas += key.s[i++] == ',';
	return i ? i : 1;
}

static int is_type_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ' || c == '#';
}

/* V8's types are words, numbered where it has no word. A file may name others as it likes: those are written as names are. */
static int type_cell(struct strbuf *sb, struct str type, struct redact *redact, struct err *e)
{
	size_t i = 0;

	while (i < type.n && is_type_byte(type.s[i]))
		i++;
	if (i == type.n) {
		strbuf_add(sb, type.s, type.n);
		return 0;
	}
	if (redact && redact_text(redact, type, &type, e))
		return e->kind;
	json_text(sb, type);
	return 0;
}

static int node_line(const struct heap *h, uint32_t v, struct redact *redact, struct strbuf *sb, struct err *e)
{
	const char *type = h->type_names[h->type[v]];

	strbuf_addf(sb, "%" PRIu64 "\t", heap_id(h, v));
	if (type_cell(sb, str_of(type), redact, e))
		return e->kind;
	strbuf_addf(sb, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRId32 "\t%" PRIu64 "\t", heap_self(h, v), h->retained[v],
		    h->distance[v], heap_id(h, h->idom[v]));
	return last_column(sb, h->classes[h->class_[v]].name, 0, redact, e);
}

int dump_nodes(const struct heap *h, struct redact *redact, const struct byte_sink *sink, struct err *e)
{
	struct strbuf sb;
	int rc = 0;

	strbuf_init(&sb, &h->run->mem);
	strbuf_addstr(&sb, "id\ttype\tself_bytes\tretained_bytes\tdistance\tdominator_id\tclass\n");
	for (uint32_t v = 0; v < h->n_nodes && !rc; v++) {
		rc = node_line(h, v, redact, &sb, e);
		if (!rc)
			rc = flush(&sb, FLUSH_BYTES, sink, e);
	}
	return finish(&sb, rc, sink, e);
}

void dump_class_key(const struct heap *h, const struct heap_class *c, struct strbuf *out)
{
	if (c->place) {
		const struct heap_place *p = &h->places[c->place - 1];

		strbuf_addf(out, "%u,%u,%u", p->script_id, p->line, p->column);
	}
	strbuf_addch(out, ',');
	strbuf_add(out, c->name.s, c->name.n);
}

struct keyed_class {
	const struct heap_class *class;
	struct str key;
	size_t order;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed_class *x = a, *y = b;
	int c = str_cmp(x->key, y->key);

	return c ? c : (x->order > y->order) - (x->order < y->order);
}

/* Keys one after the other in `keys`; the rows are pointed into it when it has stopped growing. */
static int collect(const struct heap *h, struct keyed_class *rows, struct strbuf *keys, size_t *n_rows, struct err *e)
{
	size_t n = 0, start = 0;

	for (size_t i = 0; i < h->n_classes; i++) {
		if (!h->classes[i].count)
			continue;
		dump_class_key(h, &h->classes[i], keys);
		rows[n] = (struct keyed_class){ &h->classes[i], { NULL, keys->len - start }, n };
		start = keys->len;
		n++;
	}
	if (strbuf_check(keys, e))
		return e->kind;
	start = 0;
	for (size_t i = 0; i < n; i++) {
		rows[i].key.s = strbuf_str(keys) + start;
		start += rows[i].key.n;
	}
	qsort(rows, n, sizeof(*rows), by_key);
	*n_rows = n;
	return 0;
}

int dump_classes(const struct heap *h, struct redact *redact, const struct byte_sink *sink, struct err *e)
{
	struct keyed_class *rows = mem_alloc(&h->run->mem, h->n_classes + 1, sizeof(*rows), e);
	struct strbuf sb, keys;
	size_t n = 0;
	int rc;

	if (!rows)
		return e->kind;
	strbuf_init(&sb, &h->run->mem);
	strbuf_init(&keys, &h->run->mem);
	rc = collect(h, rows, &keys, &n, e);
	strbuf_addstr(&sb, "count\tdistance\tself_bytes\tretained_bytes\tkey\n");
	for (size_t i = 0; i < n && !rc; i++) {
		const struct heap_class *c = rows[i].class;

		strbuf_addf(&sb, "%" PRIu64 "\t%" PRId32 "\t%" PRIu64 "\t%" PRIu64 "\t", c->count, c->distance,
			    c->self_bytes, c->retained_bytes);
		rc = last_column(&sb, rows[i].key, place_bytes(rows[i].key), redact, e);
		if (!rc)
			rc = flush(&sb, FLUSH_BYTES, sink, e);
	}
	mem_free(&h->run->mem, rows);
	strbuf_release(&keys);
	return finish(&sb, rc, sink, e);
}

int dump_stats(const struct heap *h, struct redact *redact, const struct byte_sink *sink, struct err *e)
{
	const struct heap_stats *s = &h->stats;
	struct strbuf sb;

	(void)redact;
	strbuf_init(&sb, &h->run->mem);
	strbuf_addf(&sb, "{\"total\":%" PRIu64 ",\"native\":{\"total\":%" PRIu64 ",\"typed_arrays\":%" PRIu64 "},",
		    s->total_bytes, s->native_bytes, s->typed_array_bytes);
	strbuf_addf(&sb,
		    "\"v8heap\":{\"total\":%" PRIu64 ",\"code\":%" PRIu64 ",\"js_arrays\":%" PRIu64 ",\"strings\":%" PRIu64
		    ",\"system\":%" PRIu64 "}}\n",
		    s->v8_bytes, s->code_bytes, s->js_array_bytes, s->string_bytes, s->system_bytes);
	return finish(&sb, 0, sink, e);
}

static int by_row_key(const void *a, const void *b)
{
	const struct dump_row *x = a, *y = b;

	return str_cmp(x->key, y->key);
}

int dump_compare(struct mem *m, struct dump_row *rows, size_t n, struct redact *redact, const struct byte_sink *sink,
		 struct err *e)
{
	struct strbuf sb;
	int rc = 0;

	if (n)
		qsort(rows, n, sizeof(*rows), by_row_key);
	strbuf_init(&sb, m);
	strbuf_addstr(&sb, "added\tremoved\tadded_bytes\tremoved_bytes\tkey\n");
	for (size_t i = 0; i < n && !rc; i++) {
		strbuf_addf(&sb, "%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t", rows[i].added, rows[i].removed,
			    rows[i].added_bytes, rows[i].removed_bytes);
		rc = last_column(&sb, rows[i].key, place_bytes(rows[i].key), redact, e);
		if (!rc)
			rc = flush(&sb, FLUSH_BYTES, sink, e);
	}
	return finish(&sb, rc, sink, e);
}
