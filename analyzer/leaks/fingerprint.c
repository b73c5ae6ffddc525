#include "analyzer/leaks/fingerprint.h"

#include "analyzer/leaks/look.h"
#include "analyzer/refs.h"
#include "base/hash.h"

#define STEPS 3

static uint64_t add_text(uint64_t x, struct str s)
{
	return hash_add(x, hash_bytes(s.s, s.n));
}

static struct str stable_class(const struct heap *h, uint32_t node)
{
	return h->classes[h->class_[node]].origin == CLASS_INTERFACE ? STR_LIT("Object") : look_class(h, node);
}

static struct str base_name(struct str path)
{
	size_t at = path.n;

	while (at && path.s[at - 1] != '/' && path.s[at - 1] != '\\')
		at--;
	return (struct str){ path.s + at, path.n - at };
}

static uint64_t add_file(uint64_t x, const struct heap *h, uint32_t node)
{
	const struct heap_place *p = heap_place_of(h, node);

	return p ? add_text(x, base_name(heap_string(h, heap_script_name(h, p->script_id)))) : x;
}

uint64_t fingerprint_of(const struct heap *h, const char *kind, uint32_t holder, uint32_t item, uint32_t function)
{
	uint64_t x = add_text(1, str_of(kind));

	for (unsigned n = 0; n < STEPS && holder != NO_NODE && holder != h->root; n++) {
		uint32_t edge = h->parent_edge[holder];

		x = add_file(add_text(x, stable_class(h, holder)), h, holder);
		if (edge == NO_EDGE)
			break;
		x = add_text(x, heap_edge_indexed(h, edge) ? STR_LIT("[]") : heap_string(h, h->edge_name[edge]));
		/* the context or property that names it is enough; which way leads there is chance */
		if (heap_edge_type(h, edge) == EDGE_CONTEXT)
			break;
		holder = heap_edge_source(h, edge);
	}
	if (item != NO_NODE)
		x = add_file(add_text(x, stable_class(h, item)), h, item);
	if (function != NO_NODE)
		x = add_file(add_text(x, heap_name(h, function)), h, function);
	return x;
}
