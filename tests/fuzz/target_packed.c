/*
 * zstd and gzip as they come, read whole and in pieces: both must give the same bytes and the same end. The last byte
 * chooses the size of a piece.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "formats/source.h"
#include "target.h"

#define MOST_BYTES ((uint64_t)8 << 20) /* read no more than that */

struct outcome {
	int rc;
	uint64_t n, hash;
	struct err e;
};

static struct outcome read_all(const uint8_t *bytes, size_t n, size_t piece)
{
	struct outcome out = { .e = ERR_INIT };
	struct source *s = NULL;
	struct mem mem;
	unsigned char *buf = malloc(piece);
	size_t got = 1;

	mem_init(&mem, FUZZ_MEMORY_BYTES);
	out.rc = source_open_memory(&s, &mem, bytes, n, &out.e);
	while (buf && !out.rc && got && out.n < MOST_BYTES) {
		out.rc = source_read(s, buf, piece, &got, &out.e);
		if (got > piece)
			fuzz_bug("%zu bytes in a buffer of %zu", got, piece);
		for (size_t i = 0; i < got && out.n < MOST_BYTES; i++, out.n++)
			out.hash = out.hash * 31 + buf[i];
	}
	fuzz_check_err(out.rc, &out.e);
	source_close(s);
	free(buf);
	if (mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)mem.used_bytes);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	size_t piece = n ? 1 + (size_t)bytes[n - 1] * 7 : 1;
	struct outcome a = read_all(bytes, n, 1 << 20), b = read_all(bytes, n, piece);

	/* damage is met while a piece is decoded: what stood before it in the same piece is not handed out */
	if (a.rc != b.rc && a.n < MOST_BYTES && b.n < MOST_BYTES)
		fuzz_bug("whole: %d '%s', in pieces: %d '%s'", a.rc, a.e.text, b.rc, b.e.text);
	if (!a.rc && (a.n != b.n || a.hash != b.hash))
		fuzz_bug("whole: %llu bytes, in pieces: %llu", (unsigned long long)a.n, (unsigned long long)b.n);
	return 0;
}
