#include "analyzer/mdleaks.h"

#include "analyzer/celltext.h"
#include "analyzer/mdtext.h"
#include "analyzer/textcells.h"

#define FINDINGS 4
#define SETTLED 3
#define REASONS 3

struct item {
	struct strbuf *out, *word;
	const struct report *r;
	const struct table *t;
	size_t row;
	int ascii;
};

static const union cell *cell_of(const struct item *m, const char *key, enum cell_type type)
{
	int c = table_column(m->t, key);

	return c >= 0 && m->t->columns[c].type == type ? &table_row(m->t, m->row)[c] : NULL;
}

static struct str written(const struct item *m)
{
	return (struct str){ strbuf_str(m->word), m->word->len };
}

static void add_sentence(struct item *m, struct str s)
{
	strbuf_reset(m->word);
	text_clean(m->word, s, m->ascii);
	md_words(m->out, written(m));
}

/* Value of a column between two texts; nothing when it is absent. */
static void add_part(struct item *m, const char *key, const char *before, const char *after, int quoted)
{
	int c = table_column(m->t, key);

	if (c < 0)
		return;
	strbuf_reset(m->word);
	cell_text(m->word, m->r, &m->t->columns[c], &table_row(m->t, m->row)[c], m->ascii);
	if (!m->word->len)
		return;
	strbuf_addstr(m->out, before);
	if (quoted)
		md_code(m->out, written(m), 0);
	else
		strbuf_add(m->out, m->word->buf, m->word->len);
	strbuf_addstr(m->out, after);
}

static void add_reasons(struct item *m, const char *key, const char *sign)
{
	const union cell *cell = cell_of(m, key, CELL_TEXTS);

	for (size_t i = 0; cell && cell->texts && i < cell->texts->n && i < REASONS; i++) {
		strbuf_addf(m->out, "   - %s ", sign);
		add_sentence(m, cell->texts->texts[i]);
		strbuf_addch(m->out, '\n');
	}
}

static void add_path(struct item *m)
{
	const struct glyphs *g = text_glyphs(m->ascii);
	const union cell *cell = cell_of(m, "path", CELL_PATH);

	if (!cell || !cell->path)
		return;
	strbuf_reset(m->word);
	for (size_t i = 0; i < cell->path->n_steps; i++) {
		if (i)
			strbuf_addf(m->word, " %s ", g->then);
		step_text(m->word, cell->path, i, m->ascii);
		if (cell->path->n_omitted && cell->path->omitted_after == i)
			strbuf_addf(m->word, " %s %s %zu steps", g->then, g->ellipsis, cell->path->n_omitted);
	}
	strbuf_addstr(m->out, "   - path: ");
	md_code(m->out, written(m), 0);
	strbuf_addch(m->out, '\n');
}

static void add_finding(struct item *m)
{
	const union cell *title = cell_of(m, "title", CELL_TEXT), *advice = cell_of(m, "advice", CELL_TEXT);

	strbuf_addf(m->out, "%zu. ", m->row + 1);
	add_part(m, "verdict", "**", "**", 0);
	add_part(m, "confidence", " (", ")", 0);
	add_part(m, "retained_delta_bytes", ", ", "", 0);
	add_part(m, "share_of_growth", ", ", " of the growth: ", 0);
	add_part(m, "retained_bytes", ", ", "", 0);
	add_part(m, "share_of_heap", ", ", " of the heap: ", 0);
	if (title)
		add_sentence(m, title->text);
	add_part(m, "location", ", at ", "", 1);
	strbuf_addch(m->out, '\n');
	add_reasons(m, "reasons_for", "for:");
	add_reasons(m, "reasons_against", "against:");
	if (advice && advice->text.n) {
		/* this program's own words, none of the snapshot's: no quoting needed */
		strbuf_addstr(m->out, "   - fix: ");
		strbuf_add(m->out, advice->text.s, advice->text.n);
		strbuf_addch(m->out, '\n');
	}
	add_path(m);
	add_part(m, "fingerprint", "   - fingerprint ", "\n", 1);
}

static size_t begin(struct strbuf *out, const struct table *t, size_t rows, size_t usual)
{
	strbuf_addf(out, "\n### %s\n", t->title);
	return rows_shown(t, t->n_rows, rows ? rows : usual);
}

static void end(struct strbuf *out, const struct table *t, size_t shown, int ascii)
{
	if (shown < t->n_rows)
		strbuf_addf(out, "\n%s %zu more\n", text_glyphs(ascii)->ellipsis, t->n_rows - shown);
}

void mdleaks_findings(struct strbuf *out, struct strbuf *word, const struct report *r, const struct table *t, size_t rows,
		      int ascii)
{
	struct item m = { .out = out, .word = word, .r = r, .t = t, .ascii = ascii };
	size_t shown = begin(out, t, rows, FINDINGS);

	for (m.row = 0; m.row < shown; m.row++)
		add_finding(&m);
	end(out, t, shown, ascii);
}

void mdleaks_settled(struct strbuf *out, struct strbuf *word, const struct report *r, const struct table *t, size_t rows,
		     int ascii)
{
	struct item m = { .out = out, .word = word, .r = r, .t = t, .ascii = ascii };
	size_t shown = begin(out, t, rows, SETTLED);

	for (m.row = 0; m.row < shown; m.row++) {
		const union cell *title = cell_of(&m, "title", CELL_TEXT);

		strbuf_addstr(out, "- ");
		add_part(&m, "verdict", "", "", 0);
		add_part(&m, "retained_delta_bytes", ", ", ": ", 0);
		if (title)
			add_sentence(&m, title->text);
		strbuf_addch(out, '\n');
	}
	end(out, t, shown, ascii);
}
