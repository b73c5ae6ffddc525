/*
 * .cpuprofile: what `node --cpu-prof`, the inspector and DevTools write (v8/src/inspector/v8-profiler-agent-impl.cc),
 * what V8's own serializer writes (CpuProfileJSONSerializer in v8/src/profiler/profile-generator.cc), and the older form
 * with a nested `head` (v8_tree.c).
 */
#include "formats/cpuprofile.h"

#include <string.h>

#include "formats/probes.h"

enum probe probe_cpuprofile(const char *bytes, size_t n, int complete)
{
	static const struct probe_key keys[] = {
		{ 3, "callFrame", PROBE_YES }, { 3, "hitCount", PROBE_YES },   { 1, "timeDeltas", PROBE_YES },
		{ 2, "callUID", PROBE_YES },   { 2, "hitCount", PROBE_YES },   { 1, "timestamps", PROBE_YES },
		{ 1, "snapshot", PROBE_NO },   { 1, "traceEvents", PROBE_NO }, { 2, "callFrame", PROBE_NO },
		{ 2, "selfSize", PROBE_NO },   { 3, "nodeId", PROBE_NO },      { 2, "ph", PROBE_NO },
	};

	return probe_by_keys(bytes, n, complete, keys, sizeof(keys) / sizeof(keys[0]));
}

/* What closes a string in V8's serializer, which escapes nothing: the texts that it writes behind each. */
static const char *const after_name[] = { ",\"lineNumber\":", ",\"columnNumber\":", ",\"scriptId\":", NULL };
static const char *const after_url[] = { "},\"children\":[", "},\"positionTicks\":[", "},\"deoptReason\":\"", "}}",
					 ",\"lineNumber\":", NULL };
static const char *const after_deopt[] = { ",\"positionTicks\":[", ",\"children\":[", "},{\"id\":", "}],\"", "}]}", NULL };

/* A text of a node, kept until the node is complete. */
static int keep_text(struct cpu_reader *r, const char *const *ends, struct kept *k, struct err *e)
{
	struct str s;

	if (r->unescaped ? json_pull_raw_string(&r->json, ends, &s, e) : json_pull_string(&r->json, &s, e))
		return e->kind;
	k->start = r->texts.len;
	k->n = s.n;
	strbuf_add(&r->texts, s.s, s.n);
	return strbuf_check(&r->texts, e);
}

static struct str kept_str(const struct cpu_reader *r, struct kept k)
{
	return (struct str){ strbuf_str(&r->texts) + k.start, k.n };
}

static int read_script_id(struct cpu_reader *r, struct err *e)
{
	int c;

	if (json_pull_peek(&r->json, &c, e))
		return e->kind;
	r->node.number_script = c != '"';
	return json_pull_skip(&r->json, e);
}

static int call_frame_key(void *ctx, const char *key, struct err *e)
{
	struct cpu_reader *r = ctx;
	struct cpu_node *n = &r->node;

	if (json_key_is(key, "functionName"))
		return keep_text(r, after_name, &n->name, e);
	if (json_key_is(key, "url"))
		return keep_text(r, after_url, &n->url, e);
	if (json_key_is(key, "lineNumber"))
		return json_pull_number(&r->json, 1, &n->line, e);
	if (json_key_is(key, "columnNumber"))
		return json_pull_number(&r->json, 1, &n->column, e);
	return json_key_is(key, "scriptId") ? read_script_id(r, e) : json_pull_skip(&r->json, e);
}

static int read_call_frame(struct cpu_reader *r, struct err *e)
{
	r->node.has_frame = 1;
	return json_pull_keys(&r->json, call_frame_key, r, e);
}

static int read_child(void *ctx, struct err *e)
{
	struct cpu_reader *r = ctx;
	uint64_t id;

	return json_pull_id(&r->json, &id, e) ? e->kind : v8_nodes_add_child(&r->nodes, r->node.number, id, e);
}

static int tick_key(void *ctx, const char *key, struct err *e)
{
	struct cpu_reader *r = ctx;

	if (json_key_is(key, "line"))
		return json_pull_number(&r->json, 1, &r->node.tick_line, e);
	if (json_key_is(key, "ticks") || json_key_is(key, "hitCount"))
		return json_pull_number(&r->json, 1, &r->node.ticks, e);
	return json_pull_skip(&r->json, e);
}

static int read_tick(void *ctx, struct err *e)
{
	struct cpu_reader *r = ctx;
	struct cpu_node *n = &r->node;

	n->tick_line = n->ticks = 0;
	if (json_pull_keys(&r->json, tick_key, r, e))
		return e->kind;
	if (n->ticks <= 0 || n->tick_line <= 0 || n->tick_line > UINT32_MAX)
		return 0;
	return v8_nodes_add_ticks(&r->nodes, n->number, (uint32_t)n->tick_line, (uint64_t)n->ticks, e);
}

static int read_hits(struct cpu_reader *r, struct err *e)
{
	int64_t hits;

	if (json_pull_number(&r->json, 1, &hits, e))
		return e->kind;
	if (hits < 0)
		return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a node was hit less than never");
	r->nodes.rows[r->node.number].hits = (uint64_t)hits;
	r->n_hits += (uint64_t)hits;
	r->node.hits_first = !r->node.has_frame;
	return 0;
}

static int read_node_id(struct cpu_reader *r, struct err *e)
{
	uint64_t id;

	return json_pull_id(&r->json, &id, e) ? e->kind : v8_nodes_set_id(&r->nodes, r->node.number, id, e);
}

/* `parent` names a node that may come later: a link from its side does the same. */
static int read_parent(struct cpu_reader *r, struct err *e)
{
	r->node.has_parent = 1;
	return json_pull_id(&r->json, &r->node.parent, e);
}

static int read_children(struct cpu_reader *r, struct err *e)
{
	return json_pull_items(&r->json, read_child, r, e);
}

static int read_ticks(struct cpu_reader *r, struct err *e)
{
	return json_pull_items(&r->json, read_tick, r, e);
}

static int read_deopt(struct cpu_reader *r, struct err *e)
{
	return keep_text(r, after_deopt, &r->node.deopt, e);
}

static int node_key(void *ctx, const char *key, struct err *e)
{
	static const struct {
		const char *key;
		int (*read)(struct cpu_reader *, struct err *);
	} keys[] = { { "id", read_node_id },	       { "callFrame", read_call_frame }, { "hitCount", read_hits },
		     { "children", read_children },    { "parent", read_parent },	 { "positionTicks", read_ticks },
		     { "deoptReason", read_deopt } };
	struct cpu_reader *r = ctx;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_key_is(key, keys[i].key))
			return keys[i].read(r, e);
	return json_pull_skip(&r->json, e);
}

/*
 * V8's serializer is told by what it writes where the inspector does not: hitCount before callFrame, and a number as
 * scriptId. Its first node is the root, whose texts need no escapes, so the question is settled in time.
 */
static int settle_dialect(struct cpu_reader *r, struct err *e)
{
	if (r->settled || r->nodes.n != 1 || !r->node.hits_first || !r->node.number_script)
		return 0;
	r->unescaped = 1;
	return run_diag(r->json.in.run, e, "unescaped-strings",
			"written by V8's own serializer, which escapes no strings; names were recovered by what follows them");
}

static int read_node(void *ctx, struct err *e)
{
	struct cpu_reader *r = ctx;
	struct cpu_node *n = &r->node;

	*n = (struct cpu_node){ .line = -1, .column = -1 };
	strbuf_reset(&r->texts);
	if (v8_nodes_add(&r->nodes, &n->number, e) || json_pull_keys(&r->json, node_key, r, e))
		return e->kind;
	if (!n->has_frame)
		return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a node without callFrame");
	struct v8_call_frame f = { .name = kept_str(r, n->name), .url = kept_str(r, n->url),
				   .deopt = kept_str(r, n->deopt), .line = n->line + 1, .column = n->column + 1 };
	if (n->has_parent && v8_nodes_set_parent_id(&r->nodes, n->number, n->parent, e))
		return e->kind;
	if (v8_nodes_set_frame(&r->nodes, n->number, &f, e) || settle_dialect(r, e))
		return e->kind;
	return r->nodes.n & 0xFFF ? 0 : cpu_tick(r, e);
}

int cpu_read_nodes(struct cpu_reader *r, struct err *e)
{
	return json_pull_items(&r->json, read_node, r, e);
}

int cpu_tick(struct cpu_reader *r, struct err *e)
{
	return run_tick(r->json.in.run, "read", source_consumed(r->json.in.source), source_size(r->json.in.source), e);
}

/* Now and then: numbers come one by one where they are written with blanks. */
static int tick_at(struct cpu_reader *r, size_t before, size_t after, struct err *e)
{
	return before >> 16 != after >> 16 ? cpu_tick(r, e) : 0;
}

static int add_samples(void *ctx, const int64_t *ids, size_t n, struct err *e)
{
	struct cpu_reader *r = ctx;
	size_t before = number_table_n(&r->samples);

	for (size_t i = 0; i < n; i++) {
		if (ids[i] < 0 || ids[i] > UINT32_MAX)
			return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a sample of a node id that is not below 2^32");
		if (number_table_push(&r->samples, ids[i], e))
			return e->kind;
	}
	return tick_at(r, before, before + n, e);
}

int cpu_read_samples(struct cpu_reader *r, struct err *e)
{
	return json_pull_numbers(&r->json, JSON_IDS, add_samples, r, e);
}

static int add_times(void *ctx, const int64_t *times, size_t n, struct err *e)
{
	struct cpu_reader *r = ctx;
	size_t before = number_table_n(&r->times);

	for (size_t i = 0; i < n; i++)
		if (number_table_push(&r->times, times[i], e))
			return e->kind;
	return tick_at(r, before, before + n, e);
}

int cpu_read_times(struct cpu_reader *r, struct err *e)
{
	return json_pull_numbers(&r->json, 1000, add_times, r, e);
}
