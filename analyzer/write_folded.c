/* Folded stacks: "outer;inner 12". Frames are "NAME FILE:LINE:COLUMN", which formats/folded.c takes apart again. */
#include "analyzer/profile_writers.h"

/* What would end a frame or a line becomes something that does not. */
static void add_text(struct strbuf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		strbuf_addch(out, c == ';' ? ':' : (unsigned char)c < ' ' ? ' ' : c);
	}
}

static void add_frame(const struct profile *p, uint32_t frame, struct strbuf *out)
{
	const struct profile_frames *f = &p->frames;
	struct str name = profile_text(p, f->name[frame]), file = profile_text(p, f->file[frame]);

	add_text(out, name.n ? name : STR_LIT("(anonymous)"));
	if (!file.n)
		return;
	strbuf_addch(out, ' ');
	add_text(out, file);
	strbuf_addf(out, ":%u:%u", f->line[frame], f->column[frame]);
}

static int add_line(const struct profile *p, const uint32_t *way, size_t n, int64_t value, struct strbuf *out,
		    const struct byte_sink *sink, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			strbuf_addch(out, ';');
		add_frame(p, way[i], out);
	}
	if (!n)
		strbuf_addstr(out, "(no stack)");
	strbuf_addf(out, " %lld\n", (long long)value);
	return profile_flush(out, 0, sink, e);
}

int write_folded(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	struct mem *m = &p->run->mem;
	int64_t *selfs, stackless;
	struct strbuf out;
	uint32_t *way;
	int rc = profile_stack_selfs(p, &selfs, &stackless, e);

	if (rc)
		return rc;
	strbuf_init(&out, m);
	way = MEM_NEW(m, uint32_t, profile_deepest(p) + 1, e);
	rc = way ? 0 : e->kind;
	for (uint32_t s = 0; s < p->stacks.n && !rc; s++)
		if (selfs[s])
			rc = add_line(p, way, profile_stack_frames(p, s, way), selfs[s], &out, sink, e);
	if (!rc && stackless)
		rc = add_line(p, way, 0, stackless, &out, sink, e);
	if (!rc)
		rc = profile_flush(&out, 1, sink, e);
	strbuf_release(&out);
	mem_free(m, way);
	mem_free(m, selfs);
	return rc;
}
