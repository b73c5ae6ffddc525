#include "formats/pack.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define BLOCK_BYTES ((size_t)128 << 10)
#define ZSTD_LEVEL 3
#define GZIP_LEVEL 6

enum pack_way { PACK_NONE, PACK_ZSTD, PACK_GZIP };

struct pack {
	struct mem *mem;
	enum pack_way way;
	pack_write_fn *write;
	void *ctx;
	ZSTD_CCtx *zstd;
	z_stream gzip;
	int gzip_open;
	char block[BLOCK_BYTES];
};

static const char *const kinds[] = { "none", "zstd", "gzip" };

const char *pack_kind(const char *path)
{
	size_t n = strlen(path);

	if (n > 4 && !strcmp(path + n - 4, ".zst"))
		return kinds[PACK_ZSTD];
	return n > 3 && !strcmp(path + n - 3, ".gz") ? kinds[PACK_GZIP] : kinds[PACK_NONE];
}

static int start(struct pack *p, struct err *e)
{
	if (p->way == PACK_ZSTD) {
		p->zstd = ZSTD_createCCtx();
		if (!p->zstd)
			return err_set(e, ERR_MEMORY, "out of memory for zstd");
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
	}
	if (p->way == PACK_GZIP) {
		/* 16 asks for gzip's head and tail instead of zlib's */
		if (deflateInit2(&p->gzip, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
			return err_set(e, ERR_MEMORY, "out of memory for gzip");
		p->gzip_open = 1;
	}
	return 0;
}

int pack_open(struct pack **out, struct mem *m, const char *kind, pack_write_fn *write, void *ctx, struct err *e)
{
	struct pack *p = mem_alloc(m, 1, sizeof(*p), e);

	if (!p)
		return e->kind;
	p->mem = m;
	p->write = write;
	p->ctx = ctx;
	for (int i = PACK_NONE; i <= PACK_GZIP; i++)
		if (!strcmp(kind, kinds[i]))
			p->way = (enum pack_way)i;
	if (start(p, e)) {
		pack_close(p);
		return e->kind;
	}
	*out = p;
	return 0;
}

static int add_zstd(struct pack *p, const char *bytes, size_t n, ZSTD_EndDirective end, struct err *e)
{
	ZSTD_inBuffer in = { bytes, n, 0 };
	size_t left;

	do {
		ZSTD_outBuffer out = { p->block, BLOCK_BYTES, 0 };

		left = ZSTD_compressStream2(p->zstd, &out, &in, end);
		if (ZSTD_getErrorCode(left) == ZSTD_error_memory_allocation)
			return err_set(e, ERR_MEMORY, "out of memory for compressing with zstd");
		if (ZSTD_isError(left))
			return err_set(e, ERR_INTERNAL, "zstd: %s", ZSTD_getErrorName(left));
		if (out.pos && p->write(p->ctx, p->block, out.pos, e))
			return e->kind;
	} while (in.pos < in.size || (end == ZSTD_e_end && left));
	return 0;
}

/* At most 4 GB at once: zlib counts with unsigned int, and callers give far less. */
static int add_gzip(struct pack *p, const char *bytes, size_t n, int flush, struct err *e)
{
	int rc;

	p->gzip.next_in = (Bytef *)(uintptr_t)bytes;
	p->gzip.avail_in = (uInt)n;
	do {
		p->gzip.next_out = (Bytef *)p->block;
		p->gzip.avail_out = BLOCK_BYTES;
		rc = deflate(&p->gzip, flush);
		if (rc == Z_STREAM_ERROR)
			return err_set(e, ERR_INTERNAL, "zlib refuses to compress");
		if (p->gzip.avail_out < BLOCK_BYTES &&
		    p->write(p->ctx, p->block, BLOCK_BYTES - p->gzip.avail_out, e))
			return e->kind;
	} while (p->gzip.avail_out == 0 || (flush == Z_FINISH && rc != Z_STREAM_END));
	return 0;
}

int pack_add(struct pack *p, const char *bytes, size_t n, struct err *e)
{
	if (p->way == PACK_ZSTD)
		return add_zstd(p, bytes, n, ZSTD_e_continue, e);
	if (p->way == PACK_GZIP)
		return n ? add_gzip(p, bytes, n, Z_NO_FLUSH, e) : 0;
	return p->write(p->ctx, bytes, n, e);
}

int pack_finish(struct pack *p, struct err *e)
{
	if (p->way == PACK_ZSTD)
		return add_zstd(p, NULL, 0, ZSTD_e_end, e);
	return p->way == PACK_GZIP ? add_gzip(p, "", 0, Z_FINISH, e) : 0;
}

void pack_close(struct pack *p)
{
	if (!p)
		return;
	ZSTD_freeCCtx(p->zstd);
	if (p->gzip_open)
		deflateEnd(&p->gzip);
	mem_free(p->mem, p);
}
