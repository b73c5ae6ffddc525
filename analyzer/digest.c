#include "analyzer/digest.h"

#include <string.h>

#include "base/hash.h"
#include "base/pool.h"

#define AHEAD 16 /* nodes in tree order lie apart in memory */

static uint16_t name_hash(struct str name)
{
	return (uint16_t)(hash_bytes(name.s, name.n) & 0x7FF);
}

uint16_t digest_kind(const struct heap *h, uint32_t node)
{
	unsigned type = h->type[node] < 31 ? h->type[node] : 31;

	return (uint16_t)(type << 11 | name_hash(heap_name(h, node)));
}

uint16_t *digest_name_hashes(const struct heap *h, struct err *e)
{
	uint16_t *hashes = mem_alloc(&h->run->mem, h->strings.n + 1, sizeof(*hashes), e);

	for (size_t i = 0; hashes && i < h->strings.n; i++)
		hashes[i] = name_hash(strtab_get(&h->strings, i));
	return hashes;
}

static int put64(struct run *run, struct col64 *c, size_t n, uint32_t i, uint64_t v, struct err *e)
{
	c->lo[i] = (uint32_t)v;
	if (!(v >> 32))
		return 0;
	if (!c->hi)
		c->hi = mem_alloc(&run->mem, n, 4, e);
	if (!c->hi)
		return e->kind;
	c->hi[i] = (uint32_t)(v >> 32);
	return 0;
}

static int alloc_columns(struct digest *d, struct err *e)
{
	struct mem *m = &d->run->mem;
	size_t n = d->n_nodes;

	d->id.lo = mem_alloc(m, n, 4, e);
	d->self.lo = d->id.lo ? mem_alloc(m, n, 4, e) : NULL;
	d->size = d->self.lo ? mem_alloc(m, n, 4, e) : NULL;
	d->kind = d->size ? mem_alloc(m, n, 2, e) : NULL;
	d->class_ = d->kind ? mem_alloc(m, n, 4, e) : NULL;
	return d->class_ ? 0 : e->kind;
}

/* A plain object's class is decided when the newest snapshot's interfaces are known: until then its shape stands for it. */
static uint32_t class_or_shape(const struct heap *h, uint32_t v)
{
	if (h->shape_of_node && h->shape_of_node[v] != NO_NODE && !h->classes[h->class_[v]].place)
		return DIGEST_SHAPE | h->shape_of_node[v];
	return h->class_[v];
}

static void fetch_ahead(const struct heap *h, uint32_t node)
{
	__builtin_prefetch(&h->id.lo[node]);
	__builtin_prefetch(&h->self.lo[node]);
	__builtin_prefetch(&h->type[node]);
	__builtin_prefetch(&h->name[node]);
	__builtin_prefetch(&h->class_[node]);
}

static int fill_columns(struct digest *d, const struct heap *h, const uint16_t *names, struct err *e)
{
	for (uint32_t i = 0; i < d->n_nodes; i++) {
		uint32_t v = h->tree_order[i];

		if (i + AHEAD < d->n_nodes)
			fetch_ahead(h, h->tree_order[i + AHEAD]);
		if (put64(d->run, &d->id, d->n_nodes, i, heap_id(h, v), e) ||
		    put64(d->run, &d->self, d->n_nodes, i, heap_self(h, v), e))
			return e->kind;
		d->size[i] = h->tree_size[i];
		d->class_[i] = class_or_shape(h, v);
		d->kind[i] = digest_kind_by(h, names, v);
		if (heap_id(h, v) & 1 && heap_id(h, v) > d->last_id)
			d->last_id = heap_id(h, v);
	}
	return 0;
}

static int copy_text(struct digest *d, struct str s, struct str *out, struct err *e)
{
	*out = (struct str){ arena_copy(&d->arena, s.s, s.n, e), s.n };
	return out->s ? 0 : e->kind;
}

static int copy_classes(struct digest *d, const struct heap *h, struct err *e)
{
	d->n_classes = h->n_classes;
	d->classes = mem_alloc(&d->run->mem, h->n_classes + 1, sizeof(*d->classes), e);
	if (!d->classes)
		return e->kind;
	for (size_t i = 0; i < h->n_classes; i++) {
		const struct heap_class *c = &h->classes[i];
		struct digest_class *k = &d->classes[i];

		*k = (struct digest_class){ .origin = c->origin, .count = c->count, .self_bytes = c->self_bytes,
					    .retained_bytes = c->retained_bytes, .script = STR_LIT("") };
		if (copy_text(d, c->name, &k->name, e))
			return e->kind;
		if (!c->place)
			continue;
		k->located = 1;
		k->script_id = h->places[c->place - 1].script_id;
		k->line = h->places[c->place - 1].line;
		k->column = h->places[c->place - 1].column;
		if (copy_text(d, heap_string(h, heap_script_name(h, k->script_id)), &k->script, e))
			return e->kind;
	}
	return 0;
}

struct parts {
	struct digest *d;
	struct heap *h;
	struct groups_work groups;
};

static int make_columns(const struct parts *p, struct err *e)
{
	uint16_t *names = digest_name_hashes(p->h, e);
	int rc = names ? fill_columns(p->d, p->h, names, e) : e->kind;

	mem_free(&p->h->run->mem, names);
	return rc;
}

static int make_part(void *ctx, unsigned task, struct err *e)
{
	struct parts *p = ctx;

	return task ? groups_slice(&p->groups, task - 1, e) : make_columns(p, e);
}

static int make_parts(struct digest *d, struct heap *h, struct err *e)
{
	struct parts p = { .d = d, .h = h };

	if (groups_begin(&p.groups, h, 0, groups_slices_for(h), e))
		return e->kind;
	return groups_end(&p.groups, &d->groups, pool_run(h->run, 1 + p.groups.n_slices, make_part, &p, e), e);
}

int digest_make(struct digest *d, struct heap *h, struct err *e)
{
	uint64_t t = run_clock();
	int rc;

	memset(d, 0, sizeof(*d));
	d->run = h->run;
	arena_init(&d->arena, &h->run->mem);
	d->file = h->file;
	d->file_bytes = h->file_bytes;
	d->n_nodes = h->n_nodes;
	d->n_edges = h->n_edges;
	d->n_unreachable = h->n_unreachable;
	d->truncated = h->truncated;
	d->stats = h->stats;
	origin_runtime(h, d->runtime);
	rc = alloc_columns(d, e);
	if (!rc)
		rc = make_parts(d, h, e);
	if (!rc)
		rc = copy_classes(d, h, e);
	if (rc) {
		digest_release(d);
		return rc;
	}
	d->shapes = h->shapes;
	memset(&h->shapes, 0, sizeof(h->shapes));
	run_stage(h->run, "digest", t);
	return 0;
}

void digest_release(struct digest *d)
{
	struct mem *m;
	void *blocks[] = { d->id.lo, d->id.hi, d->self.lo, d->self.hi, d->kind,
			   d->class_, d->size, d->sums, d->classes };

	if (!d->run)
		return;
	m = &d->run->mem;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		mem_free(m, blocks[i]);
	shape_set_release(&d->shapes);
	groups_release(&d->groups);
	arena_release(&d->arena);
	memset(d, 0, sizeof(*d));
}

void digest_forget_objects(struct digest *d)
{
	struct mem *m = &d->run->mem;

	mem_free(m, d->id.lo);
	mem_free(m, d->id.hi);
	mem_free(m, d->class_);
	d->id = (struct col64){ NULL, NULL };
	d->class_ = NULL;
}

int digest_sum(struct digest *d, struct err *e)
{
	if (d->sums)
		return 0;
	d->sums = mem_alloc_dirty(&d->run->mem, (size_t)d->n_nodes + 1, sizeof(*d->sums), e);
	if (!d->sums)
		return e->kind;
	d->sums[0] = 0;
	for (uint32_t i = 0; i < d->n_nodes; i++)
		d->sums[i + 1] = d->sums[i] + col64_get(&d->self, i);
	mem_free(&d->run->mem, d->self.lo);
	mem_free(&d->run->mem, d->self.hi);
	d->self = (struct col64){ NULL, NULL };
	return 0;
}
