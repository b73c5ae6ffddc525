#include "analyzer/leaks/merged_paths.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/refs.h"

#define MOST_MEMBERS 10000 /* MAT looks at as many */
#define MOST_STEPS 32      /* of a way, from the root on */
#define LONGEST_WAY 512    /* members further away hang on lists and are left out */
#define MOST_CHILDREN 4
#define LEAST_SHARE 20     /* a twentieth of the members for a row */
#define MOST_ROWS (2 * LEAST_SHARE * MOST_STEPS) /* so many branches, each with a rest */
#define MOST_NAMES 4       /* of one class at one place; more are data */

#define INDEX UINT32_MAX
#define NAMES (UINT32_MAX - 1)

/* A member's step at the depth that is being looked at; node is NO_NODE where its way has come to its end. */
struct step {
	uint32_t kind;   /* of the object: class, or name of a root */
	uint32_t name;   /* string number, INDEX, NAMES */
	uint32_t node, edge;
	uint32_t member; /* index into merge.member */
};

/* Members that took the same step, still to be written; or, with `rest`, those for which there is no row. */
struct branch {
	uint32_t first, n; /* in merge.order */
	unsigned depth;
	int64_t parent;    /* row */
	int rest;
	uint64_t bytes;    /* retained by the members */
};

struct merge {
	const struct heap *h;
	struct arena *arena;
	struct merged_paths *out;
	uint32_t *member;            /* those looked at */
	uint32_t (*way)[MOST_STEPS]; /* from the root on, without backing stores; NO_NODE behind the end */
	struct step *order;
	struct branch open[MOST_STEPS * (MOST_CHILDREN + 1)];
	size_t n_open;
};

static uint32_t parent_of(const struct heap *h, uint32_t node)
{
	return h->parent_edge[node] == NO_EDGE ? NO_NODE : heap_edge_source(h, h->parent_edge[node]);
}

/* The first nodes of the way; 0 when it is too long. */
static int lay_way(const struct heap *h, uint32_t node, uint32_t *way)
{
	uint32_t up[LONGEST_WAY];
	size_t n = 0, k = 0;

	for (uint32_t v = node; v != NO_NODE; v = parent_of(h, v)) {
		if (ref_is_transparent(h, v) && v != node)
			continue;
		if (n == LONGEST_WAY)
			return 0;
		up[n++] = v;
	}
	memset(way, 0xFF, MOST_STEPS * sizeof(*way));
	while (n && k < MOST_STEPS)
		way[k++] = up[--n];
	return 1;
}

static uint32_t kind_of(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_SYNTHETIC ? 0x80000000u | h->name[node] : h->class_[node];
}

static uint32_t name_of(const struct heap *h, uint32_t edge)
{
	if (edge == NO_EDGE || heap_edge_indexed(h, edge) || ref_is_slot(heap_string(h, h->edge_name[edge])))
		return INDEX;
	return h->edge_type[edge] & EDGE_EPHEMERON ? NAMES : h->edge_name[edge];
}

static void step_at(const struct merge *m, struct step *s, unsigned depth)
{
	uint32_t node = depth < MOST_STEPS ? m->way[s->member][depth] : NO_NODE;

	s->node = node;
	s->kind = node == NO_NODE ? UINT32_MAX : kind_of(m->h, node);
	s->edge = node == NO_NODE ? NO_EDGE : m->h->parent_edge[node];
	s->name = node == NO_NODE ? INDEX : name_of(m->h, s->edge);
}

static int by_step(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->member > y->member) - (x->member < y->member);
}

static size_t run_of_kind(const struct step *s, size_t n)
{
	size_t i = 1;

	while (i < n && s[i].kind == s[0].kind)
		i++;
	return i;
}

static size_t run_of_step(const struct step *s, size_t n)
{
	size_t i = 1;

	while (i < n && s[i].kind == s[0].kind && s[i].name == s[0].name)
		i++;
	return i;
}

/* Too many names for one class are no names of fields. */
static void merge_names(struct step *s, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		size_t names = 0;

		end = i + run_of_kind(s + i, n - i);
		for (size_t k = i; k < end; k += run_of_step(s + k, end - k))
			names++;
		for (size_t k = i; names > MOST_NAMES && k < end; k++)
			s[k].name = NAMES;
	}
}

/* Sort members by the step that they take at this depth. */
static void part(struct merge *m, uint32_t first, uint32_t n, unsigned depth)
{
	struct step *s = m->order + first;

	for (uint32_t i = 0; i < n; i++)
		step_at(m, &s[i], depth);
	qsort(s, n, sizeof(*s), by_step);
	merge_names(s, n);
}

static int same_node(const struct step *s, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (s[i].node != s[0].node)
			return 0;
	return 1;
}

static int edge_text(struct merge *m, const struct step *s, struct str *out, struct err *e)
{
	if (s->name == INDEX || s->name == NAMES)
		return ref_text(m->arena, s->name == INDEX ? STR_LIT("[]") : STR_LIT("(any name)"), out, e);
	return ref_edge(m->arena, m->h, s->edge, out, e);
}

/* One object stands for all of its kind: with its name only where it is the only one. */
static int node_of(struct merge *m, const struct step *s, size_t n, const struct node_ref **out, struct err *e)
{
	struct node_ref *own;

	if (ref_holder(m->arena, m->h, s->node, 0, out, e) || same_node(s, n))
		return e->kind;
	own = arena_alloc(m->arena, sizeof(*own), e);
	if (!own)
		return e->kind;
	*own = **out;
	own->name = STR_LIT("");
	*out = own;
	return 0;
}

static uint64_t bytes_of(const struct merge *m, uint32_t at)
{
	return m->h->retained[m->member[m->order[at].member]];
}

static struct branch make_branch(const struct merge *m, uint32_t first, uint32_t n, unsigned depth, int64_t parent)
{
	struct branch b = { first, n, depth, parent, 0, 0 };

	for (uint32_t i = first; i < first + n; i++)
		b.bytes += bytes_of(m, i);
	return b;
}

static struct merged_step *new_row(struct merge *m, const struct branch *b)
{
	struct merged_step *row = &m->out->steps[m->out->n++];

	*row = (struct merged_step){ .parent = b->parent, .count = b->n, .bytes = b->bytes, .edge = { NULL, 0 } };
	return row;
}

static int by_count(const void *a, const void *b)
{
	const struct branch *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return (x->first > y->first) - (x->first < y->first);
}

/* The branches that get a row, largest first; ways that have come to their end are none. */
static size_t largest_branches(const struct merge *m, const struct branch *up, int64_t row, struct branch *out)
{
	size_t n = 0;

	for (uint32_t at = up->first, end = at + up->n, run; at < end; at += run) {
		struct branch b;

		run = (uint32_t)run_of_step(m->order + at, end - at);
		if (m->order[at].node == NO_NODE || (uint64_t)run * LEAST_SHARE < m->out->n_looked_at)
			continue;
		b = make_branch(m, at, run, up->depth + 1, row);
		if (n < MOST_CHILDREN)
			out[n++] = b;
		else if (by_count(&b, &out[n - 1]) < 0)
			out[n - 1] = b;
		qsort(out, n, sizeof(*out), by_count);
	}
	return n;
}

/* Members that go on below `up`, but by none of the branches that get a row. */
static struct branch rest_below(const struct merge *m, const struct branch *up, int64_t row, const struct branch *all,
				size_t n)
{
	struct branch rest = { 0, up->n, up->depth + 1, row, 1, up->bytes };

	for (size_t i = 0; i < n; i++) {
		rest.n -= all[i].n;
		rest.bytes -= all[i].bytes;
	}
	for (uint32_t i = up->first; i < up->first + up->n; i++) {
		if (m->order[i].node != NO_NODE)
			continue;
		rest.n--;
		rest.bytes -= bytes_of(m, i);
	}
	return rest;
}

/* The largest branch is to be written next, the rest last. */
static void open_below(struct merge *m, const struct branch *up, int64_t row)
{
	struct branch all[MOST_CHILDREN], rest;
	size_t n;

	part(m, up->first, up->n, up->depth + 1);
	n = largest_branches(m, up, row, all);
	rest = rest_below(m, up, row, all, n);
	if (rest.n)
		m->open[m->n_open++] = rest;
	while (n)
		m->open[m->n_open++] = all[--n];
}

static int write_branch(struct merge *m, const struct branch *b, struct err *e)
{
	const struct step *s = m->order + b->first;
	int64_t row = (int64_t)m->out->n;
	struct merged_step *out = new_row(m, b);

	if (b->rest)
		return 0;
	if (node_of(m, s, b->n, &out->node, e) || (row && edge_text(m, s, &out->edge, e)))
		return e->kind;
	if (b->depth + 1 < MOST_STEPS && m->out->n < MOST_ROWS)
		open_below(m, b, row);
	return 0;
}

/* The last object that all ways go through. */
static struct branch common_start(struct merge *m, uint32_t n)
{
	unsigned depth = 0;

	for (; depth + 1 < MOST_STEPS; depth++) {
		part(m, 0, n, depth + 1);
		if (m->order[0].node == NO_NODE || !same_node(m->order, n))
			break;
	}
	part(m, 0, n, depth);
	return make_branch(m, 0, n, depth, -1);
}

static int write_tree(struct merge *m, uint32_t n, struct err *e)
{
	int all_first = 1;

	m->open[m->n_open++] = common_start(m, n);
	while (m->n_open) {
		struct branch b = m->open[--m->n_open];

		/* the first branch of each row is the largest, and comes right behind it */
		all_first = all_first && !b.rest && b.parent == (int64_t)m->out->n - 1;
		if (all_first)
			m->out->typical = m->member[m->order[b.first].member];
		if (m->out->n < MOST_ROWS && write_branch(m, &b, e))
			return e->kind;
	}
	return 0;
}

static uint32_t lay_ways(struct merge *m, const struct suspect_group *g)
{
	size_t stride = (g->n - 1) / MOST_MEMBERS + 1;
	uint32_t n = 0;

	for (size_t i = 0; i < g->n; i += stride) {
		if (!lay_way(m->h, g->members[i], m->way[n]))
			continue;
		m->member[n] = g->members[i];
		m->order[n].member = n;
		n++;
	}
	m->out->n_looked_at = n;
	return n;
}

static int alloc_columns(struct merge *m, struct err *e)
{
	struct mem *mem = &m->h->run->mem;

	m->member = MEM_NEW(mem, uint32_t, MOST_MEMBERS, e);
	m->way = m->member ? mem_alloc(mem, MOST_MEMBERS, sizeof(*m->way), e) : NULL;
	m->order = m->way ? MEM_NEW(mem, struct step, MOST_MEMBERS, e) : NULL;
	m->out->steps = m->order ? arena_alloc(m->arena, MOST_ROWS * sizeof(*m->out->steps), e) : NULL;
	return m->out->steps ? 0 : e->kind;
}

int merged_paths_make(struct merged_paths *out, const struct heap *h, const struct suspect_group *g, struct arena *a,
		      struct err *e)
{
	struct merge m = { .h = h, .arena = a, .out = out };
	struct mem *mem = &h->run->mem;
	int rc;

	*out = (struct merged_paths){ .typical = g->members[g->n / 2] };
	rc = alloc_columns(&m, e);
	if (out->steps && lay_ways(&m, g))
		rc = write_tree(&m, (uint32_t)out->n_looked_at, e);
	mem_free(mem, m.member);
	mem_free(mem, m.way);
	mem_free(mem, m.order);
	return rc;
}
