#include "analyzer/heap.h"

#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/hash.h"
#include "base/pool.h"

void heap_release(struct heap *h)
{
	struct mem *m = &h->run->mem;
	void *blocks[] = {
		h->type, h->detachedness, h->name, h->id.lo, h->id.hi, h->self.lo, h->self.hi, h->first_edge,
		h->edge_type, h->edge_name, h->edge_to, h->edge_guide, h->page, h->shared, h->place, h->places, h->scripts, h->distance, h->parent_edge, h->idom,
		h->retained, h->class_, h->tree_order, h->tree_size, h->tree_pos, h->classes, h->shape_of_node,
	};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		mem_free(m, blocks[i]);
	strtab_release(&h->strings);
	hubs_release(&h->hubs);
	dom_tree_release(&h->dom, m);
	shape_set_release(&h->shapes);
	interface_set_release(&h->interfaces);
	arena_release(&h->arena);
	memset(h, 0, sizeof(*h));
}

uint64_t *bits_alloc(struct heap *h, size_t n, struct err *e)
{
	return mem_alloc(&h->run->mem, n / 64 + 1, sizeof(uint64_t), e);
}

uint32_t heap_edge_source(const struct heap *h, uint32_t edge)
{
	const uint32_t *guide = &h->edge_guide[edge >> EDGE_GUIDE_SHIFT];
	uint32_t low = guide[0], high = guide[1] + 1;

	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;

		if (h->first_edge[mid] <= edge)
			low = mid;
		else
			high = mid;
	}
	return low;
}

uint32_t heap_find_edge(const struct heap *h, uint32_t node, enum edge_type type, const char *name)
{
	struct str want = str_of(name);
	uint32_t found;

	if (hubs_find(h, node, type, want, &found))
		return found;
	for (uint32_t e = h->first_edge[node]; e < h->first_edge[node + 1]; e++)
		if (heap_edge_type(h, e) == type && str_eq(heap_string(h, h->edge_name[e]), want))
			return e;
	return NO_EDGE;
}

uint32_t heap_follow(const struct heap *h, uint32_t node, enum edge_type type, const char *name)
{
	uint32_t e = heap_find_edge(h, node, type, name);

	return e == NO_EDGE ? NO_NODE : h->edge_to[e];
}

uint32_t heap_script_name(const struct heap *h, uint32_t script_id)
{
	size_t low = 0, high = h->n_scripts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (h->scripts[mid].id < script_id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < h->n_scripts && h->scripts[low].id == script_id ? h->scripts[low].name : NO_STRING;
}

uint32_t heap_find_string(const struct heap *h, const char *text)
{
	struct str want = str_of(text);

	for (size_t i = 0; i < h->strings.n; i++)
		if (str_eq(strtab_get(&h->strings, i), want))
			return (uint32_t)i;
	return NO_STRING;
}

/* What another chain of passes waits for: the reverse graph, which it may change then; folded sizes; distances. */
enum ready { REVERSED, FOLDED, MEASURED, N_READY };

/* What the passes hand to each other. */
struct analysis {
	struct heap *h;
	struct ephemerons eph;
	uint64_t *detours;         /* see heap_check_edges() */
	struct dominators *dom;
	struct reverse_graph reverse;
	struct latch ready[N_READY]; /* open with 0: it will never be */
	uint64_t numbered_ns;      /* when the walk was over and the reverse graph there */
	uint64_t dominated_ns;     /* when the dominators were known */
};

typedef int pass_fn(struct analysis *a, struct err *e);

/* Passes that may run at the same time: chains, each in its order. */
enum { CHAINS = 3 };

struct side_by_side {
	struct analysis *a;
	pass_fn *const *chain[CHAINS];
};

static int run_chain(void *ctx, unsigned task, struct err *e)
{
	struct side_by_side *s = ctx;

	for (pass_fn *const *p = s->chain[task]; *p; p++) {
		if (!(*p)(s->a, e))
			continue;
		/* whoever waits for what this chain would have made has to learn it */
		for (unsigned i = 0; i < N_READY; i++)
			latch_open(&s->a->ready[i], 0);
		return e->kind;
	}
	return 0;
}

static int opened(struct analysis *a, enum ready what)
{
	latch_open(&a->ready[what], 1);
	return 0;
}

static int number(struct analysis *a, struct err *e)
{
	return dominators_number(a->h, a->detours, &a->dom, e);
}

static int reverse(struct analysis *a, struct err *e)
{
	return reverse_graph_count(a->h, &a->reverse, e);
}

static int index_hubs(struct analysis *a, struct err *e)
{
	return hubs_build(&a->h->hubs, a->h, &a->reverse, e) ? e->kind : opened(a, REVERSED);
}

static int fold(struct analysis *a, struct err *e)
{
	return heap_fold_sizes(a->h, e) ? e->kind : opened(a, FOLDED);
}

/* Without the reverse graph there is nothing to do, and the other chain has the reason. */
static int dominate(struct analysis *a, struct err *e)
{
	int there = latch_wait(&a->ready[REVERSED]);

	a->numbered_ns = run_clock();
	return there ? dominators_finish(a->h, a->dom, &a->reverse, e) : 0;
}

static int retain(struct analysis *a, struct err *e)
{
	int there = latch_wait(&a->ready[FOLDED]);

	a->dominated_ns = run_clock();
	return there ? dominators_retain(a->h, &a->dom, e) : 0;
}

static int distances(struct analysis *a, struct err *e)
{
	return heap_distances(a->h, &a->eph, e) ? e->kind : opened(a, MEASURED);
}

static int classify(struct analysis *a, struct err *e)
{
	return heap_find_scripts(a->h, e) ? e->kind : heap_classify(a->h, e);
}

static int find_documents(struct analysis *a, struct err *e)
{
	return dom_tree_make(a->h, e);
}

static struct hash_key heap_key(const struct heap *h)
{
	return (struct hash_key){ hash_bytes(h->strings.bytes, h->strings.n_bytes),
				  hash_bytes(h->id.lo, (size_t)h->n_nodes * sizeof(*h->id.lo)) };
}

static int make_key(struct analysis *a, struct err *e)
{
	(void)e;
	a->h->key = heap_key(a->h);
	return 0;
}

static int count_nodes(struct analysis *a, struct err *e)
{
	(void)e;
	if (latch_wait(&a->ready[FOLDED]) && latch_wait(&a->ready[MEASURED]))
		heap_count_nodes(a->h);
	return 0;
}

static int finish_stage(struct analysis *a, const char *stage, uint64_t since_ns, struct err *e)
{
	run_stage(a->h->run, stage, since_ns);
	return run_tick(a->h->run, stage, 1, 1, e);
}

/* Nothing may follow an edge before all of them are checked. */
static int prepare(struct analysis *a, struct err *e)
{
	uint64_t t = run_clock();
	int rc = ephemerons_find(a->h, &a->eph, e);

	a->detours = rc ? NULL : bits_alloc(a->h, a->h->n_nodes, e);
	rc = a->detours ? heap_check_edges(a->h, &a->eph, a->detours, e) : e->kind;
	if (!rc)
		rc = heap_propagate_detachedness(a->h, e);
	if (!rc)
		a->h->has_user_roots = heap_has_user_roots(a->h);
	return rc ? rc : finish_stage(a, "check", t, e);
}

/*
 * Dominators need the numbering and the reverse graph, which can be made at the same time; the chain of the latter goes on
 * with what needs neither. It comes first: a single thread then never waits for itself. The folded sizes are wanted when
 * retained sizes are summed. What is counted by node comes last, on two threads about when the first chain is through.
 */
static int walk(struct analysis *a, struct err *e)
{
	static pass_fn *const side_chain[] = { reverse, index_hubs, fold, distances, NULL };
	static pass_fn *const main_chain[] = { number, dominate, retain, NULL };
	static pass_fn *const last_chain[] = { make_key, classify, find_documents, count_nodes, NULL };
	struct side_by_side s = { a, { side_chain, main_chain, last_chain } };
	struct run *run = a->h->run;
	uint64_t t = run_clock();
	int rc = pool_run(run, CHAINS, run_chain, &s, e);

	reverse_graph_release(a->h, &a->reverse);
	if (rc)
		return rc;
	run_stage_took(run, "graph", a->numbered_ns - t);
	run_stage_took(run, "dominators", a->dominated_ns - a->numbered_ns);
	return finish_stage(a, "retain", a->dominated_ns, e);
}

/* What is made when everything about single nodes is known; each part reads that and writes its own. */
struct summing {
	struct heap *h;
	const struct heap_task *more;
};

static int sum_part(void *ctx, unsigned task, struct err *e)
{
	struct summing *s = ctx;

	return task ? s->more->run(s->more->ctx, task - 1, e) : heap_sum_retained(s->h, e);
}

static int conclude(struct analysis *a, const struct heap_task *more, struct err *e)
{
	struct summing s = { a->h, more };
	uint64_t t = run_clock();
	int rc = pool_run(a->h->run, 1 + (more ? more->n_parts : 0), sum_part, &s, e);
	return rc ? rc : finish_stage(a, "classes", t, e);
}

int heap_analyze_with(struct heap *h, const struct heap_task *more, struct err *e)
{
	struct analysis a = { .h = h };
	int rc;

	for (unsigned i = 0; i < N_READY; i++)
		latch_init(&a.ready[i]);
	rc = prepare(&a, e);
	if (!rc)
		rc = walk(&a, e);
	if (!rc)
		rc = conclude(&a, more, e);
	for (unsigned i = 0; i < N_READY; i++)
		latch_release(&a.ready[i]);
	dominators_free(h, a.dom);
	mem_free(&h->run->mem, a.detours);
	ephemerons_release(h, &a.eph);
	return rc ? err_in(e, h->file) : 0;
}

int heap_analyze(struct heap *h, struct err *e)
{
	return heap_analyze_with(h, NULL, e);
}
