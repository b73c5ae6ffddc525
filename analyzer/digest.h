/*
 * digest.h - what is kept of an older snapshot after its graph is gone: a few narrow columns in the order of its dominator
 * tree, class rows, and structural groups. A comparison holds digests of all snapshots but the last, and one heap.
 */
#ifndef ANALYZER_DIGEST_H
#define ANALYZER_DIGEST_H

#include "analyzer/groups.h"
#include "analyzer/heap.h"
#include "analyzer/origin.h"

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
	uint64_t last_id;     /* largest odd id: V8 counts up, so what is larger came later */
	int truncated;
	char runtime[ORIGIN_RUNTIME_BYTES];
	struct heap_stats stats;

	/* objects in pre-order of the dominator tree; 0 is the root, a subtree is a run of `size` */
	struct col64 id;
	struct col64 self;    /* until digest_sum() */
	uint64_t *sums;       /* from then on: self sizes in front of each object, and one more */
	uint32_t *size;
	uint16_t *kind;       /* digest_kind(): tells whether two objects of one id can be the same */
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

/* Type and a hash of the name, five bits and eleven. */
uint16_t digest_kind(const struct heap *h, uint32_t node);

/*
 * Hashes of all the heap's strings for digest_kind_by(), made in one pass in the order of memory; the caller gives them back
 * with mem_free(). digest_kind() is for single nodes. O(bytes of the strings).
 */
uint16_t *digest_name_hashes(const struct heap *h, struct err *e);

static inline uint16_t digest_kind_by(const struct heap *h, const uint16_t *name_hashes, uint32_t node)
{
	unsigned type = h->type[node] < 31 ? h->type[node] : 31;

	return (uint16_t)(type << 11 | name_hashes[h->name[node]]);
}

static inline int digest_has_type(uint16_t kind, uint8_t type)
{
	return kind >> 11 == (type < 31 ? type : 31);
}

/*
 * Make sizes available: sums of the self sizes before each position take their place, so that a subtree's size is a
 * difference, and only when the other snapshots have been analysed, when memory is tightest. O(nodes).
 */
int digest_sum(struct digest *d, struct err *e);

/* Self size of an object; after digest_sum(). */
static inline uint64_t digest_self(const struct digest *d, uint32_t i)
{
	return d->sums[i + 1] - d->sums[i];
}

/* Retained size of an object; after digest_sum(). */
static inline uint64_t digest_retained(const struct digest *d, uint32_t i)
{
	return d->sums[i + d->size[i]] - d->sums[i];
}

/* Give back what only matching and comparing need: ids and classes. */
void digest_forget_objects(struct digest *d);

#endif
