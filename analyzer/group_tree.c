#include "analyzer/group_tree.h"

#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

/* Groups below a thousandth of the whole have no row; when that leaves too many, the limit is doubled. */
#define SMALLEST_PART 1000
#define MAX_ROWS 3000
/* Longer than any way of groups.h. */
#define MAX_LEVELS 64

struct sums {
	uint64_t before, after; /* bytes */
	uint64_t grown, shrunk; /* bytes, group by group: neither hides the other */
	uint64_t n_before, n_after;
};

/* What the trees of one and of two snapshots differ in: the columns. */
struct notation {
	struct table desc;
	int (*row)(struct report *r, int table, const union cell *named, const struct sums *own, const struct sums *all,
		   const struct sums *root, struct err *e);
};

struct folded {
	struct report *r;
	const struct heap *h;
	const struct groups *after, *before;
	int table, show_values;
	const struct notation *notation;
	struct sums *own, *all, *gone; /* per group of `after` */
	uint32_t *kept;                /* groups that get a row: by parent, the heaviest first */
	uint32_t n_kept;
	uint32_t *first;               /* group -> its first child in `kept` */
	uint32_t *n_children;
};

/* A group whose children are being written. */
struct level {
	uint32_t group, next, end;
	int64_t row;
};

static void sums_add(struct sums *to, const struct sums *s)
{
	to->before += s->before;
	to->after += s->after;
	to->grown += s->grown;
	to->shrunk += s->shrunk;
	to->n_before += s->n_before;
	to->n_after += s->n_after;
}

static void sums_take(struct sums *from, const struct sums *s)
{
	from->before -= s->before;
	from->after -= s->after;
	from->grown -= s->grown;
	from->shrunk -= s->shrunk;
	from->n_before -= s->n_before;
	from->n_after -= s->n_after;
}

static uint64_t weight(const struct sums *s)
{
	return s->grown + s->shrunk;
}

static void compare_group(struct folded *f, uint32_t g)
{
	const struct group *now = &f->after->all[g];
	uint32_t was = f->before ? groups_find(f->before, now->signature) : NO_NODE;
	struct sums *own = &f->own[g];

	*own = (struct sums){ .after = now->self_bytes, .n_after = now->count };
	if (was != NO_NODE) {
		own->before = f->before->all[was].self_bytes;
		own->n_before = f->before->all[was].count;
	}
	own->grown = own->after > own->before ? own->after - own->before : 0;
	own->shrunk = own->before > own->after ? own->before - own->after : 0;
	sums_add(&f->all[g], own);
}

/* What has no counterpart any more is booked under the nearest group above it that has. */
static void book_gone(struct folded *f)
{
	for (size_t i = 0; f->before && i < f->before->n; i++) {
		const struct group *was = &f->before->all[i];
		struct sums s = { .before = was->self_bytes, .shrunk = was->self_bytes, .n_before = was->count };
		size_t up = i;
		uint32_t now = groups_find(f->after, was->signature);

		if (now != NO_NODE)
			continue;
		while (now == NO_NODE) {
			up = f->before->all[up].parent;
			now = groups_find(f->after, f->before->all[up].signature);
		}
		sums_add(&f->gone[now], &s);
		sums_add(&f->all[now], &s);
	}
}

/* Parents come before their children. */
static void add_up(struct folded *f)
{
	for (uint32_t g = 0; g < f->after->n; g++)
		compare_group(f, g);
	book_gone(f);
	for (size_t g = f->after->n; g-- > 1;)
		sums_add(&f->all[f->after->all[g].parent], &f->all[g]);
}

struct candidate {
	uint32_t parent, group;
	uint64_t weight;
};

static int by_parent_and_weight(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (x->group > y->group) - (x->group < y->group);
}

/* A group is never heavier than its parent: whoever is kept has all its owners kept. */
static uint64_t choose_least(const struct folded *f)
{
	uint64_t least = weight(&f->all[0]) / SMALLEST_PART + 1;

	for (;; least *= 2) {
		size_t n = 0;

		for (size_t g = 1; g < f->after->n; g++)
			n += weight(&f->all[g]) >= least;
		if (n <= MAX_ROWS)
			return least;
	}
}

static int choose(struct folded *f, struct err *e)
{
	uint64_t least = choose_least(f);
	struct candidate *c = MEM_NEW(f->r->mem, struct candidate, MAX_ROWS, e);

	if (!c)
		return e->kind;
	for (uint32_t g = 1; g < f->after->n; g++)
		if (weight(&f->all[g]) >= least)
			c[f->n_kept++] =
				(struct candidate){ f->after->all[g].parent, g, weight(&f->all[g]) };
	if (f->n_kept)
		qsort(c, f->n_kept, sizeof(*c), by_parent_and_weight);
	for (uint32_t i = 0; i < f->n_kept; i++) {
		f->kept[i] = c[i].group;
		if (!f->n_children[c[i].parent]++)
			f->first[c[i].parent] = i;
	}
	mem_free(f->r->mem, c);
	return 0;
}

/* The name by which the owner itself holds the object; groups are told apart by these names only. */
static int edge_text(const struct folded *f, uint32_t node, struct str *out, struct err *e)
{
	const struct heap *h = f->h;
	uint32_t i = h->parent_edge[node], up = h->idom[node];

	*out = (struct str){ NULL, 0 };
	if (node == h->root || i == NO_EDGE || i < h->first_edge[up] || i >= h->first_edge[up + 1])
		return 0;
	if (heap_edge_type(h, i) != EDGE_PROPERTY && heap_edge_type(h, i) != EDGE_CONTEXT)
		return 0;
	return ref_text(&f->r->arena, heap_string(h, h->edge_name[i]), out, e);
}

/* One object stands for its group: with its name only where it is the only one. */
static int node_cell(const struct folded *f, uint32_t g, const struct node_ref **out, struct err *e)
{
	const struct group *group = &f->after->all[g];
	struct node_ref *own;

	if (ref_node(&f->r->arena, f->h, group->sample, f->show_values, out, e) || group->count < 2)
		return e->kind;
	own = arena_alloc(&f->r->arena, sizeof(*own), e);
	if (!own)
		return e->kind;
	*own = **out;
	own->name = STR_LIT("");
	*out = own;
	return 0;
}

static int group_row(const struct folded *f, uint32_t g, int64_t parent, struct err *e)
{
	const struct node_ref *node;
	struct str edge;

	if (node_cell(f, g, &node, e) || edge_text(f, f->after->all[g].sample, &edge, e))
		return e->kind;
	union cell named[] = { cell_int(parent), { .node = node }, cell_text(edge),
			       cell_text((struct str){ NULL, 0 }) };
	return f->notation->row(f->r, f->table, named, &f->own[g], &f->all[g], &f->all[0], e);
}

static int nameless_row(const struct folded *f, const char *what, const struct sums *s, int64_t parent, struct err *e)
{
	union cell named[] = { cell_int(parent), { .node = NULL }, cell_text((struct str){ NULL, 0 }),
			       cell_text(str_of(what)) };

	if (!s->n_before && !s->n_after)
		return 0;
	return f->notation->row(f->r, f->table, named, s, s, &f->all[0], e);
}

static int rest_rows(const struct folded *f, const struct level *l, struct err *e)
{
	struct sums rest = f->all[l->group];

	sums_take(&rest, &f->own[l->group]);
	sums_take(&rest, &f->gone[l->group]);
	for (uint32_t i = 0; i < f->n_children[l->group]; i++)
		sums_take(&rest, &f->all[f->kept[f->first[l->group] + i]]);
	return nameless_row(f, "smaller", &rest, l->row, e) || nameless_row(f, "gone", &f->gone[l->group], l->row, e) ?
		       e->kind :
		       0;
}

static void open_level(const struct folded *f, struct level *l, uint32_t g)
{
	*l = (struct level){ .group = g, .next = f->first[g], .end = f->first[g] + f->n_children[g],
			     .row = (int64_t)f->r->tables[f->table].n_rows - 1 };
}

static int write_rows(const struct folded *f, struct err *e)
{
	struct level levels[MAX_LEVELS];
	unsigned depth = 0;

	if (group_row(f, 0, -1, e))
		return e->kind;
	open_level(f, &levels[0], 0);
	for (;;) {
		struct level *l = &levels[depth];

		if (l->next < l->end && depth + 1 < MAX_LEVELS) {
			uint32_t g = f->kept[l->next++];

			if (group_row(f, g, l->row, e))
				return e->kind;
			open_level(f, &levels[++depth], g);
			continue;
		}
		if (rest_rows(f, l, e))
			return e->kind;
		if (!depth--)
			return 0;
	}
}

static void folded_release(struct folded *f)
{
	struct mem *m = f->r->mem;

	mem_free(m, f->own);
	mem_free(m, f->all);
	mem_free(m, f->gone);
	mem_free(m, f->kept);
	mem_free(m, f->first);
	mem_free(m, f->n_children);
}

static int folded_init(struct folded *f, struct err *e)
{
	struct mem *m = f->r->mem;
	size_t n = f->after->n;

	f->own = MEM_NEW(m, struct sums, n, e);
	f->all = f->own ? MEM_NEW(m, struct sums, n, e) : NULL;
	f->gone = f->all ? MEM_NEW(m, struct sums, n, e) : NULL;
	f->kept = f->gone ? MEM_NEW(m, uint32_t, MAX_ROWS, e) : NULL;
	f->first = f->kept ? MEM_NEW(m, uint32_t, n, e) : NULL;
	f->n_children = f->first ? MEM_NEW(m, uint32_t, n, e) : NULL;
	return f->n_children ? 0 : e->kind;
}

static int add_tree(struct folded *f, struct err *e)
{
	int rc = folded_init(f, e);

	if (!rc) {
		add_up(f);
		rc = choose(f, e) || report_add_table(f->r, &f->notation->desc, &f->table, e) || write_rows(f, e) ?
			     e->kind :
			     0;
	}
	folded_release(f);
	return rc;
}

#define NAMED_COLUMNS                                  \
	{ "parent", "Parent", CELL_ROW, 0, 0 },        \
	{ "node", "Object", CELL_NODE, 0, 0 },         \
	{ "edge", "Edge", CELL_TEXT, 0, 0 },           \
	{ "rest", "Rest", CELL_TEXT, COLUMN_DETAIL, 0 }

static const struct column composition_columns[] = {
	NAMED_COLUMNS,
	{ "count", "Objects", CELL_COUNT, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

static int composition_row(struct report *r, int table, const union cell *named, const struct sums *own,
			   const struct sums *all, const struct sums *root, struct err *e)
{
	union cell cells[] = { named[0], named[1], named[2], named[3], cell_size(own->n_after), cell_size(own->after),
			       cell_size(all->after), cell_int(hundredths((int64_t)all->after, (int64_t)root->after)) };

	return report_add_row(r, table, cells, e);
}

int report_add_composition(struct report *r, const struct heap *h, const struct groups *groups, int show_values,
			   struct err *e)
{
	const struct notation notation = {
		.desc = { .key = "composition", .title = "Composition", .kind = TABLE_TREE, .parent = -1,
			  .for_pages = 1, COLUMNS(composition_columns),
			  .note = "Who keeps what alive: objects of one class under the same owner are one row." },
		.row = composition_row,
	};

	return add_tree(&(struct folded){ .r = r, .h = h, .after = groups, .show_values = show_values, .notation = &notation },
			e);
}

static const struct column growth_columns[] = {
	NAMED_COLUMNS,
	{ "count_before", "Before", CELL_COUNT, COLUMN_DETAIL, 0 },
	{ "count_after", "Objects", CELL_COUNT, 0, 0 },
	{ "self_delta_bytes", "Self", CELL_BYTES, COLUMN_SIGNED, 0 },
	{ "before_bytes", "Retained before", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "after_bytes", "Retained", CELL_BYTES, 0, 0 },
	{ "delta_bytes", "Change", CELL_BYTES, COLUMN_SIGNED | COLUMN_MAIN, 0 },
	{ "grown_bytes", "Came", CELL_BYTES, COLUMN_DETAIL, 0 },
	{ "shrunk_bytes", "Went", CELL_BYTES, COLUMN_DETAIL, 0 },
};

static int growth_row(struct report *r, int table, const union cell *named, const struct sums *own,
		      const struct sums *all, const struct sums *root, struct err *e)
{
	union cell cells[] = { named[0], named[1], named[2], named[3], cell_size(own->n_before), cell_size(own->n_after),
			       cell_int((int64_t)own->after - (int64_t)own->before), cell_size(all->before),
			       cell_size(all->after), cell_int((int64_t)all->after - (int64_t)all->before),
			       cell_size(all->grown), cell_size(all->shrunk) };

	(void)root;
	return report_add_row(r, table, cells, e);
}

int report_add_growth_tree(struct report *r, const struct heap *h, const struct groups *after,
			   const struct groups *before, int show_values, struct err *e)
{
	const struct notation notation = {
		.desc = { .key = "growth_tree", .title = "Where it grew", .kind = TABLE_TREE, .parent = -1,
			  .for_pages = 1, COLUMNS(growth_columns),
			  .note = "Who keeps the change alive: objects of one class under the same owner are one row." },
		.row = growth_row,
	};

	return add_tree(&(struct folded){ .r = r, .h = h, .after = after, .before = before,
					  .show_values = show_values, .notation = &notation },
			e);
}
