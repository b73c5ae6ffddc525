#include "analyzer/leaks/fingerprint.h"

#include "analyzer/growth.h"
#include "analyzer/leaks/look.h"
#include "analyzer/refs.h"
#include "base/hash.h"

#define STEPS 3

static uint64_t add_text(uint64_t x, struct str s)
{
	return hash_add(x, hash_bytes(s.s, s.n));
}

/* A name without its numbers: "127.0.0.1:38825:" holds a port that is another one each time. */
static uint64_t add_name(uint64_t x, struct str s)
{
	for (size_t i = 0, start = 0; i <= s.n; i++) {
		int digit = i < s.n && s.s[i] >= '0' && s.s[i] <= '9';

		if (i < s.n && !digit)
			continue;
		if (i > start)
			x = add_text(x, (struct str){ s.s + start, i - start });
		if (digit && (!i || s.s[i - 1] < '0' || s.s[i - 1] > '9'))
			x = add_text(x, STR_LIT("#"));
		start = i + 1;
	}
	return x;
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

/* The name by which an object has another, itself or in its stores; "[]" for elements, "" when it has no name for it. */
static struct str name_in(const struct heap *h, uint32_t from, uint32_t to)
{
	for (uint32_t i = h->first_edge[from]; i < h->first_edge[from + 1]; i++) {
		if (h->edge_to[i] != to || heap_edge_type(h, i) == EDGE_WEAK)
			continue;
		return heap_edge_indexed(h, i) || heap_edge_type(h, i) == EDGE_INTERNAL
			       ? STR_LIT("[]")
			       : heap_string(h, h->edge_name[i]);
	}
	return STR_LIT("");
}

uint64_t fingerprint_of(const struct heap *h, const char *kind, uint32_t holder, int alike, uint32_t item, uint32_t function)
{
	uint64_t x = add_text(1, str_of(kind));

	/* up the owners: which of several equally short ways a search takes is chance */
	for (unsigned n = 0; n < STEPS && holder != NO_NODE; n++) {
		uint32_t owner = ref_owner(h, holder);

		x = add_file(add_text(x, stable_class(h, holder)), h, holder);
		if (owner == NO_NODE)
			break;
		x = add_name(x, alike && growth_is_key(h, owner, holder) ? STR_LIT("[]") : name_in(h, owner, holder));
		if (ref_is_context(h, owner))
			break;
		holder = owner;
	}
	if (item != NO_NODE)
		x = add_file(add_text(x, stable_class(h, item)), h, item);
	if (function != NO_NODE)
		x = add_file(add_text(x, heap_name(h, function)), h, function);
	return x;
}
