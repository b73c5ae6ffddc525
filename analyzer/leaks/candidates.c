#include "analyzer/leaks/candidates.h"

#include "analyzer/leaks/look.h"
#include "analyzer/refs.h"

#define LEAST_SHARE 50     /* a fiftieth of the heap */
#define LEAST_LENGTH 256   /* of a collection that is looked at whatever its size */
#define LEAST_LISTENERS 48
#define LEAST_LIST 64      /* elements */
#define LEAST_DEPTH 5      /* of a tree, by its heaviest branch */

/* Keeps the largest; equal ones in the order in which they come, which is that of the dominator tree. */
static void add(struct candidates *c, const struct heap *h, uint32_t node, int listed, int spread)
{
	size_t at = c->n;

	for (size_t i = 0; i < c->n; i++)
		if (c->all[i].node == node)
			return;
	while (at && h->retained[c->all[at - 1].node] < h->retained[node])
		at--;
	if (at == MAX_CANDIDATES)
		return;
	if (c->n < MAX_CANDIDATES)
		c->n++;
	for (size_t i = c->n - 1; i > at; i--)
		c->all[i] = c->all[i - 1];
	c->all[at] = (struct growth_candidate){ node, listed, spread };
}

/* Seen through backing stores. */
static uint32_t heaviest_child(const struct heap *h, uint32_t node)
{
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos], best = NO_NODE;

	for (uint32_t p = pos + 1; p < end;) {
		uint32_t v = h->tree_order[p];

		if (ref_is_transparent(h, v)) {
			p++;
			continue;
		}
		if (best == NO_NODE || h->retained[v] > h->retained[best])
			best = v;
		p += h->tree_size[p];
	}
	return best;
}

/* Functions are of one kind when they are made at one place. */
static int same_kind(const struct heap *h, uint32_t a, uint32_t b)
{
	return h->class_[a] == h->class_[b] && (h->type[a] != NODE_CLOSURE || !h->place || h->place[a] == h->place[b]);
}

/* The length of the chain of one kind that begins here, counted no further than it takes. */
static unsigned list_length(const struct heap *h, uint32_t node)
{
	unsigned n = 1;

	for (uint32_t child = heaviest_child(h, node); child != NO_NODE && n < LEAST_LIST; n++) {
		uint32_t next = heaviest_child(h, child);

		if (!same_kind(h, child, node) && (next == NO_NODE || !same_kind(h, next, node)))
			break;
		node = child;
		child = next;
	}
	return n;
}

/* As list_length(), of what is not part of a longer one; 0 otherwise. */
static unsigned length_from_head(const struct heap *h, uint32_t node)
{
	uint32_t up = ref_object(h, h->idom[node]), above = ref_object(h, h->idom[up]);

	return same_kind(h, up, node) || same_kind(h, above, node) ? 0 : list_length(h, node);
}

static int is_worth_it(const struct heap *h, uint32_t node)
{
	return node != h->root && (h->type[node] == NODE_OBJECT || h->type[node] == NODE_CLOSURE ||
				   h->type[node] == NODE_CONS_STRING) &&
	       !ref_is_context(h, node) && !str_starts(look_class(h, node), "global");
}

static void look_at_large(struct candidates *c, const struct heap *h)
{
	uint64_t least = h->retained[h->root] / LEAST_SHARE;

	for (uint32_t pos = 1; pos < h->n_nodes; pos++) {
		uint32_t v = h->tree_order[pos], child;
		unsigned length;

		/* nothing below a small one is large */
		if (h->retained[v] < least) {
			pos += h->tree_size[pos] - 1;
			continue;
		}
		if (!is_worth_it(h, v))
			continue;
		length = length_from_head(h, v);
		child = length < LEAST_DEPTH ? heaviest_child(h, v) : NO_NODE;
		/* what is outside of V8's heap is no object that could be named */
		if (child == NO_NODE || h->type[child] == NODE_NATIVE || h->retained[child] / 7 < h->retained[v] / 10)
			add(c, h, v, length >= LEAST_LIST, length >= LEAST_DEPTH && length < LEAST_LIST);
	}
}

/* An Array in an emitter's `_events` is long long before other arrays are. */
static int holds_listeners(const struct heap *h, uint32_t node)
{
	uint32_t events = ref_owner(h, node), emitter = events == NO_NODE ? NO_NODE : ref_owner(h, events);

	return emitter != NO_NODE && look_property(h, emitter, "_events") == events;
}

static void look_at_collections(struct candidates *c, const struct heap *h, const struct sections *s)
{
	for (size_t i = 0; i < s->n_collections; i++) {
		const struct collection *k = &s->collections[i];

		if (k->length >= LEAST_LENGTH || (k->length >= LEAST_LISTENERS && holds_listeners(h, k->node)))
			add(c, h, k->node, 0, 0);
	}
}

/* The object that has a chain of an EventTarget's listeners; NO_NODE for all but the first of them. */
static uint32_t head_of_listeners(const struct heap *h, uint32_t listener)
{
	uint32_t up = ref_owner(h, listener);

	return up == NO_NODE || h->class_[up] == h->class_[listener] ? NO_NODE : up;
}

/* Classes that are recognised by their names alone. */
enum known_class { OTHER, RING, REGISTRY, LISTENER };

static int name_classes(const struct heap *h, uint8_t **out, struct err *e)
{
	static const struct {
		const char *name;
		enum known_class known;
	} names[] = { { "TimersList", RING }, { "ImmediateList", RING }, { "FinalizationRegistry", REGISTRY },
		      { "Listener", LISTENER } };

	*out = mem_alloc(&h->run->mem, h->n_classes + 1, 1, e);
	for (size_t c = 0; *out && c < h->n_classes; c++)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (str_is(h->classes[c].name, names[i].name))
				(*out)[c] = (uint8_t)names[i].known;
	return *out ? 0 : e->kind;
}

static int look_at_classes(struct candidates *c, const struct heap *h, struct err *e)
{
	uint8_t *known;

	if (name_classes(h, &known, e))
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		if (h->type[v] != NODE_OBJECT || known[h->class_[v]] == OTHER)
			continue;
		if (known[h->class_[v]] == RING)
			add(c, h, v, 1, 0);
		else if (known[h->class_[v]] == REGISTRY)
			add(c, h, v, 0, 0);
		else if (head_of_listeners(h, v) != NO_NODE)
			add(c, h, head_of_listeners(h, v), 1, 0);
	}
	mem_free(&h->run->mem, known);
	return 0;
}

int candidates_find(struct candidates *out, const struct heap *h, const struct sections *sections, struct err *e)
{
	out->n = 0;
	/* first: these know how they hold what they hold */
	if (look_at_classes(out, h, e))
		return e->kind;
	look_at_large(out, h);
	look_at_collections(out, h, sections);
	return 0;
}
