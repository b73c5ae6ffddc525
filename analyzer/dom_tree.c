#include "analyzer/dom_tree.h"

#include <string.h>

#include "analyzer/heap.h"

enum role { NO_ROLE, NODE, TEXT, DOCUMENT, SHADOW, FRAGMENT, MIRROR, STORE, NAMELESS };

static int is_element(struct str name)
{
	return str_starts(name, "<") ||
	       ((str_starts(name, "HTML") || str_starts(name, "SVG") || str_starts(name, "MathML")) && str_ends(name, "Element"));
}

static int is_mirror(struct str name)
{
	static const char *const words[] = { "Layout", "Fragment", "Paint", "FrameView", "ComputedStyle", "FlatTree", "SlotAssignment" };

	for (size_t i = 0; str_starts(name, "blink::") && i < sizeof(words) / sizeof(words[0]); i++)
		if (str_has(name, words[i]))
			return 1;
	return 0;
}

static enum role role_of(struct str name)
{
	static const struct {
		const char *name;
		enum role role;
	} names[] = {
		{ "Text", TEXT }, { "Comment", TEXT }, { "CDATASection", TEXT }, { "HTMLDocument", DOCUMENT },
		{ "XMLDocument", DOCUMENT }, { "Document", DOCUMENT }, { "ShadowRoot", SHADOW }, { "DocumentFragment", FRAGMENT },
		{ "InternalNode", NAMELESS },
	};

	if (str_starts(name, "Detached "))
		name = (struct str){ name.s + 9, name.n - 9 };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_is(name, names[i].name))
			return names[i].role;
	if (str_starts(name, "blink::Heap") && str_has(name, "Backing<"))
		return STORE;
	return is_element(name) ? NODE : is_mirror(name) ? MIRROR : NO_ROLE;
}

/* Whether any class is a document's. */
static int find_roles(struct heap *h, int *any, struct err *e)
{
	h->dom.role = mem_alloc(&h->run->mem, h->n_classes + 1, 1, e);
	*any = 0;
	for (size_t i = 0; h->dom.role && i < h->n_classes; i++) {
		h->dom.role[i] = h->classes[i].origin == CLASS_NAMED ? (uint8_t)role_of(h->classes[i].name) : NO_ROLE;
		*any |= h->dom.role[i] == DOCUMENT;
	}
	return h->dom.role ? 0 : e->kind;
}

static enum role role(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_NATIVE ? (enum role)h->dom.role[h->class_[node]] : NO_ROLE;
}

static int is_scope(enum role r)
{
	return r == DOCUMENT || r == SHADOW;
}

static int is_of_document(enum role r)
{
	return r != NO_ROLE && r != MIRROR && r != STORE && r != NAMELESS;
}

static int find_nodes(struct heap *h, struct err *e)
{
	if (ranked_bits_alloc(&h->dom.nodes, &h->run->mem, h->n_nodes, e))
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (is_of_document(role(h, v)))
			bit_set(h->dom.nodes.bits, v);
	ranked_bits_index(&h->dom.nodes, h->n_nodes);
	return 0;
}

/* The first node of a document from `v` on, or the number of nodes. */
static uint32_t next_node(const struct heap *h, uint32_t v)
{
	const uint64_t *bits = h->dom.nodes.bits;
	size_t word = v / 64, end = h->n_nodes / 64 + 1;
	uint64_t left = v < h->n_nodes ? bits[word] & ~(uint64_t)0 << v % 64 : 0;

	while (!left && ++word < end)
		left = bits[word];
	return left ? (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left) : h->n_nodes;
}

/* The next numbered edge from `i` on that leads to a node of a document other than itself, or `end`. */
static uint32_t next_of_document(const struct heap *h, uint32_t node, uint32_t i, uint32_t end)
{
	while (i < end && (heap_edge_type(h, i) != EDGE_ELEMENT || h->edge_to[i] == node || !is_of_document(role(h, h->edge_to[i]))))
		i++;
	return i;
}

/* The last edge to the document or shadow root that the node is in; NO_EDGE when there is none. */
static uint32_t scope_edge(const struct heap *h, uint32_t node)
{
	uint32_t end = h->first_edge[node + 1], last = NO_EDGE;

	for (uint32_t i = next_of_document(h, node, h->first_edge[node], end); i < end; i = next_of_document(h, node, i + 1, end))
		if (is_scope(role(h, h->edge_to[i])))
			last = i;
	return last;
}

/*
 * Where the parent stands: next to the document, which comes before it in newer versions and after it in older ones. A text
 * has no children, so its edges tell which. Other orders are not known.
 */
enum order { UNKNOWN, PARENT_BEFORE, PARENT_AFTER };

static enum order order_of_text(const struct heap *h, uint32_t text)
{
	uint32_t end = h->first_edge[text + 1], first = next_of_document(h, text, h->first_edge[text], end), second;

	if (first == end)
		return UNKNOWN;
	if (is_scope(role(h, h->edge_to[first])))
		return PARENT_AFTER;
	second = next_of_document(h, text, first + 1, end);
	return second < end && is_scope(role(h, h->edge_to[second])) ? PARENT_BEFORE : UNKNOWN;
}

static enum order find_order(const struct heap *h)
{
	size_t n[3] = { 0 };

	for (uint32_t v = next_node(h, 0); v < h->n_nodes; v = next_node(h, v + 1))
		if (role(h, v) == TEXT)
			n[order_of_text(h, v)]++;
	if (n[PARENT_AFTER] > n[PARENT_BEFORE] + n[UNKNOWN])
		return PARENT_AFTER;
	return n[PARENT_BEFORE] > n[PARENT_AFTER] + n[UNKNOWN] ? PARENT_BEFORE : UNKNOWN;
}

static int can_have_children(const struct heap *h, uint32_t node)
{
	enum role r = role(h, node);

	return r == NODE || is_scope(r) || r == FRAGMENT;
}

static uint32_t find_parent(const struct heap *h, uint32_t node, enum order order)
{
	uint32_t scope = scope_edge(h, node), first = h->first_edge[node], end = h->first_edge[node + 1], at;

	if (scope == NO_EDGE || is_scope(role(h, node)) || role(h, node) == FRAGMENT)
		return NO_NODE;
	/* a child of the document or shadow root itself */
	if (scope > first && h->edge_to[scope - 1] == h->edge_to[scope])
		return h->edge_to[scope];
	if (order == PARENT_BEFORE && scope == first)
		return NO_NODE;
	at = order == PARENT_BEFORE ? scope - 1 : scope + 1;
	if (at >= end || heap_edge_type(h, at) != EDGE_ELEMENT || h->edge_to[at] == node)
		return NO_NODE;
	return can_have_children(h, h->edge_to[at]) ? h->edge_to[at] : NO_NODE;
}

static uint32_t rank_of(const struct heap *h, uint32_t node)
{
	return ranked_bits_rank(&h->dom.nodes, node);
}

static uint32_t *parent_of(const struct heap *h, uint32_t node)
{
	return &h->dom.parent[rank_of(h, node)];
}

static int find_parents(struct heap *h, enum order order, struct err *e)
{
	h->dom.parent = mem_alloc(&h->run->mem, (size_t)h->dom.nodes.n + 1, sizeof(*h->dom.parent), e);
	if (!h->dom.parent)
		return e->kind;
	for (uint32_t v = next_node(h, 0); v < h->n_nodes; v = next_node(h, v + 1))
		*parent_of(h, v) = find_parent(h, v, order);
	return 0;
}

/* A parent refers to its first child: who does not is none. */
static int has_child(const struct heap *h, uint32_t node)
{
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++)
		if (bit_get(h->dom.nodes.bits, h->edge_to[i]) && *parent_of(h, h->edge_to[i]) == node)
			return 1;
	return 0;
}

/* Only parents that refer to a child stay. */
static int check_parents(struct heap *h, struct err *e)
{
	struct mem *m = &h->run->mem;
	uint64_t *is_parent = mem_alloc(m, h->n_nodes / 64 + 1, sizeof(*is_parent), e);

	if (!is_parent)
		return e->kind;
	for (uint32_t v = next_node(h, 0); v < h->n_nodes; v = next_node(h, v + 1))
		if (has_child(h, v))
			bit_set(is_parent, v);
	for (uint32_t v = next_node(h, 0); v < h->n_nodes; v = next_node(h, v + 1))
		if (*parent_of(h, v) != NO_NODE && !bit_get(is_parent, *parent_of(h, v)))
			*parent_of(h, v) = NO_NODE;
	mem_free(m, is_parent);
	return 0;
}

/* Each count stands two places further on, so that the beginnings are right when the lists have been filled. */
static int list_children(struct heap *h, struct err *e)
{
	struct dom_tree *t = &h->dom;
	uint32_t *first = mem_alloc(&h->run->mem, (size_t)t->nodes.n + 2, sizeof(*first), e);

	t->first = first;
	t->child = first ? mem_alloc(&h->run->mem, (size_t)t->nodes.n + 1, sizeof(*t->child), e) : NULL;
	if (!t->child)
		return e->kind;
	for (uint32_t r = 0; r < t->nodes.n; r++)
		if (t->parent[r] != NO_NODE)
			first[rank_of(h, t->parent[r]) + 2]++;
	for (uint32_t r = 0; r < t->nodes.n; r++)
		first[r + 2] += first[r + 1];
	for (uint32_t v = next_node(h, 0); v < h->n_nodes; v = next_node(h, v + 1))
		if (*parent_of(h, v) != NO_NODE)
			t->child[first[rank_of(h, *parent_of(h, v)) + 1]++] = v;
	return 0;
}

static int make_tree(struct heap *h, struct err *e)
{
	enum order order;

	if (find_nodes(h, e))
		return e->kind;
	order = find_order(h);
	if (order == UNKNOWN)
		dom_tree_release(&h->dom, &h->run->mem);
	return order == UNKNOWN ? 0 : find_parents(h, order, e) || check_parents(h, e) || list_children(h, e) ? e->kind : 0;
}

int dom_tree_make(struct heap *h, struct err *e)
{
	int any;

	if (find_roles(h, &any, e))
		return e->kind;
	if (any)
		return make_tree(h, e);
	dom_tree_release(&h->dom, &h->run->mem);
	return 0;
}

void dom_tree_release(struct dom_tree *t, struct mem *m)
{
	mem_free(m, t->role);
	ranked_bits_release(&t->nodes, m);
	mem_free(m, t->parent);
	mem_free(m, t->first);
	mem_free(m, t->child);
	memset(t, 0, sizeof(*t));
}

int dom_is_node(const struct heap *h, uint32_t node)
{
	return h->dom.role && bit_get(h->dom.nodes.bits, node);
}

uint32_t dom_parent(const struct heap *h, uint32_t node)
{
	return dom_is_node(h, node) ? *parent_of(h, node) : NO_NODE;
}

struct dom_children dom_children(const struct heap *h, uint32_t node)
{
	const uint32_t *first = dom_is_node(h, node) ? &h->dom.first[rank_of(h, node)] : NULL;

	return first ? (struct dom_children){ h->dom.child + first[0], first[1] - first[0] } : (struct dom_children){ NULL, 0 };
}

int dom_is_document(const struct heap *h, uint32_t node)
{
	return dom_is_node(h, node) && role(h, node) == DOCUMENT;
}

int dom_is_shadow_root(const struct heap *h, uint32_t node)
{
	return dom_is_node(h, node) && role(h, node) == SHADOW;
}

int dom_is_mirror(const struct heap *h, uint32_t node)
{
	return h->dom.role && role(h, node) == MIRROR;
}

int dom_is_store(const struct heap *h, uint32_t node)
{
	return h->dom.role && role(h, node) == STORE;
}

int dom_leads_on(const struct heap *h, uint32_t from, uint32_t to)
{
	return !dom_is_node(h, to) || (role(h, from) != MIRROR && role(h, from) != NAMELESS);
}

int dom_is_keeper(const struct heap *h, uint32_t from, uint32_t to)
{
	if (!h->dom.role)
		return 1;
	if (dom_is_mirror(h, from) || !dom_leads_on(h, from, to))
		return 0;
	return !dom_is_node(h, from) || !(dom_is_mirror(h, to) || dom_parent(h, to) != NO_NODE);
}
