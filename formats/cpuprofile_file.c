/* A whole .cpuprofile: the outermost object, and what its samples, times and nodes mean together. */
#include "formats/cpuprofile.h"

#include <string.h>

#include "base/wide.h"
#include "formats/v8_tree.h"

#define WRAP_NS ((int64_t)4294967296 * 1000) /* V8's serializer writes times as 32 bits of microseconds */

int cpu_reader_init(struct cpu_reader *r, struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, const char *what, struct err *e)
{
	memset(r, 0, sizeof(*r));
	r->start_ns = r->end_ns = PROFILE_NO_TIME;
	v8_nodes_init(&r->nodes, run, sink);
	strbuf_init(&r->texts, &run->mem);
	number_table_init(&r->samples, &run->mem, 1);
	number_table_init(&r->times, &run->mem, 1);
	return json_pull_init(&r->json, run, src, o->read_bytes, what, e);
}

void cpu_reader_release(struct cpu_reader *r)
{
	number_table_release(&r->samples);
	number_table_release(&r->times);
	strbuf_release(&r->texts);
	v8_nodes_release(&r->nodes);
	json_pull_release(&r->json);
}

/* Microseconds; seconds in the older form, whose head comes first. */
static int read_time(struct cpu_reader *r, int64_t *ns, struct err *e)
{
	return json_pull_number(&r->json, r->absolute ? 1000000000 : 1000, ns, e);
}

static int read_timestamps(struct cpu_reader *r, struct err *e)
{
	r->absolute = 1;
	return cpu_read_times(r, e);
}

/* The older form counts lines from 1 and seconds. */
static int read_head(struct cpu_reader *r, struct err *e)
{
	struct v8_tree_options o = { .first_line = 1, .weights = &r->n_hits };

	r->absolute = 1;
	return v8_tree_read(&r->json, &r->nodes, &o, e);
}

static int profile_key(void *ctx, const char *key, struct err *e)
{
	struct cpu_reader *r = ctx;

	if (json_key_is(key, "nodes"))
		return cpu_read_nodes(r, e);
	if (json_key_is(key, "head"))
		return read_head(r, e);
	if (json_key_is(key, "samples"))
		return cpu_read_samples(r, e);
	if (json_key_is(key, "timeDeltas"))
		return cpu_read_times(r, e);
	if (json_key_is(key, "timestamps"))
		return read_timestamps(r, e);
	if (json_key_is(key, "startTime"))
		return read_time(r, &r->start_ns, e);
	if (json_key_is(key, "endTime"))
		return read_time(r, &r->end_ns, e);
	return json_pull_skip(&r->json, e);
}

int cpu_read_profile(struct cpu_reader *r, struct err *e)
{
	return json_pull_keys(&r->json, profile_key, r, e);
}

/* Times without a file that says them: evenly between start and end. */
static int64_t even_time(const struct cpu_reader *r, size_t i, size_t n)
{
	int64_t start = r->start_ns == PROFILE_NO_TIME ? 0 : r->start_ns;
	int64_t end = r->end_ns == PROFILE_NO_TIME || r->end_ns < start ? start : r->end_ns;

	return start + (int64_t)wide_mul_div((uint64_t)(end - start), i, n ? n : 1);
}

/* The moment of a sample from that of the one before. */
static int next_time(const struct cpu_reader *r, int64_t written, int64_t *t, struct err *e)
{
	if (r->absolute)
		*t = written;
	else if (__builtin_add_overflow(*t, written, t))
		return err_set(e, ERR_FORMAT, "the time deltas add up to more than 64 bits hold");
	return 0;
}

static int64_t first_time(const struct cpu_reader *r)
{
	return r->start_ns == PROFILE_NO_TIME ? 0 : r->start_ns;
}

/* 32-bit times wrap every 71.6 minutes; the deltas say how often that happened between start and end. */
static int unwrap(struct cpu_reader *r, struct err *e)
{
	int64_t last = first_time(r), written;
	struct number_reader times;

	if (!r->unescaped || r->start_ns == PROFILE_NO_TIME || r->end_ns == PROFILE_NO_TIME)
		return 0;
	number_reader_init(&times, &r->times);
	while (number_reader_pull(&times, &written))
		if (next_time(r, written, &last, e))
			return e->kind;
	if (r->end_ns < last && last < INT64_MAX / 4 && r->end_ns > -INT64_MAX / 4)
		r->end_ns += (last - r->end_ns + WRAP_NS - 1) / WRAP_NS * WRAP_NS;
	return 0;
}

static int observe_one(struct cpu_reader *r, uint32_t thread, uint32_t id, int64_t t, struct err *e)
{
	const struct profile_sink *s = r->nodes.sink;
	struct profile_observation o = { .thread = thread, .time_ns = t };

	if (!v8_nodes_stack(&r->nodes, id, &o.stack)) {
		r->nodes.n_dangling++;
		return 0;
	}
	return s->observe(s->ctx, &o, e);
}

/* What was handed on is not needed any more. */
static int observe(struct cpu_reader *r, uint32_t thread, struct err *e)
{
	size_t n_samples = number_table_n(&r->samples), n_times = number_table_n(&r->times);
	int64_t id, written = 0, t = first_time(r);
	struct number_reader samples, times;

	number_reader_init_dropping(&samples, &r->samples);
	number_reader_init_dropping(&times, &r->times);
	for (size_t i = 0; number_reader_pull(&samples, &id); i++) {
		if (n_times && !number_reader_pull(&times, &written))
			break;
		if (!n_times)
			t = even_time(r, i, n_samples);
		else if (next_time(r, written, &t, e))
			return e->kind;
		if (observe_one(r, thread, (uint32_t)id, t, e))
			return e->kind;
	}
	return 0;
}

static int tell(struct cpu_reader *r, struct err *e)
{
	size_t n_samples = number_table_n(&r->samples), n_times = number_table_n(&r->times);
	struct run *run = r->json.in.run;

	if (n_times && n_times != n_samples &&
	    run_diag(run, e, "samples-without-time", "%zu samples but %zu times; what is left over was passed over",
		     n_samples, n_times))
		return e->kind;
	if (n_samples && !n_times &&
	    run_diag(run, e, "no-times", "samples carry no times and were spread evenly over the profile"))
		return e->kind;
	if (!n_samples && r->n_hits &&
	    run_diag(run, e, "hits-only", "there are no samples, only hit counts: every hit weighs the same"))
		return e->kind;
	return v8_nodes_tell(&r->nodes, e);
}

int cpu_deliver(struct cpu_reader *r, uint32_t thread, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;
	const struct profile_sink *s = r->nodes.sink;

	if (v8_nodes_resolve(&r->nodes, e) || unwrap(r, e))
		return e->kind;
	meta.start_ns = r->start_ns;
	meta.end_ns = r->end_ns;
	if (s->meta(s->ctx, &meta, e) || v8_nodes_deliver_hits(&r->nodes, thread, e) || observe(r, thread, e))
		return e->kind;
	return tell(r, e);
}

static int read_file(struct cpu_reader *r, struct err *e)
{
	int c;

	if (cpu_read_profile(r, e))
		return e->kind;
	if (!r->nodes.n)
		return err_set(e, ERR_FORMAT, "not a CPU profile: it has neither \"nodes\" nor \"head\"");
	if (json_pull_peek(&r->json, &c, e))
		return e->kind;
	if (c >= 0 && run_diag(r->json.in.run, e, "trailing-bytes", "after the profile's end at offset %llu stands more",
			       (unsigned long long)json_in_offset(&r->json.in)))
		return e->kind;
	return cpu_deliver(r, 0, e);
}

int cpuprofile_read(struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, struct err *e)
{
	struct cpu_reader r;
	int rc = cpu_reader_init(&r, run, src, o, sink, "CPU profile", e);

	if (!rc)
		rc = read_file(&r, e);
	cpu_reader_release(&r);
	return rc;
}
