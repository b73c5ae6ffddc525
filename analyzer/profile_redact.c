/* Hide what looks private in all texts of a profile that is written as it is, instead of being reported. */
#include "analyzer/profile_redact.h"

#include <string.h>

static int hide_names(struct profile *p, struct redact *r, struct err *e)
{
	struct strtab hidden;

	strtab_init(&hidden, &p->run->mem);
	for (size_t i = 0; i < p->texts.tab.n; i++) {
		struct str text = strtab_get(&p->texts.tab, i);

		if (redact_text(r, text, &text, e) || strtab_add(&hidden, text, e)) {
			strtab_release(&hidden);
			return e->kind;
		}
	}
	strtab_release(&p->texts.tab);
	p->texts.tab = hidden;
	return 0;
}

static int hide_labels(struct profile *p, struct redact *r, struct err *e)
{
	for (size_t i = 0; i < p->n_label_sets; i++)
		for (size_t k = 0; k < p->label_sets[i].n; k++) {
			struct profile_label *l = &p->label_sets[i].labels[k];

			if (redact_text(r, l->key, &l->key, e) || redact_text(r, l->text, &l->text, e) ||
			    redact_text(r, l->unit_name, &l->unit_name, e))
				return e->kind;
		}
	for (size_t t = 0; t < p->n_threads; t++)
		if (redact_text(r, p->threads[t].name, &p->threads[t].name, e))
			return e->kind;
	return 0;
}

/* Names of files end in a NUL. */
static int hide_inputs(struct profile *p, struct redact *r, struct err *e)
{
	for (size_t i = 0; i < p->n_inputs; i++) {
		struct profile_input *in = &p->inputs[i];
		struct str file;

		if (redact_text(r, in->period_type, &in->period_type, e) || redact_text(r, in->producer, &in->producer, e) ||
		    redact_text(r, in->comment, &in->comment, e) || redact_text(r, str_of(in->file), &file, e))
			return e->kind;
		in->file = file.s == in->file ? in->file : arena_copy(&p->arena, file.s, file.n, e);
		if (!in->file)
			return e->kind;
	}
	return 0;
}

int profile_redact(struct profile *p, struct redact *r, struct err *e)
{
	redact_key(r, profile_key(p));
	return hide_names(p, r, e) || hide_labels(p, r, e) || hide_inputs(p, r, e) ? e->kind : 0;
}
