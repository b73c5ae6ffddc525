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
#include "base/pool.h"

#define UNNUMBERED UINT32_MAX
#define AHEAD 16 /* vertices lie apart in memory: the next ones are fetched early */

struct dominators {
	uint64_t *seen;     /* bit set of the nodes that have a number: the hot test, and it fits the cache */
	uint32_t *num;      /* node -> number, UNNUMBERED when not reached */
	uint32_t *vertex;   /* number -> node */
	uint32_t *parent;   /* number of the depth-first parent; later of the immediate dominator */
	uint32_t *cursor;   /* next edge of each number on the way to the one visited */
	uint32_t n;         /* numbers given */
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

/*
 * Depth-first from a number that has been given. The way back is the chain of parents, so there is no stack.
 */
static void visit(const struct heap *h, const uint64_t *page, struct dominators *d, uint32_t start)
{
	uint32_t w = start;

	d->cursor[w] = h->first_edge[d->vertex[w]];
	for (;;) {
		uint32_t from = d->vertex[w], i = d->cursor[w], end = h->first_edge[from + 1];
		int from_page = bit_get(page, from) || from == h->root;

		for (; i < end; i++) {
			uint32_t to = h->edge_to[i];

			if (!bit_get(d->seen, to) && !(h->edge_type[i] & EDGE_NEVER) &&
			    (from_page || !bit_get(page, to)))
				break;
		}
		if (i < end) {
			uint32_t to = h->edge_to[i];

			d->cursor[w] = i + 1;
			d->cursor[d->n] = h->first_edge[to];
			__builtin_prefetch(&h->edge_to[h->first_edge[to]]);
			give_number(d, to, w);
			w = d->n - 1;
		} else if (w == start) {
			return;
		} else {
			w = d->parent[w];
		}
	}
}

static int alloc_numbering(struct heap *h, struct dominators *d, struct err *e)
{
	struct mem *m = &h->run->mem;
	size_t n = h->n_nodes;

	d->seen = bits_alloc(h, n, e);
	d->num = d->seen ? mem_alloc(m, n, 4, e) : NULL;
	d->vertex = d->num ? mem_alloc(m, n, 4, e) : NULL;
	d->parent = d->vertex ? mem_alloc(m, n, 4, e) : NULL;
	d->cursor = d->parent ? mem_alloc(m, n, 4, e) : NULL;
	if (!d->cursor)
		return e->kind;
	memset(d->num, 0xFF, n * 4);
	return 0;
}

/* Visit the targets of the root's edges: first those where the page begins, later the others. */
static void visit_from_root(const struct heap *h, const uint64_t *page, struct dominators *d, int seeds)
{
	for (uint32_t i = h->first_edge[h->root]; i < h->first_edge[h->root + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (bit_get(d->seen, to) || (h->edge_type[i] & EDGE_NEVER) || (seeds && !heap_is_page_seed(h, i)))
			continue;
		give_number(d, to, 0);
		visit(h, page, d, d->n - 1);
	}
}

/*
 * Within the page every reference is essential but for the few that never are, so the first part of the depth-first walk,
 * from the page's roots, finds what the page owns: no walk of its own is needed for that. heap_complete_page() adds what
 * only the exceptions reach. The rest of the walk then goes by rule 5.
 */
int dominators_number(struct heap *h, struct dominators **out, struct err *e)
{
	struct dominators *d = *out = mem_alloc(&h->run->mem, 1, sizeof(*d), e);

	if (!d || alloc_numbering(h, d, e))
		return e->kind;
	h->page = bits_alloc(h, h->n_nodes, e);
	if (!h->page)
		return e->kind;
	give_number(d, h->root, 0);
	visit_from_root(h, h->page, d, 1);
	memcpy(h->page, d->seen, (h->n_nodes / 64 + 1) * sizeof(*h->page));
	h->page[h->root >> 6] &= ~((uint64_t)1 << (h->root & 63));
	if (heap_complete_page(h, e))
		return e->kind;
	visit_from_root(h, h->page, d, 0);
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

/* One number in the forest of those that were dealt with. Both are always wanted, so they share a cache line. */
struct link {
	uint32_t ancestor; /* parent, shortened as it is walked */
	uint32_t label;    /* smallest semidominator between the node and its ancestor */
};

/*
 * Smallest semidominator on the way from v up to, without, the root of its tree in the forest of processed numbers (those
 * above `w`). The way is halved as it is walked (path splitting, Tarjan and van Leeuwen): every node is linked to its
 * grandparent and takes over the parent's label; no stack is needed, and the bound is that of full compression.
 */
static uint32_t eval(struct link *f, uint32_t v, uint32_t w)
{
	uint32_t best = f[v].label, up;

	for (; (up = f[v].ancestor) > w; v = up) {
		struct link above = f[up];

		if (above.label < best)
			best = above.label;
		if (above.ancestor <= w)
			break;
		if (above.label < f[v].label)
			f[v].label = above.label;
		f[v].ancestor = above.ancestor;
	}
	return best;
}

/*
 * Sources become numbers, and those that do not carry domination to their target UNNUMBERED: the hot loop then reads one
 * array in runs, and node numbers are no longer needed.
 */
struct renumbering {
	const struct heap *h;
	const struct dominators *d;
	const struct reverse_graph *g;
};

#define SLICE 65536 /* nodes per task */

static int renumber_slice(void *ctx, unsigned task, struct err *e)
{
	struct renumbering *r = ctx;
	const struct heap *h = r->h;
	uint32_t first = task * SLICE, end = h->n_nodes - first < SLICE ? h->n_nodes : first + SLICE;

	(void)e;
	for (uint32_t to = first; to < end; to++) {
		int to_page = bit_get(h->page, to);

		for (uint32_t i = r->g->first[to]; i < r->g->first[to + 1]; i++) {
			uint32_t from = r->g->source[i];

			r->g->source[i] = to_page && !carries(h, h->page, from, to) ? UNNUMBERED : r->d->num[from];
		}
	}
	return 0;
}

/*
 * Semidominator of a number that has been dealt with. It is kept in the place of its node's first source, which is not
 * needed any more: an array less where memory peaks. A node without sources is an orphan, and its parent is the root.
 */
static uint32_t *semidominator_slot(const struct dominators *d, const struct reverse_graph *g, uint32_t w)
{
	uint32_t to = d->vertex[w];

	return g->first[to] < g->first[to + 1] ? &g->source[g->first[to]] : &d->parent[w];
}

/* The links of the first sources of a number that comes soon. */
static void fetch_links(const struct dominators *d, const struct reverse_graph *g, const struct link *f, uint32_t w)
{
	uint32_t i = g->first[d->vertex[w]], end = g->first[d->vertex[w] + 1];

	if (end > i + 4)
		end = i + 4;
	for (; i < end; i++)
		if (g->source[i] != UNNUMBERED)
			__builtin_prefetch(&f[g->source[i]]);
}

static void semidominators(struct dominators *d, const struct reverse_graph *g, struct link *f)
{
	for (uint32_t w = d->n - 1; w > 0; w--) {
		uint32_t to = d->vertex[w], best = d->parent[w], end = g->first[to + 1];

		if (w > AHEAD) {
			__builtin_prefetch(&g->first[d->vertex[w - AHEAD]]);
			__builtin_prefetch(&g->source[g->first[d->vertex[w - AHEAD / 2]]]);
			fetch_links(d, g, f, w - AHEAD / 4);
		}
		for (uint32_t i = g->first[to]; i < end; i++) {
			uint32_t u = g->source[i], s;

			if (u == UNNUMBERED)
				continue;
			s = u <= w ? u : eval(f, u, w);
			if (s < best)
				best = s;
		}
		f[w] = (struct link){ d->parent[w], best };
		*semidominator_slot(d, g, w) = best;
	}
}

/* The dominator of w is the nearest number on the parents' way that is not above its semidominator. */
static void nearest_common_ancestors(struct dominators *d, const struct reverse_graph *g)
{
	uint32_t *idom = d->parent;

	for (uint32_t w = 1; w < d->n; w++) {
		uint32_t x = idom[w], semi = *semidominator_slot(d, g, w);

		if (w + 8 < d->n)
			__builtin_prefetch(&g->first[d->vertex[w + 8]]);
		if (w + 4 < d->n)
			__builtin_prefetch(&g->source[g->first[d->vertex[w + 4]]]);
		while (x > semi)
			x = idom[x];
		idom[w] = x;
	}
}

int dominators_finish(struct heap *h, struct dominators *d, const struct reverse_graph *g, struct err *e)
{
	struct mem *m = &h->run->mem;
	struct renumbering r = { h, d, g };
	struct link *f;

	adopt_orphans(h, h->page, d, g);
	if (pool_run(h->run, (h->n_nodes + SLICE - 1) / SLICE, renumber_slice, &r, e))
		return e->kind;
	mem_free(m, d->num);
	mem_free(m, d->cursor);
	d->num = d->cursor = NULL;
	f = mem_alloc(m, d->n, sizeof(*f), e);
	if (!f)
		return e->kind;
	semidominators(d, g, f);
	nearest_common_ancestors(d, g);
	mem_free(m, f);
	return 0;
}

/* Number the stranded nodes behind all others, directly under the root, so that the tree columns hold every node. */
static void number_stranded(struct heap *h, struct dominators *d)
{
	for (uint32_t v = 0; v < h->n_nodes && d->n < h->n_nodes; v++) {
		if (bit_get(d->seen, v))
			continue;
		d->vertex[d->n] = v;
		d->parent[d->n++] = 0;
	}
}

static void dominators_by_node(struct heap *h, const struct dominators *d)
{
	for (uint32_t w = 0; w < d->n; w++)
		h->idom[d->vertex[w]] = d->vertex[d->parent[w]];
}

/* Sizes from the leaves up: a dominator's number is smaller than those it dominates. */
static void sum_up(struct heap *h, const struct dominators *d, uint32_t *count, uint64_t *bytes)
{
	for (uint32_t w = 0; w < d->n; w++) {
		if (w + AHEAD < d->n)
			__builtin_prefetch(&h->self.lo[d->vertex[w + AHEAD]]);
		count[w] = 1;
		bytes[w] = heap_self(h, d->vertex[w]);
	}
	for (uint32_t w = d->n - 1; w > 0; w--) {
		count[d->parent[w]] += count[w];
		bytes[d->parent[w]] += bytes[w];
	}
	for (uint32_t w = 0; w < d->n; w++)
		h->retained[d->vertex[w]] = bytes[w];
}

/* Positions from the root down: each subtree is the run that follows its top. `free_at` is the next free place in it. */
static void lay_out(struct heap *h, const struct dominators *d, const uint32_t *count, uint32_t *free_at)
{
	for (uint32_t w = 0; w < d->n; w++) {
		uint32_t v = d->vertex[w], pos = 0;

		if (w) {
			pos = free_at[d->parent[w]];
			free_at[d->parent[w]] += count[w];
		}
		free_at[w] = pos + 1;
		h->tree_order[pos] = v;
		h->tree_size[pos] = count[w];
		h->tree_pos[v] = pos;
	}
}

/* Each array of the algorithm is given back before the next column of the heap is made: this is where memory peaks. */
static int make_retained(struct heap *h, struct dominators *d, uint32_t *count, struct err *e)
{
	struct mem *m = &h->run->mem;
	uint64_t *bytes = mem_alloc(m, h->n_nodes, 8, e);

	h->retained = bytes ? mem_alloc(m, h->n_nodes, 8, e) : NULL;
	if (h->retained)
		sum_up(h, d, count, bytes);
	mem_free(m, bytes);
	return h->retained ? 0 : e->kind;
}

static int make_tree(struct heap *h, struct dominators *d, const uint32_t *count, struct err *e)
{
	struct mem *m = &h->run->mem;
	size_t n = h->n_nodes;
	uint32_t *free_at = mem_alloc(m, n, 4, e);

	h->tree_order = free_at ? mem_alloc(m, n, 4, e) : NULL;
	h->tree_size = h->tree_order ? mem_alloc(m, n, 4, e) : NULL;
	h->tree_pos = h->tree_size ? mem_alloc(m, n, 4, e) : NULL;
	if (h->tree_pos)
		lay_out(h, d, count, free_at);
	mem_free(m, free_at);
	return h->tree_pos ? 0 : e->kind;
}

int dominators_retain(struct heap *h, struct dominators *d, struct err *e)
{
	struct mem *m = &h->run->mem;
	uint32_t *count;
	int rc;

	number_stranded(h, d);
	h->idom = mem_alloc(m, h->n_nodes, 4, e);
	count = h->idom ? mem_alloc(m, h->n_nodes, 4, e) : NULL;
	if (!count)
		return e->kind;
	dominators_by_node(h, d);
	rc = make_retained(h, d, count, e);
	if (!rc)
		rc = make_tree(h, d, count, e);
	mem_free(m, count);
	return rc;
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
	mem_free(m, d->cursor);
	mem_free(m, d);
}
