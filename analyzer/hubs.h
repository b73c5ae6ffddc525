/*
 * hubs.h - edges by name of the few nodes that have very many and that very many others refer to.
 *
 * Looking for an edge by its name walks a node's edges. What is asked of each of a million objects is often a question
 * about one node that they share; if that has a million edges too, walking them is what a made-up file can be slow by.
 * Ordinary snapshots have no such nodes, or a handful.
 */
#ifndef ANALYZER_HUBS_H
#define ANALYZER_HUBS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#define HUB_DEGREE 256 /* a hub has more edges than this, out and in */

struct heap;
struct reverse_graph;

struct hub_edge {
	uint64_t key; /* of type and name */
	uint32_t edge;
};

struct hub_index {
	struct mem *mem;
	uint32_t *node; /* ascending */
	size_t *first;  /* per hub: its edges begin there; n + 1 */
	size_t n, nodes_capacity, first_capacity;
	struct hub_edge *edges;
	size_t n_edges, edges_capacity;
};

/* Needs checked edges. Only edges with a name that is no number are kept. O(nodes + edges of hubs * log). */
int hubs_build(struct hub_index *x, struct heap *h, const struct reverse_graph *g, struct err *e);
void hubs_release(struct hub_index *x);

/*
 * The first edge of that type and name, NO_EDGE when there is none, if `node` is a hub: then the result is 1, else 0 and
 * the caller has to walk. O(log edges).
 */
int hubs_find(const struct heap *h, uint32_t node, unsigned type, struct str name, uint32_t *edge);

#endif
