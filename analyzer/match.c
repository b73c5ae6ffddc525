#include "analyzer/match.h"

#include <string.h>

#include "analyzer/heap_passes.h"
#include "analyzer/idsort.h"
#include "base/pool.h"

/* Of the odd ids common to two snapshots of one process 99.9 % and more stand for the same; after a reset 10 to 60 %. */
#define SAME_PROCESS_PERCENT 97

/* An id map that was reset restarts low, so two processes have many ids in common; too few common ones prove nothing. */
#define MIN_COMMON_PERCENT 10

struct sorting {
	const struct digest *old;
	const struct heap *h;
	uint32_t *old_order, *order;
};

static int sort_one(void *ctx, unsigned task, struct err *e)
{
	struct sorting *s = ctx;
	struct mem *m = &s->h->run->mem;

	return task ? idsort(m, &s->h->id, s->h->n_nodes, s->order, e)
		    : idsort(m, &s->old->id, s->old->n_nodes, s->old_order, e);
}

struct judge {
	uint64_t common[2], same[2]; /* by the id's lowest bit */
};

static void pair_up(struct match *m, const struct sorting *s, const uint16_t *names, struct judge *j)
{
	const struct digest *old = s->old;
	const struct heap *h = s->h;
	uint32_t a = 0, b = 0;

	while (a < old->n_nodes && b < h->n_nodes) {
		uint32_t i = s->old_order[a], v = s->order[b];
		uint64_t x = col64_get(&old->id, i), y = heap_id(h, v);

		if (x == y) {
			m->old_of[v] = i;
			bit_set(m->kept, i);
			j->common[x & 1]++;
			j->same[x & 1] += old->kind[i] == digest_kind_by(h, names, v);
		}
		a += x <= y;
		b += y <= x;
	}
}

static enum match_mode judge_mode(const struct judge *j, const struct digest *old, const struct heap *h)
{
	uint64_t smaller = old->n_nodes < h->n_nodes ? old->n_nodes : h->n_nodes;

	if (j->common[1] * 100 < smaller * MIN_COMMON_PERCENT)
		return MATCH_STRUCTURE;
	return j->same[1] * 100 >= j->common[1] * SAME_PROCESS_PERCENT ? MATCH_ID : MATCH_STRUCTURE;
}

static int pair_sorted(struct match *m, struct sorting *s, enum match_mode asked, struct err *e)
{
	struct judge j = { { 0 }, { 0 } };
	uint16_t *names;

	if (pool_run(s->h->run, 2, sort_one, s, e))
		return e->kind;
	names = digest_name_hashes(s->h, e);
	if (!names)
		return e->kind;
	memset(m->old_of, 0xFF, (size_t)s->h->n_nodes * 4);
	pair_up(m, s, names, &j);
	mem_free(m->mem, names);
	m->n_common = j.common[1];
	m->n_same = j.same[1];
	m->even_ids_comparable = j.same[0] * 2 > j.common[0] && j.common[0] > 0;
	m->asked = asked != MATCH_AUTO;
	m->mode = m->asked ? asked : judge_mode(&j, s->old, s->h);
	return 0;
}

int match_make(struct match *m, const struct digest *old, const struct heap *h, enum match_mode asked, struct err *e)
{
	struct sorting s = { .old = old, .h = h };
	struct mem *mem = &h->run->mem;
	uint64_t t = run_clock();
	int rc;

	memset(m, 0, sizeof(*m));
	m->mem = mem;
	m->old_of = mem_alloc(mem, h->n_nodes, 4, e);
	m->kept = m->old_of ? mem_alloc(mem, old->n_nodes / 64 + 1, 8, e) : NULL;
	s.old_order = m->kept ? mem_alloc(mem, old->n_nodes, 4, e) : NULL;
	s.order = s.old_order ? mem_alloc(mem, h->n_nodes, 4, e) : NULL;
	rc = s.order ? pair_sorted(m, &s, asked, e) : e->kind;
	mem_free(mem, s.old_order);
	mem_free(mem, s.order);
	if (rc)
		match_release(m);
	run_stage(h->run, "match", t);
	return rc;
}

void match_release(struct match *m)
{
	if (!m->mem)
		return;
	mem_free(m->mem, m->old_of);
	mem_free(m->mem, m->kept);
	memset(m, 0, sizeof(*m));
}
