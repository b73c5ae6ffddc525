#include "packing.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "unit.h"

static struct bytes room_for(size_t n)
{
	struct bytes b = { malloc(n + 1), n };

	assert_non_null(b.s);
	b.s[n] = '\0';
	return b;
}

struct bytes file_bytes(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes b;

	if (!f)
		fail_msg("cannot open %s", path);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	b = room_for((size_t)ftell(f));
	rewind(f);
	assert_int_equal(fread(b.s, 1, b.n, f), b.n);
	fclose(f);
	return b;
}

struct bytes file_unzstd(const char *path)
{
	struct bytes packed = file_bytes(path);
	struct bytes b = room_for((size_t)ZSTD_getFrameContentSize(packed.s, packed.n));

	assert_int_equal(ZSTD_decompress(b.s, b.n, packed.s, packed.n), b.n);
	free(packed.s);
	return b;
}

struct bytes pack_gzip(const void *s, size_t n)
{
	struct bytes b = room_for(compressBound((uLong)n) + 64);
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)s;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)b.s;
	z.avail_out = (uInt)b.n;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	b.n -= z.avail_out;
	deflateEnd(&z);
	return b;
}

struct bytes pack_zstd(const void *s, size_t n)
{
	struct bytes b = room_for(ZSTD_compressBound(n));
	ZSTD_CCtx *z = ZSTD_createCCtx();

	assert_non_null(z);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	b.n = ZSTD_compress2(z, b.s, b.n, s, n);
	assert_false(ZSTD_isError(b.n));
	ZSTD_freeCCtx(z);
	return b;
}

struct bytes bytes_join(struct bytes a, struct bytes b)
{
	struct bytes both = room_for(a.n + b.n);

	memcpy(both.s, a.s, a.n);
	memcpy(both.s + a.n, b.s, b.n);
	free(a.s);
	free(b.s);
	return both;
}

struct bytes pack_halves(const struct bytes *b, struct bytes (*pack)(const void *s, size_t n))
{
	size_t half = b->n / 2;

	return bytes_join(pack(b->s, half), pack(b->s + half, b->n - half));
}
