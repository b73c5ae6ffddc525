#include "formats/v8_nodes.h"

#include <string.h>

#include "base/table_hash.h"

enum { UNRESOLVED, ON_THE_WAY, RESOLVED };

void v8_nodes_init(struct v8_nodes *t, struct run *run, const struct profile_sink *sink)
{
	memset(t, 0, sizeof(*t));
	t->run = run;
	t->sink = sink;
	hash_index_init(&t->ids, &run->mem);
}

void v8_nodes_release(struct v8_nodes *t)
{
	mem_free(&t->run->mem, t->rows);
	mem_free(&t->run->mem, t->links);
	mem_free(&t->run->mem, t->ticks);
	mem_free(&t->run->mem, t->stack_of);
	hash_index_release(&t->ids);
}

int v8_nodes_add(struct v8_nodes *t, uint32_t *number, struct err *e)
{
	if (t->n >= V8_NO_NODE)
		return err_set(e, ERR_UNSUPPORTED, "more than 4 thousand million nodes");
	if (mem_reserve(&t->run->mem, (void **)&t->rows, &t->capacity, t->n + 1, sizeof(*t->rows), e))
		return e->kind;
	*number = (uint32_t)t->n++;
	t->rows[*number] = (struct v8_node_row){ .parent = V8_NO_NODE, .frame = UINT32_MAX, .stack = STACK_NONE };
	return 0;
}

uint32_t v8_nodes_find(const struct v8_nodes *t, uint64_t id)
{
	uint64_t h;
	size_t at;

	/* V8 numbers nodes from 1 in the order in which it writes them. */
	if (id - 1 < t->n && t->rows[id - 1].id == id)
		return (uint32_t)(id - 1);
	h = table_hash_number(t->ids.mem, id);
	for (uint32_t i = hash_index_first(&t->ids, h, &at); i != HASH_NONE; i = hash_index_next(&t->ids, h, &at))
		if (t->rows[i].id == id)
			return i;
	return V8_NO_NODE;
}

int v8_nodes_set_id(struct v8_nodes *t, uint32_t node, uint64_t id, struct err *e)
{
	if (v8_nodes_find(t, id) != V8_NO_NODE) {
		t->n_twice++;
		return 0;
	}
	t->rows[node].id = id;
	return hash_index_add(&t->ids, table_hash_number(t->ids.mem, id), node, e);
}

void v8_nodes_clear(struct v8_nodes *t)
{
	if (!t->n)
		return;
	t->n = t->n_links = t->n_ticks = 0;
	hash_index_release(&t->ids);
}

/* Links and ticks by their node numbers, which grow by the number of nodes that were there. */
static int move_links(struct v8_nodes *to, const struct v8_nodes *from, uint32_t base, struct err *e)
{
	struct mem *m = &to->run->mem;

	if (mem_reserve(m, (void **)&to->links, &to->links_capacity, to->n_links + from->n_links, sizeof(*to->links),
			e) ||
	    mem_reserve(m, (void **)&to->ticks, &to->ticks_capacity, to->n_ticks + from->n_ticks, sizeof(*to->ticks), e))
		return e->kind;
	for (size_t i = 0; i < from->n_links; i++) {
		to->links[to->n_links] = from->links[i];
		to->links[to->n_links++].node += base;
	}
	for (size_t i = 0; i < from->n_ticks; i++) {
		to->ticks[to->n_ticks] = from->ticks[i];
		to->ticks[to->n_ticks++].node += base;
	}
	return 0;
}

int v8_nodes_move(struct v8_nodes *to, struct v8_nodes *from, struct err *e)
{
	uint32_t base = (uint32_t)to->n, node = 0;

	for (size_t i = 0; i < from->n; i++) {
		if (v8_nodes_add(to, &node, e))
			return e->kind;
		to->rows[node].hits = from->rows[i].hits;
		to->rows[node].frame = from->rows[i].frame;
		if (v8_nodes_set_id(to, node, from->rows[i].id, e))
			return e->kind;
	}
	if (move_links(to, from, base, e))
		return e->kind;
	v8_nodes_clear(from);
	return 0;
}

/* Names in parentheses that stand for no function. */
static const struct {
	const char *name;
	enum frame_kind kind;
} pseudo[] = {
	{ "(root)", FRAME_ROOT },
	{ "(program)", FRAME_PROGRAM },
	{ "(idle)", FRAME_IDLE },
	{ "(IDLE)", FRAME_IDLE },
	{ "(garbage collector)", FRAME_GC },
	{ "(GC)", FRAME_GC },
};

/* Of frames without a script: pseudo frames, regular expressions, and functions that C++ gave to JavaScript. */
static enum frame_kind kind_without_script(struct str name)
{
	for (size_t i = 0; i < sizeof(pseudo) / sizeof(pseudo[0]); i++)
		if (str_is(name, pseudo[i].name))
			return pseudo[i].kind;
	if (str_starts(name, "RegExp: "))
		return FRAME_REGEXP;
	if (name.n > 2 && name.s[0] == '(' && name.s[name.n - 1] == ')')
		return FRAME_VM;
	return name.n ? FRAME_NATIVE : FRAME_JS;
}

static uint32_t position(int64_t v)
{
	return v > 0 && v < UINT32_MAX ? (uint32_t)v : 0;
}

int v8_frame(const struct profile_sink *sink, const struct v8_call_frame *f, uint32_t *id, struct err *e)
{
	struct profile_frame frame = { .name = f->name, .file = f->url, .line = position(f->line),
				       .column = position(f->column), .tier = f->tier, .deopt = f->deopt };

	if (str_is(f->deopt, "no reason"))
		frame.deopt.n = 0;
	frame.kind = str_starts(f->url, "wasm://") ? FRAME_WASM : FRAME_JS;
	if (!f->url.n && !frame.line)
		frame.kind = kind_without_script(f->name);
	return sink->frame(sink->ctx, &frame, id, e);
}

int v8_nodes_set_frame(struct v8_nodes *t, uint32_t node, const struct v8_call_frame *f, struct err *e)
{
	return v8_frame(t->sink, f, &t->rows[node].frame, e);
}

static int add_link(struct v8_nodes *t, struct v8_link link, struct err *e)
{
	if (mem_reserve(&t->run->mem, (void **)&t->links, &t->links_capacity, t->n_links + 1, sizeof(*t->links), e))
		return e->kind;
	t->links[t->n_links++] = link;
	return 0;
}

int v8_nodes_add_child(struct v8_nodes *t, uint32_t parent, uint64_t child_id, struct err *e)
{
	return add_link(t, (struct v8_link){ child_id, parent, 0 }, e);
}

int v8_nodes_set_parent_id(struct v8_nodes *t, uint32_t node, uint64_t parent_id, struct err *e)
{
	return add_link(t, (struct v8_link){ parent_id, node, 1 }, e);
}

int v8_nodes_add_ticks(struct v8_nodes *t, uint32_t node, uint32_t line, uint64_t ticks, struct err *e)
{
	if (mem_reserve(&t->run->mem, (void **)&t->ticks, &t->ticks_capacity, t->n_ticks + 1, sizeof(*t->ticks), e))
		return e->kind;
	t->ticks[t->n_ticks++] = (struct v8_ticks){ node, line, ticks };
	return 0;
}

/* Of two parents the first one holds. */
static void link_nodes(struct v8_nodes *t)
{
	for (size_t i = 0; i < t->n_links; i++) {
		const struct v8_link *l = &t->links[i];
		uint32_t other = v8_nodes_find(t, l->id);
		uint32_t child = l->id_is_parent ? l->node : other, parent = l->id_is_parent ? other : l->node;

		if (other == V8_NO_NODE)
			t->n_dangling++;
		else if (t->rows[child].parent == V8_NO_NODE)
			t->rows[child].parent = parent;
	}
	t->n_links = 0;
}

static int own_ancestor(const struct v8_node_row *row, struct err *e)
{
	return err_set(e, ERR_FORMAT, "node %llu of the call tree is its own ancestor", (unsigned long long)row->id);
}

static int give_stack(struct v8_nodes *t, struct v8_node_row *row, struct err *e)
{
	uint32_t parent = row->parent == V8_NO_NODE ? STACK_NONE : t->rows[row->parent].stack;

	row->state = RESOLVED;
	if (row->frame == UINT32_MAX)
		return err_set(e, ERR_FORMAT, "node %llu of the call tree has no function",
			       (unsigned long long)row->id);
	return t->sink->stack(t->sink->ctx, parent, row->frame, 0, &row->stack, e);
}

/*
 * Up to the first ancestor that has its stack, turning the pointers round on the way, and down again: no recursion and
 * no memory, however deep the tree.
 */
static int resolve_one(struct v8_nodes *t, uint32_t node, struct err *e)
{
	uint32_t below = V8_NO_NODE, here = node, up;

	while (here != V8_NO_NODE && t->rows[here].state == UNRESOLVED) {
		t->rows[here].state = ON_THE_WAY;
		up = t->rows[here].parent;
		t->rows[here].parent = below;
		below = here;
		here = up;
	}
	if (here != V8_NO_NODE && t->rows[here].state == ON_THE_WAY)
		return own_ancestor(&t->rows[here], e);
	while (below != V8_NO_NODE) {
		up = t->rows[below].parent;
		t->rows[below].parent = here;
		if (give_stack(t, &t->rows[below], e))
			return e->kind;
		here = below;
		below = up;
	}
	return 0;
}

#define NO_STACK (UINT32_MAX - 1) /* no node has that id; STACK_NONE is the root's */

/* Samples name nodes by the million: a narrow table by id stays in the cache where the rows do not. */
static int list_stacks(struct v8_nodes *t, struct err *e)
{
	uint64_t last = 0;

	mem_free(&t->run->mem, t->stack_of);
	t->stack_of = NULL;
	for (size_t i = 0; i < t->n; i++)
		last = t->rows[i].id > last ? t->rows[i].id : last;
	if (last > 4 * (uint64_t)t->n)
		return 0;
	t->n_stack_of = (size_t)last + 1;
	t->stack_of = mem_alloc_dirty(&t->run->mem, t->n_stack_of, sizeof(*t->stack_of), e);
	if (!t->stack_of)
		return e->kind;
	for (size_t i = 0; i < t->n_stack_of; i++)
		t->stack_of[i] = NO_STACK;
	for (size_t i = 0; i < t->n; i++)
		if (v8_nodes_find(t, t->rows[i].id) == i)
			t->stack_of[t->rows[i].id] = t->rows[i].stack;
	return 0;
}

int v8_nodes_stack(const struct v8_nodes *t, uint64_t id, uint32_t *stack)
{
	uint32_t node;

	if (t->stack_of) {
		*stack = id < t->n_stack_of ? t->stack_of[id] : NO_STACK;
		return *stack != NO_STACK;
	}
	node = v8_nodes_find(t, id);
	*stack = node == V8_NO_NODE ? NO_STACK : t->rows[node].stack;
	return node != V8_NO_NODE;
}

int v8_nodes_resolve(struct v8_nodes *t, struct err *e)
{
	link_nodes(t);
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].state == UNRESOLVED && resolve_one(t, (uint32_t)i, e))
			return e->kind;
	return list_stacks(t, e);
}

int v8_nodes_deliver_hits(const struct v8_nodes *t, uint32_t thread, struct err *e)
{
	const struct profile_sink *s = t->sink;

	for (size_t i = 0; i < t->n; i++) {
		struct profile_hits h = { t->rows[i].stack, thread, t->rows[i].hits };

		if (h.n && s->hits(s->ctx, &h, e))
			return e->kind;
	}
	for (size_t i = 0; i < t->n_ticks; i++) {
		const struct v8_ticks *k = &t->ticks[i];

		if (s->line_ticks(s->ctx, t->rows[k->node].stack, k->line, k->ticks, e))
			return e->kind;
	}
	return 0;
}

int v8_nodes_tell(const struct v8_nodes *t, struct err *e)
{
	if (run_diag_n(t->run, e, t->n_twice, "node-id-twice",
		       "nodes of the call tree have an id that another one has; the first holds"))
		return e->kind;
	return run_diag_n(t->run, e, t->n_dangling, "dangling-id",
			  "ids of children, parents or samples name no node and were passed over");
}
