#include "analyzer/shapes.h"

#include <stdlib.h>
#include <string.h>

#include "base/table_hash.h"

void shape_set_init(struct shape_set *s, struct mem *m)
{
	*s = (struct shape_set){ .mem = m };
	strtab_init(&s->props, m);
}

void shape_set_release(struct shape_set *s)
{
	if (!s->mem)
		return;
	strtab_release(&s->props);
	mem_free(s->mem, s->prop_slot);
	mem_free(s->mem, s->lists);
	mem_free(s->mem, s->shapes);
	mem_free(s->mem, s->slot);
	shape_set_init(s, s->mem);
}

static size_t prop_slot(const struct shape_set *s, struct str text)
{
	size_t mask = s->n_prop_slots - 1, at = table_hash(s->mem, text) & mask;

	while (s->prop_slot[at] && !str_eq(strtab_get(&s->props, s->prop_slot[at] - 1), text))
		at = (at + 1) & mask;
	return at;
}

static int grow_props(struct shape_set *s, struct err *e)
{
	uint32_t *old = s->prop_slot;
	size_t size = s->n_prop_slots ? s->n_prop_slots * 2 : 256;
	uint32_t *slot = mem_alloc(s->mem, size, 4, e);

	if (!slot)
		return e->kind;
	s->prop_slot = slot;
	s->n_prop_slots = size;
	for (uint32_t p = 0; p < s->props.n; p++)
		s->prop_slot[prop_slot(s, strtab_get(&s->props, p))] = p + 1;
	mem_free(s->mem, old);
	return 0;
}

int shape_set_prop(struct shape_set *s, struct str text, uint32_t *prop, struct err *e)
{
	size_t at;

	if (s->props.n * 2 >= s->n_prop_slots && grow_props(s, e))
		return e->kind;
	at = prop_slot(s, text);
	if (!s->prop_slot[at]) {
		if (strtab_add(&s->props, text, e))
			return e->kind;
		s->prop_slot[at] = (uint32_t)s->props.n;
	}
	*prop = s->prop_slot[at] - 1;
	return 0;
}

static uint64_t hash_list(const struct shape_set *s, const uint32_t *props, size_t n)
{
	return keyed_hash_quick(&s->mem->key, props, n * sizeof(*props));
}

static int same_list(const struct shape_set *s, const struct shape *x, const uint32_t *props, size_t n)
{
	return x->n == n && (!n || !memcmp(s->lists + x->first, props, n * sizeof(*props)));
}

static size_t shape_slot(const struct shape_set *s, uint64_t hash, const uint32_t *props, size_t n)
{
	size_t mask = s->n_slots - 1, at = hash & mask;

	while (s->slot[at]) {
		const struct shape *x = &s->shapes[s->slot[at] - 1];

		if (x->hash == hash && same_list(s, x, props, n))
			break;
		at = (at + 1) & mask;
	}
	return at;
}

static int grow_slots(struct shape_set *s, struct err *e)
{
	size_t size = s->n_slots ? s->n_slots * 2 : 256;
	uint32_t *slot = mem_alloc(s->mem, size, 4, e);

	if (!slot)
		return e->kind;
	mem_free(s->mem, s->slot);
	s->slot = slot;
	s->n_slots = size;
	for (size_t i = 0; i < s->n; i++) {
		size_t at = s->shapes[i].hash & (size - 1);

		while (slot[at])
			at = (at + 1) & (size - 1);
		slot[at] = (uint32_t)i + 1;
	}
	return 0;
}

static int append_shape(struct shape_set *s, uint64_t hash, const uint32_t *props, size_t n, struct err *e)
{
	void *lists = s->lists, *shapes = s->shapes;

	if (s->n_lists + n >= UINT32_MAX)
		return err_set(e, ERR_UNSUPPORTED, "more than 4294967294 properties in distinct object shapes");
	if (mem_reserve(s->mem, &lists, &s->lists_capacity, s->n_lists + n, 4, e))
		return e->kind;
	s->lists = lists;
	if (mem_reserve(s->mem, &shapes, &s->capacity, s->n + 1, sizeof(*s->shapes), e))
		return e->kind;
	s->shapes = shapes;
	if (n)
		memcpy(s->lists + s->n_lists, props, n * sizeof(*props));
	s->shapes[s->n++] = (struct shape){ (uint32_t)s->n_lists, (uint32_t)n, 0, hash };
	s->n_lists += n;
	return 0;
}

int shape_set_add(struct shape_set *s, const uint32_t *props, size_t n, uint32_t *shape, struct err *e)
{
	uint64_t hash = hash_list(s, props, n);
	size_t at;

	if (s->n * 2 >= s->n_slots && grow_slots(s, e))
		return e->kind;
	at = shape_slot(s, hash, props, n);
	if (!s->slot[at]) {
		if (append_shape(s, hash, props, n, e))
			return e->kind;
		s->slot[at] = (uint32_t)s->n;
	}
	*shape = s->slot[at] - 1;
	s->shapes[*shape].count++;
	s->n_objects++;
	return 0;
}
