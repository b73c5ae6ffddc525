/*
 * pprof's profile.proto, compressed with gzip as its tools write it; all values, threads and labels. One function per frame, one location per frame and
 * line. Messages are written as the wire format has them: tag, length, content.
 * https://github.com/google/pprof/blob/main/proto/profile.proto
 */
#include <string.h>

#include "analyzer/gzip_sink.h"
#include "analyzer/profile_intern.h"
#include "analyzer/profile_writers.h"
#include "base/table_hash.h"

enum profile_field { SAMPLE_TYPE = 1, SAMPLE, MAPPING, LOCATION, FUNCTION, STRINGS, DURATION = 10, PERIOD_TYPE, PERIOD,
		     DEFAULT_TYPE = 14 };

struct writer {
	const struct profile *p;
	const struct byte_sink *sink;
	struct strbuf out, message, inner;
	struct profile_texts texts; /* the string table */
	struct hash_index locations;
	uint32_t *location_frame, *location_line;
	size_t n_locations, capacity;
	uint32_t *location_of;      /* by stack, number from 1 */
};

static void add_varint(struct strbuf *sb, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		strbuf_addch(sb, (char)(v | 0x80));
	strbuf_addch(sb, (char)v);
}

static void add_number(struct strbuf *sb, unsigned field, uint64_t v)
{
	if (!v)
		return;
	add_varint(sb, field << 3);
	add_varint(sb, v);
}

static void add_bytes(struct strbuf *sb, unsigned field, const void *bytes, size_t n)
{
	add_varint(sb, field << 3 | 2);
	add_varint(sb, n);
	strbuf_add(sb, bytes, n);
}

static int add_message(struct writer *w, unsigned field, struct err *e)
{
	if (strbuf_check(&w->message, e) || strbuf_check(&w->inner, e))
		return e->kind;
	add_bytes(&w->out, field, strbuf_str(&w->message), w->message.len);
	strbuf_reset(&w->message);
	return profile_flush(&w->out, 0, w->sink, e);
}

static int text(struct writer *w, struct str s, uint64_t *number, struct err *e)
{
	uint32_t n = 0;

	*number = 0;
	if (profile_texts_add(&w->texts, s, &n, e))
		return e->kind;
	*number = n;
	return 0;
}

static struct str unit_name(enum profile_unit unit, struct str other)
{
	switch (unit) {
	case UNIT_NANOSECONDS:
		return STR_LIT("nanoseconds");
	case UNIT_BYTES:
		return STR_LIT("bytes");
	case UNIT_COUNT:
		return STR_LIT("count");
	case UNIT_OTHER:
		break;
	}
	return other;
}

static int write_types(struct writer *w, struct err *e)
{
	const struct profile *p = w->p;
	uint64_t type, unit;

	for (size_t v = 0; v < p->n_values; v++) {
		if (text(w, p->values[v].type, &type, e) || text(w, unit_name(p->values[v].unit, p->values[v].unit_name), &unit, e))
			return e->kind;
		add_number(&w->message, 1, type);
		add_number(&w->message, 2, unit);
		if (add_message(w, SAMPLE_TYPE, e))
			return e->kind;
	}
	return 0;
}

static int find_location(struct writer *w, uint32_t frame, uint32_t line, uint32_t *out, struct err *e)
{
	const struct profile_column columns[] = { { (void **)&w->location_frame, 4 },
						  { (void **)&w->location_line, 4 } };
	uint64_t h = table_hash_pair(&w->p->run->mem, frame, line);
	size_t at;

	for (*out = hash_index_first(&w->locations, h, &at); *out != HASH_NONE;
	     *out = hash_index_next(&w->locations, h, &at))
		if (w->location_frame[*out] == frame && w->location_line[*out] == line)
			return 0;
	*out = (uint32_t)w->n_locations;
	if (profile_grow(&w->p->run->mem, columns, 2, &w->capacity, w->n_locations + 1, e) ||
	    hash_index_add(&w->locations, h, *out, e))
		return e->kind;
	w->location_frame[*out] = frame;
	w->location_line[*out] = line;
	w->n_locations++;
	return 0;
}

static int number_locations(struct writer *w, struct err *e)
{
	const struct profile_stacks *s = &w->p->stacks;

	w->location_of = MEM_NEW(&w->p->run->mem, uint32_t, s->n + 1, e);
	if (!w->location_of)
		return e->kind;
	for (size_t i = 0; i < s->n; i++) {
		if (find_location(w, s->frame[i], s->line[i], &w->location_of[i], e))
			return e->kind;
		w->location_of[i]++;
	}
	return 0;
}

static int add_label(struct writer *w, struct str key, struct str value, uint64_t number, struct str unit,
		     struct err *e)
{
	uint64_t k, v, u;

	if (text(w, key, &k, e) || text(w, value, &v, e) || text(w, unit, &u, e))
		return e->kind;
	strbuf_reset(&w->inner);
	add_number(&w->inner, 1, k);
	add_number(&w->inner, 2, v);
	add_number(&w->inner, 3, number);
	add_number(&w->inner, 4, u);
	add_bytes(&w->message, 3, strbuf_str(&w->inner), w->inner.len);
	return 0;
}

static int add_labels(struct writer *w, const struct profile_sum *s, struct err *e)
{
	const struct profile *p = w->p;
	const struct profile_label_set *set = &p->label_sets[s->labels];
	const struct profile_thread_row *t = &p->threads[s->thread];
	struct str none = STR_LIT("");

	for (size_t i = 0; i < set->n; i++) {
		const struct profile_label *l = &set->labels[i];

		if (add_label(w, l->key, l->is_number ? none : l->text, l->is_number ? (uint64_t)l->number : 0,
			      l->is_number ? l->unit_name : none, e))
			return e->kind;
	}
	if (t->name.n && add_label(w, STR_LIT("thread"), t->name, 0, none, e))
		return e->kind;
	return t->tid ? add_label(w, STR_LIT("thread_id"), none, t->tid, none, e) : 0;
}

static int write_sample(struct writer *w, size_t i, struct err *e)
{
	const struct profile *p = w->p;
	const struct profile_sum *s = &p->sums[i];

	strbuf_reset(&w->inner);
	for (uint32_t at = s->stack; at != STACK_NONE; at = p->stacks.parent[at])
		add_varint(&w->inner, w->location_of[at]);
	if (w->inner.len)
		add_bytes(&w->message, 1, strbuf_str(&w->inner), w->inner.len);
	strbuf_reset(&w->inner);
	for (size_t v = 0; v < p->n_values; v++)
		add_varint(&w->inner, (uint64_t)profile_sum_value(p, i, v));
	add_bytes(&w->message, 2, strbuf_str(&w->inner), w->inner.len);
	return add_labels(w, s, e) ? e->kind : add_message(w, SAMPLE, e);
}

static int write_locations(struct writer *w, struct err *e)
{
	const struct profile_frames *f = &w->p->frames;

	for (size_t i = 0; i < w->n_locations; i++) {
		uint32_t frame = w->location_frame[i], line = w->location_line[i];

		strbuf_reset(&w->inner);
		add_number(&w->inner, 1, (uint64_t)frame + 1);
		add_number(&w->inner, 2, line ? line : f->line[frame]);
		add_number(&w->inner, 3, line ? 0 : f->column[frame]);
		add_number(&w->message, 1, i + 1);
		add_bytes(&w->message, 4, strbuf_str(&w->inner), w->inner.len);
		if (add_message(w, LOCATION, e))
			return e->kind;
	}
	return 0;
}

static int write_functions(struct writer *w, struct err *e)
{
	const struct profile *p = w->p;
	const struct profile_frames *f = &p->frames;

	for (size_t i = 0; i < f->n; i++) {
		struct str name = profile_text(p, f->name[i]);
		uint64_t name_id, file_id;

		if (text(w, name.n ? name : STR_LIT("(anonymous)"), &name_id, e) ||
		    text(w, profile_text(p, f->file[i] ? f->file[i] : f->module[i]), &file_id, e))
			return e->kind;
		add_number(&w->message, 1, i + 1);
		add_number(&w->message, 2, name_id);
		add_number(&w->message, 4, file_id);
		add_number(&w->message, 5, f->line[i]);
		if (add_message(w, FUNCTION, e))
			return e->kind;
	}
	return 0;
}

/* Of several inputs nobody knows which one a reader would mean. */
static int write_period(struct writer *w, struct err *e)
{
	const struct profile_input *in = &w->p->inputs[0];
	uint64_t type, unit;

	if (w->p->n_inputs > 1 || !in->period)
		return 0;
	if (text(w, in->period_type, &type, e) || text(w, unit_name(in->period_unit, STR_LIT("")), &unit, e))
		return e->kind;
	add_number(&w->message, 1, type);
	add_number(&w->message, 2, unit);
	if (add_message(w, PERIOD_TYPE, e))
		return e->kind;
	add_number(&w->out, PERIOD, (uint64_t)in->period);
	return 0;
}

static int write_rest(struct writer *w, struct err *e)
{
	const struct profile *p = w->p;
	uint64_t type = 0;

	add_number(&w->out, DURATION, (uint64_t)p->inputs[0].duration_ns);
	if (p->n_values && text(w, p->values[p->shown].type, &type, e))
		return e->kind;
	add_number(&w->out, DEFAULT_TYPE, type);
	if (write_period(w, e))
		return e->kind;
	for (size_t i = 0; i < w->texts.tab.n; i++) {
		struct str s = strtab_get(&w->texts.tab, i);

		add_bytes(&w->out, STRINGS, s.s, s.n);
		if (profile_flush(&w->out, 0, w->sink, e))
			return e->kind;
	}
	return profile_flush(&w->out, 1, w->sink, e);
}

static int write_file(struct writer *w, struct err *e)
{
	uint64_t zero;

	if (text(w, STR_LIT(""), &zero, e) || write_types(w, e) || number_locations(w, e))
		return e->kind;
	for (size_t i = 0; i < w->p->n_sums; i++)
		if (write_sample(w, i, e))
			return e->kind;
	return write_locations(w, e) || write_functions(w, e) || write_rest(w, e) ? e->kind : 0;
}

static int write_plain(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	struct writer w = { .p = p, .sink = sink };
	struct mem *m = &p->run->mem;
	int rc;

	strbuf_init(&w.out, m);
	strbuf_init(&w.message, m);
	strbuf_init(&w.inner, m);
	profile_texts_init(&w.texts, m);
	hash_index_init(&w.locations, m);
	rc = write_file(&w, e);
	strbuf_release(&w.out);
	strbuf_release(&w.message);
	strbuf_release(&w.inner);
	profile_texts_release(&w.texts);
	hash_index_release(&w.locations);
	mem_free(m, w.location_frame);
	mem_free(m, w.location_line);
	mem_free(m, w.location_of);
	return rc;
}

int write_pprof(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	struct byte_sink plain;
	struct gzip_sink *g;
	int rc = gzip_sink_open(&g, &p->run->mem, sink, &plain, e);

	if (!rc)
		rc = write_plain(p, &plain, e);
	if (!rc)
		rc = gzip_sink_finish(g, e);
	gzip_sink_free(g);
	return rc;
}
