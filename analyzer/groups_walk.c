/* A slice of the dominator tree's order is walked, and its groups are found. */
#include <string.h>

#include "analyzer/groups_parts.h"
#include "base/hash.h"

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
	const uint64_t *class_hash;
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

uint64_t groups_hash_class(const struct heap *h, const struct heap_class *c)
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

/* The group one step down, which may be a new one. */
static int find_group(struct walk *w, uint64_t signature, uint32_t up, uint32_t *out, struct err *e)
{
	struct groups *g = w->g;
	void *covered = w->covered_until, *depth = w->depth;
	size_t n = g->n;

	if (groups_enter(g, signature, up, out, e))
		return e->kind;
	if (g->n == n)
		return 0;
	if (mem_reserve(g->mem, &covered, &w->covered_capacity, n + 1, 4, e))
		return e->kind;
	w->covered_until = covered;
	if (mem_reserve(g->mem, &depth, &w->depth_capacity, n + 1, 1, e))
		return e->kind;
	w->depth = depth;
	w->covered_until[n] = 0;
	w->depth[n] = (uint8_t)(n ? w->depth[up] + 1 : 0);
	return 0;
}

static uint64_t signature_below(const struct walk *w, uint32_t up, uint32_t class, uint32_t name)
{
	return hash_add(hash_add(w->g->all[up].signature, w->class_hash[class]),
			name == NO_STRING ? 0 : hash_name(heap_string(w->h, name)));
}

static int step_down(struct walk *w, uint32_t up, uint32_t class, uint32_t name, uint32_t *out, struct err *e)
{
	struct step *s = &w->recent[(up * 0x9e3779b1u ^ class * 0x85ebca6bu ^ name * 0xc2b2ae35u) >> 12 & (RECENT - 1)];

	if (s->group && s->up == up && s->class_ == class && s->name == name) {
		*out = s->group - 1;
		return 0;
	}
	if (find_group(w, signature_below(w, up, class, name), up, out, e))
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

/* A node that the walk comes to is inside of its group's member until its subtree ends. */
static int covers(struct walk *w, uint32_t number, uint32_t pos)
{
	if (pos < w->covered_until[number])
		return 0;
	w->covered_until[number] = pos + w->h->tree_size[pos];
	return 1;
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
	if (covers(w, number, pos))
		g->retained_bytes += h->retained[node];
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

/* The root has no owner and a group of its own. */
static int number_of(struct walk *w, uint32_t pos, uint32_t *out, struct err *e)
{
	return pos ? group_of(w, w->h->tree_order[pos], pos, owner_of(w, pos), out, e) : find_group(w, 1, 0, out, e);
}

static int enter(struct walk *w, uint32_t pos, struct err *e)
{
	const struct heap *h = w->h;
	uint32_t node = h->tree_order[pos], number = 0;

	if (number_of(w, pos, &number, e))
		return e->kind;
	if (w->of_node)
		w->of_node[node] = number;
	count_member(w, &w->g->all[number], number, node, pos);
	return h->tree_size[pos] > 1 || !pos ? open_subtree(w, pos, number, e) : 0;
}

/* The child of the subtree at `pos` in which `first` lies. */
static uint32_t child_with(const struct heap *h, uint32_t pos, uint32_t first)
{
	uint32_t child = pos + 1;

	while (child + h->tree_size[child] <= first)
		child += h->tree_size[child];
	return child;
}

/* What a walk from the root would know at `first`: the owners of that position, which an earlier slice counts. */
static int enter_owners(struct walk *w, uint32_t first, struct err *e)
{
	for (uint32_t pos = 0; pos < first; pos = child_with(w->h, pos, first)) {
		uint32_t number = 0;

		if (number_of(w, pos, &number, e) || open_subtree(w, pos, number, e))
			return e->kind;
		covers(w, number, pos);
	}
	return 0;
}

static int walk(struct walk *w, uint32_t first, uint32_t end, struct err *e)
{
	const struct heap *h = w->h;

	if (enter_owners(w, first, e))
		return e->kind;
	for (uint32_t pos = first; pos < end; pos++) {
		if (pos + AHEAD < end)
			fetch_ahead(w, h->tree_order[pos + AHEAD], h->tree_order[pos + EDGES_AHEAD]);
		if (enter(w, pos, e))
			return e->kind;
	}
	return 0;
}

int groups_walk(struct groups *out, const struct heap *h, const uint64_t *class_hash, uint32_t *of_node, uint32_t first,
		uint32_t end, struct err *e)
{
	struct mem *m = out->mem;
	struct walk *w = MEM_NEW(m, struct walk, 1, e);
	int rc;

	if (!w)
		return e->kind;
	w->h = h;
	w->g = out;
	w->class_hash = class_hash;
	w->of_node = of_node;
	w->inside_until = mem_alloc(m, h->n_classes + 1, 4, e);
	w->inside_group = w->inside_until ? mem_alloc(m, h->n_classes + 1, 4, e) : NULL;
	rc = w->inside_group ? walk(w, first, end, e) : e->kind;
	mem_free(m, w->inside_until);
	mem_free(m, w->inside_group);
	mem_free(m, w->covered_until);
	mem_free(m, w->depth);
	mem_free(m, w->open);
	mem_free(m, w);
	return rc;
}
