/* Reads a .heapsnapshot, checks that its arrays fit together, and says how far a cut one is good. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_load_parts.h"
#include "analyzer/heap_passes.h"

/* Edge counts become first edges. `available` edges were read: with a cut file the later nodes have none. */
static int sum_edge_counts(struct loader *l, uint64_t available, struct err *e)
{
	struct heap *h = l->h;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < h->n_nodes; i++) {
		uint64_t n = h->first_edge[i];

		h->first_edge[i] = (uint32_t)sum;
		if (h->truncated && sum + n > available)
			n = available - sum;
		sum += n;
		if (sum > available)
			return err_set(e, ERR_FORMAT,
				       "the edge counts of the first %lu nodes promise %llu edges, the file has %llu",
				       (unsigned long)i + 1, (unsigned long long)sum, (unsigned long long)available);
	}
	h->first_edge[h->n_nodes] = (uint32_t)sum;
	if (sum != available && !h->truncated)
		return err_set(e, ERR_FORMAT, "the nodes' edge counts add up to %llu, but the file has %llu edges",
			       (unsigned long long)sum, (unsigned long long)available);
	h->n_edges = (uint32_t)sum;
	return 0;
}

static int take_locations(struct loader *l, struct err *e)
{
	unsigned fields = l->n_fields[HEAP_LOCATIONS];
	uint64_t n = fields ? l->progress.n[HEAP_LOCATIONS] / fields : 0;
	int rc = n ? heap_set_places(l->h, l->locations, (size_t)n, e) : 0;

	mem_free(&l->h->run->mem, l->locations);
	l->locations = NULL;
	return rc;
}

/* V8 counts before it writes; a file that holds something else was cut and mended, or made up. Hermes promises 0. */
static int check_promise(struct loader *l, const char *what, uint64_t promised, uint64_t found, struct err *e)
{
	if (!promised || promised == found)
		return 0;
	if (l->o->allow_truncated)
		return run_diag(l->h->run, e, "header-count", "the header promises %llu %s, the file has %llu",
				(unsigned long long)promised, what, (unsigned long long)found);
	return err_set(e, ERR_FORMAT, "the header promises %llu %s, but the file has %llu (--allow-truncated reads it all the "
		       "same)", (unsigned long long)promised, what, (unsigned long long)found);
}

static int check_promises(struct loader *l, struct err *e)
{
	struct heap *h = l->h;
	const struct heap_meta *m = &l->meta;

	if (check_promise(l, "nodes", m->node_count, h->n_nodes, e) ||
	    (!h->truncated && check_promise(l, "edges", m->edge_count,
					    l->progress.n[HEAP_EDGES] / l->n_fields[HEAP_EDGES], e)))
		return e->kind;
	if (m->root_index / l->n_fields[HEAP_NODES] >= h->n_nodes)
		return err_set(e, ERR_FORMAT, "root_index %llu is outside of the nodes", (unsigned long long)m->root_index);
	h->root = (uint32_t)(m->root_index / l->n_fields[HEAP_NODES]);
	return 0;
}

static int whole_records(struct loader *l, enum heap_section s, const char *what, struct err *e)
{
	uint64_t n = l->progress.n[s];

	if (n % l->n_fields[s] == 0 || l->h->truncated)
		return 0;
	return err_set(e, ERR_FORMAT, "%s holds %llu numbers, which is no multiple of %u", what, (unsigned long long)n,
		       l->n_fields[s]);
}

static int finish(struct loader *l, struct err *e)
{
	struct heap *h = l->h;
	const struct heap_progress *p = &l->progress;

	if (!p->n[HEAP_NODES])
		return err_set(e, ERR_FORMAT, "the snapshot has no nodes");
	if (strtab_trim(&h->strings, e))
		return e->kind;
	if (whole_records(l, HEAP_NODES, "nodes", e) || whole_records(l, HEAP_EDGES, "edges", e))
		return e->kind;
	h->n_nodes = (uint32_t)(p->n[HEAP_NODES] / l->n_fields[HEAP_NODES]);
	if (!h->edge_to && heap_columns_edges(l, 1, e))
		return e->kind;
	if (check_promises(l, e) || sum_edge_counts(l, p->n[HEAP_EDGES] / l->n_fields[HEAP_EDGES], e) ||
	    heap_check_sizes(h, e))
		return e->kind;
	return take_locations(l, e);
}

/* How far a cut file is good, in the words of the issue that users have: the process died while it wrote. */
static int describe_cut(struct loader *l, struct err *e)
{
	const struct heap_progress *p = &l->progress;
	char why[300];
	unsigned nf = l->n_fields[HEAP_NODES], ef = l->n_fields[HEAP_EDGES];
	uint64_t nodes = nf ? p->n[HEAP_NODES] / nf : 0, edges = ef ? p->n[HEAP_EDGES] / ef : 0;
	int usable = p->complete[HEAP_NODES];

	snprintf(why, sizeof(why), "%.280s", e->text);
	e->kind = ERR_TRUNCATED;
	snprintf(e->text, sizeof(e->text),
		 "%s: the file was cut off; good so far: %llu of %llu nodes, %llu of %llu edges, %zu strings%s", why,
		 (unsigned long long)nodes, (unsigned long long)l->meta.node_count, (unsigned long long)edges,
		 (unsigned long long)l->meta.edge_count, l->h->strings.n,
		 usable ? " (the nodes are whole: --allow-truncated reads what is there)" : " (too little to work with)");
	return e->kind;
}

/* With --allow-truncated a cut file whose nodes are whole is good enough. */
static int accept_cut(struct loader *l, struct err *e)
{
	struct heap *h = l->h;
	uint64_t offset = l->progress.offset;

	describe_cut(l, e);
	if (!l->o->allow_truncated || !l->progress.complete[HEAP_NODES])
		return e->kind;
	h->truncated = 1;
	memset(e, 0, sizeof(*e));
	e->offset = ERR_NO_OFFSET;
	return run_diag(h->run, e, "truncated",
			"the file ends at offset %llu: %llu of %llu edges and %zu strings were read, so sizes are too small and "
			"names are missing",
			(unsigned long long)offset, (unsigned long long)l->progress.n[HEAP_EDGES] / l->n_fields[HEAP_EDGES],
			(unsigned long long)l->meta.edge_count, h->strings.n);
}

static int missing_section(const struct loader *l, struct err *e)
{
	const struct heap_progress *p = &l->progress;

	if (!p->complete[HEAP_NODES] || !p->complete[HEAP_EDGES] || !p->strings_complete)
		return err_at(e, ERR_TRUNCATED, p->offset, "the snapshot has no %s section",
			      !p->complete[HEAP_NODES]	 ? "\"nodes\""
			      : !p->complete[HEAP_EDGES] ? "\"edges\""
							 : "\"strings\"");
	return 0;
}

static int load(struct loader *l, struct source *src, struct err *e)
{
	struct heap *h = l->h;
	struct heap_sink sink = { l, heap_columns_meta, heap_columns_reserve, heap_columns_take, &h->strings, NULL };
	struct heap_read_options o = { l->o->read_bytes };
	uint64_t t = run_clock();
	int rc;

	h->file_bytes = source_size(src);
	rc = heapsnapshot_read(h->run, src, &o, &sink, &l->meta, &l->progress, e);
	if (!rc)
		rc = missing_section(l, e);
	if (rc == ERR_TRUNCATED)
		rc = accept_cut(l, e);
	run_stage(h->run, "read", t);
	if (rc)
		return rc;
	t = run_clock();
	rc = finish(l, e);
	run_stage(h->run, "index", t);
	return rc;
}

static int load_source(struct heap *h, struct run *run, struct source *src, const char *file,
		       const struct heap_load_options *o, struct err *e)
{
	struct loader *l;
	int rc;

	memset(h, 0, sizeof(*h));
	h->run = run;
	h->file = file;
	strtab_init(&h->strings, &run->mem);
	arena_init(&h->arena, &run->mem);
	l = mem_alloc(&run->mem, 1, sizeof(*l), e);
	if (!l)
		return e->kind;
	l->h = h;
	l->o = o;
	pthread_mutex_init(&l->lock, NULL);
	rc = load(l, src, e);
	pthread_mutex_destroy(&l->lock);
	heap_meta_release(&l->meta);
	mem_free(&run->mem, l->locations);
	mem_free(&run->mem, l);
	if (rc)
		heap_release(h);
	return rc;
}

int heap_load(struct heap *h, struct run *run, const char *file, const struct heap_load_options *o, struct err *e)
{
	struct source *src;
	int rc;

	if (source_open(&src, &run->mem, file, e))
		return e->kind;
	rc = load_source(h, run, src, file, o, e);
	source_close(src);
	return rc ? err_in(e, file) : 0;
}

int heap_load_memory(struct heap *h, struct run *run, const void *bytes, size_t n, const struct heap_load_options *o,
		     struct err *e)
{
	struct source *src;
	int rc;

	if (source_open_memory(&src, &run->mem, bytes, n, e))
		return e->kind;
	rc = load_source(h, run, src, "(memory)", o, e);
	source_close(src);
	return rc;
}
