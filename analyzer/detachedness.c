/* DevTools: propagateDOMState. Only embedder (native) nodes pass the state on; JavaScript objects stop the wave. */
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/strtab.h"

enum { UNKNOWN, ATTACHED, DETACHED };

struct wave {
	struct heap *h;
	uint64_t *visited;
	uint32_t *stack[3];   /* by state */
	size_t n[3], capacity[3];
	uint32_t *renamed;    /* string number -> string number of "Detached X", 0: none yet */
	size_t n_renamed;
	struct strtab names;  /* the new texts; appended to the heap's at the end */
};

static int push(struct wave *w, int state, uint32_t node, struct err *e)
{
	void *p = w->stack[state];

	if (mem_reserve(&w->h->run->mem, &p, &w->capacity[state], w->n[state] + 1, 4, e))
		return e->kind;
	w->stack[state] = p;
	w->stack[state][w->n[state]++] = node;
	return 0;
}

/* Reads the heap's text before it appends to the same table, so the text is copied through the wave's own. */
static int rename_node(struct wave *w, uint32_t node, struct err *e)
{
	struct heap *h = w->h;
	uint32_t old = h->name[node];
	struct str s;

	if (old >= w->n_renamed)
		return 0;
	if (!w->renamed[old]) {
		static const char prefix[] = "Detached ";
		struct strtab *t = &w->names;

		s = heap_string(h, old);
		if (strtab_reserve(t, s.n + sizeof(prefix), e))
			return e->kind;
		memcpy(t->bytes + t->n_bytes, prefix, sizeof(prefix) - 1);
		memcpy(t->bytes + t->n_bytes + sizeof(prefix) - 1, s.s, s.n);
		t->n_bytes += sizeof(prefix) - 1 + s.n;
		w->renamed[old] = (uint32_t)(h->strings.n + t->n);
		if (strtab_close(t, e))
			return e->kind;
	}
	h->name[node] = w->renamed[old];
	return 0;
}

static int process(struct wave *w, uint32_t node, uint8_t state, struct err *e)
{
	struct heap *h = w->h;

	if (bit_get(w->visited, node))
		return 0;
	bit_set(w->visited, node);
	if (h->type[node] != NODE_NATIVE)
		return 0;
	h->detachedness[node] = state;
	if (state != ATTACHED && state != DETACHED)
		return 0;
	if (state == DETACHED && rename_node(w, node, e))
		return e->kind;
	return push(w, state, node, e);
}

static int spread(struct wave *w, uint32_t node, uint8_t state, struct err *e)
{
	const struct heap *h = w->h;

	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++) {
		enum edge_type t = heap_edge_type(h, i);

		if (t != EDGE_HIDDEN && t != EDGE_WEAK && h->edge_to[i] < h->n_nodes &&
		    process(w, h->edge_to[i], state, e))
			return e->kind;
	}
	return 0;
}

static int run_wave(struct wave *w, struct err *e)
{
	struct heap *h = w->h;

	for (uint32_t i = 0; i < h->n_nodes; i++)
		if (h->detachedness[i] && process(w, i, h->detachedness[i], e))
			return e->kind;
	while (w->n[ATTACHED])
		if (spread(w, w->stack[ATTACHED][--w->n[ATTACHED]], ATTACHED, e))
			return e->kind;
	while (w->n[DETACHED]) {
		uint32_t node = w->stack[DETACHED][--w->n[DETACHED]];

		if (h->detachedness[node] != ATTACHED && spread(w, node, DETACHED, e))
			return e->kind;
	}
	for (size_t i = 0; i < w->names.n; i++)
		if (strtab_add(&h->strings, strtab_get(&w->names, i), e))
			return e->kind;
	return 0;
}

int heap_propagate_detachedness(struct heap *h, struct err *e)
{
	struct wave w = { .h = h };
	struct mem *m = &h->run->mem;
	int rc = 0;

	if (!h->detachedness)
		return 0;
	if (!memchr(h->detachedness, ATTACHED, h->n_nodes) && !memchr(h->detachedness, DETACHED, h->n_nodes)) {
		/* a column of nothing but "unknown" says no more than none */
		mem_free(m, h->detachedness);
		h->detachedness = NULL;
		return 0;
	}
	strtab_init(&w.names, m);
	w.n_renamed = h->strings.n;
	w.visited = bits_alloc(h, h->n_nodes, e);
	w.renamed = w.visited ? mem_alloc(m, w.n_renamed + 1, 4, e) : NULL;
	rc = w.renamed ? run_wave(&w, e) : e->kind;
	strtab_release(&w.names);
	mem_free(m, w.visited);
	mem_free(m, w.renamed);
	mem_free(m, w.stack[ATTACHED]);
	mem_free(m, w.stack[DETACHED]);
	return rc;
}
