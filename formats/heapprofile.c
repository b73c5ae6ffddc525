#include "formats/heapprofile.h"

#include <string.h>

#include "formats/json_pull.h"
#include "formats/probes.h"
#include "formats/v8_tree.h"

enum probe probe_heapprofile(const char *bytes, size_t n, int complete)
{
	static const struct probe_key keys[] = {
		{ 2, "selfSize", PROBE_YES },  { 3, "nodeId", PROBE_YES },    { 3, "ordinal", PROBE_YES },
		{ 3, "callFrame", PROBE_NO },  { 1, "nodes", PROBE_NO },      { 1, "snapshot", PROBE_NO },
		{ 2, "hitCount", PROBE_NO },   { 1, "traceEvents", PROBE_NO },
	};

	return probe_by_keys(bytes, n, complete, keys, sizeof(keys) / sizeof(keys[0]));
}

struct reader {
	struct json_pull json;
	struct v8_nodes nodes;
	const struct profile_sink *sink;
	uint64_t *samples; /* the node ids that allocations hang on */
	size_t n_samples, capacity;
	uint64_t sample;   /* the one being read */
	uint64_t bytes;
	int has_head;
};

static int sample_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	return strcmp(key, "nodeId") ? json_pull_skip(&r->json, e) : json_pull_id(&r->json, &r->sample, e);
}

static int read_sample(void *ctx, struct err *e)
{
	struct reader *r = ctx;

	r->sample = 0;
	if (json_pull_keys(&r->json, sample_key, r, e) ||
	    mem_reserve(&r->json.in.run->mem, (void **)&r->samples, &r->capacity, r->n_samples + 1, sizeof(*r->samples), e))
		return e->kind;
	r->samples[r->n_samples++] = r->sample;
	return 0;
}

static int read_head(struct reader *r, struct err *e)
{
	struct v8_tree_options o = { .first_line = 0, .weights = &r->bytes };

	if (r->has_head++)
		return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a second \"head\"");
	return v8_tree_read(&r->json, &r->nodes, &o, e);
}

static int top_key(void *ctx, const char *key, struct err *e)
{
	struct reader *r = ctx;

	if (!strcmp(key, "head"))
		return read_head(r, e);
	return strcmp(key, "samples") ? json_pull_skip(&r->json, e) : json_pull_items(&r->json, read_sample, r, e);
}

static int give(struct reader *r, uint32_t node, int64_t bytes, int64_t samples, struct err *e)
{
	int64_t values[] = { bytes, samples };
	struct profile_sample s = { .stack = r->nodes.rows[node].stack, .time_ns = PROFILE_NO_TIME, .values = values };

	return r->sink->sample(r->sink->ctx, &s, e);
}

static int deliver(struct reader *r, struct err *e)
{
	static const struct profile_value_type types[] = { { STR_LIT("space"), UNIT_BYTES, { "", 0 } },
							   { STR_LIT("samples"), UNIT_COUNT, { "", 0 } } };
	struct profile_meta meta = PROFILE_META_INIT;

	meta.default_type = STR_LIT("space");
	meta.period_type = STR_LIT("space");
	if (!r->has_head)
		return err_set(e, ERR_FORMAT, "not a heap profile: it has no \"head\"");
	if (r->sink->meta(r->sink->ctx, &meta, e) || r->sink->values(r->sink->ctx, types, 2, e) ||
	    v8_nodes_resolve(&r->nodes, e))
		return e->kind;
	for (uint32_t i = 0; i < r->nodes.n; i++)
		if (r->nodes.rows[i].hits && give(r, i, (int64_t)r->nodes.rows[i].hits, 0, e))
			return e->kind;
	for (size_t i = 0; i < r->n_samples; i++) {
		uint32_t node = v8_nodes_find(&r->nodes, r->samples[i]);

		r->nodes.n_dangling += node == V8_NO_NODE;
		if (node != V8_NO_NODE && give(r, node, 0, 1, e))
			return e->kind;
	}
	return v8_nodes_tell(&r->nodes, e);
}

int heapprofile_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e)
{
	struct reader r = { .sink = sink };
	int rc;

	v8_nodes_init(&r.nodes, run, sink);
	rc = json_pull_init(&r.json, run, src, o->read_bytes, "heap profile", e);
	if (!rc)
		rc = json_pull_keys(&r.json, top_key, &r, e);
	if (!rc)
		rc = deliver(&r, e);
	mem_free(&run->mem, r.samples);
	v8_nodes_release(&r.nodes);
	json_pull_release(&r.json);
	return rc;
}
