/* Bytes in, decoded bytes out: files, pipes, memory; zstd and gzip, whole and damaged. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "formats/source.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const size_t read_sizes[] = { 1,	 2,  3,	 4,  5,	 6,  7,	 8,  9,	 10, 11, 12,   13,    14,	15, 16, 17,
				     18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,   31,    4093, 65536, 1u << 20 };

struct bytes {
	char *s;
	size_t n;
};

static struct bytes new_bytes(size_t n)
{
	struct bytes b = { malloc(n + 1), n };

	assert_non_null(b.s);
	return b;
}

/* Neither constant nor random: what compressors have to work on. */
static struct bytes pattern(size_t n)
{
	struct bytes b = new_bytes(n);
	uint64_t x = 88172645463325252u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		b.s[i] = (char)(i % 7 ? "0123456789,\n"[x % 12] : ',');
	}
	return b;
}

static struct bytes gzip(const void *s, size_t n)
{
	struct bytes out = new_bytes(n + n / 1000 + 128);
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)s;
	z.avail_in = (unsigned)n;
	z.next_out = (unsigned char *)out.s;
	z.avail_out = (unsigned)out.n;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out.n -= z.avail_out;
	deflateEnd(&z);
	return out;
}

/* With the checksum that the zstd tool writes. */
static struct bytes zstd(const void *s, size_t n)
{
	struct bytes out = new_bytes(ZSTD_compressBound(n));
	ZSTD_CCtx *c = ZSTD_createCCtx();

	assert_non_null(c);
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	out.n = ZSTD_compress2(c, out.s, out.n, s, n);
	assert_false(ZSTD_isError(out.n));
	ZSTD_freeCCtx(c);
	return out;
}

static struct bytes join(struct bytes a, struct bytes b)
{
	struct bytes out = new_bytes(a.n + b.n);

	memcpy(out.s, a.s, a.n);
	memcpy(out.s + a.n, b.s, b.n);
	free(a.s);
	free(b.s);
	out.n = a.n + b.n;
	return out;
}

typedef struct bytes pack_fn(const void *s, size_t n);

/* What a source gives until its end or its failure. */
struct read_out {
	struct bytes b;
	struct err err;
	int rc;
};

static void read_all(struct source *src, size_t read_bytes, size_t room, struct read_out *o)
{
	o->b = new_bytes(room + read_bytes);
	o->b.n = 0;
	for (;;) {
		size_t got = 99;

		o->rc = source_read(src, o->b.s + o->b.n, read_bytes, &got, &o->err);
		o->b.n += got;
		if (o->rc || !got)
			return;
		assert_true(o->b.n <= room);
	}
}

static void read_memory(const struct bytes *in, size_t read_bytes, size_t room, struct read_out *o)
{
	struct source *src;
	struct mem m;

	*o = (struct read_out){ .err = ERR_INIT };
	mem_init(&m, 0);
	o->rc = source_open_memory(&src, &m, in->s, in->n, &o->err);
	if (!o->rc) {
		read_all(src, read_bytes, room, o);
		source_close(src);
	}
	assert_int_equal(m.used_bytes, 0);
}

static void expect_whole(const struct bytes *in, const struct bytes *want)
{
	for (size_t r = 0; r < N(read_sizes); r++) {
		struct read_out o;

		read_memory(in, read_sizes[r], want->n, &o);
		if (o.rc)
			fail_msg("reads of %zu: %s", read_sizes[r], o.err.text);
		assert_int_equal(o.b.n, want->n);
		assert_memory_equal(o.b.s, want->s, want->n);
		free(o.b.s);
	}
}

static void plain_zstd_and_gzip_give_the_same_bytes_at_any_read_size(void **state)
{
	struct bytes b = pattern(50000), gz = gzip(b.s, b.n), zs = zstd(b.s, b.n);

	(void)state;
	expect_whole(&b, &b);
	expect_whole(&gz, &b);
	expect_whole(&zs, &b);
	free(b.s);
	free(gz.s);
	free(zs.s);
}

static void frames_and_members_one_after_the_other_are_one_stream(void **state)
{
	struct bytes b = pattern(30000);
	struct bytes gz = join(join(gzip(b.s, 10000), gzip("", 0)), gzip(b.s + 10000, 20000));
	struct bytes zs = join(join(zstd(b.s, 10000), zstd("", 0)), zstd(b.s + 10000, 20000));

	(void)state;
	expect_whole(&gz, &b);
	expect_whole(&zs, &b);
	free(b.s);
	free(gz.s);
	free(zs.s);
}

/* More than what is read ahead of the decoder, and more than one reader's window. */
static void streams_larger_than_all_buffers_pass(void **state)
{
	static pack_fn *const packs[] = { gzip, zstd };
	struct bytes b = pattern(3500000);

	(void)state;
	for (size_t i = 0; i < N(packs); i++) {
		struct bytes packed = packs[i](b.s, b.n);
		struct read_out o;

		assert_true(packed.n > 1u << 19);
		read_memory(&packed, 1u << 20, b.n, &o);
		assert_int_equal(o.rc, 0);
		assert_int_equal(o.b.n, b.n);
		assert_memory_equal(o.b.s, b.s, b.n);
		free(o.b.s);
		free(packed.s);
	}
	free(b.s);
}

/* All that was decoded comes first; then the end is no end. */
static void a_compressed_stream_cut_at_any_byte_is_truncated(void **state)
{
	static pack_fn *const packs[] = { gzip, zstd };
	struct bytes b = pattern(2000);

	(void)state;
	for (size_t i = 0; i < N(packs); i++) {
		struct bytes packed = packs[i](b.s, b.n);

		for (size_t len = 4; len < packed.n; len++) {
			struct bytes cut = { packed.s, len };
			struct read_out o;

			read_memory(&cut, len % 3 ? 4096 : 7, b.n, &o);
			if (o.rc != ERR_TRUNCATED)
				fail_msg("pack %zu cut at %zu: %d %s", i, len, o.rc, o.err.text);
			assert_has(o.err.text, i ? "zstd" : "gzip");
			assert_memory_equal(o.b.s, b.s, o.b.n);
			free(o.b.s);
		}
		free(packed.s);
	}
	free(b.s);
}

static void damage_in_a_compressed_stream_is_found(void **state)
{
	static pack_fn *const packs[] = { gzip, zstd };
	struct bytes b = pattern(2000);

	(void)state;
	for (size_t i = 0; i < N(packs); i++) {
		struct bytes packed = packs[i](b.s, b.n);
		unsigned harmless = 0;

		for (size_t at = i ? 6 : 10; at < packed.n; at++) {
			struct read_out o;

			packed.s[at] ^= 0x10;
			read_memory(&packed, 512, 1u << 20, &o);
			/* both formats have bits that mean nothing: filling, table entries never used */
			if (o.rc == ERR_NONE && o.b.n == b.n && !memcmp(o.b.s, b.s, b.n))
				harmless++;
			else if (o.rc != ERR_FORMAT && o.rc != ERR_TRUNCATED)
				fail_msg("pack %zu damaged at %zu: %d %s", i, at, o.rc, o.err.text);
			packed.s[at] ^= 0x10;
			free(o.b.s);
		}
		assert_true(harmless < 8);
		free(packed.s);
	}
	free(b.s);
}

static void garbage_after_a_compressed_stream_is_an_error(void **state)
{
	struct bytes b = pattern(100);
	struct bytes gz = join(gzip(b.s, b.n), pattern(50)), zs = join(zstd(b.s, b.n), pattern(50));
	struct read_out o;

	(void)state;
	read_memory(&gz, 4096, 4096, &o);
	assert_int_equal(o.rc, ERR_FORMAT);
	assert_has(o.err.text, "damaged gzip data near byte");
	free(o.b.s);
	read_memory(&zs, 4096, 4096, &o);
	assert_int_equal(o.rc, ERR_FORMAT);
	assert_has(o.err.text, "damaged zstd data near byte");
	free(o.b.s);
	free(gz.s);
	free(zs.s);
	free(b.s);
}

/* A frame whose header asks for a window of 2 GiB: an honest zstd file for people who used --ultra --long=31. */
static void a_window_beyond_reason_is_refused(void **state)
{
	static const unsigned char frame[] = { 0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x01, 0x00, 0x00 };
	struct bytes in = { (char *)(uintptr_t)frame, sizeof(frame) };
	struct read_out o;

	(void)state;
	read_memory(&in, 4096, 4096, &o);
	assert_int_equal(o.rc, ERR_UNSUPPORTED);
	assert_has(o.err.text, "zstd");
	free(o.b.s);
}

/* 256 bytes, in a frame that says so: it would fit into the reader's buffer, and needs no window then. */
static void a_small_frame_with_a_large_window_is_refused_at_any_read_size(void **state)
{
	static const unsigned char frame[] = { 0x28, 0xB5, 0x2F, 0xFD, 0x40, 0xA8, 0x00, 0x00, 0x03, 0x08, 0x00, 0x53 };
	static const size_t sizes[] = { 1, 7, 256, 4096 };
	struct bytes in = { (char *)(uintptr_t)frame, sizeof(frame) };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct read_out o;

		read_memory(&in, sizes[i], sizes[i], &o);
		assert_int_equal(o.rc, ERR_UNSUPPORTED);
		free(o.b.s);
	}
}

/* How many bytes come out before the refusal; all of them when there is none. `most` 0: the usual limit. */
static size_t unpacked(const struct bytes *in, uint64_t most, struct err *e)
{
	static char buf[1 << 16];
	struct source *src;
	size_t got = 1, n = 0;
	struct mem m;

	mem_init(&m, 0);
	assert_int_equal(source_open_memory(&src, &m, in->s, in->n, e), 0);
	if (most)
		source_limit(src, most);
	while (got && !source_read(src, buf, sizeof(buf), &got, e))
		n += got;
	source_close(src);
	return n;
}

static void a_bomb_is_refused_early(void **state)
{
	enum { SIZE = 200 << 20, ALLOWED = 64 << 20 };
	struct bytes big = { calloc(1, SIZE), SIZE }, packed;
	struct err e = ERR_INIT;

	(void)state;
	assert_non_null(big.s);
	packed = zstd(big.s, SIZE);
	assert_in_range(unpacked(&packed, 0, &e), ALLOWED, ALLOWED + (1 << 17));
	assert_int_equal(e.kind, ERR_UNSUPPORTED);
	assert_non_null(strstr(e.text, "1000 times"));
	free(packed.s);

	/* what is no larger than a usual snapshot is nobody's bomb */
	e = (struct err)ERR_INIT;
	packed = zstd(big.s, ALLOWED);
	assert_int_equal(unpacked(&packed, 0, &e), ALLOWED);
	assert_int_equal(e.kind, ERR_NONE);
	free(packed.s);

	/* gzip is not much better than a thousand at its best; near the end it is caught as well */
	e = (struct err)ERR_INIT;
	packed = gzip(big.s, SIZE);
	assert_in_range(unpacked(&packed, 0, &e), ALLOWED, SIZE);
	assert_int_equal(e.kind, ERR_UNSUPPORTED);
	assert_non_null(strstr(e.text, "1000 times"));
	free(packed.s);
	free(big.s);
}

/* Below the ratio at every byte, but without end. */
static void what_unpacks_to_too_much_in_all_is_refused(void **state)
{
	static pack_fn *const packs[] = { gzip, zstd };
	struct bytes b = pattern(3 << 20);

	(void)state;
	for (size_t i = 0; i < N(packs); i++) {
		struct bytes packed = packs[i](b.s, b.n);
		struct err e = ERR_INIT;

		assert_in_range(unpacked(&packed, 2 << 20, &e), 1 << 20, 2 << 20);
		assert_int_equal(e.kind, ERR_UNSUPPORTED);
		assert_has(e.text, "unpack to more than 2 MiB");
		e = (struct err)ERR_INIT;
		assert_int_equal(unpacked(&packed, b.n, &e), b.n);
		assert_int_equal(e.kind, ERR_NONE);
		free(packed.s);
	}
	/* what is not packed is as large as it is */
	struct err e = ERR_INIT;
	assert_int_equal(unpacked(&b, 2 << 20, &e), b.n);
	assert_int_equal(e.kind, ERR_NONE);
	free(b.s);
}

static void magic_bytes_alone_decide(void **state)
{
	static const struct {
		const char *s;
		size_t n;
		const char *compression;
	} cases[] = {
		{ "{}", 2, "none" },	      { "\x1F", 1, "none" }, { "\x1F\x8B", 2, "gzip" }, { "\x28\xB5\x2F", 3, "none" },
		{ "\x28\xB5\x2F\xFD", 4, "zstd" }, { "\0\0\0\0", 4, "none" },
	};
	struct err e = ERR_INIT;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	for (size_t i = 0; i < N(cases); i++) {
		struct source *src;

		assert_int_equal(source_open_memory(&src, &m, cases[i].s, cases[i].n, &e), 0);
		assert_string_equal(source_compression(src), cases[i].compression);
		assert_int_equal(source_size(src), cases[i].n);
		source_close(src);
	}
	source_close(NULL);
	assert_int_equal(m.used_bytes, 0);
}

static void an_empty_input_is_truncated(void **state)
{
	struct err e = ERR_INIT;
	struct source *src;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	assert_int_equal(source_open_memory(&src, &m, "", 0, &e), ERR_TRUNCATED);
	assert_has(e.text, "empty");
	assert_int_equal(source_open(&src, &m, "/dev/null", &e), ERR_TRUNCATED);
	assert_string_equal(e.file, "/dev/null");
	assert_int_equal(m.used_bytes, 0);
}

static void what_cannot_be_opened_is_named(void **state)
{
	struct err e = ERR_INIT;
	struct source *src;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	assert_int_equal(source_open(&src, &m, "/nowhere/at/all", &e), ERR_IO);
	assert_string_equal(e.file, "/nowhere/at/all");
	assert_has(e.text, "No such file");
	assert_int_equal(source_open(&src, &m, "/tmp", &e), ERR_IO);
	assert_has(e.text, "directory");
	assert_int_equal(source_open(&src, &m, "", &e), ERR_IO);
	assert_int_equal(m.used_bytes, 0);
}

/* A directory of our own, and a file in it. */
struct scratch {
	char dir[64], path[96];
};

static void scratch_make(struct scratch *s)
{
	const char *tmp = getenv("TMPDIR");

	assert_true(snprintf(s->dir, sizeof(s->dir), "%.40s/source.XXXXXX", tmp ? tmp : "/tmp") < (int)sizeof(s->dir));
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->path, sizeof(s->path), "%s/input", s->dir);
}

static void scratch_remove(const struct scratch *s)
{
	unlink(s->path);
	rmdir(s->dir);
}

static void write_file(const char *path, const struct bytes *b)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(b->s, 1, b->n, f), b->n);
	assert_int_equal(fclose(f), 0);
}

static void a_file_can_be_read_twice_however_it_is_packed(void **state)
{
	struct bytes b = pattern(700000), packed[] = { pattern(700000), gzip(b.s, b.n), zstd(b.s, b.n) };
	struct scratch s;

	(void)state;
	scratch_make(&s);
	for (size_t i = 0; i < N(packed); i++) {
		struct read_out o = { .err = ERR_INIT };
		struct source *src;
		struct mem m;

		mem_init(&m, 0);
		write_file(s.path, &packed[i]);
		assert_int_equal(source_open(&src, &m, s.path, &o.err), 0);
		assert_int_equal(source_size(src), packed[i].n);
		for (int twice = 0; twice < 2; twice++) {
			read_all(src, 100000, b.n, &o);
			assert_int_equal(o.rc, 0);
			assert_int_equal(o.b.n, b.n);
			assert_memory_equal(o.b.s, b.s, b.n);
			assert_int_equal(source_consumed(src), packed[i].n);
			free(o.b.s);
			assert_int_equal(source_rewind(src, &o.err), 0);
		}
		source_close(src);
		assert_int_equal(m.used_bytes, 0);
		free(packed[i].s);
	}
	scratch_remove(&s);
	free(b.s);
}

struct writer {
	const char *path;
	struct bytes b;
};

/* In small pieces, as a slow program does. */
static void *write_slowly(void *arg)
{
	const struct writer *w = arg;
	int fd = open(w->path, O_WRONLY);
	size_t done = 0;

	while (fd >= 0 && done < w->b.n) {
		size_t n = w->b.n - done < 1000 ? w->b.n - done : 1000;
		ssize_t got = write(fd, w->b.s + done, n);

		if (got < 0)
			break;
		done += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

static void a_pipe_is_read_once_whatever_its_pieces(void **state)
{
	struct bytes b = pattern(300000);
	struct read_out o = { .err = ERR_INIT };
	struct writer w;
	struct scratch s;
	struct source *src;
	pthread_t thread;
	struct mem m;

	(void)state;
	mem_init(&m, 0);
	scratch_make(&s);
	assert_int_equal(mkfifo(s.path, 0600), 0);
	w = (struct writer){ s.path, zstd(b.s, b.n) };
	assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
	assert_int_equal(source_open(&src, &m, s.path, &o.err), 0);
	assert_int_equal(source_size(src), 0);
	assert_string_equal(source_compression(src), "zstd");
	read_all(src, 4096, b.n, &o);
	assert_int_equal(o.rc, 0);
	assert_int_equal(o.b.n, b.n);
	assert_memory_equal(o.b.s, b.s, b.n);
	pthread_join(thread, NULL);
	assert_int_equal(source_rewind(src, &o.err), ERR_UNSUPPORTED);
	assert_has(o.err.text, "pipe");
	source_close(src);
	assert_int_equal(m.used_bytes, 0);
	free(o.b.s);
	free(w.b.s);
	free(b.s);
	scratch_remove(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bomb_is_refused_early),
		cmocka_unit_test(what_unpacks_to_too_much_in_all_is_refused),
		cmocka_unit_test(plain_zstd_and_gzip_give_the_same_bytes_at_any_read_size),
		cmocka_unit_test(frames_and_members_one_after_the_other_are_one_stream),
		cmocka_unit_test(streams_larger_than_all_buffers_pass),
		cmocka_unit_test(a_compressed_stream_cut_at_any_byte_is_truncated),
		cmocka_unit_test(damage_in_a_compressed_stream_is_found),
		cmocka_unit_test(garbage_after_a_compressed_stream_is_an_error),
		cmocka_unit_test(a_window_beyond_reason_is_refused),
		cmocka_unit_test(a_small_frame_with_a_large_window_is_refused_at_any_read_size),
		cmocka_unit_test(magic_bytes_alone_decide),
		cmocka_unit_test(an_empty_input_is_truncated),
		cmocka_unit_test(what_cannot_be_opened_is_named),
		cmocka_unit_test(a_file_can_be_read_twice_however_it_is_packed),
		cmocka_unit_test(a_pipe_is_read_once_whatever_its_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
