#include "formats/pprof.h"

#include "formats/feed.h"
#include "formats/pprof_emit.h"

/* A tag and a length are at most ten bytes each. */
#define HEAD_BYTES 20

/* A message of the profile that is longer than any writer makes; a length in damaged bytes. */
#define MAX_MESSAGE ((uint64_t)1 << 30)

static int damaged(uint64_t offset, int at_end, struct err *e)
{
	if (at_end)
		return err_at(e, ERR_TRUNCATED, offset, "the profile ends in the middle of a field");
	return err_at(e, ERR_FORMAT, offset, "this is no field of a protocol buffer");
}

/* Bytes that the field at the beginning of the window takes, 0 when its tag and length are damaged. */
static uint64_t field_bytes(const struct feed *in)
{
	struct wire w = { feed_bytes(in), feed_bytes(in) + feed_left(in) };
	uint64_t tag, n = 0;

	if (!wire_varint(&w, &tag))
		return 0;
	switch (tag & 7) {
	case WIRE_VARINT:
		if (!wire_varint(&w, &n))
			return 0;
		n = 0;
		break;
	case WIRE_FIXED64:
		n = 8;
		break;
	case WIRE_FIXED32:
		n = 4;
		break;
	case WIRE_BYTES:
		if (!wire_varint(&w, &n) || n > MAX_MESSAGE)
			return 0;
		break;
	default:
		return 0;
	}
	return (uint64_t)(w.p - feed_bytes(in)) + n;
}

static int read_field(struct pprof *p, struct feed *in, struct err *e)
{
	uint64_t n = field_bytes(in), offset = feed_offset(in);
	struct wire_field f;
	struct wire w;

	if (!n)
		return damaged(offset, in->at_end && feed_left(in) < HEAD_BYTES, e);
	if (feed_need(in, (size_t)n, e))
		return e->kind;
	if (feed_left(in) < n)
		return damaged(offset, 1, e);
	w = (struct wire){ feed_bytes(in), feed_bytes(in) + n };
	in->pos += (size_t)n;
	if (wire_next(&w, &f) <= 0)
		return damaged(offset, 0, e);
	return pprof_take(p, &f, offset, e);
}

static int read_fields(struct pprof *p, struct feed *in, struct err *e)
{
	for (;;) {
		if (feed_need(in, HEAD_BYTES, e))
			return e->kind;
		if (!feed_left(in))
			return 0;
		if (read_field(p, in, e))
			return e->kind;
	}
}

int pprof_read(struct run *run, struct source *src, const struct profile_read_options *o,
	       const struct profile_sink *sink, struct err *e)
{
	struct pprof p;
	struct feed in;
	int rc;

	if (feed_init(&in, run, src, o->read_bytes, e))
		return e->kind;
	rc = pprof_init(&p, &run->mem, e);
	if (!rc)
		rc = read_fields(&p, &in, e);
	if (!rc)
		rc = pprof_emit(&p, run, sink, e);
	pprof_release(&p);
	feed_release(&in);
	return rc;
}

static int is_value_type(struct wire w)
{
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f)) > 0)
		if (f.number > 2 || f.type != WIRE_VARINT || f.value > UINT32_MAX)
			return 0;
	return rc == 0;
}

/* Fields that are messages or strings in profile.proto; of the others, comment alone may be packed. */
static int type_fits(const struct wire_field *f)
{
	int is_message = f->number <= 6 || f->number == 11;

	if (f->number > 15)
		return 0;
	if (f->number == 13)
		return f->type == WIRE_VARINT || f->type == WIRE_BYTES;
	return f->type == (is_message ? WIRE_BYTES : WIRE_VARINT);
}

/* Every field must have its type, and value types must look like such; one field alone proves nothing. */
enum probe probe_pprof(const char *bytes, size_t n, int complete)
{
	struct wire w = { (const unsigned char *)bytes, (const unsigned char *)bytes + n };
	struct wire_field f;
	unsigned fields = 0, types = 0;
	int rc;

	while ((rc = wire_next(&w, &f)) > 0) {
		if (!type_fits(&f) || (f.number == 1 && !is_value_type(f.body)))
			return PROBE_NO;
		fields++;
		types += f.number == 1 || f.number == 11;
	}
	if (rc < 0 && (complete || !fields))
		return !complete && n < PROBE_BYTES ? PROBE_MORE : PROBE_NO;
	if (types && fields > 2)
		return PROBE_YES;
	return fields ? PROBE_MAYBE : PROBE_NO;
}
