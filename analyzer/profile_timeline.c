/* What ran when: the recording in equal slices, all threads together. */
#include "analyzer/profile_report.h"
#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "base/table_hash.h"

#define SLICES 40

static const struct column columns[] = {
	{ "start_ns", "At", CELL_TIME, 0, 0 },
	{ "busy_ns", "Busy", CELL_TIME, COLUMN_SUMS, 0 },
	{ "idle_ns", "Idle", CELL_TIME, COLUMN_SUMS, 0 },
	{ "gc_ns", "GC", CELL_TIME, COLUMN_SUMS, 0 },
	{ "function", "Most in", CELL_TEXT, 0, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
	{ "self_ns", "Of that", CELL_TIME, 0, 0 },
};

struct slice {
	int64_t busy, idle, gc;
	uint32_t best; /* part with the most time; UINT32_MAX: none */
};

/* Own time of one function in one slice. */
struct part {
	uint32_t slice, frame;
	int64_t ns;
};

struct timeline {
	const struct profile *p;
	struct slice slices[SLICES];
	int64_t width;
	struct part *parts;
	size_t n, capacity;
	struct hash_index index;
};

static int find_part(struct timeline *t, uint32_t slice, uint32_t frame, uint32_t *out, struct err *e)
{
	uint64_t h = table_hash_pair(t->index.mem, slice, frame);
	size_t at;

	for (*out = hash_index_first(&t->index, h, &at); *out != HASH_NONE; *out = hash_index_next(&t->index, h, &at))
		if (t->parts[*out].slice == slice && t->parts[*out].frame == frame)
			return 0;
	*out = (uint32_t)t->n;
	if (mem_reserve(&t->p->run->mem, (void **)&t->parts, &t->capacity, t->n + 1, sizeof(*t->parts), e) ||
	    hash_index_add(&t->index, h, *out, e))
		return e->kind;
	t->parts[t->n++] = (struct part){ slice, frame, 0 };
	return 0;
}

static int add_piece(struct timeline *t, uint32_t slice, uint32_t stack, int64_t ns, struct err *e)
{
	struct slice *s = &t->slices[slice];
	uint32_t frame, i;

	if (stack == STACK_NONE)
		return 0;
	frame = t->p->stacks.frame[stack];
	if (t->p->frames.category[frame] == CATEGORY_IDLE) {
		s->idle += ns;
		return 0;
	}
	s->busy += ns;
	s->gc += t->p->frames.category[frame] == CATEGORY_GC ? ns : 0;
	if (find_part(t, slice, frame, &i, e))
		return e->kind;
	t->parts[i].ns += ns;
	if (s->best == UINT32_MAX || t->parts[i].ns > t->parts[s->best].ns)
		s->best = i;
	return 0;
}

/* A run lies in one slice or in several. */
static int add_run(struct timeline *t, const struct profile_run *r, struct err *e)
{
	int64_t at = r->start_ns < 0 ? 0 : r->start_ns, left = r->ns;

	while (left > 0) {
		int64_t slice = at / t->width < SLICES ? at / t->width : SLICES - 1;
		int64_t room = slice == SLICES - 1 ? left : (slice + 1) * t->width - at;
		int64_t ns = left < room ? left : room;

		if (add_piece(t, (uint32_t)slice, r->stack, ns, e))
			return e->kind;
		at += ns;
		left -= ns;
	}
	return 0;
}

static int slice_row(struct report *r, int table, const struct timeline *t, uint32_t i, struct err *e)
{
	const struct slice *s = &t->slices[i];
	const struct part *best = s->best == UINT32_MAX ? NULL : &t->parts[s->best];
	const struct place *place = NULL;
	struct str name = { NULL, 0 };

	if (best && (ref_text(&r->arena, profile_frame_name(t->p, best->frame), &name, e) ||
		     profile_place(r, t->p, best->frame, 0, &place, e)))
		return e->kind;
	union cell cells[] = { cell_int(i * t->width), cell_int(s->busy), cell_int(s->idle),   cell_int(s->gc),
			       cell_text(name),	       { .place = place }, cell_int(best ? best->ns : 0) };
	return report_add_row(r, table, cells, e);
}

static int write_table(struct report *r, const struct timeline *t, int for_pages, struct err *e)
{
	struct table desc = { .key = "timeline", .title = "When what ran", .parent = -1, COLUMNS(columns),
			      .note = "The recording in equal slices, all threads together.",
			      .for_pages = for_pages, .empty = for_pages ? NULL : "The samples carry no times." };
	int table;

	if (report_add_table(r, &desc, &table, e))
		return e->kind;
	for (uint32_t i = 0; t->width && i < SLICES; i++)
		if (slice_row(r, table, t, i, e))
			return e->kind;
	return 0;
}

int profile_add_timeline(struct report *r, const struct profile *p, int for_pages, struct err *e)
{
	struct timeline t = { .p = p };
	int64_t end = profile_runs_end(&p->runs);
	struct run_reader reader;
	struct profile_run run;
	int rc = 0;

	for (uint32_t i = 0; i < SLICES; i++)
		t.slices[i].best = UINT32_MAX;
	t.width = end ? end / SLICES + 1 : 0;
	hash_index_init(&t.index, r->mem);
	run_reader_init(&reader, &p->runs);
	while (!rc && run_reader_next(&reader, &run))
		rc = add_run(&t, &run, e);
	if (!rc)
		rc = write_table(r, &t, for_pages, e);
	hash_index_release(&t.index);
	mem_free(r->mem, t.parts);
	return rc;
}
