/*
 * refs.h - references into a heap as a report holds them: nodes, places in source code, ways from the root.
 *
 * Everything is copied into the given arena, because a report outlives the heaps it speaks of.
 */
#ifndef ANALYZER_REFS_H
#define ANALYZER_REFS_H

#include "analyzer/heap.h"
#include "analyzer/report.h"
#include "analyzer/ways.h"

/* Longest name kept in a report, in bytes; longer ones end in an ellipsis at a character border. */
#define REF_MAX_NAME 200

/* A copy of `s`, shortened to REF_MAX_NAME. */
int ref_text(struct arena *a, struct str s, struct str *out, struct err *e);

/* The part of a script's name that reports show. */
struct str ref_bare_script(struct str name);

/* A script's name as reports show it: without V8 15's "system / Script / " and without "file://". */
int ref_script(struct arena *a, struct str name, struct str *out, struct err *e);

/*
 * Reference to a node: id, class name and the most telling name: function name of closures, own name of objects when it
 * differs from the class, "" for strings unless `show_values`.
 */
int ref_node(struct arena *a, const struct heap *h, uint32_t node, int show_values, const struct node_ref **out,
	     struct err *e);

/*
 * The same, but an object without a telling name is called by the variable or property through which it is found: the Map
 * in `const sessions = new Map()` is "sessions".
 */
int ref_holder(struct arena *a, const struct heap *h, uint32_t node, int show_values, const struct node_ref **out,
	       struct err *e);

/*
 * Place of a node in source code: its own location; for contexts, arrays and others without one, *out is NULL. Lines and
 * columns become 1-based; V8 15's "system / Script / " prefix and "file://" are taken off the script's name.
 */
int ref_place(struct arena *a, const struct heap *h, uint32_t node, const struct place **out, struct err *e);

/* The same for a class row's place number (h->places index + 1; 0 gives NULL). */
int ref_place_number(struct arena *a, const struct heap *h, uint32_t place, const struct place **out, struct err *e);

/*
 * The nearest place on the way from the node to the root, user code before Node's own: what file the object belongs to.
 * NULL when none is found within 16 steps.
 */
int ref_nearest_place(struct arena *a, const struct heap *h, uint32_t node, const struct place **out, struct err *e);

/* Its number, as of a class row; 0 when there is none. */
uint32_t ref_nearest_place_number(const struct heap *h, uint32_t node);

/* Whether that place is in user code; in Node's own code. Neither when there is none. */
int ref_in_user_code(const struct heap *h, uint32_t node);
int ref_in_node_code(const struct heap *h, uint32_t node);

/*
 * A shortest way from the root, by the edges of the breadth-first search. Element edges read "[3]". Transparent nodes
 * (backing stores) stay in. Ways of more than 24 steps lose their middle (n_omitted). Unreachable nodes give NULL.
 */
int ref_path(struct arena *a, const struct heap *h, uint32_t node, const struct path **out, struct err *e);

/* Text of an edge: its name, "[3]" for an index, and for one half of a WeakMap entry nothing of what V8 says there. */
int ref_edge(struct arena *a, const struct heap *h, uint32_t edge, struct str *out, struct err *e);

/* A way of ways.h, with at most `max_steps` steps. */
int ref_way(struct arena *a, const struct heap *h, const struct way *w, size_t max_steps, const struct path **out,
	    struct err *e);

/*
 * Hash of the last steps of that way, without indices and ids, by edge names, classes and script files: equal for the same
 * object in two processes. 0 when unreachable.
 */
uint64_t ref_path_signature(const struct heap *h, uint32_t node);

/* Is it the name of a numbered slot: "7" of a table, "7 / first of a list" of one of V8's roots? */
int ref_is_slot(struct str edge_name);

/* V8's backing stores (array and hidden nodes) and Blink's: how the object they belong to is stored, of no meaning by themselves. */
static inline int ref_is_transparent(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_ARRAY || h->type[node] == NODE_HIDDEN ||
	       (h->type[node] == NODE_NATIVE && dom_is_store(h, node));
}

/* The object that a backing store serves: up the dominators to the first node that is none. */
static inline uint32_t ref_object(const struct heap *h, uint32_t node)
{
	while (ref_is_transparent(h, node) && node != h->root)
		node = h->idom[node];
	return node;
}

/* The object above that holds it: up the dominators, past backing stores. NO_NODE at the root. */
static inline uint32_t ref_owner(const struct heap *h, uint32_t node)
{
	uint32_t up = node == h->root ? h->root : ref_object(h, h->idom[node]);

	return up == h->root ? NO_NODE : up;
}

/* The variables of a function that its inner functions use. */
static inline int ref_is_context(const struct heap *h, uint32_t node)
{
	return str_starts(heap_name(h, node), "system / Context");
}

#endif
