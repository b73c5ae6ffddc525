#include "analyzer/gzip_sink.h"

#include <string.h>
#include <zlib.h>

#define CHUNK ((size_t)64 << 10)
#define GZIP_WINDOW (15 + 16) /* the largest window, with a gzip header */

struct gzip_sink {
	struct mem *mem;
	const struct byte_sink *to;
	z_stream z;
	unsigned char out[CHUNK];
};

static void *give(void *m, unsigned n, unsigned size)
{
	struct err e = ERR_INIT;

	return mem_alloc(m, n, size, &e);
}

static void take(void *m, void *p)
{
	mem_free(m, p);
}

static int squeeze(struct gzip_sink *g, int flush, struct err *e)
{
	int rc;

	do {
		g->z.next_out = g->out;
		g->z.avail_out = CHUNK;
		rc = deflate(&g->z, flush);
		if (rc == Z_STREAM_ERROR)
			return err_set(e, ERR_INTERNAL, "zlib refused to compress");
		if (g->z.avail_out < CHUNK &&
		    g->to->write(g->to->ctx, (const char *)g->out, CHUNK - g->z.avail_out, e))
			return e->kind;
	} while (g->z.avail_in || (flush == Z_FINISH && rc != Z_STREAM_END));
	return 0;
}

static int on_write(void *ctx, const char *bytes, size_t n, struct err *e)
{
	struct gzip_sink *g = ctx;

	while (n) {
		size_t part = n < CHUNK ? n : CHUNK;

		g->z.next_in = (unsigned char *)bytes;
		g->z.avail_in = (unsigned)part;
		if (squeeze(g, Z_NO_FLUSH, e))
			return e->kind;
		bytes += part;
		n -= part;
	}
	return 0;
}

int gzip_sink_open(struct gzip_sink **g, struct mem *m, const struct byte_sink *to, struct byte_sink *plain,
		   struct err *e)
{
	*g = MEM_NEW(m, struct gzip_sink, 1, e);
	if (!*g)
		return e->kind;
	(*g)->mem = m;
	(*g)->to = to;
	(*g)->z.zalloc = give;
	(*g)->z.zfree = take;
	(*g)->z.opaque = m;
	if (deflateInit2(&(*g)->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		mem_free(m, *g);
		*g = NULL;
		return err_set(e, ERR_MEMORY, "out of memory for the gzip encoder");
	}
	*plain = (struct byte_sink){ on_write, *g };
	return 0;
}

int gzip_sink_finish(struct gzip_sink *g, struct err *e)
{
	return squeeze(g, Z_FINISH, e);
}

void gzip_sink_free(struct gzip_sink *g)
{
	if (!g)
		return;
	deflateEnd(&g->z);
	mem_free(g->mem, g);
}
