#include "web/html_cells.h"

#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "web/html_source.h"

/* Paths longer than this are folded; the summary has the last ones of their steps. */
#define OPEN_PATH_STEPS 4
#define SUMMARY_STEPS 2

static void add_with_minus(struct html *h, const struct strbuf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		if (text->buf[i] == '-')
			strbuf_addstr(&h->value, "\xE2\x88\x92");
		else
			strbuf_addch(&h->value, text->buf[i]);
	}
}

static void add_number(struct html *h, enum cell_type type, int64_t v, int with_sign)
{
	strbuf_reset(&h->clean);
	number_text(&h->clean, type, v, with_sign);
	add_with_minus(h, &h->clean);
}

void html_number(struct html *h, const struct column *c, int64_t v)
{
	strbuf_reset(&h->value);
	add_number(h, c->type, v, (c->flags & COLUMN_SIGNED) != 0);
	html_text_value(h);
}

void html_exact(struct html *h, const struct column *c, int64_t v)
{
	if (c->type != CELL_BYTES || (v > -1000 && v < 1000))
		return;
	strbuf_reset(&h->value);
	add_number(h, CELL_COUNT, v, (c->flags & COLUMN_SIGNED) != 0);
	strbuf_addstr(&h->value, " bytes");
	html_attr_value(h, "title");
}

const char *html_tone(const struct column *c, int64_t v)
{
	if (!(c->flags & COLUMN_SIGNED))
		return "";
	return v > 0 ? "up" : v < 0 ? "down" : "zero";
}

void html_number_in(struct html *h, const char *tag, const struct column *c, int64_t v)
{
	const char *tone = html_tone(c, v);

	html_open(h, tag, *tone ? tone : NULL);
	html_exact(h, c, v);
	html_number(h, c, v);
	html_close(h);
}

void html_node(struct html *h, const struct node_ref *n, size_t cells)
{
	html_name(h, n->class, cells);
	if (n->name.n && !str_eq(n->name, n->class)) {
		html_text(h, " ");
		html_open(h, "span", "name");
		html_name(h, n->name, cells);
		html_close(h);
	}
	html_text(h, " ");
	html_open(h, "span", "id");
	html_textf(h, "@%llu", (unsigned long long)n->id);
	html_close(h);
}

/* <a> where there is an address, else <span>. */
static void open_place(struct html *h, const struct place *p)
{
	strbuf_reset(&h->value);
	if (h->summary_depth || !html_source_add(&h->value, h->source_url, p)) {
		html_open(h, "span", "place");
		return;
	}
	html_open(h, "a", "place");
	html_attr_value(h, "href");
	html_attr(h, "rel", "noreferrer noopener");
}

void html_place(struct html *h, const struct place *p, size_t cells)
{
	open_place(h, p);
	strbuf_reset(&h->value);
	if (p->script.n)
		html_add_name(h, p->script);
	else
		strbuf_addf(&h->value, "script %llu", (unsigned long long)p->script_id);
	if (p->line)
		strbuf_addf(&h->value, ":%lu:%lu", (unsigned long)p->line, (unsigned long)p->column);
	html_attr_value(h, "title");
	if (p->script.n)
		html_name_tail(h, p->script, cells);
	else
		html_textf(h, "(script %llu)", (unsigned long long)p->script_id);
	if (p->line)
		html_textf(h, ":%lu", (unsigned long)p->line);
	html_close(h);
}

void html_edge(struct html *h, struct str edge, size_t cells)
{
	if (!str_starts(edge, "["))
		html_text(h, ".");
	html_name(h, edge, cells);
}

/* A property or element says what it is by its form; other kinds of edges are named. */
static int is_plain_edge(const char *type)
{
	return !type || !*type || !strcmp(type, "property") || !strcmp(type, "element");
}

static void write_step(struct html *h, const struct path_step *s)
{
	html_open(h, "li", NULL);
	if (s->edge.n) {
		html_open(h, "span", "edge");
		html_edge(h, s->edge, HTML_NAME_CELLS);
		html_close(h);
		html_text(h, " ");
	}
	if (!is_plain_edge(s->edge_type)) {
		html_leaf(h, "span", "kind", s->edge_type);
		html_text(h, " ");
	}
	html_name(h, s->class, HTML_NAME_CELLS);
	html_text(h, " ");
	html_open(h, "span", "id");
	html_textf(h, "@%llu", (unsigned long long)s->id);
	html_close(h);
	html_close(h);
}

void html_open_path(struct html *h, const struct path *p)
{
	html_open(h, "ol", "path");
	for (size_t i = 0; i < p->n_steps; i++) {
		write_step(h, &p->steps[i]);
		if (p->n_omitted && p->omitted_after == i) {
			html_open(h, "li", "cut");
			html_textf(h, "… %zu steps left out", p->n_omitted);
			html_close(h);
		}
	}
	html_close(h);
}

/* The end of a way says more than where it begins: that is at the root. */
static void write_path_summary(struct html *h, const struct path *p)
{
	html_open(h, "summary", NULL);
	html_textf(h, "%zu steps … ", p->n_steps + p->n_omitted - 1);
	for (size_t i = p->n_steps - SUMMARY_STEPS; i < p->n_steps; i++) {
		const struct path_step *s = &p->steps[i];

		html_text(h, "› ");
		html_open(h, "span", "edge");
		html_edge(h, s->edge, HTML_TREE_NAME_CELLS);
		html_close(h);
		html_text(h, " ");
		html_name(h, s->class, HTML_TREE_NAME_CELLS);
		html_text(h, " ");
	}
	html_close(h);
}

void html_path(struct html *h, const struct path *p)
{
	if (p->n_steps + p->n_omitted <= OPEN_PATH_STEPS || p->n_steps <= SUMMARY_STEPS) {
		html_open_path(h, p);
		return;
	}
	html_open(h, "details", "fold");
	write_path_summary(h, p);
	html_open_path(h, p);
	html_close(h);
}

unsigned html_permille(int64_t part, int64_t whole)
{
	uint64_t p = part < 0 ? 0 - (uint64_t)part : (uint64_t)part;
	uint64_t w = whole < 0 ? 0 - (uint64_t)whole : (uint64_t)whole;

	if (!w)
		return 0;
	if (p >= w)
		return 1000;
	/* 1000 p must fit */
	while (p > UINT64_MAX / 1000) {
		p >>= 1;
		w >>= 1;
	}
	return (unsigned)(p * 1000 / w);
}

static void write_rect(struct html *h, const char *class, unsigned x, unsigned width)
{
	html_open(h, "rect", class);
	if (x)
		html_attrf(h, "x", "%u.%u%%", x / 10, x % 10);
	html_attrf(h, "width", "%u.%u%%", width / 10, width % 10);
	html_attr(h, "height", "100%");
	html_close_void(h);
}

void html_bar(struct html *h, unsigned permille, unsigned second)
{
	unsigned first = permille - (second < permille ? second : permille);

	html_open(h, "svg", "bar");
	html_attr(h, "aria-hidden", "true");
	if (first)
		write_rect(h, NULL, 0, first);
	if (permille > first)
		write_rect(h, "second", first, permille - first);
	html_close(h);
}

/* Bars from zero, as in the text report. Heights in 24 units, each bar 7 wide with 1 between. */
static void write_spark(struct html *h, const struct report *r, const int64_t *v)
{
	int64_t max = 0;

	for (size_t i = 0; i < r->n_snapshots; i++)
		max = v[i] > max ? v[i] : max;
	html_open(h, "svg", "spark");
	html_attr(h, "aria-hidden", "true");
	html_attrf(h, "viewBox", "0 0 %zu 24", r->n_snapshots * 8);
	html_attrf(h, "width", "%zu", r->n_snapshots * 8);
	html_attr(h, "height", "24");
	for (size_t i = 0; i < r->n_snapshots; i++) {
		unsigned height = v[i] > 0 ? 1 + html_permille(v[i], max) * 23 / 1000 : 1;

		html_open(h, "rect", i + 1 == r->n_snapshots ? "last" : NULL);
		html_attrf(h, "x", "%zu", i * 8);
		html_attrf(h, "y", "%u", 24 - height);
		html_attr(h, "width", "7");
		html_attrf(h, "height", "%u", height);
		html_close_void(h);
	}
	html_close(h);
}

static void write_series(struct html *h, const struct report *r, const struct column *c, const int64_t *v)
{
	struct column unit = { .type = c->series_type, .flags = c->flags };
	size_t n = r->n_snapshots;

	html_open(h, "span", "series");
	strbuf_reset(&h->value);
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_addstr(&h->value, " → ");
		add_number(h, unit.type, v[i], (c->flags & COLUMN_SIGNED) != 0);
	}
	html_attr_value(h, "title");
	write_spark(h, r, v);
	html_text(h, " ");
	html_number(h, &unit, v[0]);
	html_text(h, " → ");
	html_number(h, &unit, v[n - 1]);
	html_close(h);
}

/* Texts that this program wrote, not names out of a snapshot. */
static int is_sentence(const struct column *c)
{
	return !strcmp(c->key, "text") || !strcmp(c->key, "advice") || !strcmp(c->key, "goes_on");
}

void html_cell(struct html *h, const struct report *r, const struct column *c, const union cell *v)
{
	if (html_is_blank(c, v))
		return;
	switch (c->type) {
	case CELL_TEXT:
		if (is_sentence(c))
			html_open(h, "span", "words");
		html_name(h, v->text, HTML_TEXT_CELLS);
		if (is_sentence(c))
			html_close(h);
		break;
	case CELL_BOOL:
		html_text(h, v->i ? "yes" : "no");
		break;
	case CELL_NODE:
		html_node(h, v->node, HTML_NAME_CELLS);
		break;
	case CELL_PLACE:
		html_place(h, v->place, HTML_PLACE_CELLS);
		break;
	case CELL_SERIES:
		write_series(h, r, c, v->series);
		break;
	case CELL_PATH:
		html_path(h, v->path);
		break;
	case CELL_ITEM:
		strbuf_reset(&h->value);
		item_text(&h->value, v->item, 0);
		html_text_value(h);
		break;
	case CELL_NUMBERS:
		for (size_t i = 0; i < v->numbers->n; i++)
			html_textf(h, i ? " @%llu" : "@%llu", (unsigned long long)v->numbers->numbers[i]);
		break;
	case CELL_TEXTS:
		for (size_t i = 0; i < v->texts->n; i++)
			html_prose(h, v->texts->texts[i]);
		break;
	case CELL_ROW:
		break;
	default:
		html_number(h, c, v->i);
	}
}

int html_has_room(const struct report *r, const struct column *c)
{
	return c->type != CELL_SERIES || r->n_snapshots > 2;
}

int html_is_blank(const struct column *c, const union cell *v)
{
	switch (c->type) {
	case CELL_TEXT:
		return !v->text.n;
	case CELL_NODE:
		return !v->node;
	case CELL_PLACE:
		return !v->place;
	case CELL_SERIES:
		return !v->series;
	case CELL_PATH:
		return !v->path;
	case CELL_ROW:
		return 1;
	case CELL_ITEM:
		return !v->item || (!v->item->class.n && !v->item->function.n);
	case CELL_NUMBERS:
		return !v->numbers || !v->numbers->n;
	case CELL_TEXTS:
		return !v->texts || !v->texts->n;
	default:
		return 0;
	}
}
