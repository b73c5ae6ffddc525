#include "analyzer/leaks/suspect_groups.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/leaks/look.h"
#include "analyzer/refs.h"

#define LEAST_MEMBERS 64
#define MUCH_OF_HEAP 20  /* a twentieth; what is that large by itself is no member but a matter of its own */
#define FEW 8            /* objects between a member and its function */

/* What every program has plenty of, for as many reasons. */
#define EVERYDAY "Object Array Map Set"

#define NO_SLOT 0
#define BY_PLACE 0xFF
#define TOLD 0xFE
#define AHEAD 16 /* neighbours in the tree lie apart in the columns */

struct walk {
	const struct heap *h;
	struct suspect_groups *out;
	uint64_t least;           /* bytes */
	uint8_t *of_class;        /* class number -> slot + 1, NO_SLOT, BY_PLACE for functions */
	uint8_t *of_place;        /* place number + 1 -> slot + 1, NO_SLOT */
	uint8_t *slot;            /* by position in the tree: of_class or of_place of the node, TOLD, NO_SLOT */
	uint32_t covered[SUSPECT_GROUPS_MAX]; /* end of the subtree of the member met last */
	uint64_t inside[SUSPECT_GROUPS_MAX][SUSPECT_GROUPS_MAX]; /* bytes of members below members of another group */
	uint32_t *told;           /* positions in the tree, ascending */
	size_t n_told, next_told;
};

/* Keeps the largest; `bytes` is for now what the class row says. */
static void nominate(struct suspect_groups *g, uint32_t class_, uint32_t place, uint64_t bytes)
{
	size_t at = g->n;

	while (at && g->all[at - 1].bytes < bytes)
		at--;
	if (at == SUSPECT_GROUPS_MAX)
		return;
	if (g->n < SUSPECT_GROUPS_MAX)
		g->n++;
	memmove(&g->all[at + 1], &g->all[at], (g->n - at - 1) * sizeof(g->all[0]));
	g->all[at] = (struct suspect_group){ .class_ = class_, .place = place, .bytes = bytes, .holder = NO_NODE };
}

static uint32_t place_number(const struct heap *h, const struct closure_group *g)
{
	for (size_t i = 0; i < h->n_places; i++)
		if (h->places[i].script_id == g->script_id && h->places[i].line == g->line &&
		    h->places[i].column == g->column)
			return (uint32_t)i + 1;
	return 0;
}

static uint32_t class_of_functions(const struct heap *h)
{
	for (uint32_t c = 0; c < h->n_classes; c++)
		if (h->classes[c].origin == CLASS_BUILTIN && str_is(h->classes[c].name, "Function"))
			return c;
	return NO_NODE;
}

/* Contexts, maps, feedback: what V8 makes for itself has such a name. */
static int is_of_v8(const struct heap_class *k)
{
	return k->origin == CLASS_BUILTIN || str_starts(k->name, "system / ") || str_starts(k->name, "(");
}

static int is_everyday(const struct heap_class *k)
{
	return !k->place && look_is_word(k->name, EVERYDAY);
}

static void nominate_all(struct walk *w, const struct sections *sections)
{
	const struct heap *h = w->h;
	uint32_t functions = class_of_functions(h);

	for (uint32_t c = 0; c < h->n_classes; c++) {
		const struct heap_class *k = &h->classes[c];

		if (k->count >= LEAST_MEMBERS && k->retained_bytes >= w->least && !is_of_v8(k) && !is_everyday(k))
			nominate(w->out, c, 0, k->retained_bytes);
	}
	for (size_t i = 0; i < sections->n_closures && functions != NO_NODE; i++) {
		const struct closure_group *k = &sections->closures[i];
		uint32_t place = k->located && k->count >= LEAST_MEMBERS && k->retained_bytes >= w->least
					 ? place_number(h, k)
					 : 0;

		if (place)
			nominate(w->out, functions, place, k->retained_bytes);
	}
}

static int by_position(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static unsigned slot_of(const struct walk *w, uint32_t v)
{
	const struct heap *h = w->h;
	unsigned slot = w->of_class[h->class_[v]];

	if (slot == BY_PLACE)
		return h->type[v] == NODE_CLOSURE && h->place ? w->of_place[h->place[v]] : NO_SLOT;
	return slot;
}

/* The walks over the tree go by position: what matters on the way is laid out in that order, with one pass over the columns. */
static void mark(struct walk *w)
{
	const struct heap *h = w->h;

	for (uint32_t v = 0; v < h->n_nodes; v++) {
		unsigned slot = slot_of(w, v);

		if (slot != NO_SLOT)
			w->slot[h->tree_pos[v]] = (uint8_t)slot;
	}
	for (size_t i = 0; i < w->n_told; i++)
		if (w->slot[w->told[i]] == NO_SLOT)
			w->slot[w->told[i]] = TOLD;
}

/* First position in [pos, end) that has a slot; `end` when there is none. */
static uint32_t next_slot(const struct walk *w, uint32_t pos, uint32_t end)
{
	const struct heap *h = w->h;

	while (pos < end && w->slot[pos] == NO_SLOT)
		pos++;
	if (pos < end && w->slot[pos + AHEAD])
		__builtin_prefetch(&h->retained[h->tree_order[pos + AHEAD]]);
	return pos;
}

static int prepare(struct walk *w, const struct suspect *const *told, size_t n_told, struct err *e)
{
	const struct heap *h = w->h;
	struct mem *m = &h->run->mem;

	w->of_class = mem_alloc(m, h->n_classes + 1, 1, e);
	w->of_place = w->of_class ? mem_alloc(m, h->n_places + 2, 1, e) : NULL;
	w->told = w->of_place ? mem_alloc(m, n_told + 1, sizeof(*w->told), e) : NULL;
	w->slot = w->told ? mem_alloc(m, (size_t)h->n_nodes + AHEAD, 1, e) : NULL;
	if (!w->slot)
		return e->kind;
	for (size_t i = 0; i < w->out->n; i++) {
		struct suspect_group *g = &w->out->all[i];

		w->of_class[g->class_] = g->place ? BY_PLACE : (uint8_t)(i + 1);
		if (g->place)
			w->of_place[g->place] = (uint8_t)(i + 1);
		g->bytes = 0;
	}
	for (size_t i = 0; i < n_told; i++)
		w->told[w->n_told++] = h->tree_pos[told[i]->node];
	if (w->n_told)
		qsort(w->told, w->n_told, sizeof(*w->told), by_position);
	mark(w);
	return 0;
}

static int add_member(struct walk *w, unsigned k, uint32_t pos, struct err *e)
{
	struct suspect_group *g = &w->out->all[k];
	uint32_t v = w->h->tree_order[pos];
	void *members = g->members;

	if (mem_reserve(w->out->mem, &members, &g->capacity, g->n + 1, sizeof(*g->members), e))
		return e->kind;
	g->members = members;
	g->members[g->n++] = v;
	g->bytes += w->h->retained[v];
	w->covered[k] = pos + w->h->tree_size[pos];
	for (unsigned i = 0; i < w->out->n; i++)
		if (i != k && w->covered[i] > pos)
			w->inside[k][i] += w->h->retained[v];
	return 0;
}

/* Small, not below another member, and not the way to something that is told by itself. */
static int is_member(const struct walk *w, unsigned k, uint32_t pos)
{
	const struct heap *h = w->h;
	uint32_t v = h->tree_order[pos];

	return pos >= w->covered[k] && h->retained[v] < w->least &&
	       (w->next_told == w->n_told || w->told[w->next_told] >= pos + h->tree_size[pos]) &&
	       (h->type[v] == NODE_OBJECT || h->type[v] == NODE_CLOSURE || h->type[v] == NODE_NATIVE) &&
	       !look_is_prototype(h, v);
}

/* MAT's rule for going down: the inner ones are seven tenths of the bytes; and there are many for each outer one. */
static int is_bulk(uint64_t inner_bytes, uint64_t outer_bytes, uint64_t n_inner, uint64_t n_outer)
{
	return inner_bytes / 7 >= outer_bytes / 10 && n_inner >= 4 * n_outer;
}

/* What lies below a single suspect is explained. */
static uint32_t skip_told(struct walk *w, uint32_t pos)
{
	uint32_t end = pos;

	if (w->next_told < w->n_told && w->told[w->next_told] == pos)
		end = pos + w->h->tree_size[pos];
	while (w->next_told < w->n_told && w->told[w->next_told] < end)
		w->next_told++;
	return end;
}

static int collect(struct walk *w, struct err *e)
{
	uint32_t n = w->h->n_nodes, pos = 0;

	while ((pos = next_slot(w, pos, n)) < n) {
		uint32_t end = skip_told(w, pos);
		unsigned slot = w->slot[pos];

		if (end == pos && slot != TOLD && is_member(w, slot - 1, pos) && add_member(w, slot - 1, pos, e))
			return e->kind;
		pos = end > pos ? end : pos + 1;
	}
	return 0;
}

/* Index of the first member at or behind a position. */
static size_t member_at(const struct heap *h, const struct suspect_group *g, uint32_t pos)
{
	size_t low = 0, high = g->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (h->tree_pos[g->members[mid]] < pos)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The member in the middle of the bytes: whoever holds most of them holds this one. */
static size_t median(const struct suspect_group *g, const uint64_t *sums)
{
	size_t i = 0;

	while (i + 1 < g->n && sums[i + 1] * 2 < g->bytes)
		i++;
	return i;
}

/* By itself or by a backing store of its own: the dominator may be far above. */
static int refers_to(const struct heap *h, uint32_t holder, uint32_t node)
{
	uint32_t edge = h->parent_edge[node], from;

	if (edge == NO_EDGE)
		return 0;
	from = heap_edge_source(h, edge);
	return from == holder || (ref_is_transparent(h, from) && ref_object(h, from) == holder);
}

static int holds_directly(const struct heap *h, const struct suspect_group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += refers_to(h, g->holder, g->members[i]) != 0;
	return n * 5 >= g->n * 4;
}

/* Up the dominators of the median to the first object that holds four fifths: a member is nobody's holder. */
static int find_holder(const struct heap *h, struct suspect_group *g, struct err *e)
{
	uint64_t *sums = MEM_NEW(&h->run->mem, uint64_t, g->n + 1, e);
	uint32_t a;

	if (!sums)
		return e->kind;
	for (size_t i = 0; i < g->n; i++)
		sums[i + 1] = sums[i] + h->retained[g->members[i]];
	a = g->members[median(g, sums)];
	while (a != h->root) {
		uint32_t pos;

		a = h->idom[a];
		pos = h->tree_pos[a];
		if (!ref_is_transparent(h, a) && (sums[member_at(h, g, pos + h->tree_size[pos])] -
						  sums[member_at(h, g, pos)]) / 4 >= g->bytes / 5)
			break;
	}
	g->holder = a;
	g->direct = holds_directly(h, g);
	mem_free(&h->run->mem, sums);
	return 0;
}

/* A single suspect speaks of the same objects though it does not dominate them. */
static int is_told(const struct suspect_group *g, const struct suspect *const *told, size_t n_told)
{
	for (size_t i = 0; i < n_told; i++) {
		const struct growth_item *main = told[i]->main;

		if (main && main->class_ == g->class_ && (!g->place || main->place == g->place) &&
		    told[i]->n_items * 2 >= g->n)
			return 1;
	}
	return 0;
}

static int is_below(const struct walk *w, size_t inner, size_t outer)
{
	return w->inside[inner][outer] * 2 >= w->out->all[inner].bytes;
}

/* Of two groups one below the other, the inner one tells more when it is most of the outer one and far more numerous. */
static void give_way(const struct walk *w, uint8_t *kept)
{
	const struct suspect_group *all = w->out->all;

	for (size_t inner = 0; inner < w->out->n; inner++) {
		for (size_t outer = 0; outer < w->out->n && kept[inner]; outer++) {
			if (inner == outer || !kept[outer] || !is_below(w, inner, outer))
				continue;
			if (is_bulk(w->inside[inner][outer], all[outer].bytes, all[inner].n, all[outer].n))
				kept[outer] = 0;
			else
				kept[inner] = 0;
		}
	}
}

/*
 * As many members as if all were equal in size (the inverse of Simpson's index): a few large ones among many small ones are
 * no group.
 */
static double effective_members(const struct heap *h, const struct suspect_group *g)
{
	double squares = 0;

	for (size_t i = 0; i < g->n; i++)
		squares += (double)h->retained[g->members[i]] * (double)h->retained[g->members[i]];
	return squares > 0 ? (double)g->bytes * (double)g->bytes / squares : 0;
}

/* A timer, a listener of the browser: what it keeps is a function of the user's. */
static int holds_user_function(const struct heap *h, uint32_t v)
{
	uint32_t pos = h->tree_pos[v], end = pos + h->tree_size[pos];

	for (uint32_t p = pos + 1; p < end && p - pos < FEW; p++)
		if (h->type[h->tree_order[p]] == NODE_CLOSURE && look_in_user_code(h, h->tree_order[p]))
			return 1;
	return 0;
}

/* The ways to the other elements of a list are long. */
static uint32_t nearest_member(const struct heap *h, const struct suspect_group *g)
{
	uint32_t nearest = g->members[0];

	for (size_t i = 1; i < g->n; i++)
		if (h->distance[g->members[i]] < h->distance[nearest])
			nearest = g->members[i];
	return nearest;
}

/* Node's own objects that Node's own code leads to are its own affair. */
static int is_of_user(const struct heap *h, const struct suspect_group *g)
{
	uint32_t v = g->members[g->n / 2];

	return look_in_user_code(h, v) || holds_user_function(h, v) || ref_in_user_code(h, nearest_member(h, g));
}

static int by_bytes(const void *a, const void *b)
{
	const struct suspect_group *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return (x->members[0] > y->members[0]) - (x->members[0] < y->members[0]);
}

static int choose(struct walk *w, const struct suspect *const *told, size_t n_told, struct err *e)
{
	struct suspect_groups *g = w->out;
	uint8_t kept[SUSPECT_GROUPS_MAX] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		kept[i] = g->all[i].n && g->all[i].bytes >= w->least && effective_members(w->h, &g->all[i]) >= LEAST_MEMBERS &&
			  is_of_user(w->h, &g->all[i]) && !is_told(&g->all[i], told, n_told);
	give_way(w, kept);
	for (size_t i = 0; i < g->n; i++) {
		if (!kept[i]) {
			mem_free(g->mem, g->all[i].members);
			g->all[i].members = NULL;
			continue;
		}
		if (find_holder(w->h, &g->all[i], e))
			return e->kind;
	}
	for (size_t i = 0; i < g->n; i++)
		if (kept[i])
			g->all[n++] = g->all[i];
	memset(&g->all[n], 0, (SUSPECT_GROUPS_MAX - n) * sizeof(g->all[0]));
	g->n = n;
	if (n)
		qsort(g->all, n, sizeof(g->all[0]), by_bytes);
	return 0;
}

/* The objects that are most of what a single suspect has, below those that it refers to. */
static void look_into(struct walk *w, const struct suspect *s, struct suspect_bulk *out)
{
	const struct heap *h = w->h;
	struct suspect_bulk found[SUSPECT_GROUPS_MAX] = { { 0 } };
	uint32_t pos = h->tree_pos[s->node], end = pos + h->tree_size[pos];

	memset(w->covered, 0, sizeof(w->covered));
	while ((pos = next_slot(w, pos + 1, end)) < end) {
		unsigned slot = w->slot[pos];

		if (slot == TOLD || pos < w->covered[slot - 1])
			continue;
		found[slot - 1].sample = h->tree_order[pos];
		found[slot - 1].n++;
		found[slot - 1].bytes += h->retained[h->tree_order[pos]];
		w->covered[slot - 1] = pos + h->tree_size[pos];
	}
	for (size_t i = 0; i < w->out->n; i++)
		if (found[i].bytes > out->bytes && is_bulk(found[i].bytes, h->retained[s->node], found[i].n, s->n_items))
			*out = found[i];
}

/* Each object is looked at once: what lies below another suspect is left to that. */
static void look_into_told(struct walk *w, const struct suspect *const *told, size_t n_told, struct suspect_bulk *bulks)
{
	const struct heap *h = w->h;

	for (size_t i = 0; i < n_told; i++) {
		int outermost = told[i]->n_items > 0;

		for (size_t k = 0; k < n_told && outermost; k++)
			outermost = i == k || told[k]->node == told[i]->node ||
				    h->tree_pos[told[i]->node] - h->tree_pos[told[k]->node] >=
					    h->tree_size[h->tree_pos[told[k]->node]];
		if (outermost)
			look_into(w, told[i], &bulks[i]);
	}
}

int suspect_groups_find(struct suspect_groups *out, const struct heap *h, const struct sections *sections,
			const struct suspect *const *told, size_t n_told, struct suspect_bulk *bulks, struct err *e)
{
	struct walk w = { .h = h, .out = out, .least = h->retained[h->root] / MUCH_OF_HEAP + 1 };
	struct mem *m = &h->run->mem;
	int rc;

	*out = (struct suspect_groups){ .mem = m };
	nominate_all(&w, sections);
	if (!out->n)
		return 0;
	rc = prepare(&w, told, n_told, e);
	if (!rc)
		look_into_told(&w, told, n_told, bulks);
	memset(w.covered, 0, sizeof(w.covered));
	if (!rc)
		rc = collect(&w, e);
	if (!rc)
		rc = choose(&w, told, n_told, e);
	mem_free(m, w.of_class);
	mem_free(m, w.of_place);
	mem_free(m, w.told);
	mem_free(m, w.slot);
	return rc;
}

void suspect_groups_release(struct suspect_groups *g)
{
	if (!g->mem)
		return;
	for (size_t i = 0; i < SUSPECT_GROUPS_MAX; i++)
		mem_free(g->mem, g->all[i].members);
	memset(g, 0, sizeof(*g));
}
