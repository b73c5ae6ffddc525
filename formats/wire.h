/*
 * wire.h - the wire format of protocol buffers, as far as reading messages needs it: walking the fields of a message that
 * lies in memory. Nothing is copied; everything is checked against the end of the message.
 */
#ifndef FORMATS_WIRE_H
#define FORMATS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum wire_type {
	WIRE_VARINT = 0,
	WIRE_FIXED64 = 1,
	WIRE_BYTES = 2,
	WIRE_FIXED32 = 5,
};

struct wire {
	const unsigned char *p, *end;
};

struct wire_field {
	uint32_t number;
	enum wire_type type;
	uint64_t value;   /* WIRE_VARINT and the fixed types */
	struct wire body; /* WIRE_BYTES */
};

/* Take a varint; 0 when it does not end in the message or has more than ten bytes. */
static inline int wire_varint(struct wire *w, uint64_t *value)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 70 && w->p < w->end; shift += 7) {
		unsigned char c = *w->p++;

		v |= shift < 64 ? (uint64_t)(c & 0x7F) << shift : 0;
		if (!(c & 0x80)) {
			*value = v;
			return 1;
		}
	}
	return 0;
}

/* Take the next field. 1: taken, 0: the message is at its end, -1: it is damaged. */
int wire_next(struct wire *w, struct wire_field *f);

/*
 * The numbers of a repeated field, one call of wire_varint() each: a packed field is its body, an unpacked one the single
 * value, written anew to `scratch`. 0 for a type that holds no varints.
 */
int wire_numbers(const struct wire_field *f, unsigned char scratch[10], struct wire *numbers);

static inline size_t wire_left(const struct wire *w)
{
	return (size_t)(w->end - w->p);
}

static inline struct str wire_str(const struct wire *w)
{
	return (struct str){ (const char *)w->p, wire_left(w) };
}

#endif
