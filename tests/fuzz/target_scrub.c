/* The text of a snapshot through snapscrub: what comes out is a snapshot with the same nodes, edges and sizes. */
#include <string.h>
#include <unistd.h>

#include "analyzer/heap.h"
#include "analyzer/scrub.h"
#include "base/strbuf.h"
#include "target.h"

static int keep(void *ctx, const char *bytes, size_t n, struct err *e)
{
	strbuf_add(ctx, bytes, n);
	return strbuf_check(ctx, e);
}

static uint64_t bytes_of(const struct heap *h)
{
	uint64_t sum = 0;

	for (uint32_t v = 0; v < h->n_nodes; v++)
		sum += col64_get(&h->self, v);
	return sum;
}

static int load(struct heap *h, struct run *run, const void *bytes, size_t n, struct err *e)
{
	struct heap_load_options o = { 0 };
	int rc;

	run_init(run, 1, FUZZ_MEMORY_BYTES);
	rc = heap_load_memory(h, run, bytes, n, &o, e);
	fuzz_check_err(rc, e);
	return rc;
}

/* What was scrubbed is a snapshot if the input was one. */
static void compare(const uint8_t *bytes, size_t n, const struct strbuf *scrubbed)
{
	struct err e = ERR_INIT;
	struct run run[2];
	struct heap a, b;
	int rc = load(&a, &run[0], bytes, n, &e);

	if (!rc) {
		if (load(&b, &run[1], strbuf_str(scrubbed), scrubbed->len, &e))
			fuzz_bug("scrubbed, it is refused: %s", e.text);
		if (a.n_nodes != b.n_nodes || a.n_edges != b.n_edges || bytes_of(&a) != bytes_of(&b))
			fuzz_bug("%u nodes, %u edges became %u, %u", a.n_nodes, a.n_edges, b.n_nodes, b.n_edges);
		heap_release(&b);
		run_release(&run[1]);
		heap_release(&a);
	}
	run_release(&run[0]);
}

static void audit(const char *path)
{
	struct redact_options rules = { NULL, 0, NULL, 0 };
	struct scrub_options o = { NULL, NULL, 0 };
	struct err e = ERR_INIT;
	struct report report;
	struct run run;
	int rc;

	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	report_init(&report, &run.mem);
	fuzz_check_err(redact_new(&report.redact, &run.mem, &rules, &e), &e);
	o.redact = report.redact;
	rc = scrub_audit(&run, path, &o, &report, &e);
	fuzz_check_err(rc, &e);
	if (!rc)
		fuzz_render(&run, &report);
	report_release(&report);
	run_release(&run);
}

static void scrub(const char *path, struct redact *redact, const uint8_t *bytes, size_t n)
{
	struct scrub_options o = { .redact = redact, .output = "x.heapsnapshot" };
	struct err e = ERR_INIT;
	struct strbuf out;
	struct byte_sink sink = { keep, &out };
	struct run run;
	int rc;

	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	strbuf_init(&out, &run.mem);
	rc = scrub_write(&run, path, &o, &sink, &e);
	fuzz_check_err(rc, &e);
	if (!rc)
		compare(bytes, n, &out);
	strbuf_release(&out);
	run_release(&run);
	if (run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)run.mem.used_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct redact_options o = { NULL, 0, NULL, 0 };
	struct redact *redact = NULL;
	struct err e = ERR_INIT;
	struct mem mem;
	char path[64];
	int fd = fuzz_file(bytes, n, path);

	mem_init(&mem, FUZZ_MEMORY_BYTES);
	fuzz_check_err(redact_new(&redact, &mem, &o, &e), &e);
	scrub(path, redact, bytes, n);
	redact_free(redact);
	audit(path);
	close(fd);
	return 0;
}
