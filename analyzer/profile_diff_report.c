/* The report of a comparison of two profiles, and what --fail-on asks of it. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/flame_report.h"
#include "analyzer/human.h"
#include "analyzer/profile_analysis.h"
#include "analyzer/profile_diff.h"
#include "analyzer/profile_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

static const char *const status_names[] = {
	[DIFF_SLOWER] = "slower", [DIFF_FASTER] = "faster", [DIFF_NEW] = "new",
	[DIFF_GONE] = "gone",	  [DIFF_MOVED] = "moved",   [DIFF_SAME] = "same",
};

static const struct column change_columns[] = {
	{ "status", "Change", CELL_TEXT, 0, 0 },
	{ "function", "Function", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "before_ns", "Before", CELL_TIME, 0, 0 },
	{ "after_ns", "After", CELL_TIME, 0, 0 },
	{ "delta_ns", "Change", CELL_TIME, COLUMN_SIGNED | COLUMN_MAIN, 0 },
	{ "share", "Of busy", CELL_PERCENT, COLUMN_SIGNED, 0 },
	{ "error_ns", "Error", CELL_TIME, COLUMN_DETAIL, 0 },
	{ "before_total_ns", "Total before", CELL_TIME, COLUMN_DETAIL, 0 },
	{ "after_total_ns", "Total after", CELL_TIME, COLUMN_DETAIL, 0 },
	{ "category", "Category", CELL_TEXT, COLUMN_DETAIL, 0 },
};

static int change_row(struct report *r, int table, const struct profile_diff *d, const struct profile_change *c,
		      struct err *e)
{
	int side = c->after_key != VIEW_NONE;
	const struct profile_view *v = &d->v[side];
	const struct view_key *k = &v->keys[side ? c->after_key : c->before_key];
	const struct place *place;
	struct str name;

	if (ref_text(&r->arena, profile_frame_name(v->p, k->frame), &name, e) ||
	    profile_place(r, v->p, k->frame, 0, &place, e))
		return e->kind;
	union cell cells[] = { cell_text(str_of(status_names[c->status])),
			       cell_text(name),
			       { .place = place },
			       cell_int(c->before),
			       cell_int(c->after),
			       cell_int(c->after - c->before),
			       cell_int(hundredths(c->after - c->before, d->v[1].sum)),
			       cell_int(c->error),
			       cell_int(c->before_total),
			       cell_int(c->after_total),
			       cell_text(str_of(profile_category_name(k->category))) };
	return report_add_row(r, table, cells, e);
}

static enum profile_unit unit_of(const struct profile_diff *d)
{
	return d->p[1]->values[d->p[1]->shown].unit;
}

static int add_changes(struct report *r, const struct profile_diff *d, struct err *e)
{
	struct table t = { .key = "changes", .title = "Functions that changed", .parent = -1, .text_rows = 30,
			   .empty = "No function changed by more than the error of sampling and 1 % of the busy time." };
	int table;

	t.note = d->is_scaled ? "Own time. Before is scaled to the busy time of after. Changes within the error of sampling "
				"or below 1 % are left out."
			      : "Own values as recorded. Changes within the error of sampling or below 1 % are left out.";
	if (profile_columns(r, unit_of(d), &t, change_columns, sizeof(change_columns) / sizeof(change_columns[0]), e) ||
	    report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < d->n_changes; i++)
		if (change_row(r, table, d, &d->rows[i], e))
			return e->kind;
	return 0;
}

static const struct column sum_columns[] = {
	{ "value", "Compared", CELL_TEXT, 0, 0 },
	{ "before_busy_ns", "Busy before", CELL_TIME, 0, 0 },
	{ "after_busy_ns", "Busy after", CELL_TIME, 0, 0 },
	{ "scaled", "Scaled to equal busy time", CELL_BOOL, 0, 0 },
	{ "changed_ns", "Moved between functions", CELL_TIME, 0, 0 },
	{ "explained", "Of that in the functions named", CELL_PERCENT, 0, 0 },
	{ "before_idle_ns", "Idle before", CELL_TIME, 0, 0 },
	{ "after_idle_ns", "Idle after", CELL_TIME, 0, 0 },
};

static int add_sums(struct report *r, const struct profile_diff *d, struct err *e)
{
	struct table t = { .key = "comparison", .title = "Comparison", .kind = TABLE_RECORD, .parent = -1 };
	int64_t changed = 0, named = 0;
	struct str value;
	int table;

	for (size_t i = 0; i < d->n; i++) {
		changed += llabs(d->rows[i].after - d->rows[i].before);
		named += i < d->n_changes ? llabs(d->rows[i].after - d->rows[i].before) : 0;
	}
	if (profile_columns(r, unit_of(d), &t, sum_columns, sizeof(sum_columns) / sizeof(sum_columns[0]), e) ||
	    report_add_table(r, &t, &table, e) ||
	    ref_text(&r->arena, d->p[1]->values[d->p[1]->shown].type, &value, e))
		return e->kind;
	union cell cells[] = { cell_text(value),	 cell_int(d->v[0].sum),	 cell_int(d->v[1].sum),
			       cell_int(d->is_scaled),	 cell_int(changed),	 cell_int(hundredths(named, changed)),
			       cell_int(d->v[0].idle),	 cell_int(d->v[1].idle) };
	return report_add_row(r, table, cells, e);
}

static int headline(struct report *r, const struct profile_diff *d, struct err *e)
{
	const struct profile_change *c = d->n_changes ? &d->rows[0] : NULL;
	struct strbuf sb;
	int side, rc;

	if (!c)
		return report_headline(r, e, "No function changed by more than the error of sampling.");
	side = c->after_key != VIEW_NONE;
	strbuf_init(&sb, r->mem);
	strbuf_addf(&sb, "%zu function%s changed; most: ", d->n_changes, d->n_changes == 1 ? "" : "s");
	{
		struct str name = profile_frame_name(d->v[side].p, d->v[side].keys[side ? c->after_key : c->before_key].frame);

		strbuf_add(&sb, name.s, name.n < REF_MAX_NAME ? name.n : REF_MAX_NAME);
	}
	strbuf_addf(&sb, " (%s), ", status_names[c->status]);
	profile_amount(&sb, unit_of(d), c->before);
	strbuf_addstr(&sb, " before, ");
	profile_amount(&sb, unit_of(d), c->after);
	strbuf_addstr(&sb, " after.");
	rc = strbuf_check(&sb, e) ? e->kind : report_headline(r, e, "%s", strbuf_str(&sb));
	strbuf_release(&sb);
	return rc;
}

/* "slower:10%": a kind of change, and from how many percent on. */
struct limit {
	enum diff_status status;
	int64_t percent_hundredths;
};

static int parse_limit(const char *text, struct limit *l, struct err *e)
{
	const char *colon = strchr(text, ':');
	char *end = NULL;
	long percent = colon ? strtol(colon + 1, &end, 10) : -1;

	for (l->status = DIFF_SLOWER; l->status < DIFF_SAME; l->status++)
		if (colon && strlen(status_names[l->status]) == (size_t)(colon - text) &&
		    !memcmp(status_names[l->status], text, (size_t)(colon - text)))
			break;
	if (!colon || l->status == DIFF_SAME || end == colon + 1 || strcmp(end, "%") != 0 || percent < 0 || percent > 1000000)
		return err_set(e, ERR_USAGE, "--fail-on: '%.64s' is no limit; expected one such as slower:10%% or new:5%%",
			       text);
	l->percent_hundredths = percent * 100;
	return 0;
}

/* Slower and faster by how much they changed themselves; new, gone and moved by their share of the busy time. */
static int exceeds(const struct profile_diff *d, const struct profile_change *c, const struct limit *l)
{
	int64_t delta = llabs(c->after - c->before);

	if (c->status != l->status)
		return 0;
	if (c->status == DIFF_SLOWER || c->status == DIFF_FASTER)
		return hundredths(delta, c->before) >= l->percent_hundredths;
	if (c->status == DIFF_MOVED)
		delta = c->after_total;
	return hundredths(delta, d->v[1].sum) >= l->percent_hundredths;
}

static int check_limits(struct report *r, const struct profile_diff *d, const struct profile_options *o, struct err *e)
{
	for (size_t i = 0; i < o->n_limits; i++) {
		struct limit l;
		size_t n = 0;

		if (parse_limit(o->limits[i], &l, e))
			return e->kind;
		for (size_t k = 0; k < d->n_changes; k++)
			n += exceeds(d, &d->rows[k], &l) != 0;
		if (n && report_warn(r, e, "%s: %zu function%s", o->limits[i], n, n == 1 ? "" : "s"))
			return e->kind;
		r->failed |= n != 0;
	}
	return 0;
}

static int fill(struct report *r, const struct profile_diff *d, const char *const *files,
		const struct profile_options *o, struct err *e)
{
	const struct profile_input *inputs[] = { &d->p[0]->inputs[0], &d->p[1]->inputs[0] };

	r->tool = "snapdiff";
	r->version = SNAPDIFF_VERSION;
	r->command = "profdiff";
	r->subject = "profile comparison";
	r->key = profile_key(d->p[1]);
	r->n_snapshots = 2;
	if (headline(r, d, e) || check_limits(r, d, o, e) || profile_add_inputs(r, inputs, 2, e) || add_sums(r, d, e) ||
	    profile_diff_add_flame(r, d, e) || add_changes(r, d, e) || report_add_diagnostics(r, d->p[1]->run, files, e))
		return e->kind;
	return report_seal(r, e);
}

static int compare(const struct profile *p, const char *const *files, const struct profile_options *o,
		   struct report *out, struct err *e)
{
	struct profile_diff_options d_o = { o->absolute, o->focus, o->ignore, o->hide, o->thread };
	struct profile_diff d;
	int rc;

	if (profile_diff_make(&d, &p[0], &p[1], &d_o, e))
		return e->kind;
	rc = fill(out, &d, files, o, e);
	profile_diff_release(&d);
	return rc;
}

int profile_compare(struct run *run, const char *const *files, const struct profile_options *o, struct report *out,
		    struct err *e)
{
	struct profile_load_options lo = profile_load_options(o);
	struct profile p[2];
	struct limit ignored;
	int rc;

	for (size_t i = 0; i < o->n_limits; i++)
		if (parse_limit(o->limits[i], &ignored, e))
			return e->kind;
	lo.redact = out->redact;
	if (profile_load(&p[0], run, files, 1, &lo, e))
		return e->kind;
	lo.first_input = 1;
	rc = profile_load(&p[1], run, files + 1, 1, &lo, e);
	run->snapshot = -1;
	if (!rc) {
		rc = compare(p, files, o, out, e);
		profile_release(&p[1]);
	}
	profile_release(&p[0]);
	return rc;
}
