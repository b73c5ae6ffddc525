#include "formats/v8_tree.h"

#include <string.h>

#define MAX_DEPTH 1000000

struct span {
	size_t start, n;
};

/* A node that is not complete yet. Its texts are the last ones in the buffer when its last child is done. */
struct level {
	uint32_t node;
	int in_children;
	size_t texts;     /* length of the buffer before this node */
	struct span name, url, deopt;
	int64_t line, column;
	int64_t tick_line, ticks; /* of the line that is being read */
};

struct walk {
	struct json_pull *j;
	struct v8_nodes *nodes;
	const struct v8_tree_options *o;
	struct level *levels;
	size_t depth, capacity;
	struct strbuf texts;
};

static int keep(struct walk *w, struct span *k, struct err *e)
{
	struct str s;

	if (json_pull_string(w->j, &s, e))
		return e->kind;
	*k = (struct span){ w->texts.len, s.n };
	strbuf_add(&w->texts, s.s, s.n);
	return strbuf_check(&w->texts, e);
}

static struct str text(const struct walk *w, struct span k)
{
	return (struct str){ strbuf_str(&w->texts) + k.start, k.n };
}

static int open_node(struct walk *w, struct err *e)
{
	struct level *l, *up = w->depth ? &w->levels[w->depth - 1] : NULL;
	uint32_t node, parent = up ? up->node : V8_NO_NODE;

	if (w->depth == MAX_DEPTH)
		return err_at(e, ERR_UNSUPPORTED, json_in_offset(&w->j->in), "a call tree deeper than %d nodes", MAX_DEPTH);
	if (json_pull_open(w->j, '{', e) || v8_nodes_add(w->nodes, &node, e) ||
	    mem_reserve(&w->nodes->run->mem, (void **)&w->levels, &w->capacity, w->depth + 1, sizeof(*l), e))
		return e->kind;
	w->nodes->rows[node].parent = parent;
	l = &w->levels[w->depth++];
	*l = (struct level){ .node = node, .texts = w->texts.len, .line = -1, .column = -1 };
	return 0;
}

static int close_node(struct walk *w, struct err *e)
{
	struct level *l = &w->levels[--w->depth];
	int up = 1 - w->o->first_line;
	struct v8_call_frame f = { .name = text(w, l->name), .url = text(w, l->url), .deopt = text(w, l->deopt),
				   .line = l->line + up, .column = l->column + up };

	if (v8_nodes_set_frame(w->nodes, l->node, &f, e))
		return e->kind;
	w->texts.len = l->texts;
	return 0;
}

static int read_weight(struct walk *w, struct level *l, struct err *e)
{
	int64_t v;

	if (json_pull_number(w->j, 1, &v, e))
		return e->kind;
	if (v < 0)
		return err_at(e, ERR_FORMAT, json_in_offset(&w->j->in), "a node of the call tree weighs less than nothing");
	w->nodes->rows[l->node].hits = (uint64_t)v;
	*w->o->weights += (uint64_t)v;
	return 0;
}

static int read_id(struct walk *w, struct level *l, struct err *e)
{
	uint64_t id;

	return json_pull_id(w->j, &id, e) ? e->kind : v8_nodes_set_id(w->nodes, l->node, id, e);
}

static struct level *innermost(const struct walk *w)
{
	return &w->levels[w->depth - 1];
}

static int tick_key(void *ctx, const char *key, struct err *e)
{
	struct walk *w = ctx;

	if (!strcmp(key, "line"))
		return json_pull_number(w->j, 1, &innermost(w)->tick_line, e);
	if (strstr(key, "itCount") || !strcmp(key, "ticks"))
		return json_pull_number(w->j, 1, &innermost(w)->ticks, e);
	return json_pull_skip(w->j, e);
}

static int read_tick(void *ctx, struct err *e)
{
	struct walk *w = ctx;
	struct level *l = innermost(w);

	l->tick_line = l->ticks = 0;
	if (json_pull_keys(w->j, tick_key, w, e))
		return e->kind;
	if (l->tick_line <= 0 || l->tick_line >= UINT32_MAX || l->ticks <= 0)
		return 0;
	return v8_nodes_add_ticks(w->nodes, l->node, (uint32_t)l->tick_line, (uint64_t)l->ticks, e);
}

/* Keys of the frame: in the node itself in the older form, in its callFrame in the newer. */
static int frame_key(void *ctx, const char *key, struct err *e)
{
	struct walk *w = ctx;
	struct level *l = innermost(w);

	if (!strcmp(key, "functionName"))
		return keep(w, &l->name, e);
	if (!strcmp(key, "url"))
		return keep(w, &l->url, e);
	if (!strcmp(key, "lineNumber"))
		return json_pull_number(w->j, 1, &l->line, e);
	if (!strcmp(key, "columnNumber"))
		return json_pull_number(w->j, 1, &l->column, e);
	return json_pull_skip(w->j, e);
}

static int node_key(struct walk *w, struct level *l, const char *key, struct err *e)
{
	if (!strcmp(key, "children")) {
		l->in_children = 1;
		return json_pull_open(w->j, '[', e);
	}
	if (!strcmp(key, "callFrame"))
		return json_pull_keys(w->j, frame_key, w, e);
	if (!strcmp(key, "hitCount") || !strcmp(key, "selfSize"))
		return read_weight(w, l, e);
	if (!strcmp(key, "id"))
		return read_id(w, l, e);
	if (!strcmp(key, "positionTicks") || !strcmp(key, "lineTicks"))
		return json_pull_items(w->j, read_tick, w, e);
	if (!strcmp(key, "deoptReason") || !strcmp(key, "bailoutReason"))
		return keep(w, &l->deopt, e);
	return frame_key(w, key, e);
}

/* One key of the innermost open node, or one child, or its end. */
static int step(struct walk *w, struct err *e)
{
	struct level *l = innermost(w);
	const char *key;
	int more;

	if (l->in_children) {
		if (json_pull_item(w->j, &more, e))
			return e->kind;
		if (more)
			return open_node(w, e);
		l->in_children = 0;
		return 0;
	}
	if (json_pull_key(w->j, &key, e))
		return e->kind;
	return key ? node_key(w, l, key, e) : close_node(w, e);
}

int v8_tree_read(struct json_pull *j, struct v8_nodes *nodes, const struct v8_tree_options *o, struct err *e)
{
	struct walk w = { .j = j, .nodes = nodes, .o = o };
	int rc;

	strbuf_init(&w.texts, &nodes->run->mem);
	rc = open_node(&w, e);
	while (!rc && w.depth)
		rc = step(&w, e);
	strbuf_release(&w.texts);
	mem_free(&nodes->run->mem, w.levels);
	return rc;
}
