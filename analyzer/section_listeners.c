/*
 * Event listeners: who listens to what, where.
 *
 * EventEmitter keeps them in `_events`: property per event, a function or an Array of them; once() wraps the function in a
 * bound one that has it as property `listener`. EventTarget (AbortSignal, MessagePort) has a Map under a symbol: event
 * name to the root of a chain of Listener objects. Prototypes are told from instances by their own `constructor`.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_passes.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/section_parts.h"

struct walk {
	struct heap *h;
	const struct section_names *names;
	struct sections *out;
	uint32_t emitter;
	struct str event;
	size_t first;    /* groups of this emitter begin here */
	uint64_t *seen;  /* stores that have been read: each is one emitter's, and a chain may end in itself */
};

#define LOOK_BACK 64
#define BLOCK 256 /* edges */

static int is_new(struct walk *w, uint32_t store)
{
	if (bit_get(w->seen, store))
		return 0;
	bit_set(w->seen, store);
	return 1;
}

/*
 * One of the emitter's latest groups. An emitter with more different functions than that gets some groups twice; equal ones
 * are summed when the report is made.
 */
static struct listener_group *same_group(struct walk *w, struct str function, const struct group_place *p)
{
	size_t n = w->out->n_listeners, i = n - w->first > LOOK_BACK ? n - LOOK_BACK : w->first;

	for (; i < n; i++) {
		struct listener_group *g = &w->out->listeners[i];

		if (g->located == p->located && g->line == p->line && g->column == p->column &&
		    g->script_id == p->script_id && str_eq(g->event, w->event) && str_eq(g->function, function))
			return g;
	}
	return NULL;
}

static int new_group(struct walk *w, uint32_t function, const struct group_place *p, struct listener_group **out,
		     struct err *e)
{
	struct sections *s = w->out;
	struct heap *h = w->h;
	void *all = s->listeners;
	struct listener_group *g;

	if (mem_reserve(s->mem, &all, &s->listeners_capacity, s->n_listeners + 1, sizeof(*g), e))
		return e->kind;
	s->listeners = all;
	g = &s->listeners[s->n_listeners];
	*g = (struct listener_group){ .emitter_id = heap_id(h, w->emitter), .script = p->script,
				      .script_id = p->script_id, .line = p->line, .column = p->column,
				      .located = p->located };
	if (ref_text(&s->arena, h->classes[h->class_[w->emitter]].name, &g->emitter_class, e) ||
	    ref_text(&s->arena, w->event, &g->event, e) || ref_text(&s->arena, heap_name(h, function), &g->function, e))
		return e->kind;
	s->n_listeners++;
	*out = g;
	return 0;
}

/* The user's function behind a once() wrapper or a bind(). */
static uint32_t unwrap(const struct walk *w, uint32_t node)
{
	uint32_t inner = section_follow(w->h, node, EDGE_PROPERTY, w->names->string[NAME_LISTENER]);

	if (inner == NO_NODE || w->h->type[inner] != NODE_CLOSURE)
		inner = section_follow(w->h, node, EDGE_INTERNAL, w->names->string[NAME_BOUND_FUNCTION]);
	return inner != NO_NODE && w->h->type[inner] == NODE_CLOSURE ? inner : node;
}

static int count_listener(struct walk *w, uint32_t closure, uint32_t holder, struct err *e)
{
	uint32_t function = unwrap(w, closure);
	struct group_place place;
	struct listener_group *g;

	if (group_place_of(w->out, w->h, function, &place, e))
		return e->kind;
	g = same_group(w, heap_name(w->h, function), &place);
	if (!g && new_group(w, function, &place, &g, e))
		return e->kind;
	g->count++;
	g->retained_bytes += w->h->retained[closure];
	if (holder != closure)
		g->retained_bytes += heap_self(w->h, holder);
	return 0;
}

/* The value of one event: a function, or an Array of functions. */
static int count_event(struct walk *w, uint32_t value, struct err *e)
{
	const struct heap *h = w->h;

	if (h->type[value] == NODE_CLOSURE)
		return count_listener(w, value, value, e);
	if (h->type[value] != NODE_OBJECT || !is_new(w, value))
		return 0;
	for (uint32_t i = h->first_edge[value]; i < h->first_edge[value + 1]; i++)
		if (heap_edge_type(h, i) == EDGE_ELEMENT && h->type[h->edge_to[i]] == NODE_CLOSURE &&
		    count_listener(w, h->edge_to[i], h->edge_to[i], e))
			return e->kind;
	return 0;
}

static int collect_emitter(struct walk *w, uint32_t events, struct err *e)
{
	const struct heap *h = w->h;

	for (uint32_t i = h->first_edge[events]; i < h->first_edge[events + 1]; i++) {
		if (heap_edge_type(h, i) != EDGE_PROPERTY || h->edge_name[i] == w->names->string[NAME_PROTO])
			continue;
		w->event = heap_string(h, h->edge_name[i]);
		if (count_event(w, h->edge_to[i], e))
			return e->kind;
	}
	return 0;
}

/* A chain of Listener objects; `callback` in newer versions, `listener` in older. */
static int collect_chain(struct walk *w, uint32_t node, struct err *e)
{
	const struct heap *h = w->h;

	while (node != NO_NODE && is_new(w, node)) {
		uint32_t f = section_follow(h, node, EDGE_PROPERTY, w->names->string[NAME_LISTENER]);

		if (f == NO_NODE || h->type[f] != NODE_CLOSURE)
			f = section_follow(h, node, EDGE_PROPERTY, w->names->string[NAME_CALLBACK]);
		if (f != NO_NODE && h->type[f] == NODE_CLOSURE && count_listener(w, f, node, e))
			return e->kind;
		node = section_follow(h, node, EDGE_PROPERTY, w->names->string[NAME_NEXT]);
	}
	return 0;
}

/* The Map's table holds event names and chain roots side by side: a name is followed by its root. */
static int collect_target(struct walk *w, uint32_t map, struct err *e)
{
	const struct heap *h = w->h;
	uint32_t table = section_follow(h, map, EDGE_INTERNAL, w->names->string[NAME_TABLE]);

	if (table == NO_NODE || !is_new(w, table))
		return 0;
	w->event = STR_LIT("");
	for (uint32_t i = h->first_edge[table]; i < h->first_edge[table + 1]; i++) {
		uint32_t to = h->edge_to[i];

		if (h->type[to] == NODE_STRING)
			w->event = heap_name(h, to);
		else if (h->type[to] == NODE_OBJECT &&
			 collect_chain(w, section_follow(h, to, EDGE_PROPERTY, w->names->string[NAME_NEXT]), e))
			return e->kind;
	}
	return 0;
}

static int collect_object(struct walk *w, uint32_t node, struct err *e)
{
	const struct heap *h = w->h;
	const uint32_t *name = w->names->string;
	uint32_t events = NO_NODE, map = NO_NODE;

	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1]; i++) {
		if (heap_edge_type(h, i) != EDGE_PROPERTY)
			continue;
		if (h->edge_name[i] == name[NAME_CONSTRUCTOR])
			return 0;
		if (h->edge_name[i] == name[NAME_EVENTS])
			events = h->edge_to[i];
		else if (h->edge_name[i] == name[NAME_KEVENTS])
			map = h->edge_to[i];
	}
	if (events == NO_NODE && map == NO_NODE)
		return 0;
	w->emitter = node;
	w->first = w->out->n_listeners;
	if (events != NO_NODE && h->type[events] == NODE_OBJECT && is_new(w, events) && collect_emitter(w, events, e))
		return e->kind;
	return map != NO_NODE ? collect_target(w, map, e) : 0;
}

/* Whether an edge of a block has one of the two names, or a number that reads alike. */
static int is_worth_a_look(const uint32_t *edge_name, uint32_t n, uint32_t one, uint32_t other)
{
	uint32_t hits = 0;

	for (uint32_t i = 0; i < n; i++)
		hits |= (edge_name[i] == one) | (edge_name[i] == other);
	return hits != 0;
}

/* The emitters among the sources of a block of edges; `last` has the one that was met last. */
static int collect_block(struct walk *w, uint32_t first, uint32_t end, uint32_t *last, struct err *e)
{
	const struct heap *h = w->h;
	const uint32_t *name = w->names->string;

	for (uint32_t i = first; i < end; i++) {
		uint32_t v;

		if ((h->edge_name[i] != name[NAME_EVENTS] && h->edge_name[i] != name[NAME_KEVENTS]) ||
		    heap_edge_type(h, i) != EDGE_PROPERTY)
			continue;
		v = heap_edge_source(h, i);
		if (v == *last || (h->type[v] != NODE_OBJECT && h->type[v] != NODE_CLOSURE))
			continue;
		*last = v;
		if (collect_object(w, v, e))
			return e->kind;
	}
	return 0;
}

/* Few edges of a heap have such a name: the column of names is looked through first, which takes no branches. */
int listeners_collect(struct heap *h, const struct section_names *names, struct sections *out, struct err *e)
{
	struct walk w = { .h = h, .names = names, .out = out };
	uint32_t last = NO_NODE;
	int rc = 0;

	if (names->string[NAME_EVENTS] == NO_STRING && names->string[NAME_KEVENTS] == NO_STRING)
		return 0;
	w.seen = bits_alloc(h, h->n_nodes, e);
	if (!w.seen)
		return e->kind;
	for (uint32_t i = 0, n; i < h->n_edges && !rc; i += n) {
		n = h->n_edges - i < BLOCK ? h->n_edges - i : BLOCK;
		if (is_worth_a_look(&h->edge_name[i], n, names->string[NAME_EVENTS], names->string[NAME_KEVENTS]))
			rc = collect_block(&w, i, i + n, &last, e);
	}
	mem_free(&h->run->mem, w.seen);
	return rc;
}

/* Order in which equal groups of several snapshots meet; by id or, across processes, by what the emitter is. */
static int compare_emitters(const struct listener_group *a, const struct listener_group *b, int by_id)
{
	if (by_id && a->emitter_id != b->emitter_id)
		return a->emitter_id < b->emitter_id ? -1 : 1;
	return str_cmp(a->emitter_class, b->emitter_class);
}

static int compare_groups(const struct listener_group *a, const struct listener_group *b, int by_id)
{
	int c = compare_emitters(a, b, by_id);

	if (!c)
		c = str_cmp(a->event, b->event);
	if (!c)
		c = str_cmp(a->function, b->function);
	if (!c)
		c = str_cmp(a->script, b->script);
	if (!c)
		c = (a->line > b->line) - (a->line < b->line);
	return c ? c : (a->column > b->column) - (a->column < b->column);
}

struct entry {
	const struct listener_group *group;
	size_t snapshot;
	int by_id;
};

static int by_group(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int c = compare_groups(x->group, y->group, x->by_id);

	return c ? c : (x->snapshot > y->snapshot) - (x->snapshot < y->snapshot);
}

struct row {
	const struct listener_group *group; /* of the newest snapshot that has it */
	int64_t *counts;
	uint64_t before, after, retained_before, retained_after;
};

static int64_t change(const struct row *r)
{
	return (int64_t)r->retained_after - (int64_t)r->retained_before;
}

static int by_change(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (change(x) != change(y))
		return change(x) < change(y) ? 1 : -1;
	if (x->after != y->after)
		return x->after < y->after ? 1 : -1;
	return compare_groups(x->group, y->group, 1);
}

static int make_rows(struct report *r, const struct sections_view *v, const struct entry *all, size_t total,
		     struct row *rows, size_t *n, struct err *e)
{
	for (size_t i = 0; i < total; i++) {
		struct row *row;

		if (!i || compare_groups(all[i - 1].group, all[i].group, v->by_id)) {
			row = &rows[(*n)++];
			*row = (struct row){ .counts = arena_alloc(&r->arena, v->n * sizeof(int64_t), e) };
			if (!row->counts)
				return e->kind;
		}
		row = &rows[*n - 1];
		row->group = all[i].group;
		row->counts[all[i].snapshot] += (int64_t)all[i].group->count;
		if (all[i].snapshot == 0 && v->n > 1) {
			row->before += all[i].group->count;
			row->retained_before += all[i].group->retained_bytes;
		}
		if (all[i].snapshot + 1 == v->n) {
			row->after += all[i].group->count;
			row->retained_after += all[i].group->retained_bytes;
		}
	}
	return 0;
}

static const struct column columns[] = {
	{ "emitter", "Emitter", CELL_NODE, 0, 0 },
	{ "event", "Event", CELL_TEXT, 0, 0 },
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count_before", "Before", CELL_COUNT, COLUMN_DETAIL | COLUMN_SUMS, 0 },
	{ "count_after", "After", CELL_COUNT, COLUMN_DETAIL | COLUMN_SUMS, 0 },
	{ "count_delta", "Count", CELL_COUNT, COLUMN_SIGNED | COLUMN_SUMS, 0 },
	{ "retained_before_bytes", "Retained before", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_after_bytes", "Retained after", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "retained_delta_bytes", "Retained", CELL_BYTES, COLUMN_SIGNED | COLUMN_MAIN, 0 },
	{ "count_series", "Counts", CELL_SERIES, COLUMN_DETAIL, CELL_COUNT },
};

static const struct column columns_of_one[] = {
	{ "emitter", "Emitter", CELL_NODE, 0, 0 },
	{ "event", "Event", CELL_TEXT, 0, 0 },
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
};

#define MAX_ROWS 200

static int add_row(struct report *r, int table, const struct row *row, struct err *e)
{
	const struct listener_group *g = row->group;
	struct node_ref *emitter = arena_alloc(&r->arena, sizeof(*emitter), e);
	struct str function = g->function.n ? g->function : STR_LIT("(anonymous)");
	union cell cells[11];

	if (!emitter || ref_text(&r->arena, g->emitter_class, &emitter->class, e) ||
	    ref_text(&r->arena, g->event, &cells[1].text, e) || ref_text(&r->arena, function, &cells[2].text, e) ||
	    group_place_ref(r, g->script, g->script_id, g->line, g->column, g->located, &cells[3].place, e))
		return e->kind;
	emitter->id = g->emitter_id;
	emitter->name = STR_LIT("");
	cells[0].node = emitter;
	if (r->n_snapshots == 1) {
		cells[4].i = (int64_t)row->after;
		cells[5].i = (int64_t)row->retained_after;
		return report_add_row(r, table, cells, e);
	}
	cells_of_change(cells + 4, row->before, row->after);
	cells_of_change(cells + 7, row->retained_before, row->retained_after);
	cells[10].series = row->counts;
	return report_add_row(r, table, cells, e);
}

static int add_rows(struct report *r, const struct sections_view *v, struct row *rows, size_t n, struct err *e)
{
	struct table desc = { .key = "listeners", .title = v->n > 1 ? "Growing listeners" : "Listeners", .parent = -1,
			      .text_rows = 10, COLUMNS(columns) };
	size_t shown = 0;
	int table;

	desc.note = "Event listeners by emitter, event and function.";
	if (v->n == 1)
		section_columns(&desc, columns_of_one, sizeof(columns_of_one) / sizeof(columns_of_one[0]));
	if (n)
		qsort(rows, n, sizeof(*rows), by_change);
	if (report_add_table(r, &desc, &table, e))
		return e->kind;
	for (size_t i = 0; i < n && shown < MAX_ROWS; i++) {
		if (v->n > 1 && rows[i].after <= rows[i].before)
			continue;
		if (!section_wants(v, rows[i].group->emitter_class) && !section_wants(v, rows[i].group->function))
			continue;
		if (add_row(r, table, &rows[i], e))
			return e->kind;
		shown++;
	}
	return 0;
}

int listeners_report(struct report *r, const struct sections_view *v, struct err *e)
{
	struct entry *all;
	struct row *rows;
	size_t total = 0, n = 0, at = 0;
	int rc;

	for (size_t i = 0; i < v->n; i++)
		total += v->lists[i]->n_listeners;
	all = mem_alloc(r->mem, total + 1, sizeof(*all), e);
	rows = all ? mem_alloc(r->mem, total + 1, sizeof(*rows), e) : NULL;
	for (size_t i = 0; i < v->n && rows; i++)
		for (size_t k = 0; k < v->lists[i]->n_listeners; k++)
			all[at++] = (struct entry){ &v->lists[i]->listeners[k], i, v->by_id };
	if (rows && total)
		qsort(all, total, sizeof(*all), by_group);
	rc = rows ? make_rows(r, v, all, total, rows, &n, e) : e->kind;
	if (!rc)
		rc = add_rows(r, v, rows, n, e);
	mem_free(r->mem, all);
	mem_free(r->mem, rows);
	return rc;
}
