#include "formats/perf_unpack.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Unpacked at once; a record has 64 KiB at most. */
#define STEP ((size_t)256 << 10)

/* As for compressed files: far more out than in, and much of it, is no recording. */
#define BOMB_RATIO 1000
#define BOMB_BYTES ((uint64_t)64 << 20)

struct perf_unpack {
	struct mem *mem;
	ZSTD_DStream *zs;
	unsigned char *bytes; /* what was unpacked and not handed on */
	size_t n, capacity;
	uint64_t in_bytes, out_bytes; /* all so far */
};

int perf_unpack_new(struct perf_unpack **out, struct mem *m, struct err *e)
{
	struct perf_unpack *u = MEM_NEW(m, struct perf_unpack, 1, e);

	if (!u)
		return e->kind;
	u->mem = m;
	u->zs = ZSTD_createDStream();
	if (!u->zs) {
		mem_free(m, u);
		return err_set(e, ERR_MEMORY, "out of memory for the zstd decoder");
	}
	ZSTD_DCtx_setParameter(u->zs, ZSTD_d_windowLogMax, 27);
	*out = u;
	return 0;
}

void perf_unpack_free(struct perf_unpack *u)
{
	if (!u)
		return;
	ZSTD_freeDStream(u->zs);
	mem_free(u->mem, u->bytes);
	mem_free(u->mem, u);
}

static int hand_on(struct perf_unpack *u, int (*fn)(void *ctx, const unsigned char *record, size_t n, struct err *e),
		   void *ctx, struct err *e)
{
	size_t at = 0;

	while (u->n - at >= 8) {
		size_t size = (size_t)u->bytes[at + 6] | (size_t)u->bytes[at + 7] << 8;

		if (size < 8)
			return err_set(e, ERR_FORMAT, "a compressed record of %zu bytes", size);
		if (u->n - at < size)
			break;
		if (fn(ctx, u->bytes + at, size, e))
			return e->kind;
		at += size;
	}
	memmove(u->bytes, u->bytes + at, u->n - at);
	u->n -= at;
	return 0;
}

int perf_unpack_feed(struct perf_unpack *u, const unsigned char *bytes, size_t n,
		     int (*fn)(void *ctx, const unsigned char *record, size_t n, struct err *e), void *ctx, struct err *e)
{
	ZSTD_inBuffer in = { bytes, n, 0 };

	u->in_bytes += n;
	for (;;) {
		ZSTD_outBuffer out;
		size_t rc;

		if (mem_reserve(u->mem, (void **)&u->bytes, &u->capacity, u->n + STEP, 1, e))
			return e->kind;
		out = (ZSTD_outBuffer){ u->bytes + u->n, STEP, 0 };
		rc = ZSTD_decompressStream(u->zs, &out, &in);
		if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
			return err_set(e, ERR_MEMORY, "out of memory for the zstd decoder");
		if (ZSTD_isError(rc))
			return err_set(e, ERR_FORMAT, "damaged zstd data in a compressed record: %s", ZSTD_getErrorName(rc));
		u->n += out.pos;
		u->out_bytes += out.pos;
		if (u->out_bytes > BOMB_BYTES && u->out_bytes / BOMB_RATIO > u->in_bytes)
			return err_set(e, ERR_UNSUPPORTED, "the compressed records unpack to over %d times their size, which no "
				       "recording does", BOMB_RATIO);
		if (hand_on(u, fn, ctx, e))
			return e->kind;
		if (in.pos == in.size && out.pos < STEP)
			return 0;
	}
}
