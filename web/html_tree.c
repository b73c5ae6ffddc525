#include "web/html_tree.h"

#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "web/html_cells.h"

/*
 * Rows deeper than this stand at this depth with their level told. Browsers cut nesting at about 512 elements,
 * libxml2's parser at 256; a level takes three.
 */
#define DEEPEST 48
/* From there on rows start folded and without bars. */
#define OPEN_DEPTH 10

struct tree {
	const struct table *t;
	int parent, edge, node, name, place, count, gone, rest, weight; /* columns; -1: none */
	int64_t whole;     /* weight of the heaviest root */
	size_t numbers[8]; /* columns to the right of the names: the weight first, then shares */
	size_t n_numbers;
	uint32_t *depths;
	uint32_t level; /* lists that are open */
};

static int typed_column(const struct table *t, const char *key, enum cell_type type)
{
	int c = table_column(t, key);

	return c >= 0 && t->columns[c].type == type ? c : -1;
}

static int weight_column(const struct table *t)
{
	for (size_t c = 0; c < t->n_columns; c++)
		if ((t->columns[c].flags & COLUMN_MAIN) && cell_is_number(&t->columns[c]))
			return (int)c;
	return typed_column(t, "retained_bytes", CELL_BYTES);
}

static int count_column(const struct table *t)
{
	int c = typed_column(t, "count", CELL_COUNT);

	return c >= 0 ? c : typed_column(t, "count_after", CELL_COUNT);
}

static void choose_numbers(struct tree *tr)
{
	const size_t room = sizeof(tr->numbers) / sizeof(tr->numbers[0]);

	for (int turn = 0; turn < 3; turn++) {
		for (size_t c = 0; c < tr->t->n_columns && tr->n_numbers < room; c++) {
			const struct column *column = &tr->t->columns[c];
			int its_turn = (int)c == tr->weight ? 0 : column->type == CELL_PERCENT ? 1 : 2;

			if (cell_is_number(column) && !(column->flags & COLUMN_DETAIL) && its_turn == turn)
				tr->numbers[tr->n_numbers++] = c;
		}
	}
}

static int tree_init(struct tree *tr, struct mem *m, const struct table *t, struct err *e)
{
	*tr = (struct tree){
		.t = t,
		.parent = typed_column(t, "parent", CELL_ROW),
		.edge = typed_column(t, "edge", CELL_TEXT),
		.node = typed_column(t, "node", CELL_NODE),
		.name = tree_label_column(t),
		.place = typed_column(t, "place", CELL_PLACE),
		.count = count_column(t),
		.gone = typed_column(t, "count_before", CELL_COUNT),
		.rest = typed_column(t, "rest", CELL_TEXT),
		.weight = weight_column(t),
		.depths = MEM_NEW(m, uint32_t, t->n_rows, e),
	};
	if (!tr->depths)
		return e->kind;
	for (size_t row = 0; row < t->n_rows; row++) {
		int64_t up = tr->parent < 0 ? -1 : table_row(t, row)[tr->parent].i;

		tr->depths[row] = up < 0 ? 0 : tr->depths[up] + 1;
		if (up < 0 && tr->weight >= 0 && table_row(t, row)[tr->weight].i > tr->whole)
			tr->whole = table_row(t, row)[tr->weight].i;
	}
	choose_numbers(tr);
	return 0;
}

static int is_gone(const struct tree *tr, const union cell *cells)
{
	return tr->rest >= 0 && tr->gone >= 0 && str_is(cells[tr->rest].text, "gone");
}

/* How many objects a row without a name stands for; -1: not known. */
static int64_t rest_count(const struct tree *tr, const union cell *cells)
{
	if (is_gone(tr, cells))
		return cells[tr->gone].i;
	return tr->count < 0 ? -1 : cells[tr->count].i;
}

static void write_rest_name(struct html *h, const struct tree *tr, const union cell *cells)
{
	int64_t n = rest_count(tr, cells);

	strbuf_reset(&h->value);
	strbuf_addstr(&h->value, "… ");
	if (n >= 0) {
		human_count(&h->value, n, 0);
		strbuf_addstr(&h->value, is_gone(tr, cells) ? " gone" : " more");
		if (tr->node >= 0)
			strbuf_addstr(&h->value, n == 1 ? " object" : " objects");
	} else {
		strbuf_addstr(&h->value, "the rest");
	}
	html_text_value(h);
}

/* Ten thousand of these make a page: what html_node() says, in elements with short names that the style sheet knows. */
static void write_node(struct html *h, const struct node_ref *node)
{
	html_name(h, node->class, HTML_TREE_NAME_CELLS);
	if (node->name.n && !str_eq(node->name, node->class)) {
		html_text(h, " ");
		html_open(h, "span", "name");
		html_name(h, node->name, HTML_TREE_NAME_CELLS);
		html_close(h);
	}
	html_text(h, " ");
	html_open(h, "small", NULL);
	html_textf(h, "@%llu", (unsigned long long)node->id);
	html_close(h);
}

/* Does the row stand for what was left out? */
static int is_rest(const struct tree *tr, size_t row)
{
	const union cell *cells = table_row(tr->t, row);

	return tr->node >= 0 ? !cells[tr->node].node : tr->name < 0 || !cells[tr->name].text.s;
}

/* A name, and where its source is. */
static void write_text(struct html *h, const struct tree *tr, const union cell *cells)
{
	html_name(h, cells[tr->name].text, HTML_TREE_NAME_CELLS);
	if (tr->place < 0 || !cells[tr->place].place)
		return;
	html_text(h, " ");
	html_open(h, "small", NULL);
	html_place(h, cells[tr->place].place, HTML_TREE_NAME_CELLS);
	html_close(h);
}

static void write_name(struct html *h, const struct tree *tr, size_t row)
{
	const union cell *cells = table_row(tr->t, row);
	const struct node_ref *node = tr->node < 0 ? NULL : cells[tr->node].node;

	html_open(h, "span", NULL);
	if (tr->depths[row] > DEEPEST) {
		html_open(h, "span", "kind");
		html_textf(h, "level %lu", (unsigned long)tr->depths[row] + 1);
		html_close(h);
		html_text(h, " ");
	}
	if (node) {
		if (tr->edge >= 0 && cells[tr->edge].text.n) {
			html_open(h, "i", NULL);
			if (!str_starts(cells[tr->edge].text, "["))
				html_text(h, ".");
			html_name_text(h, cells[tr->edge].text, HTML_TREE_NAME_CELLS);
			html_close(h);
			html_text(h, " ");
		}
		write_node(h, node);
	} else if (!is_rest(tr, row)) {
		write_text(h, tr, cells);
	} else {
		write_rest_name(h, tr, cells);
	}
	html_close(h);
}

static unsigned weight_of(const struct tree *tr, size_t row)
{
	return tr->weight < 0 ? 0 : html_permille(table_row(tr->t, row)[tr->weight].i, tr->whole);
}

static void write_numbers(struct html *h, const struct tree *tr, size_t row)
{
	const union cell *cells = table_row(tr->t, row);
	unsigned weight = tr->depths[row] <= OPEN_DEPTH ? weight_of(tr, row) : 0;

	for (size_t i = 0; i < tr->n_numbers; i++) {
		size_t c = tr->numbers[i];
		const char *tone = html_tone(&tr->t->columns[c], cells[c].i);

		html_open(h, "b", *tone ? tone : NULL);
		html_exact(h, &tr->t->columns[c], cells[c].i);
		html_number(h, &tr->t->columns[c], cells[c].i);
		if (weight >= 10 && (int)c == tr->weight)
			html_bar(h, weight, 0);
		html_close(h);
	}
}

static void close_levels(struct html *h, struct tree *tr, uint32_t level)
{
	for (; tr->level > level; tr->level--) {
		html_close(h);
		if (tr->level == 1)
			continue;
		html_close(h);
		html_close(h);
		html_line(h);
	}
}

static void open_level(struct html *h, struct tree *tr)
{
	html_open(h, "ul", NULL);
	tr->level++;
}

static int has_children(const struct tree *tr, size_t row)
{
	return row + 1 < tr->t->n_rows && tr->depths[row + 1] > tr->depths[row];
}

static int starts_open(const struct tree *tr, size_t row)
{
	return !tr->depths[row] || (tr->depths[row] < OPEN_DEPTH && weight_of(tr, row) >= 500);
}

/* The list item of a row; of a row with children it stays open until the row after the last of them. */
static void write_row(struct html *h, struct tree *tr, size_t row)
{
	uint32_t depth = tr->depths[row] < DEEPEST ? tr->depths[row] : DEEPEST;
	int nests = has_children(tr, row) && depth < DEEPEST;

	close_levels(h, tr, depth + 1);
	if (tr->level < depth + 1)
		open_level(h, tr);
	html_open(h, "li", is_rest(tr, row) ? "rest" : NULL);
	if (nests) {
		html_open(h, "details", NULL);
		if (starts_open(tr, row))
			html_attr(h, "open", "");
	}
	html_open(h, nests ? "summary" : "p", NULL);
	write_name(h, tr, row);
	write_numbers(h, tr, row);
	html_close(h);
	if (nests)
		return;
	html_close(h);
	html_line(h);
}

static void write_head(struct html *h, const struct tree *tr)
{
	html_open(h, "p", "head");
	html_leaf(h, "span", NULL, tr->name < 0 ? "Object" : tr->t->columns[tr->name].title);
	for (size_t i = 0; i < tr->n_numbers; i++)
		html_leaf(h, "b", NULL, tr->t->columns[tr->numbers[i]].title);
	html_close(h);
	html_line(h);
}

int html_tree(struct html *h, struct mem *m, const struct table *t, struct err *e)
{
	struct tree tr;

	if (tree_init(&tr, m, t, e))
		return e->kind;
	html_open(h, "div", "scroll tree");
	html_attrf(h, "data-numbers", "%zu", tr.n_numbers);
	html_attr(h, "role", "region");
	html_attr(h, "tabindex", "0");
	html_attrf(h, "aria-label", "%s, tree", t->title);
	html_open(h, "div", NULL);
	write_head(h, &tr);
	for (size_t row = 0; row < t->n_rows; row++)
		write_row(h, &tr, row);
	close_levels(h, &tr, 0);
	html_close(h);
	html_close(h);
	html_line(h);
	mem_free(m, tr.depths);
	return 0;
}
