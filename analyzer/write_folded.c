/* Folded stacks: "outer;inner 12". Frames are "NAME FILE:LINE:COLUMN", which formats/folded.c takes apart again. */
#include "analyzer/profile_writers.h"
#include "base/utf8.h"

/* What ends a line for some reader, and what acts in a terminal: controls, line separators, changes of direction. */
static int is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

/* What would end a frame or a line becomes something that does not. */
static void add_text(struct strbuf *out, struct str s)
{
	for (size_t i = 0, used; i < s.n; i += used) {
		uint32_t cp;

		used = utf8_decode(s.s + i, s.n - i, &cp);
		if (cp == ';' || is_control(cp))
			strbuf_addch(out, cp == ';' ? ':' : ' ');
		else
			strbuf_add(out, s.s + i, used);
	}
}

/* Whether a blank, a number and any blanks stand at the end of what begins at `from`: a reader would take that for a count. */
static int ends_in_count(const struct strbuf *out, size_t from)
{
	const char *text = strbuf_str(out);
	size_t end = out->len, i;

	while (end > from && text[end - 1] == ' ')
		end--;
	for (i = end; i > from && ((text[i - 1] >= '0' && text[i - 1] <= '9') || text[i - 1] == '.'); i--)
		continue;
	return i < end && i > from && text[i - 1] == ' ';
}

static void add_frame(const struct profile *p, uint32_t frame, struct strbuf *out)
{
	const struct profile_frames *f = &p->frames;
	struct str name = profile_text(p, f->name[frame]), file = profile_text(p, f->file[frame]);
	size_t from = out->len;

	add_text(out, name.n ? name : STR_LIT("(anonymous)"));
	if (!file.n) {
		if (ends_in_count(out, from))
			strbuf_addch(out, ':');
		return;
	}
	strbuf_addch(out, ' ');
	add_text(out, file);
	strbuf_addf(out, ":%u:%u", f->line[frame], f->column[frame]);
}

struct writer {
	const struct profile *p;
	const struct byte_sink *sink;
	struct strbuf out;
	struct strbuf labels; /* of all frames, one after the other */
	size_t *label;        /* where that of a frame begins; one more for the end */
	uint32_t *way;
	size_t first_value, n_values;
	int64_t *selfs[PROFILE_MAX_VALUES], stackless[PROFILE_MAX_VALUES];
};

/* A frame stands in many lines, so its text is made once. */
static int make_labels(struct writer *w, struct err *e)
{
	const struct profile *p = w->p;

	w->label = MEM_NEW(&p->run->mem, size_t, (size_t)p->frames.n + 1, e);
	if (!w->label)
		return e->kind;
	for (uint32_t f = 0; f < p->frames.n; f++) {
		w->label[f] = w->labels.len;
		add_frame(p, f, &w->labels);
	}
	w->label[p->frames.n] = w->labels.len;
	return strbuf_check(&w->labels, e);
}

static int64_t value_of(const struct writer *w, size_t v, uint32_t stack)
{
	return stack == STACK_NONE ? w->stackless[v] : w->selfs[v][stack];
}

/* Nothing for a stack without values. */
static int add_line(struct writer *w, uint32_t stack, struct err *e)
{
	size_t n;
	int any = 0;

	for (size_t v = 0; v < w->n_values; v++)
		any |= value_of(w, v, stack) != 0;
	if (!any)
		return 0;
	n = profile_stack_frames(w->p, stack, w->way);
	/* a line that begins with "#", as names of private methods do, would be a comment */
	if (n && str_starts(profile_text(w->p, w->p->frames.name[w->way[0]]), "#"))
		strbuf_addch(&w->out, ':');
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_addch(&w->out, ';');
		strbuf_add(&w->out, strbuf_str(&w->labels) + w->label[w->way[i]],
			   w->label[w->way[i] + 1] - w->label[w->way[i]]);
	}
	if (!n)
		strbuf_addstr(&w->out, "(no stack)");
	for (size_t v = 0; v < w->n_values; v++)
		strbuf_addf(&w->out, " %lld", (long long)value_of(w, v, stack));
	strbuf_addch(&w->out, '\n');
	return profile_flush(&w->out, 0, w->sink, e);
}

static int write_lines(struct writer *w, struct err *e)
{
	const struct profile *p = w->p;

	for (size_t v = 0; v < w->n_values; v++)
		if (profile_stack_values(p, w->first_value + v, &w->selfs[v], &w->stackless[v], e))
			return e->kind;
	w->way = MEM_NEW(&p->run->mem, uint32_t, profile_deepest(p) + 1, e);
	if (!w->way || make_labels(w, e))
		return e->kind;
	for (uint32_t s = 0; s < p->stacks.n; s++)
		if (add_line(w, s, e))
			return e->kind;
	return add_line(w, STACK_NONE, e) ? e->kind : profile_flush(&w->out, 1, w->sink, e);
}

static int write(const struct profile *p, size_t first_value, size_t n_values, const struct byte_sink *sink, struct err *e)
{
	struct writer w = { .p = p, .sink = sink, .first_value = first_value, .n_values = n_values };
	int rc;

	strbuf_init(&w.out, &p->run->mem);
	strbuf_init(&w.labels, &p->run->mem);
	rc = write_lines(&w, e);
	strbuf_release(&w.out);
	strbuf_release(&w.labels);
	mem_free(&p->run->mem, w.label);
	mem_free(&p->run->mem, w.way);
	for (size_t v = 0; v < n_values; v++)
		mem_free(&p->run->mem, w.selfs[v]);
	return rc;
}

int write_folded(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	return write(p, p->shown, p->n_values ? 1 : 0, sink, e);
}

int write_folded_values(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	return write(p, 0, p->n_values, sink, e);
}
