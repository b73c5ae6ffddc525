/* The second reading: numbers are copied, names of nodes that were split get their new number, then the strings. */
#include <string.h>

#include "analyzer/scrub_parts.h"
#include "base/utf8.h"

#define FLUSH_BYTES ((size_t)256 << 10)
#define N_RANKS 10

struct writer {
	struct scrub *s;
	const struct byte_sink *sink;
	const struct heap_meta *meta;
	const struct heap_progress *progress;
	struct strbuf out;
	int written[N_RANKS];
	int open;        /* the number array that is being written, -1: none */
	int rank;
	unsigned n_fields, field, name_field, type_field; /* of nodes */
	uint64_t type;
	uint64_t numbers; /* as in struct scrub, of this reading */
	int after_value;  /* a comma is due before the next value or key */
};

static int flush(struct writer *w, size_t threshold, struct err *e)
{
	/* a buffer that could not grow is empty, too */
	if (!w->out.failed && (w->out.len < threshold || !w->out.len))
		return 0;
	if (strbuf_check(&w->out, e) || w->sink->write(w->sink->ctx, w->out.buf, w->out.len, e))
		return e->kind;
	strbuf_reset(&w->out);
	return 0;
}

/* The number's digits at `out`; at most 20. Returns where they end. */
static char *put_number(char *out, uint64_t v)
{
	char digits[24], *p = digits + sizeof(digits);
	size_t n;

	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	n = (size_t)(digits + sizeof(digits) - p);
	memcpy(out, p, n);
	return out + n;
}

static void add_unit(struct strbuf *out, uint32_t unit)
{
	strbuf_addf(out, "\\u%04X", unit);
}

/* As V8 writes them: nothing but ASCII. */
static void add_character(struct strbuf *out, uint32_t cp)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *hit = cp && cp < 0x80 ? strchr(from, (int)cp) : NULL;

	if (hit) {
		strbuf_addch(out, '\\');
		strbuf_addch(out, to[hit - from]);
	} else if (cp >= 0x20 && cp < 0x7F) {
		strbuf_addch(out, (char)cp);
	} else if (cp < 0x10000) {
		add_unit(out, cp);
	} else {
		add_unit(out, 0xD800 + ((cp - 0x10000) >> 10));
		add_unit(out, 0xDC00 + ((cp - 0x10000) & 0x3FF));
	}
}

static void add_string(struct strbuf *out, struct str s)
{
	strbuf_addch(out, '"');
	for (size_t i = 0; i < s.n;) {
		const unsigned char *p = (const unsigned char *)s.s + i;
		uint32_t cp;

		if (s.n - i >= 3 && p[0] == 0xED && p[1] >= 0xA0) {
			add_unit(out, 0xD000u | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu));
			i += 3;
			continue;
		}
		i += utf8_decode(s.s + i, s.n - i, &cp);
		add_character(out, cp);
	}
	strbuf_addch(out, '"');
}

static void begin_section(struct writer *w, int rank, const char *key)
{
	strbuf_addf(&w->out, "%s\"%s\":", rank ? ",\n" : "{", key);
	w->written[rank] = 1;
}

static int is_complete(const struct writer *w, enum heap_section section)
{
	return w->progress->complete[section];
}

/* Sections that were read but gave no numbers. */
static void add_empty(struct writer *w, int before)
{
	if (w->open >= 0) {
		strbuf_addch(&w->out, ']');
		w->open = -1;
	}
	for (int rank = 1; rank < before; rank++) {
		for (int i = 0; i < HEAP_N_SECTIONS; i++) {
			const char *key = scrub_section_key((enum heap_section)i);

			if (scrub_section_rank(key) != rank || w->written[rank] || !is_complete(w, (enum heap_section)i))
				continue;
			begin_section(w, rank, key);
			strbuf_addstr(&w->out, "[]");
		}
	}
}

static int on_meta(void *ctx, const struct heap_meta *m, uint64_t input_bytes, struct err *e)
{
	struct writer *w = ctx;

	(void)input_bytes;
	(void)e;
	w->meta = m;
	w->n_fields = m->fields[HEAP_NODES].n;
	w->name_field = (unsigned)heap_meta_field(m, HEAP_NODES, "name");
	w->type_field = (unsigned)heap_meta_field(m, HEAP_NODES, "type");
	return w->type_field > w->name_field ?
		       err_set(e, ERR_UNSUPPORTED, "a node's type stands behind its name: no V8 writes such a file") :
		       0;
}

/* Numbers pass through; none is kept. */
static int on_reserve(void *ctx, enum heap_section s, uint64_t need, uint64_t *room, struct err *e)
{
	(void)ctx;
	(void)s;
	(void)need;
	(void)e;
	*room = UINT64_MAX;
	return 0;
}

/* The number of a string as a node of that type refers to it. */
static int renumber(const struct writer *w, uint64_t *string, struct err *e)
{
	const struct scrub *s = w->s;
	int value = w->type >= HEAP_MAX_TYPES || s->is_value[w->type];

	if (*string >= s->strings.n)
		return err_set(e, ERR_FORMAT, "the file changed while it was read");
	if (value && bit_get(s->split.bits, (uint32_t)*string))
		*string = s->strings.n + ranked_bits_rank(&s->split, (uint32_t)*string);
	return 0;
}

static int node_number(struct writer *w, uint64_t *v, struct err *e)
{
	unsigned field = w->field;

	w->field = field + 1 == w->n_fields ? 0 : field + 1;
	if (field == w->type_field)
		w->type = *v;
	return field == w->name_field ? renumber(w, v, e) : 0;
}

static int on_take(void *ctx, enum heap_section section, uint64_t first, const uint64_t *v, size_t n, size_t *bad,
		   struct err *e)
{
	const char *key = scrub_section_key(section);
	struct writer *w = ctx;
	char text[21 * NUMBER_BATCH], *p = text;

	(void)bad;
	if (scrub_in_order(&w->rank, key, e))
		return e->kind;
	w->numbers = scrub_sum(w->numbers, v, n);
	if (w->open != (int)section) {
		add_empty(w, scrub_section_rank(key));
		begin_section(w, scrub_section_rank(key), key);
		strbuf_addch(&w->out, '[');
		w->open = (int)section;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t number = v[i];

		if (section == HEAP_NODES && node_number(w, &number, e))
			return e->kind;
		if (first + i)
			*p++ = ',';
		p = put_number(p, number);
	}
	strbuf_add(&w->out, text, (size_t)(p - text));
	return flush(w, FLUSH_BYTES, e);
}

/* Words of the header are names of fields and types; what else stands there is dropped. */
static int is_field_word(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!((text.s[i] >= 'a' && text.s[i] <= 'z') || text.s[i] == '_' || text.s[i] == ' '))
			return 0;
	return text.n <= 40;
}

/* Lists of names stand three levels deep; texts before that would be titles and the like. */
static void add_text(struct writer *w, enum json_event event, struct str text, unsigned depth)
{
	if (event == JSON_STRING || event == JSON_KEY)
		add_string(&w->out, is_field_word(text) && (depth >= 3 || event == JSON_KEY) ? text : STR_LIT(""));
	else if (event == JSON_NULL)
		strbuf_addstr(&w->out, "null");
	else if (event == JSON_BOOL)
		strbuf_addstr(&w->out, "false");
	else
		strbuf_add(&w->out, text.s, text.n);
}

static void add_event(struct writer *w, enum json_event event, struct str text, unsigned depth)
{
	static const char brackets[] = { [JSON_MAP_START] = '{',
					 [JSON_MAP_END] = '}',
					 [JSON_ARRAY_START] = '[',
					 [JSON_ARRAY_END] = ']' };

	if (event == JSON_MAP_END || event == JSON_ARRAY_END) {
		strbuf_addch(&w->out, brackets[event]);
		w->after_value = 1;
		return;
	}
	if (w->after_value)
		strbuf_addch(&w->out, ',');
	w->after_value = 0;
	if (event == JSON_MAP_START || event == JSON_ARRAY_START) {
		strbuf_addch(&w->out, brackets[event]);
		return;
	}
	add_text(w, event, text, depth);
	if (event == JSON_KEY)
		strbuf_addch(&w->out, ':');
	else
		w->after_value = 1;
}

static int is_end(enum json_event event)
{
	return event == JSON_MAP_END || event == JSON_ARRAY_END;
}

static int on_value(void *ctx, const char *key, enum json_event event, struct str text, unsigned depth, struct err *e)
{
	struct writer *w = ctx;

	if (!depth && !is_end(event)) {
		if (scrub_in_order(&w->rank, key, e))
			return e->kind;
		add_empty(w, scrub_section_rank(key));
		begin_section(w, scrub_section_rank(key), key);
		w->after_value = 0;
	}
	add_event(w, event, text, depth);
	return flush(w, FLUSH_BYTES, e);
}

static int add_strings(struct writer *w, struct err *e)
{
	struct scrub *s = w->s;
	struct str text;

	add_empty(w, N_RANKS);
	strbuf_addstr(&w->out, ",\n\"strings\":[");
	for (size_t i = 0; i < s->strings.n; i++) {
		int rc = s->fates[i] == FATE_NO_NAME ? scrub_value(s, strtab_get(&s->strings, i), &text, e) :
						       scrub_name(s, i, &text, e);

		if (rc || flush(w, FLUSH_BYTES, e))
			return e->kind;
		if (i)
			strbuf_addstr(&w->out, ",\n");
		add_string(&w->out, text);
	}
	for (size_t i = 0; i < s->strings.n; i++) {
		if (!bit_get(s->split.bits, (uint32_t)i))
			continue;
		if (scrub_value(s, strtab_get(&s->strings, i), &text, e) || flush(w, FLUSH_BYTES, e))
			return e->kind;
		strbuf_addstr(&w->out, ",\n");
		add_string(&w->out, text);
	}
	strbuf_addstr(&w->out, "]}\n");
	return flush(w, 1, e);
}

int scrub_copy(struct scrub *s, const struct byte_sink *sink, struct err *e)
{
	struct heap_progress progress;
	struct heap_meta meta;
	struct writer w = { .s = s, .sink = sink, .progress = &progress, .open = -1 };
	struct heap_sink in = { .ctx = &w, .meta = on_meta, .reserve = on_reserve, .take = on_take, .value = on_value };
	struct heap_read_options o = { 0 };
	int rc;

	strbuf_init(&w.out, &s->run->mem);
	rc = heapsnapshot_read(s->run, s->source, &o, &in, &meta, &progress, e);
	if (!rc && w.numbers != s->numbers)
		rc = err_set(e, ERR_FORMAT, "the file changed while it was read");
	if (!rc)
		rc = add_strings(&w, e);
	heap_meta_release(&meta);
	strbuf_release(&w.out);
	return rc;
}
