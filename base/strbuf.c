#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void strbuf_init(struct strbuf *sb, struct mem *m)
{
	*sb = (struct strbuf){ .mem = m };
}

void strbuf_release(struct strbuf *sb)
{
	mem_free(sb->mem, sb->buf);
	strbuf_init(sb, sb->mem);
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->buf)
		sb->buf[0] = '\0';
}

/* Apart from make_room(), since setting up a struct err takes longer than most appends. */
static int grow(struct strbuf *sb, size_t n)
{
	struct err ignored = ERR_INIT;
	void *p = sb->buf;

	if (sb->failed || n > SIZE_MAX / 4 - sb->len ||
	    mem_reserve(sb->mem, &p, &sb->capacity, sb->len + n + 1, 1, &ignored)) {
		sb->failed = 1;
		return -1;
	}
	sb->buf = p;
	return 0;
}

static inline int make_room(struct strbuf *sb, size_t n)
{
	return !sb->failed && sb->len < sb->capacity && n < sb->capacity - sb->len ? 0 : grow(sb, n);
}

void strbuf_add(struct strbuf *sb, const void *bytes, size_t n)
{
	if (make_room(sb, n))
		return;
	if (n)
		memcpy(sb->buf + sb->len, bytes, n);
	sb->len += n;
	sb->buf[sb->len] = '\0';
}

void strbuf_addstr(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

void strbuf_addch(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_addch_n(struct strbuf *sb, char c, size_t n)
{
	if (make_room(sb, n))
		return;
	memset(sb->buf + sb->len, c, n);
	sb->len += n;
	sb->buf[sb->len] = '\0';
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0 && !make_room(sb, (size_t)n)) {
		vsnprintf(sb->buf + sb->len, (size_t)n + 1, fmt, again);
		sb->len += (size_t)n;
	}
	va_end(again);
}

const char *strbuf_str(const struct strbuf *sb)
{
	return sb->buf ? sb->buf : "";
}

int strbuf_check(const struct strbuf *sb, struct err *e)
{
	return sb->failed ? err_set(e, ERR_MEMORY, "out of memory while text was put together") : 0;
}
