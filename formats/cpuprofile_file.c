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
	return json_pull_init(&r->json, run, src, o->read_bytes, what, e);
}

void cpu_reader_release(struct cpu_reader *r)
{
	struct mem *m = &r->nodes.run->mem;

	mem_free(m, r->samples);
	mem_free(m, r->times);
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

	if (!strcmp(key, "nodes"))
		return cpu_read_nodes(r, e);
	if (!strcmp(key, "head"))
		return read_head(r, e);
	if (!strcmp(key, "samples"))
		return cpu_read_samples(r, e);
	if (!strcmp(key, "timeDeltas"))
		return cpu_read_times(r, e);
	if (!strcmp(key, "timestamps"))
		return read_timestamps(r, e);
	if (!strcmp(key, "startTime"))
		return read_time(r, &r->start_ns, e);
	if (!strcmp(key, "endTime"))
		return read_time(r, &r->end_ns, e);
	return json_pull_skip(&r->json, e);
}

int cpu_read_profile(struct cpu_reader *r, struct err *e)
{
	return json_pull_keys(&r->json, profile_key, r, e);
}

/* Times without a file that says them: evenly between start and end. */
static int64_t even_time(const struct cpu_reader *r, size_t i)
{
	int64_t start = r->start_ns == PROFILE_NO_TIME ? 0 : r->start_ns;
	int64_t end = r->end_ns == PROFILE_NO_TIME || r->end_ns < start ? start : r->end_ns;

	return start + (int64_t)wide_mul_div((uint64_t)(end - start), i, r->n_samples ? r->n_samples : 1);
}

/* Turn distances into moments. */
static int add_up(struct cpu_reader *r, struct err *e)
{
	int64_t t = r->start_ns == PROFILE_NO_TIME ? 0 : r->start_ns;

	for (size_t i = 0; i < r->n_times && !r->absolute; i++) {
		if (__builtin_add_overflow(t, r->times[i], &t))
			return err_set(e, ERR_FORMAT, "the time deltas add up to more than 64 bits hold");
		r->times[i] = t;
	}
	return 0;
}

/* 32-bit times wrap every 71.6 minutes; the deltas say how often that happened between start and end. */
static void unwrap(struct cpu_reader *r)
{
	int64_t last = r->n_times ? r->times[r->n_times - 1] : r->start_ns;

	if (!r->unescaped || r->start_ns == PROFILE_NO_TIME || r->end_ns == PROFILE_NO_TIME)
		return;
	if (r->end_ns < last && last < INT64_MAX / 4 && r->end_ns > -INT64_MAX / 4)
		r->end_ns += (last - r->end_ns + WRAP_NS - 1) / WRAP_NS * WRAP_NS;
}

static int observe(struct cpu_reader *r, uint32_t thread, struct err *e)
{
	const struct profile_sink *s = r->nodes.sink;
	size_t n = r->n_times && r->n_times < r->n_samples ? r->n_times : r->n_samples;

	for (size_t i = 0; i < n; i++) {
		uint32_t node = v8_nodes_find(&r->nodes, r->samples[i]);
		struct profile_observation o = { .thread = thread,
						 .time_ns = r->n_times ? r->times[i] : even_time(r, i) };

		if (node == V8_NO_NODE) {
			r->nodes.n_dangling++;
			continue;
		}
		o.stack = r->nodes.rows[node].stack;
		if (s->observe(s->ctx, &o, e))
			return e->kind;
	}
	return 0;
}

static int tell(struct cpu_reader *r, struct err *e)
{
	struct run *run = r->json.in.run;

	if (r->n_times && r->n_times != r->n_samples &&
	    run_diag(run, e, "samples-without-time", "%zu samples but %zu times; what is left over was passed over",
		     r->n_samples, r->n_times))
		return e->kind;
	if (r->n_samples && !r->n_times &&
	    run_diag(run, e, "no-times", "samples carry no times and were spread evenly over the profile"))
		return e->kind;
	if (!r->n_samples && r->n_hits &&
	    run_diag(run, e, "hits-only", "there are no samples, only hit counts: every hit weighs the same"))
		return e->kind;
	return v8_nodes_tell(&r->nodes, e);
}

int cpu_deliver(struct cpu_reader *r, uint32_t thread, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;
	const struct profile_sink *s = r->nodes.sink;

	if (v8_nodes_resolve(&r->nodes, e) || add_up(r, e))
		return e->kind;
	unwrap(r);
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
