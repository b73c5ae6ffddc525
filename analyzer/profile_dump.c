#include "analyzer/profile_dump.h"

#include <stdlib.h>

#include "analyzer/jsontext.h"
#include "base/strbuf.h"

struct row {
	struct str path;
	int64_t self, total;
};

static void add_frame(const struct profile *p, uint32_t frame, struct strbuf *out)
{
	const struct profile_frames *f = &p->frames;
	struct str name = profile_text(p, f->name[frame]);
	struct str file = profile_text(p, f->file[frame] ? f->file[frame] : f->module[frame]);

	strbuf_add(out, name.s, name.n);
	if (!file.n)
		return;
	strbuf_addch(out, ' ');
	strbuf_add(out, file.s, file.n);
	strbuf_addf(out, ":%u:%u", f->line[frame], f->column[frame]);
}

static int path_of(const struct profile *p, uint32_t stack, struct arena *a, struct strbuf *text, uint32_t *way,
		   struct str *out, struct err *e)
{
	uint32_t n = 0;

	strbuf_reset(text);
	for (; stack != STACK_NONE; stack = p->stacks.parent[stack])
		way[n++] = p->stacks.frame[stack];
	while (n-- > 0) {
		if (text->len)
			strbuf_addch(text, ';');
		add_frame(p, way[n], text);
	}
	out->n = text->len;
	out->s = arena_copy(a, strbuf_str(text), text->len, e);
	return strbuf_check(text, e) || !out->s ? e->kind : 0;
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct row *)a)->path, ((const struct row *)b)->path);
}

static void sum_up(const struct profile *p, struct row *rows)
{
	size_t n = p->stacks.n;

	for (size_t i = 0; i < p->n_sums; i++)
		if (p->sums[i].stack != STACK_NONE)
			rows[p->sums[i].stack].self += profile_sum_value(p, i, p->shown);
	for (size_t s = 0; s < n; s++)
		rows[s].total = rows[s].self;
	for (size_t s = n; s-- > 0;)
		if (p->stacks.parent[s] != STACK_NONE)
			rows[p->stacks.parent[s]].total += rows[s].total;
}

static int write_rows(const struct row *rows, size_t n, struct strbuf *text, const struct byte_sink *sink,
		      struct err *e)
{
	strbuf_reset(text);
	strbuf_addstr(text, "self\ttotal\tstack\n");
	for (size_t i = 0; i < n;) {
		int64_t self = 0, total = 0;
		size_t first = i;

		for (; i < n && str_eq(rows[i].path, rows[first].path); i++) {
			self += rows[i].self;
			total += rows[i].total;
		}
		if (!total)
			continue;
		strbuf_addf(text, "%lld\t%lld\t", (long long)self, (long long)total);
		json_cell(text, rows[first].path);
		strbuf_addch(text, '\n');
	}
	return strbuf_check(text, e) ? e->kind : sink->write(sink->ctx, text->buf, text->len, e);
}

int profile_dump_stacks(const struct profile *p, const struct byte_sink *sink, struct err *e)
{
	struct mem *m = &p->run->mem;
	size_t n = p->stacks.n;
	uint32_t deepest = 0, *way;
	struct row *rows = MEM_NEW(m, struct row, n + 1, e);
	struct arena a;
	struct strbuf text;
	int rc;

	for (size_t s = 0; s < n; s++)
		deepest = p->stacks.depth[s] > deepest ? p->stacks.depth[s] : deepest;
	way = rows ? MEM_NEW(m, uint32_t, (size_t)deepest + 1, e) : NULL;
	arena_init(&a, m);
	strbuf_init(&text, m);
	rc = way ? 0 : e->kind;
	if (!rc)
		sum_up(p, rows);
	for (uint32_t s = 0; s < n && !rc; s++)
		rc = path_of(p, s, &a, &text, way, &rows[s].path, e);
	if (!rc && n)
		qsort(rows, n, sizeof(*rows), by_path);
	if (!rc)
		rc = write_rows(rows, n, &text, sink, e);
	strbuf_release(&text);
	arena_release(&a);
	mem_free(m, way);
	mem_free(m, rows);
	return rc;
}
