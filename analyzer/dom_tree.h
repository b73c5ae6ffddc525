/*
 * dom_tree.h - the documents of a page as the page sees them: which element is whose child.
 *
 * Chromium writes elements as native nodes with edges that have numbers for names: to the first child, the document, the parent, the
 * siblings, and to what layout, style and painting make of them. All siblings lead to each other, and layout leads to all
 * elements, so neither shortest ways nor dominators know a document's tree; who keeps an element in its document is its parent.
 *
 * The parent is known by its place among the edges, in the order in which Blink traces the members of a Node
 * (third_party/blink/renderer/core/dom/node.cc, Node::Trace()); docs/numbers.md has the orders of the versions. What
 * does not fit is in no tree. Snapshots without documents pay for a look at their classes.
 */
#ifndef ANALYZER_DOM_TREE_H
#define ANALYZER_DOM_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "base/bits.h"
#include "base/err.h"

struct heap;

struct dom_tree {
	uint8_t *role;            /* by class; NULL: the heap has no document, and all else is empty */
	struct ranked_bits nodes; /* elements, texts, comments, documents, shadow roots */
	uint32_t *parent;         /* by rank; NO_NODE: none */
	uint32_t *first;          /* by rank, and one more: where the children begin */
	uint32_t *child;
};

struct dom_children {
	const uint32_t *all; /* in the order of the file */
	size_t n;
};

/* Fill h->dom, when classes are known. O(classes + nodes / 64 + nodes and edges of documents). */
int dom_tree_make(struct heap *h, struct err *e);
void dom_tree_release(struct dom_tree *t, struct mem *m);

/* The element, document or shadow root that has it as a child; NO_NODE for what is no part of a document. O(1). */
uint32_t dom_parent(const struct heap *h, uint32_t node);

struct dom_children dom_children(const struct heap *h, uint32_t node);

/* Elements and other nodes of a document, documents included. */
int dom_is_node(const struct heap *h, uint32_t node);

int dom_is_document(const struct heap *h, uint32_t node);
int dom_is_shadow_root(const struct heap *h, uint32_t node);

/*
 * What the browser makes of a document: layout, style, painting. It refers to elements and is alive because of them, so that it holds
 * nothing that they do not hold.
 */
int dom_is_mirror(const struct heap *h, uint32_t node);

/* A backing store of Blink's: the table or vector of something. */
int dom_is_store(const struct heap *h, uint32_t node);

/*
 * Whether an edge is worth following: not to an element from a mirror. Older versions (Chromium 143 and before) call mirrors, listeners
 * and timers all InternalNode; from such a node neither, while to functions they are followed. O(1).
 */
int dom_leads_on(const struct heap *h, uint32_t from, uint32_t to);

/* Whether an edge says who keeps what: siblings and mirrors do not, and of children dom_children() has all. O(1). */
int dom_is_keeper(const struct heap *h, uint32_t from, uint32_t to);

#endif
