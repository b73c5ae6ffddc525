#include "formats/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define RAW_BYTES (READ_WINDOW_BYTES / 4)

/*
 * A bomb: far more comes out than went in. Snapshots shrink to a tenth, made-up ones of a single shape to a hundredth; gzip
 * cannot do more than 1032, zstd can do a hundred thousand. Small inputs may do as they like.
 */
#define BOMB_RATIO 1000
#define BOMB_BYTES ((uint64_t)64 << 20)

/* Beyond what any V8 can write; whoever has more has the disk for it and can unpack it first. */
#define MOST_BYTES ((uint64_t)64 << 30)

struct codec {
	const char *name;
	unsigned char magic[4];
	size_t n_magic;
	int (*start)(struct source *s, struct err *e);
	int (*read)(struct source *s, void *buf, size_t n, size_t *got, struct err *e);
	void (*stop)(struct source *s);
};

struct source {
	struct mem *mem;
	int fd;                     /* -1: memory */
	const unsigned char *bytes; /* memory source */
	size_t n_bytes;
	uint64_t size, consumed;    /* of the raw input */
	uint64_t decoded;           /* bytes given out */
	uint64_t most_decoded;      /* no more than that, when compressed */
	const struct codec *codec;
	unsigned char *raw;         /* read-ahead of the raw input */
	size_t raw_pos, raw_len;
	int raw_end;
	int in_frame;               /* inside a compressed frame or member */
	int cut;                    /* the raw input ended there, and the decoder has no more */
	z_stream gz;
	ZSTD_DStream *zs;
	size_t frame_bytes;         /* of the frame that it is in, up to the longest head */
	char *ahead;                /* decoded bytes that somebody looked at before reading */
	size_t ahead_pos, ahead_len;
	struct err failed;          /* to be told by the next read: what came before was good; kind 0: nothing */
};

static int read_fd(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	*got = 0;
	while (*got < n) {
		ssize_t r = read(s->fd, (char *)buf + *got, n - *got);

		/* only the program's own handlers interrupt, and they mean stop */
		if (r < 0 && errno == EINTR)
			return err_set(e, ERR_CANCELLED, "interrupted");
		if (r < 0)
			return err_set(e, ERR_IO, "cannot read: %s", strerror(errno));
		if (r == 0)
			return 0;
		*got += (size_t)r;
	}
	return 0;
}

/* The input as it lies on disk. */
static int read_outside(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	if (s->fd >= 0) {
		int rc = read_fd(s, buf, n, got, e);

		s->consumed += *got;
		return rc;
	}
	*got = s->n_bytes - s->consumed < n ? (size_t)(s->n_bytes - s->consumed) : n;
	memcpy(buf, s->bytes + s->consumed, *got);
	s->consumed += *got;
	return 0;
}

static int refill(struct source *s, struct err *e)
{
	if (s->raw_pos < s->raw_len || s->raw_end)
		return 0;
	s->raw_pos = 0;
	if (read_outside(s, s->raw, RAW_BYTES, &s->raw_len, e))
		return e->kind;
	s->raw_end = s->raw_len == 0;
	return 0;
}

static int plain_start(struct source *s, struct err *e)
{
	(void)s;
	(void)e;
	return 0;
}

/* What was read ahead for the magic bytes first, then straight into the caller's buffer. */
static int plain_read(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	size_t ahead = s->raw_len - s->raw_pos, more = 0;

	if (ahead > n)
		ahead = n;
	memcpy(buf, s->raw + s->raw_pos, ahead);
	s->raw_pos += ahead;
	*got = ahead;
	if (ahead == n || s->raw_end)
		return 0;
	if (read_outside(s, (char *)buf + ahead, n - ahead, &more, e))
		return e->kind;
	*got += more;
	s->raw_end = more < n - ahead;
	return 0;
}

static void plain_stop(struct source *s)
{
	(void)s;
}

static int zstd_start(struct source *s, struct err *e)
{
	s->zs = ZSTD_createDStream();
	if (!s->zs)
		return err_set(e, ERR_MEMORY, "out of memory for the zstd decoder");
	/* 128 MiB: what `zstd -d` accepts without --long; bounds what a hostile header can make us allocate. */
	ZSTD_DCtx_setParameter(s->zs, ZSTD_d_windowLogMax, 27);
	s->in_frame = 0;
	s->frame_bytes = 0;
	return 0;
}

static int zstd_failed(const struct source *s, const ZSTD_inBuffer *in, size_t code, struct err *e)
{
	if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge)
		return err_set(e, ERR_UNSUPPORTED, "the zstd stream needs more than 128 MiB to be unpacked (zstd --long); "
			       "unpack it first");
	if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
		return err_set(e, ERR_MEMORY, "out of memory for the zstd decoder");
	return err_set(e, ERR_FORMAT, "damaged zstd data near byte %llu of the compressed file: %s",
		       (unsigned long long)(s->consumed - (s->raw_len - in->pos)), ZSTD_getErrorName(code));
}

/*
 * A frame that fits whole into both buffers is unpacked in one go, without a look at its window. What is refused must not hang on
 * the size of the buffers, so the head of each frame comes byte by byte (RFC 8878: it has at most so many).
 */
#define ZSTD_HEAD_BYTES 18

static size_t zstd_input_end(const struct source *s)
{
	return s->frame_bytes < ZSTD_HEAD_BYTES && s->raw_pos < s->raw_len ? s->raw_pos + 1 : s->raw_len;
}

static void zstd_advance(struct source *s, size_t pos, int in_frame)
{
	if (s->frame_bytes < ZSTD_HEAD_BYTES)
		s->frame_bytes += pos - s->raw_pos;
	if (!in_frame)
		s->frame_bytes = 0;
	s->raw_pos = pos;
	s->in_frame = in_frame;
}

static int zstd_read(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	ZSTD_outBuffer out = { buf, n, 0 };

	while (out.pos < n && !s->cut) {
		ZSTD_inBuffer in;
		size_t left, before = out.pos;

		if (refill(s, e))
			return e->kind;
		if (s->raw_end && !s->in_frame)
			break;
		in = (ZSTD_inBuffer){ s->raw, zstd_input_end(s), s->raw_pos };
		left = ZSTD_decompressStream(s->zs, &out, &in);
		if (ZSTD_isError(left))
			return zstd_failed(s, &in, left, e);
		zstd_advance(s, in.pos, left != 0);
		/* the decoder may hold bytes that did not fit into earlier buffers */
		s->cut = s->raw_end && s->in_frame && out.pos == before;
	}
	*got = out.pos;
	if (!*got && s->cut)
		return err_set(e, ERR_TRUNCATED, "the zstd stream ends in the middle of a frame");
	return 0;
}

static void zstd_stop(struct source *s)
{
	ZSTD_freeDStream(s->zs);
	s->zs = NULL;
}

static int gzip_start(struct source *s, struct err *e)
{
	memset(&s->gz, 0, sizeof(s->gz));
	if (inflateInit2(&s->gz, 15 + 16) != Z_OK)
		return err_set(e, ERR_MEMORY, "out of memory for the gzip decoder");
	s->in_frame = 1;
	return 0;
}

/* One call of inflate; a finished member may be followed by another. */
static int gzip_step(struct source *s, struct err *e)
{
	int rc;

	s->gz.next_in = s->raw + s->raw_pos;
	s->gz.avail_in = (uInt)(s->raw_len - s->raw_pos);
	if (!s->in_frame) {
		inflateReset(&s->gz);
		s->in_frame = 1;
	}
	rc = inflate(&s->gz, Z_NO_FLUSH);
	s->raw_pos = s->raw_len - s->gz.avail_in;
	if (rc == Z_STREAM_END)
		s->in_frame = 0;
	else if (rc == Z_MEM_ERROR)
		return err_set(e, ERR_MEMORY, "out of memory for the gzip decoder");
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return err_set(e, ERR_FORMAT, "damaged gzip data near byte %llu of the compressed file: %s",
			       (unsigned long long)(s->consumed - s->gz.avail_in), s->gz.msg ? s->gz.msg : zError(rc));
	return 0;
}

static int gzip_read(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	size_t want = n > UINT32_MAX / 2 ? UINT32_MAX / 2 : n;

	s->gz.next_out = buf;
	s->gz.avail_out = (uInt)want;
	while (s->gz.avail_out && !s->cut) {
		uInt before = s->gz.avail_out;

		if (refill(s, e))
			return e->kind;
		if (s->raw_end && !s->in_frame)
			break;
		if (gzip_step(s, e))
			return e->kind;
		s->cut = s->raw_end && s->in_frame && s->gz.avail_out == before;
	}
	*got = want - s->gz.avail_out;
	if (!*got && s->cut)
		return err_set(e, ERR_TRUNCATED, "the gzip stream ends in its middle");
	return 0;
}

static void gzip_stop(struct source *s)
{
	inflateEnd(&s->gz);
}

static const struct codec codecs[] = {
	{ "zstd", { 0x28, 0xB5, 0x2F, 0xFD }, 4, zstd_start, zstd_read, zstd_stop },
	{ "gzip", { 0x1F, 0x8B }, 2, gzip_start, gzip_read, gzip_stop },
	{ "none", { 0 }, 0, plain_start, plain_read, plain_stop },
};

static const struct codec *codec_of(const unsigned char *bytes, size_t n)
{
	const struct codec *c = codecs;

	while (n < c->n_magic || memcmp(bytes, c->magic, c->n_magic))
		c++;
	return c;
}

static int start(struct source *s, struct err *e)
{
	if (refill(s, e))
		return e->kind;
	if (s->raw_end)
		return err_at(e, ERR_TRUNCATED, 0, "the file is empty");
	s->codec = codec_of(s->raw, s->raw_len);
	return s->codec->start(s, e);
}

static int look_at_fd(struct source *s, struct err *e)
{
	struct stat st;

	if (s->fd < 0 || fstat(s->fd, &st))
		return err_set(e, ERR_IO, "cannot open: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "is a directory, not a file");
	s->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	return 0;
}

static struct source *source_new(struct mem *m, struct err *e)
{
	struct source *s = MEM_NEW(m, struct source, 1, e);

	if (!s)
		return NULL;
	s->mem = m;
	s->fd = -1;
	s->most_decoded = MOST_BYTES;
	s->raw = MEM_NEW(m, unsigned char, RAW_BYTES, e);
	if (s->raw)
		return s;
	mem_free(m, s);
	return NULL;
}

int source_open_fd(struct source **out, struct mem *m, int fd, const char *path, struct err *e)
{
	int why = errno;
	struct source *s = source_new(m, e);

	if (!s) {
		if (fd >= 0)
			close(fd);
		return e->kind;
	}
	s->fd = fd;
	errno = why;
	if (look_at_fd(s, e) || start(s, e)) {
		source_close(s);
		return err_in(e, path);
	}
	*out = s;
	return 0;
}

int source_open(struct source **out, struct mem *m, const char *path, struct err *e)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);

	return source_open_fd(out, m, fd, path, e);
}

int source_open_memory(struct source **out, struct mem *m, const void *bytes, size_t n, struct err *e)
{
	struct source *s = source_new(m, e);

	if (!s)
		return e->kind;
	s->bytes = bytes;
	s->n_bytes = n;
	s->size = n;
	if (start(s, e)) {
		source_close(s);
		return e->kind;
	}
	*out = s;
	return 0;
}

void source_close(struct source *s)
{
	if (!s)
		return;
	if (s->codec)
		s->codec->stop(s);
	if (s->fd >= 0)
		close(s->fd);
	mem_free(s->mem, s->ahead);
	mem_free(s->mem, s->raw);
	mem_free(s->mem, s);
}

/* What was decoded before the damage is good; the next read tells of the damage, even if that was a passing one. */
static int fail_later(struct source *s, struct err *e)
{
	s->failed = *e;
	*e = (struct err)ERR_INIT;
	return 0;
}

/* The codec's bytes, as long as they are no bomb. */
static int read_decoded(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	*got = 0;
	if (s->failed.kind) {
		*e = s->failed;
		return e->kind;
	}
	if (s->codec->read(s, buf, n, got, e))
		return e->kind;
	s->decoded += *got;
	if (s->codec->n_magic && s->decoded > BOMB_BYTES && s->decoded / BOMB_RATIO > s->consumed)
		return err_set(e, ERR_UNSUPPORTED, "the compressed data unpack to over %d times their size, which no snapshot "
			       "does; if it is one, unpack it first", BOMB_RATIO);
	if (s->codec->n_magic && s->decoded > s->most_decoded)
		return err_set(e, ERR_UNSUPPORTED, "the compressed data unpack to more than %llu MiB; if that is meant, unpack "
			       "them first", (unsigned long long)(s->most_decoded >> 20));
	return 0;
}

int source_read(struct source *s, void *buf, size_t n, size_t *got, struct err *e)
{
	size_t ahead = s->ahead_len - s->ahead_pos, more = 0;

	*got = 0;
	if (ahead > n)
		ahead = n;
	if (ahead)
		memcpy(buf, s->ahead + s->ahead_pos, ahead);
	s->ahead_pos += ahead;
	*got = ahead;
	if (ahead == n)
		return 0;
	if (read_decoded(s, (char *)buf + ahead, n - ahead, &more, e))
		return ahead ? fail_later(s, e) : e->kind;
	*got += more;
	return 0;
}

void source_limit(struct source *s, uint64_t bytes)
{
	s->most_decoded = bytes;
}

int source_peek(struct source *s, size_t n, const char **bytes, size_t *got, struct err *e)
{
	char *p = mem_resize(s->mem, s->ahead, n, 1, e);
	size_t more = 0;

	if (!p)
		return e->kind;
	s->ahead = p;
	while (s->ahead_len < n) {
		if (read_decoded(s, p + s->ahead_len, n - s->ahead_len, &more, e)) {
			if (!s->ahead_len)
				return e->kind;
			fail_later(s, e);
			break;
		}
		if (!more)
			break;
		s->ahead_len += more;
	}
	*bytes = p;
	*got = s->ahead_len < n ? s->ahead_len : n;
	return 0;
}

int source_rewind(struct source *s, struct err *e)
{
	if (s->fd >= 0 && lseek(s->fd, 0, SEEK_SET) < 0)
		return err_set(e, ERR_UNSUPPORTED, "a pipe cannot be read twice; save the input to a file");
	s->codec->stop(s);
	s->codec = NULL;
	s->consumed = s->decoded = 0;
	s->raw_pos = s->raw_len = 0;
	s->raw_end = s->cut = 0;
	s->ahead_pos = s->ahead_len = 0;
	s->failed = (struct err)ERR_INIT;
	return start(s, e);
}

uint64_t source_size(const struct source *s)
{
	return s->size;
}

uint64_t source_consumed(const struct source *s)
{
	return s->consumed;
}

const char *source_compression(const struct source *s)
{
	return s->codec->name;
}
