/* Two profiles as one tree: every stack of either with its values in both, so that what vanished is there, too. */
#include <math.h>

#include "analyzer/flame_report.h"
#include "analyzer/report_parts.h"

static const struct column weight_columns[] = {
	{ "stack", "Stack", CELL_ROW, 0, 0 },
	{ "before_ns", "Before", CELL_TIME, 0, 0 },
	{ "after_ns", "After", CELL_TIME, 0, 0 },
	{ "before_samples", "Samples before", CELL_COUNT, 0, 0 },
	{ "after_samples", "Samples after", CELL_COUNT, 0, 0 },
};

/* What one node or row has in both. */
struct sides {
	int64_t value[2], samples[2];
};

struct joint {
	const struct profile_diff *d;
	struct view_tree tree;   /* keys are rows of d->rows */
	uint32_t *row_of_key[2]; /* by key of the view */
	uint32_t *node_of[2];    /* by node of the view */
	struct sides *sides;     /* by node of the tree */
};

static void number_keys(struct joint *j)
{
	for (uint32_t i = 0; i < j->d->n; i++) {
		const struct profile_change *c = &j->d->rows[i];

		if (c->before_key != VIEW_NONE)
			j->row_of_key[0][c->before_key] = i;
		if (c->after_key != VIEW_NONE)
			j->row_of_key[1][c->after_key] = i;
	}
}

static int join_side(struct joint *j, int side, struct err *e)
{
	const struct profile_view *v = &j->d->v[side];

	for (size_t i = 1; i < v->n_nodes; i++) {
		const struct view_node *n = &v->nodes[i];

		if (view_tree_child(&j->tree, j->node_of[side][n->parent], j->row_of_key[side][n->key],
				    &j->node_of[side][i], e))
			return e->kind;
	}
	return 0;
}

static int64_t scaled(const struct profile_diff *d, int64_t v)
{
	return d->is_scaled ? (int64_t)llround((double)v * d->scale) : v;
}

/* A box is as wide as the larger of both sides, so that nothing is hidden by what it became. */
static void weigh(struct joint *j)
{
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < j->d->v[side].n_nodes; i++) {
			const struct view_node *n = &j->d->v[side].nodes[i];
			struct sides *s = &j->sides[j->node_of[side][i]];

			s->value[side] += n->self;
			s->samples[side] += n->samples;
		}
	for (size_t i = 0; i < j->tree.n; i++) {
		int64_t before = scaled(j->d, j->sides[i].value[0]), after = j->sides[i].value[1];

		j->tree.nodes[i].self = before > after ? before : after;
	}
	view_nodes_add_up(j->tree.nodes, j->tree.n);
}

static int make_joint(struct joint *j, struct err *e)
{
	struct mem *m = j->d->mem;

	if (view_tree_init(&j->tree, m, e))
		return e->kind;
	for (int side = 0; side < 2; side++) {
		j->row_of_key[side] = MEM_NEW(m, uint32_t, j->d->v[side].n_keys + 1, e);
		j->node_of[side] = j->row_of_key[side] ? MEM_NEW(m, uint32_t, j->d->v[side].n_nodes, e) : NULL;
		if (!j->node_of[side])
			return e->kind;
	}
	number_keys(j);
	if (join_side(j, 0, e) || join_side(j, 1, e))
		return e->kind;
	j->sides = MEM_NEW(m, struct sides, j->tree.n, e);
	if (!j->sides)
		return e->kind;
	weigh(j);
	return 0;
}

static void release_joint(struct joint *j)
{
	struct mem *m = j->d->mem;

	for (int side = 0; side < 2; side++) {
		mem_free(m, j->row_of_key[side]);
		mem_free(m, j->node_of[side]);
	}
	mem_free(m, j->sides);
	view_tree_release(&j->tree);
}

static int add_frames(struct report *r, const struct profile_diff *d, struct err *e)
{
	int table;

	if (flame_open_frames(r, &table, e))
		return e->kind;
	for (size_t i = 0; i < d->n; i++) {
		int side = d->rows[i].after_key != VIEW_NONE;

		if (flame_add_frame(r, table, &d->v[side], side ? d->rows[i].after_key : d->rows[i].before_key, e))
			return e->kind;
	}
	return 0;
}

/* Nodes that share a row of what is left out are one: `sums` by row. */
static int write_weights(struct report *r, int table, const struct joint *j, const uint32_t *row_of, struct sides *sums,
			 size_t n_rows, struct err *e)
{
	for (size_t i = 0; i < j->tree.n; i++)
		for (int side = 0; side < 2; side++) {
			sums[row_of[i]].value[side] += j->sides[i].value[side];
			sums[row_of[i]].samples[side] += j->sides[i].samples[side];
		}
	for (size_t i = 0; i < n_rows; i++) {
		const struct sides *s = &sums[i];
		union cell cells[] = { cell_size(i), cell_int(s->value[0]), cell_int(s->value[1]),
				       cell_int(s->samples[0]), cell_int(s->samples[1]) };

		if ((s->value[0] || s->value[1]) && report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

static int add_weights(struct report *r, const struct joint *j, const uint32_t *row_of, struct err *e)
{
	struct table t = { .key = "weights", .title = "Weights", .parent = -1, .for_pages = 1, .is_data = 1 };
	const struct profile *p = j->d->p[1];
	size_t n = report_table(r, "stacks")->n_rows;
	struct sides *sums = MEM_NEW(r->mem, struct sides, n, e);
	int table, rc;

	if (!sums)
		return e->kind;
	rc = profile_columns(r, p->values[p->shown].unit, &t, weight_columns,
			     sizeof(weight_columns) / sizeof(weight_columns[0]), e);
	if (!rc)
		rc = report_add_table(r, &t, &table, e);
	if (!rc)
		rc = write_weights(r, table, j, row_of, sums, n, e);
	mem_free(r->mem, sums);
	return rc;
}

static int add_tables(struct report *r, const struct joint *j, struct err *e)
{
	size_t n = j->tree.n;
	uint32_t *row_of = MEM_NEW(r->mem, uint32_t, n, e), *frame_of = row_of ? MEM_NEW(r->mem, uint32_t, j->d->n + 1, e) : NULL;
	int rc = frame_of ? add_frames(r, j->d, e) : e->kind;

	for (uint32_t i = 0; !rc && i < j->d->n; i++)
		frame_of[i] = i;
	if (!rc)
		rc = flame_add_stacks(r, &(struct flame_tree){ j->tree.nodes, n, frame_of, 0 }, row_of, e);
	if (!rc)
		rc = add_weights(r, j, row_of, e);
	mem_free(r->mem, row_of);
	mem_free(r->mem, frame_of);
	return rc;
}

static int has_negative(const struct profile_view *v)
{
	for (size_t i = 0; i < v->n_nodes; i++)
		if (v->nodes[i].self < 0)
			return 1;
	return 0;
}

int profile_diff_add_flame(struct report *r, const struct profile_diff *d, struct err *e)
{
	struct joint j = { .d = d };
	int rc;

	if (!r->page_tables)
		return 0;
	if (has_negative(&d->v[0]) || has_negative(&d->v[1]))
		return flame_add_nothing(r, FLAME_NEGATIVE, e);
	if (!d->v[0].sum && !d->v[1].sum)
		return flame_add_nothing(r, FLAME_EMPTY, e);
	rc = make_joint(&j, e);
	if (!rc)
		rc = add_tables(r, &j, e);
	release_joint(&j);
	return rc;
}
