/* Trees that are not the profile's own: callers of everything, and the surroundings of one function. */
#include "analyzer/profile_tree_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define MOST_CALLERS 64 /* levels of callers that are followed */

int profile_add_tree(struct report *r, const struct profile_view *v, struct err *e)
{
	struct tree_part part = { .key = "tree", .title = "Call tree", .nodes = v->nodes, .n = v->n_nodes,
				  .root_name = { NULL, 0 },
				  .note = "From the outermost call down, by total; small branches are summed up." };

	return profile_add_tree_part(r, v, &part, e);
}

/* Walk from a node towards the root and book `value` at the end of the same walk in `t`. */
static int book_way_up(struct view_tree *t, const struct profile_view *v, uint32_t from, uint32_t at, int64_t value,
		       struct err *e)
{
	for (int level = 0; from != 0 && level < MOST_CALLERS; level++) {
		if (view_tree_child(t, at, v->nodes[from].key, &at, e))
			return e->kind;
		from = v->nodes[from].parent;
	}
	t->nodes[at].self += value;
	return 0;
}

/* Own time stands in the top row only: deeper rows are callers, whose share of that time is their total. */
static void finish_callers(struct view_tree *t)
{
	view_nodes_add_up(t->nodes, t->n);
	for (size_t i = 1; i < t->n; i++)
		t->nodes[i].self = t->nodes[i].parent == 0 ? t->nodes[i].total : 0;
	t->nodes[0].self = 0;
}

int profile_add_callers(struct report *r, const struct profile_view *v, struct err *e)
{
	struct tree_part part = { .key = "callers", .title = "Callers", .root_name = { NULL, 0 },
				  .note = "From where time is spent up to who called it; a row's total is its part of the "
					  "own time of the row at the top." };
	struct view_tree t;
	int rc = view_tree_init(&t, r->mem, e);

	for (uint32_t i = 1; i < v->n_nodes && !rc; i++)
		if (v->nodes[i].self)
			rc = book_way_up(&t, v, i, 0, v->nodes[i].self, e);
	if (!rc) {
		finish_callers(&t);
		part.nodes = t.nodes;
		part.n = t.n;
		rc = profile_add_tree_part(r, v, &part, e);
	}
	view_tree_release(&t);
	return rc;
}

static const struct column match_columns[] = {
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "self_ns", "Self", CELL_TIME, 0, 0 },
	{ "total_ns", "Total", CELL_TIME, COLUMN_MAIN, 0 },
	{ "total_share", "Share", CELL_PERCENT, 0, 0 },
};

static int match_row(struct report *r, int table, const struct profile_view *v, uint32_t key, struct err *e)
{
	const struct view_key *k = &v->keys[key];
	const struct place *place;
	struct str name;

	if (ref_text(&r->arena, profile_view_name(v, key), &name, e) ||
	    profile_place(r, v->p, k->frame, 0, &place, e))
		return e->kind;
	union cell cells[] = { cell_text(name), { .place = place }, cell_int(k->self), cell_int(k->total),
			       cell_int(hundredths(k->total, v->sum)) };
	return report_add_row(r, table, cells, e);
}

/* The keys of the functions that match, marked and as rows. */
static int find_matches(struct report *r, const struct profile_view *v, const char *pattern, uint8_t *is_match,
			struct err *e)
{
	struct table t = { .key = "matches", .title = "Functions that match", .parent = -1, .text_rows = 20 };
	uint8_t *frames;
	int table, any = 0, rc;

	if (profile_columns(r, v->p->n_values ? v->p->values[v->p->shown].unit : UNIT_COUNT, &t, match_columns,
			    sizeof(match_columns) / sizeof(match_columns[0]), e) ||
	    report_add_table(r, &t, &table, e) || profile_match_frames(v->p, "--function", pattern, &frames, e))
		return e->kind;
	for (uint32_t i = 0; i < v->p->frames.n; i++)
		if (frames[i] && v->key_of[i] != VIEW_NONE)
			is_match[v->key_of[i]] = 1;
	mem_free(r->mem, frames);
	rc = 0;
	for (uint32_t k = 0; k < v->n_keys && !rc; k++) {
		if (!is_match[k] || (!v->keys[k].total && !v->keys[k].self))
			continue;
		any = 1;
		rc = match_row(r, table, v, k, e);
	}
	if (!rc && !any)
		rc = err_set(e, ERR_USAGE, "--function: no function that was recorded matches \"%.200s\"", pattern);
	return rc;
}

/* Two trees below one name: ways up from the outermost matches, and all that lies below those. */
struct around {
	struct view_tree up, down;
	uint32_t *down_of; /* by node of the view: its node in `down`, VIEW_NONE above a match */
};

static int collect(struct around *a, const struct profile_view *v, const uint8_t *is_match, struct err *e)
{
	a->down_of[0] = VIEW_NONE;
	for (uint32_t i = 1; i < v->n_nodes; i++) {
		const struct view_node *n = &v->nodes[i];
		uint32_t above = a->down_of[n->parent];

		a->down_of[i] = VIEW_NONE;
		if (above == VIEW_NONE && !is_match[n->key])
			continue;
		if (above == VIEW_NONE) {
			a->down_of[i] = 0;
			if (book_way_up(&a->up, v, n->parent, 0, n->total, e))
				return e->kind;
		} else if (view_tree_child(&a->down, above, n->key, &a->down_of[i], e)) {
			return e->kind;
		}
		a->down.nodes[a->down_of[i]].self += n->self;
	}
	return 0;
}

static int write_around(struct report *r, const struct profile_view *v, struct around *a, struct str name,
			struct err *e)
{
	struct tree_part up = { .key = "callers", .title = "Called by", .root_name = name,
				.note = "Who called the functions that match, by the total that this call cost." };
	struct tree_part down = { .key = "callees", .title = "Calls", .root_name = name,
				  .note = "What the functions that match call, from their outermost call on." };

	finish_callers(&a->up);
	for (size_t i = 1; i < a->up.n; i++)
		a->up.nodes[i].self = 0;
	view_nodes_add_up(a->down.nodes, a->down.n);
	up.nodes = a->up.nodes;
	up.n = a->up.n;
	down.nodes = a->down.nodes;
	down.n = a->down.n;
	return profile_add_tree_part(r, v, &up, e) || profile_add_tree_part(r, v, &down, e) ? e->kind : 0;
}

int profile_add_function(struct report *r, const struct profile_view *v, const char *pattern, struct err *e)
{
	uint8_t *is_match = MEM_NEW(r->mem, uint8_t, v->n_keys + 1, e);
	struct around a = { .down_of = NULL };
	struct str name;
	int rc;

	if (!is_match)
		return e->kind;
	rc = find_matches(r, v, pattern, is_match, e);
	if (!rc)
		rc = ref_text(&r->arena, str_of(pattern), &name, e);
	a.down_of = rc ? NULL : MEM_NEW(r->mem, uint32_t, v->n_nodes, e);
	if (a.down_of) {
		if (!view_tree_init(&a.up, r->mem, e) && !view_tree_init(&a.down, r->mem, e) &&
		    !collect(&a, v, is_match, e))
			write_around(r, v, &a, name, e);
		view_tree_release(&a.up);
		if (a.down.mem)
			view_tree_release(&a.down);
	}
	mem_free(r->mem, a.down_of);
	mem_free(r->mem, is_match);
	return e->kind;
}
