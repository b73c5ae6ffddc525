#include "analyzer/leaks/common_holders.h"

#include <stdlib.h>

#include "analyzer/leaks/look.h"
#include "analyzer/refs.h"
#include "base/bits.h"

/* A class beyond the first COMMON_HOLDERS_MAX is one of many: none of them has a notable part. */
static void count(struct common_holders *c, const struct heap *h, uint32_t owner)
{
	size_t i = 0;

	while (i < c->n && c->all[i].class_ != h->class_[owner])
		i++;
	if (i == COMMON_HOLDERS_MAX)
		return;
	if (i == c->n)
		c->all[c->n++] = (struct common_holder){ .class_ = h->class_[owner], .node = owner };
	c->all[i].references++;
	c->all[i].several |= c->all[i].node != owner;
}

/* Inside of the member itself: its parts know it. */
static int is_part_of(const struct heap *h, uint32_t node, uint32_t member)
{
	return h->tree_pos[node] - h->tree_pos[member] < h->tree_size[h->tree_pos[member]];
}

/* V8 writes what stands in these as the object's own references, too. */
static int repeats_owner(const struct heap *h, uint32_t node)
{
	return ref_is_transparent(h, node) && str_starts(heap_name(h, node), "(object ");
}

static void count_references(struct common_holders *c, const struct heap *h, const uint64_t *is_member)
{
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		for (uint32_t i = h->first_edge[v]; i < h->first_edge[v + 1]; i++) {
			uint32_t to = h->edge_to[i];

			if (!bit_get(is_member, to) || heap_edge_type(h, i) == EDGE_WEAK || h->edge_type[i] & EDGE_NEVER ||
			    is_part_of(h, v, to) || repeats_owner(h, v))
				continue;
			count(c, h, ref_object(h, v));
		}
	}
}

static int by_references(const void *a, const void *b)
{
	const struct common_holder *x = a, *y = b;

	if (x->references != y->references)
		return x->references < y->references ? 1 : -1;
	return (x->node > y->node) - (x->node < y->node);
}

int common_holder_has_all(const struct common_holder *c, const struct heap *h, const struct suspect_group *g)
{
	return !c->several && c->references / 4 >= g->n / 5 && h->type[c->node] == NODE_OBJECT &&
	       !ref_is_context(h, c->node);
}

int common_holders_are_linked(const struct common_holders *c, const struct suspect_group *g)
{
	return c->n && c->all[0].class_ == g->class_ && c->all[0].references / 4 >= g->n / 5 &&
	       c->all[0].references <= 2 * g->n && (c->n == 1 || c->all[1].references * 2 < g->n);
}

int common_holders_find(struct common_holders *out, const struct heap *h, const struct suspect_group *g, struct err *e)
{
	uint64_t *is_member = MEM_NEW(&h->run->mem, uint64_t, ((size_t)h->n_nodes + 63) / 64, e);

	out->n = 0;
	if (!is_member)
		return e->kind;
	for (size_t i = 0; i < g->n; i++)
		bit_set(is_member, g->members[i]);
	count_references(out, h, is_member);
	mem_free(&h->run->mem, is_member);
	if (out->n)
		qsort(out->all, out->n, sizeof(out->all[0]), by_references);
	return 0;
}
