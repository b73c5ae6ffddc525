#include "analyzer/findings.h"

#include "analyzer/celltext.h"
#include "analyzer/textcells.h"

static const union cell *cell_of(const struct table *t, size_t row, const char *key, enum cell_type type)
{
	static const union cell nothing;
	int c = table_column(t, key);

	return c >= 0 && t->columns[c].type == type ? &table_row(t, row)[c] : &nothing;
}

struct finding finding_at(const struct table *t, size_t row)
{
	static const struct str_list none;
	struct finding f = {
		.kind = cell_of(t, row, "kind", CELL_TEXT)->text,
		.verdict = cell_of(t, row, "verdict", CELL_TEXT)->text,
		.title = cell_of(t, row, "title", CELL_TEXT)->text,
		.advice = cell_of(t, row, "advice", CELL_TEXT)->text,
		.fingerprint = cell_of(t, row, "fingerprint", CELL_TEXT)->text,
		.bytes = cell_of(t, row, table_column(t, "retained_bytes") < 0 ? "retained_delta_bytes" : "retained_bytes",
				 CELL_BYTES)->i,
		.location = cell_of(t, row, "location", CELL_PLACE)->place,
		.reasons_for = cell_of(t, row, "reasons_for", CELL_TEXTS)->texts,
		.reasons_against = cell_of(t, row, "reasons_against", CELL_TEXTS)->texts,
		.path = cell_of(t, row, "path", CELL_PATH)->path,
	};

	f.reasons_for = f.reasons_for ? f.reasons_for : &none;
	f.reasons_against = f.reasons_against ? f.reasons_against : &none;
	return f;
}

static void add_reasons(struct strbuf *out, const char *sign, const struct str_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		strbuf_addstr(out, sign);
		text_clean(out, l->texts[i], 0);
		strbuf_addch(out, '\n');
	}
}

static void add_path(struct strbuf *out, const struct path *p)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		strbuf_addstr(out, i ? " > " : "");
		step_text(out, p, i, 0);
		if (p->n_omitted && p->omitted_after == i)
			strbuf_addf(out, " > ... %zu steps", p->n_omitted);
	}
	strbuf_addch(out, '\n');
}

void finding_words(struct strbuf *out, const struct finding *f)
{
	add_reasons(out, "+ ", f->reasons_for);
	add_reasons(out, "- ", f->reasons_against);
	if (f->advice.n) {
		strbuf_addstr(out, "Fix: ");
		text_clean(out, f->advice, 0);
		strbuf_addch(out, '\n');
	}
	if (f->path)
		add_path(out, f->path);
}
