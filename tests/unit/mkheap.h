/*
 * mkheap.h - small heaps for tests: nodes and edges by program, written as a real .heapsnapshot.
 */
#ifndef TESTS_MKHEAP_H
#define TESTS_MKHEAP_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/heap.h"
#include "base/strbuf.h"

#define MKHEAP_MAX_NODES 160
#define MKHEAP_MAX_EDGES 1024

struct mknode {
	enum node_type type;
	const char *name;
	uint64_t id, self_size;
	unsigned detachedness;         /* as in the file: 1 attached, 2 detached */
	unsigned script, line, column; /* written as a location when script is not 0 */
};

struct mkedge {
	unsigned from, to;
	enum edge_type type;
	const char *name; /* NULL: the edge's index is written as a number */
	unsigned index;
};

/* Node 0 is the root. Edges may be added in any order. */
struct mkheap {
	struct mknode nodes[MKHEAP_MAX_NODES];
	size_t n_nodes;
	struct mkedge edges[MKHEAP_MAX_EDGES];
	size_t n_edges;
};

/* Both return the number of what was added. Ids are 1, 3, 5, ... */
unsigned mkheap_node(struct mkheap *m, enum node_type type, const char *name, uint64_t self_size);
unsigned mkheap_edge(struct mkheap *m, unsigned from, enum edge_type type, const char *name, unsigned to);

/* The file's text. */
void mkheap_write(const struct mkheap *m, struct strbuf *out);

/* Load and analyse; fails the test on any error. */
void mkheap_load(const struct mkheap *m, struct run *run, struct heap *h);

#endif
