/*
 * heap_passes.h - the steps of heap_analyze(), each in a file of its own, in the order in which they run.
 *
 * heap_analyze() runs independent ones side by side; what a pass needs and makes is said here.
 */
#ifndef ANALYZER_HEAP_PASSES_H
#define ANALYZER_HEAP_PASSES_H

#include "analyzer/heap.h"
#include "base/bits.h"

/* An empty bit set over 0..n-1 in the heap's account. */
uint64_t *bits_alloc(struct heap *h, size_t n, struct err *e);

/* WeakMap entries ("ephemerons") appear as two edges whose names carry one text. */
struct ephemerons {
	uint32_t *string;    /* string numbers with such a name, ascending */
	uint32_t *pair;      /* number of the pair text: equal for the two halves */
	uint64_t *table_id;  /* id of the WeakMap's table as the name states it */
	size_t n;
	size_t n_pairs;
	uint64_t *is_name;   /* bit set over strings; NULL when n is 0 */
};

/* Recognise them. DevTools' pattern: "<digits> / part of key (... @id) -> value (... @id) pair in WeakMap (table @id)". */
int ephemerons_find(struct heap *h, struct ephemerons *out, struct err *e);
void ephemerons_release(struct heap *h, struct ephemerons *x);
/* Index of the entry for a string that is_name, else n. O(log n). */
size_t ephemerons_index(const struct ephemerons *x, uint32_t string);

/*
 * Check targets and names of all edges and set the edge flags. Needs the whole load. ERR_FORMAT for an edge out of
 * range. `detours`, an empty bit set over nodes, gets those with a strong reference that dominators_number() does not
 * follow: to the root, or with EDGE_NEVER. Parallel, O(edges).
 */
int heap_check_edges(struct heap *h, const struct ephemerons *x, uint64_t *detours, struct err *e);

/* Refuse sizes that no machine has: ERR_FORMAT. O(nodes). */
int heap_check_sizes(const struct heap *h, struct err *e);

/* Spread detachedness from embedder objects and rename detached ones to "Detached X". O(edges), rarely any. */
int heap_propagate_detachedness(struct heap *h, struct err *e);

/* User roots: direct children of the root that are not synthetic, or the one named "(Document DOM trees)". */
int heap_is_user_root(const struct heap *h, uint32_t node);
int heap_has_user_roots(const struct heap *h);

/* Whether one of the root's edges leads to where the page begins. */
int heap_is_page_seed(const struct heap *h, uint32_t edge);

/* Add to h->page what the page reaches only by detours, see heap_check_edges(). O(nodes / 64 + what is added). */
int heap_complete_page(struct heap *h, const uint64_t *detours, struct err *e);

/*
 * Depth-first numbering of the essential graph, and h->page on the way; see dominators.c. Steps: number, then finish (with
 * the reverse graph). O(edges).
 */
struct dominators;
int dominators_number(struct heap *h, const uint64_t *detours, struct dominators **out, struct err *e);
/*
 * Sources of edges by target, where there are two or more: a single one is the parent in any walk, or does not matter.
 * reverse_graph_count() counts those without EDGE_NEVER. reverse_graph_fill() makes the lists, with depth-first numbers in
 * place of nodes: `vertex` and `number` lead from one to the other, `numbered` is the set of the nodes that have a number,
 * `n` how many these are. O(edges).
 */
#define UNNUMBERED UINT32_MAX /* a source that was not reached, or that does not carry domination */

struct source_list {
	uint32_t number; /* whose list it is */
	uint32_t first;  /* it ends where the next begins */
};

struct reverse_graph {
	uint64_t *listed; /* bit set of the nodes that have a list */
	uint32_t *count;  /* per node, until the lists are there */
	struct source_list *lists; /* by ascending number, and one to end the last */
	uint32_t n_lists, n_sources; /* until the lists are there: at most */
	uint32_t *source;
};

int reverse_graph_count(struct heap *h, struct reverse_graph *g, struct err *e);
int reverse_graph_fill(struct heap *h, struct reverse_graph *g, const uint32_t *vertex, const uint32_t *number,
		       const uint64_t *numbered, uint32_t n, struct err *e);
void reverse_graph_release(struct heap *h, struct reverse_graph *g);
/* Immediate dominators, by number. The reverse graph is given back on the way. Near-linear. */
int dominators_finish(struct heap *h, struct dominators *d, struct reverse_graph *g, struct err *e);
/*
 * Dominators by node, retained sizes and the tree columns, from the numbering, which is given back on the way, and the folded
 * self sizes. O(nodes).
 */
int dominators_retain(struct heap *h, struct dominators **d, struct err *e);
void dominators_free(struct heap *h, struct dominators *d);

/* Move self sizes of hidden and array nodes with one owner into the owner; O(edges). */
int heap_fold_sizes(struct heap *h, struct err *e);

/* Breadth-first distances and parent edges. O(edges). */
int heap_distances(struct heap *h, const struct ephemerons *x, struct err *e);

/*
 * The same search again, to one node and around others: a shortest way that avoids them. For an analysed heap; 12 bytes a
 * node while it lives.
 */
struct heap_detour {
	struct heap *h;
	struct ephemerons eph;
	uint64_t *pending, *met;
	int32_t *distance;
	uint32_t *parent_edge; /* after heap_detour_find(): the way, from `node` upwards */
	uint32_t *queue;
};

int heap_detour_init(struct heap *h, struct heap_detour *d, struct err *e);
void heap_detour_release(struct heap_detour *d);

/* Whether there is such a way. The root must not be avoided. O(edges). */
int heap_detour_find(struct heap_detour *d, const uint32_t *avoid, size_t n, uint32_t node);

/* Script names by id, through located closures. O(locations). */
int heap_find_scripts(struct heap *h, struct err *e);

/* Class of every node, shapes and interfaces of plain objects. O(nodes + property edges of plain objects). */
int heap_classify(struct heap *h, struct err *e);

/* Members of classes and their sizes, and statistics but for totals; when sizes are folded and distances known. O(nodes). */
void heap_count_nodes(struct heap *h);

/* Retained sizes of classes, and totals; after everything else. O(nodes). */
int heap_sum_retained(struct heap *h, struct err *e);

#endif
