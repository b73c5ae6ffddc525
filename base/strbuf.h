/*
 * strbuf.h - a growing byte string.
 *
 * Failure is sticky: after a refused allocation all further appends do nothing and `failed` stays set, so a renderer
 * checks once, at its end, with strbuf_check(). The content is always followed by a NUL that `len` does not count; it
 * may itself hold NUL bytes.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct strbuf {
	struct mem *mem;
	char *buf;   /* NULL while empty */
	size_t len;
	size_t capacity;
	int failed;  /* an append was lost for want of memory */
};

void strbuf_init(struct strbuf *sb, struct mem *m);
void strbuf_release(struct strbuf *sb);

/* Forget the content, keep the memory. */
void strbuf_reset(struct strbuf *sb);

void strbuf_add(struct strbuf *sb, const void *bytes, size_t n);
void strbuf_addstr(struct strbuf *sb, const char *s);
void strbuf_addch(struct strbuf *sb, char c);
void strbuf_addch_n(struct strbuf *sb, char c, size_t n);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The content as a C string; "" while empty. Valid until the next call. */
const char *strbuf_str(const struct strbuf *sb);

/* 0, or ERR_MEMORY when an append was lost. */
int strbuf_check(const struct strbuf *sb, struct err *e);

#endif
