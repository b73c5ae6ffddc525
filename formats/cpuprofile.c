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

static int read_call_frame(struct cpu_reader *r, struct err *e)
{
	struct json_pull *j = &r->json;
	struct cpu_node *n = &r->node;
	const char *key;
	int rc;

	if (json_pull_open(j, '{', e))
		return e->kind;
	while (!(rc = json_pull_key(j, &key, e)) && key && !rc) {
		if (!strcmp(key, "functionName"))
			rc = keep_text(r, after_name, &n->name, e);
		else if (!strcmp(key, "url"))
			rc = keep_text(r, after_url, &n->url, e);
		else if (!strcmp(key, "lineNumber"))
			rc = json_pull_number(j, 1, &n->line, e);
		else if (!strcmp(key, "columnNumber"))
			rc = json_pull_number(j, 1, &n->column, e);
		else if (!strcmp(key, "scriptId"))
			rc = read_script_id(r, e);
		else
			rc = json_pull_skip(j, e);
		if (rc)
			return rc;
	}
	n->has_frame = 1;
	return rc;
}

static int read_children(struct cpu_reader *r, uint32_t node, struct err *e)
{
	uint64_t id;
	int more;

	if (json_pull_open(&r->json, '[', e))
		return e->kind;
	for (;;) {
		if (json_pull_item(&r->json, &more, e) || !more)
			return e->kind;
		if (json_pull_id(&r->json, &id, e) || v8_nodes_add_child(&r->nodes, node, id, e))
			return e->kind;
	}
}

static int read_tick(struct cpu_reader *r, uint32_t node, struct err *e)
{
	int64_t line = 0, ticks = 0;
	const char *key;

	if (json_pull_open(&r->json, '{', e))
		return e->kind;
	for (;;) {
		if (json_pull_key(&r->json, &key, e))
			return e->kind;
		if (!key)
			break;
		if (!strcmp(key, "line") ? json_pull_number(&r->json, 1, &line, e)
		    : !strcmp(key, "ticks") || !strcmp(key, "hitCount") ? json_pull_number(&r->json, 1, &ticks, e)
									: json_pull_skip(&r->json, e))
			return e->kind;
	}
	if (ticks <= 0 || line <= 0 || line > UINT32_MAX)
		return 0;
	return v8_nodes_add_ticks(&r->nodes, node, (uint32_t)line, (uint64_t)ticks, e);
}

int cpu_read_ticks(struct cpu_reader *r, uint32_t node, struct err *e)
{
	int more;

	if (json_pull_open(&r->json, '[', e))
		return e->kind;
	for (;;) {
		if (json_pull_item(&r->json, &more, e) || !more)
			return e->kind;
		if (read_tick(r, node, e))
			return e->kind;
	}
}

static int read_hits(struct cpu_reader *r, uint32_t node, struct err *e)
{
	int64_t hits;

	if (json_pull_number(&r->json, 1, &hits, e))
		return e->kind;
	if (hits < 0)
		return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a node was hit less than never");
	r->nodes.rows[node].hits = (uint64_t)hits;
	r->n_hits += (uint64_t)hits;
	r->node.hits_first = !r->node.has_frame;
	return 0;
}

static int read_node_id(struct cpu_reader *r, uint32_t node, struct err *e)
{
	uint64_t id;

	return json_pull_id(&r->json, &id, e) ? e->kind : v8_nodes_set_id(&r->nodes, node, id, e);
}

/* `parent` names a node that may come later: a link from its side does the same. */
static int read_parent(struct cpu_reader *r, struct err *e)
{
	r->node.has_parent = 1;
	return json_pull_id(&r->json, &r->node.parent, e);
}

static int read_node_key(struct cpu_reader *r, uint32_t node, const char *key, struct err *e)
{
	static const struct {
		const char *key;
		int (*read)(struct cpu_reader *, uint32_t, struct err *);
	} keys[] = { { "id", read_node_id },
		     { "hitCount", read_hits },
		     { "children", read_children },
		     { "positionTicks", cpu_read_ticks } };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(key, keys[i].key))
			return keys[i].read(r, node, e);
	if (!strcmp(key, "callFrame"))
		return read_call_frame(r, e);
	if (!strcmp(key, "parent"))
		return read_parent(r, e);
	if (!strcmp(key, "deoptReason"))
		return keep_text(r, after_deopt, &r->node.deopt, e);
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

int cpu_read_node(struct cpu_reader *r, struct err *e)
{
	struct cpu_node *n = &r->node;
	const char *key;
	uint32_t node;

	*n = (struct cpu_node){ .line = -1, .column = -1 };
	strbuf_reset(&r->texts);
	if (json_pull_open(&r->json, '{', e) || v8_nodes_add(&r->nodes, &node, e))
		return e->kind;
	for (;;) {
		if (json_pull_key(&r->json, &key, e))
			return e->kind;
		if (!key)
			break;
		if (read_node_key(r, node, key, e))
			return e->kind;
	}
	if (!n->has_frame)
		return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a node without callFrame");
	struct v8_call_frame f = { .name = kept_str(r, n->name), .url = kept_str(r, n->url),
				   .deopt = kept_str(r, n->deopt), .line = n->line + 1, .column = n->column + 1 };
	if (n->has_parent && v8_nodes_set_parent_id(&r->nodes, node, n->parent, e))
		return e->kind;
	return v8_nodes_set_frame(&r->nodes, node, &f, e) ? e->kind : settle_dialect(r, e);
}

int cpu_read_nodes(struct cpu_reader *r, struct err *e)
{
	int more;

	if (json_pull_open(&r->json, '[', e))
		return e->kind;
	for (;;) {
		if (json_pull_item(&r->json, &more, e) || !more)
			return e->kind;
		if (cpu_read_node(r, e))
			return e->kind;
		if (!(r->nodes.n & 0xFFF) && cpu_tick(r, e))
			return e->kind;
	}
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

	if (mem_reserve(&r->json.in.run->mem, (void **)&r->samples, &r->samples_capacity, r->n_samples + n,
			sizeof(*r->samples), e))
		return e->kind;
	for (size_t i = 0; i < n; i++) {
		if (ids[i] < 0 || ids[i] > UINT32_MAX)
			return err_at(e, ERR_FORMAT, json_in_offset(&r->json.in), "a sample of a node id that is not below 2^32");
		r->samples[r->n_samples++] = (uint32_t)ids[i];
	}
	return tick_at(r, r->n_samples - n, r->n_samples, e);
}

int cpu_read_samples(struct cpu_reader *r, struct err *e)
{
	return json_pull_numbers(&r->json, JSON_IDS, add_samples, r, e);
}

static int add_times(void *ctx, const int64_t *times, size_t n, struct err *e)
{
	struct cpu_reader *r = ctx;

	if (mem_reserve(&r->json.in.run->mem, (void **)&r->times, &r->times_capacity, r->n_times + n, sizeof(*r->times), e))
		return e->kind;
	memcpy(r->times + r->n_times, times, n * sizeof(*times));
	r->n_times += n;
	return tick_at(r, r->n_times - n, r->n_times, e);
}

int cpu_read_times(struct cpu_reader *r, struct err *e)
{
	return json_pull_numbers(&r->json, 1000, add_times, r, e);
}
