#include "web/html_profile.h"

#include <string.h>

#include "analyzer/human.h"
#include "web/html_cells.h"
#include "web/html_tables.h"

static const union cell *cell_of(const struct table *t, size_t row, const char *key)
{
	int c = table_column(t, key);

	return c < 0 || html_is_blank(&t->columns[c], &table_row(t, row)[c]) ? NULL : &table_row(t, row)[c];
}

static int64_t number_of(const struct table *t, size_t row, const char *key)
{
	const union cell *v = cell_of(t, row, key);

	return v ? v->i : 0;
}

/* "blocked-loop" as a heading. */
static void write_rule(struct html *h, struct str rule)
{
	strbuf_reset(&h->value);
	for (size_t i = 0; i < rule.n; i++) {
		char c = rule.s[i] == '-' ? ' ' : rule.s[i];

		strbuf_addch(&h->value, !i && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	html_text_value(h);
}

static const char *severity_word(struct str severity)
{
	return str_is(severity, "fail") ? "problem" : str_is(severity, "warn") ? "warning" : "note";
}

static void write_insight(struct html *h, const struct table *t, size_t row)
{
	const union cell *severity = cell_of(t, row, "severity"), *rule = cell_of(t, row, "rule");
	const union cell *text = cell_of(t, row, "text"), *advice = cell_of(t, row, "advice");
	const union cell *place = cell_of(t, row, "place"), *function = cell_of(t, row, "function");

	html_open(h, "li", "card");
	html_attrf(h, "id", "finding-%zu", row + 1);
	html_open(h, "h3", NULL);
	if (severity)
		html_leaf(h, "b", str_is(severity->text, "fail") ? "badge leak" : str_is(severity->text, "warn") ? "badge warn" : "badge kind", severity_word(severity->text));
	html_text(h, " ");
	if (rule)
		write_rule(h, rule->text);
	html_close(h);
	html_open(h, "p", "words");
	if (text)
		html_prose(h, text->text);
	html_close(h);
	if (function || place) {
		html_open(h, "p", "where");
		if (function)
			html_name(h, function->text, HTML_NAME_CELLS);
		html_text(h, " ");
		if (place)
			html_place(h, place->place, HTML_PLACE_CELLS);
		html_close(h);
	}
	if (advice) {
		html_open(h, "p", "advice");
		html_prose(h, advice->text);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}

void html_insights(struct html *h, const struct table *t)
{
	html_open(h, "ol", "cards insights");
	html_line(h);
	for (size_t row = 0; row < t->n_rows; row++)
		write_insight(h, t, row);
	html_close(h);
	html_line(h);
}

static size_t count_severity(const struct table *t, const char *severity)
{
	size_t n = 0;

	for (size_t row = 0; row < t->n_rows; row++) {
		const union cell *v = cell_of(t, row, "severity");

		n += v && str_is(v->text, severity);
	}
	return n;
}

void html_insights_badge(struct html *h, const struct report *r)
{
	const struct table *t = report_table(r, "insights"), *changes = report_table(r, "changes");
	size_t problems = t ? count_severity(t, "fail") : 0, warnings = t ? count_severity(t, "warn") : 0;

	if (changes) {
		html_open(h, "b", changes->n_rows ? "badge" : "badge fine");
		html_count_of(h, changes->n_rows, "function changed", "functions changed");
		html_close(h);
	}
	if (problems) {
		html_open(h, "b", "badge leak");
		html_count_of(h, problems, "problem", "problems");
		html_close(h);
	}
	if (warnings) {
		html_open(h, "b", "badge warn");
		html_count_of(h, warnings, "warning", "warnings");
		html_close(h);
	}
	if (t && !problems && !warnings)
		html_leaf(h, "b", "badge fine", "nothing conspicuous");
}

/* Thousandths of the width and of the height: the picture is stretched over what room there is. */
struct line {
	const struct table *t, *blocks;
	int64_t width;  /* of a slice */
	int64_t end;
	int64_t height; /* the most that a slice holds */
};

static void attr_percent(struct html *h, const char *name, unsigned permille)
{
	html_attrf(h, name, "%u.%u%%", permille / 10, permille % 10);
}

static void write_rect(struct html *h, const char *class, unsigned x, unsigned y, unsigned w, unsigned height)
{
	html_open(h, "rect", class);
	attr_percent(h, "x", x);
	attr_percent(h, "y", y);
	attr_percent(h, "width", w);
	attr_percent(h, "height", height);
	html_close_void(h);
}

static void add_time(struct html *h, const char *before, int64_t ns)
{
	strbuf_addstr(&h->value, before);
	human_time(&h->value, ns, 0);
}

static void add_function(struct html *h, const struct table *t, size_t row)
{
	const union cell *function = cell_of(t, row, "function");

	if (!function)
		return;
	strbuf_addstr(&h->value, ", most in ");
	html_add_short(h, function->text, HTML_TREE_NAME_CELLS);
}

/* Busy time from the bottom up, collecting at its foot; the title tells the numbers. */
static void write_slice(struct html *h, const struct line *l, size_t row)
{
	int64_t busy = number_of(l->t, row, "busy_ns"), gc = number_of(l->t, row, "gc_ns");
	unsigned n = (unsigned)l->t->n_rows, x = (unsigned)(row * 1000 / n), w = 1000 / n;
	unsigned high = html_permille(busy, l->height), foot = html_permille(gc, l->height);

	html_open(h, "g", NULL);
	strbuf_reset(&h->value);
	add_time(h, "At ", number_of(l->t, row, "start_ns"));
	add_time(h, ": busy ", busy);
	add_time(h, ", garbage collection ", gc);
	add_time(h, ", idle ", number_of(l->t, row, "idle_ns"));
	add_function(h, l->t, row);
	html_open(h, "title", NULL);
	html_text_value(h);
	html_close(h);
	write_rect(h, "back", x, 0, w, 1000);
	write_rect(h, "busy", x, 1000 - high, w - 2, high - foot);
	write_rect(h, "gc", x, 1000 - foot, w - 2, foot);
	html_close(h);
	html_line(h);
}

static void write_block(struct html *h, const struct line *l, size_t row)
{
	int64_t start = number_of(l->blocks, row, "start_ns"), ns = number_of(l->blocks, row, "duration_ns");
	unsigned w = html_permille(ns, l->end);

	html_open(h, "g", NULL);
	strbuf_reset(&h->value);
	add_time(h, "The event loop was blocked for ", ns);
	add_time(h, " from ", start);
	add_function(h, l->blocks, row);
	html_open(h, "title", NULL);
	html_text_value(h);
	html_close(h);
	write_rect(h, "block", html_permille(start, l->end), 0, w > 3 ? w : 3, 1000);
	html_close(h);
	html_line(h);
}

static void write_key(struct html *h, const char *class, const char *text)
{
	html_open(h, "li", NULL);
	html_open(h, "svg", "swatch");
	html_attr(h, "aria-hidden", "true");
	write_rect(h, class, 0, 0, 1000, 1000);
	html_close(h);
	html_text(h, " ");
	html_text(h, text);
	html_close(h);
}

static void write_scale(struct html *h, const struct line *l)
{
	html_open(h, "p", "scale");
	for (int i = 0; i <= 4; i++) {
		strbuf_reset(&h->value);
		human_time(&h->value, l->end / 4 * i, 0);
		html_open(h, "span", NULL);
		html_text_value(h);
		html_close(h);
	}
	html_close(h);
	html_line(h);
}

static void write_picture(struct html *h, const struct line *l)
{
	html_open(h, "svg", "times");
	html_attr(h, "role", "img");
	html_attr(h, "aria-label", "Busy time, garbage collection and blocked turns over the recording; the table below has "
				   "the numbers.");
	for (size_t row = 0; row < l->t->n_rows; row++)
		write_slice(h, l, row);
	for (size_t row = 0; l->blocks && row < l->blocks->n_rows; row++)
		write_block(h, l, row);
	html_close(h);
	html_line(h);
	write_scale(h, l);
	html_open(h, "ul", "keys");
	write_key(h, "busy", "busy");
	write_key(h, "gc", "garbage collection");
	if (l->blocks && l->blocks->n_rows)
		write_key(h, "block", "event loop blocked for 50 ms or more");
	html_close(h);
}

void html_timeline(struct html *h, const struct report *r, const struct table *t)
{
	struct line l = { .t = t, .blocks = report_table(r, "blocks") };

	if (t->n_rows < 2)
		return;
	l.width = number_of(t, 1, "start_ns");
	l.end = l.width * (int64_t)t->n_rows;
	for (size_t row = 0; row < t->n_rows; row++) {
		int64_t all = number_of(t, row, "busy_ns") + number_of(t, row, "idle_ns");

		l.height = all > l.height ? all : l.height;
	}
	if (!l.end || !l.height)
		return;
	html_open(h, "figure", "timeline");
	html_attrf(h, "data-end", "%lld", (long long)l.end);
	write_picture(h, &l);
	html_close(h);
	html_line(h);
}

void html_flame_room(struct html *h, const struct report *r)
{
	html_open(h, "div", "flame");
	html_open(h, "p", "empty");
	html_text(h, report_table(r, "tree") ? "The picture needs JavaScript; the call tree below tells the same in words."
						  : "The picture needs JavaScript; the tables below tell what changed.");
	html_close(h);
	html_close(h);
	html_line(h);
}
