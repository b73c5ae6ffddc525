#include "analyzer/growth.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"

/* Points below one hundredth of the growth are left out. */
#define NOISE 100

/* Growth at many small places is looked into when it is a tenth of all. */
#define MUCH_OF_IT 10

static int by_delta(const void *x, const void *y)
{
	const struct growth_point *a = x, *b = y;

	if (a->minor != b->minor)
		return a->minor - b->minor;
	if (a->delta_bytes != b->delta_bytes)
		return a->delta_bytes < b->delta_bytes ? 1 : -1;
	return (a->at.node > b->at.node) - (a->at.node < b->at.node);
}

static int64_t rest_of(const struct growing *g)
{
	int64_t rest = 0;

	for (size_t i = 0; i < g->ledger.n; i++)
		rest += g->ledger.all[i].rest;
	return rest;
}

static int is_global(const struct heap *h, uint32_t node)
{
	struct str class = h->classes[h->class_[node]].name;

	return str_starts(class, "global") || str_starts(class, "Window");
}

/* What was lost at other places below is set against it: by object both sizes are known. */
static int64_t net_of_spread(const struct growing *g, const struct growth_point *p, int64_t bytes)
{
	int64_t change = (int64_t)p->after_bytes - (int64_t)p->before_bytes;

	return g->groups || change > bytes ? bytes : change;
}

/* A point for growth at many places, when it has a common root that means something. */
static int make_spread_point(struct growth *out, struct growing *g, struct err *e)
{
	struct growth_point *p = &out->points[out->n];
	int64_t rest = rest_of(g), bytes;
	uint32_t node;

	if (rest < 8 * GROWTH_NOISE_BYTES || rest * MUCH_OF_IT < out->total_bytes)
		return 0;
	if (growing_spread(g, &node, &bytes, e))
		return e->kind;
	if (node == NO_NODE || bytes * 2 < rest || fresh_is(&g->fresh, node))
		return 0;
	*p = (struct growth_point){ .at = { .node = node, .holder = node, .branch = node, .old = NO_INDEX }, .spread = 1,
				    .mark = GROWTH_MAX_HOLDERS };
	if (growing_weigh(g, p, e))
		return e->kind;
	bytes = net_of_spread(g, p, bytes);
	if (bytes * 2 < rest)
		return 0;
	p->exclusive_bytes = p->delta_bytes = bytes;
	if (growing_items(g, p, 1, e))
		return e->kind;
	/* a bit of everything is a program at work, not something that grows */
	if (!p->n_items || (int64_t)p->items[0].retained_bytes * 4 < bytes || is_global(g->h, node))
		return 0;
	out->n++;
	out->n_major++;
	out->explained_bytes += bytes;
	return 0;
}

static int make_points(struct growth *out, struct growing *g, struct err *e)
{
	out->points = mem_alloc(out->mem, g->n_holders + 2, sizeof(*out->points), e);
	if (!out->points)
		return e->kind;
	for (unsigned k = 0; k < g->n_holders; k++) {
		struct growth_point *p = &out->points[out->n];

		if (!growing_is_told(&g->holder[k]))
			continue;
		out->n++;
		if (growing_describe(g, k, p, e))
			return e->kind;
		if (growing_is_refill(g, k, p)) {
			mem_free(out->mem, p->others);
			out->n--;
			continue;
		}
		p->minor = p->delta_bytes < out->total_bytes / NOISE;
		if (p->minor)
			continue;
		out->n_major++;
		out->explained_bytes += p->delta_bytes;
	}
	if (make_spread_point(out, g, e))
		return e->kind;
	qsort(out->points, out->n, sizeof(*out->points), by_delta);
	return 0;
}

int growth_find(struct growth *out, const struct digest *old, const struct heap *h, const struct match *m,
		const struct groups *groups, struct err *e)
{
	struct growing g = { .old = old, .h = h, .m = m, .groups = groups };
	struct mem *mem = &h->run->mem;
	int rc;

	memset(out, 0, sizeof(*out));
	out->mem = mem;
	out->total_bytes = (int64_t)h->retained[h->root] - (int64_t)digest_retained(old, 0);
	g.ledger.mem = mem;
	g.joint = out->joint = mem_alloc(mem, (size_t)GROWTH_MAX_HOLDERS * GROWTH_MAX_HOLDERS, sizeof(*g.joint), e);
	rc = g.joint ? growing_balance(&g, e) : e->kind;
	if (!rc)
		rc = growing_share(&g, e);
	if (!rc)
		rc = make_points(out, &g, e);
	ledger_release(&g.ledger);
	ranked_bits_release(&g.fresh.set, mem);
	mem_free(mem, g.fresh.anchor);
	mem_free(mem, g.fresh.new_in_group);
	mem_free(mem, g.claims);
	if (rc)
		growth_release(out);
	return rc;
}

static int describe_candidates(struct growth *out, struct growing *g, const struct growth_candidate *all, size_t n,
			       struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct growth_point *p = &out->points[i];
		int64_t retained = (int64_t)g->h->retained[all[i].node];

		*p = (struct growth_point){ .at = { .node = all[i].node, .holder = all[i].node,
						    .branch = all[i].node, .old = NO_INDEX },
					    .listed = all[i].listed, .spread = all[i].spread, .mark = GROWTH_MAX_HOLDERS,
					    .delta_bytes = retained, .exclusive_bytes = retained,
					    .before_bytes = (uint64_t)retained, .after_bytes = (uint64_t)retained };
		if (growing_items(g, p, p->listed || p->spread, e))
			return e->kind;
		out->n = out->n_major = i + 1;
	}
	return 0;
}

int growth_of_one(struct growth *out, const struct heap *h, const struct growth_candidate *all, size_t n,
		  struct err *e)
{
	struct mem *m = &h->run->mem;
	struct growing g = { .h = h, .ledger = { .mem = m } };
	int rc = ranked_bits_alloc(&g.fresh.set, m, h->n_nodes, e);

	*out = (struct growth){ .mem = m, .total_bytes = (int64_t)h->retained[h->root] };
	if (!rc) {
		memset(g.fresh.set.bits, 0xFF, (h->n_nodes + 63) / 64 * sizeof(uint64_t));
		ranked_bits_index(&g.fresh.set, h->n_nodes);
		out->points = mem_alloc(m, n + 1, sizeof(*out->points), e);
		rc = out->points ? describe_candidates(out, &g, all, n, e) : e->kind;
	}
	ranked_bits_release(&g.fresh.set, m);
	if (rc)
		growth_release(out);
	return rc;
}

void growth_release(struct growth *g)
{
	if (g->mem) {
		for (size_t i = 0; i < g->n; i++)
			mem_free(g->mem, g->points[i].others);
		mem_free(g->mem, g->points);
		mem_free(g->mem, g->joint);
	}
	memset(g, 0, sizeof(*g));
}
