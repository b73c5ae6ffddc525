/* How sentences call what accumulates. */
#include <string.h>

#include "analyzer/dom_name.h"
#include "analyzer/human.h"
#include "analyzer/leaks/detector.h"
#include "analyzer/refs.h"

/* An element's name are its attributes: `<ul>` and `class="rows"` are `<ul class="rows">`. */
static int is_element(const struct node_ref *ref)
{
	return dom_name_has_tag(ref->class) && ref->class.s[ref->class.n - 1] == '>' && ref->name.n && memchr(ref->name.s, '=', ref->name.n);
}

static void add_holder(struct opinion *o, const struct node_ref *ref, int several)
{
	int element = is_element(ref);

	strbuf_add(&o->scratch, ref->class.s, ref->class.n - (size_t)element);
	if (element) {
		strbuf_addf(&o->scratch, " %.*s>", (int)ref->name.n, ref->name.s);
	} else if (ref->name.n) {
		strbuf_addch(&o->scratch, ' ');
		strbuf_add(&o->scratch, ref->name.s, ref->name.n);
	} else if (!several) {
		strbuf_addf(&o->scratch, " @%llu", (unsigned long long)ref->id);
	}
}

/* How an object is found: by what name, if by any. */
static uint32_t name_of(const struct heap *h, uint32_t node)
{
	uint32_t edge = h->parent_edge[node];

	return edge == NO_EDGE || heap_edge_indexed(h, edge) ? NO_STRING : h->edge_name[edge];
}

static int are_keyed(const struct heap *h, const struct growth_point *p)
{
	for (size_t i = 0; i < p->n_others; i++)
		if (name_of(h, p->others[i].node) != name_of(h, p->at.node))
			return 1;
	return 0;
}

/* Of all of them; NO_NODE when they have several. */
static uint32_t common_owner(const struct heap *h, const struct growth_point *p)
{
	uint32_t owner = ref_owner(h, p->at.node);

	for (size_t i = 0; i < p->n_others; i++)
		if (ref_owner(h, p->others[i].node) != owner)
			return NO_NODE;
	return owner;
}

/* Each of them is known by a key of its own, and the table in which all are says more: "Array (60 alike, in Object history)". */
static const char *words_keyed(struct opinion *o, const struct suspect *s, uint32_t node, uint32_t table, size_t n)
{
	const struct node_ref *ref = NULL;

	if (table != NO_NODE && ref_holder(o->arena, s->h, table, 0, &ref, o->e)) {
		o->failed = 1;
		return "";
	}
	strbuf_reset(&o->scratch);
	strbuf_addstr(&o->scratch, words_class(o, s, node));
	strbuf_addstr(&o->scratch, " (");
	human_count(&o->scratch, (int64_t)n, 0);
	strbuf_addstr(&o->scratch, ref ? " alike, in " : " alike)");
	if (ref) {
		add_holder(o, ref, 0);
		strbuf_addch(&o->scratch, ')');
	}
	return opinion_keep(o).s;
}

const char *words_holder(struct opinion *o, const struct suspect *s, uint32_t node)
{
	const struct growth_point *p = s->other && s->other->at.node == node ? s->other : s->point;
	const struct node_ref *ref;
	size_t n = growth_n_spots(p);

	if (o->failed || ref_holder(o->arena, s->h, node, 0, &ref, o->e)) {
		o->failed = 1;
		return "";
	}
	if (n > 1 && node == p->at.node && are_keyed(s->h, p))
		return words_keyed(o, s, node, common_owner(s->h, p), n);
	strbuf_reset(&o->scratch);
	add_holder(o, ref, n > 1);
	if (n > 1) {
		strbuf_addstr(&o->scratch, " (");
		human_count(&o->scratch, (int64_t)n, 0);
		strbuf_addstr(&o->scratch, " alike)");
	}
	return opinion_keep(o).s;
}
