/*
 * heap.h - one heap snapshot as columns: the graph and everything that is computed per node.
 *
 * heap_load() fills the columns from a file, heap_analyze() computes what DevTools computes, and from then on all is
 * read-only. Nodes and edges are dense numbers in file order; V8's "to_node is an offset" is turned into a node number
 * while loading and never seen again. Rules and names follow Chrome DevTools (front_end/entrypoints/
 * heap_snapshot_worker/HeapSnapshot.ts); docs/numbers.md lists them.
 *
 * A column that a file does not have is NULL. All columns belong to the heap.
 */
#ifndef ANALYZER_HEAP_H
#define ANALYZER_HEAP_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/dom_tree.h"
#include "analyzer/hubs.h"
#include "analyzer/shapes.h"
#include "base/err.h"
#include "base/keyed_hash.h"
#include "base/run.h"
#include "base/str.h"
#include "base/strtab.h"

#define NO_NODE UINT32_MAX
#define NO_EDGE UINT32_MAX
#define NO_STRING UINT32_MAX

/* Distances as DevTools holds them. */
#define DISTANCE_NONE (-5)            /* unreachable */
#define DISTANCE_SYSTEM 100000000     /* base of what is only reachable from V8's own roots */

/* Node types by meaning; the file's numbers are mapped by name. Unknown ones get numbers from NODE_OTHER on. */
enum node_type {
	NODE_HIDDEN,
	NODE_ARRAY,
	NODE_STRING,
	NODE_OBJECT,
	NODE_CODE,
	NODE_CLOSURE,
	NODE_REGEXP,
	NODE_NUMBER,
	NODE_NATIVE,
	NODE_SYNTHETIC,
	NODE_CONS_STRING,
	NODE_SLICED_STRING,
	NODE_SYMBOL,
	NODE_BIGINT,
	NODE_SHAPE,
	NODE_WASM_OBJECT,
	NODE_OTHER,
};

enum edge_type {
	EDGE_CONTEXT,
	EDGE_ELEMENT,
	EDGE_PROPERTY,
	EDGE_INTERNAL,
	EDGE_HIDDEN,
	EDGE_SHORTCUT,
	EDGE_WEAK,
	EDGE_OTHER,
};

#define EDGE_TYPE_MASK 0x0F
#define EDGE_EPHEMERON 0x10 /* its name says that it is one half of a WeakMap entry */
#define EDGE_NEVER 0x20     /* never carries domination, whatever the page-owned rule says */

/* A column of 64-bit values that seldom need more than 32 bits: the high half exists only when one does. */
struct col64 {
	uint32_t *lo;
	uint32_t *hi;
};

static inline uint64_t col64_get(const struct col64 *c, size_t i)
{
	return c->hi ? (uint64_t)c->hi[i] << 32 | c->lo[i] : c->lo[i];
}

/* A place in source code where a constructor or function begins; 0-based as in the file. */
struct heap_place {
	uint32_t script_id;
	uint32_t line;
	uint32_t column;
};

/* What kind of name a class has; classes of different origin are different even when they read alike. */
enum class_origin {
	CLASS_BUILTIN,   /* by node type: "(string)", "Function" */
	CLASS_NAMED,     /* by the node's own name */
	CLASS_INTERFACE, /* inferred from the properties of plain objects: "{a, b}" */
};

struct heap_class {
	struct str name;
	enum class_origin origin;
	uint32_t place;                   /* number of the constructor's place + 1; 0: not located */
	/* Aggregates over members with a self size: DevTools' class row. */
	uint64_t count, self_bytes, retained_bytes;
	int32_t distance;                 /* smallest */
};

/* A script of the file, found by following located closures to their Script node. Sorted by id. */
struct heap_script {
	uint32_t id;
	uint32_t name; /* string number */
};

struct heap_stats {
	uint64_t total_bytes, native_bytes, typed_array_bytes, v8_bytes, code_bytes, js_array_bytes, string_bytes,
		system_bytes;
};

#define EDGE_GUIDE_SHIFT 8
#define EDGE_GUIDE_STEP (1u << EDGE_GUIDE_SHIFT)

struct heap {
	struct run *run;
	const char *file;
	uint32_t n_nodes, n_edges, root;

	/* nodes */
	uint8_t *type;           /* enum node_type and above */
	uint8_t *detachedness;   /* 0 unknown, 1 attached, 2 detached */
	uint32_t *name;          /* string number */
	struct col64 id;
	struct col64 self;       /* after heap_analyze(): folded, as DevTools shows it */
	uint32_t *first_edge;    /* n_nodes + 1 */

	/* edges, grouped by source node */
	uint8_t *edge_type;      /* EDGE_TYPE_MASK and flags */
	uint32_t *edge_name;     /* string number; plain index for element and hidden edges */
	uint32_t *edge_to;
	uint32_t *edge_guide;    /* the nodes that every EDGE_GUIDE_STEPth edge comes from, then the last node; once checked */

	struct strtab strings;
	const char *type_names[256];      /* the file's names for node types, by our number */
	const char *edge_type_names[16];
	uint32_t *place;                  /* per node: number of its place + 1, 0: none; NULL: the file has no locations */
	struct heap_place *places;        /* distinct ones */
	size_t n_places, places_capacity;
	struct heap_script *scripts;
	size_t n_scripts;
	uint64_t extra_native_bytes;
	uint64_t file_bytes;              /* on disk; 0 for a pipe */
	int truncated;                    /* read with --allow-truncated and cut */
	int keep_shapes;                  /* set before heap_analyze(): fill shape_of_node */

	/* computed by heap_analyze() */
	uint64_t *shared;        /* bit set: more than one reference leads to the node */
	int has_user_roots;
	int32_t *distance;
	uint32_t *parent_edge;   /* edge by which the breadth-first search came: a shortest way; NO_EDGE for starts */
	uint64_t *page;          /* bit set: nodes that the page's own roots reach; only they hold each other */
	uint32_t *idom;          /* immediate dominator; the root's is itself */
	uint64_t *retained;
	uint32_t *class_;        /* index into classes */
	/* The dominator tree in pre-order: a subtree is a run of positions. */
	uint32_t *tree_order;    /* position -> node; position 0 is the root */
	uint32_t *tree_size;     /* position -> nodes in the subtree, itself included */
	uint32_t *tree_pos;      /* node -> position */
	uint32_t n_unreachable;

	struct heap_class *classes;
	size_t n_classes, classes_capacity;
	struct shape_set shapes;          /* of plain objects */
	struct interface_set interfaces;
	uint32_t *shape_of_node;          /* shape number of plain objects, NO_NODE of others; NULL unless keep_shapes */
	struct hub_index hubs;
	struct dom_tree dom;              /* of a page's documents */
	struct hash_key key;              /* of names and ids: nobody can guess it who does not have the snapshot */
	struct arena arena;               /* class and interface names */
	struct heap_stats stats;
};

struct heap_load_options {
	int allow_truncated;
	size_t read_bytes;  /* for tests: see struct heap_read_options */
};

/*
 * Read `file` ("-": standard input) into `h`. On failure `h` needs no release. Errors as heapsnapshot_read(), and
 * ERR_FORMAT for a graph that does not hold together (edge counts, targets, string numbers).
 */
int heap_load(struct heap *h, struct run *run, const char *file, const struct heap_load_options *o, struct err *e);

/* The same from memory; for tests. */
int heap_load_memory(struct heap *h, struct run *run, const void *bytes, size_t n, const struct heap_load_options *o,
		     struct err *e);

/* Compute all that the lower half of struct heap holds. */
int heap_analyze(struct heap *h, struct err *e);

/*
 * The same, and more beside it: parts 0 .. n_parts - 1 run when classes, retained sizes and the tree are there, while the
 * sums of classes and the statistics are made, which they must not look at.
 */
struct heap_task {
	int (*run)(void *ctx, unsigned part, struct err *e);
	void *ctx;
	unsigned n_parts;
};

int heap_analyze_with(struct heap *h, const struct heap_task *more, struct err *e);

void heap_release(struct heap *h);

static inline struct str heap_string(const struct heap *h, uint32_t s)
{
	return s < h->strings.n ? strtab_get(&h->strings, s) : STR_LIT("");
}

static inline struct str heap_name(const struct heap *h, uint32_t node)
{
	return heap_string(h, h->name[node]);
}

static inline enum edge_type heap_edge_type(const struct heap *h, uint32_t edge)
{
	return (enum edge_type)(h->edge_type[edge] & EDGE_TYPE_MASK);
}

/* Whether edge_name is a plain index. */
static inline int heap_edge_indexed(const struct heap *h, uint32_t edge)
{
	enum edge_type t = heap_edge_type(h, edge);

	return t == EDGE_ELEMENT || t == EDGE_HIDDEN;
}

static inline uint64_t heap_id(const struct heap *h, uint32_t node)
{
	return col64_get(&h->id, node);
}

static inline uint64_t heap_self(const struct heap *h, uint32_t node)
{
	return col64_get(&h->self, node);
}

/* Node an edge comes from. For checked edges: a few steps near each other in memory. */
uint32_t heap_edge_source(const struct heap *h, uint32_t edge);

/* First edge of `node` with that type and text name, or NO_EDGE. O(edges of the node). */
uint32_t heap_find_edge(const struct heap *h, uint32_t node, enum edge_type type, const char *name);

/* Target of that edge, or NO_NODE. */
uint32_t heap_follow(const struct heap *h, uint32_t node, enum edge_type type, const char *name);

/* Place of a node, or NULL. */
static inline const struct heap_place *heap_place_of(const struct heap *h, uint32_t node)
{
	return h->place && h->place[node] ? &h->places[h->place[node] - 1] : NULL;
}

/* String number of a script's name, or NO_STRING. O(log scripts). */
uint32_t heap_script_name(const struct heap *h, uint32_t script_id);

/* First string with that text, or NO_STRING. O(strings); for a handful of names per run. */
uint32_t heap_find_string(const struct heap *h, const char *text);

#endif
