/*
 * shapes.h - plain objects by the properties they have, and the interfaces that DevTools infers from them.
 *
 * Plain objects would all be class "Object". DevTools gives them names like "{id, user}": it counts the lists of property
 * names, keeps the frequent ones as interfaces and lets every object take the largest interface whose properties it has.
 * A shape is one such list, in edge order, without __proto__; millions of objects have few shapes, so the work is done
 * per shape. Sets own their texts: the shapes of an old snapshot outlive its heap, because a comparison names the old
 * objects by the interfaces of the new snapshot.
 * Source: inferInterfaceDefinitions and applyInterfaceDefinitions in DevTools' HeapSnapshot.ts.
 */
#ifndef ANALYZER_SHAPES_H
#define ANALYZER_SHAPES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strtab.h"

#define NO_INTERFACE UINT32_MAX

struct shape {
	uint32_t first, n; /* its properties, in shape_set.lists */
	uint64_t count;    /* objects of that shape */
	uint64_t hash;
};

struct shape_set {
	struct mem *mem;
	struct strtab props;  /* distinct property names; a property is its number here */
	uint32_t *prop_slot;  /* open addressing: property + 1 by text */
	size_t n_prop_slots;
	uint32_t *lists;
	size_t n_lists, lists_capacity;
	struct shape *shapes; /* in the order of their first objects */
	size_t n, capacity;
	uint32_t *slot;       /* open addressing: shape + 1 by list */
	size_t n_slots;
	uint64_t n_objects;   /* plain objects seen, those without properties included */
};

struct interface {
	struct str name;      /* "{a, b}"; in interface_set.arena */
	uint32_t first, n;    /* its properties, in interface_set.props */
};

struct interface_set {
	struct arena arena;
	struct strtab props;  /* property names, one run per interface */
	struct interface *all; /* most frequent first */
	size_t n;
};

void shape_set_init(struct shape_set *s, struct mem *m);
void shape_set_release(struct shape_set *s);

/* Number of the property with that text. */
int shape_set_prop(struct shape_set *s, struct str text, uint32_t *prop, struct err *e);

/* Count one object with these properties; `*shape` is the number of its shape. O(n) expected. */
int shape_set_add(struct shape_set *s, const uint32_t *props, size_t n, uint32_t *shape, struct err *e);

/* Infer interfaces. `out` is initialised here. O(properties of all shapes). */
int interface_set_infer(struct interface_set *out, const struct shape_set *s, struct mem *m, struct err *e);
void interface_set_release(struct interface_set *i);

/*
 * The interface of every shape into `best` (s->n entries): the one with the most properties that the shape includes as a
 * multiset, the first on a tie; NO_INTERFACE when none fits. O(properties of all shapes x interfaces that share their
 * rarest property).
 */
int interface_set_apply(const struct interface_set *i, const struct shape_set *s, uint32_t *best, struct err *e);

#endif
