#include "analyzer/profile_intern.h"

#include <string.h>

#include "base/table_hash.h"

int profile_grow(struct mem *m, const struct profile_column *columns, size_t n, size_t *capacity, size_t need,
		 struct err *e)
{
	size_t grown = *capacity;

	if (need <= *capacity)
		return 0;
	if (need >= HASH_NONE)
		return err_set(e, ERR_UNSUPPORTED, "a profile with more than 4 thousand million rows");
	for (size_t i = 0; i < n; i++) {
		grown = *capacity;
		if (mem_reserve(m, columns[i].array, &grown, need, columns[i].size, e))
			return e->kind;
	}
	*capacity = grown;
	return 0;
}

void profile_texts_init(struct profile_texts *t, struct mem *m)
{
	strtab_init(&t->tab, m);
	hash_index_init(&t->index, m);
}

void profile_texts_release(struct profile_texts *t)
{
	strtab_release(&t->tab);
	hash_index_release(&t->index);
}

static int text_append(struct profile_texts *t, struct str s, uint64_t hash, uint32_t *number, struct err *e)
{
	if (t->tab.n >= HASH_NONE - 1)
		return err_set(e, ERR_UNSUPPORTED, "a profile with more than 4 thousand million names");
	*number = (uint32_t)t->tab.n;
	if (strtab_add(&t->tab, s, e))
		return e->kind;
	return hash_index_add(&t->index, hash, *number, e);
}

int profile_texts_add(struct profile_texts *t, struct str s, uint32_t *number, struct err *e)
{
	uint64_t h;
	size_t at;

	if (!t->tab.n && text_append(t, STR_LIT(""), table_hash(t->index.mem, STR_LIT("")), number, e))
		return e->kind;
	*number = 0;
	if (!s.n)
		return 0;
	h = table_hash(t->index.mem, s);
	for (uint32_t i = hash_index_first(&t->index, h, &at); i != HASH_NONE; i = hash_index_next(&t->index, h, &at)) {
		if (!str_eq(strtab_get(&t->tab, i), s))
			continue;
		*number = i;
		return 0;
	}
	return text_append(t, s, h, number, e);
}

/* A frame whose texts are numbers. */
struct frame_key {
	uint32_t name, file, module, line, column;
	uint8_t kind;
};

static int frame_is(const struct profile_frames *f, uint32_t i, const struct frame_key *k)
{
	return f->name[i] == k->name && f->file[i] == k->file && f->line[i] == k->line && f->column[i] == k->column &&
	       f->module[i] == k->module && f->kind[i] == k->kind;
}

static uint64_t frame_hash(const struct mem *m, const struct frame_key *k)
{
	uint64_t h = table_hash_pair(m, (uint64_t)k->name << 32 | k->file, (uint64_t)k->line << 32 | k->column);

	return table_hash_pair(m, h, (uint64_t)k->module << 8 | k->kind);
}

static int frame_append(struct profile *p, const struct frame_key *k, uint64_t hash, uint32_t *id, struct err *e)
{
	struct profile_frames *f = &p->frames;
	const struct profile_column columns[] = {
		{ (void **)&f->name, 4 },    { (void **)&f->file, 4 },	   { (void **)&f->module, 4 },
		{ (void **)&f->line, 4 },    { (void **)&f->column, 4 },   { (void **)&f->package, 4 },
		{ (void **)&f->deopt, 4 },   { (void **)&f->kind, 1 },	   { (void **)&f->category, 1 },
		{ (void **)&f->tiers, 1 },
	};

	if (profile_grow(&p->run->mem, columns, sizeof(columns) / sizeof(columns[0]), &f->capacity, f->n + 1, e) ||
	    hash_index_add(&f->index, hash, (uint32_t)f->n, e))
		return e->kind;
	*id = (uint32_t)f->n++;
	f->name[*id] = k->name;
	f->file[*id] = k->file;
	f->module[*id] = k->module;
	f->line[*id] = k->line;
	f->column[*id] = k->column;
	f->kind[*id] = k->kind;
	f->package[*id] = f->deopt[*id] = f->category[*id] = f->tiers[*id] = 0;
	return 0;
}

static int frame_find(struct profile *p, const struct frame_key *k, uint32_t *id, struct err *e)
{
	struct hash_index *x = &p->frames.index;
	uint64_t h = frame_hash(x->mem, k);
	size_t at;

	for (uint32_t i = hash_index_first(x, h, &at); i != HASH_NONE; i = hash_index_next(x, h, &at)) {
		if (!frame_is(&p->frames, i, k))
			continue;
		*id = i;
		return 0;
	}
	return frame_append(p, k, h, id, e);
}

int profile_frame_add(struct profile *p, const struct profile_frame *f, uint32_t *id, struct err *e)
{
	struct frame_key k = { .line = f->line, .column = f->column, .kind = (uint8_t)f->kind };

	if (profile_texts_add(&p->texts, f->name, &k.name, e) || profile_texts_add(&p->texts, f->file, &k.file, e) ||
	    profile_texts_add(&p->texts, f->module, &k.module, e) || frame_find(p, &k, id, e))
		return e->kind;
	p->frames.tiers[*id] |= (uint8_t)(1u << f->tier);
	if (f->deopt.n && !p->frames.deopt[*id])
		return profile_texts_add(&p->texts, f->deopt, &p->frames.deopt[*id], e);
	return 0;
}

static int stack_append(struct profile *p, uint32_t parent, uint32_t frame, uint32_t line, uint64_t hash, uint32_t *id,
			struct err *e)
{
	struct profile_stacks *s = &p->stacks;
	const struct profile_column columns[] = { { (void **)&s->parent, 4 },
						  { (void **)&s->frame, 4 },
						  { (void **)&s->line, 4 },
						  { (void **)&s->depth, 4 },
						  { (void **)&s->outermost, 4 } };

	if (profile_grow(&p->run->mem, columns, 5, &s->capacity, s->n + 1, e) ||
	    hash_index_add(&s->index, hash, (uint32_t)s->n, e))
		return e->kind;
	*id = (uint32_t)s->n++;
	s->parent[*id] = parent;
	s->frame[*id] = frame;
	s->line[*id] = line;
	s->depth[*id] = parent == STACK_NONE ? 0 : s->depth[parent] + 1;
	s->outermost[*id] = parent == STACK_NONE ? *id : s->outermost[parent];
	return 0;
}

int profile_stack_add(struct profile *p, uint32_t parent, uint32_t frame, uint32_t line, uint32_t *id, struct err *e)
{
	struct profile_stacks *s = &p->stacks;
	uint64_t h = table_hash_pair(s->index.mem, (uint64_t)parent << 32 | frame, line);
	size_t at;

	if (frame >= p->frames.n || (parent != STACK_NONE && parent >= s->n))
		return err_set(e, ERR_INTERNAL, "a stack of frames that do not exist");
	if (p->frames.kind[frame] == FRAME_ROOT) {
		*id = parent;
		return 0;
	}
	for (uint32_t i = hash_index_first(&s->index, h, &at); i != HASH_NONE; i = hash_index_next(&s->index, h, &at)) {
		if (s->parent[i] != parent || s->frame[i] != frame || s->line[i] != line)
			continue;
		*id = i;
		return 0;
	}
	return stack_append(p, parent, frame, line, h, id, e);
}

static int sum_append(struct profile *p, const struct profile_sum *key, uint64_t hash, uint32_t *i, struct err *e)
{
	struct profile_column columns[PROFILE_MAX_VALUES + 1] = { { (void **)&p->sums, sizeof(*p->sums) } };

	for (size_t v = 0; v < PROFILE_MAX_VALUES; v++)
		columns[v + 1] = (struct profile_column){ (void **)&p->sum_columns[v], sizeof(int64_t) };
	if (profile_grow(&p->run->mem, columns, p->n_values + 1, &p->sums_capacity, p->n_sums + 1, e) ||
	    hash_index_add(&p->sums_index, hash, (uint32_t)p->n_sums, e))
		return e->kind;
	*i = (uint32_t)p->n_sums++;
	p->sums[*i] = *key;
	return 0;
}

int profile_sum_at(struct profile *p, const struct profile_sum *key, uint32_t *i, struct err *e)
{
	uint64_t h = table_hash_pair(p->sums_index.mem, (uint64_t)key->stack << 32 | key->thread, (uint64_t)key->labels << 8 | key->tier);
	size_t at;

	for (*i = hash_index_first(&p->sums_index, h, &at); *i != HASH_NONE;
	     *i = hash_index_next(&p->sums_index, h, &at)) {
		const struct profile_sum *s = &p->sums[*i];

		if (s->stack == key->stack && s->thread == key->thread && s->labels == key->labels &&
		    s->tier == key->tier)
			return 0;
	}
	return sum_append(p, key, h, i, e);
}

/* A value type that comes late gets a column as long as the others, of zeros. */
static int value_append(struct profile *p, const struct profile_value_type *t, struct err *e)
{
	struct profile_value *v = &p->values[p->n_values];
	size_t capacity = p->sums_capacity ? p->sums_capacity : 1;
	const char *type = arena_copy(&p->arena, t->type.s, t->type.n, e);
	const char *unit = type ? arena_copy(&p->arena, t->unit_name.s, t->unit_name.n, e) : NULL;

	if (!unit)
		return e->kind;
	p->sum_columns[p->n_values] = MEM_NEW(&p->run->mem, int64_t, capacity, e);
	if (!p->sum_columns[p->n_values])
		return e->kind;
	*v = (struct profile_value){ { type, t->type.n }, { unit, t->unit_name.n }, t->unit };
	p->n_values++;
	return 0;
}

int profile_value_add(struct profile *p, const struct profile_value_type *t, size_t *i, struct err *e)
{
	for (*i = 0; *i < p->n_values; (*i)++) {
		const struct profile_value *v = &p->values[*i];

		if (str_eq(v->type, t->type) && v->unit == t->unit && str_eq(v->unit_name, t->unit_name))
			return 0;
	}
	if (*i == PROFILE_MAX_VALUES)
		return err_set(e, ERR_UNSUPPORTED, "more than %d kinds of values", PROFILE_MAX_VALUES);
	return value_append(p, t, e);
}
