#include "formats/wire.h"

static int take_fixed(struct wire *w, size_t n, uint64_t *value)
{
	if (wire_left(w) < n)
		return 0;
	*value = 0;
	memcpy(value, w->p, n);
	w->p += n;
	return 1;
}

static int take_body(struct wire *w, struct wire *body)
{
	uint64_t n;

	if (!wire_varint(w, &n) || n > wire_left(w))
		return 0;
	*body = (struct wire){ w->p, w->p + n };
	w->p += n;
	return 1;
}

int wire_next(struct wire *w, struct wire_field *f)
{
	uint64_t tag;
	int ok = 0;

	if (w->p == w->end)
		return 0;
	if (!wire_varint(w, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX >> 3)
		return -1;
	f->number = (uint32_t)(tag >> 3);
	f->type = (enum wire_type)(tag & 7);
	if (f->type == WIRE_VARINT)
		ok = wire_varint(w, &f->value);
	else if (f->type == WIRE_BYTES)
		ok = take_body(w, &f->body);
	else if (f->type == WIRE_FIXED64 || f->type == WIRE_FIXED32)
		ok = take_fixed(w, f->type == WIRE_FIXED64 ? 8 : 4, &f->value);
	return ok ? 1 : -1;
}

int wire_numbers(const struct wire_field *f, unsigned char scratch[10], struct wire *numbers)
{
	uint64_t v = f->value;
	size_t n = 0;

	if (f->type == WIRE_BYTES) {
		*numbers = f->body;
		return 1;
	}
	if (f->type != WIRE_VARINT)
		return 0;
	do {
		scratch[n++] = (unsigned char)((v & 0x7F) | (v > 0x7F ? 0x80 : 0));
		v >>= 7;
	} while (v);
	*numbers = (struct wire){ scratch, scratch + n };
	return 1;
}
