/*
 * look.h - questions that detectors ask about single objects. How the structures look: docs/detectors.md.
 */
#ifndef ANALYZER_LEAKS_LOOK_H
#define ANALYZER_LEAKS_LOOK_H

#include "analyzer/heap.h"

/* The class name that DevTools shows. */
struct str look_class(const struct heap *h, uint32_t node);
int look_is(const struct heap *h, uint32_t node, const char *class_name);

/* Is the text one of the words, which are divided by blanks? Is the class? */
int look_is_word(struct str text, const char *words);
int look_is_one_of(const struct heap *h, uint32_t node, const char *class_names);

/* The prototype of a class poses as an instance of its parent; it has a `constructor` of its own. */
int look_is_prototype(const struct heap *h, uint32_t node);

/* Is it of that built-in class or of one that extends it, by its prototypes? */
int look_extends(const struct heap *h, uint32_t node, const char *class_name);

/* Target of a property, of an internal reference; NO_NODE when there is none. */
uint32_t look_property(const struct heap *h, uint32_t node, const char *name);
uint32_t look_internal(const struct heap *h, uint32_t node, const char *name);
int look_has(const struct heap *h, uint32_t node, const char *property);

/*
 * The object of a kind that is most of an item: the item itself, or what a property of it leads to when that keeps at least
 * half of the item's bytes. NO_NODE when neither is of the kind.
 */
uint32_t look_core(const struct heap *h, uint32_t item, int (*is)(const struct heap *h, uint32_t node));

int look_is_closure(const struct heap *h, uint32_t node);
int look_is_string(const struct heap *h, uint32_t node);

/* Does the function run the builtin whose name begins so? */
int look_is_builtin(const struct heap *h, uint32_t closure, const char *name);

/*
 * What a promise that is pending has for each then(), await or Promise.race(): whom to call, and the promise of the result. It has
 * a few edges only.
 */
int look_is_reaction(const struct heap *h, uint32_t node);

/* One of V8's values without content: null, undefined, true, false. */
int look_is_oddball(const struct heap *h, uint32_t node, const char *name);

/*
 * Is the ArrayBuffer a block of Node's pool, out of which small Buffers are cut? Node forbids to transfer it by a private
 * symbol (lib/buffer.js, createPool()); V8 does not write the symbol, but what else has properties of its own besides an
 * ArrayBuffer's is nothing one comes across.
 */
int look_is_pool_block(const struct heap *h, uint32_t node);

/* Bytes of an ArrayBuffer outside of V8's heap; 0 when it has none. */
uint64_t look_store_bytes(const struct heap *h, uint32_t array_buffer);

/* The user's function behind bind() and once(); the node itself when there is none. */
uint32_t look_unwrap(const struct heap *h, uint32_t closure);

/*
 * The function that one of the browser's own objects calls: the nearest one on their numbered edges, a few steps away; NO_NODE
 * when there is none.
 */
uint32_t look_native_function(const struct heap *h, uint32_t node);

/* The page's object - a window, an element - that the browser's own objects serve: up the dominators past those; or NO_NODE. */
uint32_t look_page_object(const struct heap *h, uint32_t node);

/* Is its place in the user's code, not in Node's? 0 without a place. */
int look_in_user_code(const struct heap *h, uint32_t node);

/* Is it in a package that the program uses? */
int look_in_dependency(const struct heap *h, uint32_t node);

/*
 * The variable that retains the most in a function's context, looking outwards at most four contexts: target and name;
 * NO_NODE when it has none.
 */
uint32_t look_biggest_captured(const struct heap *h, uint32_t closure, struct str *name);

#endif
