#include <stdio.h>

#include "analyzer/redact.h"
#include "analyzer/report.h"
#include "analyzer/report_parts.h"
#include "base/hash.h"
#include "base/strbuf.h"

/* References are shared between cells and may live elsewhere: one in which something is hidden is copied. */
struct walk {
	struct redact *r;
	struct report *report;
};

static int same(struct str a, struct str b)
{
	return a.s == b.s && a.n == b.n;
}

static int redact_node(struct walk *w, union cell *c, struct err *e)
{
	struct node_ref n, *copy;

	if (!c->node)
		return 0;
	n = *c->node;
	if (redact_text(w->r, n.class, &n.class, e) || redact_text(w->r, n.name, &n.name, e))
		return e->kind;
	if (same(n.class, c->node->class) && same(n.name, c->node->name))
		return 0;
	copy = arena_alloc(&w->report->arena, sizeof(*copy), e);
	if (!copy)
		return e->kind;
	*copy = n;
	c->node = copy;
	return 0;
}

static int redact_place(struct walk *w, union cell *c, struct err *e)
{
	struct place p, *copy;

	if (!c->place)
		return 0;
	p = *c->place;
	if (redact_text(w->r, p.script, &p.script, e))
		return e->kind;
	if (same(p.script, c->place->script))
		return 0;
	copy = arena_alloc(&w->report->arena, sizeof(*copy), e);
	if (!copy)
		return e->kind;
	*copy = p;
	c->place = copy;
	return 0;
}

static int redact_item(struct walk *w, union cell *c, struct err *e)
{
	struct item_ref *copy;

	if (!c->item)
		return 0;
	copy = arena_alloc(&w->report->arena, sizeof(*copy), e);
	if (!copy)
		return e->kind;
	*copy = *c->item;
	if (redact_text(w->r, copy->class, &copy->class, e) || redact_text(w->r, copy->function, &copy->function, e) ||
	    redact_text(w->r, copy->shape, &copy->shape, e))
		return e->kind;
	c->item = copy;
	return 0;
}

static int redact_path(struct walk *w, union cell *c, struct err *e)
{
	struct path *copy;

	if (!c->path)
		return 0;
	copy = arena_alloc(&w->report->arena, sizeof(*copy), e);
	if (!copy)
		return e->kind;
	*copy = *c->path;
	copy->steps = arena_alloc(&w->report->arena, (copy->n_steps + 1) * sizeof(*copy->steps), e);
	if (!copy->steps)
		return e->kind;
	for (size_t i = 0; i < copy->n_steps; i++) {
		struct path_step *s = &copy->steps[i];

		*s = c->path->steps[i];
		if (redact_text(w->r, s->edge, &s->edge, e) || redact_text(w->r, s->class, &s->class, e))
			return e->kind;
	}
	c->path = copy;
	return 0;
}

static int redact_texts(struct walk *w, union cell *c, struct err *e)
{
	struct str_list *copy;

	if (!c->texts)
		return 0;
	copy = arena_alloc(&w->report->arena, sizeof(*copy), e);
	if (!copy)
		return e->kind;
	copy->n = c->texts->n;
	copy->texts = arena_alloc(&w->report->arena, (copy->n + 1) * sizeof(*copy->texts), e);
	if (!copy->texts)
		return e->kind;
	for (size_t i = 0; i < copy->n; i++)
		if (redact_text(w->r, c->texts->texts[i], &copy->texts[i], e))
			return e->kind;
	c->texts = copy;
	return 0;
}

static int redact_cell(struct walk *w, enum cell_type type, union cell *c, struct err *e)
{
	switch (type) {
	case CELL_TEXT:
		return redact_text(w->r, c->text, &c->text, e);
	case CELL_NODE:
		return redact_node(w, c, e);
	case CELL_PATH:
		return redact_path(w, c, e);
	case CELL_PLACE:
		return redact_place(w, c, e);
	case CELL_TEXTS:
		return redact_texts(w, c, e);
	case CELL_ITEM:
		return redact_item(w, c, e);
	case CELL_COUNT:
	case CELL_BYTES:
	case CELL_TIME:
	case CELL_PERCENT:
	case CELL_NUMBER:
	case CELL_DISTANCE:
	case CELL_BOOL:
	case CELL_SERIES:
	case CELL_ROW:
	case CELL_RATIO:
	case CELL_NUMBERS:
		break;
	}
	return 0;
}

static int redact_table(struct walk *w, struct table *t, struct err *e)
{
	for (size_t row = 0; row < t->n_rows; row++)
		for (size_t c = 0; c < t->n_columns; c++)
			if (redact_cell(w, t->columns[c].type, &t->cells[row * t->n_columns + c], e))
				return e->kind;
	return 0;
}

static const struct column redaction_columns[] = {
	{ "rule", "Rule", CELL_TEXT, 0, 0 },
	{ "marks", "Hidden", CELL_COUNT, 0, 0 },
	{ "values", "Different", CELL_COUNT, 0, 0 },
};

static int add_rows(struct walk *w, int table, struct strbuf *said, struct err *e)
{
	for (unsigned i = 0; i < redact_n_rules(w->r); i++) {
		const char *name = redact_rule_name(w->r, i);
		struct redact_count n = redact_counted(w->r, i);
		union cell cells[] = { cell_text(str_of(name)), cell_size(n.marks), cell_size(n.values) };

		if (!n.marks)
			continue;
		if (report_add_row(w->report, table, cells, e))
			return e->kind;
		strbuf_addf(said, "%s%s %llu", said->len ? ", " : "", name, (unsigned long long)n.marks);
	}
	return strbuf_check(said, e);
}

/* The table, and one sentence for the head of the report. */
static int tell(struct walk *w, struct err *e)
{
	struct table t = { .key = "redactions", .title = "Hidden names", .parent = -1, COLUMNS(redaction_columns) };
	struct strbuf said;
	int table, rc;

	t.note = "What looked private, by rule. Equal marks stand for equal values.";
	if (report_add_table(w->report, &t, &table, e))
		return e->kind;
	strbuf_init(&said, w->report->mem);
	rc = add_rows(w, table, &said, e);
	if (!rc)
		rc = report_warn(w->report, e, "names that look private are hidden: %s", strbuf_str(&said));
	strbuf_release(&said);
	return rc;
}

static int hid_something(const struct redact *r)
{
	for (unsigned i = 0; i < redact_n_rules(r); i++)
		if (redact_counted(r, i).marks)
			return 1;
	return 0;
}

int redact_report(struct redact *r, struct report *report, struct err *e)
{
	struct walk w = { r, report };

	if (redact_text(r, report->headline, &report->headline, e))
		return e->kind;
	for (size_t i = 0; i < report->n_warnings; i++)
		if (redact_text(r, report->warnings[i], &report->warnings[i], e))
			return e->kind;
	for (size_t i = 0; i < report->n_tables; i++)
		if (redact_table(&w, &report->tables[i], e))
			return e->kind;
	return hid_something(r) ? tell(&w, e) : 0;
}
