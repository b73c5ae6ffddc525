#include "analyzer/groups.h"

#include <string.h>

#include "base/hash.h"
#include "base/table_hash.h"

#define AHEAD 16
#define EDGES_AHEAD 8
#define RECENT 2048 /* a power of two */
#define MAX_DEPTH 24 /* deeper ways add to their last group */
#define TABLE_KEYS 32 /* so many values of one class make an object a table, and the names of its properties data */
#define NO_CLASS UINT32_MAX

/* A subtree of the dominator tree that the walk is in. */
struct open_subtree {
	uint32_t end;   /* position behind it */
	uint32_t group; /* of its top */
	uint32_t first_edge, end_edge; /* of its top */
	uint32_t table;                /* class of the values where its top is a table, or NO_CLASS */
};

/* A way one step down: most steps were made before, and this is found without hashing names. */
struct step {
	uint32_t up, class_, name; /* group, class, string or NO_STRING */
	uint32_t group;            /* plus 1; 0: none yet */
};

/* What is being walked: for each class the innermost subtree of a member that the walk is in. */
struct walk {
	const struct heap *h;
	struct groups *g;
	uint64_t *class_hash;
	uint32_t *inside_until; /* class -> end position of that subtree */
	uint32_t *inside_group;
	uint32_t *covered_until; /* group -> end of the outermost member's subtree; sized with the groups */
	uint8_t *depth;         /* group -> length of its way */
	size_t covered_capacity, depth_capacity;
	struct open_subtree *open; /* the owners of the position, outermost first */
	size_t n_open, open_capacity;
	uint32_t *of_node;      /* NULL: not wanted */
	struct step recent[RECENT];
};

/* A name without its numbers: ports, days and counters differ from process to process. */
static uint64_t hash_name(struct str s)
{
	uint64_t x = 0;
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			continue;
		if (i > from || !i)
			x = hash_add(x, hash_bytes(s.s + from, i - from));
		from = i + 1;
	}
	return hash_add(x, hash_bytes(s.s + from, s.n - from));
}

/* A shape is named by its properties, and those that differ by a number only are keys of one family: {room1, room2}. */
static uint64_t hash_shape(struct str name)
{
	uint64_t x = 0, last = 0;
	size_t from = 0;

	for (size_t i = 0; i <= name.n; i++) {
		uint64_t part;

		if (i < name.n && name.s[i] != ',')
			continue;
		part = hash_name((struct str){ name.s + from, i - from });
		x = part == last ? x : hash_add(x, part);
		last = part;
		from = i + 1;
	}
	return x;
}

static uint64_t hash_class(const struct heap *h, const struct heap_class *c)
{
	uint64_t x = hash_add(c->name.n && c->name.s[0] == '{' ? hash_shape(c->name) : hash_bytes(c->name.s, c->name.n), c->origin);

	if (c->place) {
		const struct heap_place *p = &h->places[c->place - 1];
		struct str script = heap_string(h, heap_script_name(h, p->script_id));

		/* line and column shift with every edit; the file is what two versions of a program share */
		x = hash_add(x, hash_bytes(script.s, script.n));
	}
	return x;
}

/* What a program puts under names of its own making; functions and variables are named by whoever wrote them. */
static int is_value(const struct heap *h, uint32_t edge)
{
	return heap_edge_type(h, edge) == EDGE_PROPERTY && h->type[h->edge_to[edge]] != NODE_CLOSURE;
}

/* The class that more than half of the values have; any of them where there is none (Boyer and Moore's vote). */
static uint32_t commonest_value(const struct heap *h, uint32_t first, uint32_t end)
{
	uint32_t class = NO_CLASS, votes = 0;

	for (uint32_t i = first; i < end; i++) {
		if (!is_value(h, i))
			continue;
		if (!votes)
			class = h->class_[h->edge_to[i]];
		votes += class == h->class_[h->edge_to[i]] ? 1 : -1u;
	}
	return class;
}

/* Of an object that is used as a table the class of the values. */
static uint32_t table_class(const struct heap *h, uint32_t first, uint32_t end)
{
	uint32_t class, n = 0;

	if (end - first < TABLE_KEYS)
		return NO_CLASS;
	class = commonest_value(h, first, end);
	for (uint32_t i = first; i < end && n < TABLE_KEYS; i++)
		n += is_value(h, i) && h->class_[h->edge_to[i]] == class;
	return n < TABLE_KEYS ? NO_CLASS : class;
}

/* Name of the edge from the dominator, where the node hangs on it directly by a name that is not a table's key. */
static uint32_t edge_name(const struct heap *h, uint32_t node, const struct open_subtree *up)
{
	uint32_t i = h->parent_edge[node];

	if (i < up->first_edge || i >= up->end_edge)
		return NO_STRING;
	if (heap_edge_type(h, i) == EDGE_CONTEXT)
		return h->edge_name[i];
	if (heap_edge_type(h, i) != EDGE_PROPERTY || (h->class_[node] == up->table && is_value(h, i)))
		return NO_STRING;
	return h->edge_name[i];
}

static size_t slot_of(const struct groups *g, uint64_t signature)
{
	size_t at = table_hash_number(g->mem, signature) & (g->n_slots - 1);

	while (g->slot[at] && g->all[g->slot[at] - 1].signature != signature)
		at = (at + 1) & (g->n_slots - 1);
	return at;
}

uint32_t groups_find(const struct groups *g, uint64_t signature)
{
	uint32_t found = g->n_slots ? g->slot[slot_of(g, signature)] : 0;

	return found ? found - 1 : NO_NODE;
}

static int grow_slots(struct groups *g, struct err *e)
{
	size_t size = g->n_slots ? g->n_slots * 2 : 1024;
	uint32_t *slot = mem_alloc(g->mem, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(g->mem, g->slot);
	g->slot = slot;
	g->n_slots = size;
	for (size_t i = 0; i < g->n; i++)
		g->slot[slot_of(g, g->all[i].signature)] = (uint32_t)i + 1;
	return 0;
}

static int add_group(struct walk *w, uint64_t signature, uint32_t parent, uint32_t *out, struct err *e)
{
	struct groups *g = w->g;
	void *all = g->all, *covered = w->covered_until, *depth = w->depth;

	if (g->n * 2 >= g->n_slots && grow_slots(g, e))
		return e->kind;
	if (mem_reserve(g->mem, &all, &g->capacity, g->n + 1, sizeof(*g->all), e))
		return e->kind;
	g->all = all;
	if (mem_reserve(g->mem, &covered, &w->covered_capacity, g->n + 1, 4, e))
		return e->kind;
	w->covered_until = covered;
	if (mem_reserve(g->mem, &depth, &w->depth_capacity, g->n + 1, 1, e))
		return e->kind;
	w->depth = depth;
	w->covered_until[g->n] = 0;
	w->depth[g->n] = (uint8_t)(g->n ? w->depth[parent] + 1 : 0);
	g->all[g->n] = (struct group){ .signature = signature, .parent = parent, .sample = NO_NODE };
	*out = (uint32_t)g->n;
	g->slot[slot_of(g, signature)] = (uint32_t)++g->n;
	return 0;
}

static int find_group(struct walk *w, uint32_t up, uint32_t class, uint32_t name, uint32_t *out, struct err *e)
{
	uint64_t signature = hash_add(hash_add(w->g->all[up].signature, w->class_hash[class]),
				      name == NO_STRING ? 0 : hash_name(heap_string(w->h, name)));

	*out = groups_find(w->g, signature);
	return *out == NO_NODE ? add_group(w, signature, up, out, e) : 0;
}

static int step_down(struct walk *w, uint32_t up, uint32_t class, uint32_t name, uint32_t *out, struct err *e)
{
	struct step *s = &w->recent[(up * 0x9e3779b1u ^ class * 0x85ebca6bu ^ name * 0xc2b2ae35u) >> 12 & (RECENT - 1)];

	if (s->group && s->up == up && s->class_ == class && s->name == name) {
		*out = s->group - 1;
		return 0;
	}
	if (find_group(w, up, class, name, out, e))
		return e->kind;
	*s = (struct step){ up, class, name, *out + 1 };
	return 0;
}

static int group_of(struct walk *w, uint32_t node, uint32_t pos, const struct open_subtree *up, uint32_t *out,
		    struct err *e)
{
	const struct heap *h = w->h;
	uint32_t class = h->class_[node];

	if (pos < w->inside_until[class]) {
		*out = w->inside_group[class];
		return 0;
	}
	if (w->depth[up->group] >= MAX_DEPTH) {
		*out = up->group;
		return 0;
	}
	if (step_down(w, up->group, class, edge_name(h, node, up), out, e))
		return e->kind;
	w->inside_until[class] = pos + h->tree_size[pos];
	w->inside_group[class] = *out;
	return 0;
}

static void count_member(struct walk *w, struct group *g, uint32_t number, uint32_t node, uint32_t pos)
{
	const struct heap *h = w->h;
	uint64_t self = heap_self(h, node);

	g->count++;
	g->self_bytes += self;
	if (g->count == 1 || self > g->largest_bytes) {
		g->largest = node;
		g->largest_bytes = self;
	}
	if (g->sample == NO_NODE || h->retained[node] > g->sample_bytes) {
		g->sample = node;
		g->sample_bytes = h->retained[node];
	}
	if (pos < w->covered_until[number])
		return;
	g->retained_bytes += h->retained[node];
	w->covered_until[number] = pos + h->tree_size[pos];
}

/* The tree's order is known, that of the nodes in memory is another: without this the walk waits for each of them. */
static void fetch_ahead(const struct walk *w, uint32_t node, uint32_t nearer)
{
	const struct heap *h = w->h;
	uint32_t edge = h->parent_edge[nearer];

	if (edge != NO_EDGE) {
		__builtin_prefetch(&h->edge_type[edge]);
		__builtin_prefetch(&h->edge_name[edge]);
	}
	__builtin_prefetch(&h->parent_edge[node]);
	__builtin_prefetch(&h->first_edge[node]);

	__builtin_prefetch(&h->class_[node]);
	__builtin_prefetch(&h->self.lo[node]);
	__builtin_prefetch(&h->retained[node]);
	if (w->of_node)
		__builtin_prefetch(&w->of_node[node], 1);
}

/* The node's dominator is on top of those that are open. */
static const struct open_subtree *owner_of(struct walk *w, uint32_t pos)
{
	while (w->open[w->n_open - 1].end <= pos)
		w->n_open--;
	return &w->open[w->n_open - 1];
}

static int open_subtree(struct walk *w, uint32_t pos, uint32_t group, struct err *e)
{
	const struct heap *h = w->h;
	uint32_t node = h->tree_order[pos], first = h->first_edge[node], end = h->first_edge[node + 1];
	void *p = w->open;

	if (w->n_open == w->open_capacity &&
	    mem_reserve(w->g->mem, &p, &w->open_capacity, w->n_open + 1, sizeof(*w->open), e))
		return e->kind;
	w->open = p;
	w->open[w->n_open++] = (struct open_subtree){ pos + h->tree_size[pos], group, first, end, table_class(h, first, end) };
	return 0;
}

/* One position. The root has no owner and a group of its own. */
static int enter(struct walk *w, uint32_t pos, struct err *e)
{
	const struct heap *h = w->h;
	uint32_t node = h->tree_order[pos], number = 0;

	if (pos ? group_of(w, node, pos, owner_of(w, pos), &number, e) : add_group(w, 1, 0, &number, e))
		return e->kind;
	if (w->of_node)
		w->of_node[node] = number;
	count_member(w, &w->g->all[number], number, node, pos);
	return h->tree_size[pos] > 1 || !pos ? open_subtree(w, pos, number, e) : 0;
}

static int walk(struct walk *w, struct err *e)
{
	const struct heap *h = w->h;

	for (size_t c = 0; c < h->n_classes; c++)
		w->class_hash[c] = hash_class(h, &h->classes[c]);
	for (uint32_t pos = 0; pos < h->n_nodes; pos++) {
		if (pos + AHEAD < h->n_nodes)
			fetch_ahead(w, h->tree_order[pos + AHEAD], h->tree_order[pos + EDGES_AHEAD]);
		if (enter(w, pos, e))
			return e->kind;
	}
	return 0;
}

int groups_make(struct groups *out, const struct heap *h, int keep_nodes, struct err *e)
{
	struct mem *m = &h->run->mem;
	struct walk w = { .h = h, .g = out };
	int rc;

	memset(out, 0, sizeof(*out));
	out->mem = m;
	w.class_hash = mem_alloc(m, h->n_classes + 1, 8, e);
	w.inside_until = w.class_hash ? mem_alloc(m, h->n_classes + 1, 4, e) : NULL;
	w.inside_group = w.inside_until ? mem_alloc(m, h->n_classes + 1, 4, e) : NULL;
	w.of_node = w.inside_group && keep_nodes ? mem_alloc_dirty(m, h->n_nodes, 4, e) : NULL;
	rc = w.inside_group && (w.of_node || !keep_nodes) ? walk(&w, e) : e->kind;
	mem_free(m, w.class_hash);
	mem_free(m, w.inside_until);
	mem_free(m, w.inside_group);
	mem_free(m, w.covered_until);
	mem_free(m, w.depth);
	mem_free(m, w.open);
	out->of_node = w.of_node;
	if (rc)
		groups_release(out);
	return rc;
}

void groups_forget_nodes(struct groups *g)
{
	mem_free(g->mem, g->of_node);
	g->of_node = NULL;
}

void groups_release(struct groups *g)
{
	if (!g->mem)
		return;
	mem_free(g->mem, g->all);
	mem_free(g->mem, g->slot);
	mem_free(g->mem, g->of_node);
	memset(g, 0, sizeof(*g));
}
