#include "formats/json_in.h"

#include <stdio.h>
#include <string.h>

int json_in_init(struct json_in *in, struct run *run, struct source *source, size_t read_bytes, struct err *e)
{
	memset(in, 0, sizeof(*in));
	in->run = run;
	in->source = source;
	in->read_bytes = read_bytes && read_bytes < JSON_WINDOW_BYTES ? read_bytes : JSON_WINDOW_BYTES;
	in->buf = mem_alloc(&run->mem, JSON_BUFFER_BYTES, 1, e);
	return in->buf ? 0 : e->kind;
}

void json_in_release(struct json_in *in)
{
	mem_free(&in->run->mem, in->buf);
	in->buf = NULL;
}

int json_in_fill(struct json_in *in, struct err *e)
{
	size_t keep = in->len - in->pos, room = JSON_WINDOW_BYTES - keep, got;

	memmove(in->buf, in->buf + in->pos, keep);
	in->buf_offset += in->pos;
	in->pos = 0;
	in->len = keep;
	if (in->at_end)
		return 0;
	if (room > in->read_bytes)
		room = in->read_bytes;
	if (source_read(in->source, in->buf + keep, room, &got, e))
		return e->kind;
	in->len += got;
	in->at_end = got == 0;
	return 0;
}

int json_in_need(struct json_in *in, size_t n, struct err *e)
{
	while (in->len - in->pos < n && !in->at_end)
		if (json_in_fill(in, e))
			return e->kind;
	return 0;
}

static int is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

int json_in_peek(struct json_in *in, int *c, struct err *e)
{
	for (;;) {
		while (in->pos < in->len && is_space(in->buf[in->pos]))
			in->pos++;
		if (in->pos < in->len) {
			*c = (unsigned char)in->buf[in->pos];
			return 0;
		}
		if (in->at_end) {
			*c = -1;
			return 0;
		}
		if (json_in_fill(in, e))
			return e->kind;
	}
}

const char *json_in_show(int c, char buf[16])
{
	if (c < 0)
		snprintf(buf, 16, "the end");
	else if (c > 0x20 && c < 0x7F)
		snprintf(buf, 16, "'%c'", c);
	else
		snprintf(buf, 16, "byte 0x%02x", (unsigned)c);
	return buf;
}

int json_in_expect(struct json_in *in, char want, const char *where, struct err *e)
{
	char shown[16];
	int c;

	if (json_in_peek(in, &c, e))
		return e->kind;
	if (c == (unsigned char)want) {
		in->pos++;
		return 0;
	}
	return err_at(e, c < 0 ? ERR_TRUNCATED : ERR_FORMAT, json_in_offset(in), "expected '%c' %s, found %s", want, where,
		      json_in_show(c, shown));
}
