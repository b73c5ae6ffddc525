/*
 * The reader of one profile format: FUZZ_FORMAT, a row of the formats table, is given by the build. What is read must not
 * depend on how many bytes the source gives at once, which the last byte of the input chooses; every writer must cope with
 * what was read, and what it writes must be a profile again, with the same total.
 */
#include <string.h>

#include "analyzer/profile_dump.h"
#include "analyzer/profile_writers.h"
#include "base/strbuf.h"
#include "target.h"

struct outcome {
	int rc;
	struct err e;
	struct run run;
	struct profile p;
	struct strbuf stacks; /* as --dump=stacks says them */
};

static int keep(void *ctx, const char *bytes, size_t n, struct err *e)
{
	strbuf_add(ctx, bytes, n);
	return strbuf_check(ctx, e);
}

static void written(const struct profile *p, int (*write)(const struct profile *, const struct byte_sink *, struct err *),
		    struct strbuf *out)
{
	struct byte_sink sink = { keep, out };
	struct err e = ERR_INIT;

	fuzz_check_err(write(p, &sink, &e), &e);
}

static void load(struct outcome *o, const void *bytes, size_t n, const char *format, size_t read_bytes)
{
	struct profile_load_options options = { .input_format = format, .read_bytes = read_bytes };

	o->e = (struct err)ERR_INIT;
	run_init(&o->run, 1, FUZZ_MEMORY_BYTES);
	strbuf_init(&o->stacks, &o->run.mem);
	o->rc = profile_load_memory(&o->p, &o->run, bytes, n, &options, &o->e);
	fuzz_check_err(o->rc, &o->e);
	if (!o->rc)
		written(&o->p, profile_dump_stacks, &o->stacks);
}

static void unload(struct outcome *o)
{
	strbuf_release(&o->stacks);
	if (!o->rc)
		profile_release(&o->p);
	run_release(&o->run);
	if (o->run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)o->run.mem.used_bytes);
}

/* Of several faults that stand close together any may be the one that is told. */
static void compare(const struct outcome *a, const struct outcome *b)
{
	if (!a->rc != !b->rc)
		fuzz_bug("whole: %d '%s', in pieces: %d '%s'", a->rc, a->e.text, b->rc, b->e.text);
	if (a->stacks.len != b->stacks.len || memcmp(strbuf_str(&a->stacks), strbuf_str(&b->stacks), a->stacks.len) != 0)
		fuzz_bug("whole:\n%.600s\nin pieces:\n%.600s", strbuf_str(&a->stacks), strbuf_str(&b->stacks));
}

/* The sum of the shown value; 0 when it is not in the range that all notations can say. */
static int sayable_total(const struct profile *p, int64_t *total)
{
	const int64_t most = (int64_t)1 << 52;

	*total = 0;
	for (size_t i = 0; i < p->n_sums; i++) {
		int64_t v = profile_sum_value(p, i, p->shown);

		if (v < 0 || v > most || *total > most - v)
			return 0;
		*total += v;
	}
	return 1;
}

static void read_back(const struct profile *p, const char *name, const char *format)
{
	struct strbuf text;
	struct outcome again;
	struct mem mem;
	int64_t before, after;

	if (!sayable_total(p, &before))
		return;
	mem_init(&mem, FUZZ_MEMORY_BYTES);
	strbuf_init(&text, &mem);
	written(p, profile_writer_named(name)->write, &text);
	if (text.len) {
		load(&again, strbuf_str(&text), text.len, format, 0);
		if (again.rc)
			fuzz_bug("%s was written and is none: %s", format, again.e.text);
		if (!sayable_total(&again.p, &after) || before != after)
			fuzz_bug("%s: a total of %lld was written, %lld read", format, (long long)before, (long long)after);
		unload(&again);
	}
	strbuf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	unsigned choice = n ? bytes[n - 1] : 0;
	struct outcome whole, pieces;

	load(&whole, bytes, n, FUZZ_FORMAT, 0);
	load(&pieces, bytes, n, FUZZ_FORMAT, 1 + (choice >> 1));
	compare(&whole, &pieces);
	unload(&pieces);
	if (!whole.rc && whole.p.n_sums) {
		read_back(&whole.p, "pprof", "pprof");
		read_back(&whole.p, "speedscope", "speedscope");
		read_back(&whole.p, "cpuprofile", "cpuprofile");
		read_back(&whole.p, "folded", "folded");
	}
	unload(&whole);
	return 0;
}
