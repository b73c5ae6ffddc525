#include "formats/heap_traces.h"

#include <string.h>

#include "base/table_hash.h"
#include "base/hash_index.h"
#include "formats/heapsnapshot.h"
#include "formats/v8_nodes.h"

/* A row of the tree: a stack that allocated. */
struct trace {
	uint64_t id, info, count, bytes;
	uint64_t live_count, live_bytes;
	uint32_t parent; /* row; UINT32_MAX: none */
	uint32_t stack;
};

/* An open array of the tree; its values come in records of TRACE_FIELDS. */
struct level {
	uint32_t parent, row;
	unsigned field;
};

enum { TRACE_ID, TRACE_INFO, TRACE_COUNT, TRACE_BYTES, TRACE_CHILDREN, TRACE_FIELDS };
enum { INFO_NAME, INFO_SCRIPT, INFO_LINE, INFO_COLUMN, INFO_FIELDS };

static const char *const info_names[INFO_FIELDS] = { "name", "script_name", "line", "column" };

struct reader {
	struct run *run;
	const struct profile_sink *sink;
	struct heap_meta meta;
	struct heap_progress progress;
	struct strtab strings;
	unsigned n_fields[HEAP_N_SECTIONS];
	int trace_field, self_field;
	int info_field[INFO_FIELDS];
	uint64_t *made_by, *self; /* of the nodes */
	size_t made_capacity, self_capacity;
	uint64_t *infos;          /* trace_function_infos as they stand */
	size_t infos_capacity;
	struct trace *traces;
	size_t n_traces, traces_capacity;
	struct level *levels;
	size_t n_levels, levels_capacity;
	struct hash_index ids;
	uint64_t n_strange; /* objects whose stack is not in the tree */
};

static int not_tracked(struct err *e)
{
	return err_set(e, ERR_UNSUPPORTED, "this is a heap snapshot without allocation stacks, not a profile; snapstat and "
		       "snapdiff read those. Record \"Allocations on timeline\" with stacks to see who allocates");
}

static int on_meta(void *ctx, const struct heap_meta *m, uint64_t input_bytes, struct err *e)
{
	struct reader *r = ctx;

	(void)input_bytes;
	r->trace_field = heap_meta_field(m, HEAP_NODES, "trace_node_id");
	r->self_field = heap_meta_field(m, HEAP_NODES, "self_size");
	if (r->trace_field < 0)
		return not_tracked(e);
	for (int i = 0; i < INFO_FIELDS; i++) {
		r->info_field[i] = heap_meta_field(m, HEAP_TRACE_FUNCTIONS, info_names[i]);
		if (r->info_field[i] < 0)
			return err_set(e, ERR_FORMAT, "snapshot.meta.trace_function_info_fields has no \"%s\"", info_names[i]);
	}
	for (int s = 0; s < HEAP_N_SECTIONS; s++)
		r->n_fields[s] = m->fields[s].n;
	return 0;
}

static int on_reserve(void *ctx, enum heap_section s, uint64_t need, uint64_t *room, struct err *e)
{
	struct reader *r = ctx;
	struct mem *m = &r->run->mem;
	uint64_t n = *room;

	(void)need;
	if (s == HEAP_TRACE_FUNCTIONS)
		return mem_reserve(m, (void **)&r->infos, &r->infos_capacity, n, sizeof(*r->infos), e);
	if (s != HEAP_NODES)
		return 0;
	n = n / r->n_fields[s] + 1;
	return mem_reserve(m, (void **)&r->made_by, &r->made_capacity, n, sizeof(*r->made_by), e) ||
			       mem_reserve(m, (void **)&r->self, &r->self_capacity, n, sizeof(*r->self), e) ?
		       e->kind :
		       0;
}

/* One field of the records in a batch. */
static void put(uint64_t *column, uint64_t first, unsigned field, unsigned step, const uint64_t *v, size_t n)
{
	size_t skip = (size_t)((field + step - first % step) % step);

	for (uint64_t k = (first + skip) / step; skip < n; skip += step, k++)
		column[k] = v[skip];
}

static int on_take(void *ctx, enum heap_section s, uint64_t first, const uint64_t *v, size_t n, size_t *bad,
		   struct err *e)
{
	struct reader *r = ctx;

	(void)bad;
	(void)e;
	if (s == HEAP_TRACE_FUNCTIONS)
		memcpy(r->infos + first, v, n * sizeof(*v));
	if (s != HEAP_NODES)
		return 0;
	put(r->made_by, first, (unsigned)r->trace_field, r->n_fields[s], v, n);
	put(r->self, first, (unsigned)r->self_field, r->n_fields[s], v, n);
	return 0;
}

static int misshapen(struct err *e)
{
	return err_set(e, ERR_FORMAT, "trace_tree is not made of records of id, function, count, size and children");
}

static int open_level(struct reader *r, struct err *e)
{
	uint32_t parent = UINT32_MAX;

	if (r->n_levels) {
		struct level *above = &r->levels[r->n_levels - 1];

		if (above->field != TRACE_CHILDREN)
			return misshapen(e);
		above->field = TRACE_ID;
		parent = above->row;
	}
	if (mem_reserve(&r->run->mem, (void **)&r->levels, &r->levels_capacity, r->n_levels + 1, sizeof(*r->levels), e))
		return e->kind;
	r->levels[r->n_levels++] = (struct level){ .parent = parent };
	return 0;
}

static int add_trace(struct reader *r, struct level *l, struct err *e)
{
	if (r->n_traces == UINT32_MAX - 1)
		return err_set(e, ERR_UNSUPPORTED, "more than 4294967294 allocation stacks");
	if (mem_reserve(&r->run->mem, (void **)&r->traces, &r->traces_capacity, r->n_traces + 1, sizeof(*r->traces), e))
		return e->kind;
	l->row = (uint32_t)r->n_traces++;
	r->traces[l->row] = (struct trace){ .parent = l->parent, .stack = STACK_NONE };
	return 0;
}

static int take_number(struct reader *r, struct str text, struct err *e)
{
	struct level *l = r->n_levels ? &r->levels[r->n_levels - 1] : NULL;
	struct trace *t;
	uint64_t v;

	if (!l || l->field == TRACE_CHILDREN || json_u64(text, &v))
		return misshapen(e);
	if (l->field == TRACE_ID && add_trace(r, l, e))
		return e->kind;
	t = &r->traces[l->row];
	*(uint64_t *[]){ &t->id, &t->info, &t->count, &t->bytes }[l->field++] = v;
	return 0;
}

static int on_value(void *ctx, const char *key, enum json_event event, struct str text, unsigned depth, struct err *e)
{
	struct reader *r = ctx;

	(void)depth;
	if (strcmp(key, "trace_tree") != 0)
		return 0;
	if (event == JSON_ARRAY_START)
		return open_level(r, e);
	if (event == JSON_NUMBER)
		return take_number(r, text, e);
	if (event != JSON_ARRAY_END || r->levels[r->n_levels - 1].field != TRACE_ID)
		return misshapen(e);
	r->n_levels--;
	return 0;
}

static uint32_t trace_of(const struct reader *r, uint64_t id)
{
	uint64_t h = table_hash_number(r->ids.mem, id);
	size_t at;
	uint32_t i;

	for (i = hash_index_first(&r->ids, h, &at); i != HASH_NONE; i = hash_index_next(&r->ids, h, &at))
		if (r->traces[i].id == id)
			break;
	return i;
}

static int find_ids(struct reader *r, struct err *e)
{
	for (uint32_t i = 0; i < r->n_traces; i++)
		if (hash_index_add(&r->ids, table_hash_number(r->ids.mem, r->traces[i].id), i, e))
			return e->kind;
	return 0;
}

/* 0 is no stack: the object is older than the recording. */
static int book_living(struct reader *r, struct err *e)
{
	uint64_t n = r->progress.n[HEAP_NODES] / r->n_fields[HEAP_NODES];

	if (find_ids(r, e))
		return e->kind;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t t = r->made_by[i] ? trace_of(r, r->made_by[i]) : HASH_NONE;

		r->n_strange += r->made_by[i] && t == HASH_NONE;
		if (t == HASH_NONE)
			continue;
		r->traces[t].live_count++;
		if (__builtin_add_overflow(r->traces[t].live_bytes, r->self[i], &r->traces[t].live_bytes))
			return err_set(e, ERR_FORMAT, "the sizes of the nodes add up to more than 64 bits hold");
	}
	return 0;
}

static int text_of(const struct reader *r, uint64_t string, struct str *out, struct err *e)
{
	if (string >= r->strings.n)
		return err_set(e, ERR_FORMAT, "trace_function_infos names string %llu of %zu", (unsigned long long)string,
			       r->strings.n);
	*out = strtab_get(&r->strings, (size_t)string);
	return 0;
}

static int frame_of(const struct reader *r, uint64_t info, uint32_t *frame, struct err *e)
{
	unsigned step = r->n_fields[HEAP_TRACE_FUNCTIONS];
	uint64_t n = r->progress.n[HEAP_TRACE_FUNCTIONS] / step;
	struct v8_call_frame f = { .tier = TIER_UNKNOWN };
	const uint64_t *v;

	if (info >= n)
		return err_set(e, ERR_FORMAT, "trace_tree names function %llu of %llu", (unsigned long long)info,
			       (unsigned long long)n);
	v = r->infos + info * step;
	if (text_of(r, v[r->info_field[INFO_NAME]], &f.name, e) || text_of(r, v[r->info_field[INFO_SCRIPT]], &f.url, e))
		return e->kind;
	f.line = v[r->info_field[INFO_LINE]] < INT32_MAX ? (int64_t)v[r->info_field[INFO_LINE]] : 0;
	f.column = v[r->info_field[INFO_COLUMN]] < INT32_MAX ? (int64_t)v[r->info_field[INFO_COLUMN]] : 0;
	return v8_frame(r->sink, &f, frame, e);
}

static int give(const struct reader *r, struct trace *t, struct err *e)
{
	uint64_t all[] = { t->count, t->bytes, t->live_count, t->live_bytes };
	int64_t values[4];
	struct profile_sample s = { .time_ns = PROFILE_NO_TIME, .values = values };
	uint32_t frame = 0;

	if (frame_of(r, t->info, &frame, e) ||
	    r->sink->stack(r->sink->ctx, t->parent == UINT32_MAX ? STACK_NONE : r->traces[t->parent].stack, frame, 0,
			   &t->stack, e))
		return e->kind;
	for (int i = 0; i < 4; i++) {
		if (all[i] > INT64_MAX)
			return err_set(e, ERR_FORMAT, "trace_tree has a number that is too large");
		values[i] = (int64_t)all[i];
	}
	s.stack = t->stack;
	return t->count || t->live_count ? r->sink->sample(r->sink->ctx, &s, e) : 0;
}

static int deliver(struct reader *r, struct err *e)
{
	static const struct profile_value_type types[] = { { STR_LIT("alloc_objects"), UNIT_COUNT, { "", 0 } },
							   { STR_LIT("alloc_space"), UNIT_BYTES, { "", 0 } },
							   { STR_LIT("inuse_objects"), UNIT_COUNT, { "", 0 } },
							   { STR_LIT("inuse_space"), UNIT_BYTES, { "", 0 } } };
	struct profile_meta meta = PROFILE_META_INIT;

	meta.default_type = STR_LIT("alloc_space");
	if (!r->n_traces || !r->progress.n[HEAP_TRACE_FUNCTIONS])
		return not_tracked(e);
	if (r->sink->meta(r->sink->ctx, &meta, e) || r->sink->values(r->sink->ctx, types, 4, e) || book_living(r, e))
		return e->kind;
	for (size_t i = 0; i < r->n_traces; i++)
		if (give(r, &r->traces[i], e))
			return e->kind;
	return run_diag_n(r->run, e, r->n_strange, "unknown-stack",
			  "objects name an allocation stack that the snapshot does not have");
}

int heap_traces_read(struct run *run, struct source *src, const struct profile_read_options *o,
		     const struct profile_sink *sink, struct err *e)
{
	struct reader r = { .run = run, .sink = sink };
	struct heap_sink heap = { &r, on_meta, on_reserve, on_take, &r.strings, on_value };
	struct heap_read_options ro = { o->read_bytes };
	int rc;

	strtab_init(&r.strings, &run->mem);
	hash_index_init(&r.ids, &run->mem);
	rc = heapsnapshot_read(run, src, &ro, &heap, &r.meta, &r.progress, e);
	if (!rc)
		rc = deliver(&r, e);
	heap_meta_release(&r.meta);
	strtab_release(&r.strings);
	hash_index_release(&r.ids);
	mem_free(&run->mem, r.made_by);
	mem_free(&run->mem, r.self);
	mem_free(&run->mem, r.infos);
	mem_free(&run->mem, r.traces);
	mem_free(&run->mem, r.levels);
	return rc;
}
