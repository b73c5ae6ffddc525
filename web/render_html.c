#include "web/render_html.h"

#include <string.h>

#include "web/html_assets.h"
#include "web/html_cards.h"
#include "web/html_cells.h"
#include "web/html_findings.h"
#include "web/html_island.h"
#include "web/html_plot.h"
#include "web/html_profile.h"
#include "web/html_tables.h"
#include "web/html_tree.h"
#include "web/html_writer.h"

/* Rows that a page shows where the user did not say; the script has the others. A path is as much markup as ten rows. */
#define TABLE_ROWS_SHOWN 60
#define PATH_ROWS_SHOWN 25
#define CARDS_SHOWN 30
#define CHILD_ROWS_SHOWN 12

#define TITLE_CELLS 120

/* Two bars, the second longer: what the program looks for. */
#define ICON                                                                                                           \
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%235b8def' " \
	"d='M2 8h5v6H2z'/%3E%3Cpath fill='%23d9762b' d='M9 2h5v12H9z'/%3E%3C/svg%3E"

struct page {
	const struct report *r;
	const struct render_options *o;
	const struct table *sections[REPORT_MAX_TABLES]; /* in the order of the page */
	size_t n_sections;
	struct html h;
};

static void write_meta(struct html *h, const char *kind, const char *name, const char *content)
{
	html_open(h, "meta", NULL);
	html_attr(h, kind, name);
	html_attr(h, "content", content);
	html_close_void(h);
	html_line(h);
}

static void write_policy(struct html *h, const struct page_assets *assets)
{
	strbuf_reset(&h->value);
	strbuf_addf(&h->value,
		    "default-src 'none'; script-src '%s'; style-src '%s'; img-src data:; base-uri 'none'; "
		    "form-action 'none'",
		    assets->js_hash, assets->css_hash);
	html_open(h, "meta", NULL);
	html_attr(h, "http-equiv", "Content-Security-Policy");
	html_attr_value(h, "content");
	html_close_void(h);
	html_line(h);
}

static void write_head(struct page *p)
{
	struct html *h = &p->h;

	html_open(h, "head", NULL);
	html_line(h);
	html_open(h, "meta", NULL);
	html_attr(h, "charset", "utf-8");
	html_close_void(h);
	html_line(h);
	write_policy(h, html_page_assets(p->r));
	write_meta(h, "name", "viewport", "width=device-width, initial-scale=1");
	write_meta(h, "name", "color-scheme", "light dark");
	write_meta(h, "name", "referrer", "no-referrer");
	html_open(h, "link", NULL);
	html_attr(h, "rel", "icon");
	html_attr(h, "href", ICON);
	html_close_void(h);
	html_line(h);
	html_open(h, "title", NULL);
	if (p->r->headline.n) {
		html_name_text(h, p->r->headline, TITLE_CELLS);
		html_text(h, " - ");
	}
	html_text(h, p->r->command);
	html_close(h);
	html_line(h);
	html_open(h, "style", NULL);
	html_raw_asset(h, html_page_assets(p->r)->css);
	html_close(h);
	html_line(h);
	html_close(h);
	html_line(h);
}

static const char *mode_words(const char *mode)
{
	if (!strcmp(mode, "same-process"))
		return "One process: objects are matched by their ids.";
	if (!strcmp(mode, "structure"))
		return "Objects are matched by their way from the root, not by their ids.";
	return mode;
}

/* So many warnings leave room for the numbers on the first screen; one more is no reason to fold. */
#define WARNINGS_SHOWN 6

static void write_warning_list(struct html *h, const struct str *warnings, size_t n)
{
	html_open(h, "ul", NULL);
	for (size_t i = 0; i < n; i++) {
		html_open(h, "li", NULL);
		html_prose(h, warnings[i]);
		html_close(h);
	}
	html_close(h);
}

static void write_warnings(struct page *p)
{
	struct html *h = &p->h;
	size_t n = p->r->n_warnings, shown = n > WARNINGS_SHOWN + 1 ? WARNINGS_SHOWN : n;

	if (!p->r->n_warnings)
		return;
	html_open(h, "div", "warnings");
	html_attr(h, "role", "note");
	html_attr(h, "aria-labelledby", "warnings");
	html_open(h, "h2", NULL);
	html_attr(h, "id", "warnings");
	html_text(h, "Before you rely on this");
	html_close(h);
	write_warning_list(h, p->r->warnings, shown);
	if (shown < n) {
		html_open(h, "details", NULL);
		html_open(h, "summary", NULL);
		html_textf(h, "%zu more", n - shown);
		html_close(h);
		write_warning_list(h, p->r->warnings + shown, n - shown);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}

/* In the head of the page: what was read, and the numbers that matter. */
static const char *const input_keys[] = { "snapshots", "profiles", NULL };
static const char *const number_keys[] = { "totals", "summary", "comparison", NULL };

static const struct table *first_of(const struct report *r, const char *const *keys)
{
	const struct table *t = NULL;

	for (; *keys && !t; keys++)
		t = report_table(r, *keys);
	return t;
}

/* Has the table a section of its own? Of what is data for the script the stacks have one. */
static int is_section(const struct report *r, const struct table *t)
{
	if (t->is_data)
		return (t->n_rows || t->empty) && !strcmp(t->key, "stacks");
	return t->parent < 0 && (t->n_rows || t->empty) && t != first_of(r, input_keys) && t != first_of(r, number_keys);
}

/* Findings come first, whatever else there is. */
static void choose_sections(struct page *p)
{
	const struct table *first = report_table(p->r, "insights");

	if (first && is_section(p->r, first))
		p->sections[p->n_sections++] = first;
	for (size_t i = 0; i < p->r->n_tables; i++)
		if (&p->r->tables[i] != first && is_section(p->r, &p->r->tables[i]))
			p->sections[p->n_sections++] = &p->r->tables[i];
}

/* A time line that is asked for on its own is a table first. */
static int is_behind_picture(const struct table *t)
{
	return t->for_pages && !strcmp(t->key, "timeline");
}

static void write_contents(struct page *p)
{
	struct html *h = &p->h;

	html_open(h, "nav", "contents");
	html_attr(h, "aria-label", "On this page");
	html_open(h, "ul", NULL);
	for (size_t i = 0; i < p->n_sections; i++) {
		const struct table *t = p->sections[i];

		html_open(h, "li", NULL);
		html_open(h, "a", NULL);
		html_attrf(h, "href", "#%s", t->key);
		html_text(h, t->title);
		if (t->kind == TABLE_ROWS && !is_behind_picture(t)) {
			html_text(h, " ");
			html_open(h, "span", NULL);
			html_count_of(h, t->n_rows, "", "");
			html_close(h);
		}
		html_close(h);
		html_close(h);
	}
	html_close(h);
	html_close(h);
	html_line(h);
}

static size_t count_verdicts(const struct table *t, const char *verdict)
{
	int c = table_column(t, "verdict");
	size_t n = 0;

	for (size_t row = 0; c >= 0 && row < t->n_rows; row++)
		n += (size_t)str_is(table_row(t, row)[c].text, verdict);
	return n;
}

/* The answer in three words, before the sentence. */
static void write_verdict(struct page *p)
{
	const struct table *t = report_table(p->r, "findings");
	struct html *h = &p->h;
	size_t leaks, growing;

	if (!t)
		return;
	leaks = count_verdicts(t, "leak");
	growing = count_verdicts(t, "growth") + count_verdicts(t, "suspect");
	if (leaks) {
		html_open(h, "b", "badge leak");
		html_count_of(h, leaks, "leak", "leaks");
		html_close(h);
	}
	if (growing) {
		html_open(h, "b", "badge");
		html_text(h, leaks ? "+ " : "");
		html_count_of(h, growing, "suspect", "suspects");
		html_close(h);
	}
	if (!leaks && !growing) /* one snapshot cannot show that nothing leaks */
		html_leaf(h, "b", "badge fine", p->r->n_snapshots > 1 ? "no leak found" : "no suspect");
}

static void write_brand(struct page *p)
{
	struct html *h = &p->h;

	html_open(h, "p", "brand");
	html_open(h, "span", NULL);
	html_leaf(h, "b", NULL, p->r->command);
	if (p->r->subject)
		html_textf(h, " %s", p->r->subject);
	else
		html_text(h, p->r->n_snapshots > 1 ? " heap comparison" : " heap snapshot");
	html_close(h);
	html_text(h, " ");
	if (p->r->subject)
		html_insights_badge(h, p->r);
	else
		write_verdict(p);
	html_close(h);
	html_line(h);
}

/* What wrote the inputs is the note of their table where it is the same for all; rows that differ have a column. */
static void write_runtime(struct html *h, const struct table *inputs)
{
	if (!inputs || !inputs->note || table_column(inputs, "runtime") < 0)
		return;
	html_text(h, inputs->n_rows > 2 ? "All from " : inputs->n_rows == 2 ? "Both from " : "From ");
	html_prose(h, str_of(inputs->note));
	html_text(h, ". ");
}

/* How the numbers came about, and what is kept back. */
static void write_mode(struct page *p)
{
	struct html *h = &p->h;

	if (p->r->subject && !p->r->mode)
		return;
	html_open(h, "p", "mode");
	if (p->r->mode) {
		html_text(h, mode_words(p->r->mode));
		html_text(h, " ");
	}
	write_runtime(h, first_of(p->r, input_keys));
	if (!p->r->subject)
		html_text(h, p->r->shows_values ? "Values of strings are shown." : "Values of strings are not shown.");
	html_close(h);
	html_line(h);
}

static void write_banner(struct page *p)
{
	const struct table *totals = first_of(p->r, number_keys), *snapshots = first_of(p->r, input_keys);
	struct html *h = &p->h;

	html_open(h, "header", "banner");
	write_brand(p);
	html_open(h, "h1", NULL);
	if (p->r->headline.n)
		html_prose(h, p->r->headline);
	else
		html_text(h, p->r->subject ? "Profile report" : "Heap report");
	html_close(h);
	write_mode(p);
	write_warnings(p);
	if (totals && totals->n_rows) {
		html_open(h, "div", "first");
		html_growth_plot(h, p->r);
		html_tiles(h, p->r, totals);
		html_close(h);
	}
	if (snapshots && snapshots->n_rows)
		html_table(h, &(struct html_rows){ .report = p->r,
						   .table = snapshots,
						   .n = snapshots->n_rows,
						   .shown = snapshots->n_rows,
						   .is_flat = 1,
						   .without = snapshots->note ? "runtime" : NULL });
	html_close(h);
	html_line(h);
}

static size_t rows_to_show(const struct page *p, size_t n, size_t usual)
{
	size_t limit = p->o->rows ? p->o->rows : usual;

	return n < limit ? n : limit;
}

static size_t usual_rows(const struct table *t)
{
	for (size_t c = 0; c < t->n_columns; c++)
		if (t->columns[c].type == CELL_PATH && !(t->columns[c].flags & COLUMN_DETAIL))
			return PATH_ROWS_SHOWN;
	return TABLE_ROWS_SHOWN;
}

/* Findings tell the same growth in words: then the growth points are there to be looked up. */
static int has_findings(const struct report *r)
{
	const struct table *t = report_table(r, "findings");

	return t && t->n_rows;
}

/* The numbers behind a picture. */
static void write_folded(struct page *p, const struct table *t)
{
	struct html *h = &p->h;

	html_open(h, "details", "fold");
	html_leaf(h, "summary", NULL, "The same as a table");
	html_table(h, &(struct html_rows){ .report = p->r, .table = t, .n = t->n_rows, .shown = t->n_rows });
	html_close(h);
	html_line(h);
}

static int write_content(struct page *p, const struct table *t, struct err *e)
{
	struct html *h = &p->h;
	struct html_rows rows = { .report = p->r, .table = t, .n = t->n_rows };

	if (!t->n_rows) {
		html_leaf(h, "p", "empty", t->empty);
		return 0;
	}
	if (t->is_data) {
		html_flame_room(h, p->r);
		return 0;
	}
	if (t->kind == TABLE_TREE)
		return html_tree(h, p->r->mem, t, e);
	if (!strcmp(t->key, "findings")) {
		html_findings(h, p->r, t, rows_to_show(p, t->n_rows, CARDS_SHOWN));
		return 0;
	}
	if (!strcmp(t->key, "insights")) {
		html_insights(h, t);
		return 0;
	}
	if (!strcmp(t->key, "timeline"))
		html_timeline(h, p->r, t);
	if (is_behind_picture(t)) {
		write_folded(p, t);
		return 0;
	}
	if (t->kind == TABLE_RECORD) {
		if (!html_parts(h, t))
			html_facts(h, p->r, t);
	} else if (html_has_children(p->r, t)) {
		html_cards(h, p->r, t,
			   &(struct html_cards_view){ rows_to_show(p, t->n_rows, CARDS_SHOWN),
						      p->o->rows ? p->o->rows : CHILD_ROWS_SHOWN,
						      has_findings(p->r) });
	} else {
		rows.shown = rows_to_show(p, t->n_rows, usual_rows(t));
		html_table(h, &rows);
	}
	return 0;
}

static int write_section(struct page *p, const struct table *t, struct err *e)
{
	struct html *h = &p->h;
	int rc;

	html_open(h, "section", NULL);
	html_attr(h, "id", t->key);
	html_attrf(h, "aria-labelledby", "%s-title", t->key);
	html_open(h, "h2", NULL);
	html_attrf(h, "id", "%s-title", t->key);
	html_text(h, t->title);
	html_close(h);
	if (t->note)
		html_leaf(h, "p", "note", t->note);
	html_line(h);
	rc = write_content(p, t, e);
	html_close(h);
	html_line(h);
	return rc;
}

static void write_footer(struct page *p)
{
	struct html *h = &p->h;

	html_open(h, "footer", NULL);
	html_open(h, "p", NULL);
	html_open(h, "span", "made");
	html_text(h, "Written by ");
	html_name(h, str_of(p->r->tool), TITLE_CELLS);
	html_text(h, " ");
	html_name(h, str_of(p->r->version), TITLE_CELLS);
	html_close(h);
	html_text(h, p->r->subject ?
		  ". Shares are of what is not idle. A function's self is its own, its total counts what it calls, and each "
		  "stack once even if the function is in it repeatedly." :
		  ". Sizes are decimal, as in Chrome: 1 kB is 1,000 bytes; the exact number of bytes shows on hover. "
		  "An object's self size is its own; its retained size is what would be freed with it.");
	html_close(h);
	html_close(h);
	html_line(h);
}

/* What the script works on, then the script; the page is complete without it. */
static int write_script(struct page *p, struct err *e)
{
	struct html *h = &p->h;

	if (html_island(h, p->r, p->o->rows, e))
		return e->kind;
	html_open(h, "script", NULL);
	html_raw_asset(h, html_page_assets(p->r)->js);
	html_close(h);
	html_line(h);
	return 0;
}

static int write_body(struct page *p, struct err *e)
{
	struct html *h = &p->h;
	int rc = 0;

	html_open(h, "body", NULL);
	html_line(h);
	html_open(h, "a", "skip");
	html_attr(h, "href", "#main");
	html_text(h, "Skip to the findings");
	html_close(h);
	html_line(h);
	write_banner(p);
	html_open(h, "div", "columns");
	write_contents(p);
	html_open(h, "main", NULL);
	html_attr(h, "id", "main");
	html_attr(h, "tabindex", "-1");
	html_line(h);
	for (size_t i = 0; i < p->n_sections && !rc; i++)
		rc = write_section(p, p->sections[i], e);
	html_close(h);
	html_close(h);
	html_line(h);
	write_footer(p);
	if (!rc)
		rc = write_script(p, e);
	html_close(h);
	html_line(h);
	return rc;
}

int render_html(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	struct page p = { .r = r, .o = o };
	struct err ignored = ERR_INIT;
	int rc;

	choose_sections(&p);
	html_begin(&p.h, out);
	p.h.source_url = o->source_url;
	html_line(&p.h);
	html_open(&p.h, "html", NULL);
	html_attr(&p.h, "lang", "en");
	html_line(&p.h);
	write_head(&p);
	rc = write_body(&p, e);
	html_close(&p.h);
	html_line(&p.h);
	if (html_end(&p.h, rc ? &ignored : e) && !rc)
		rc = e->kind;
	return rc;
}
