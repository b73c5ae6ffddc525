#include "analyzer/leaks/look.h"

#include <string.h>

#include "analyzer/refs.h"

#define MAX_WRAPPERS 8
#define MAX_CONTEXTS 4

struct str look_class(const struct heap *h, uint32_t node)
{
	return h->classes[h->class_[node]].name;
}

int look_is(const struct heap *h, uint32_t node, const char *class_name)
{
	return str_is(look_class(h, node), class_name);
}

int look_is_word(struct str text, const char *words)
{
	for (const char *p = words; *p;) {
		size_t n = strcspn(p, " ");

		if (str_eq(text, (struct str){ p, n }))
			return 1;
		p += n + (p[n] == ' ');
	}
	return 0;
}

int look_is_one_of(const struct heap *h, uint32_t node, const char *class_names)
{
	return look_is_word(look_class(h, node), class_names);
}

int look_is_prototype(const struct heap *h, uint32_t node)
{
	uint32_t constructor = h->type[node] == NODE_OBJECT ? look_property(h, node, "constructor") : NO_NODE;

	return constructor != NO_NODE && look_is_closure(h, constructor);
}

#define MAX_PROTOTYPES 6

int look_extends(const struct heap *h, uint32_t node, const char *class_name)
{
	if (h->type[node] != NODE_OBJECT)
		return 0;
	if (look_is(h, node, class_name))
		return 1;
	for (unsigned n = 0; n < MAX_PROTOTYPES && node != NO_NODE; n++) {
		uint32_t constructor = look_property(h, node, "constructor");

		/* a built-in constructor has no place in any script */
		if (n && constructor != NO_NODE && look_is_closure(h, constructor) && !heap_place_of(h, constructor) &&
		    str_is(heap_name(h, constructor), class_name))
			return 1;
		node = look_property(h, node, "__proto__");
	}
	return 0;
}

uint32_t look_property(const struct heap *h, uint32_t node, const char *name)
{
	return heap_follow(h, node, EDGE_PROPERTY, name);
}

uint32_t look_internal(const struct heap *h, uint32_t node, const char *name)
{
	return heap_follow(h, node, EDGE_INTERNAL, name);
}

int look_has(const struct heap *h, uint32_t node, const char *property)
{
	return look_property(h, node, property) != NO_NODE;
}

uint32_t look_core(const struct heap *h, uint32_t item, int (*is)(const struct heap *h, uint32_t node))
{
	if (is(h, item))
		return item;
	for (uint32_t i = h->first_edge[item]; i < h->first_edge[item + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (heap_edge_type(h, i) == EDGE_PROPERTY && h->idom[to] == item &&
		    h->retained[to] * 2 >= h->retained[item] && is(h, to))
			return to;
	}
	return NO_NODE;
}

#define CODE "system / Code / " /* "(NAME builtin code)" up to V8 14.6 at least */
#define MAX_SLOTS 16 /* of a reaction; V8's have six at most. Who asks about all of them need not fear a file with millions. */

int look_is_reaction(const struct heap *h, uint32_t node)
{
	return h->type[node] != NODE_OBJECT && h->first_edge[node + 1] - h->first_edge[node] <= MAX_SLOTS &&
	       str_starts(heap_name(h, node), "system / PromiseReaction");
}

int look_is_builtin(const struct heap *h, uint32_t closure, const char *name)
{
	uint32_t code = look_is_closure(h, closure) ? look_internal(h, closure, "code") : NO_NODE;
	struct str text = code == NO_NODE ? STR_LIT("") : heap_name(h, code);
	size_t skip = str_starts(text, "(") ? 1 : str_starts(text, CODE) ? sizeof(CODE) - 1 : text.n;

	return str_starts((struct str){ text.s + skip, text.n - skip }, name);
}

int look_is_closure(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_CLOSURE;
}

int look_is_string(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_STRING || h->type[node] == NODE_CONS_STRING || h->type[node] == NODE_SLICED_STRING;
}

/* Before V8 12 all of them have one name and differ in nothing that the file has. */
int look_is_oddball(const struct heap *h, uint32_t node, const char *name)
{
	return h->type[node] == NODE_HIDDEN &&
	       (str_is(heap_name(h, node), name) || str_is(heap_name(h, node), "system / Oddball"));
}

#define SMALLEST_BLOCK 8192

uint64_t look_store_bytes(const struct heap *h, uint32_t array_buffer)
{
	uint32_t store = look_internal(h, array_buffer, "backing_store");

	return store == NO_NODE ? 0 : heap_self(h, store);
}

int look_is_pool_block(const struct heap *h, uint32_t node)
{
	if (h->type[node] != NODE_OBJECT || !look_is(h, node, "ArrayBuffer") || look_store_bytes(h, node) < SMALLEST_BLOCK)
		return 0;
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_HIDDEN && str_is(heap_name(h, h->edge_to[i]), "system / PropertyArray"))
			return 1;
	return 0;
}

uint32_t look_unwrap(const struct heap *h, uint32_t closure)
{
	for (unsigned n = 0; n < MAX_WRAPPERS; n++) {
		uint32_t inner = look_property(h, closure, "listener");

		if (inner == NO_NODE || !look_is_closure(h, inner))
			inner = look_internal(h, closure, "bound_function");
		if (inner == NO_NODE || !look_is_closure(h, inner))
			break;
		closure = inner;
	}
	return closure;
}

#define MAX_NATIVE 32 /* DOMTimer > ScheduledAction > V8Function > function, with two or three others at each step */

uint32_t look_native_function(const struct heap *h, uint32_t node)
{
	uint32_t queue[MAX_NATIVE] = { node };
	unsigned n = 1;

	for (unsigned at = 0; at < n; at++) {
		uint32_t first = h->first_edge[queue[at]], end = h->first_edge[queue[at] + 1];

		for (uint32_t i = first; i < end && i - first < MAX_NATIVE; i++) {
			uint32_t to = h->edge_to[i];

			if (heap_edge_type(h, i) != EDGE_ELEMENT)
				continue;
			if (look_is_closure(h, to))
				return to;
			if (n < MAX_NATIVE && h->type[to] == NODE_NATIVE)
				queue[n++] = to;
		}
	}
	return NO_NODE;
}

uint32_t look_page_object(const struct heap *h, uint32_t node)
{
	while (node != h->root && h->type[node] == NODE_NATIVE && str_starts(look_class(h, node), "blink::"))
		node = h->idom[node];
	return node == h->root || h->type[node] == NODE_SYNTHETIC ? NO_NODE : node;
}

int look_in_user_code(const struct heap *h, uint32_t node)
{
	const struct heap_place *p = heap_place_of(h, node);
	struct str script;

	if (!p)
		return 0;
	script = heap_string(h, heap_script_name(h, p->script_id));
	return script.n && !str_starts(script, "node:") && !str_starts(script, "internal/");
}

int look_in_dependency(const struct heap *h, uint32_t node)
{
	static const char folder[] = "/node_modules/";
	const struct heap_place *p = heap_place_of(h, node);
	struct str script = p ? heap_string(h, heap_script_name(h, p->script_id)) : STR_LIT("");

	for (size_t i = 0; i + sizeof(folder) - 1 <= script.n; i++)
		if (!memcmp(script.s + i, folder, sizeof(folder) - 1))
			return 1;
	return 0;
}

uint32_t look_biggest_captured(const struct heap *h, uint32_t closure, struct str *name)
{
	uint32_t context = look_internal(h, closure, "context"), best = NO_NODE;

	for (unsigned n = 0; n < MAX_CONTEXTS && context != NO_NODE && ref_is_context(h, context); n++) {
		for (uint32_t i = h->first_edge[context]; i < h->first_edge[context + 1]; i++) {
			uint32_t to = h->edge_to[i];

			if (heap_edge_type(h, i) != EDGE_CONTEXT || h->idom[to] == h->root ||
			    (best != NO_NODE && h->retained[to] <= h->retained[best]))
				continue;
			best = to;
			*name = heap_string(h, h->edge_name[i]);
		}
		if (best != NO_NODE)
			return best;
		context = look_internal(h, context, "previous");
	}
	return best;
}
