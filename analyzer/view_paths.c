/* Retaining paths as two tables: one row a path, and one row a step. */
#include "analyzer/human.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/views.h"
#include "analyzer/ways.h"

/* Longer ones are lists; their middle is left out. */
#define PATH_STEPS 400

static const struct column path_columns[] = {
	{ "rank", "Path", CELL_NUMBER, 0, 0 },
	{ "steps", "Steps", CELL_COUNT, 0, 0 },
	{ "holder", "Through", CELL_NODE, 0, 0 },
	{ "alike_count", "Alike", CELL_COUNT, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Way", CELL_PATH, COLUMN_DETAIL, 0 },
};

static const struct column step_columns[] = {
	{ "path", "Path", CELL_NUMBER, 0, 0 },
	{ "step", "Step", CELL_NUMBER, 0, 0 },
	{ "edge", "Edge", CELL_TEXT, 0, 0 },
	{ "edge_type", "Edge type", CELL_TEXT, COLUMN_DETAIL, 0 },
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

struct paths {
	struct report *r;
	const struct heap *h;
	int table, steps, show_values;
	int full; /* tell every step of every path */
};

static int add_path(struct paths *p, const struct way *w, size_t rank, struct err *e)
{
	const struct heap *h = p->h;
	const struct node_ref *holder;
	const struct place *place;
	const struct path *path;

	if (ref_holder(&p->r->arena, h, w->holder, p->show_values, &holder, e) ||
	    ref_nearest_place(&p->r->arena, h, w->holder, &place, e) ||
	    ref_way(&p->r->arena, h, w, PATH_STEPS, &path, e))
		return e->kind;
	union cell cells[] = { cell_size(rank), cell_size(w->n - 1), { .node = holder },
			       cell_size(w->n_alike), cell_size(h->retained[w->holder]), { .place = place }, { .path = path } };
	return report_add_row(p->r, p->table, cells, e);
}

static int add_step(struct paths *p, const struct way *w, size_t rank, size_t i, struct err *e)
{
	const struct heap *h = p->h;
	const struct node_ref *node;
	const struct place *place;
	struct str edge = STR_LIT(""), type = STR_LIT("");

	if (i) {
		type = str_of(h->edge_type_names[heap_edge_type(h, w->edge[i])]);
		if (ref_edge(&p->r->arena, h, w->edge[i], &edge, e))
			return e->kind;
	}
	if (ref_node(&p->r->arena, h, w->node[i], p->show_values, &node, e) ||
	    ref_place(&p->r->arena, h, w->node[i], &place, e) || ref_text(&p->r->arena, type, &type, e))
		return e->kind;
	union cell cells[] = { cell_size(rank), cell_size(i), cell_text(edge), cell_text(type), { .node = node },
			       cell_size(h->retained[w->node[i]]), { .place = place } };
	return report_add_row(p->r, p->steps, cells, e);
}

/* How many steps two ways have in common from the root on. */
static size_t common_steps(const struct way *a, const struct way *b)
{
	size_t i = 0;

	while (i < a->n && i < b->n && a->node[i] == b->node[i] && a->edge[i] == b->edge[i])
		i++;
	return i;
}

/* Step numbers tell where steps were left out: in the middle of a list, and what was told already. */
static int add_steps(struct paths *p, const struct way *w, size_t rank, struct err *e)
{
	size_t first = p->full || rank == 1 ? 0 : common_steps(w - 1, w);

	for (size_t i = first ? first - 1 : 0; i < w->n; i++) {
		if (w->n > PATH_STEPS && i == PATH_STEPS / 2)
			i = w->n - PATH_STEPS / 2;
		if (add_step(p, w, rank, i, e))
			return e->kind;
	}
	return 0;
}

static const char *note_of(const struct ways *ways)
{
	if (ways->n == 1 && ways->complete && ways->all[0].n_alike == 1)
		return "All ways from the root go through this holder: without it the object would be freed.";
	if (ways->complete)
		return "All ways from the root go through these holders and those alike: without them the object would be freed.";
	return "Shortest first, each through another kind of holder. There are more ways than these.";
}

static int headline(struct paths *p, uint32_t node, struct err *e)
{
	const struct heap *h = p->h;
	int64_t share = hundredths((int64_t)h->retained[node], (int64_t)h->retained[h->root]);
	const struct node_ref *ref;
	struct strbuf sb;
	int rc = ref_holder(&p->r->arena, h, node, p->show_values, &ref, e);

	if (rc)
		return rc;
	strbuf_init(&sb, p->r->mem);
	strbuf_add(&sb, ref->class.s, ref->class.n);
	if (ref->name.n && !str_eq(ref->name, ref->class)) {
		strbuf_addch(&sb, ' ');
		strbuf_add(&sb, ref->name.s, ref->name.n);
	}
	strbuf_addf(&sb, " @%llu keeps ", (unsigned long long)ref->id);
	human_bytes(&sb, cell_size(h->retained[node]).i, 0);
	strbuf_addstr(&sb, " alive");
	if (share) {
		strbuf_addstr(&sb, ", ");
		human_percent(&sb, share, 0);
		strbuf_addstr(&sb, " of the heap");
	}
	strbuf_addch(&sb, '.');
	rc = strbuf_check(&sb, e) ? e->kind : report_headline(p->r, e, "%s", strbuf_str(&sb));
	strbuf_release(&sb);
	return rc;
}

static int add_tables(struct paths *p, uint32_t node, const struct ways *ways, struct err *e)
{
	struct table paths = { .key = "paths", .title = "Retaining paths", .parent = -1, COLUMNS(path_columns) };
	struct table steps = { .key = "path_steps", .title = "Steps of the paths", .parent = -1, COLUMNS(step_columns) };

	paths.note = note_of(ways);
	paths.empty = node == p->h->root ? "The root needs no holder." :
			      "No way leads to the object from the root but by weak references: it is about to be freed.";
	steps.note = p->full ? "From the root to the object." :
			       "From the root to the object; each path from where it leaves the one before.";
	if (report_add_table(p->r, &paths, &p->table, e) || report_add_table(p->r, &steps, &p->steps, e))
		return e->kind;
	for (size_t i = 0; i < ways->n; i++)
		if (add_path(p, &ways->all[i], i + 1, e) || add_steps(p, &ways->all[i], i + 1, e))
			return e->kind;
	return 0;
}

int view_paths(struct report *r, struct heap *h, uint32_t node, size_t max, int show_values, struct err *e)
{
	struct paths p = { .r = r, .h = h, .show_values = show_values, .full = max == WAYS_MAX };
	struct ways ways;
	int rc = ways_find(&ways, h, node, max, e);

	if (rc)
		return rc;
	rc = headline(&p, node, e);
	if (!rc)
		rc = add_tables(&p, node, &ways, e);
	ways_release(&ways);
	return rc;
}
