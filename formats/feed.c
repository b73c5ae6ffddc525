#include "formats/feed.h"

#include <string.h>


int feed_init(struct feed *f, struct run *run, struct source *source, size_t read_bytes, struct err *e)
{
	memset(f, 0, sizeof(*f));
	f->run = run;
	f->source = source;
	f->read_bytes = read_bytes ? read_bytes : SIZE_MAX;
	f->capacity = READ_WINDOW_BYTES;
	f->buf = mem_alloc(&run->mem, f->capacity, 1, e);
	return f->buf ? 0 : e->kind;
}

void feed_release(struct feed *f)
{
	mem_free(&f->run->mem, f->buf);
	f->buf = NULL;
}

/* Full of bytes that nobody took: the message or line is longer than the window. */
static int widen(struct feed *f, struct err *e)
{
	size_t wider;
	char *p;

	if (ck_mul(f->capacity, 2, &wider))
		return err_set(e, ERR_MEMORY, "a piece of the input is too large for this machine");
	p = mem_resize(&f->run->mem, f->buf, wider, 1, e);
	if (!p)
		return e->kind;
	f->buf = p;
	f->capacity = wider;
	return 0;
}

/* Move the unread bytes to the front and add what the source gives. */
static int fill(struct feed *f, struct err *e)
{
	size_t keep = feed_left(f), room, got;

	if (f->pos) {
		memmove(f->buf, f->buf + f->pos, keep);
		f->buf_offset += f->pos;
		f->pos = 0;
		f->len = keep;
	}
	if (keep == f->capacity && widen(f, e))
		return e->kind;
	room = f->capacity - keep;
	if (room > f->read_bytes)
		room = f->read_bytes;
	if (run_tick(f->run, "read", source_consumed(f->source), source_size(f->source), e) ||
	    source_read(f->source, f->buf + keep, room, &got, e))
		return e->kind;
	f->len += got;
	f->at_end = got == 0;
	return 0;
}

int feed_need(struct feed *f, size_t n, struct err *e)
{
	while (feed_left(f) < n && !f->at_end)
		if (fill(f, e))
			return e->kind;
	return 0;
}

int feed_skip(struct feed *f, uint64_t n, struct err *e)
{
	for (;;) {
		size_t step = n < feed_left(f) ? (size_t)n : feed_left(f);

		f->pos += step;
		n -= step;
		if (!n)
			return 0;
		if (f->at_end)
			return err_at(e, ERR_TRUNCATED, feed_offset(f), "the input ends %llu bytes too early",
				      (unsigned long long)n);
		if (fill(f, e))
			return e->kind;
	}
}

static struct str take_line(struct feed *f, size_t n, size_t end)
{
	struct str line = { f->buf + f->pos, n };

	f->pos += n + end;
	if (n && line.s[n - 1] == '\r')
		line.n--;
	return line;
}

int feed_line(struct feed *f, struct str *line, int *got, int *whole, struct err *e)
{
	size_t seen = 0;

	*got = *whole = 1;
	for (;;) {
		const char *start = f->buf + f->pos;
		const char *nl = memchr(start + seen, '\n', feed_left(f) - seen);

		if (nl) {
			*line = take_line(f, (size_t)(nl - start), 1);
			return 0;
		}
		seen = feed_left(f);
		if (seen > FEED_MAX_LINE)
			return err_at(e, ERR_FORMAT, feed_offset(f), "a line longer than %zu MiB", FEED_MAX_LINE >> 20);
		if (f->at_end)
			break;
		if (fill(f, e))
			return e->kind;
	}
	*whole = 0;
	*got = seen != 0;
	*line = take_line(f, seen, 0);
	return 0;
}
