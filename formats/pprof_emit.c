#include "formats/pprof_emit.h"

#include <stdio.h>

#include "base/table_hash.h"
#include "formats/code_names.h"
#include "formats/pprof_names.h"
#include "formats/pprof_prune.h"
#include "formats/wtf8.h"

/* Numbers of rows by their ids, which may be anything but 0. */
struct ids {
	struct hash_index index;
	const char *rows; /* each begins with its id */
	size_t stride;
};

struct emit {
	const struct pprof *p;
	struct run *run;
	const struct profile_sink *sink;
	struct ids mappings, locations, functions;
	struct pprof_prune *prune;
	struct wtf8 texts[2];          /* name and file of one frame */
	uint32_t *frames, *lines;      /* of location i from its first_line + i on */
	uint32_t *cut;                 /* of location i: how many frames, innermost first, are dropped */
	uint32_t *stack_of, *labels_of, *thread_of;
	int64_t *time_of;              /* of the label sets */
	int64_t factors[PROFILE_MAX_VALUES];
	uint32_t *chain, *chain_lines; /* the stack at hand, innermost first */
	size_t chain_capacity, chain_lines_capacity;
	struct profile_label *set;
	size_t set_capacity;
};

static uint64_t id_of(const struct ids *x, size_t i)
{
	uint64_t id;

	memcpy(&id, x->rows + i * x->stride, sizeof(id));
	return id;
}

static uint32_t ids_find(const struct ids *x, uint64_t id)
{
	size_t at;

	for (uint32_t i = hash_index_first(&x->index, table_hash_number(x->index.mem, id), &at); i != HASH_NONE;
	     i = hash_index_next(&x->index, table_hash_number(x->index.mem, id), &at))
		if (id_of(x, i) == id)
			return i;
	return HASH_NONE;
}

static int ids_fill(struct ids *x, const void *rows, size_t stride, size_t n, const char *what, struct err *e)
{
	x->rows = rows;
	x->stride = stride;
	for (size_t i = 0; i < n; i++) {
		uint64_t id = id_of(x, i);

		if (!id || ids_find(x, id) != HASH_NONE)
			return err_set(e, ERR_FORMAT, id ? "two %ss of the profile have the id %llu"
							 : "a %s of the profile has the id %llu",
				       what, (unsigned long long)id);
		if (hash_index_add(&x->index, table_hash_number(x->index.mem, id), (uint32_t)i, e))
			return e->kind;
	}
	return 0;
}

static int text(const struct emit *em, uint64_t string, struct str *s, struct err *e)
{
	const struct strtab *t = &em->p->strings;

	*s = (struct str){ "", 0 };
	if (!string)
		return 0;
	if (string >= t->n)
		return err_set(e, ERR_FORMAT, "string %llu is referred to, but there are %zu; the file is cut or damaged",
			       (unsigned long long)string, t->n);
	*s = strtab_get(t, (size_t)string);
	return 0;
}

static int clean_text(struct emit *em, uint64_t string, struct wtf8 *w, struct str *s, struct err *e)
{
	return text(em, string, s, e) ? e->kind : wtf8_clean(w, s, e);
}

static const struct pprof_mapping *mapping_of(const struct emit *em, const struct pprof_location *l)
{
	uint32_t i = l->mapping ? ids_find(&em->mappings, l->mapping) : HASH_NONE;

	return i == HASH_NONE ? NULL : &em->p->mappings.rows[i];
}

static int module_of(const struct emit *em, const struct pprof_location *l, struct str *module, struct err *e)
{
	const struct pprof_mapping *m = mapping_of(em, l);

	*module = (struct str){ "", 0 };
	return m ? text(em, m->file, module, e) : 0;
}

static int function_frame(struct emit *em, const struct pprof_location *l, uint64_t id, uint32_t *frame, struct err *e)
{
	uint32_t i = ids_find(&em->functions, id);
	const struct pprof_function *fn;
	struct profile_frame f = { 0 };
	struct str module;

	if (i == HASH_NONE)
		return err_set(e, ERR_FORMAT, "location %llu lies in function %llu, which does not exist; the file is cut or "
			       "damaged", (unsigned long long)l->id, (unsigned long long)id);
	fn = &em->p->functions.rows[i];
	if (clean_text(em, fn->name, &em->texts[0], &f.name, e) || clean_text(em, fn->file, &em->texts[1], &f.file, e) ||
	    module_of(em, l, &module, e))
		return e->kind;
	f.line = fn->start_line <= UINT32_MAX ? (uint32_t)fn->start_line : 0;
	pprof_name_frame(&f, module);
	return em->sink->frame(em->sink->ctx, &f, frame, e);
}

/* An address that nobody could name: its place in the module, the same in every process. */
static int address_frame(struct emit *em, const struct pprof_location *l, uint32_t *frame, struct err *e)
{
	const struct pprof_mapping *m = mapping_of(em, l);
	struct profile_frame f = { .kind = FRAME_NATIVE };
	uint64_t at = l->address;
	char name[256];

	if (module_of(em, l, &f.module, e))
		return e->kind;
	if (m && at >= m->start && (!m->limit || at < m->limit))
		at = at - m->start + m->offset;
	if (code_name_is_kernel(f.module))
		f.kind = FRAME_KERNEL;
	f.name = code_name_base(f.module);
	f.name.n = (size_t)snprintf(name, sizeof(name), "%.*s%s0x%llx", (int)(f.name.n > 200 ? 200 : f.name.n), f.name.s,
				    f.name.n ? "+" : "", (unsigned long long)at);
	f.name.s = name;
	return wtf8_clean(&em->texts[0], &f.name, e) ? e->kind : em->sink->frame(em->sink->ctx, &f, frame, e);
}

/* Datadog's profiler may put the column into the upper half. */
static uint32_t line_number(uint64_t line)
{
	return (int64_t)line < 0 ? 0 : (uint32_t)line;
}

/* How many frames of the location are dropped: all up to the outermost that is. */
static int count_cut(struct emit *em, const struct pprof_location *l, uint32_t *cut, struct err *e)
{
	for (size_t k = l->n_lines; em->prune && k-- > 0;) {
		uint32_t i = ids_find(&em->functions, em->p->lines.rows[l->first_line + k].function);
		struct str name;

		if (i == HASH_NONE || text(em, em->p->functions.rows[i].name, &name, e))
			return e->kind;
		if (!pprof_prune_drops(em->prune, name))
			continue;
		*cut = (uint32_t)k + 1;
		return 0;
	}
	return 0;
}

static int resolve_location(struct emit *em, size_t i, struct err *e)
{
	const struct pprof_location *l = &em->p->locations.rows[i];
	uint32_t *frames = em->frames + l->first_line + i, *lines = em->lines + l->first_line + i;

	if (!l->n_lines)
		return address_frame(em, l, frames, e);
	for (size_t k = 0; k < l->n_lines; k++) {
		const struct pprof_line *line = &em->p->lines.rows[l->first_line + k];

		lines[k] = line_number(line->line);
		if (function_frame(em, l, line->function, &frames[k], e))
			return e->kind;
	}
	return count_cut(em, l, &em->cut[i], e);
}

static int resolve_locations(struct emit *em, struct err *e)
{
	const struct pprof *p = em->p;
	struct mem *m = p->mem;

	em->frames = MEM_NEW(m, uint32_t, p->lines.n + p->locations.n, e);
	em->lines = em->frames ? MEM_NEW(m, uint32_t, p->lines.n + p->locations.n, e) : NULL;
	em->cut = em->lines ? MEM_NEW(m, uint32_t, p->locations.n, e) : NULL;
	if (!em->cut)
		return e->kind;
	for (size_t i = 0; i < p->locations.n; i++)
		if (resolve_location(em, i, e))
			return e->kind;
	return 0;
}

static int chain_add(struct emit *em, size_t *n, size_t location, struct err *e)
{
	const struct pprof_location *l = &em->p->locations.rows[location];
	size_t more = l->n_lines ? l->n_lines : 1, first = l->first_line + location;

	if (mem_reserve(em->p->mem, (void **)&em->chain, &em->chain_capacity, *n + more, 4, e) ||
	    mem_reserve(em->p->mem, (void **)&em->chain_lines, &em->chain_lines_capacity, *n + more, 4, e))
		return e->kind;
	memcpy(em->chain + *n, em->frames + first, more * 4);
	memcpy(em->chain_lines + *n, em->lines + first, more * 4);
	*n += more;
	return 0;
}

/*
 * The outermost location that is to be dropped takes with it what it calls, provided that a location that stays is
 * further out: a stack of nothing but dropped frames stays whole.
 */
static int resolve_stack(struct emit *em, uint32_t number, struct err *e)
{
	struct str key = memo_key(&em->p->stacks, number);
	struct wire w = { (const unsigned char *)key.s, (const unsigned char *)key.s + key.n };
	size_t n = 0, begin = 0, pending = 0;
	uint64_t id = 0;

	while (w.p < w.end) {
		uint32_t i = wire_varint(&w, &id) ? ids_find(&em->locations, id) : HASH_NONE;

		if (i == HASH_NONE)
			return err_set(e, ERR_FORMAT, "a sample lies at location %llu, which does not exist; the file is cut "
				       "or damaged", (unsigned long long)id);
		if (em->cut[i])
			pending = n + em->cut[i];
		else
			begin = pending;
		if (chain_add(em, &n, i, e))
			return e->kind;
	}
	/* a sample without locations, before there was room for any */
	if (!n)
		return profile_sink_chain(em->sink, NULL, NULL, 0, &em->stack_of[number], e);
	return profile_sink_chain(em->sink, em->chain + begin, em->chain_lines + begin, n - begin, &em->stack_of[number], e);
}

static int resolve_stacks(struct emit *em, struct err *e)
{
	em->stack_of = MEM_NEW(em->p->mem, uint32_t, memo_n(&em->p->stacks), e);
	if (!em->stack_of)
		return e->kind;
	for (uint32_t i = 0; i < memo_n(&em->p->stacks); i++)
		if (resolve_stack(em, i, e))
			return e->kind;
	return 0;
}

static int parse_label(struct emit *em, struct wire body, struct profile_label *l, struct err *e)
{
	uint64_t key = 0, string = 0, number = 0, unit = 0;
	uint64_t *const to[] = { NULL, &key, &string, &number, &unit };
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&body, &f)) > 0)
		if (f.number >= 1 && f.number <= 4 && f.type == WIRE_VARINT)
			*to[f.number] = f.value;
	if (rc < 0)
		return err_set(e, ERR_FORMAT, "a label of a sample is damaged");
	*l = (struct profile_label){ .number = (int64_t)number, .is_number = !string };
	return text(em, key, &l->key, e) || text(em, string, &l->text, e) || text(em, unit, &l->unit_name, e) ? e->kind : 0;
}

/* A number that is written as one or as text; 0 when it is neither. */
static uint64_t label_number(const struct profile_label *l)
{
	uint64_t v = 0;

	if (l->is_number)
		return l->number > 0 ? (uint64_t)l->number : 0;
	for (size_t i = 0; i < l->text.n && i < 18; i++) {
		if (l->text.s[i] < '0' || l->text.s[i] > '9')
			return 0;
		v = v * 10 + (uint64_t)(l->text.s[i] - '0');
	}
	return v;
}

static int key_is_one_of(const struct profile_label *l, const char *const *names)
{
	for (; *names; names++)
		if (str_is(l->key, *names))
			return 1;
	return 0;
}

/* Threads as Datadog's profilers, async-profiler and perf_to_profile label them. */
static int label_thread(struct emit *em, uint32_t number, size_t n, struct err *e)
{
	static const char *const tids[] = { "thread id", "thread_id", "tid", NULL };
	static const char *const names[] = { "thread name", "thread_name", "thread", NULL };
	struct profile_thread t = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (key_is_one_of(&em->set[i], tids))
			t.tid = label_number(&em->set[i]);
		else if (key_is_one_of(&em->set[i], names))
			t.name = em->set[i].text;
		else if (str_is(em->set[i].key, "pid"))
			t.pid = label_number(&em->set[i]);
	}
	if (!t.tid && !t.name.n)
		return 0;
	return em->sink->thread(em->sink->ctx, &t, &em->thread_of[number], e);
}

/* A label that makes every sample another one is a time, not a label. */
static void take_time(struct emit *em, uint32_t number, size_t *n)
{
	em->time_of[number] = PROFILE_NO_TIME;
	for (size_t i = 0; i < *n; i++) {
		if (!str_is(em->set[i].key, "end_timestamp_ns"))
			continue;
		em->time_of[number] = (int64_t)label_number(&em->set[i]);
		em->set[i] = em->set[--*n];
		return;
	}
}

static int resolve_label_set(struct emit *em, uint32_t number, struct err *e)
{
	struct str key = memo_key(&em->p->labels, number);
	const unsigned char *at = (const unsigned char *)key.s, *end = at + key.n;
	size_t n = 0;

	while (at < end) {
		uint32_t bytes;

		memcpy(&bytes, at, sizeof(bytes));
		at += sizeof(bytes);
		if (mem_reserve(em->p->mem, (void **)&em->set, &em->set_capacity, n + 1, sizeof(*em->set), e) ||
		    parse_label(em, (struct wire){ at, at + bytes }, &em->set[n], e))
			return e->kind;
		at += bytes;
		n++;
	}
	take_time(em, number, &n);
	if (label_thread(em, number, n, e))
		return e->kind;
	return n ? em->sink->labels(em->sink->ctx, em->set, n, &em->labels_of[number], e) : 0;
}

static int resolve_labels(struct emit *em, struct err *e)
{
	uint32_t n = memo_n(&em->p->labels);
	struct mem *m = em->p->mem;

	em->labels_of = MEM_NEW(m, uint32_t, n, e);
	em->thread_of = em->labels_of ? MEM_NEW(m, uint32_t, n, e) : NULL;
	em->time_of = em->thread_of ? MEM_NEW(m, int64_t, n, e) : NULL;
	if (!em->time_of)
		return e->kind;
	for (uint32_t i = 0; i < n; i++)
		if (resolve_label_set(em, i, e))
			return e->kind;
	return 0;
}

static int deliver_sample(struct emit *em, size_t i, struct err *e)
{
	const int64_t *from = em->p->values + (size_t)i * em->p->n_values;
	uint32_t stack = (uint32_t)(em->p->sums[i] >> 32), labels = (uint32_t)em->p->sums[i];
	int64_t values[PROFILE_MAX_VALUES];
	struct profile_sample s = { .values = values };

	for (size_t v = 0; v < em->p->n_values; v++)
		if (__builtin_mul_overflow(from[v], em->factors[v], &values[v]))
			return err_set(e, ERR_FORMAT, "a value of %lld does not fit when it is brought to the smaller unit",
				       (long long)from[v]);
	s.stack = em->stack_of[stack];
	s.labels = em->labels_of[labels];
	s.thread = em->thread_of[labels];
	s.time_ns = em->time_of[labels];
	return em->sink->sample(em->sink->ctx, &s, e);
}

static int deliver_types(struct emit *em, struct err *e)
{
	const struct pprof *p = em->p;
	struct profile_value_type types[PROFILE_MAX_VALUES];

	for (size_t i = 0; i < p->n_types; i++) {
		if (text(em, p->types[i].type, &types[i].type, e) || text(em, p->types[i].unit, &types[i].unit_name, e))
			return e->kind;
		types[i].unit = profile_unit_parse(types[i].unit_name, &em->factors[i]);
	}
	if (!p->n_types)
		return err_set(e, ERR_FORMAT, "the profile does not say what its samples count; the file is cut or damaged");
	if (p->n_samples && p->n_values != p->n_types)
		return err_set(e, ERR_FORMAT, "samples of %zu values in a profile of %zu sample types", p->n_values,
			       p->n_types);
	return em->sink->values(em->sink->ctx, types, p->n_types, e);
}

/* Without a default type, pprof shows the last one. */
static int deliver_meta(struct emit *em, struct err *e)
{
	const struct pprof *p = em->p;
	struct profile_meta meta = PROFILE_META_INIT;
	struct str unit;
	int64_t factor;

	if (text(em, p->default_type ? p->default_type : p->types[p->n_types - 1].type, &meta.default_type, e) ||
	    text(em, p->period_type.type, &meta.period_type, e) || text(em, p->period_type.unit, &unit, e))
		return e->kind;
	meta.period_unit = profile_unit_parse(unit, &factor);
	if (__builtin_mul_overflow(p->period, factor, &meta.period))
		meta.period = 0;
	meta.duration_ns = p->duration_ns > 0 ? p->duration_ns : 0;
	if (em->sink->meta(em->sink->ctx, &meta, e))
		return e->kind;
	for (size_t i = 0; i < p->comments.n; i++) {
		struct profile_meta said = PROFILE_META_INIT;

		if (clean_text(em, p->comments.rows[i], &em->texts[0], &said.comment, e) ||
		    em->sink->meta(em->sink->ctx, &said, e))
			return e->kind;
	}
	return 0;
}

static int prepare(struct emit *em, struct err *e)
{
	const struct pprof *p = em->p;
	struct str drop, keep;

	if (p->strings.n && strtab_get(&p->strings, 0).n)
		return err_set(e, ERR_FORMAT, "the first string of the profile is not empty as it must be");
	if (text(em, p->drop_frames, &drop, e) || text(em, p->keep_frames, &keep, e) ||
	    ids_fill(&em->mappings, p->mappings.rows, sizeof(*p->mappings.rows), p->mappings.n, "mapping", e) ||
	    ids_fill(&em->locations, p->locations.rows, sizeof(*p->locations.rows), p->locations.n, "location", e) ||
	    ids_fill(&em->functions, p->functions.rows, sizeof(*p->functions.rows), p->functions.n, "function", e))
		return e->kind;
	return pprof_prune_new(&em->prune, p->mem, drop, keep, e);
}

static int deliver(struct emit *em, struct err *e)
{
	if (prepare(em, e) || deliver_types(em, e) || deliver_meta(em, e) || resolve_locations(em, e) ||
	    resolve_stacks(em, e) || resolve_labels(em, e))
		return e->kind;
	for (size_t i = 0; i < em->p->n_sums; i++)
		if (deliver_sample(em, i, e))
			return e->kind;
	return run_diag_n(em->run, e, em->texts[0].n_repaired + em->texts[1].n_repaired, "invalid-utf8",
			  "names that are not UTF-8; the broken bytes are shown as U+FFFD");
}

static void emit_init(struct emit *em)
{
	struct mem *m = em->p->mem;

	hash_index_init(&em->mappings.index, m);
	hash_index_init(&em->locations.index, m);
	hash_index_init(&em->functions.index, m);
	wtf8_init(&em->texts[0], m);
	wtf8_init(&em->texts[1], m);
}

static void emit_release(struct emit *em)
{
	void *blocks[] = { em->frames,	  em->lines,	 em->cut,     em->stack_of, em->labels_of,
			   em->thread_of, em->time_of,	 em->chain,   em->chain_lines, em->set };

	hash_index_release(&em->mappings.index);
	hash_index_release(&em->locations.index);
	hash_index_release(&em->functions.index);
	wtf8_release(&em->texts[0]);
	wtf8_release(&em->texts[1]);
	pprof_prune_free(em->prune);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		mem_free(em->p->mem, blocks[i]);
}

int pprof_emit(const struct pprof *p, struct run *run, const struct profile_sink *sink, struct err *e)
{
	struct emit em = { .p = p, .run = run, .sink = sink };
	int rc;

	emit_init(&em);
	rc = deliver(&em, e);
	emit_release(&em);
	return rc;
}
