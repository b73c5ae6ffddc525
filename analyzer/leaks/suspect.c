#include "analyzer/leaks/suspect.h"

#include <string.h>

#include "analyzer/leaks/look.h"
#include "analyzer/leaks/suspect_groups.h"
#include "analyzer/refs.h"
#include "base/bits.h"

/* Strings, numbers and V8's own objects are the filling of something else, if there is something else. */
static int is_filling(const struct heap *h, const struct growth_item *item)
{
	switch (h->type[item->sample]) {
	case NODE_STRING:
	case NODE_CONS_STRING:
	case NODE_SLICED_STRING:
	case NODE_NUMBER:
	case NODE_SYMBOL:
	case NODE_BIGINT:
	case NODE_CODE:
	case NODE_SHAPE:
	case NODE_HIDDEN:
	case NODE_ARRAY:
		return 1;
	default:
		return ref_is_context(h, item->sample);
	}
}

static const struct growth_item *main_item(const struct heap *h, const struct growth_point *p)
{
	for (size_t i = 0; i < p->n_items; i++)
		if (!is_filling(h, &p->items[i]) && p->items[i].retained_bytes * 4 >= p->items[0].retained_bytes)
			return &p->items[i];
	return p->n_items ? &p->items[0] : NULL;
}

/* Keeps the largest ids, in order. */
static void remember(struct suspect *s, uint64_t id)
{
	size_t at = s->n_newest;

	while (at && s->newest[at - 1] < id)
		at--;
	if (at && s->newest[at - 1] == id)
		return;
	if (at == LEAK_SAMPLES)
		return;
	if (s->n_newest < LEAK_SAMPLES)
		s->n_newest++;
	memmove(&s->newest[at + 1], &s->newest[at], (s->n_newest - at - 1) * sizeof(s->newest[0]));
	s->newest[at] = id;
}

struct counting {
	struct suspect *s;
	uint64_t *born_before; /* per snapshot but the last */
};

static int count_item(const struct heap *h, uint32_t item, void *ctx)
{
	struct counting *c = ctx;
	struct suspect *s = c->s;
	uint64_t id = heap_id(h, item);

	s->n_items++;
	if (!s->n_newest || id > s->newest[0])
		s->item = item;
	remember(s, id);
	for (size_t i = 0; i + 1 < s->c->n; i++)
		c->born_before[i] += id <= s->c->digests[i].last_id;
	return 0;
}

static const struct collection *find_collection(const struct sections *list, uint64_t id)
{
	size_t low = 0, high = list->n_collections;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list->collections[mid].id == id)
			return &list->collections[mid];
		if (list->collections[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static uint64_t length_in(const struct sections *list, uint64_t id)
{
	const struct collection *found = find_collection(list, id);

	return found ? found->length : 0;
}

/* Whether its length is known in all snapshots: short ones are in no list, and what is not born yet has none. */
static int has_lengths(const struct suspect *s, const struct growth_spot *at)
{
	const struct comparison *c = s->c;
	uint64_t id = heap_id(s->h, at->node);

	if (at->node != at->holder || !length_in(c->sections[c->n - 1], id))
		return 0;
	for (size_t i = 0; i + 1 < c->n && s->item != NO_NODE; i++)
		if (id <= c->digests[i].last_id && !length_in(c->sections[i], id))
			return 0;
	return 1;
}

/* The length of a collection in every snapshot is better than counting who was born when: it knows what was removed. */
static int count_by_length(struct suspect *s)
{
	const struct comparison *c = s->c;
	size_t n = growth_n_spots(s->point);

	if (s->group || s->point->listed)
		return 0;
	for (size_t k = 0; k < n; k++)
		if (!has_lengths(s, growth_spot(s->point, k)))
			return 0;
	for (size_t i = 0; i < c->n; i++) {
		s->counts[i] = 0;
		for (size_t k = 0; k < n; k++)
			s->counts[i] += length_in(c->sections[i], heap_id(s->h, growth_spot(s->point, k)->node));
	}
	/* elements have children of other classes as well */
	return !dom_is_node(s->h, s->node) || s->counts[c->n - 1] == s->n_items;
}

/* Counts of the group in all snapshots, in objects of which one item may have two. */
static void add_group(struct suspect *s, uint32_t group)
{
	const struct group *now = &s->c->groups->all[group];

	for (size_t i = 0; i + 1 < s->c->n; i++) {
		const struct groups *then = &s->c->digests[i].groups;
		uint32_t k = groups_find(then, now->signature);

		s->counts[i] += k == NO_NODE ? 0 : then->all[k].count;
	}
	s->counts[s->c->n - 1] += now->count;
}

struct grouping {
	struct suspect *s;
	uint64_t *seen; /* bit set over the groups */
};

static int add_group_of(const struct heap *h, uint32_t item, void *ctx)
{
	struct grouping *x = ctx;
	uint32_t group = x->s->c->groups->of_node[item];

	(void)h;
	if (!bit_get(x->seen, group))
		add_group(x->s, group);
	bit_set(x->seen, group);
	return 0;
}

/* What holders that are alike have need not be of one group. */
static int count_by_groups(struct suspect *s, struct err *e)
{
	const struct groups *g = s->c->groups;
	struct grouping x = { s, MEM_NEW(&s->h->run->mem, uint64_t, g->n / 64 + 1, e) };
	unsigned each = suspect_functions_each(s);

	if (!x.seen)
		return e->kind;
	memset(s->counts, 0, s->c->n * sizeof(*s->counts));
	if (growth_n_spots(s->point) > 1)
		suspect_each_item(s, add_group_of, &x);
	else
		add_group(s, g->of_node[s->item]);
	for (size_t i = 0; i < s->c->n; i++)
		s->counts[i] /= each;
	mem_free(&s->h->run->mem, x.seen);
	return 0;
}

/* Even ids belong to embedder objects and say nothing about age, which is asked for only when there are several snapshots. */
static int count_by_age(struct suspect *s, const uint64_t *born_before)
{
	if (s->c->n > 1 && !(heap_id(s->h, s->item) & 1))
		return 0;
	for (size_t i = 0; i + 1 < s->c->n; i++)
		s->counts[i] = born_before[i];
	s->counts[s->c->n - 1] = s->n_items;
	return 1;
}

static int children_then(const struct digest *d, const struct suspect *s, uint64_t *out, struct err *e)
{
	size_t n = growth_n_spots(s->point);
	uint32_t *objects = MEM_NEW(&s->h->run->mem, uint32_t, n, e);
	int rc = objects ? growth_objects_in(d, s->h, s->point, objects, e) : e->kind;

	*out = 0;
	for (size_t i = 0; i < n && !rc; i++)
		*out += objects[i] == NO_INDEX ? 0 : growth_children_in(d, objects[i], s->h, s->item);
	mem_free(&s->h->run->mem, objects);
	return rc;
}

static uint64_t children_now(const struct suspect *s, uint32_t node)
{
	const struct heap *h = s->h;
	uint32_t pos = h->tree_pos[node], end = pos + h->tree_size[pos];
	uint64_t n = 0;

	for (uint32_t p = pos + 1; p < end;) {
		uint32_t v = h->tree_order[p];

		n += h->name[v] == h->name[s->item] && h->type[v] == h->type[s->item];
		p += dom_is_store(h, v) ? 1 : h->tree_size[p];
	}
	return n;
}

static int are_children(const struct suspect *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < growth_n_spots(s->point); i++)
		n += children_now(s, growth_spot(s->point, i)->node);
	return n == s->n_items;
}

/*
 * Where the items are what the holder dominates, there were as many as it dominated. Of the first snapshot that was counted while
 * its objects were at hand.
 */
static int count_by_kind(struct suspect *s, int *known, struct err *e)
{
	const struct comparison *c = s->c;

	*known = c->n > 1 && !s->group && !s->below && !s->point->listed && !s->point->spread && are_children(s);
	if (!*known)
		return 0;
	s->counts[0] = s->main->before;
	for (size_t i = 1; i + 1 < c->n; i++)
		if (children_then(&c->digests[i], s, &s->counts[i], e))
			return e->kind;
	s->counts[c->n - 1] = s->n_items;
	s->kept = 0; /* who of them is who cannot be told */
	return 0;
}

/* Of many that are alike some get what others lose, and who is young has often taken the place of another. */
static int count_one_by_one(struct suspect *s, const uint64_t *born_before, int *known, struct err *e)
{
	int alike = growth_n_spots(s->point) > 1;

	*known = count_by_length(s) || (!alike && count_by_age(s, born_before));
	if (!*known && count_by_kind(s, known, e))
		return e->kind;
	if (!*known && alike)
		*known = count_by_age(s, born_before);
	return 0;
}

static int are_native(const struct suspect *s)
{
	return s->main && s->h->type[s->main->sample] == NODE_NATIVE;
}

static int count_items(struct suspect *s, struct counting *c, struct err *e)
{
	struct mem *m = &s->h->run->mem;

	s->met = are_native(s) ? mem_alloc(m, (size_t)s->h->n_nodes / 64 + 1, sizeof(*s->met), e) : NULL;
	if (are_native(s) && !s->met)
		return e->kind;
	suspect_each_item(s, count_item, c);
	mem_free(m, s->met);
	s->met = NULL;
	return 0;
}

static int count(struct suspect *s, uint64_t *born_before, struct err *e)
{
	struct counting c = { s, born_before };
	int known = 1;

	if (count_items(s, &c, e))
		return e->kind;
	/* what waits for a promise hangs on functions that share it */
	s->below = s->c->n == 1 && !s->n_items && s->main;
	if (s->below)
		suspect_each_item(s, count_item, &c);
	s->kept = born_before[0];
	if (s->item == NO_NODE)
		known = !s->c->groups && count_by_length(s);
	else if (s->c->groups ? count_by_groups(s, e) : count_one_by_one(s, born_before, &known, e))
		return e->kind;
	if (!known)
		s->counts = NULL;
	return 0;
}

static int weigh(struct suspect *s, struct err *e)
{
	size_t n = s->c->n;

	s->retained[0] = s->point->before_bytes;
	s->retained[n - 1] = s->point->after_bytes;
	for (size_t i = 1; i + 1 < n; i++) {
		int64_t bytes;

		if (growth_retained_in(&s->c->digests[i], s->h, s->c->groups, s->point, &bytes, e))
			return e->kind;
		s->retained[i] = (uint64_t)bytes;
	}
	return 0;
}

static int gather(struct suspect *s, struct arena *a, struct err *e)
{
	const struct comparison *c = s->c;
	uint64_t *born_before = arena_alloc(a, c->n * sizeof(*born_before), e);

	s->counts = born_before ? arena_alloc(a, c->n * sizeof(*s->counts), e) : NULL;
	s->retained = s->counts ? arena_alloc(a, c->n * sizeof(*s->retained), e) : NULL;
	return !s->retained || weigh(s, e) || count(s, born_before, e) ? e->kind : 0;
}

int suspect_make(struct suspect *s, const struct comparison *c, const struct growth_point *p, struct arena *a,
		 struct err *e)
{
	*s = (struct suspect){ .c = c, .h = c->last, .point = p, .node = p->at.node, .item = NO_NODE,
			       .delta_bytes = p->delta_bytes };
	s->main = main_item(s->h, p);
	return gather(s, a, e);
}

int suspect_make_group(struct suspect *s, const struct comparison *c, const struct suspect_group *g,
		       struct growth_point *p, struct arena *a, struct err *e)
{
	int64_t bytes = (int64_t)g->bytes;

	*p = (struct growth_point){ .at = { .node = g->holder, .holder = g->holder, .branch = g->holder, .old = NO_INDEX },
				    .mark = GROWTH_MAX_HOLDERS, .delta_bytes = bytes, .exclusive_bytes = bytes,
				    .before_bytes = g->bytes, .after_bytes = g->bytes, .n_items = 1 };
	p->items[0] = (struct growth_item){ .class_ = g->class_, .place = g->place, .sample = g->members[0],
					    .count = g->n, .retained_bytes = g->bytes };
	*s = (struct suspect){ .c = c, .h = c->last, .point = p, .group = g,
			       .scattered = !g->direct, .node = p->at.node, .item = NO_NODE,
			       .delta_bytes = bytes, .main = &p->items[0] };
	return gather(s, a, e);
}
