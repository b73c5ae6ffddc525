/*
 * The reader of heap snapshots from memory. What it says must not depend on how many bytes the source gives at once; the
 * last byte of the input chooses that number and the options.
 */
#include <string.h>

#include "analyzer/heap.h"
#include "target.h"

struct outcome {
	int rc;
	struct err e;
	uint32_t n_nodes, n_edges;
	size_t n_strings;
};

static struct outcome load(const uint8_t *bytes, size_t n, const struct heap_load_options *o)
{
	struct outcome out = { .e = ERR_INIT };
	struct heap h;
	struct run run;

	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	out.rc = heap_load_memory(&h, &run, bytes, n, o, &out.e);
	fuzz_check_err(out.rc, &out.e);
	if (!out.rc) {
		out.n_nodes = h.n_nodes;
		out.n_edges = h.n_edges;
		out.n_strings = h.strings.n;
		heap_release(&h);
	}
	run_release(&run);
	if (run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)run.mem.used_bytes);
	return out;
}

/*
 * How far a cut file is good must not depend on the pieces. Of several faults that stand close together any may be the
 * one that is told, and yajl counts up to the token that it refuses or behind it.
 */
static int must_agree(const struct outcome *a)
{
	return a->rc == 0 || a->rc == ERR_TRUNCATED;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	unsigned choice = n ? bytes[n - 1] : 0;
	struct heap_load_options whole = { .allow_truncated = (int)(choice & 1) };
	struct heap_load_options pieces = { .allow_truncated = (int)(choice & 1), .read_bytes = 1 + (choice >> 1) };
	struct outcome a, b;

	a = load(bytes, n, &whole);
	b = load(bytes, n, &pieces);
	if (a.rc != b.rc || (must_agree(&a) && (strcmp(a.e.text, b.e.text) || a.e.offset != b.e.offset)))
		fuzz_bug("whole: %d at %llu '%s', in pieces: %d at %llu '%s'", a.rc, (unsigned long long)a.e.offset, a.e.text,
			 b.rc, (unsigned long long)b.e.offset, b.e.text);
	if (a.n_nodes != b.n_nodes || a.n_edges != b.n_edges || a.n_strings != b.n_strings)
		fuzz_bug("whole: %u nodes, %u edges, %zu strings; in pieces: %u, %u, %zu", a.n_nodes, a.n_edges, a.n_strings,
			 b.n_nodes, b.n_edges, b.n_strings);
	return 0;
}
