/*
 * v8_nodes.h - the call tree of V8's profiler, gathered node by node and then handed to a profile sink as stacks.
 *
 * .cpuprofile in its dialects and trace chunks name nodes by id and parents by lists of children or by `parent`, in any
 * order. Nodes are kept in columns (28 bytes each, so as many as there are stacks) until all are known.
 */
#ifndef FORMATS_V8_NODES_H
#define FORMATS_V8_NODES_H

#include <stdint.h>

#include "base/err.h"
#include "base/hash_index.h"
#include "base/run.h"
#include "formats/profile_sink.h"

#define V8_NO_NODE UINT32_MAX

/* Two nodes, one known by its number and one by the id that it has or will have. */
struct v8_link {
	uint64_t id;
	uint32_t node;
	uint32_t id_is_parent;
};

struct v8_ticks {
	uint32_t node, line;
	uint64_t ticks;
};

struct v8_node_row {
	uint64_t id, hits;
	uint32_t parent; /* node number */
	uint32_t frame;
	uint32_t stack;  /* after v8_nodes_resolve() */
	uint32_t state;
};

struct v8_nodes {
	struct run *run;
	const struct profile_sink *sink;
	struct v8_node_row *rows;
	size_t n, capacity;
	struct v8_link *links;
	size_t n_links, links_capacity;
	struct v8_ticks *ticks;
	size_t n_ticks, ticks_capacity;
	struct hash_index ids;
	uint32_t *stack_of; /* by id, where ids are small numbers; NULL: they are not */
	size_t n_stack_of;
	uint64_t n_twice, n_dangling; /* ids given twice; children and parents that are no node */
};

/* The callFrame of a node, as the file has it. */
struct v8_call_frame {
	struct str name, url, deopt;
	int64_t line, column; /* from 1; 0 or less: none */
	enum frame_tier tier;
};

void v8_nodes_init(struct v8_nodes *t, struct run *run, const struct profile_sink *sink);
void v8_nodes_release(struct v8_nodes *t);

/* A new node without id, parent and frame. */
int v8_nodes_add(struct v8_nodes *t, uint32_t *number, struct err *e);

/* Move all nodes of `from`, which are not resolved yet, to the end of `to`; `from` is empty then. */
int v8_nodes_move(struct v8_nodes *to, struct v8_nodes *from, struct err *e);

/* Forget all nodes, keep the memory. O(nodes). */
void v8_nodes_clear(struct v8_nodes *t);

/* Make it known under its id; a second node with the id is counted and cannot be found. */
int v8_nodes_set_id(struct v8_nodes *t, uint32_t node, uint64_t id, struct err *e);

int v8_nodes_set_frame(struct v8_nodes *t, uint32_t node, const struct v8_call_frame *f, struct err *e);

/* `parent` has a child of that id, which may come later. */
int v8_nodes_add_child(struct v8_nodes *t, uint32_t parent, uint64_t child_id, struct err *e);

/* The node's parent has that id, which may come later. */
int v8_nodes_set_parent_id(struct v8_nodes *t, uint32_t node, uint64_t parent_id, struct err *e);

int v8_nodes_add_ticks(struct v8_nodes *t, uint32_t node, uint32_t line, uint64_t ticks, struct err *e);

/* Number of the node with the id, V8_NO_NODE when there is none. O(1). */
uint32_t v8_nodes_find(const struct v8_nodes *t, uint64_t id);

/* Non-zero: `*stack` is that of the node with the id. After v8_nodes_resolve(). O(1). */
int v8_nodes_stack(const struct v8_nodes *t, uint64_t id, uint32_t *stack);

/*
 * Connect the nodes and give every one its stack; may be called again after more nodes were added. Dangling ids are
 * counted, a node that is its own ancestor is ERR_FORMAT. O(nodes).
 */
int v8_nodes_resolve(struct v8_nodes *t, struct err *e);

/* Deliver hits and line ticks. */
int v8_nodes_deliver_hits(const struct v8_nodes *t, uint32_t thread, struct err *e);

/* The diagnostics about ids. */
int v8_nodes_tell(const struct v8_nodes *t, struct err *e);

/* What V8's names for frames mean; see profile-generator.cc and sampling-heap-profiler.cc. */
int v8_frame(const struct profile_sink *sink, const struct v8_call_frame *f, uint32_t *id, struct err *e);

#endif
