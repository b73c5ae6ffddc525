#include "analyzer/refs.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/dom_name.h"
#include "base/hash.h"
#include "base/utf8.h"

#define MAX_STEPS 24       /* of a path in a report */
#define MAX_WALK 4096      /* of a way from the root; longer ones are lists */
#define MAX_NEAREST 16
#define SIGNATURE_STEPS 4

static const char ellipsis[] = "\xE2\x80\xA6";

/* Where to cut so that at most `max` bytes stay and no character is split. */
static size_t cut_at(struct str s, size_t max)
{
	size_t n = max;

	while (n > 0 && ((unsigned char)s.s[n] & 0xC0) == 0x80)
		n--;
	return n;
}

int ref_text(struct arena *a, struct str s, struct str *out, struct err *e)
{
	size_t keep = s.n > REF_MAX_NAME ? cut_at(s, REF_MAX_NAME - (sizeof(ellipsis) - 1)) : s.n;
	char *text = arena_alloc(a, keep + sizeof(ellipsis), e);

	if (!text)
		return e->kind;
	if (keep)
		memcpy(text, s.s, keep);
	*out = (struct str){ text, keep };
	if (keep == s.n)
		return 0;
	memcpy(text + keep, ellipsis, sizeof(ellipsis) - 1);
	out->n += sizeof(ellipsis) - 1;
	return 0;
}

static struct str without(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return str_starts(s, prefix) ? (struct str){ s.s + n, s.n - n } : s;
}

struct str ref_bare_script(struct str name)
{
	return without(without(name, "system / Script / "), "file://");
}

int ref_script(struct arena *a, struct str name, struct str *out, struct err *e)
{
	return ref_text(a, ref_bare_script(name), out, e);
}

static int is_string(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_STRING || h->type[node] == NODE_CONS_STRING || h->type[node] == NODE_SLICED_STRING;
}

/* Numbers and regular expressions carry their value as a name, as strings do. */
static int name_is_value(const struct heap *h, uint32_t node)
{
	return is_string(h, node) || h->type[node] == NODE_NUMBER || h->type[node] == NODE_REGEXP ||
	       h->type[node] == NODE_BIGINT;
}

static struct str class_of(const struct heap *h, uint32_t node)
{
	return node == h->root ? STR_LIT("(root)") : h->classes[h->class_[node]].name;
}

/*
 * Roots such as "(GC roots)" and code are all of one class: their own names tell them apart. Everything else is
 * described by its class.
 */
static struct str label_of(const struct heap *h, uint32_t node)
{
	uint8_t type = h->type[node];

	if (node != h->root && (type == NODE_SYNTHETIC || type == NODE_HIDDEN) && heap_name(h, node).n)
		return heap_name(h, node);
	return class_of(h, node);
}

static int make_ref(struct arena *a, const struct heap *h, uint32_t node, struct str name, const struct node_ref **out,
		    struct err *e)
{
	struct node_ref *r = arena_alloc(a, sizeof(*r), e);

	if (!r || ref_text(a, class_of(h, node), &r->class, e))
		return e->kind;
	r->id = heap_id(h, node);
	*out = r;
	return ref_text(a, name, &r->name, e);
}

static int is_element(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_NATIVE && dom_name_has_tag(heap_name(h, node));
}

static int telling_name(struct arena *a, const struct heap *h, uint32_t node, int show_values, struct str *out, struct err *e)
{
	struct str name = heap_name(h, node);

	*out = STR_LIT("");
	if (is_element(h, node))
		return dom_name(a, name, show_values ? DOM_NAME_VALUES : 0, out, e);
	/* every plain object is called Object; its class, an interface, says more */
	if ((show_values || !name_is_value(h, node)) && !str_eq(name, class_of(h, node)) && !str_is(name, "Object"))
		*out = name;
	return 0;
}

int ref_node(struct arena *a, const struct heap *h, uint32_t node, int show_values, const struct node_ref **out,
	     struct err *e)
{
	struct str name;

	return telling_name(a, h, node, show_values, &name, e) ? e->kind : make_ref(a, h, node, name, out, e);
}

int ref_holder(struct arena *a, const struct heap *h, uint32_t node, int show_values, const struct node_ref **out,
	       struct err *e)
{
	uint32_t edge = h->parent_edge[node];
	struct str name;

	if (telling_name(a, h, node, show_values, &name, e))
		return e->kind;
	if (!name.n && edge != NO_EDGE &&
	    (heap_edge_type(h, edge) == EDGE_CONTEXT || heap_edge_type(h, edge) == EDGE_PROPERTY))
		name = heap_string(h, h->edge_name[edge]);
	return make_ref(a, h, node, name, out, e);
}

int ref_place_number(struct arena *a, const struct heap *h, uint32_t place, const struct place **out, struct err *e)
{
	const struct heap_place *from;
	struct place *p;

	*out = NULL;
	if (!place)
		return 0;
	from = &h->places[place - 1];
	p = arena_alloc(a, sizeof(*p), e);
	if (!p || ref_script(a, heap_string(h, heap_script_name(h, from->script_id)), &p->script, e))
		return e->kind;
	p->script_id = from->script_id;
	p->line = from->line + 1;
	p->column = from->column + 1;
	*out = p;
	return 0;
}

int ref_place(struct arena *a, const struct heap *h, uint32_t node, const struct place **out, struct err *e)
{
	return ref_place_number(a, h, h->place ? h->place[node] : 0, out, e);
}

static uint32_t parent_of(const struct heap *h, uint32_t node)
{
	return h->parent_edge[node] == NO_EDGE ? NO_NODE : heap_edge_source(h, h->parent_edge[node]);
}

static int in_user_code(const struct heap *h, uint32_t place)
{
	struct str script = heap_string(h, heap_script_name(h, h->places[place - 1].script_id));

	return script.n && !str_starts(script, "node:");
}

/*
 * An object without a place of its own belongs to the code through which it is found: up the shortest way, the first
 * function or instance that has one. A module's variables are found through a function of that module. Node's own code
 * counts only when nothing else is on the way: that an EventEmitter is defined in node:events tells nobody anything.
 */
static uint32_t nearest_place(const struct heap *h, uint32_t node, int *user)
{
	uint32_t first = 0;

	*user = 0;
	for (unsigned i = 0; h->place && i < MAX_NEAREST && node != NO_NODE; i++) {
		uint32_t place = h->place[node];

		if (place && in_user_code(h, place)) {
			*user = 1;
			return place;
		}
		first = first ? first : place;
		node = parent_of(h, node);
	}
	return first;
}

uint32_t ref_nearest_place_number(const struct heap *h, uint32_t node)
{
	int user;

	return nearest_place(h, node, &user);
}

int ref_nearest_place(struct arena *a, const struct heap *h, uint32_t node, const struct place **out, struct err *e)
{
	return ref_place_number(a, h, ref_nearest_place_number(h, node), out, e);
}

int ref_in_user_code(const struct heap *h, uint32_t node)
{
	int user;

	nearest_place(h, node, &user);
	return user;
}

int ref_in_node_code(const struct heap *h, uint32_t node)
{
	int user;

	return nearest_place(h, node, &user) && !user;
}

int ref_is_slot(struct str edge_name)
{
	size_t i = 0;

	while (i < edge_name.n && edge_name.s[i] >= '0' && edge_name.s[i] <= '9')
		i++;
	return i && (i == edge_name.n || (edge_name.n - i > 2 && !memcmp(edge_name.s + i, " / ", 3)));
}

int ref_edge(struct arena *a, const struct heap *h, uint32_t edge, struct str *out, struct err *e)
{
	char index[16];

	/* V8 writes the names of key and value into it, and the value may be a string */
	if (h->edge_type[edge] & EDGE_EPHEMERON)
		return ref_text(a, STR_LIT("value in WeakMap"), out, e);
	if (!heap_edge_indexed(h, edge))
		return ref_text(a, heap_string(h, h->edge_name[edge]), out, e);
	snprintf(index, sizeof(index), "[%u]", h->edge_name[edge]);
	return ref_text(a, str_of(index), out, e);
}

static int edge_label(struct arena *a, const struct heap *h, uint32_t edge, struct path_step *s, struct err *e)
{
	s->edge_type = h->edge_type_names[heap_edge_type(h, edge)];
	return ref_edge(a, h, edge, &s->edge, e);
}

static int label_text(struct arena *a, const struct heap *h, uint32_t node, struct str *out, struct err *e)
{
	struct str label = label_of(h, node);

	if (is_element(h, node) && dom_name(a, heap_name(h, node), DOM_NAME_TAG, &label, e))
		return e->kind;
	return ref_text(a, label, out, e);
}

static int fill_step(struct arena *a, const struct heap *h, uint32_t node, uint32_t edge, struct path_step *s,
		     struct err *e)
{
	s->edge = STR_LIT("");
	s->edge_type = "";
	s->id = heap_id(h, node);
	if (label_text(a, h, node, &s->class, e))
		return e->kind;
	return edge == NO_EDGE ? 0 : edge_label(a, h, edge, s, e);
}

/* Whether the node is in a document, or a component's tree, and not in a part that is in none. */
static int is_in_document(const struct heap *h, uint32_t node)
{
	unsigned n = 0;

	while (dom_parent(h, node) != NO_NODE && n++ < MAX_WALK)
		node = dom_parent(h, node);
	return n && (dom_is_document(h, node) || dom_is_shadow_root(h, node));
}

/*
 * The next node on the way up. Elements are found through siblings and layout, but what keeps them is the document's tree: up
 * that, and from the document on by the search's edges, even if these go through another element.
 */
static uint32_t next_above(const struct heap *h, uint32_t node, int *by_tree)
{
	uint32_t parent = *by_tree ? dom_parent(h, node) : NO_NODE;

	*by_tree &= !dom_is_document(h, node);
	return parent == NO_NODE ? parent_of(h, node) : parent;
}

/* The node `up` steps above, and the edge by which it is found: NO_EDGE of a child in a document. */
static uint32_t above(const struct heap *h, uint32_t node, size_t up, uint32_t *edge)
{
	int by_tree = is_in_document(h, node);

	while (up--)
		node = next_above(h, node, &by_tree);
	*edge = by_tree && dom_parent(h, node) != NO_NODE ? NO_EDGE : h->parent_edge[node];
	return node;
}

static size_t way_length(const struct heap *h, uint32_t node)
{
	int by_tree = is_in_document(h, node);
	size_t length = 0;

	for (; node != NO_NODE && length < MAX_WALK; node = next_above(h, node, &by_tree))
		length++;
	return length;
}

/* A path for a way of that many nodes, its steps still empty. */
static struct path *new_path(struct arena *a, size_t length, size_t max_steps, struct err *e)
{
	struct path *p = arena_alloc(a, sizeof(*p), e);

	if (!p)
		return NULL;
	p->n_steps = length < max_steps ? length : max_steps;
	p->n_omitted = length - p->n_steps;
	p->omitted_after = (p->n_omitted ? p->n_steps / 2 : p->n_steps) - 1;
	p->steps = arena_alloc(a, p->n_steps * sizeof(*p->steps), e);
	return p->steps ? p : NULL;
}

/* How far from the root step i of the path stands. */
static size_t depth_of(const struct path *p, size_t i)
{
	return i <= p->omitted_after ? i : i + p->n_omitted;
}

int ref_path(struct arena *a, const struct heap *h, uint32_t node, const struct path **out, struct err *e)
{
	size_t length;
	struct path *p;

	*out = NULL;
	if (node != h->root && h->parent_edge[node] == NO_EDGE)
		return 0;
	length = way_length(h, node);
	p = new_path(a, length, MAX_STEPS, e);
	for (size_t i = 0; p && i < p->n_steps; i++) {
		uint32_t edge, v = above(h, node, length - 1 - depth_of(p, i), &edge);

		if (fill_step(a, h, v, edge, &p->steps[i], e))
			return e->kind;
	}
	*out = p;
	return p ? 0 : e->kind;
}

int ref_way(struct arena *a, const struct heap *h, const struct way *w, size_t max_steps, const struct path **out,
	    struct err *e)
{
	struct path *p = new_path(a, w->n, max_steps, e);

	for (size_t i = 0; p && i < p->n_steps; i++) {
		size_t depth = depth_of(p, i);

		if (fill_step(a, h, w->node[depth], w->edge[depth], &p->steps[i], e))
			return e->kind;
	}
	*out = p;
	return p ? 0 : e->kind;
}

static uint64_t hash_str(struct str s)
{
	return hash_bytes(s.s, s.n);
}

/*
 * Only the end of the way: which of several equally short ways the search takes near the root depends on the order of the
 * objects in the file, but a variable of a module, or a property of an object in one, is found by the same last steps.
 */
uint64_t ref_path_signature(const struct heap *h, uint32_t node)
{
	uint64_t x = 1;

	if (node != h->root && h->parent_edge[node] == NO_EDGE)
		return 0;
	for (unsigned n = 0; node != NO_NODE && n < SIGNATURE_STEPS; node = parent_of(h, node), n++) {
		uint32_t edge = h->parent_edge[node];

		x = hash_add(x, hash_str(class_of(h, node)));
		if (h->place && h->place[node])
			x = hash_add(x, hash_str(heap_string(
						h, heap_script_name(h, h->places[h->place[node] - 1].script_id))));
		if (edge != NO_EDGE && !heap_edge_indexed(h, edge))
			x = hash_add(x, hash_str(heap_string(h, h->edge_name[edge])));
	}
	return x;
}
