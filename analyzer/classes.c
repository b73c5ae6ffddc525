/*
 * Class of every node, as DevTools' Summary view groups them: by type, by constructor name and place, by interface.
 * DevTools: calculateObjectNames, getClassIndex, classKey in HeapSnapshot.ts.
 */
#include <stdio.h>
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/table_hash.h"

#define NO_CLASS UINT32_MAX

struct classifier {
	struct heap *h;
	uint32_t builtin[256];    /* by node type */
	uint32_t *by_string;      /* string number -> class + 1 of objects and natives with that name */
	uint32_t *text_slot;      /* open addressing: class + 1 by name */
	size_t n_text_slots, n_named;
	uint32_t object;          /* class "Object" */
	uint32_t *of_place;       /* place number -> first class + 1 there */
	uint32_t *next_there;     /* class -> next class + 1 at the same place */
	size_t next_capacity;
	/* scratch for one plain object */
	uint32_t *prop_of_string; /* string number -> property + 1 */
	uint32_t *props;
	size_t props_capacity;
};

static int add_class(struct heap *h, struct str name, enum class_origin origin, uint32_t place, uint32_t *out,
		     struct err *e)
{
	void *p = h->classes;

	if (mem_reserve(&h->run->mem, &p, &h->classes_capacity, h->n_classes + 1, sizeof(*h->classes), e))
		return e->kind;
	h->classes = p;
	*out = (uint32_t)h->n_classes++;
	h->classes[*out] = (struct heap_class){ .name = name, .origin = origin, .place = place };
	return 0;
}

/* Words DevTools has for node types; all others read "(type)". NULL: by the node's name. */
static const char *builtin_word(unsigned type)
{
	switch (type) {
	case NODE_HIDDEN:
		return "(system)";
	case NODE_CODE:
		return "(compiled code)";
	case NODE_CLOSURE:
		return "Function";
	case NODE_REGEXP:
		return "RegExp";
	default:
		return NULL;
	}
}

static int builtin_class(struct classifier *c, uint8_t type, uint32_t *out, struct err *e)
{
	struct heap *h = c->h;
	const char *word = builtin_word(type), *label = h->type_names[type];
	char text[80];
	char *copy;

	if (c->builtin[type] == NO_CLASS) {
		/* DevTools has no name for a type that the file does not list */
		if (label && !strncmp(label, "type#", 5))
			label = "undefined";
		snprintf(text, sizeof(text), word ? "%s" : "(%s)", word ? word : label ? label : "undefined");
		copy = arena_copy(&h->arena, text, strlen(text), e);
		if (!copy || add_class(h, str_of(copy), CLASS_BUILTIN, 0, &c->builtin[type], e))
			return e->kind;
	}
	*out = c->builtin[type];
	return 0;
}

/* "<div id=...>" and "Detached <div id=...>" are cut to the tag. */
static int cut_name(struct heap *h, struct str s, struct str *out, struct err *e)
{
	size_t start = str_starts(s, "<") ? 0 : str_starts(s, "Detached <") ? 10 : s.n, i = start;
	char *copy;

	*out = s;
	while (i < s.n && s.s[i] != ' ')
		i++;
	if (start == s.n || i == s.n)
		return 0;
	copy = arena_copy(&h->arena, s.s, i + 1, e);
	if (!copy)
		return e->kind;
	copy[i] = '>';
	*out = (struct str){ copy, i + 1 };
	return 0;
}

static size_t text_slot(const struct classifier *c, struct str s)
{
	size_t mask = c->n_text_slots - 1, at = table_hash(&c->h->run->mem, s) & mask;

	while (c->text_slot[at] && !str_eq(c->h->classes[c->text_slot[at] - 1].name, s))
		at = (at + 1) & mask;
	return at;
}

static int grow_text_slots(struct classifier *c, struct err *e)
{
	struct mem *m = &c->h->run->mem;
	size_t old_size = c->n_text_slots;
	uint32_t *old = c->text_slot;

	c->n_text_slots = old_size ? old_size * 2 : 1024;
	c->text_slot = mem_alloc(m, c->n_text_slots, 4, e);
	if (!c->text_slot) {
		c->text_slot = old;
		c->n_text_slots = old_size;
		return e->kind;
	}
	for (size_t i = 0; i < old_size; i++)
		if (old[i])
			c->text_slot[text_slot(c, c->h->classes[old[i] - 1].name)] = old[i];
	mem_free(m, old);
	return 0;
}

static int named_class(struct classifier *c, uint32_t string, uint32_t *out, struct err *e)
{
	struct heap *h = c->h;
	struct str name;
	size_t at;

	if (!c->by_string[string]) {
		if (c->n_named * 2 >= c->n_text_slots && grow_text_slots(c, e))
			return e->kind;
		if (cut_name(h, heap_string(h, string), &name, e))
			return e->kind;
		at = text_slot(c, name);
		if (!c->text_slot[at]) {
			if (add_class(h, name, CLASS_NAMED, 0, out, e))
				return e->kind;
			c->text_slot[at] = *out + 1;
			c->n_named++;
		}
		c->by_string[string] = c->text_slot[at];
	}
	*out = c->by_string[string] - 1;
	return 0;
}

/* Equal names share their text here; an empty one may begin where another does. */
static int same_text(struct str a, struct str b)
{
	return a.s == b.s && a.n == b.n;
}

/* Objects with a place form a class per place: two classes called Session in two files are two. */
static int located_class(struct classifier *c, uint32_t base, uint32_t place, uint32_t *out, struct err *e)
{
	struct heap *h = c->h;
	void *p = c->next_there;

	for (uint32_t k = c->of_place[place - 1]; k; k = c->next_there[k - 1]) {
		if (same_text(h->classes[k - 1].name, h->classes[base].name)) {
			*out = k - 1;
			return 0;
		}
	}
	if (add_class(h, h->classes[base].name, CLASS_NAMED, place, out, e) ||
	    mem_reserve(&h->run->mem, &p, &c->next_capacity, h->n_classes, 4, e))
		return e->kind;
	c->next_there = p;
	c->next_there[*out] = c->of_place[place - 1];
	c->of_place[place - 1] = *out + 1;
	return 0;
}

static int prop_number(struct classifier *c, uint32_t string, uint32_t *prop, struct err *e)
{
	if (!c->prop_of_string[string]) {
		if (shape_set_prop(&c->h->shapes, heap_string(c->h, string), prop, e))
			return e->kind;
		c->prop_of_string[string] = *prop + 1;
	}
	*prop = c->prop_of_string[string] - 1;
	return 0;
}

/* The class column holds the shape's number until the interfaces are known. */
static int shape_plain_object(struct classifier *c, uint32_t node, uint32_t proto, struct err *e)
{
	struct heap *h = c->h;
	size_t n = 0;
	void *p = c->props;
	uint32_t end = h->first_edge[node + 1];

	if (mem_reserve(&h->run->mem, &p, &c->props_capacity, end - h->first_edge[node] + 1, 4, e))
		return e->kind;
	c->props = p;
	for (uint32_t i = h->first_edge[node]; i < end; i++) {
		if (heap_edge_type(h, i) != EDGE_PROPERTY)
			continue;
		if (prop_number(c, h->edge_name[i], &c->props[n], e))
			return e->kind;
		n += c->props[n] != proto;
	}
	return shape_set_add(&h->shapes, c->props, n, &h->class_[node], e);
}

static int class_of(struct classifier *c, uint32_t node, uint32_t *out, struct err *e)
{
	struct heap *h = c->h;
	uint8_t type = h->type[node];
	uint32_t place = h->place ? h->place[node] : 0;

	if (type != NODE_OBJECT && type != NODE_NATIVE)
		return builtin_class(c, type, out, e);
	if (named_class(c, h->name[node], out, e))
		return e->kind;
	return type == NODE_OBJECT && place && *out != c->object ? located_class(c, *out, place, out, e) : 0;
}

static int is_plain(const struct classifier *c, uint32_t node)
{
	return c->h->type[node] == NODE_OBJECT && c->by_string[c->h->name[node]] == c->object + 1;
}

/* First pass: all but plain objects, whose shapes are counted. */
static int classify_nodes(struct classifier *c, struct err *e)
{
	struct heap *h = c->h;
	uint32_t proto;

	if (shape_set_prop(&h->shapes, STR_LIT("__proto__"), &proto, e))
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (class_of(c, v, &h->class_[v], e))
			return e->kind;
		if (h->type[v] == NODE_OBJECT && h->class_[v] == c->object && shape_plain_object(c, v, proto, e))
			return e->kind;
	}
	return 0;
}

/* The class of each shape; interfaces that nobody takes make no class. */
static int shape_classes(struct classifier *c, uint32_t *of_shape, struct err *e)
{
	struct heap *h = c->h;
	uint32_t *of_interface = mem_alloc(&h->run->mem, h->interfaces.n + 1, 4, e);
	int rc = of_interface ? interface_set_apply(&h->interfaces, &h->shapes, of_shape, e) : e->kind;

	for (size_t x = 0; x < h->shapes.n && !rc; x++) {
		uint32_t k = of_shape[x];

		if (k != NO_INTERFACE && !of_interface[k]) {
			rc = add_class(h, h->interfaces.all[k].name, CLASS_INTERFACE, 0, &of_interface[k], e);
			of_interface[k]++;
		}
		of_shape[x] = k == NO_INTERFACE ? c->object : of_interface[k] - 1;
	}
	mem_free(&h->run->mem, of_interface);
	return rc;
}

/* Second pass: shape numbers become classes. A plain object with a place keeps it, as any object does. */
static int resolve_shapes(struct classifier *c, const uint32_t *of_shape, struct err *e)
{
	struct heap *h = c->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (!is_plain(c, v))
			continue;
		if (h->shape_of_node)
			h->shape_of_node[v] = h->class_[v];
		h->class_[v] = of_shape[h->class_[v]];
		if (h->place && h->place[v] && located_class(c, h->class_[v], h->place[v], &h->class_[v], e))
			return e->kind;
	}
	return 0;
}

static int classify(struct classifier *c, struct err *e)
{
	struct heap *h = c->h;
	uint32_t *of_shape;
	uint32_t object = heap_find_string(h, "Object");
	int rc;

	memset(c->builtin, 0xFF, sizeof(c->builtin));
	c->object = NO_CLASS;
	if (object != NO_STRING && named_class(c, object, &c->object, e))
		return e->kind;
	if (classify_nodes(c, e) || interface_set_infer(&h->interfaces, &h->shapes, &h->run->mem, e))
		return e->kind;
	of_shape = mem_alloc(&h->run->mem, h->shapes.n + 1, 4, e);
	if (!of_shape)
		return e->kind;
	rc = shape_classes(c, of_shape, e);
	if (!rc && c->object != NO_CLASS)
		rc = resolve_shapes(c, of_shape, e);
	mem_free(&h->run->mem, of_shape);
	return rc;
}

int heap_classify(struct heap *h, struct err *e)
{
	struct classifier c = { .h = h };
	struct mem *m = &h->run->mem;
	int rc;

	shape_set_init(&h->shapes, m);
	h->class_ = mem_alloc_dirty(m, h->n_nodes, 4, e);
	c.by_string = h->class_ ? mem_alloc(m, h->strings.n + 1, 4, e) : NULL;
	c.prop_of_string = c.by_string ? mem_alloc(m, h->strings.n + 1, 4, e) : NULL;
	c.of_place = c.prop_of_string ? mem_alloc(m, h->n_places + 1, 4, e) : NULL;
	if (c.of_place && h->keep_shapes)
		h->shape_of_node = mem_alloc(m, h->n_nodes, 4, e);
	if (h->shape_of_node)
		memset(h->shape_of_node, 0xFF, (size_t)h->n_nodes * 4);
	rc = c.of_place && (!h->keep_shapes || h->shape_of_node) ? classify(&c, e) : e->kind;
	mem_free(m, c.by_string);
	mem_free(m, c.text_slot);
	mem_free(m, c.of_place);
	mem_free(m, c.next_there);
	mem_free(m, c.prop_of_string);
	mem_free(m, c.props);
	return rc;
}
