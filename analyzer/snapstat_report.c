/* The report on one snapshot. */
#include "analyzer/snapstat_report.h"

#include <stdlib.h>

#include "analyzer/biggest.h"
#include "analyzer/detached.h"
#include "analyzer/group_tree.h"
#include "analyzer/human.h"
#include "analyzer/leaks_report.h"
#include "analyzer/origin.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/views.h"
#include "analyzer/waste.h"
#include "base/pool.h"

static const struct column class_columns[] = {
	{ "class", "Class", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "count", "Count", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "distance", "Distance", CELL_DISTANCE, 0, 0 },
	{ "self_bytes", "Self", CELL_BYTES, COLUMN_SUMS, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
};

static int by_retained(const void *a, const void *b)
{
	const struct heap_class *x = *(const struct heap_class *const *)a, *y = *(const struct heap_class *const *)b;

	if (x->retained_bytes != y->retained_bytes)
		return x->retained_bytes < y->retained_bytes ? 1 : -1;
	if (str_cmp(x->name, y->name))
		return str_cmp(x->name, y->name);
	return (x->place > y->place) - (x->place < y->place);
}

static int class_row(struct report *r, int table, const struct heap *h, const struct heap_class *c, struct err *e)
{
	const struct place *place;
	struct str name;

	if (ref_text(&r->arena, c->name, &name, e) || ref_place_number(&r->arena, h, c->place, &place, e))
		return e->kind;
	union cell cells[] = { cell_text(name), { .place = place }, cell_size(c->count), cell_int(c->distance),
			       cell_size(c->self_bytes), cell_size(c->retained_bytes) };
	return report_add_row(r, table, cells, e);
}

/* Of self sizes the total is known: report_seal() then proves that no object is missing in the rows. */
static int state_total(struct report *r, const struct heap *h, int table, struct err *e)
{
	union cell total[sizeof(class_columns) / sizeof(class_columns[0])];
	const struct table *t = &r->tables[table];

	table_rest(t, 0, total);
	total[table_column(t, "self_bytes")] = cell_size(h->retained[h->root]);
	return report_set_total(r, table, total, e);
}

static int add_classes(struct report *r, const struct heap *h, struct filter *filter, unsigned text_rows,
		       struct err *e)
{
	struct table desc = { .key = "classes", .title = "Classes", .parent = -1, .text_rows = text_rows,
			      COLUMNS(class_columns) };
	const struct heap_class **order = mem_alloc(r->mem, h->n_classes + 1, sizeof(*order), e);
	size_t n = 0;
	int table, rc;

	if (!order)
		return e->kind;
	desc.note = "Retained is what would be freed with all objects of the class.";
	for (size_t i = 0; i < h->n_classes; i++)
		if (h->classes[i].count && filter_wants(filter, h->classes[i].name))
			order[n++] = &h->classes[i];
	if (n)
		qsort(order, n, sizeof(*order), by_retained);
	rc = report_add_table(r, &desc, &table, e);
	for (size_t i = 0; i < n && !rc; i++)
		rc = class_row(r, table, h, order[i], e);
	if (!rc && !filter)
		rc = state_total(r, h, table, e);
	mem_free(r->mem, order);
	return rc;
}

static int headline(struct report *r, const struct heap *h, struct err *e)
{
	struct strbuf sb;
	int rc;

	strbuf_init(&sb, r->mem);
	human_bytes(&sb, (int64_t)h->stats.total_bytes, 0);
	strbuf_addstr(&sb, " in ");
	human_count(&sb, h->n_nodes, 0);
	strbuf_addstr(&sb, " objects: ");
	human_bytes(&sb, (int64_t)h->stats.string_bytes, 0);
	strbuf_addstr(&sb, " strings, ");
	human_bytes(&sb, (int64_t)h->stats.js_array_bytes, 0);
	strbuf_addstr(&sb, " arrays, ");
	human_bytes(&sb, (int64_t)h->stats.code_bytes, 0);
	strbuf_addstr(&sb, " code, ");
	human_bytes(&sb, (int64_t)h->stats.native_bytes, 0);
	strbuf_addstr(&sb, " native.");
	rc = strbuf_check(&sb, e) ? e->kind : report_headline(r, e, "%s", strbuf_str(&sb));
	strbuf_release(&sb);
	return rc;
}

/* The suspects go into the report, and what else is found meanwhile only reads the heap. */
struct judging {
	struct report *r;
	struct heap *h;
	const struct sections *sections;
	struct filter *filter;
	const struct analysis_options *o;
	struct waste waste[N_WASTE];
	/* for pages */
	struct string_copies *copies;
	struct groups groups;
};

static int judge(void *ctx, unsigned task, struct err *e)
{
	struct judging *j = ctx;

	switch (task) {
	case 0:
		return suspects_report(j->r, j->h, j->sections, j->filter, j->o, e);
	case 1:
		return waste_find(j->waste, j->h, j->sections, e);
	case 2:
		return string_copies_find(&j->copies, j->h, e);
	default:
		return groups_make(&j->groups, j->h, 0, e);
	}
}

static int add_tables(struct judging *j, struct err *e)
{
	struct report *r = j->r;
	struct heap *h = j->h;
	struct filter *filter = j->filter;
	struct sections_view view = { .lists = &j->sections, .n = 1, .by_id = 1, .last = h, .options = j->o,
				      .wanted = filter ? filter_wants : NULL, .wanted_ctx = filter };
	int show_values = j->o->show_values;

	if (report_add_statistics(r, h, e) || pool_run(h->run, r->page_tables ? 4 : 2, judge, j, e) ||
	    detached_report(r, h, show_values, e) || waste_report(r, h, j->waste, e) ||
	    (r->page_tables && (report_add_composition(r, h, &j->groups, show_values, e) ||
				biggest_report(r, h, show_values, e))) ||
	    add_classes(r, h, filter, 20, e) || sections_report(r, &view, e) ||
	    (r->page_tables && string_copies_report(j->copies, r, show_values, 1, e)))
		return e->kind;
	return report_add_dominators(r, h, show_values, e);
}

static int add_summary(struct report *r, struct heap *h, const struct sections *sections, struct filter *filter,
		       const struct analysis_options *o, struct err *e)
{
	struct judging j = { .r = r, .h = h, .sections = sections, .filter = filter, .o = o };
	int rc = add_tables(&j, e);

	string_copies_free(j.copies);
	groups_release(&j.groups);
	return rc;
}

static int add_views(struct report *r, struct heap *h, struct filter *filter, struct where *where,
		     const struct analysis_options *o, struct err *e)
{
	const struct stat_views *v = &o->views;

	if (v->object && view_object(r, h, o, e))
		return e->kind;
	if (v->path && view_paths_of(r, h, o, e))
		return e->kind;
	if (where && view_where(r, h, where, o, e))
		return e->kind;
	if (v->statistics && report_add_statistics(r, h, e))
		return e->kind;
	if (v->classes && add_classes(r, h, filter, 0, e))
		return e->kind;
	if (v->strings && view_strings(r, h, o->show_values, e))
		return e->kind;
	return v->dominators ? view_dominators(r, h, o, e) : 0;
}

int snapstat_report(struct report *r, struct heap *h, const struct sections *sections, struct filter *filter,
		    struct where *where, const struct analysis_options *o, struct err *e)
{
	char runtime[ORIGIN_RUNTIME_BYTES];
	struct snapshot_row row = { h->file, h->file_bytes, h->n_nodes, h->n_edges, h->stats.total_bytes,
				    h->n_unreachable, h->truncated, runtime };
	int rc;

	origin_runtime(h, runtime);
	r->tool = "snapdiff";
	r->version = SNAPDIFF_VERSION;
	r->command = "snapstat";
	r->n_snapshots = 1;
	r->shows_values = o->show_values;
	if (headline(r, h, e) || report_add_snapshots(r, &row, 1, e))
		return e->kind;
	rc = sections ? add_summary(r, h, sections, filter, o, e) : add_views(r, h, filter, where, o, e);
	return rc ? rc : report_add_diagnostics(r, h->run, &h->file, e);
}
