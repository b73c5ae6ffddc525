/*
 * json_in.h - a window on a JSON text that is read once, front to back.
 *
 * The readers of this folder take the text apart between themselves: json_value.c gives single values to yajl,
 * json_numbers.c takes long flat arrays of unsigned integers, json_strings.c arrays of strings. Each can stop and go on
 * at any byte; what none of them used stays in the window for the next.
 */
#ifndef FORMATS_JSON_IN_H
#define FORMATS_JSON_IN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/run.h"
#include "formats/source.h"

#define JSON_WINDOW_BYTES READ_WINDOW_BYTES
#define JSON_BUFFER_BYTES (JSON_WINDOW_BYTES + 64) /* vector loads may look past the window's end */

struct json_in {
	struct run *run;
	struct source *source;
	char *buf;            /* JSON_BUFFER_BYTES */
	size_t pos, len;
	uint64_t buf_offset;  /* decoded offset of buf[0] */
	size_t read_bytes;    /* at most this many bytes are asked of the source at once; for tests */
	int at_end;           /* the source has no more */
};

/* `read_bytes` 0: whole windows. The source is borrowed. */
int json_in_init(struct json_in *in, struct run *run, struct source *source, size_t read_bytes, struct err *e);
void json_in_release(struct json_in *in);

/* Offset of the next unread byte. */
static inline uint64_t json_in_offset(const struct json_in *in)
{
	return in->buf_offset + in->pos;
}

/*
 * Keep the unread bytes, move them to the front and add what the source gives. At the end nothing is added and
 * at_end is set.
 */
int json_in_fill(struct json_in *in, struct err *e);

/* Make at least `n` unread bytes available (n <= 64), or fewer at the end of the input. */
int json_in_need(struct json_in *in, size_t n, struct err *e);

/* Skip white space; `*c` is the next byte, not taken, or -1 at the end. */
int json_in_peek(struct json_in *in, int *c, struct err *e);

/* Take one byte after white space and demand that it is `want`; `where` says where in the text that is. */
int json_in_expect(struct json_in *in, char want, const char *where, struct err *e);

/* A printable form of a byte for messages, in `buf`. */
const char *json_in_show(int c, char buf[16]);

#endif
