#include "analyzer/analysis.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/dump.h"
#include "analyzer/filter.h"
#include "analyzer/leaks/known.h"
#include "analyzer/redact.h"
#include "analyzer/snapdiff_report.h"
#include "analyzer/snapstat_report.h"
#include "analyzer/views.h"
#include "base/pool.h"

/* `sections` NULL: not wanted; else they need a release on success. */
static int load(struct heap *h, struct run *run, const char *file, const struct analysis_options *o, int keep_shapes,
		struct sections *sections, struct err *e)
{
	struct heap_load_options lo = { .allow_truncated = o->allow_truncated };
	struct sections_work work;
	struct heap_task more;

	if (heap_load(h, run, file, &lo, e))
		return e->kind;
	h->keep_shapes = keep_shapes;
	if (sections)
		more = sections_prepare(&work, h, sections);
	if (!heap_analyze_with(h, sections ? &more : NULL, e))
		return 0;
	if (sections)
		sections_release(sections);
	heap_release(h);
	return e->kind;
}

static int stat_loaded(struct heap *h, const struct sections *sections, struct filter *filter, struct where *where, const struct analysis_options *o,
		       struct report *out, struct err *e)
{
	int rc;

	out->key = h->key;
	rc = snapstat_report(out, h, sections, filter, where, o, e);
	if (!rc)
		rc = filter_check(filter, e);
	return rc ? rc : report_seal(out, e);
}

static int stat_file(struct run *run, const char *file, struct filter *filter, struct where *where,
		     const struct analysis_options *o, struct report *out, struct err *e)
{
	struct sections list = { .mem = NULL }, *sections = views_wanted(&o->views) ? NULL : &list;
	struct heap h;
	int rc;

	run->snapshot = 0;
	if (load(&h, run, file, o, 0, sections, e))
		return e->kind;
	rc = stat_loaded(&h, sections, filter, where, o, out, e);
	if (sections)
		sections_release(sections);
	where_unbind(where);
	heap_release(&h);
	return rc;
}

int analysis_stat(struct run *run, const char *file, const struct analysis_options *o, struct report *out,
		  struct err *e)
{
	struct filter *filter;
	struct where *where = NULL;
	int rc;

	if (views_check(&o->views, e) || filter_new(&filter, "--filter", o->filter, e))
		return e->kind;
	rc = o->views.where ? where_new(&where, o->views.where, e) : 0;
	if (!rc)
		rc = stat_file(run, file, filter, where, o, out, e);
	where_free(where);
	filter_free(filter);
	return rc;
}

static int dump_loaded(const struct heap *h, const char *what, struct redact *redact, const struct byte_sink *sink,
		       struct err *e)
{
	static const struct {
		const char *word;
		int (*dump)(const struct heap *, struct redact *, const struct byte_sink *, struct err *);
	} dumps[] = { { "nodes", dump_nodes }, { "classes", dump_classes }, { "stats", dump_stats } };

	if (redact)
		redact_key(redact, h->key);
	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++)
		if (!strcmp(what, dumps[i].word))
			return dumps[i].dump(h, redact, sink, e);
	return err_set(e, ERR_USAGE, "--dump %s: expected nodes, classes or stats", what);
}

int analysis_dump(struct run *run, const char *file, const char *what, const struct analysis_options *o,
		  const struct byte_sink *sink, struct err *e)
{
	struct heap h;
	int rc;

	run->snapshot = 0;
	if (load(&h, run, file, o, 0, NULL, e))
		return e->kind;
	rc = dump_loaded(&h, what, o->redact, sink, e);
	heap_release(&h);
	return rc;
}

/* Everything a comparison holds at the same time. */
struct diff {
	struct run *run;
	const struct analysis_options *o;
	const char *const *files;
	size_t n;
	struct digest *digests;
	struct sections *sections;
	const struct sections **lists;
	size_t n_digests, n_sections; /* made so far */
	struct heap last;
	int loaded;
	struct match match;
	struct groups groups; /* of the last, when matching is by structure or the growth tree is wanted */
	int tree;             /* it is wanted */
	struct compare compare;
	struct growth growth;
	struct known known;
};

/* One snapshot after the other is condensed; its graph is gone before the next is read. */
static int condense(struct diff *d, size_t i, struct err *e)
{
	struct heap h;
	int rc;

	d->run->snapshot = (int)i;
	if (load(&h, d->run, d->files[i], d->o, 1, d->sections ? &d->sections[i] : NULL, e))
		return e->kind;
	d->n_sections += d->sections != NULL;
	rc = digest_make(&d->digests[i], &h, e);
	if (!rc)
		d->n_digests++;
	heap_release(&h);
	return rc;
}

static int match_last(struct diff *d, struct err *e)
{
	if (match_make(&d->match, &d->digests[0], &d->last, d->o->match, e))
		return e->kind;
	for (size_t i = 0; i < d->n_digests; i++)
		if (digest_sum(&d->digests[i], e))
			return e->kind;
	return 0;
}

static int load_last(struct diff *d, struct err *e)
{
	size_t i = d->n - 1;

	d->run->snapshot = (int)i;
	if (load(&d->last, d->run, d->files[i], d->o, 0, d->sections ? &d->sections[i] : NULL, e))
		return e->kind;
	d->loaded = 1;
	d->n_sections += d->sections != NULL;
	d->run->snapshot = -1;
	/* distances have done their work, and memory is tightest here */
	mem_free(&d->run->mem, d->last.distance);
	d->last.distance = NULL;
	return 0;
}

static int load_all(struct diff *d, struct err *e)
{
	d->digests = mem_alloc(&d->run->mem, d->n, sizeof(*d->digests), e);
	if (!d->digests)
		return e->kind;
	for (size_t i = 0; i + 1 < d->n; i++)
		if (condense(d, i, e))
			return e->kind;
	return load_last(d, e);
}

static int compare_classes(struct diff *d, struct err *e)
{
	return compare_make(&d->compare, &d->digests[0], &d->last, &d->match, 1, e);
}

static int find_growth(struct diff *d, struct err *e)
{
	const struct groups *groups = d->match.mode == MATCH_STRUCTURE ? &d->groups : NULL;

	return growth_find(&d->growth, &d->digests[0], &d->last, &d->match, groups, e);
}

/*
 * What is done with the last heap, as tasks. Objects are matched first, and groups begin meanwhile. By id, growth and
 * classes need nothing but the match, and groups are finished beside them; by structure, growth needs the groups.
 */
enum { EARLY_SLICES = 3 };

struct comparing {
	struct diff *d;
	struct groups_work groups; /* no slices when groups are not wanted */
	struct latch by_id;        /* what the match has said; 0, too, when it failed */
};

static int match_first(struct comparing *c, struct err *e)
{
	int rc = match_last(c->d, e);

	latch_open(&c->by_id, !rc && c->d->match.mode == MATCH_ID);
	return rc;
}

/* Tasks: the match, the early slices, growth, classes, the other slices. */
static int compare_task(void *ctx, unsigned task, struct err *e)
{
	struct comparing *c = ctx;
	unsigned early = c->groups.n_slices < EARLY_SLICES ? c->groups.n_slices : EARLY_SLICES;

	if (!task)
		return match_first(c, e);
	if (task <= early)
		return groups_slice(&c->groups, task - 1, e);
	if (task > early + 2)
		return groups_slice(&c->groups, task - 3, e);
	if (!latch_wait(&c->by_id))
		return 0;
	return task == early + 1 ? find_growth(c->d, e) : compare_classes(c->d, e);
}

static int run_tasks(struct diff *d, struct err *e)
{
	struct comparing c = { .d = d };
	int keep_nodes = d->o->match == MATCH_STRUCTURE, rc;

	if (d->tree && groups_begin(&c.groups, &d->last, keep_nodes, groups_slices_for(&d->last), e))
		return e->kind;
	latch_init(&c.by_id);
	rc = pool_run(d->run, 3 + c.groups.n_slices, compare_task, &c, e);
	latch_release(&c.by_id);
	return d->tree ? groups_end(&c.groups, &d->groups, rc, e) : rc;
}

static int structure_task(void *ctx, unsigned task, struct err *e)
{
	return task ? compare_classes(ctx, e) : find_growth(ctx, e);
}

/* What had to wait for the groups, of which it wants the nodes: four bytes each, where memory is tightest. */
static int compare_by_structure(struct diff *d, struct err *e)
{
	if (!d->groups.of_node) {
		groups_release(&d->groups);
		if (groups_make(&d->groups, &d->last, 1, e))
			return e->kind;
	}
	return pool_run(d->run, 2, structure_task, d, e);
}

static int compare_all(struct diff *d, struct err *e)
{
	uint64_t t = run_clock();
	int rc = run_tasks(d, e);

	if (!rc && d->match.mode == MATCH_STRUCTURE)
		rc = compare_by_structure(d, e);
	run_stage(d->run, "compare", t);
	digest_forget_objects(&d->digests[0]);
	return rc;
}

static int report_all(struct diff *d, struct filter *filter, struct report *out, struct err *e)
{
	struct comparison c = { .files = d->files, .n = d->n, .digests = d->digests, .last = &d->last,
				.sections = d->lists, .match = &d->match, .compare = &d->compare, .growth = &d->growth,
				.known = &d->known };
	uint64_t t = run_clock();
	int rc;

	if (d->match.mode == MATCH_STRUCTURE)
		c.groups = &d->groups;
	if (d->tree)
		c.tree = &d->groups;
	out->key = d->last.key;
	rc = snapdiff_report(out, &c, filter, d->o, e);
	if (!rc)
		rc = filter_check(filter, e);
	if (!rc)
		rc = report_seal(out, e);
	run_stage(d->run, "report", t);
	return rc;
}

static int diff(struct diff *d, struct filter *filter, struct report *out, struct err *e)
{
	d->sections = mem_alloc(&d->run->mem, d->n, sizeof(*d->sections), e);
	d->lists = d->sections ? mem_alloc(&d->run->mem, d->n, sizeof(*d->lists), e) : NULL;
	if (!d->lists)
		return e->kind;
	for (size_t i = 0; i < d->n; i++)
		d->lists[i] = &d->sections[i];
	if (load_all(d, e) || compare_all(d, e))
		return e->kind;
	return report_all(d, filter, out, e);
}

static void release(struct diff *d)
{
	struct mem *m = &d->run->mem;

	growth_release(&d->growth);
	compare_release(&d->compare);
	groups_release(&d->groups);
	match_release(&d->match);
	if (d->loaded)
		heap_release(&d->last);
	for (size_t i = 0; i < d->n_digests; i++)
		digest_release(&d->digests[i]);
	for (size_t i = 0; i < d->n_sections; i++)
		sections_release(&d->sections[i]);
	mem_free(m, d->digests);
	mem_free(m, d->sections);
	mem_free(m, d->lists);
}

int analysis_diff(struct run *run, const char *const *files, size_t n_files, const struct analysis_options *o,
		  struct report *out, struct err *e)
{
	struct diff d = { .run = run, .o = o, .files = files, .n = n_files, .tree = out->page_tables };
	struct filter *filter;
	int rc;

	if (n_files < 2)
		return err_set(e, ERR_USAGE, "two snapshots at least are needed for a comparison");
	if (filter_new(&filter, "--filter", o->filter, e))
		return e->kind;
	rc = o->known ? known_read(&d.known, &run->mem, o->known, e) : 0;
	if (!rc)
		rc = diff(&d, filter, out, e);
	known_release(&d.known);
	release(&d);
	filter_free(filter);
	return rc;
}

static int fill_row(struct arena *a, const struct class_row *r, struct dump_row *out, struct err *e)
{
	char place[48] = ",";

	if (r->located)
		snprintf(place, sizeof(place), "%u,%u,%u,", r->script_id, r->line, r->column);
	out->key.n = strlen(place) + r->name.n;
	out->key.s = arena_alloc(a, out->key.n + 1, e);
	if (!out->key.s)
		return e->kind;
	memcpy((char *)(uintptr_t)out->key.s, place, strlen(place));
	if (r->name.n)
		memcpy((char *)(uintptr_t)out->key.s + strlen(place), r->name.s, r->name.n);
	out->added = r->added;
	out->removed = r->removed;
	out->added_bytes = r->added_bytes;
	out->removed_bytes = r->removed_bytes;
	return 0;
}

static int dump_rows(struct diff *d, const struct byte_sink *sink, struct err *e)
{
	struct dump_row *rows = mem_alloc(&d->run->mem, d->compare.n + 1, sizeof(*rows), e);
	size_t n = 0;
	int rc = rows ? 0 : e->kind;

	if (d->o->redact)
		redact_key(d->o->redact, d->last.key);
	for (size_t i = 0; i < d->compare.n && !rc; i++)
		if (d->compare.rows[i].added || d->compare.rows[i].removed)
			rc = fill_row(&d->run->arena, &d->compare.rows[i], &rows[n++], e);
	if (!rc)
		rc = dump_compare(&d->run->mem, rows, n, d->o->redact, sink, e);
	mem_free(&d->run->mem, rows);
	return rc;
}

int analysis_dump_compare(struct run *run, const char *base, const char *target, const struct analysis_options *o,
			  const struct byte_sink *sink, struct err *e)
{
	const char *const files[] = { base, target };
	struct diff d = { .run = run, .o = o, .files = files, .n = 2 };
	int rc = load_all(&d, e);

	if (!rc)
		rc = match_last(&d, e);
	if (!rc)
		rc = compare_make(&d.compare, &d.digests[0], &d.last, &d.match, 0, e);
	if (!rc)
		rc = dump_rows(&d, sink, e);
	release(&d);
	return rc;
}
