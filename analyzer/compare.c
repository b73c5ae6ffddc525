#include "analyzer/compare.h"

#include <string.h>

#include "base/bits.h"
#include "base/table_hash.h"

static uint64_t hash_row(const struct compare *t, const struct class_row *r)
{
	uint64_t x = table_hash_pair(t->mem, table_hash(t->mem, r->name), r->origin);

	if (!r->located)
		return x;
	if (t->by_script_name && r->script.n)
		x = table_hash_pair(t->mem, x, table_hash(t->mem, r->script));
	else
		x = table_hash_pair(t->mem, x, r->script_id);
	return table_hash_pair(t->mem, x, (uint64_t)r->line << 32 | r->column);
}

static int same_row(const struct compare *t, const struct class_row *a, const struct class_row *b)
{
	if (a->origin != b->origin || a->located != b->located || !str_eq(a->name, b->name))
		return 0;
	if (!a->located)
		return 1;
	if (a->line != b->line || a->column != b->column)
		return 0;
	return t->by_script_name && (a->script.n || b->script.n) ? str_eq(a->script, b->script)
								 : a->script_id == b->script_id;
}

static size_t slot_of(const struct compare *t, const struct class_row *r)
{
	size_t at = hash_row(t, r) & (t->n_slots - 1);

	while (t->slot[at] && !same_row(t, &t->rows[t->slot[at] - 1], r))
		at = (at + 1) & (t->n_slots - 1);
	return at;
}

/* Number of the row for that class; a new one is appended. `always`: even if an equal one exists. */
static int find_row(struct compare *c, const struct class_row *want, int always, uint32_t *row, struct err *e)
{
	size_t at = slot_of(c, want);
	void *p = c->rows;

	if (c->slot[at] && !always) {
		*row = c->slot[at] - 1;
		return 0;
	}
	if (mem_reserve(c->mem, &p, &c->capacity, c->n + 1, sizeof(*c->rows), e))
		return e->kind;
	c->rows = p;
	c->rows[c->n] = *want;
	c->rows[c->n].order = c->n;
	*row = (uint32_t)c->n++;
	if (!c->slot[at])
		c->slot[at] = *row + 1;
	return 0;
}

static struct class_row row_of_new(const struct heap *h, uint32_t k)
{
	const struct heap_class *c = &h->classes[k];
	struct class_row r = { .name = c->name, .origin = c->origin, .script = STR_LIT(""), .new_class = k };

	r.count_after = c->count;
	r.self_after = c->self_bytes;
	r.retained_after = c->retained_bytes;
	if (c->place) {
		const struct heap_place *p = &h->places[c->place - 1];

		r.located = 1;
		r.script_id = p->script_id;
		r.line = p->line;
		r.column = p->column;
		r.script = heap_string(h, heap_script_name(h, p->script_id));
	}
	return r;
}

static struct class_row row_of_old(const struct digest_class *k)
{
	return (struct class_row){ .name = k->name, .origin = k->origin, .script = k->script, .new_class = NO_INDEX,
				   .script_id = k->script_id, .line = k->line, .column = k->column,
				   .located = k->located };
}

static struct class_row row_of_interface(const struct heap *h, uint32_t k)
{
	struct class_row r = { .script = STR_LIT(""), .new_class = NO_INDEX };

	r.origin = k == NO_INTERFACE ? CLASS_NAMED : CLASS_INTERFACE;
	r.name = k == NO_INTERFACE ? STR_LIT("Object") : h->interfaces.all[k].name;
	return r;
}

/* Old plain objects take the interfaces of the new snapshot. `rows` holds the shapes' interfaces first, then their rows. */
static int map_shapes(struct compare *c, const struct digest *old, const struct heap *h, struct err *e)
{
	uint32_t *rows = c->row_of_shape;
	int rc = interface_set_apply(&h->interfaces, &old->shapes, rows, e);

	for (size_t x = 0; x < old->shapes.n && !rc; x++) {
		struct class_row want = row_of_interface(h, rows[x]);

		rc = find_row(c, &want, 0, &rows[x], e);
	}
	return rc;
}

static int map_rows(struct compare *c, const struct digest *old, const struct heap *h, struct err *e)
{
	uint32_t ignored;

	for (uint32_t k = 0; k < h->n_classes; k++) {
		struct class_row want = row_of_new(h, k);

		if (find_row(c, &want, 1, &ignored, e))
			return e->kind;
	}
	for (uint32_t k = 0; k < old->n_classes; k++) {
		struct class_row want = row_of_old(&old->classes[k]);

		/* inferred interfaces of the old snapshot do not count; its plain objects go by shape */
		if (want.origin == CLASS_INTERFACE && !want.located)
			continue;
		if (find_row(c, &want, 0, &c->row_of_class[k], e))
			return e->kind;
	}
	return map_shapes(c, old, h, e);
}

static uint32_t old_row(const struct compare *c, const struct digest *old, uint32_t i)
{
	uint32_t k = old->class_[i];

	return k & DIGEST_SHAPE ? c->row_of_shape[k & ~DIGEST_SHAPE] : c->row_of_class[k];
}

/* Class rows of the old snapshot under the new names; retained sizes as in aggregate.c. */
static int count_old(struct compare *c, const struct digest *old, struct err *e)
{
	uint32_t *covered_until = mem_alloc(c->mem, c->n + 1, 4, e);

	if (!covered_until)
		return e->kind;
	for (uint32_t i = 0; i < old->n_nodes; i++) {
		uint64_t self = digest_self(old, i);
		uint32_t row = old_row(c, old, i);
		struct class_row *r = &c->rows[row];

		if (!self)
			continue;
		r->count_before++;
		r->self_before += self;
		if (i < covered_until[row])
			continue;
		r->retained_before += digest_retained(old, i);
		covered_until[row] = i + old->size[i];
	}
	mem_free(c->mem, covered_until);
	return 0;
}

static void add_new(struct class_row *r, uint64_t self)
{
	r->added++;
	r->added_bytes += self;
}

static void add_removed(struct class_row *r, uint64_t self)
{
	r->removed++;
	r->removed_bytes += self;
}

static void add_common(struct class_row *r, const struct digest *old, uint32_t i, const struct heap *h, uint32_t v)
{
	uint64_t self = heap_self(h, v), before = digest_self(old, i);

	if (self == before && digest_retained(old, i) == h->retained[v])
		return;
	r->grown++;
	r->grown_bytes += (int64_t)self - (int64_t)before;
}

/* An object belongs to both when its id has a size in the same class of both. */
static void count_by_id(struct compare *c, const struct digest *old, const struct heap *h, const struct match *m)
{
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint64_t self = heap_self(h, v);
		uint32_t i = m->old_of[v], row = h->class_[v], before = NO_INDEX;

		if (i != NO_INDEX && digest_self(old, i))
			before = old_row(c, old, i);
		if (self && before != row)
			add_new(&c->rows[row], self);
		if (before != NO_INDEX && (!self || before != row))
			add_removed(&c->rows[before], digest_self(old, i));
		if (self && before == row)
			add_common(&c->rows[row], old, i, h, v);
	}
	for (uint32_t i = 0; i < old->n_nodes; i++)
		if (!bit_get(m->kept, i) && digest_self(old, i))
			add_removed(&c->rows[old_row(c, old, i)], digest_self(old, i));
}

/* Without comparable ids all that can be said is by how many objects and bytes a class came out larger or smaller. */
static void count_by_size(struct compare *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct class_row *r = &c->rows[i];

		if (r->count_after > r->count_before)
			r->added = r->count_after - r->count_before;
		else
			r->removed = r->count_before - r->count_after;
		if (r->self_after > r->self_before)
			r->added_bytes = r->self_after - r->self_before;
		else
			r->removed_bytes = r->self_before - r->self_after;
	}
}

static void sum_rows(struct compare *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct class_row *r = &c->rows[i];

		c->added += r->added;
		c->removed += r->removed;
		c->grown += r->grown;
		c->added_bytes += r->added_bytes;
		c->removed_bytes += r->removed_bytes;
		c->grown_bytes += r->grown_bytes;
	}
}

static int make(struct compare *c, const struct digest *old, const struct heap *h, const struct match *m, struct err *e)
{
	if (map_rows(c, old, h, e) || count_old(c, old, e))
		return e->kind;
	if (m->mode == MATCH_STRUCTURE && c->by_script_name)
		count_by_size(c);
	else
		count_by_id(c, old, h, m);
	sum_rows(c);
	return 0;
}

int compare_make(struct compare *c, const struct digest *old, const struct heap *h, const struct match *m,
		 int by_script_name, struct err *e)
{
	int rc;

	memset(c, 0, sizeof(*c));
	c->mem = &h->run->mem;
	c->by_script_name = by_script_name;
	c->n_slots = 1024;
	while (c->n_slots < 2 * (h->n_classes + old->n_classes + h->interfaces.n + 2))
		c->n_slots *= 2;
	c->slot = mem_alloc(c->mem, c->n_slots, 4, e);
	c->row_of_class = c->slot ? mem_alloc(c->mem, old->n_classes + 1, 4, e) : NULL;
	c->row_of_shape = c->row_of_class ? mem_alloc(c->mem, old->shapes.n + 1, 4, e) : NULL;
	rc = c->row_of_shape ? make(c, old, h, m, e) : e->kind;
	if (rc)
		compare_release(c);
	return rc;
}

/* Rows of the base under which another digest's classes and shapes count; NO_INDEX for those it does not have. */
static int rows_of(const struct compare *c, const struct digest *d, const struct heap *h, uint32_t *of_class,
		   uint32_t *of_shape, struct err *e)
{
	if (interface_set_apply(&h->interfaces, &d->shapes, of_shape, e))
		return e->kind;
	for (size_t x = 0; x < d->shapes.n; x++) {
		struct class_row want = row_of_interface(h, of_shape[x]);

		of_shape[x] = c->slot[slot_of(c, &want)] - 1;
	}
	for (size_t k = 0; k < d->n_classes; k++) {
		struct class_row want = row_of_old(&d->classes[k]);

		of_class[k] = c->slot[slot_of(c, &want)] - 1;
	}
	return 0;
}

static void count_series(const struct digest *d, const uint32_t *of_class, const uint32_t *of_shape,
			 uint32_t *covered_until, int64_t *counts, int64_t *retained)
{
	for (uint32_t i = 0; i < d->n_nodes; i++) {
		uint32_t k = d->class_[i], row = k & DIGEST_SHAPE ? of_shape[k & ~DIGEST_SHAPE] : of_class[k];

		if (row == NO_INDEX || !digest_self(d, i))
			continue;
		counts[row]++;
		if (i < covered_until[row])
			continue;
		retained[row] += (int64_t)digest_retained(d, i);
		covered_until[row] = i + d->size[i];
	}
}

int compare_series(const struct compare *c, const struct digest *d, const struct heap *h, int64_t *counts,
		   int64_t *retained, struct err *e)
{
	uint32_t *of_class = mem_alloc(c->mem, d->n_classes + 1, 4, e);
	uint32_t *of_shape = of_class ? mem_alloc(c->mem, d->shapes.n + 1, 4, e) : NULL;
	uint32_t *covered_until = of_shape ? mem_alloc(c->mem, c->n + 1, 4, e) : NULL;
	int rc = covered_until ? rows_of(c, d, h, of_class, of_shape, e) : e->kind;

	memset(counts, 0, c->n * sizeof(*counts));
	memset(retained, 0, c->n * sizeof(*retained));
	if (!rc)
		count_series(d, of_class, of_shape, covered_until, counts, retained);
	mem_free(c->mem, of_class);
	mem_free(c->mem, of_shape);
	mem_free(c->mem, covered_until);
	return rc;
}

void compare_release(struct compare *c)
{
	if (!c->mem)
		return;
	mem_free(c->mem, c->rows);
	mem_free(c->mem, c->slot);
	mem_free(c->mem, c->row_of_class);
	mem_free(c->mem, c->row_of_shape);
	memset(c, 0, sizeof(*c));
}
