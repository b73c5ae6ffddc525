#include "analyzer/profile_analysis.h"

#include "analyzer/flame_report.h"
#include "analyzer/insights.h"
#include "analyzer/profile_filter.h"
#include "analyzer/profile_redact.h"
#include "analyzer/profile_report.h"
#include "analyzer/profile_writers.h"
#include "analyzer/report_parts.h"
#include "base/hash.h"

/* A table on another granularity than the view that is shown. */
static int add_grouped(struct report *r, const struct profile *p, const struct profile_options *o, enum view_by by,
		       struct err *e)
{
	struct view_options vo = { by, o->focus, o->ignore, o->hide, o->thread, NULL };
	struct profile_view v;
	int rc;

	if (profile_view_make(&v, p, &vo, e))
		return e->kind;
	rc = profile_add_top(r, &v, e);
	profile_view_release(&v);
	return rc;
}

static int add_overview(struct report *r, const struct profile_view *v, const struct profile_options *o, struct err *e)
{
	if (v->by == VIEW_FUNCTIONS && profile_add_insights(r, v, e))
		return e->kind;
	if (profile_add_flame(r, v, e) || profile_add_timeline(r, v->p, 1, e) || profile_add_categories(r, v, e))
		return e->kind;
	if (v->by != VIEW_PACKAGES && add_grouped(r, v->p, o, VIEW_PACKAGES, e))
		return e->kind;
	return profile_add_top(r, v, e) || profile_add_tree(r, v, e) ? e->kind : 0;
}

static int add_views(struct report *r, const struct profile_view *v, const struct profile_options *o, struct err *e)
{
	if (!o->top && !o->tree && !o->callers && !o->lines && !o->timeline && !o->function)
		return add_overview(r, v, o, e);
	if ((o->top && profile_add_top(r, v, e)) || (o->lines && profile_add_lines(r, v, e)) ||
	    (o->timeline && profile_add_timeline(r, v->p, 0, e)) ||
	    (o->tree && (profile_add_flame(r, v, e) || profile_add_tree(r, v, e))) ||
	    (o->function ? profile_add_function(r, v, o->function, e) : o->callers && profile_add_callers(r, v, e)))
		return e->kind;
	return 0;
}

struct hash_key profile_key(const struct profile *p)
{
	struct hash_key key = { hash_bytes(p->sums, p->n_sums * sizeof(*p->sums)), 1 };

	for (size_t v = 0; v < p->n_values; v++)
		key.k1 = hash_add(key.k1, hash_bytes(p->sum_columns[v], p->n_sums * sizeof(**p->sum_columns)));
	return key;
}

static int add_inputs(struct report *r, const struct profile *p, struct err *e)
{
	const struct profile_input **inputs = arena_alloc(&r->arena, p->n_inputs * sizeof(*inputs), e);

	if (!inputs)
		return e->kind;
	for (size_t i = 0; i < p->n_inputs; i++)
		inputs[i] = &p->inputs[i];
	return profile_add_inputs(r, inputs, p->n_inputs, e);
}

static int fill(struct report *r, const struct profile *p, const struct profile_view *v, const char *const *files,
		const struct profile_options *o, struct err *e)
{
	r->tool = "snapdiff";
	r->version = SNAPDIFF_VERSION;
	r->command = "profstat";
	r->subject = "profile";
	r->key = profile_key(p);
	r->n_snapshots = 1;
	if (profile_headline(r, v, e) || add_inputs(r, p, e) || profile_add_summary(r, v, e) ||
	    profile_add_threads(r, v, e) || add_views(r, v, o, e) || report_add_diagnostics(r, p->run, files, e))
		return e->kind;
	return report_seal(r, e);
}

static int report_profile(const struct profile *p, const char *const *files, const struct profile_options *o,
			  struct report *out, struct err *e)
{
	struct view_options vo = { (enum view_by)o->by, o->focus, o->ignore, o->hide, o->thread, NULL };
	uint64_t t = run_clock();
	struct profile_view v;
	int rc;

	if (profile_view_make(&v, p, &vo, e))
		return e->kind;
	rc = fill(out, p, &v, files, o, e);
	profile_view_release(&v);
	run_stage(p->run, "report", t);
	return rc;
}

struct profile_load_options profile_load_options(const struct profile_options *o)
{
	return (struct profile_load_options){ .input_format = o->input_format,
					      .weights = (enum profile_weights)o->weights,
					      .value_type = o->value_type,
					      .from_ns = (int64_t)o->from_ns,
					      .to_ns = (int64_t)o->to_ns };
}

int profile_stat_dump(struct run *run, const char *const *files, size_t n_files, const char *what,
		      const struct profile_options *o, const struct byte_sink *sink, struct err *e)
{
	const struct profile_writer *writer = profile_writer_named(what);
	struct profile_load_options lo = profile_load_options(o);
	struct view_options vo = { VIEW_FUNCTIONS, o->focus, o->ignore, o->hide, o->thread, NULL };
	struct profile p;
	int rc;

	if (!writer)
		return err_set(e, ERR_USAGE, "--dump %s: expected one of " PROFILE_WRITER_WORDS, what);
	lo.redact = o->redact;
	if (profile_load(&p, run, files, n_files, &lo, e))
		return e->kind;
	rc = profile_filter(&p, &vo, e);
	if (!rc && o->redact)
		rc = profile_redact(&p, o->redact, e);
	if (!rc)
		rc = writer->write(&p, sink, e);
	profile_release(&p);
	return rc;
}

int profile_stat(struct run *run, const char *const *files, size_t n_files, const struct profile_options *o,
		 struct report *out, struct err *e)
{
	struct profile_load_options lo = profile_load_options(o);
	struct profile p;
	int rc;

	lo.keep_runs = 1;
	lo.redact = out->redact;
	if (profile_load(&p, run, files, n_files, &lo, e))
		return e->kind;
	run->snapshot = -1;
	rc = report_profile(&p, files, o, out, e);
	profile_release(&p);
	return rc;
}
