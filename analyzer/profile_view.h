/*
 * profile_view.h - a profile seen through filters and at one granularity: a call tree of keys with self and total.
 *
 * A key is a function, file, package or category. The tree has one node per distinct way of keys from the root; node 0 is
 * the root and parent[n] < n. Hidden frames hand their time to their callers; keys that call themselves directly are
 * one node when the granularity is coarser than functions. Totals of keys count each stack once, however often the key
 * stands in it.
 */
#ifndef ANALYZER_PROFILE_VIEW_H
#define ANALYZER_PROFILE_VIEW_H

#include "analyzer/filter.h"
#include "analyzer/profile.h"
#include "base/strbuf.h"

enum view_by {
	VIEW_FUNCTIONS,
	VIEW_FILES,
	VIEW_PACKAGES,
	VIEW_CATEGORIES,
};

/* Regular expressions on "NAME FILE:LINE" of frames; NULL: none. */
struct view_options {
	enum view_by by;
	const char *focus;  /* only stacks with such a frame */
	const char *ignore; /* no stacks with such a frame */
	const char *hide;   /* as if such frames were not there */
	const char *thread; /* on "NAME PID/TID FILE" of threads */
	const uint32_t *identity; /* by frame: what makes functions the same, instead of the frame itself; NULL: none */
};

#define VIEW_NONE UINT32_MAX

struct view_node {
	uint32_t parent; /* VIEW_NONE: this is the root */
	uint32_t key;    /* VIEW_NONE: this is the root */
	int64_t self, total;
	int64_t samples; /* own samples, for the error of measurement; 0 when the input does not count them */
};

struct view_key {
	uint32_t frame;  /* the first frame of the key, for name and place */
	uint32_t package; /* text; VIEW_PACKAGES */
	enum profile_category category;
	int64_t self, total, samples, total_samples;
};

struct profile_view {
	const struct profile *p;
	enum view_by by;
	const uint32_t *identity;
	struct view_node *nodes;
	size_t n_nodes, nodes_capacity;
	struct view_key *keys;
	size_t n_keys;
	uint32_t *node_of;  /* by stack: its node, VIEW_NONE when filters drop it */
	int64_t *stack_self; /* by stack: its own values that passed the filters, idle left out */
	uint32_t *key_of;   /* by frame: its key, VIEW_NONE when hidden */
	uint32_t *order;    /* nodes in pre-order; children as they were made */
	uint8_t *passes;    /* by stack, at last for no stack: the filters on frames let it pass */
	uint8_t *threads;   /* by thread: the filter on threads lets it pass; NULL: all */
	int64_t sum;        /* of all that is not idle: what shares refer to */
	int64_t samples;
	int64_t idle;       /* dropped as idle */
	int64_t filtered;   /* dropped by filters */
	int64_t by_category[CATEGORY_N]; /* own values, filters applied, idle too */
	size_t samples_value; /* the value that counts samples; n_values: none */
};

/*
 * Build the view of the value that `p` shows. Idle stacks are left out and counted in `idle`. ERR_USAGE for a regular
 * expression that does not compile or never ends. O(stacks + sums).
 */
int profile_view_make(struct profile_view *v, const struct profile *p, const struct view_options *o, struct err *e);
void profile_view_release(struct profile_view *v);

/* Do the filters let the stack (STACK_NONE: none) of that thread pass? */
static inline int profile_view_wants(const struct profile_view *v, uint32_t stack, uint32_t thread)
{
	return (!v->threads || v->threads[thread]) && v->passes[stack == STACK_NONE ? v->p->stacks.n : stack];
}

/* What a key is called: "fib", "server.js", "express", "application". Valid as long as the profile. */
struct str profile_view_name(const struct profile_view *v, uint32_t key);

/* "NAME FILE:LINE" as filters see a frame. */
void profile_frame_text(const struct profile *p, uint32_t frame, struct strbuf *out);

/* The name of a frame, "(anonymous)" for none. */
struct str profile_frame_name(const struct profile *p, uint32_t frame);

/* Which frames match: a column of 0 and 1 by frame, to be freed by mem_free(); NULL filter: all 0. */
int profile_match_frames(const struct profile *p, const char *option, const char *pattern, uint8_t **out,
			 struct err *e);

/*
 * Which threads match, by thread, to be freed by mem_free(); NULL pattern: `*out` is NULL. ERR_USAGE when it is none.
 */
int profile_match_threads(const struct profile *p, const char *pattern, uint8_t **out, struct err *e);

/* A bare tree of keys that others fill: callers of a function, what a function calls. */
struct view_tree {
	struct mem *mem;
	struct view_node *nodes;
	size_t n, capacity;
	struct hash_index index;
};

int view_tree_init(struct view_tree *t, struct mem *m, struct err *e);
void view_tree_release(struct view_tree *t);

/* The child of `parent` with that key, made when it is new. */
int view_tree_child(struct view_tree *t, uint32_t parent, uint32_t key, uint32_t *node, struct err *e);

/* Add self of all nodes to the totals of their ancestors. */
void view_nodes_add_up(struct view_node *nodes, size_t n);

#endif
