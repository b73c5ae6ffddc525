/*
 * Immediate dominators by the semi-NCA algorithm (Georgiadis, "Linear-Time Algorithms for Dominators and Related
 * Problems", 2005): semidominators with path compression as in Lengauer and Tarjan's simple version, then the nearest
 * common ancestor of parent and semidominator by walking up. Near-linear in practice, no buckets, no recursion.
 *
 * Which edges count and what happens to nodes that the root does not reach is DevTools' (initEssentialEdges,
 * calculateDominatorsAndRetainedSizes): an unreached node without any essential edge to it hangs on the root, and what it
 * reaches takes part; what is still unreached (cycles) is dominated by the root, node by node, and counts for nobody.
 *
 * All arrays below are indexed by depth-first number, the root is 0; parents have smaller numbers than children.
 */
#include <string.h>

#include "analyzer/heap_passes.h"

#define UNNUMBERED UINT32_MAX

struct dominators {
	uint64_t *seen;     /* bit set of the nodes that have a number: the hot test, and it fits the cache */
	uint32_t *num;      /* node -> number, UNNUMBERED when not reached */
	uint32_t *vertex;   /* number -> node */
	uint32_t *parent;   /* number of the depth-first parent */
	uint32_t n;         /* numbers given */
	/* depth-first stack, kept for the orphans */
	uint32_t *stack;    /* numbers */
	uint32_t *cursor;   /* next edge of each */
	/* dominators_finish() */
	uint32_t *idom;     /* in numbers */
};

/* Rule 5: what a page owns is held by the page's nodes alone. The root holds everything it points to. */
static int carries(const struct heap *h, const uint64_t *page, uint32_t from, uint32_t to)
{
	return !bit_get(page, to) || bit_get(page, from) || from == h->root;
}

static void give_number(struct dominators *d, uint32_t node, uint32_t parent)
{
	bit_set(d->seen, node);
	d->num[node] = d->n;
	d->vertex[d->n] = node;
	d->parent[d->n++] = parent;
}

/* Depth-first from a node that has its number already. `cursor` holds the position in the node's edges. */
static void visit(const struct heap *h, const uint64_t *page, struct dominators *d, uint32_t start)
{
	uint32_t depth = 0;

	d->stack[0] = start;
	d->cursor[0] = h->first_edge[d->vertex[start]];
	for (;;) {
		uint32_t w = d->stack[depth], from = d->vertex[w], i = d->cursor[depth], end = h->first_edge[from + 1];
		int from_page = bit_get(page, from) || from == h->root;

		for (; i < end; i++) {
			uint32_t to = h->edge_to[i];

			if (!bit_get(d->seen, to) && !(h->edge_type[i] & EDGE_NEVER) &&
			    (from_page || !bit_get(page, to)))
				break;
		}
		if (i < end) {
			uint32_t to = h->edge_to[i];

			d->cursor[depth++] = i + 1;
			d->stack[depth] = d->n;
			d->cursor[depth] = h->first_edge[to];
			__builtin_prefetch(&h->edge_to[h->first_edge[to]]);
			give_number(d, to, w);
		} else if (depth-- == 0) {
			return;
		}
	}
}

int dominators_number(struct heap *h, const uint64_t *page, struct dominators **out, struct err *e)
{
	struct mem *m = &h->run->mem;
	struct dominators *d = *out = mem_alloc(m, 1, sizeof(*d), e);
	size_t n = h->n_nodes;

	if (!d)
		return e->kind;
	d->seen = bits_alloc(h, n, e);
	d->num = d->seen ? mem_alloc(m, n, 4, e) : NULL;
	d->vertex = d->num ? mem_alloc(m, n, 4, e) : NULL;
	d->parent = d->vertex ? mem_alloc(m, n, 4, e) : NULL;
	d->stack = d->parent ? mem_alloc(m, n, 4, e) : NULL;
	d->cursor = d->stack ? mem_alloc(m, n, 4, e) : NULL;
	if (!d->cursor)
		return e->kind;
	memset(d->num, 0xFF, n * 4);
	give_number(d, h->root, 0);
	visit(h, page, d, 0);
	return 0;
}

static int has_essential_source(const struct heap *h, const uint64_t *page, const struct reverse_graph *g, uint32_t v)
{
	for (uint32_t i = g->first[v]; i < g->first[v + 1]; i++)
		if (carries(h, page, g->source[i], v))
			return 1;
	return 0;
}

static void adopt_orphans(struct heap *h, const uint64_t *page, struct dominators *d, const struct reverse_graph *g)
{
	h->n_unreachable = h->n_nodes - d->n;
	for (uint32_t v = 0; v < h->n_nodes && d->n < h->n_nodes; v++) {
		if (d->num[v] != UNNUMBERED || has_essential_source(h, page, g, v))
			continue;
		give_number(d, v, 0);
		visit(h, page, d, d->n - 1);
	}
}

struct forest {
	uint32_t *ancestor; /* parent, shortened by compression */
	uint32_t *label;    /* smallest semidominator between the node and its ancestor */
	uint32_t *path;
};

/*
 * Smallest semidominator on the way from v up to, without, the root of its tree in the forest of processed numbers
 * (those above `w`); the way is shortened for the next time.
 */
static uint32_t eval(struct forest *f, uint32_t v, uint32_t w)
{
	uint32_t n = 0, x = v;

	if (f->ancestor[v] <= w)
		return f->label[v];
	for (; f->ancestor[x] > w; x = f->ancestor[x])
		f->path[n++] = x;
	while (n) {
		uint32_t y = f->path[--n];

		if (f->label[f->ancestor[y]] < f->label[y])
			f->label[y] = f->label[f->ancestor[y]];
		f->ancestor[y] = f->ancestor[x];
	}
	return f->label[v];
}

static void semidominators(const struct heap *h, const uint64_t *page, struct dominators *d,
			   const struct reverse_graph *g, struct forest *f, uint32_t *semi)
{
	for (uint32_t w = d->n - 1; w > 0; w--) {
		uint32_t to = d->vertex[w], best = d->parent[w];
		int to_page = bit_get(page, to);

		if (w > 4)
			__builtin_prefetch(&g->first[d->vertex[w - 4]]);
		if (w > 2)
			__builtin_prefetch(&g->source[g->first[d->vertex[w - 2]]]);
		for (uint32_t i = g->first[to]; i < g->first[to + 1]; i++) {
			uint32_t from = g->source[i], u = d->num[from], s;

			if (u == UNNUMBERED || (to_page && !bit_get(page, from) && from != h->root))
				continue;
			s = u <= w ? u : eval(f, u, w);
			if (s < best)
				best = s;
		}
		semi[w] = f->label[w] = best;
	}
}

static int finish(struct heap *h, const uint64_t *page, struct dominators *d, const struct reverse_graph *g,
		  struct forest *f, uint32_t *semi)
{
	d->idom[0] = 0;
	memcpy(f->ancestor, d->parent, (size_t)d->n * 4);
	semidominators(h, page, d, g, f, semi);
	for (uint32_t w = 1; w < d->n; w++) {
		uint32_t x = d->parent[w];

		while (x > semi[w])
			x = d->idom[x];
		d->idom[w] = x;
	}
	for (uint32_t v = 0; v < h->n_nodes; v++)
		h->idom[v] = d->num[v] == UNNUMBERED ? h->root : d->vertex[d->idom[d->num[v]]];
	return 0;
}

int dominators_finish(struct heap *h, const uint64_t *page, struct dominators *d, const struct reverse_graph *g,
		      struct err *e)
{
	struct mem *m = &h->run->mem;
	struct forest f = { .path = d->stack };
	uint32_t *semi;
	int rc;

	adopt_orphans(h, page, d, g);
	/* the stack's memory serves as the path of eval(), the cursors' as the labels */
	f.label = d->cursor;
	f.ancestor = mem_alloc(m, d->n, 4, e);
	semi = f.ancestor ? mem_alloc(m, d->n, 4, e) : NULL;
	d->idom = semi ? mem_alloc(m, d->n, 4, e) : NULL;
	h->idom = d->idom ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	rc = h->idom ? finish(h, page, d, g, &f, semi) : e->kind;
	mem_free(m, f.ancestor);
	mem_free(m, semi);
	mem_free(m, d->stack);
	mem_free(m, d->cursor);
	mem_free(m, d->parent);
	d->stack = d->cursor = d->parent = NULL;
	return rc;
}

/* Number the stranded nodes behind all others, so that the tree columns hold every node. */
static void number_stranded(struct heap *h, struct dominators *d)
{
	for (uint32_t v = 0; v < h->n_nodes && d->n < h->n_nodes; v++) {
		if (d->num[v] == UNNUMBERED) {
			d->num[v] = d->n;
			d->vertex[d->n++] = v;
		}
	}
}

static uint32_t idom_number(const struct dominators *d, uint32_t n_numbered, uint32_t w)
{
	return w < n_numbered ? d->idom[w] : 0;
}

/* Sizes from the leaves up: a dominator's number is smaller than those it dominates. */
static void sum_up(struct heap *h, const struct dominators *d, uint32_t n_numbered, uint32_t *count, uint64_t *bytes)
{
	for (uint32_t w = 0; w < d->n; w++) {
		count[w] = 1;
		bytes[w] = heap_self(h, d->vertex[w]);
	}
	for (uint32_t w = d->n - 1; w > 0; w--) {
		uint32_t up = idom_number(d, n_numbered, w);

		count[up] += count[w];
		bytes[up] += bytes[w];
	}
	for (uint32_t w = 0; w < d->n; w++)
		h->retained[d->vertex[w]] = bytes[w];
}

/* Positions from the root down: each subtree is the run that follows its top. `free_at` is the next free place in it. */
static void lay_out(struct heap *h, const struct dominators *d, uint32_t n_numbered, const uint32_t *count,
		    uint32_t *free_at)
{
	for (uint32_t w = 0; w < d->n; w++) {
		uint32_t v = d->vertex[w], pos = 0;

		if (w) {
			uint32_t up = idom_number(d, n_numbered, w);

			pos = free_at[up];
			free_at[up] += count[w];
		}
		free_at[w] = pos + 1;
		h->tree_order[pos] = v;
		h->tree_size[pos] = count[w];
		h->tree_pos[v] = pos;
	}
}

int dominators_retain(struct heap *h, struct dominators *d, struct err *e)
{
	struct mem *m = &h->run->mem;
	uint32_t n_numbered = d->n, *count, *free_at;
	uint64_t *bytes;
	size_t n = h->n_nodes;

	number_stranded(h, d);
	count = mem_alloc(m, n, 4, e);
	bytes = count ? mem_alloc(m, n, 8, e) : NULL;
	h->retained = bytes ? mem_alloc(m, n, 8, e) : NULL;
	if (h->retained)
		sum_up(h, d, n_numbered, count, bytes);
	mem_free(m, bytes);
	h->tree_order = h->retained ? mem_alloc(m, n, 4, e) : NULL;
	h->tree_size = h->tree_order ? mem_alloc(m, n, 4, e) : NULL;
	h->tree_pos = h->tree_size ? mem_alloc(m, n, 4, e) : NULL;
	free_at = h->tree_pos ? mem_alloc(m, n, 4, e) : NULL;
	if (free_at)
		lay_out(h, d, n_numbered, count, free_at);
	mem_free(m, count);
	mem_free(m, free_at);
	return free_at ? 0 : e->kind;
}

void dominators_free(struct heap *h, struct dominators *d)
{
	struct mem *m = &h->run->mem;

	if (!d)
		return;
	mem_free(m, d->seen);
	mem_free(m, d->num);
	mem_free(m, d->vertex);
	mem_free(m, d->parent);
	mem_free(m, d->stack);
	mem_free(m, d->cursor);
	mem_free(m, d->idom);
	mem_free(m, d);
}
