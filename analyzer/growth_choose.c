/* Which old objects are told apart as holders: one, a list, or all that are alike. */
#include <stdlib.h>

#include "analyzer/growth_parts.h"
#include "analyzer/refs.h"

/* So many that are alike have to grow to be one holder: of a few each is looked at by itself. */
#define LEAST_ALIKE 4

/* More objects of one group than this that hold about the same are no holders. */
#define MANY_HOLDERS 4

static uint64_t add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

static int descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_weight(const struct claim *a, const struct claim *b)
{
	if (a->weight != b->weight)
		return descending(a->weight, b->weight);
	if (a->account->unsure != b->account->unsure)
		return descending(a->account->unsure, b->account->unsure);
	return descending(b->account->node, a->account->node);
}

static int by_kind(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;

	if (a->kind != b->kind)
		return descending(a->kind, b->kind);
	if (a->replaced != b->replaced)
		return a->replaced - b->replaced;
	return a->grew != b->grew ? b->grew - a->grew : by_weight(a, b);
}

/* One claim, or all of a kind, which stand behind one another: first those that grew. */
struct party {
	const struct claim *first;
	size_t n, n_grew;
	uint64_t weight, unsure; /* of those that grew */
};

static int by_importance(const void *x, const void *y)
{
	const struct party *a = x, *b = y;

	if (a->weight != b->weight)
		return descending(a->weight, b->weight);
	if (a->unsure != b->unsure)
		return descending(a->unsure, b->unsure);
	return descending(b->first->account->node, a->first->account->node);
}

/*
 * By structure, of groups that are trees: none of many objects that hold a little each is more of a holder than the others, nor
 * can be told from them in another process; what grew is what they hang on.
 */
static int is_one_of_many(const struct growing *g, const uint64_t *all, const struct account *a)
{
	return all && growing_importance(a) * MANY_HOLDERS < all[g->groups->of_node[a->node]];
}

/* Per group what all its holders hold. */
static int weigh_groups(const struct growing *g, uint64_t **out, struct err *e)
{
	*out = g->groups ? mem_alloc(g->ledger.mem, g->groups->n, sizeof(**out), e) : NULL;
	for (size_t i = 0; *out && i < g->ledger.n; i++)
		(*out)[g->groups->of_node[g->ledger.all[i].node]] += growing_importance(&g->ledger.all[i]);
	return g->groups && !*out ? e->kind : 0;
}

/* Node's modules are made alike, and whatever the program uses of them is filled in; entries are the program's doing. */
static int is_filled_in(const struct growing *g, const struct account *a)
{
	return !a->entries && growing_importance(a) + a->unsure && ref_in_node_code(g->h, a->node);
}

/* What came against what went there: of objects that only get other content, one grows when the next one shrinks. */
static int grew(const struct account *a)
{
	double held = (double)a->weight + (double)a->unsure, gained = (double)a->gained;

	return (gained > held ? gained : held) + (double)a->own > (double)a->lost;
}

/* An object with other values in its fields has not got more: only what has entries does, or so many fields. */
#define MANY_FIELDS 4

static int is_replaced(const struct account *a)
{
	return a->weight + a->unsure && !a->entries && a->fields < MANY_FIELDS;
}

/* Who holds anything new, and who lost anything of those that may be like them, by kind. */
static int gather_claims(struct growing *g, struct err *e)
{
	uint64_t *of_group;

	g->claims = mem_alloc(g->ledger.mem, g->ledger.n + 1, sizeof(*g->claims), e);
	if (!g->claims || weigh_groups(g, &of_group, e))
		return e->kind;
	for (size_t i = 0; i < g->ledger.n; i++) {
		struct account *a = &g->ledger.all[i];
		struct claim c = { .account = a, .weight = growing_importance(a), .grew = grew(a), .replaced = is_replaced(a) };

		c.kind = is_filled_in(g, a) ? 0 : growing_alike(g, a->node);
		if (c.kind || !is_one_of_many(g, of_group, a))
			g->claims[g->n_claims++] = c;
	}
	mem_free(g->ledger.mem, of_group);
	if (g->n_claims)
		qsort(g->claims, g->n_claims, sizeof(*g->claims), by_kind);
	return 0;
}

static int same_kind(const struct claim *a, const struct claim *b)
{
	return a->kind == b->kind && a->replaced == b->replaced;
}

/* The claims of a kind, from `i` on. */
static struct party party_at(const struct growing *g, size_t i)
{
	struct party p = { .first = &g->claims[i] };

	for (; i < g->n_claims && same_kind(&g->claims[i], p.first); i++) {
		const struct claim *c = &g->claims[i];

		p.n++;
		if (!c->grew)
			continue;
		p.n_grew++;
		p.weight = add(p.weight, c->weight);
		p.unsure = add(p.unsure, c->account->unsure);
	}
	return p;
}

static struct party party_of_one(const struct claim *c)
{
	return (struct party){ .first = c, .n = 1, .weight = c->weight, .unsure = c->account->unsure };
}

static size_t make_parties(const struct growing *g, struct party *out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n_claims;) {
		struct party p = party_at(g, i);

		i += p.n;
		if (p.first->kind && p.n_grew >= LEAST_ALIKE) {
			out[n++] = p;
			continue;
		}
		for (size_t k = 0; k < p.n; k++)
			if (p.first[k].weight || p.first[k].account->unsure)
				out[n++] = party_of_one(&p.first[k]);
	}
	if (n)
		qsort(out, n, sizeof(*out), by_importance);
	return n;
}

static void add_one(struct growing *g, struct account *a)
{
	struct growing_holder x = growing_holder_of(g, a->node);
	unsigned k = 0;

	while (k < g->n_holders && !growing_same_list(g, &g->holder[k], &x))
		k++;
	if (k == g->n_holders || x.listed)
		g->holder[k] = x;
	if (k == g->n_holders)
		g->n_holders++;
	a->holder = k + 1;
}

static void add_alike(struct growing *g, const struct party *p)
{
	uint32_t node = p->first->account->node;

	g->holder[g->n_holders++] = (struct growing_holder){ .owner = node, .head = node, .claims = p->first, .n_claims = p->n };
	for (size_t i = 0; i < p->n; i++)
		p->first[i].account->holder = g->n_holders;
}

int growing_choose(struct growing *g, struct err *e)
{
	struct party *all;
	size_t n;

	if (gather_claims(g, e))
		return e->kind;
	all = mem_alloc(g->ledger.mem, g->n_claims + 1, sizeof(*all), e);
	if (!all)
		return e->kind;
	n = make_parties(g, all);
	for (size_t i = 0; i < n && i < GROWTH_MAX_HOLDERS; i++) {
		if (all[i].n_grew)
			add_alike(g, &all[i]);
		else
			add_one(g, all[i].first->account);
	}
	mem_free(g->ledger.mem, all);
	return 0;
}
