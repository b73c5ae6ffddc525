#include "web/html_findings.h"

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "web/html_cells.h"
#include "web/html_tables.h"

struct finding {
	const struct report *r;
	const struct table *t;
	size_t row;
};

/* A cell by the column's key and type; NULL when there is none or it holds nothing. */
static const union cell *cell_of(const struct finding *f, const char *key, enum cell_type type)
{
	int c = table_column(f->t, key);
	const union cell *v = c < 0 ? NULL : &table_row(f->t, f->row)[c];

	return v && f->t->columns[c].type == type && !html_is_blank(&f->t->columns[c], v) ? v : NULL;
}

static const struct column *column_of(const struct finding *f, const char *key)
{
	return &f->t->columns[table_column(f->t, key)];
}

/* A single snapshot has sizes where a comparison has growth. */
static const char *amount_key(const struct finding *f)
{
	return table_column(f->t, "retained_bytes") >= 0 ? "retained_bytes" : "retained_delta_bytes";
}

static const char *share_key(const struct finding *f)
{
	return table_column(f->t, "share_of_heap") >= 0 ? "share_of_heap" : "share_of_growth";
}

static void write_badge(struct html *h, const struct finding *f)
{
	const union cell *verdict = cell_of(f, "verdict", CELL_TEXT), *kind = cell_of(f, "kind", CELL_TEXT);
	const union cell *confidence = cell_of(f, "confidence", CELL_RATIO);

	html_open(h, "p", "badges");
	if (verdict) {
		html_open(h, "b", str_is(verdict->text, "leak") ? "badge leak" : "badge");
		html_name(h, verdict->text, HTML_NAME_CELLS);
		html_close(h);
	}
	if (kind) {
		html_open(h, "span", "badge kind");
		html_name(h, kind->text, HTML_NAME_CELLS);
		html_close(h);
	}
	if (confidence)
		html_textf(h, " %lld %% sure", (long long)confidence->i);
	html_close(h);
}

static void write_head(struct html *h, const struct finding *f)
{
	const union cell *title = cell_of(f, "title", CELL_TEXT), *place = cell_of(f, "location", CELL_PLACE);
	const char *amount = amount_key(f);
	const union cell *delta = cell_of(f, amount, CELL_BYTES);

	html_open(h, "div", "top");
	html_open(h, "div", "what");
	write_badge(h, f);
	html_open(h, "h3", NULL);
	html_open(h, "span", "rank");
	html_textf(h, "%zu", f->row + 1);
	html_close(h);
	html_text(h, " ");
	if (title)
		html_prose(h, title->text);
	html_close(h);
	if (place) {
		html_open(h, "p", "where");
		html_place(h, place->place, HTML_PLACE_CELLS);
		html_close(h);
	}
	html_close(h);
	if (delta) {
		html_open(h, "p", "amount");
		html_number_in(h, "strong", column_of(f, amount), delta->i);
		html_text(h, " ");
		html_leaf(h, "span", NULL, column_of(f, amount)->title);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}

static void write_share(struct html *h, const struct finding *f)
{
	const union cell *share = cell_of(f, share_key(f), CELL_PERCENT);

	if (!share)
		return;
	html_open(h, "div", "share");
	html_bar(h, html_permille(share->i, 10000), 0);
	html_open(h, "span", NULL);
	html_text(h, f->r->n_snapshots > 1 ? "Share of the growth " : "Share of the heap ");
	html_number_in(h, "b", column_of(f, share_key(f)), share->i);
	html_close(h);
	html_close(h);
	html_line(h);
}

static void write_fact(struct html *h, const struct finding *f, const char *key, const char *title)
{
	int c = table_column(f->t, key);
	const union cell *v = c < 0 ? NULL : &table_row(f->t, f->row)[c];

	if (!v || html_is_blank(&f->t->columns[c], v))
		return;
	html_open(h, "div", NULL);
	html_leaf(h, "dt", NULL, title);
	html_open(h, "dd", NULL);
	html_cell(h, f->r, &f->t->columns[c], v);
	html_close(h);
	html_close(h);
}

/* With a picture where there are more than two. */
static void write_series(struct html *h, const struct finding *f, const char *key, const char *title)
{
	int c = table_column(f->t, key);
	const union cell *v = cell_of(f, key, CELL_SERIES);

	if (!v)
		return;
	html_open(h, "div", NULL);
	html_leaf(h, "dt", NULL, title);
	html_open(h, "dd", NULL);
	if (html_has_room(f->r, &f->t->columns[c])) {
		html_cell(h, f->r, &f->t->columns[c], v);
	} else {
		strbuf_reset(&h->value);
		series_text(&h->value, f->r, &f->t->columns[c], v->series, 0);
		html_text_value(h);
	}
	html_close(h);
	html_close(h);
}

static void write_facts(struct html *h, const struct finding *f)
{
	html_open(h, "dl", "numbers");
	write_fact(h, f, "count", "Objects");
	write_series(h, f, "count_series", "Objects");
	write_series(h, f, "retained_series_bytes", "Retained");
	write_fact(h, f, "holder", "Holder");
	write_fact(h, f, "item", "Holds");
	write_fact(h, f, "exclusive_bytes", "Freed by fixing this alone");
	html_close(h);
	html_line(h);
}

static void write_reasons(struct html *h, const struct finding *f)
{
	static const struct {
		const char *key, *class, *word;
	} lists[] = { { "reasons_for", "pro", "For: " }, { "reasons_against", "contra", "Against: " } };

	html_open(h, "ul", "reasons");
	for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
		const union cell *v = cell_of(f, lists[k].key, CELL_TEXTS);

		for (size_t i = 0; v && i < v->texts->n; i++) {
			html_open(h, "li", lists[k].class);
			html_leaf(h, "span", "sr", lists[k].word);
			html_prose(h, v->texts->texts[i]);
			html_close(h);
		}
	}
	html_close(h);
	html_line(h);
}

static void write_advice(struct html *h, const struct finding *f)
{
	const union cell *v = cell_of(f, "advice", CELL_TEXT);

	if (!v)
		return;
	html_open(h, "p", "advice");
	html_leaf(h, "b", NULL, "What to do");
	html_text(h, " ");
	html_prose(h, v->text);
	html_close(h);
	html_line(h);
}

static void write_path(struct html *h, const struct finding *f, const char *key)
{
	const union cell *v = cell_of(f, key, CELL_PATH);

	if (!v)
		return;
	html_open(h, "div", "way");
	html_leaf(h, "h4", NULL, column_of(f, key)->title);
	html_open_path(h, v->path);
	html_close(h);
	html_line(h);
}

static void write_marks(struct html *h, const struct finding *f)
{
	html_open(h, "dl", "numbers marks");
	write_fact(h, f, "samples", "Newest objects");
	write_fact(h, f, "fingerprint", "Fingerprint");
	html_close(h);
	html_line(h);
}

static void write_finding(struct html *h, const struct finding *f)
{
	html_open(h, "li", "card");
	html_attrf(h, "id", "finding-%zu", f->row + 1);
	write_head(h, f);
	write_share(h, f);
	write_facts(h, f);
	write_reasons(h, f);
	write_advice(h, f);
	write_path(h, f, "path");
	write_path(h, f, "second_path");
	write_marks(h, f);
	html_close(h);
	html_line(h);
}

void html_findings(struct html *h, const struct report *r, const struct table *t, size_t shown)
{
	html_open(h, "ol", "cards");
	html_line(h);
	for (size_t row = 0; row < shown; row++)
		write_finding(h, &(struct finding){ r, t, row });
	html_close(h);
	if (shown < t->n_rows)
		html_sums(h, t, "… and ", shown, t->n_rows - shown);
}
