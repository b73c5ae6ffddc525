#include "analyzer/profile_writers.h"

#include <string.h>

#include "analyzer/profile_dump.h"

#define FLUSH_BYTES ((size_t)256 << 10)

static const struct profile_writer writers[] = {
	{ "stacks", profile_dump_stacks },   { "folded", write_folded }, { "speedscope", write_speedscope },
	{ "cpuprofile", write_cpuprofile },  { "pprof", write_pprof },
};

const struct profile_writer *profile_writer_named(const char *name)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (!strcmp(writers[i].name, name))
			return &writers[i];
	return NULL;
}

int profile_flush(struct strbuf *sb, int all, const struct byte_sink *sink, struct err *e)
{
	if (!sb->len || (!all && sb->len < FLUSH_BYTES))
		return strbuf_check(sb, e);
	if (strbuf_check(sb, e) || sink->write(sink->ctx, sb->buf, sb->len, e))
		return e->kind;
	strbuf_reset(sb);
	return 0;
}

int profile_stack_selfs(const struct profile *p, int64_t **out, int64_t *stackless, struct err *e)
{
	return profile_stack_values(p, p->shown, out, stackless, e);
}

int profile_stack_values(const struct profile *p, size_t value, int64_t **out, int64_t *stackless, struct err *e)
{
	*stackless = 0;
	*out = MEM_NEW(&p->run->mem, int64_t, p->stacks.n + 1, e);
	if (!*out)
		return e->kind;
	for (size_t i = 0; i < p->n_sums && p->n_values; i++) {
		uint32_t s = p->sums[i].stack;

		*(s == STACK_NONE ? stackless : &(*out)[s]) += profile_sum_value(p, i, value);
	}
	return 0;
}

size_t profile_stack_frames(const struct profile *p, uint32_t stack, uint32_t *way)
{
	size_t n = stack == STACK_NONE ? 0 : (size_t)p->stacks.depth[stack] + 1;

	for (size_t i = n; i-- > 0; stack = p->stacks.parent[stack])
		way[i] = p->stacks.frame[stack];
	return n;
}

size_t profile_deepest(const struct profile *p)
{
	size_t deepest = 0;

	for (size_t s = 0; s < p->stacks.n; s++)
		if (p->stacks.depth[s] >= deepest)
			deepest = (size_t)p->stacks.depth[s] + 1;
	return deepest;
}

int profile_is_timed(const struct profile *p)
{
	int64_t in_runs = 0, in_sums = 0;
	struct run_reader reader;
	struct profile_run run;

	if (!p->runs.n || p->values[p->shown].unit != UNIT_NANOSECONDS)
		return 0;
	run_reader_init(&reader, &p->runs);
	while (run_reader_next(&reader, &run))
		in_runs += run.ns;
	for (size_t i = 0; i < p->n_sums; i++)
		in_sums += profile_sum_value(p, i, p->shown);
	return in_runs == in_sums;
}
