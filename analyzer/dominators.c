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

#define AHEAD 16 /* vertices lie apart in memory: the next ones are fetched early */
#define LISTS_AHEAD 16
#define LINKS_AHEAD 16

struct dominators {
	uint64_t *seen;     /* bit set of the nodes that have a number: the hot test, and it fits the cache */
	uint32_t *vertex;   /* number -> node */
	uint32_t *parent;   /* number of the depth-first parent; later of the immediate dominator */
	union {
		uint32_t *cursor; /* while numbers are given: next edge of each number on the way to the one visited */
		uint32_t *num;    /* afterwards: node -> number, UNNUMBERED when not reached */
	};
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
	d->vertex[d->n] = node;
	d->parent[d->n++] = parent;
}

/*
 * Depth-first from a number that has been given. The way back is the chain of parents, so there is no stack.
 */
static void visit(const struct heap *h, const uint64_t *page, struct dominators *d, uint32_t start)
{
	const uint32_t *first_edge = h->first_edge, *edge_to = h->edge_to;
	uint32_t w = start;

	d->cursor[w] = first_edge[d->vertex[w]];
	for (;;) {
		uint32_t from = d->vertex[w], i = d->cursor[w], end = first_edge[from + 1];
		int from_page = bit_get(page, from) || from == h->root;

		for (; i < end; i++) {
			uint32_t to = edge_to[i];

			if (!bit_get(d->seen, to) && !(h->edge_type[i] & EDGE_NEVER) && (from_page || !bit_get(page, to)))
				break;
		}
		if (i < end) {
			uint32_t to = edge_to[i];

			d->cursor[w] = i + 1;
			d->cursor[d->n] = first_edge[to];
			__builtin_prefetch(&edge_to[first_edge[to]]);
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
	d->vertex = d->seen ? mem_alloc_dirty(m, n, 4, e) : NULL;
	d->parent = d->vertex ? mem_alloc_dirty(m, n, 4, e) : NULL;
	d->cursor = d->parent ? mem_alloc_dirty(m, n, 4, e) : NULL;
	return d->cursor ? 0 : e->kind;
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
int dominators_number(struct heap *h, const uint64_t *detours, struct dominators **out, struct err *e)
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
	if (heap_complete_page(h, detours, e))
		return e->kind;
	visit_from_root(h, h->page, d, 0);
	return 0;
}

/* Targets of the edges that carry from one node. */
static void mark_targets(const struct heap *h, const uint64_t *page, uint32_t from, uint64_t *marked)
{
	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++)
		if (!(h->edge_type[i] & EDGE_NEVER) && carries(h, page, from, h->edge_to[i]))
			bit_set(marked, h->edge_to[i]);
}

/*
 * What the root does not reach is seldom more than a handful. An edge that carries to such a node comes from another one:
 * the walk has followed those of all that it reached.
 */
static int adopt_orphans(struct heap *h, const uint64_t *page, struct dominators *d, struct err *e)
{
	uint64_t *held;

	h->n_unreachable = h->n_nodes - d->n;
	if (!h->n_unreachable)
		return 0;
	held = bits_alloc(h, h->n_nodes, e);
	if (!held)
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (!bit_get(d->seen, v))
			mark_targets(h, page, v, held);
	for (uint32_t v = 0; v < h->n_nodes && d->n < h->n_nodes; v++) {
		if (bit_get(d->seen, v) || bit_get(held, v))
			continue;
		give_number(d, v, 0);
		visit(h, page, d, d->n - 1);
	}
	mem_free(&h->run->mem, held);
	return 0;
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

/* The links of the first sources in a list that comes soon. */
static void fetch_links(const struct source_list *l, const uint32_t *source, const struct link *f)
{
	uint32_t end = l[1].first - l->first > LINKS_AHEAD ? l->first + LINKS_AHEAD : l[1].first;

	for (uint32_t i = l->first; i < end; i++)
		if (source[i] != UNNUMBERED)
			__builtin_prefetch(&f[source[i]]);
}

/*
 * Smallest candidate of all sources. One with a smaller number is an ancestor in the depth-first tree and its own
 * candidate. Several edges in turn may come from one.
 */
static uint32_t smallest(const struct dominators *d, struct link *f, const struct source_list *l, const uint32_t *source)
{
	uint32_t w = l->number, end = l[1].first, best = d->parent[w], last = UNNUMBERED;

	for (uint32_t i = l->first; i < end; i++) {
		uint32_t u = source[i], s = u;

		if (i + LINKS_AHEAD < end && source[i + LINKS_AHEAD] != UNNUMBERED)
			__builtin_prefetch(&f[source[i + LINKS_AHEAD]]);
		if (u == last || u == UNNUMBERED)
			continue;
		if (u > w)
			s = eval(f, u, w);
		if (s < best)
			best = s;
		last = u;
	}
	return best;
}

/* Links of the numbers from..to-1, which hang on their parents: semidominators and dominators at once. */
static void link_to_parents(const struct dominators *d, struct link *f, uint32_t from, uint32_t to)
{
	for (uint32_t w = from; w < to; w++)
		f[w] = (struct link){ d->parent[w], d->parent[w] };
}

/*
 * Of those with a list; most of a heap's objects have none. A semidominator takes the place of the list's first source: an
 * array less where memory peaks.
 */
static void semidominators(const struct dominators *d, const struct reverse_graph *g, struct link *f)
{
	uint32_t linked = d->n; /* all from here on */

	for (uint32_t k = g->n_lists; k-- > 0;) {
		const struct source_list *l = &g->lists[k];
		uint32_t w = l->number, best;

		if (k >= LISTS_AHEAD)
			fetch_links(l - LISTS_AHEAD, g->source, f);
		link_to_parents(d, f, w + 1, linked);
		best = w ? smallest(d, f, l, g->source) : 0;
		f[w] = (struct link){ d->parent[w], best };
		g->source[l->first] = best;
		linked = w;
	}
}

/* The dominator of w is the nearest number on the parents' way that is not above its semidominator. */
static void nearest_common_ancestors(struct dominators *d, const struct reverse_graph *g)
{
	uint32_t *idom = d->parent;

	for (uint32_t k = 0; k < g->n_lists; k++) {
		uint32_t w = g->lists[k].number, x = idom[w], semi = g->source[g->lists[k].first];

		while (x > semi)
			x = idom[x];
		idom[w] = x;
	}
}

#define SLICE 65536 /* nodes per task */

static unsigned slices(size_t n)
{
	return (unsigned)((n + SLICE - 1) / SLICE);
}

/* Numbers by node; the slices are of numbers. */
static int number_slice(void *ctx, unsigned task, struct err *e)
{
	const struct dominators *d = ctx;
	uint32_t first = task * SLICE, end = d->n - first < SLICE ? d->n : first + SLICE;

	(void)e;
	for (uint32_t w = first; w < end; w++)
		d->num[d->vertex[w]] = w;
	return 0;
}

/* What is by node makes room as soon as all is by number: this is where memory peaks. */
static int list_sources(struct heap *h, struct dominators *d, struct reverse_graph *g, struct err *e)
{
	if (d->n < h->n_nodes)
		memset(d->num, 0xFF, (size_t)h->n_nodes * sizeof(*d->num));
	if (pool_run(h->run, slices(d->n), number_slice, d, e) || reverse_graph_fill(h, g, d->vertex, d->num, d->seen, d->n, e))
		return e->kind;
	mem_free(&h->run->mem, d->num);
	d->num = NULL;
	return 0;
}

int dominators_finish(struct heap *h, struct dominators *d, struct reverse_graph *g, struct err *e)
{
	struct mem *m = &h->run->mem;
	struct link *f;

	if (adopt_orphans(h, h->page, d, e) || list_sources(h, d, g, e))
		return e->kind;
	f = mem_alloc_dirty(m, d->n, sizeof(*f), e);
	if (!f)
		return e->kind;
	semidominators(d, g, f);
	nearest_common_ancestors(d, g);
	mem_free(m, f);
	reverse_graph_release(h, g);
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

/* The columns by node that the numbering leads to. */
struct layout {
	struct heap *h;
	const struct dominators *d;
	const uint32_t *count; /* number -> objects in its subtree */
	uint32_t *free_at;     /* number -> next free place in its subtree's run */
};

/* A dominator's number is smaller than those it dominates. */
static void count_subtrees(const struct dominators *d, uint32_t *count)
{
	for (uint32_t w = 0; w < d->n; w++)
		count[w] = 1;
	for (uint32_t w = d->n - 1; w > 0; w--)
		count[d->parent[w]] += count[w];
}

/* Positions from the root down: each subtree is the run that follows its top. */
static void lay_out(const struct layout *l)
{
	const struct dominators *d = l->d;
	struct heap *h = l->h;

	for (uint32_t w = 0; w < d->n; w++) {
		uint32_t v = d->vertex[w], pos = 0;

		if (w) {
			pos = l->free_at[d->parent[w]];
			l->free_at[d->parent[w]] += l->count[w];
		}
		l->free_at[w] = pos + 1;
		h->tree_order[pos] = v;
		h->tree_size[pos] = l->count[w];
		h->tree_pos[v] = pos;
	}
}

static int make_layout(void *ctx, unsigned task, struct err *e)
{
	const struct layout *l = ctx;
	const struct dominators *d = l->d;

	(void)e;
	if (task == 0)
		lay_out(l);
	else
		for (uint32_t w = 0; w < d->n; w++)
			l->h->idom[d->vertex[w]] = d->vertex[d->parent[w]];
	return 0;
}

static int make_tree(struct heap *h, struct dominators *d, struct err *e)
{
	struct mem *m = &h->run->mem;
	size_t n = h->n_nodes;
	uint32_t *count = mem_alloc_dirty(m, n, 4, e), *free_at = count ? mem_alloc_dirty(m, n, 4, e) : NULL;
	struct layout l = { h, d, count, free_at };
	int rc;

	h->idom = free_at ? mem_alloc_dirty(m, n, 4, e) : NULL;
	h->tree_order = h->idom ? mem_alloc_dirty(m, n, 4, e) : NULL;
	h->tree_size = h->tree_order ? mem_alloc_dirty(m, n, 4, e) : NULL;
	h->tree_pos = h->tree_size ? mem_alloc_dirty(m, n, 4, e) : NULL;
	if (h->tree_pos)
		count_subtrees(d, count);
	rc = h->tree_pos ? pool_run(h->run, 2, make_layout, &l, e) : e->kind;
	mem_free(m, count);
	mem_free(m, free_at);
	return rc;
}

/*
 * Sums of self sizes in the order of the tree. A subtree is a run, so its size is the difference of two sums. Each slice
 * begins its sums at 0, so that the slices can be made at the same time; `before` has what precedes a slice.
 */
struct sums {
	struct heap *h;
	uint64_t *upto;        /* position -> self sizes of its slice in front of it */
	uint64_t *before;
};

static int sum_slice(void *ctx, unsigned task, struct err *e)
{
	struct sums *s = ctx;
	const struct heap *h = s->h;
	uint32_t first = task * SLICE, end = h->n_nodes - first < SLICE ? h->n_nodes : first + SLICE;
	uint64_t sum = 0;

	(void)e;
	for (uint32_t pos = first; pos < end; pos++) {
		if (pos + AHEAD < h->n_nodes)
			__builtin_prefetch(&h->self.lo[h->tree_order[pos + AHEAD]]);
		s->upto[pos] = sum;
		sum += heap_self(h, h->tree_order[pos]);
	}
	s->before[task + 1] = sum;
	return 0;
}

static uint64_t sum_upto(const struct sums *s, uint32_t pos)
{
	return s->before[pos / SLICE] + s->upto[pos];
}

static int retain_slice(void *ctx, unsigned task, struct err *e)
{
	struct sums *s = ctx;
	struct heap *h = s->h;
	uint32_t first = task * SLICE, end = h->n_nodes - first < SLICE ? h->n_nodes : first + SLICE;

	(void)e;
	for (uint32_t pos = first; pos < end; pos++) {
		if (pos + AHEAD < h->n_nodes)
			__builtin_prefetch(&h->retained[h->tree_order[pos + AHEAD]], 1);
		h->retained[h->tree_order[pos]] = sum_upto(s, pos + h->tree_size[pos]) - sum_upto(s, pos);
	}
	return 0;
}

static int make_retained(struct heap *h, struct err *e)
{
	struct mem *m = &h->run->mem;
	unsigned n_slices = slices(h->n_nodes);
	struct sums s = { .h = h, .upto = mem_alloc_dirty(m, (size_t)h->n_nodes + 1, 8, e) };
	int rc;

	s.before = s.upto ? mem_alloc(m, n_slices + 1, 8, e) : NULL;
	h->retained = s.before ? mem_alloc_dirty(m, h->n_nodes, 8, e) : NULL;
	rc = h->retained ? pool_run(h->run, n_slices, sum_slice, &s, e) : e->kind;
	for (unsigned i = 0; i < n_slices && !rc; i++)
		s.before[i + 1] += s.before[i];
	if (!rc) {
		/* behind the last position: nothing of its slice is in front when the slice is new, else all of it */
		s.upto[h->n_nodes] = s.before[n_slices] - s.before[h->n_nodes / SLICE];
		rc = pool_run(h->run, n_slices, retain_slice, &s, e);
	}
	mem_free(m, s.upto);
	mem_free(m, s.before);
	return rc;
}

/* The numbering is given back before the widest columns are made: this is where memory peaks. */
int dominators_retain(struct heap *h, struct dominators **d, struct err *e)
{
	int rc;

	number_stranded(h, *d);
	rc = make_tree(h, *d, e);
	dominators_free(h, *d);
	*d = NULL;
	return rc ? rc : make_retained(h, e);
}

void dominators_free(struct heap *h, struct dominators *d)
{
	struct mem *m = &h->run->mem;

	if (!d)
		return;
	mem_free(m, d->seen);
	mem_free(m, d->vertex);
	mem_free(m, d->parent);
	mem_free(m, d->cursor);
	mem_free(m, d);
}
