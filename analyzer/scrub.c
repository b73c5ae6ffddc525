#include "analyzer/scrub.h"

#include <string.h>

#include "analyzer/scrub_parts.h"
#include "formats/pack.h"
#include "formats/source.h"

static int open_input(struct scrub *s, struct run *run, const char *file, struct redact *redact, struct err *e)
{
	memset(s, 0, sizeof(*s));
	s->run = run;
	s->redact = redact;
	strtab_init(&s->strings, &run->mem);
	strbuf_init(&s->mask, &run->mem);
	strbuf_init(&s->text, &run->mem);
	return source_open(&s->source, &run->mem, file, e);
}

static void release(struct scrub *s)
{
	struct mem *m = &s->run->mem;

	source_close(s->source);
	strtab_release(&s->strings);
	strbuf_release(&s->mask);
	strbuf_release(&s->text);
	ranked_bits_release(&s->split, m);
	mem_free(m, s->roles);
	mem_free(m, s->fates);
	mem_free(m, s->taken.slots);
}

static int judge_input(struct scrub *s, struct err *e)
{
	uint64_t t = run_clock();
	int rc;

	/* an input that cannot be read again is refused before it has been read once */
	if (source_rewind(s->source, e))
		return e->kind;
	rc = scrub_read(s, e);
	run_stage(s->run, "read", t);
	t = run_clock();
	if (!rc)
		rc = scrub_judge(s, e);
	run_stage(s->run, "judge", t);
	return rc;
}

static int refuse_suspicious(struct scrub *s, struct err *e)
{
	struct scrub_families f;
	int rc = scrub_group(s, &f, e);

	if (!rc && f.suspicious)
		rc = err_set(e, ERR_CONDITION, "%llu names that look like data would stay; --audit lists them",
			     (unsigned long long)f.suspicious);
	scrub_families_release(&f, &s->run->mem);
	return rc;
}

static int add_packed(void *ctx, const char *bytes, size_t n, struct err *e)
{
	return pack_add(ctx, bytes, n, e);
}

static int copy_packed(struct scrub *s, const struct scrub_options *o, const struct byte_sink *sink, struct err *e)
{
	struct pack *pack;
	struct byte_sink packed;
	int rc;

	if (pack_open(&pack, &s->run->mem, pack_kind(o->output ? o->output : ""), sink->write, sink->ctx, e))
		return e->kind;
	packed = (struct byte_sink){ add_packed, pack };
	rc = scrub_copy(s, &packed, e);
	if (!rc)
		rc = pack_finish(pack, e);
	pack_close(pack);
	return rc;
}

static int write_judged(struct scrub *s, const struct scrub_options *o, const struct byte_sink *sink, struct err *e)
{
	uint64_t t;
	int rc;

	if (o->strict && refuse_suspicious(s, e))
		return e->kind;
	t = run_clock();
	rc = source_rewind(s->source, e) ? e->kind : copy_packed(s, o, sink, e);
	run_stage(s->run, "write", t);
	return rc;
}

int scrub_write(struct run *run, const char *file, const struct scrub_options *o, const struct byte_sink *sink,
		struct err *e)
{
	unsigned jobs = run->jobs;
	struct scrub s;
	int rc;

	run->jobs = 1; /* numbers have to come in the order of the file */
	run->snapshot = 0;
	rc = open_input(&s, run, file, o->redact, e);
	if (!rc)
		rc = judge_input(&s, e);
	if (!rc)
		rc = write_judged(&s, o, sink, e);
	release(&s);
	run->jobs = jobs;
	return rc ? err_in(e, file) : 0;
}

int scrub_audit(struct run *run, const char *file, const struct scrub_options *o, struct report *out, struct err *e)
{
	unsigned jobs = run->jobs;
	struct scrub_families f;
	struct scrub s;
	int rc;

	run->jobs = 1;
	run->snapshot = 0;
	memset(&f, 0, sizeof(f));
	rc = open_input(&s, run, file, o->redact, e);
	if (!rc)
		rc = judge_input(&s, e);
	if (!rc)
		rc = scrub_group(&s, &f, e);
	if (!rc)
		rc = scrub_report(&s, &f, file, out, e);
	scrub_families_release(&f, &run->mem);
	release(&s);
	run->jobs = jobs;
	return rc ? err_in(e, file) : 0;
}
