#include "analyzer/match.h"

#include <string.h>

#include "analyzer/heap_passes.h"
#include "analyzer/idsort.h"
#include "base/pool.h"

/* Of the odd ids common to two snapshots of one process 99.9 % and more stand for the same; after a reset 10 to 60 %. */
#define SAME_PROCESS_PERCENT 97

/* An id map that was reset restarts low, so two processes have many ids in common; too few common ones prove nothing. */
#define MIN_COMMON_PERCENT 10

struct judge {
	uint64_t common[2], same[2]; /* by the id's lowest bit */
};

/*
 * V8 gives ids out in steps of two, so most are found in a table by half their value, which neither needs a sort nor a
 * search. What the table does not hold - even ids, which are hashes, and ids of a process that has given out far more than
 * live - is listed and sorted.
 */
struct matching {
	struct match *m;
	const struct digest *old;
	const struct heap *h;
	const uint16_t *names;
	uint32_t *table;       /* half an odd id -> object of the digest, or NO_INDEX */
	uint64_t n_slots;
	uint32_t *old_rest, *rest; /* objects and nodes that the table does not hold; by id when sorted */
	uint32_t n_old_rest, n_rest;
	struct judge judge;
};

static int in_table(const struct matching *x, uint64_t id)
{
	return (id & 1) && id >> 1 < x->n_slots;
}

static void pair(struct matching *x, uint32_t i, uint32_t v, uint64_t id)
{
	x->m->old_of[v] = i;
	bit_set(x->m->kept, i);
	x->judge.common[id & 1]++;
	x->judge.same[id & 1] += x->old->kind[i] == digest_kind_by(x->h, x->names, v);
}

/* Non-zero when an id comes twice, which V8 does not do: then only the order by id tells what belongs together. */
static int enter_old(struct matching *x)
{
	const struct digest *old = x->old;

	memset(x->table, 0xFF, x->n_slots * sizeof(*x->table));
	x->n_old_rest = 0;
	for (uint32_t i = 0; i < old->n_nodes; i++) {
		uint64_t id = col64_get(&old->id, i);

		if (!in_table(x, id)) {
			x->n_old_rest++;
			continue;
		}
		if (x->table[id >> 1] != NO_INDEX)
			return 1;
		x->table[id >> 1] = i;
	}
	return 0;
}

static int look_up_new(struct matching *x)
{
	const struct heap *h = x->h;

	x->n_rest = 0;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint64_t id = heap_id(h, v);
		uint32_t i;

		if (!in_table(x, id)) {
			x->n_rest++;
			continue;
		}
		i = x->table[id >> 1];
		if (i == NO_INDEX)
			continue;
		if (bit_get(x->m->kept, i))
			return 1;
		pair(x, i, v, id);
	}
	return 0;
}

static void forget_pairs(struct matching *x)
{
	memset(x->m->old_of, 0xFF, (size_t)x->h->n_nodes * 4);
	memset(x->m->kept, 0, (x->old->n_nodes / 64 + 1) * sizeof(*x->m->kept));
	x->judge = (struct judge){ { 0 }, { 0 } };
}

static int pair_by_table(struct matching *x, struct err *e)
{
	uint64_t most = (uint64_t)x->old->n_nodes + x->h->n_nodes;

	x->n_slots = x->old->last_id / 2 + 1 < most ? x->old->last_id / 2 + 1 : most;
	x->table = mem_alloc_dirty(x->m->mem, x->n_slots, sizeof(*x->table), e);
	if (!x->table)
		return e->kind;
	forget_pairs(x);
	if (enter_old(x) || look_up_new(x)) {
		forget_pairs(x);
		x->n_slots = 0;
		x->n_old_rest = x->old->n_nodes;
		x->n_rest = x->h->n_nodes;
	}
	mem_free(x->m->mem, x->table);
	x->table = NULL;
	return 0;
}

static int list_rest(const struct matching *x, const struct col64 *ids, uint32_t n, uint32_t n_rest, uint32_t **out,
		     struct err *e)
{
	uint32_t *list = *out = mem_alloc(x->m->mem, n_rest, 4, e), k = 0;

	if (!list)
		return e->kind;
	for (uint32_t i = 0; i < n && k < n_rest; i++)
		if (!in_table(x, col64_get(ids, i)))
			list[k++] = i;
	return idsort(x->m->mem, ids, list, n_rest, e);
}

static int sort_one(void *ctx, unsigned task, struct err *e)
{
	struct matching *x = ctx;

	return task ? list_rest(x, &x->h->id, x->h->n_nodes, x->n_rest, &x->rest, e)
		    : list_rest(x, &x->old->id, x->old->n_nodes, x->n_old_rest, &x->old_rest, e);
}

static void merge_rest(struct matching *x)
{
	uint32_t a = 0, b = 0;

	while (a < x->n_old_rest && b < x->n_rest) {
		uint64_t was = col64_get(&x->old->id, x->old_rest[a]), is = heap_id(x->h, x->rest[b]);

		if (was == is)
			pair(x, x->old_rest[a], x->rest[b], is);
		a += was <= is;
		b += is <= was;
	}
}

static enum match_mode judge_mode(const struct judge *j, const struct digest *old, const struct heap *h)
{
	uint64_t smaller = old->n_nodes < h->n_nodes ? old->n_nodes : h->n_nodes;

	if (j->common[1] * 100 < smaller * MIN_COMMON_PERCENT)
		return MATCH_STRUCTURE;
	return j->same[1] * 100 >= j->common[1] * SAME_PROCESS_PERCENT ? MATCH_ID : MATCH_STRUCTURE;
}

static int pair_all(struct matching *x, enum match_mode asked, struct err *e)
{
	struct match *m = x->m;
	const struct judge *j = &x->judge;

	if (pair_by_table(x, e) || pool_run(x->h->run, 2, sort_one, x, e))
		return e->kind;
	merge_rest(x);
	m->n_common = j->common[1];
	m->n_same = j->same[1];
	m->even_ids_comparable = j->same[0] * 2 > j->common[0] && j->common[0] > 0;
	m->asked = asked != MATCH_AUTO;
	m->mode = m->asked ? asked : judge_mode(j, x->old, x->h);
	return 0;
}

int match_make(struct match *m, const struct digest *old, const struct heap *h, enum match_mode asked, struct err *e)
{
	struct matching x = { .m = m, .old = old, .h = h };
	struct mem *mem = &h->run->mem;
	uint16_t *names;
	int rc;

	memset(m, 0, sizeof(*m));
	m->mem = mem;
	x.names = names = digest_name_hashes(h, e);
	m->old_of = names ? mem_alloc_dirty(mem, h->n_nodes, 4, e) : NULL;
	m->kept = m->old_of ? mem_alloc(mem, old->n_nodes / 64 + 1, 8, e) : NULL;
	rc = m->kept ? pair_all(&x, asked, e) : e->kind;
	mem_free(mem, names);
	mem_free(mem, x.table);
	mem_free(mem, x.old_rest);
	mem_free(mem, x.rest);
	if (rc)
		match_release(m);
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
