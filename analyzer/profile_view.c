#include "analyzer/profile_view.h"

#include <string.h>

#include "base/table_hash.h"

struct str profile_frame_name(const struct profile *p, uint32_t frame)
{
	struct str name = profile_text(p, p->frames.name[frame]);

	return name.n ? name : STR_LIT("(anonymous)");
}

void profile_frame_text(const struct profile *p, uint32_t frame, struct strbuf *out)
{
	struct str name = profile_frame_name(p, frame), file = profile_text(p, p->frames.file[frame]);

	if (!file.n)
		file = profile_text(p, p->frames.module[frame]);
	strbuf_add(out, name.s, name.n);
	strbuf_addch(out, ' ');
	strbuf_add(out, file.s, file.n);
	if (p->frames.line[frame])
		strbuf_addf(out, ":%u", p->frames.line[frame]);
}

int profile_match_frames(const struct profile *p, const char *option, const char *pattern, uint8_t **out,
			 struct err *e)
{
	struct mem *m = &p->run->mem;
	struct filter *f = NULL;
	struct strbuf text;
	int rc;

	*out = MEM_NEW(m, uint8_t, p->frames.n + 1, e);
	if (!*out || !pattern)
		return *out ? 0 : e->kind;
	rc = filter_new(&f, option, pattern, e);
	strbuf_init(&text, m);
	for (uint32_t i = 0; i < p->frames.n && !rc; i++) {
		strbuf_reset(&text);
		profile_frame_text(p, i, &text);
		(*out)[i] = (uint8_t)filter_wants(f, (struct str){ strbuf_str(&text), text.len });
	}
	if (!rc)
		rc = strbuf_check(&text, e) ? e->kind : filter_check(f, e);
	strbuf_release(&text);
	filter_free(f);
	if (rc) {
		mem_free(m, *out);
		*out = NULL;
	}
	return rc;
}

/* What makes a key at each granularity, as a number; frames with one number share a key. */
static uint64_t key_number(const struct profile_view *v, uint32_t frame)
{
	const struct profile_frames *f = &v->p->frames;
	uint64_t category = f->category[frame];

	switch (v->by) {
	case VIEW_FUNCTIONS:
		return v->identity ? v->identity[frame] : frame;
	case VIEW_FILES:
		return f->file[frame] ? (uint64_t)f->file[frame]
		       : f->module[frame] ? (uint64_t)1 << 32 | f->module[frame]
					  : (uint64_t)2 << 32 | category;
	case VIEW_PACKAGES:
		return f->package[frame] ? (uint64_t)f->package[frame] : (uint64_t)1 << 32 | category;
	case VIEW_CATEGORIES:
		break;
	}
	return category;
}

static int make_keys(struct profile_view *v, const uint8_t *hidden, struct err *e)
{
	const struct profile *p = v->p;
	struct mem *m = &p->run->mem;
	struct hash_index x;
	int rc = 0;

	v->keys = MEM_NEW(m, struct view_key, p->frames.n + 1, e);
	v->key_of = v->keys ? MEM_NEW(m, uint32_t, p->frames.n + 1, e) : NULL;
	if (!v->key_of)
		return e->kind;
	hash_index_init(&x, m);
	for (uint32_t i = 0; i < p->frames.n && !rc; i++) {
		uint64_t number = key_number(v, i), h = table_hash_number(m, number);
		size_t at;
		uint32_t k = hash_index_first(&x, h, &at);

		while (k != HASH_NONE && key_number(v, v->keys[k].frame) != number)
			k = hash_index_next(&x, h, &at);
		if (k == HASH_NONE) {
			k = (uint32_t)v->n_keys++;
			v->keys[k] = (struct view_key){ .frame = i, .package = p->frames.package[i],
							.category = p->frames.category[i] };
			rc = hash_index_add(&x, h, k, e);
		}
		v->key_of[i] = hidden[i] ? VIEW_NONE : k;
	}
	hash_index_release(&x);
	return rc;
}

struct str profile_view_name(const struct profile_view *v, uint32_t key)
{
	const struct profile *p = v->p;
	const struct view_key *k = &v->keys[key];
	uint32_t file = p->frames.file[k->frame] ? p->frames.file[k->frame] : p->frames.module[k->frame];

	if (v->by == VIEW_FUNCTIONS)
		return profile_frame_name(p, k->frame);
	if (v->by == VIEW_FILES && file)
		return profile_text(p, file);
	if (v->by == VIEW_PACKAGES && k->package)
		return profile_text(p, k->package);
	return str_of(profile_category_name(k->category));
}

int view_tree_init(struct view_tree *t, struct mem *m, struct err *e)
{
	memset(t, 0, sizeof(*t));
	t->mem = m;
	hash_index_init(&t->index, m);
	if (mem_reserve(m, (void **)&t->nodes, &t->capacity, 1, sizeof(*t->nodes), e))
		return e->kind;
	t->nodes[t->n++] = (struct view_node){ .parent = VIEW_NONE, .key = VIEW_NONE };
	return 0;
}

void view_tree_release(struct view_tree *t)
{
	mem_free(t->mem, t->nodes);
	hash_index_release(&t->index);
}

int view_tree_child(struct view_tree *t, uint32_t parent, uint32_t key, uint32_t *node, struct err *e)
{
	uint64_t h = table_hash_pair(t->mem, parent, key);
	size_t at;

	for (uint32_t i = hash_index_first(&t->index, h, &at); i != HASH_NONE; i = hash_index_next(&t->index, h, &at)) {
		*node = i;
		if (t->nodes[i].parent == parent && t->nodes[i].key == key)
			return 0;
	}
	if (t->n >= VIEW_NONE - 1)
		return err_set(e, ERR_UNSUPPORTED, "a call tree of more than 4 thousand million nodes");
	if (mem_reserve(t->mem, (void **)&t->nodes, &t->capacity, t->n + 1, sizeof(*t->nodes), e) ||
	    hash_index_add(&t->index, h, (uint32_t)t->n, e))
		return e->kind;
	*node = (uint32_t)t->n++;
	t->nodes[*node] = (struct view_node){ .parent = parent, .key = key };
	return 0;
}

void view_nodes_add_up(struct view_node *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		nodes[i].total = nodes[i].self;
	for (size_t i = n; i-- > 1;)
		nodes[nodes[i].parent].total += nodes[i].total;
}

/* What filters say about each stack, from its outermost frame inwards. */
struct marks {
	uint8_t *focus, *ignore, *hide;
	uint8_t *stack; /* 1: a frame of the focus is in it, 2: an ignored one */
};

static int mark_stacks(struct marks *k, const struct profile *p, struct err *e)
{
	k->stack = MEM_NEW(&p->run->mem, uint8_t, p->stacks.n + 1, e);
	if (!k->stack)
		return e->kind;
	for (size_t s = 0; s < p->stacks.n; s++) {
		uint32_t parent = p->stacks.parent[s], frame = p->stacks.frame[s];
		uint8_t up = parent == STACK_NONE ? 0 : k->stack[parent];

		k->stack[s] = (uint8_t)(up | (k->focus[frame] ? 1 : 0) | (k->ignore[frame] ? 2 : 0));
	}
	return 0;
}

static int make_nodes(struct profile_view *v, struct view_tree *t, struct err *e)
{
	const struct profile *p = v->p;

	v->node_of = MEM_NEW(&p->run->mem, uint32_t, p->stacks.n + 1, e);
	v->stack_self = v->node_of ? MEM_NEW(&p->run->mem, int64_t, p->stacks.n + 1, e) : NULL;
	if (!v->stack_self)
		return e->kind;
	for (size_t s = 0; s < p->stacks.n; s++) {
		uint32_t up = p->stacks.parent[s] == STACK_NONE ? 0 : v->node_of[p->stacks.parent[s]];
		uint32_t key = v->key_of[p->stacks.frame[s]];

		v->node_of[s] = up;
		if (key == VIEW_NONE || (v->by != VIEW_FUNCTIONS && t->nodes[up].key == key))
			continue;
		if (view_tree_child(t, up, key, &v->node_of[s], e))
			return e->kind;
	}
	return 0;
}

static enum profile_category leaf_category(const struct profile *p, uint32_t stack)
{
	return stack == STACK_NONE ? CATEGORY_PROGRAM : p->frames.category[p->stacks.frame[stack]];
}

static int apply_marks(struct profile_view *v, const struct marks *k, int focused, struct err *e)
{
	size_t n = v->p->stacks.n;

	v->passes = MEM_NEW(&v->p->run->mem, uint8_t, n + 1, e);
	if (!v->passes)
		return e->kind;
	for (size_t s = 0; s < n; s++)
		v->passes[s] = !(k->stack[s] & 2) && (!focused || (k->stack[s] & 1));
	v->passes[n] = !focused;
	return 0;
}

static void book(struct profile_view *v, struct view_node *nodes, size_t i)
{
	const struct profile *p = v->p;
	const struct profile_sum *s = &p->sums[i];
	int64_t value = profile_sum_value(p, i, p->shown);
	int64_t samples = v->samples_value < p->n_values ? profile_sum_value(p, i, v->samples_value) : 0;
	enum profile_category c = leaf_category(p, s->stack);
	struct view_node *n = &nodes[s->stack == STACK_NONE ? 0 : v->node_of[s->stack]];

	if (!profile_view_wants(v, s->stack, s->thread)) {
		v->filtered += value;
		return;
	}
	v->by_category[c] += value;
	if (c == CATEGORY_IDLE) {
		v->idle += value;
		return;
	}
	v->sum += value;
	v->samples += samples;
	n->self += value;
	n->samples += samples;
	if (s->stack != STACK_NONE)
		v->stack_self[s->stack] += value;
}

/* Pre-order, so that "is this key open above" is a counter. Children come in the order in which they were made. */
static int make_order(struct profile_view *v, struct err *e)
{
	struct mem *m = &v->p->run->mem;
	size_t n = v->n_nodes;
	uint32_t *size = MEM_NEW(m, uint32_t, n, e), *at = size ? MEM_NEW(m, uint32_t, n, e) : NULL;

	v->order = at ? MEM_NEW(m, uint32_t, n, e) : NULL;
	if (!v->order) {
		mem_free(m, size);
		mem_free(m, at);
		return e->kind;
	}
	for (size_t i = n; i-- > 0;) {
		size[i]++;
		if (i)
			size[v->nodes[i].parent] += size[i];
	}
	/* at[i]: the position after what was placed below i so far; a parent is placed before its children. */
	for (size_t i = 0; i < n; i++) {
		uint32_t place = i ? at[v->nodes[i].parent] : 0;

		v->order[place] = (uint32_t)i;
		at[i] = place + 1;
		if (i)
			at[v->nodes[i].parent] += size[i];
	}
	mem_free(m, size);
	mem_free(m, at);
	return 0;
}

/* Self of keys, and totals that count a stack once however often the key stands in it. */
static int sum_keys(struct profile_view *v, struct err *e)
{
	struct mem *m = &v->p->run->mem;
	uint32_t *open = MEM_NEW(m, uint32_t, v->n_keys + 1, e), *way = open ? MEM_NEW(m, uint32_t, v->n_nodes, e) : NULL;
	size_t depth = 0;

	if (!way) {
		mem_free(m, open);
		return e->kind;
	}
	for (size_t i = 1; i < v->n_nodes; i++) {
		const struct view_node *n = &v->nodes[v->order[i]];

		while (depth && way[depth - 1] != n->parent)
			open[v->nodes[way[--depth]].key]--;
		if (!open[n->key]++)
			v->keys[n->key].total += n->total;
		v->keys[n->key].self += n->self;
		v->keys[n->key].samples += n->samples;
		way[depth++] = v->order[i];
	}
	mem_free(m, open);
	mem_free(m, way);
	return 0;
}

int profile_match_threads(const struct profile *p, const char *pattern, uint8_t **out, struct err *e)
{
	struct strbuf text;
	struct filter *f;
	int rc, any = 0;

	*out = NULL;
	if (!pattern)
		return 0;
	if (filter_new(&f, "--thread", pattern, e))
		return e->kind;
	strbuf_init(&text, &p->run->mem);
	*out = MEM_NEW(&p->run->mem, uint8_t, p->n_threads + 1, e);
	rc = *out ? 0 : e->kind;
	for (size_t i = 0; i < p->n_threads && !rc; i++) {
		const struct profile_thread_row *t = &p->threads[i];

		strbuf_reset(&text);
		strbuf_add(&text, t->name.s, t->name.n);
		strbuf_addf(&text, " %llu/%llu %s", (unsigned long long)t->pid, (unsigned long long)t->tid,
			    p->inputs[t->input].file);
		(*out)[i] = (uint8_t)filter_wants(f, (struct str){ strbuf_str(&text), text.len });
		any |= (*out)[i];
	}
	if (!rc)
		rc = strbuf_check(&text, e) ? e->kind : filter_check(f, e);
	if (!rc && !any)
		rc = err_set(e, ERR_USAGE, "--thread: no thread of the input matches \"%.200s\"", pattern);
	strbuf_release(&text);
	filter_free(f);
	return rc;
}

static size_t find_samples_value(const struct profile *p)
{
	for (size_t v = 0; v < p->n_values; v++)
		if (p->values[v].unit == UNIT_COUNT &&
		    (str_starts(p->values[v].type, "sample") || str_is(p->values[v].type, "hits")))
			return v;
	return p->n_values;
}

static int fill(struct profile_view *v, struct view_tree *t, struct marks *k, const struct view_options *o,
		struct err *e)
{
	const struct profile *p = v->p;

	if (profile_match_frames(p, "--focus", o->focus, &k->focus, e) ||
	    profile_match_frames(p, "--ignore", o->ignore, &k->ignore, e) ||
	    profile_match_frames(p, "--hide", o->hide, &k->hide, e) || mark_stacks(k, p, e) ||
	    apply_marks(v, k, o->focus != NULL, e) || make_keys(v, k->hide, e) || make_nodes(v, t, e) ||
	    profile_match_threads(p, o->thread, &v->threads, e))
		return e->kind;
	for (size_t i = 0; i < p->n_sums; i++)
		book(v, t->nodes, i);
	return 0;
}

int profile_view_make(struct profile_view *v, const struct profile *p, const struct view_options *o, struct err *e)
{
	struct mem *m = &p->run->mem;
	struct marks k = { NULL, NULL, NULL, NULL };
	struct view_tree t;
	int rc;

	memset(v, 0, sizeof(*v));
	v->p = p;
	v->by = o->by;
	v->identity = o->identity;
	v->samples_value = find_samples_value(p);
	rc = view_tree_init(&t, m, e);
	if (!rc)
		rc = fill(v, &t, &k, o, e);
	v->nodes = t.nodes;
	v->n_nodes = t.n;
	hash_index_release(&t.index);
	mem_free(m, k.focus);
	mem_free(m, k.ignore);
	mem_free(m, k.hide);
	mem_free(m, k.stack);
	if (!rc) {
		view_nodes_add_up(v->nodes, v->n_nodes);
		rc = make_order(v, e) || sum_keys(v, e) ? e->kind : 0;
	}
	if (rc)
		profile_view_release(v);
	return rc;
}

void profile_view_release(struct profile_view *v)
{
	struct mem *m = &v->p->run->mem;

	mem_free(m, v->nodes);
	mem_free(m, v->keys);
	mem_free(m, v->node_of);
	mem_free(m, v->stack_self);
	mem_free(m, v->key_of);
	mem_free(m, v->order);
	mem_free(m, v->passes);
	mem_free(m, v->threads);
}
