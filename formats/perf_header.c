#include "formats/perf_header.h"

#include <stdio.h>

enum { FEATURE_BUILD_ID = 2, FEATURE_VERSION = 5, FEATURE_EVENT_DESC = 12 };

#define HEADER_BYTES 104
#define MAX_PREFIX ((uint64_t)64 << 20)  /* attributes and their ids */
#define MAX_FEATURE ((uint64_t)64 << 20)

void perf_header_init(struct perf_header *h, struct run *run)
{
	memset(h, 0, sizeof(*h));
	h->run = run;
	arena_init(&h->arena, &run->mem);
	memo_init(&h->ids, &run->mem);
}

void perf_header_release(struct perf_header *h)
{
	arena_release(&h->arena);
	memo_release(&h->ids);
	mem_free(&h->run->mem, h->attrs);
	mem_free(&h->run->mem, h->attr_of_id);
}

static int add_attr(struct perf_header *h, const unsigned char *bytes, size_t n, struct err *e)
{
	struct mem *m = &h->run->mem;

	if (h->n_attrs == PERF_MAX_ATTRS)
		return err_set(e, ERR_UNSUPPORTED, "more than %d events", PERF_MAX_ATTRS);
	if (mem_reserve(m, (void **)&h->attrs, &h->attrs_capacity, h->n_attrs + 1, sizeof(*h->attrs), e))
		return e->kind;
	if (!perf_attr_parse(&h->attrs[h->n_attrs], bytes, n))
		return err_set(e, ERR_FORMAT, "the description of an event (struct perf_event_attr) has a size of its own "
			       "that does not fit");
	h->attrs[h->n_attrs].name = perf_attr_known_name(&h->attrs[h->n_attrs]);
	h->n_attrs++;
	return 0;
}

static int add_ids(struct perf_header *h, const unsigned char *bytes, size_t n, struct err *e)
{
	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint32_t number;

		if (memo_add(&h->ids, (struct str){ (const char *)bytes + i, 8 }, &number, e) ||
		    mem_reserve(&h->run->mem, (void **)&h->attr_of_id, &h->attr_of_id_capacity, (size_t)number + 1,
				sizeof(*h->attr_of_id), e))
			return e->kind;
		h->attr_of_id[number] = (uint32_t)h->n_attrs; /* plus 1 */
	}
	return 0;
}

static int check_magic(const unsigned char *p, struct err *e)
{
	if (!memcmp(p, PERF_MAGIC_OLD, 8))
		return err_at(e, ERR_UNSUPPORTED, 0, "a perf.data file of version 1 (PERFFILE), which perf wrote before 2012; "
			      "print it with an old perf: perf script");
	if (!memcmp(p, PERF_MAGIC_SWAPPED, 8))
		return err_at(e, ERR_UNSUPPORTED, 0, "a perf.data file of a big-endian machine; print it there with perf script");
	if (memcmp(p, PERF_MAGIC, 8))
		return err_at(e, ERR_FORMAT, 0, "this is no perf.data file");
	return 0;
}

/* A piece of the file in front of the records. */
static int piece(const unsigned char *p, uint64_t have, uint64_t at, uint64_t n, const unsigned char **out, struct err *e)
{
	if (at > have || n > have - at)
		return err_set(e, ERR_UNSUPPORTED, "the events are not described in front of the records, or the file is "
			       "damaged");
	*out = p + at;
	return 0;
}

/* Each entry is an attr of entry_bytes - 16 and where its ids lie. */
static int read_attrs(struct perf_header *h, const unsigned char *p, uint64_t have, struct err *e)
{
	uint64_t entry = perf_u64(p + 16), at = perf_u64(p + 24), bytes = perf_u64(p + 32);
	const unsigned char *attrs = p, *ids = p;

	if (entry < PERF_ATTR_MIN_BYTES + 16 || entry > 4096)
		return err_at(e, ERR_FORMAT, 16, "descriptions of events of %llu bytes", (unsigned long long)entry);
	if (piece(p, have, at, bytes, &attrs, e))
		return e->kind;
	for (uint64_t i = 0; i + entry <= bytes; i += entry) {
		const unsigned char *a = attrs + i;
		uint64_t n_ids = perf_u64(a + entry - 8);

		if (add_attr(h, a, (size_t)entry - 16, e) || piece(p, have, perf_u64(a + entry - 16), n_ids, &ids, e) ||
		    add_ids(h, ids, (size_t)n_ids, e))
			return e->kind;
	}
	if (!h->n_attrs)
		return err_set(e, ERR_FORMAT, "a perf.data file without events");
	return 0;
}

static int read_file_header(struct perf_header *h, struct feed *in, struct err *e)
{
	const unsigned char *p;

	if (feed_need(in, HEADER_BYTES, e))
		return e->kind;
	if (feed_left(in) < HEADER_BYTES)
		return err_at(e, ERR_TRUNCATED, feed_left(in), "the file ends in its header");
	p = feed_bytes(in);
	h->data_offset = perf_u64(p + 40);
	h->data_bytes = perf_u64(p + 48);
	memcpy(h->features, p + 72, sizeof(h->features));
	if (h->data_offset < HEADER_BYTES || h->data_offset > MAX_PREFIX)
		return err_at(e, ERR_FORMAT, 40, "records that begin at byte %llu", (unsigned long long)h->data_offset);
	if (feed_need(in, (size_t)h->data_offset, e))
		return e->kind;
	if (feed_left(in) < h->data_offset)
		return err_at(e, ERR_TRUNCATED, feed_left(in), "the file ends in its header");
	if (read_attrs(h, feed_bytes(in), h->data_offset, e))
		return e->kind;
	in->pos += (size_t)h->data_offset;
	return 0;
}

int perf_header_begin(struct perf_header *h, struct feed *in, struct err *e)
{
	if (feed_need(in, 16, e))
		return e->kind;
	if (feed_left(in) < 16)
		return err_at(e, ERR_TRUNCATED, feed_left(in), "the file ends in its header");
	if (check_magic(feed_bytes(in), e))
		return e->kind;
	h->is_pipe = perf_u64(feed_bytes(in) + 8) == 16;
	if (!h->is_pipe)
		return read_file_header(h, in, e);
	in->pos += 16;
	return 0;
}

int perf_header_attr_record(struct perf_header *h, const unsigned char *body, size_t n, struct err *e)
{
	size_t size = n >= PERF_ATTR_MIN_BYTES ? perf_u32(body + 4) : 0;

	if (size < PERF_ATTR_MIN_BYTES || size > n) {
		h->n_damaged++;
		return 0;
	}
	return add_attr(h, body, size, e) ? e->kind : add_ids(h, body + size, n - size, e);
}

int perf_header_build(struct perf_header *h, const unsigned char *body, size_t n, struct perf_modules *modules,
		      struct err *e)
{
	/* pid, id in 24 bytes of which the 21st may say how long it is, path */
	size_t bytes = n > 28 ? body[24] : 0, length;

	if (n <= 28) {
		h->n_damaged++;
		return 0;
	}
	length = strnlen((const char *)body + 28, n - 28);
	return perf_modules_build(modules, (struct str){ (const char *)body + 28, length }, body + 4,
				  bytes && bytes <= 20 ? bytes : 20, e);
}

/* Records of their own, each with a header of eight bytes. */
static int read_builds(struct perf_header *h, const unsigned char *p, size_t n, struct perf_modules *modules, struct err *e)
{
	while (n >= 8) {
		size_t size = (size_t)p[6] | (size_t)p[7] << 8;

		if (size < 8 || size > n) {
			h->n_damaged++;
			return 0;
		}
		if (perf_header_build(h, p + 8, size - 8, modules, e))
			return e->kind;
		p += size;
		n -= size;
	}
	return 0;
}

/* A length and that many bytes, of which a NUL ends the text. 0: damaged. */
static size_t take_text(const unsigned char *p, size_t n, struct str *s)
{
	size_t bytes = n >= 4 ? perf_u32(p) : 0;

	if (n < 4 || bytes > n - 4)
		return 0;
	*s = (struct str){ (const char *)p + 4, strnlen((const char *)p + 4, bytes) };
	return 4 + bytes;
}

static int name_event(struct perf_header *h, struct str name, const unsigned char *ids, size_t n_ids, size_t order,
		      struct err *e)
{
	const struct perf_attr *found = n_ids ? perf_header_event(h, perf_u64(ids), e) : NULL;
	size_t at = found ? (size_t)(found - h->attrs) : order;
	char *copy;

	if (at >= h->n_attrs || !name.n)
		return 0;
	copy = arena_copy(&h->arena, name.s, name.n, e);
	if (!copy)
		return e->kind;
	h->attrs[at].name = (struct str){ copy, name.n };
	return 0;
}

/* Number of events, bytes of an attr; for each the attr, number of ids, name, ids. */
static int read_event_names(struct perf_header *h, const unsigned char *p, size_t n, struct err *e)
{
	size_t count = n >= 8 ? perf_u32(p) : 0, attr = n >= 8 ? perf_u32(p + 4) : 0, at = 8;

	for (size_t i = 0; i < count && i < PERF_MAX_ATTRS; i++) {
		size_t n_ids, text;
		struct str name;

		if (attr > n - at || n - at - attr < 4)
			break;
		n_ids = perf_u32(p + at + attr);
		at += attr + 4;
		text = take_text(p + at, n - at, &name);
		if (!text || n_ids > (n - at - text) / 8)
			break;
		at += text;
		if (name_event(h, name, p + at, n_ids, i, e))
			return e->kind;
		at += n_ids * 8;
	}
	return 0;
}

static int read_version(struct perf_header *h, const unsigned char *p, size_t n, struct err *e)
{
	struct str text = { "", 0 };
	char *copy;

	if (!take_text(p, n, &text))
		return 0;
	copy = arena_copy(&h->arena, text.s, text.n, e);
	h->version = (struct str){ copy, text.n };
	return copy ? 0 : e->kind;
}

int perf_header_feature(struct perf_header *h, uint64_t feature, const unsigned char *body, size_t n,
			struct perf_modules *modules, struct err *e)
{
	switch (feature) {
	case FEATURE_BUILD_ID:
		return read_builds(h, body, n, modules, e);
	case FEATURE_VERSION:
		return read_version(h, body, n, e);
	case FEATURE_EVENT_DESC:
		return read_event_names(h, body, n, e);
	}
	return 0;
}

/* Sections lie in any order; what lies behind the table is in the window, what it cannot hold is not read. */
static int read_section(struct perf_header *h, struct feed *in, uint64_t base, uint64_t feature, const unsigned char *row,
			struct perf_modules *modules, struct err *e)
{
	uint64_t at = perf_u64(row), n = perf_u64(row + 8);

	if (at < base || at - base > feed_left(in) || n > feed_left(in) - (at - base)) {
		h->n_damaged++;
		return 0;
	}
	return perf_header_feature(h, feature, feed_bytes(in) + (at - base), (size_t)n, modules, e);
}

int perf_header_end(struct perf_header *h, struct feed *in, struct perf_modules *modules, struct err *e)
{
	uint64_t base;
	size_t row = 0;

	if (feed_skip(in, h->data_bytes, e) || feed_need(in, MAX_FEATURE, e))
		return e->kind;
	base = feed_offset(in);
	for (uint64_t feature = 0; feature < 256; feature++) {
		if (!(h->features[feature >> 6] >> (feature & 63) & 1))
			continue;
		if (feed_left(in) < (row + 1) * 16) {
			h->n_damaged++;
			return 0;
		}
		if (read_section(h, in, base, feature, feed_bytes(in) + row * 16, modules, e))
			return e->kind;
		row++;
	}
	return 0;
}

const struct perf_attr *perf_header_event(struct perf_header *h, uint64_t id, struct err *e)
{
	uint32_t number, n = memo_n(&h->ids);

	if (memo_add(&h->ids, (struct str){ (const char *)&id, 8 }, &number, e))
		return NULL;
	/* an id that nobody announced is remembered as such */
	if (number == n && mem_reserve(&h->run->mem, (void **)&h->attr_of_id, &h->attr_of_id_capacity, (size_t)n + 1,
				       sizeof(*h->attr_of_id), e))
		return NULL;
	return h->attr_of_id[number] ? &h->attrs[h->attr_of_id[number] - 1] : NULL;
}

int perf_header_uniform(const struct perf_header *h)
{
	for (size_t i = 1; i < h->n_attrs; i++)
		if (h->attrs[i].sample_type != h->attrs[0].sample_type ||
		    h->attrs[i].read_format != h->attrs[0].read_format ||
		    h->attrs[i].sample_id_all != h->attrs[0].sample_id_all)
			return 0;
	return 1;
}
