/*
 * feed.h - a window on decoded bytes that is read once, front to back, for formats that are not JSON: messages of a
 * length that is known before, and lines of a length that is not.
 *
 * The window grows only as far as bytes really come, so that a length in hostile input costs nothing.
 */
#ifndef FORMATS_FEED_H
#define FORMATS_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/run.h"
#include "base/str.h"
#include "formats/source.h"

struct feed {
	struct run *run;
	struct source *source;
	char *buf;
	size_t pos, len, capacity;
	uint64_t buf_offset; /* decoded offset of buf[0] */
	size_t read_bytes;   /* at most this many bytes are asked of the source at once; for tests */
	int at_end;          /* the source has no more */
};

/* `read_bytes` 0: whole windows. The source is borrowed. */
int feed_init(struct feed *f, struct run *run, struct source *source, size_t read_bytes, struct err *e);
void feed_release(struct feed *f);

/* Offset of the next unread byte. */
static inline uint64_t feed_offset(const struct feed *f)
{
	return f->buf_offset + f->pos;
}

static inline size_t feed_left(const struct feed *f)
{
	return f->len - f->pos;
}

/* The unread bytes; moved by the next call that reads. */
static inline const unsigned char *feed_bytes(const struct feed *f)
{
	return (const unsigned char *)f->buf + f->pos;
}

/* Make `n` unread bytes available, or fewer at the end of the input. Amortised O(n). */
int feed_need(struct feed *f, size_t n, struct err *e);

/* Drop `n` bytes, read or not; ERR_TRUNCATED when the input has fewer. */
int feed_skip(struct feed *f, uint64_t n, struct err *e);

/* Longer lines are no text that anybody wrote. */
#define FEED_MAX_LINE ((size_t)64 << 20)

/*
 * The next line without its end ("\n" or "\r\n"); `*got` 0 at the end of the input. It is valid until the next call.
 * `*whole` 0: the input ended before the line did. ERR_FORMAT for a line over FEED_MAX_LINE.
 */
int feed_line(struct feed *f, struct str *line, int *got, int *whole, struct err *e);

#endif
