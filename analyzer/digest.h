/*
 * digest.h - what is kept of an older snapshot after its graph is gone: a few narrow columns in the order of its dominator
 * tree, class rows, and structural groups. A comparison holds digests of all snapshots but the last, and one heap.
 */
#ifndef ANALYZER_DIGEST_H
#define ANALYZER_DIGEST_H

#include "analyzer/groups.h"
#include "analyzer/heap.h"

#define NO_INDEX UINT32_MAX
#define DIGEST_SHAPE 0x80000000u

struct digest_class {
	struct str name;      /* in the digest's arena */
	struct str script;    /* "" when unknown */
	enum class_origin origin;
	uint32_t script_id, line, column;
	int located;
	uint64_t count, self_bytes, retained_bytes;
};

struct digest {
	struct run *run;
	struct arena arena;
	const char *file;
	uint64_t file_bytes;
	uint32_t n_nodes, n_edges, n_unreachable;
	int truncated;
	struct heap_stats stats;

	/* objects in pre-order of the dominator tree; 0 is the root, a subtree is a run of `size` */
	struct col64 id, self, retained;
	uint32_t *size;
	uint8_t *type;
	uint16_t *name_hash;  /* of the node's name; tells whether two objects of one id are the same */
	uint32_t *class_;     /* index into classes, or DIGEST_SHAPE and a shape's number for plain objects */

	struct digest_class *classes;
	size_t n_classes;
	struct shape_set shapes;
	struct groups groups;
};

/*
 * Condense a heap; its shapes move into the digest. `out` is initialised here and needs a release only on success.
 * O(nodes).
 */
int digest_make(struct digest *out, struct heap *h, struct err *e);
void digest_release(struct digest *d);

uint16_t digest_name_hash(struct str name);

/* Dominator of every object (0 for the root) into `parent`, which has n_nodes entries. O(nodes). */
void digest_parents(const struct digest *d, uint32_t *parent);

#endif
