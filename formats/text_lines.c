#include "formats/text_lines.h"

#include <string.h>

#include "base/utf8.h"

int text_lines_init(struct text_lines *t, struct run *run, struct source *src, size_t read_bytes, struct err *e)
{
	memset(t, 0, sizeof(*t));
	strbuf_init(&t->line, &run->mem);
	wtf8_init(&t->clean, &run->mem);
	if (json_in_init(&t->in, run, src, read_bytes, e) || json_in_need(&t->in, 3, e))
		return e->kind;
	if (t->in.len >= 3 && !memcmp(t->in.buf, "\xEF\xBB\xBF", 3))
		t->in.pos = 3;
	else if (t->in.len >= 2 && !memcmp(t->in.buf, "\xFF\xFE", 2))
		t->wide = 1;
	else if (t->in.len >= 2 && !memcmp(t->in.buf, "\xFE\xFF", 2))
		t->wide = 2;
	t->in.pos += t->wide ? 2 : 0;
	return 0;
}

void text_lines_release(struct text_lines *t)
{
	strbuf_release(&t->line);
	wtf8_release(&t->clean);
	json_in_release(&t->in);
}

static struct str without_cr(struct str s)
{
	s.n -= s.n && s.s[s.n - 1] == '\r';
	return s;
}

/* One unit; at the end of the input `*unit` is a line feed and `*end` is set. */
static int wide_unit(struct text_lines *t, uint32_t *unit, int *end, struct err *e)
{
	const unsigned char *b;

	if (json_in_need(&t->in, 2, e))
		return e->kind;
	*end = t->in.len - t->in.pos < 2;
	*unit = '\n';
	if (*end) {
		t->in.pos = t->in.len;
		return 0;
	}
	b = (const unsigned char *)t->in.buf + t->in.pos;
	*unit = t->wide == 1 ? (uint32_t)(b[0] | b[1] << 8) : (uint32_t)(b[1] | b[0] << 8);
	t->in.pos += 2;
	return 0;
}

static int wide_line(struct text_lines *t, struct str *line, int *more, struct err *e)
{
	uint32_t unit = 0, high = 0;
	char bytes[4];
	int end;

	strbuf_reset(&t->line);
	for (;;) {
		if (wide_unit(t, &unit, &end, e))
			return e->kind;
		if (unit == '\n')
			break;
		if (high && unit >= 0xDC00 && unit < 0xE000)
			unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
		else if (high)
			strbuf_add(&t->line, bytes, utf8_encode(high, bytes));
		high = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
		if (!high)
			strbuf_add(&t->line, bytes, utf8_encode(unit, bytes));
	}
	if (high)
		strbuf_add(&t->line, bytes, utf8_encode(high, bytes));
	*more = !end || t->line.len;
	*line = without_cr((struct str){ strbuf_str(&t->line), t->line.len });
	return strbuf_check(&t->line, e);
}

/* A line of which the window holds a part: gather it. */
static int long_line(struct text_lines *t, struct str *line, int *more, struct err *e)
{
	struct json_in *in = &t->in;
	const char *end = NULL;

	strbuf_reset(&t->line);
	while (!end) {
		if (in->pos == in->len && json_in_fill(in, e))
			return e->kind;
		if (in->pos == in->len)
			break;
		end = memchr(in->buf + in->pos, '\n', in->len - in->pos);
		strbuf_add(&t->line, in->buf + in->pos, end ? (size_t)(end - in->buf) - in->pos : in->len - in->pos);
		in->pos = end ? (size_t)(end - in->buf) + 1 : in->len;
	}
	*more = end || t->line.len;
	*line = without_cr((struct str){ strbuf_str(&t->line), t->line.len });
	return strbuf_check(&t->line, e);
}

static int narrow_line(struct text_lines *t, struct str *line, int *more, struct err *e)
{
	struct json_in *in = &t->in;
	const char *end = memchr(in->buf + in->pos, '\n', in->len - in->pos);

	if (!end)
		return long_line(t, line, more, e);
	*line = without_cr((struct str){ in->buf + in->pos, (size_t)(end - in->buf) - in->pos });
	in->pos = (size_t)(end - in->buf) + 1;
	*more = 1;
	return 0;
}

int text_lines_next(struct text_lines *t, struct str *line, int *more, struct err *e)
{
	t->n++;
	if (t->wide)
		return wide_line(t, line, more, e);
	return narrow_line(t, line, more, e) ? e->kind : wtf8_clean(&t->clean, line, e);
}
