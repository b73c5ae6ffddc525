/*
 * The tree of memory of a sealed report ("composition" of one snapshot, "growth_tree" of a comparison) as a profile, in
 * the notations of tools that draw and compare those. A row is a frame, its objects are samples of the stack that leads
 * to it; rest rows are frames as well, so that all adds up to what the root keeps alive, or to its change.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/profile_intern.h"
#include "analyzer/profile_loader.h"
#include "analyzer/profile_writers.h"
#include "analyzer/report.h"
#include "base/utf8.h"

/* A value of a row: one column, less another; `nested`: the columns include the child rows. */
struct measure {
	const char *type;
	enum profile_unit unit;
	const char *plus, *minus;
	int nested;
};

#define MAX_MEASURES 4

struct picture {
	const char *table;
	struct measure measures[MAX_MEASURES];
	size_t n;
	int (*write)(const struct profile *p, const struct byte_sink *sink, struct err *e);
};

struct memory_tree {
	const struct picture *picture;
	const struct table *t;
	struct mem *mem;
	int64_t (*own)[MAX_MEASURES]; /* by row */
	uint32_t *stacks;
	struct strbuf name;
};

static const union cell *cell_at(const struct memory_tree *m, size_t row, const char *key)
{
	return &table_row(m->t, row)[table_column(m->t, key)];
}

static int64_t measured(const struct memory_tree *m, size_t row, const struct measure *k)
{
	return cell_at(m, row, k->plus)->i - (k->minus ? cell_at(m, row, k->minus)->i : 0);
}

static void measure_rows(struct memory_tree *m)
{
	for (size_t row = 0; row < m->t->n_rows; row++) {
		int64_t parent = cell_at(m, row, "parent")->i;

		for (size_t k = 0; k < m->picture->n; k++) {
			int64_t v = measured(m, row, &m->picture->measures[k]);

			m->own[row][k] += v;
			if (m->picture->measures[k].nested && parent >= 0)
				m->own[parent][k] -= v;
		}
	}
}

/* Profiles promise UTF-8; names in a heap can end in half of a pair of surrogates. */
static void add_part(struct memory_tree *m, const char *before, struct str s, const char *behind)
{
	if (!s.n)
		return;
	strbuf_addstr(&m->name, before);
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		char utf8[4];

		i += utf8_decode(s.s + i, s.n - i, &cp);
		strbuf_add(&m->name, utf8, utf8_encode(cp, utf8));
	}
	strbuf_addstr(&m->name, behind);
}

static struct str frame_name(struct memory_tree *m, size_t row)
{
	const struct node_ref *node = cell_at(m, row, "node")->node;

	strbuf_reset(&m->name);
	if (!node) {
		add_part(m, "(", cell_at(m, row, "rest")->text, ")");
	} else {
		add_part(m, "", cell_at(m, row, "edge")->text, ": ");
		add_part(m, "", node->class, "");
		add_part(m, " ", node->name, "");
	}
	return (struct str){ strbuf_str(&m->name), m->name.len };
}

/* The root is no frame: tools have a root of their own. */
static int deliver_row(struct memory_tree *m, size_t row, const struct profile_sink *sink, struct err *e)
{
	int64_t parent = cell_at(m, row, "parent")->i;
	struct profile_frame f = { .kind = FRAME_JS };
	struct profile_sample s = { .time_ns = PROFILE_NO_TIME, .values = m->own[row] };
	uint32_t frame;

	m->stacks[row] = STACK_NONE;
	if (parent >= 0) {
		f.name = frame_name(m, row);
		if (strbuf_check(&m->name, e) || sink->frame(sink->ctx, &f, &frame, e) ||
		    sink->stack(sink->ctx, m->stacks[parent], frame, 0, &m->stacks[row], e))
			return e->kind;
	}
	s.stack = m->stacks[row];
	for (size_t k = 0; k < m->picture->n; k++)
		if (m->own[row][k])
			return sink->sample(sink->ctx, &s, e);
	return 0;
}

static int deliver(struct memory_tree *m, const struct profile_sink *sink, struct err *e)
{
	struct profile_value_type types[MAX_MEASURES] = { { .unit = 0 } };
	struct profile_meta meta = PROFILE_META_INIT;
	size_t n = m->picture->n;

	for (size_t k = 0; k < n; k++)
		types[k] = (struct profile_value_type){ str_of(m->picture->measures[k].type), m->picture->measures[k].unit,
							{ "", 0 } };
	meta.default_type = types[n - 1].type;
	if (sink->meta(sink->ctx, &meta, e) || sink->values(sink->ctx, types, n, e))
		return e->kind;
	for (size_t row = 0; row < m->t->n_rows; row++)
		if (deliver_row(m, row, sink, e))
			return e->kind;
	return 0;
}

static int fill(struct memory_tree *m, struct profile *p, struct err *e)
{
	static const struct profile_load_options none = { 0 };
	struct profile_sink sink;
	struct loader l;
	int rc = loader_init(&l, p, 0, &none, e);

	p->inputs[0].file = m->picture->table;
	sink = loader_sink(&l);
	m->own = mem_alloc(m->mem, m->t->n_rows, sizeof(*m->own), e);
	m->stacks = m->own ? MEM_NEW(m->mem, uint32_t, m->t->n_rows, e) : NULL;
	if (!rc && !m->stacks)
		rc = e->kind;
	if (!rc) {
		measure_rows(m);
		rc = deliver(m, &sink, e);
	}
	if (!rc)
		rc = loader_finish(&l, e);
	loader_release(&l);
	p->shown = p->n_values - 1;
	return rc;
}

static int add_bytes(void *ctx, const char *bytes, size_t n, struct err *e)
{
	strbuf_add(ctx, bytes, n);
	return strbuf_check(ctx, e);
}

static int write_tree(struct memory_tree *m, struct run *run, struct strbuf *out, struct err *e)
{
	struct byte_sink sink = { add_bytes, out };
	struct profile p;
	int rc = profile_init(&p, run, 1, e);

	if (!rc)
		rc = fill(m, &p, e);
	if (!rc)
		rc = m->picture->write(&p, &sink, e);
	profile_release(&p);
	return rc;
}

static int render(const struct report *r, const struct picture *pictures, struct strbuf *out, struct err *e)
{
	struct memory_tree m = { .picture = pictures, .mem = r->mem };
	uint64_t limit = r->mem->limit_bytes, used = r->mem->used_bytes;
	struct run run;
	int rc;

	m.t = report_table(r, m.picture->table);
	if (!m.t)
		m.t = report_table(r, (++m.picture)->table);
	if (!m.t || !m.t->n_rows)
		return err_set(e, ERR_USAGE, "this report has no tree of memory that could be written as a profile; "
			       "profstat --dump does it with profiles");
	/* A profile wants a run of its own: with what is left of the memory. */
	run_init(&run, 1, !limit ? 0 : limit > used ? limit - used : 1);
	atomic_store(&run.mem.fail_after, atomic_load(&r->mem->fail_after));
	strbuf_init(&m.name, &run.mem);
	m.mem = &run.mem;
	rc = write_tree(&m, &run, out, e);
	mem_free(m.mem, m.own);
	mem_free(m.mem, m.stacks);
	strbuf_release(&m.name);
	atomic_store(&r->mem->fail_after, atomic_load(&run.mem.fail_after));
	run_release(&run);
	return rc;
}

#define COMPOSITION(writer)                                                                      \
	{ "composition",                                                                         \
	  { { "objects", UNIT_COUNT, "count", NULL, 0 }, { "space", UNIT_BYTES, "self_bytes", NULL, 0 } }, 2, writer }

int render_folded(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	static const struct picture pictures[] = {
		COMPOSITION(write_folded),
		{ "growth_tree",
		  { { "before", UNIT_BYTES, "before_bytes", NULL, 1 }, { "after", UNIT_BYTES, "after_bytes", NULL, 1 } },
		  2, write_folded_values },
	};

	(void)o;
	return render(r, pictures, out, e);
}

int render_speedscope(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	static const struct picture pictures[] = {
		COMPOSITION(write_speedscope),
		{ "growth_tree",
		  { { "came", UNIT_BYTES, "grown_bytes", NULL, 1 }, { "went", UNIT_BYTES, "shrunk_bytes", NULL, 1 },
		    { "before", UNIT_BYTES, "before_bytes", NULL, 1 }, { "after", UNIT_BYTES, "after_bytes", NULL, 1 } },
		  4, write_speedscope_values },
	};

	(void)o;
	return render(r, pictures, out, e);
}

int render_pprof(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	static const struct picture pictures[] = {
		COMPOSITION(write_pprof),
		{ "growth_tree",
		  { { "objects", UNIT_COUNT, "count_after", "count_before", 0 },
		    { "space", UNIT_BYTES, "self_delta_bytes", NULL, 0 } },
		  2, write_pprof },
	};

	(void)o;
	return render(r, pictures, out, e);
}
