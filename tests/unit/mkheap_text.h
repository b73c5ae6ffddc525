/*
 * mkheap_text.h - small heaps in one line of text, for tests that state one rule each:
 *
 *   root -> a -> b; a 24; b closure 16 "onData"; a ~weak~> c; a -internal:map-> m; m hidden 40
 *
 * Statements are divided by ';'. A word names a node, which is made where it is met first; "root" is node 0, synthetic and
 * without a name. Others are objects of size 0 named like their word, unless a statement says more: the type's word (with
 * '_' for a blank), the size, a "name", attached or detached, @script:line:column.
 *
 * Edges:  ->           a property with the name of its target; from the root a shortcut, as V8 writes a page's global
 *         ~weak~>      an edge of that type with the name of its target, or with a running index
 *         -name->      a property of that name
 *         -type:name-> an edge of that type and name, or index. A name with blanks or arrows stands in quotes.
 */
#ifndef TESTS_MKHEAP_TEXT_H
#define TESTS_MKHEAP_TEXT_H

#include "mkheap.h"

#define MKHEAP_TEXT_BYTES 16384

struct mkheap_text {
	struct mkheap heap;
	const char *word[MKHEAP_MAX_NODES]; /* in `texts` */
	char texts[MKHEAP_TEXT_BYTES];
	size_t n_texts;
};

/* Fails the test when the text makes no sense. */
void mkheap_parse(struct mkheap_text *t, const char *text);

/* Number of a node; fails the test when there is none. */
unsigned mkheap_word(const struct mkheap_text *t, const char *word);

#endif
