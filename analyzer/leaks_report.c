#include "analyzer/leaks_report.h"

#include <stdio.h>

#include "analyzer/human.h"
#include "analyzer/leaks/known.h"
#include "analyzer/leaks/leaks.h"
#include "analyzer/leaks/merged_paths.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"

#define SIGNED COLUMN_SIGNED
#define DETAIL COLUMN_DETAIL

const struct column finding_columns[] = {
	{ "rank", "#", CELL_NUMBER, 0, 0 },
	{ "kind", "Kind", CELL_TEXT, 0, 0 },
	{ "verdict", "Verdict", CELL_TEXT, 0, 0 },
	{ "confidence", "Confidence", CELL_RATIO, 0, 0 },
	{ "title", "Finding", CELL_TEXT, 0, 0 },
	{ "count_before", "Before", CELL_NUMBERS, DETAIL, 0 },
	{ "count_delta", "More", CELL_COUNT, SIGNED | DETAIL, 0 },
	{ "count_series", "Counts", CELL_SERIES, DETAIL, CELL_COUNT },
	{ "retained_before_bytes", "Retained before", CELL_NUMBERS, DETAIL, 0 },
	{ "retained_delta_bytes", "Growth", CELL_BYTES, SIGNED | COLUMN_MAIN, 0 },
	{ "retained_series_bytes", "Over time", CELL_SERIES, DETAIL, CELL_BYTES },
	{ "exclusive_bytes", "Exclusive", CELL_BYTES, SIGNED | DETAIL, 0 },
	{ "share_of_growth", "Share", CELL_PERCENT, 0, 0 },
	{ "holder", "Holder", CELL_NODE, DETAIL, 0 },
	{ "item", "Holds", CELL_ITEM, DETAIL, 0 },
	{ "location", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
	{ "second_path", "Also held by", CELL_PATH, 0, 0 },
	{ "samples", "Newest", CELL_NUMBERS, DETAIL, 0 },
	{ "reasons_for", "For", CELL_TEXTS, DETAIL, 0 },
	{ "reasons_against", "Against", CELL_TEXTS, DETAIL, 0 },
	{ "advice", "What to do", CELL_TEXT, DETAIL, 0 },
	{ "fingerprint", "Fingerprint", CELL_TEXT, DETAIL, 0 },
};

const size_t n_finding_columns = sizeof(finding_columns) / sizeof(finding_columns[0]);

/* A single snapshot has sizes where a comparison has growth. */
static const struct column suspect_columns[] = {
	{ "rank", "#", CELL_NUMBER, 0, 0 },
	{ "kind", "Kind", CELL_TEXT, 0, 0 },
	{ "verdict", "Verdict", CELL_TEXT, 0, 0 },
	{ "confidence", "Confidence", CELL_RATIO, 0, 0 },
	{ "title", "Suspect", CELL_TEXT, 0, 0 },
	{ "count", "Count", CELL_COUNT, DETAIL, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share_of_heap", "Share", CELL_PERCENT, 0, 0 },
	{ "holder", "Holder", CELL_NODE, DETAIL, 0 },
	{ "item", "Holds", CELL_ITEM, DETAIL, 0 },
	{ "location", "Place", CELL_PLACE, 0, 0 },
	{ "path", "Path", CELL_PATH, 0, 0 },
	{ "samples", "Newest", CELL_NUMBERS, DETAIL, 0 },
	{ "reasons_for", "For", CELL_TEXTS, DETAIL, 0 },
	{ "reasons_against", "Against", CELL_TEXTS, DETAIL, 0 },
	{ "advice", "What to do", CELL_TEXT, DETAIL, 0 },
	{ "fingerprint", "Fingerprint", CELL_TEXT, DETAIL, 0 },
};

static const struct number_list *list_before(struct report *r, const uint64_t *series, size_t n, struct err *e)
{
	struct number_list *l = arena_alloc(&r->arena, sizeof(*l), e);

	if (!l)
		return NULL;
	l->n = series ? n - 1 : 0;
	l->numbers = arena_alloc(&r->arena, n * sizeof(uint64_t), e);
	if (!l->numbers)
		return NULL;
	for (size_t i = 0; i < l->n; i++)
		l->numbers[i] = series[i];
	return l;
}

static int fingerprint_text(struct report *r, uint64_t v, struct str *out, struct err *e)
{
	char text[20];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)v);
	return ref_text(&r->arena, str_of(text), out, e);
}

static const struct str_list *keep_list(struct report *r, const struct str_list *from, struct err *e)
{
	struct str_list *l = arena_alloc(&r->arena, sizeof(*l), e);

	if (l)
		*l = *from;
	return l;
}

static const struct number_list *keep_numbers(struct report *r, const struct number_list *from, struct err *e)
{
	struct number_list *l = arena_alloc(&r->arena, sizeof(*l), e);

	if (l)
		*l = *from;
	return l;
}

/* Sizes and counts are far below 2^63. */
static union cell cell_series(const uint64_t *v)
{
	return (union cell){ .series = (const int64_t *)v };
}

/* What a row of both kinds of table ends with. */
struct lists {
	const struct str_list *pro, *contra;
	const struct number_list *samples;
	struct str fingerprint;
};

static int keep_lists(struct report *r, const struct leak *l, struct lists *out, struct err *e)
{
	out->pro = keep_list(r, &l->reasons_for, e);
	out->contra = out->pro ? keep_list(r, &l->reasons_against, e) : NULL;
	out->samples = out->contra ? keep_numbers(r, &l->samples, e) : NULL;
	return out->samples ? fingerprint_text(r, l->fingerprint, &out->fingerprint, e) : e->kind;
}

static int add_suspect(struct report *r, int table, size_t rank, const struct leak *l, struct err *e)
{
	struct lists lists;

	if (keep_lists(r, l, &lists, e))
		return e->kind;
	union cell cells[] = { cell_size(rank), cell_text(str_of(l->kind)), cell_text(str_of(verdict_words[l->verdict])),
			       cell_size(l->confidence), cell_text(l->title), cell_size(l->counts ? l->counts[0] : 0),
			       cell_int(l->retained_delta_bytes), cell_int(l->share), { .node = l->holder },
			       { .item = l->item }, { .place = l->location }, { .path = l->path },
			       { .numbers = lists.samples }, { .texts = lists.pro }, { .texts = lists.contra },
			       cell_text(str_of(l->advice)), cell_text(lists.fingerprint) };

	return report_add_row(r, table, cells, e);
}

static int add_row(struct report *r, int table, size_t rank, const struct leak *l, struct err *e)
{
	const struct number_list *counts = list_before(r, l->counts, r->n_snapshots, e);
	const struct number_list *retained = counts ? list_before(r, l->retained, r->n_snapshots, e) : NULL;
	struct lists lists;

	if (!retained || keep_lists(r, l, &lists, e))
		return e->kind;
	union cell cells[] = { cell_size(rank), cell_text(str_of(l->kind)), cell_text(str_of(verdict_words[l->verdict])),
			       cell_size(l->confidence), cell_text(l->title), { .numbers = counts },
			       cell_int(l->count_delta), cell_series(l->counts), { .numbers = retained },
			       cell_int(l->retained_delta_bytes), cell_series(l->retained),
			       cell_int(l->exclusive_bytes), cell_int(l->share), { .node = l->holder },
			       { .item = l->item }, { .place = l->location }, { .path = l->path },
			       { .path = l->second_path }, { .numbers = lists.samples }, { .texts = lists.pro },
			       { .texts = lists.contra }, cell_text(str_of(l->advice)),
			       cell_text(lists.fingerprint) };

	return report_add_row(r, table, cells, e);
}

/* In which table a finding stands. */
enum place_in_report { OPEN, KNOWN, SETTLED };

static enum place_in_report place_of(const struct leak *l, const struct known *known)
{
	if (l->verdict == VERDICT_BOUNDED || l->verdict == VERDICT_ARTIFACT)
		return SETTLED;
	return known_has(known, l->fingerprint) ? KNOWN : OPEN;
}

static int wanted(struct filter *filter, const struct leak *l)
{
	return filter_wants(filter, l->holder->class) || filter_wants(filter, l->item->class) ||
	       filter_wants(filter, l->item->shape) || filter_wants(filter, l->item->function);
}

/* What the tables are made from. */
struct sorted {
	const struct leaks *all;
	const struct known *known;
	struct filter *filter;
};

static int add_table(struct report *r, const struct sorted *s, struct table *desc, enum place_in_report which,
		     struct err *e)
{
	const struct leaks *all = s->all;
	size_t rank = 0;
	int table;

	desc->parent = -1;
	if (!desc->columns) {
		desc->columns = finding_columns;
		desc->n_columns = n_finding_columns;
	}
	if (report_add_table(r, desc, &table, e))
		return e->kind;
	for (size_t i = 0; i < all->n; i++)
		if (place_of(&all->all[i], s->known) == which && wanted(s->filter, &all->all[i]) &&
		    (r->n_snapshots > 1 ? add_row : add_suspect)(r, table, ++rank, &all->all[i], e))
			return e->kind;
	return 0;
}

static const struct column merged_columns[] = {
	{ "parent", "Parent", CELL_ROW, 0, 0 },
	{ "rank", "#", CELL_NUMBER, COLUMN_DETAIL, 0 },
	{ "node", "Object", CELL_NODE, 0, 0 },
	{ "edge", "Edge", CELL_TEXT, 0, 0 },
	{ "count", "Objects", CELL_COUNT, 0, 0 },
	{ "retained_bytes", "Retained", CELL_BYTES, COLUMN_MAIN, 0 },
	{ "share", "Share", CELL_PERCENT, 0, 0 },
};

static int add_merged(struct report *r, int table, int64_t rank, const struct merged_paths *m, struct err *e)
{
	int64_t first = (int64_t)r->tables[table].n_rows;

	for (size_t i = 0; i < m->n; i++) {
		const struct merged_step *s = &m->steps[i];
		union cell cells[] = { cell_int(s->parent < 0 ? -1 : first + s->parent), cell_int(rank),
				       { .node = s->node }, cell_text(s->edge), cell_size(s->count), cell_size(s->bytes),
				       cell_int(hundredths((int64_t)s->count, (int64_t)m->n_looked_at)) };

		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

/* The ways to the members of group suspects, a tree for each in the order of the suspects. */
static int add_merged_paths(struct report *r, const struct sorted *s, struct err *e)
{
	struct table desc = { .key = "merged_paths", .title = "Merged paths of group suspects", .kind = TABLE_TREE,
			      .parent = -1, .text_rows = 20, COLUMNS(merged_columns) };
	int64_t rank = 0;
	int table;

	desc.note = "The shortest ways of the objects of a group, laid over one another: how many go through what.";
	if (report_add_table(r, &desc, &table, e))
		return e->kind;
	for (size_t i = 0; i < s->all->n; i++) {
		const struct leak *l = &s->all->all[i];

		if (place_of(l, s->known) != OPEN || !wanted(s->filter, l))
			continue;
		rank++;
		if (l->merged && add_merged(r, table, rank, l->merged, e))
			return e->kind;
	}
	return 0;
}

static void add_change(struct strbuf *sb, int64_t delta)
{
	strbuf_addstr(sb, delta > 0 ? "The heap grew by " : delta < 0 ? "The heap shrank by " : "The heap kept its size");
	if (delta)
		human_bytes(sb, delta < 0 ? -delta : delta, 0);
}

/* "Leak: Map sessions got 4,000 more entries: Session, at src/cache.js:14 (53.0 % of it)" */
static void add_first(struct strbuf *sb, const struct leak *l, size_t n_leaks)
{
	strbuf_addstr(sb, l->verdict == VERDICT_LEAK ? ". Leak: " : ". ");
	strbuf_add(sb, l->title.s, l->title.n);
	if (l->location && l->location->script.n) {
		strbuf_addstr(sb, ", at ");
		strbuf_add(sb, l->location->script.s, l->location->script.n);
		strbuf_addf(sb, ":%u", l->location->line);
	}
	strbuf_addstr(sb, " (");
	if (l->share > 0 && l->share <= 10000) {
		human_percent(sb, l->share, 0);
		strbuf_addstr(sb, " of it");
	} else {
		human_bytes(sb, l->retained_delta_bytes, 1);
	}
	strbuf_addch(sb, ')');
	if (n_leaks > 1)
		strbuf_addf(sb, ", and %zu more", n_leaks - 1);
}

static int headline(struct report *r, const struct comparison *c, const struct leaks *all, struct err *e)
{
	int64_t delta = (int64_t)c->last->stats.total_bytes - (int64_t)c->digests[0].stats.total_bytes;
	const struct leak *first = NULL;
	size_t n_leaks = 0;
	struct strbuf sb;
	int rc;

	for (size_t i = 0; i < all->n; i++) {
		if (place_of(&all->all[i], c->known) != OPEN)
			continue;
		first = first ? first : &all->all[i];
		n_leaks += all->all[i].verdict == VERDICT_LEAK;
	}
	strbuf_init(&sb, r->mem);
	add_change(&sb, delta);
	if (first)
		add_first(&sb, first, n_leaks);
	else if (c->n > 2)
		strbuf_addstr(&sb, "; nothing grew every time");
	else if (delta > 0)
		strbuf_addstr(&sb, "; no object holds a noticeable part of it");
	strbuf_addch(&sb, '.');
	rc = strbuf_check(&sb, e) ? e->kind : report_headline(r, e, "%s", strbuf_str(&sb));
	strbuf_release(&sb);
	return rc;
}

int leaks_report(struct report *r, const struct comparison *c, struct filter *filter, const struct analysis_options *o,
		 struct err *e)
{
	struct table findings = { .key = "findings", .title = "Findings", .text_rows = 6 };
	struct table known = { .key = "known", .title = "Known findings", .text_rows = 4 };
	struct table settled = { .key = "settled", .title = "Grew, but no leak", .text_rows = 4 };
	struct leaks all;
	struct sorted s = { &all, c->known, filter };
	int rc;

	known.note = "Accepted: their fingerprints are in the file that was given.";
	findings.note = c->n > 2 ? "What grew every time comes first."
				 : "Two snapshots show growth; a third shows whether it goes on.";
	findings.empty = "Nothing that looks like a leak.";
	settled.note = "What grew and stopped, and what V8 and Node do by themselves.";
	if (leaks_find(&all, &r->arena, c, o->show_values, e))
		return e->kind;
	rc = headline(r, c, &all, e);
	if (!rc)
		rc = add_table(r, &s, &findings, OPEN, e);
	if (!rc && c->known && c->known->n)
		rc = add_table(r, &s, &known, KNOWN, e);
	if (!rc)
		rc = add_table(r, &s, &settled, SETTLED, e);
	leaks_release(&all);
	return rc;
}

int suspects_report(struct report *r, struct heap *h, const struct sections *sections, struct filter *filter,
		    const struct analysis_options *o, struct err *e)
{
	struct table suspects = { .key = "findings", .title = "Suspects", .text_rows = 6,
				  COLUMNS(suspect_columns) };
	struct leaks all;
	struct sorted s = { &all, NULL, filter };
	uint64_t t = run_clock();
	int rc;

	suspects.note = "Large or many. One snapshot cannot show whether they grow.";
	suspects.empty = "Nothing is suspiciously large or many.";
	if (leaks_suspect(&all, &r->arena, h, sections, o->show_values, e))
		return e->kind;
	rc = add_table(r, &s, &suspects, OPEN, e);
	if (!rc)
		rc = add_merged_paths(r, &s, e);
	leaks_release(&all);
	run_stage(h->run, "suspects", t);
	return rc;
}
