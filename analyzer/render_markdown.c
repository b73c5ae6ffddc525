/*
 * The report for a ticket: about a screenful, whatever the report holds. Growth points and classes come first; what
 * room is left is shared among the other tables, and a table that gets none is mentioned in one line.
 */
#include <string.h>

#include "analyzer/celltext.h"
#include "analyzer/human.h"
#include "analyzer/mdleaks.h"
#include "analyzer/mdtext.h"
#include "analyzer/report.h"
#include "analyzer/textcells.h"

#define LINES_WANTED 60
#define GROWTH_ROWS 3
#define MERGED_ROWS 12
#define CLASS_ROWS 6
#define OTHER_ROWS 5
#define ITEMS 3
#define DIAGNOSTICS 5
#define COLUMNS_WANTED 8

struct md {
	const struct report *r;
	struct strbuf *out;
	struct strbuf word;
	size_t rows; /* asked for, 0: fit into LINES_WANTED */
	int ascii;
	int naming; /* in the middle of the line that names tables without room */
};

static struct strbuf *word(struct md *d)
{
	strbuf_reset(&d->word);
	return &d->word;
}

static struct str written(const struct md *d)
{
	return (struct str){ strbuf_str(&d->word), d->word.len };
}

static const union cell *cell_of(const struct table *t, size_t row, const char *key, enum cell_type type)
{
	int c = table_column(t, key);

	return c >= 0 && t->columns[c].type == type ? &table_row(t, row)[c] : NULL;
}

static void add_sentence(struct md *d, struct str s)
{
	text_clean(word(d), s, d->ascii);
	md_words(d->out, written(d));
}

/* A number as it is, everything that may come from a snapshot in a code span. */
static void add_cell(struct md *d, const struct column *c, const union cell *v, int in_table)
{
	cell_text(word(d), d->r, c, v, d->ascii);
	if (cell_is_number(c) || c->type == CELL_BOOL || c->type == CELL_SERIES)
		strbuf_add(d->out, d->word.buf, d->word.len);
	else if (d->word.len)
		md_code(d->out, written(d), in_table);
}

/* The cell with `before` and `after` around it, nothing when the column or the value is missing. */
static void add_part(struct md *d, const struct table *t, size_t row, const char *key, const char *before,
		     const char *after)
{
	int c = table_column(t, key);

	if (c < 0)
		return;
	cell_text(word(d), d->r, &t->columns[c], &table_row(t, row)[c], d->ascii);
	if (!d->word.len)
		return;
	strbuf_addstr(d->out, before);
	add_cell(d, &t->columns[c], &table_row(t, row)[c], 0);
	strbuf_addstr(d->out, after);
}

static void add_heading(struct md *d, const struct table *t)
{
	strbuf_addf(d->out, "\n### %s\n", t->title);
}

static void add_more(struct md *d, size_t n)
{
	strbuf_addf(d->out, "%s ", text_glyphs(d->ascii)->ellipsis);
	human_count(d->out, (int64_t)n, 0);
	strbuf_addstr(d->out, " more");
}

static void add_head(struct md *d)
{
	const struct report *r = d->r;

	if (r->headline.n) {
		strbuf_addstr(d->out, "**");
		add_sentence(d, r->headline);
		strbuf_addstr(d->out, "**\n\n");
	}
	for (size_t i = 0; i < r->n_warnings; i++) {
		strbuf_addstr(d->out, "> Warning: ");
		add_sentence(d, r->warnings[i]);
		strbuf_addstr(d->out, i + 1 < r->n_warnings ? "  \n" : "\n\n");
	}
	if (!r->mode)
		return;
	strbuf_addstr(d->out, "- ");
	add_sentence(d, str_of(mode_text(r->mode)));
	strbuf_addch(d->out, '\n');
}

static void add_snapshot(struct md *d, const struct table *t, size_t row)
{
	const union cell *truncated = cell_of(t, row, "truncated", CELL_BOOL);

	strbuf_addstr(d->out, "- Snapshot ");
	add_part(d, t, row, "file", "", ": ");
	add_part(d, t, row, "total_bytes", "", " heap");
	add_part(d, t, row, "nodes", ", ", " objects");
	add_part(d, t, row, "file_bytes", ", file of ", "");
	strbuf_addstr(d->out, truncated && truncated->i ? ", **truncated**\n" : "\n");
}

/* All of a few; of many the first and the last. */
static void add_snapshots(struct md *d, const struct table *t)
{
	for (size_t row = 0; row < t->n_rows; row++) {
		if (t->n_rows <= 4 || !row || row + 1 == t->n_rows) {
			add_snapshot(d, t, row);
		} else if (row == 1) {
			strbuf_addstr(d->out, "- ");
			add_more(d, t->n_rows - 2);
			strbuf_addch(d->out, '\n');
		}
	}
}

static void add_totals(struct md *d, const struct table *t)
{
	strbuf_addstr(d->out, "- Heap: ");
	add_part(d, t, 0, "before_bytes", "", "");
	strbuf_addf(d->out, " %s ", text_glyphs(d->ascii)->to);
	add_part(d, t, 0, "after_bytes", "", "");
	add_part(d, t, 0, "delta_bytes", " (", ")");
	strbuf_addstr(d->out, "\n- Objects");
	add_part(d, t, 0, "new_count", ": ", " new");
	add_part(d, t, 0, "new_bytes", " (", ")");
	add_part(d, t, 0, "deleted_count", ", ", " deleted");
	add_part(d, t, 0, "deleted_bytes", " (", ")");
	add_part(d, t, 0, "grown_count", ", ", " grown in place");
	add_part(d, t, 0, "grown_bytes", " (", ")");
	strbuf_addch(d->out, '\n');
	add_part(d, t, 0, "explained", "- Explained by the growth points: ", "\n");
}

static void add_record(struct md *d, const struct table *t)
{
	add_heading(d, t);
	for (size_t c = 0; c < t->n_columns; c++) {
		if (!column_fits_table(d->r, t, c, 1))
			continue;
		strbuf_addf(d->out, "- %s: ", t->columns[c].title);
		add_cell(d, &t->columns[c], table_row(t, 0) + c, 0);
		strbuf_addch(d->out, '\n');
	}
}

static void add_items(struct md *d, const struct table *items, size_t owner)
{
	size_t first, n = table_children(items, owner, &first), shown = n;

	if (!n)
		return;
	if (shown > (d->rows ? d->rows : ITEMS))
		shown = d->rows ? d->rows : ITEMS;
	strbuf_addstr(d->out, "   holds ");
	for (size_t i = 0; i < shown; i++) {
		if (i)
			strbuf_addstr(d->out, "; ");
		add_part(d, items, first + i, "count", "", " x ");
		add_part(d, items, first + i, "class", "", "");
		add_part(d, items, first + i, "each_bytes", ", ", " each");
		add_part(d, items, first + i, "place", ", ", "");
	}
	if (shown < n) {
		strbuf_addstr(d->out, "; ");
		add_more(d, n - shown);
	}
	strbuf_addch(d->out, '\n');
}

static void add_path(struct md *d, const struct path *p)
{
	const struct glyphs *g = text_glyphs(d->ascii);
	struct strbuf *w = word(d);

	for (size_t i = 0; i < p->n_steps; i++) {
		if (i)
			strbuf_addf(w, " %s ", g->then);
		step_text(w, p, i, d->ascii);
		if (p->n_omitted && p->omitted_after == i)
			strbuf_addf(w, " %s %s %zu steps", g->then, g->ellipsis, p->n_omitted);
	}
	strbuf_addstr(d->out, "   ");
	md_code(d->out, written(d), 0);
	strbuf_addch(d->out, '\n');
}

static void add_growth(struct md *d, const struct table *t)
{
	const struct table *items = report_table(d->r, "items");
	size_t shown = rows_shown(t, t->n_rows, d->rows ? d->rows : GROWTH_ROWS);

	add_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		const union cell *path = cell_of(t, row, "path", CELL_PATH);
		const union cell *goes_on = cell_of(t, row, "goes_on", CELL_TEXT);
		const union cell *alike = cell_of(t, row, "alike", CELL_COUNT);

		strbuf_addf(d->out, "%zu. ", row + 1);
		add_part(d, t, row, "delta_bytes", "**", "**");
		add_part(d, t, row, "share", " (", ")");
		add_part(d, t, row, "holder", " in ", "");
		if (alike && alike->i > 1)
			add_part(d, t, row, "alike", " (", " alike)");
		add_part(d, t, row, "place", ", ", "");
		if (goes_on && goes_on->text.n) {
			strbuf_addstr(d->out, ", ");
			add_sentence(d, goes_on->text);
		}
		strbuf_addch(d->out, '\n');
		if (items && items->parent == (int)(t - d->r->tables))
			add_items(d, items, row);
		if (path && path->path)
			add_path(d, path->path);
	}
	if (shown < t->n_rows) {
		strbuf_addch(d->out, '\n');
		add_more(d, t->n_rows - shown);
		strbuf_addch(d->out, '\n');
	}
}

struct md_columns {
	size_t map[COLUMNS_WANTED];
	size_t n;
};

/* The first columns, and the main one in any case. */
static void choose_columns(struct md *d, const struct table *t, size_t n_rows, struct md_columns *l)
{
	size_t main = t->n_columns;

	for (size_t c = 0; c < t->n_columns; c++)
		if (t->columns[c].flags & COLUMN_MAIN)
			main = c;
	l->n = 0;
	for (size_t c = 0; c < t->n_columns; c++) {
		size_t room = COLUMNS_WANTED - l->n;

		/* the last place is kept for the main column while it is still to come */
		if (room > (main < t->n_columns && c < main ? 1 : 0) && column_fits_table(d->r, t, c, n_rows))
			l->map[l->n++] = c;
	}
}

static void add_titles(struct md *d, const struct table *t, const struct md_columns *l)
{
	strbuf_addch(d->out, '|');
	for (size_t i = 0; i < l->n; i++)
		strbuf_addf(d->out, " %s |", t->columns[l->map[i]].title);
	strbuf_addstr(d->out, "\n|");
	for (size_t i = 0; i < l->n; i++)
		strbuf_addstr(d->out, cell_is_number(&t->columns[l->map[i]]) ? "---:|" : "---|");
	strbuf_addch(d->out, '\n');
}

static void add_row(struct md *d, const struct table *t, const struct md_columns *l, const union cell *cells)
{
	strbuf_addch(d->out, '|');
	for (size_t i = 0; i < l->n; i++) {
		strbuf_addch(d->out, ' ');
		add_cell(d, &t->columns[l->map[i]], &cells[l->map[i]], 1);
		strbuf_addstr(d->out, " |");
	}
	strbuf_addch(d->out, '\n');
}

/* Rest or total: `more` rows in words, or "total" for 0; sums where columns add up. */
static void add_sums(struct md *d, const struct table *t, const struct md_columns *l, const union cell *cells,
		     size_t more)
{
	strbuf_addch(d->out, '|');
	for (size_t i = 0; i < l->n; i++) {
		const struct column *c = &t->columns[l->map[i]];

		strbuf_addch(d->out, ' ');
		if (!i && more)
			add_more(d, more);
		else if (!i)
			strbuf_addstr(d->out, "total");
		else if (c->flags & COLUMN_SUMS)
			add_cell(d, c, &cells[l->map[i]], 1);
		strbuf_addstr(d->out, " |");
	}
	strbuf_addch(d->out, '\n');
}

static int add_rows(struct md *d, const struct table *t, size_t limit, struct err *e)
{
	size_t shown = rows_shown(t, t->n_rows, limit);
	struct md_columns l;
	union cell *rest = MEM_NEW(d->out->mem, union cell, t->n_columns, e);

	if (!rest)
		return e->kind;
	add_heading(d, t);
	choose_columns(d, t, shown, &l);
	add_titles(d, t, &l);
	for (size_t row = 0; row < shown; row++)
		add_row(d, t, &l, table_row(t, row));
	if (shown < t->n_rows) {
		table_rest(t, shown, rest);
		add_sums(d, t, &l, rest, t->n_rows - shown);
	}
	if (t->total)
		add_sums(d, t, &l, t->total, 0);
	mem_free(d->out->mem, rest);
	return 0;
}

#define DEEPEST_LIST 8

/* What the rows of a tree are weighed by. */
static const char *main_key(const struct table *t)
{
	for (size_t c = 0; c < t->n_columns; c++)
		if (t->columns[c].flags & COLUMN_MAIN)
			return t->columns[c].key;
	return "retained_bytes";
}

static void add_tree_row(struct md *d, const struct table *t, size_t row)
{
	int parent = table_column(t, "parent");
	const union cell *node = cell_of(t, row, "node", CELL_NODE);
	const union cell *count = cell_of(t, row, "count", CELL_COUNT);
	const struct column *label = &t->columns[tree_label_column(t)];
	size_t depth = 0;

	for (int64_t at = table_row(t, row)[parent].i; at >= 0 && depth < DEEPEST_LIST;
	     at = table_row(t, (size_t)at)[parent].i)
		depth++;
	strbuf_addch_n(d->out, ' ', 2 * depth);
	strbuf_addstr(d->out, "- ");
	add_part(d, t, row, main_key(t), "", " ");
	if (!node && table_row(t, row)[label - t->columns].text.s) {
		add_part(d, t, row, label->key, "", "");
		add_part(d, t, row, "place", " ", "");
	} else if (node && node->node) {
		add_part(d, t, row, "edge", "", " ");
		add_part(d, t, row, "node", "", "");
	} else {
		strbuf_addstr(d->out, "in ");
		human_count(d->out, count ? count->i : 0, 0);
		strbuf_addstr(d->out, node ? " more objects" : " more");
	}
	strbuf_addch(d->out, '\n');
}

static int add_tree(struct md *d, const struct table *t, size_t limit, struct err *e)
{
	size_t *rows = MEM_NEW(d->out->mem, size_t, t->n_rows, e), n;
	int rc;

	if (!rows)
		return e->kind;
	rc = tree_choose(t, limit, d->out->mem, rows, &n, e);
	if (!rc) {
		add_heading(d, t);
		for (size_t i = 0; i < n; i++)
			add_tree_row(d, t, rows[i]);
	}
	if (!rc && n < t->n_rows)
		strbuf_addf(d->out, "- %s %zu smaller rows\n", text_glyphs(d->ascii)->ellipsis, t->n_rows - n);
	mem_free(d->out->mem, rows);
	return rc;
}

static void add_diagnostics(struct md *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows ? d->rows : DIAGNOSTICS);

	add_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		const union cell *text = cell_of(t, row, "text", CELL_TEXT);
		const union cell *count = cell_of(t, row, "count", CELL_COUNT);

		strbuf_addstr(d->out, "- ");
		add_part(d, t, row, "snapshot", "", ": ");
		if (text)
			add_sentence(d, text->text);
		if (count && count->i > 1)
			add_part(d, t, row, "count", " (", " times)");
		strbuf_addch(d->out, '\n');
	}
	if (shown < t->n_rows) {
		strbuf_addstr(d->out, "- ");
		add_more(d, t->n_rows - shown);
		strbuf_addch(d->out, '\n');
	}
}

/* "**warn** sentence" with the advice in a line of its own below. */
static void add_insights(struct md *d, const struct table *t)
{
	size_t shown = rows_shown(t, t->n_rows, d->rows);

	add_heading(d, t);
	for (size_t row = 0; row < shown; row++) {
		const union cell *severity = cell_of(t, row, "severity", CELL_TEXT);
		const union cell *text = cell_of(t, row, "text", CELL_TEXT);
		const union cell *advice = cell_of(t, row, "advice", CELL_TEXT);

		strbuf_addstr(d->out, "- **");
		if (severity)
			add_sentence(d, severity->text);
		strbuf_addstr(d->out, "** ");
		if (text)
			add_sentence(d, text->text);
		if (advice && advice->text.n) {
			strbuf_addstr(d->out, "\n  ");
			add_sentence(d, advice->text);
		}
		strbuf_addch(d->out, '\n');
	}
	if (shown < t->n_rows) {
		strbuf_addstr(d->out, "- ");
		add_more(d, t->n_rows - shown);
		strbuf_addch(d->out, '\n');
	}
}

static int is_key(const struct table *t, const char *key)
{
	return !strcmp(t->key, key);
}

/* Tables that share the room left by the others. */
static int is_minor(const struct table *t)
{
	return t->parent < 0 && !t->for_pages && t->n_rows && t->kind != TABLE_RECORD && !is_key(t, "snapshots") &&
	       !is_key(t, "findings") && !is_key(t, "settled") && !is_key(t, "known") && !is_key(t, "growth") &&
	       !is_key(t, "classes") && !is_key(t, "merged_paths") && !is_key(t, "diagnostics") && !is_key(t, "insights") && !is_key(t, "profiles") &&
	       !is_key(t, "functions") && !is_key(t, "changes");
}

/* Rows that a minor table may show; 0: only its name. */
static size_t room_for(const struct md *d, const struct table *t)
{
	const struct table *diagnostics = report_table(d->r, "diagnostics");
	size_t used = 0, n_minor = 0, overhead = t->total ? 6 : 5, each;

	if (d->rows)
		return d->rows;
	for (size_t i = 0; i < d->out->len; i++)
		used += d->out->buf[i] == '\n';
	if (diagnostics && diagnostics->n_rows)
		used += 2 + (diagnostics->n_rows < DIAGNOSTICS ? diagnostics->n_rows : DIAGNOSTICS);
	for (const struct table *later = t; later < d->r->tables + d->r->n_tables; later++)
		n_minor += is_minor(later) ? 1 : 0;
	each = used < LINES_WANTED ? (LINES_WANTED - used) / (n_minor ? n_minor : 1) : 0;
	if (each <= overhead)
		return 0;
	return each - overhead < OTHER_ROWS ? each - overhead : OTHER_ROWS;
}

static void end_naming(struct md *d)
{
	if (d->naming)
		strbuf_addch(d->out, '\n');
	d->naming = 0;
}

static int add_minor(struct md *d, const struct table *t, struct err *e)
{
	size_t limit = room_for(d, t);

	if (!limit) {
		strbuf_addf(d->out, "%s%s (", d->naming ? ", " : "\nNot shown here: ", t->title);
		human_count(d->out, (int64_t)t->n_rows, 0);
		strbuf_addch(d->out, ')');
		d->naming = 1;
		return 0;
	}
	end_naming(d);
	return t->kind == TABLE_TREE ? add_tree(d, t, limit, e) : add_rows(d, t, limit, e);
}

static int add_table(struct md *d, const struct table *t, struct err *e)
{
	if (!is_minor(t) && (t->n_rows || t->empty))
		end_naming(d);
	if (!t->n_rows && t->empty) {
		strbuf_addf(d->out, "\n%s: %s\n", t->title, t->empty);
	} else if (!t->n_rows) {
		return 0;
	} else if (is_key(t, "snapshots")) {
		add_snapshots(d, t);
	} else if (is_key(t, "totals")) {
		add_totals(d, t);
	} else if (is_key(t, "findings")) {
		mdleaks_findings(d->out, &d->word, d->r, t, d->rows, d->ascii);
	} else if (is_key(t, "settled") || is_key(t, "known")) {
		mdleaks_settled(d->out, &d->word, d->r, t, d->rows, d->ascii);
	} else if (is_key(t, "growth")) {
		add_growth(d, t);
	} else if (is_key(t, "diagnostics")) {
		add_diagnostics(d, t);
	} else if (is_key(t, "insights")) {
		add_insights(d, t);
	} else if (is_key(t, "classes") || is_key(t, "profiles") || is_key(t, "functions") || is_key(t, "changes")) {
		return add_rows(d, t, d->rows ? d->rows : CLASS_ROWS, e);
	} else if (is_key(t, "merged_paths")) {
		return add_tree(d, t, d->rows ? d->rows : MERGED_ROWS, e);
	} else if (t->kind == TABLE_RECORD) {
		add_record(d, t);
	} else {
		return add_minor(d, t, e);
	}
	return 0;
}

int render_markdown(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	struct md d = { .r = r, .out = out, .rows = o->rows, .ascii = o->ascii };
	int rc = 0;

	strbuf_init(&d.word, out->mem);
	add_head(&d);
	for (size_t i = 0; i < r->n_tables && !rc; i++)
		if (r->tables[i].parent < 0 && !r->tables[i].for_pages)
			rc = add_table(&d, &r->tables[i], e);
	end_naming(&d);
	if (!rc)
		rc = strbuf_check(&d.word, e);
	strbuf_release(&d.word);
	return rc ? rc : strbuf_check(out, e);
}
