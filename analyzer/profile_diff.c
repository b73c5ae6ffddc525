#include "analyzer/profile_diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/profile_classify.h"
#include "analyzer/profile_intern.h"
#include "base/table_hash.h"

#define LEAST_SHARE 100    /* a change below a hundredth of the busy time does not count */
#define MOVED_PERCENT 50   /* of a function's total that other callers ask for now */

static struct str base_name(struct str path)
{
	for (size_t i = path.n; i-- > 0;)
		if (path.s[i] == '/' || path.s[i] == '\\')
			return (struct str){ path.s + i + 1, path.n - i - 1 };
	return path;
}

/* What survives a deployment of a file's path. */
static struct str lasting_part(const struct profile *p, uint32_t frame)
{
	struct str file = profile_text(p, p->frames.file[frame]);
	struct str package = profile_package_of(file);

	if (p->frames.category[frame] == CATEGORY_NODE)
		return file;
	if (package.n)
		return (struct str){ package.s, (size_t)(file.s + file.n - package.s) };
	return base_name(file.n ? file : profile_text(p, p->frames.module[frame]));
}

static int identify(struct profile_diff *d, int side, struct err *e)
{
	const struct profile *p = d->p[side];
	struct strbuf text;
	int rc = 0;

	d->identity[side] = MEM_NEW(d->mem, uint32_t, p->frames.n + 1, e);
	if (!d->identity[side])
		return e->kind;
	strbuf_init(&text, d->mem);
	for (uint32_t i = 0; i < p->frames.n && !rc; i++) {
		struct str name = profile_text(p, p->frames.name[i]), part = lasting_part(p, i);

		strbuf_reset(&text);
		strbuf_add(&text, name.s, name.n);
		strbuf_addch(&text, '\n');
		strbuf_add(&text, part.s, part.n);
		if (!name.n)
			strbuf_addf(&text, "\n%u", p->frames.line[i]);
		rc = strbuf_check(&text, e);
		if (!rc)
			rc = profile_texts_add(&d->identities, (struct str){ strbuf_str(&text), text.len },
					       &d->identity[side][i], e);
	}
	strbuf_release(&text);
	return rc;
}

static int64_t scaled(const struct profile_diff *d, int64_t v)
{
	return d->is_scaled ? (int64_t)llround((double)v * d->scale) : v;
}

/* Variance of a value that `n` samples measured: each sample stands for value / n. */
static double variance(int64_t value, int64_t samples)
{
	return samples > 0 ? (double)value * (double)value / (double)samples : 0;
}

static enum diff_status judge(const struct profile_diff *d, const struct profile_change *c)
{
	int64_t delta = c->after - c->before, size = delta < 0 ? -delta : delta;
	int64_t whole = d->v[1].sum > scaled(d, d->v[0].sum) ? d->v[1].sum : scaled(d, d->v[0].sum);

	if (size <= c->error || size <= whole / LEAST_SHARE || !size)
		return DIFF_SAME;
	if (c->before_key == VIEW_NONE || !c->before_total)
		return DIFF_NEW;
	if (c->after_key == VIEW_NONE || !c->after_total)
		return DIFF_GONE;
	return delta > 0 ? DIFF_SLOWER : DIFF_FASTER;
}

static void measure(const struct profile_diff *d, struct profile_change *c)
{
	const struct view_key *a = c->before_key == VIEW_NONE ? NULL : &d->v[0].keys[c->before_key];
	const struct view_key *b = c->after_key == VIEW_NONE ? NULL : &d->v[1].keys[c->after_key];
	double var = 0;

	if (a) {
		c->before = scaled(d, a->self);
		c->before_total = scaled(d, a->total);
		var += variance(c->before, a->samples);
	}
	if (b) {
		c->after = b->self;
		c->after_total = b->total;
		var += variance(c->after, b->samples);
	}
	c->error = (int64_t)(2 * sqrt(var));
	c->status = judge(d, c);
}

/* Keys of both sides by identity. */
static int pair_keys(struct profile_diff *d, struct err *e)
{
	size_t n = d->identities.tab.n;
	uint32_t *row_of = MEM_NEW(d->mem, uint32_t, n, e);

	d->rows = row_of ? MEM_NEW(d->mem, struct profile_change, d->v[0].n_keys + d->v[1].n_keys + 1, e) : NULL;
	for (int side = 0; side < 2 && d->rows; side++)
		for (uint32_t k = 0; k < d->v[side].n_keys; k++) {
			uint32_t *at = &row_of[d->identity[side][d->v[side].keys[k].frame]];

			if (!*at) {
				d->rows[d->n++] = (struct profile_change){ .before_key = VIEW_NONE, .after_key = VIEW_NONE };
				*at = (uint32_t)d->n;
			}
			*(side ? &d->rows[*at - 1].after_key : &d->rows[*at - 1].before_key) = k;
		}
	mem_free(d->mem, row_of);
	for (size_t i = 0; i < d->n; i++)
		measure(d, &d->rows[i]);
	return d->rows ? 0 : e->kind;
}

/* What a function costs its direct callers: pairs of identities. */
struct calls {
	struct hash_index index;
	struct call {
		uint32_t callee, caller;
		int64_t total[2];
	} *rows;
	size_t n, capacity;
};

static int add_call(struct calls *c, struct mem *m, uint32_t callee, uint32_t caller, int side, int64_t total,
		    struct err *e)
{
	uint64_t h = table_hash_pair(c->index.mem, callee, caller);
	size_t at;
	uint32_t i = hash_index_first(&c->index, h, &at);

	while (i != HASH_NONE && (c->rows[i].callee != callee || c->rows[i].caller != caller))
		i = hash_index_next(&c->index, h, &at);
	if (i == HASH_NONE) {
		i = (uint32_t)c->n;
		if (mem_reserve(m, (void **)&c->rows, &c->capacity, c->n + 1, sizeof(*c->rows), e) ||
		    hash_index_add(&c->index, h, i, e))
			return e->kind;
		c->rows[c->n++] = (struct call){ callee, caller, { 0, 0 } };
	}
	c->rows[i].total[side] += total;
	return 0;
}

static int collect_calls(struct profile_diff *d, struct calls *c, struct err *e)
{
	for (int side = 0; side < 2; side++) {
		const struct profile_view *v = &d->v[side];

		for (size_t i = 1; i < v->n_nodes; i++) {
			const struct view_node *n = &v->nodes[i], *up = &v->nodes[n->parent];
			uint32_t callee = d->identity[side][v->keys[n->key].frame];
			uint32_t caller = up->key == VIEW_NONE ? 0 : d->identity[side][v->keys[up->key].frame];

			if (n->total && callee != caller &&
			    add_call(c, d->mem, callee, caller, side, side ? n->total : scaled(d, n->total), e))
				return e->kind;
		}
	}
	return 0;
}

/* How much of each function's total is asked for by others than before: half of the sum of all differences. */
static void mark_moved(struct profile_diff *d, const struct calls *c, int64_t *shifted)
{
	int64_t least = d->v[1].sum / LEAST_SHARE * 2;

	for (size_t i = 0; i < c->n; i++) {
		int64_t delta = c->rows[i].total[1] - c->rows[i].total[0];

		shifted[c->rows[i].callee] += delta < 0 ? -delta : delta;
	}
	for (size_t i = 0; i < d->n; i++) {
		struct profile_change *r = &d->rows[i];
		int64_t smaller = r->before_total < r->after_total ? r->before_total : r->after_total;
		uint32_t id;

		if (r->status != DIFF_SAME || r->before_key == VIEW_NONE || r->after_key == VIEW_NONE || smaller < least)
			continue;
		id = d->identity[1][d->v[1].keys[r->after_key].frame];
		if (shifted[id] / 2 > smaller / 100 * MOVED_PERCENT && r->after_total < r->before_total / 4 * 5 &&
		    r->before_total < r->after_total / 4 * 5)
			r->status = DIFF_MOVED;
	}
}

static int find_moved(struct profile_diff *d, struct err *e)
{
	int64_t *shifted = MEM_NEW(d->mem, int64_t, d->identities.tab.n, e);
	struct calls c = { .rows = NULL };
	int rc = shifted ? 0 : e->kind;

	hash_index_init(&c.index, d->mem);
	if (!rc)
		rc = collect_calls(d, &c, e);
	if (!rc)
		mark_moved(d, &c, shifted);
	hash_index_release(&c.index);
	mem_free(d->mem, c.rows);
	mem_free(d->mem, shifted);
	return rc;
}

static int by_change(const void *a, const void *b)
{
	const struct profile_change *x = a, *y = b;
	int64_t dx = llabs(x->after - x->before), dy = llabs(y->after - y->before);

	if ((x->status == DIFF_SAME) != (y->status == DIFF_SAME))
		return x->status == DIFF_SAME ? 1 : -1;
	if (dx != dy)
		return dx < dy ? 1 : -1;
	if (x->after_key != y->after_key)
		return x->after_key < y->after_key ? -1 : 1;
	return (x->before_key > y->before_key) - (x->before_key < y->before_key);
}

/* Where values below zero cancel out, what is left says nothing about the rest, which must not grow beyond 64 bits by it. */
static void set_scale(struct profile_diff *d, int is_absolute)
{
	const struct profile_view *before = &d->v[0];
	double scale = before->sum > 0 ? (double)d->v[1].sum / (double)before->sum : 0, size = 0;

	for (size_t i = 0; i < before->n_nodes; i++)
		size += fabs((double)before->nodes[i].self);
	d->is_scaled = !is_absolute && scale > 0 && size * scale < (double)(INT64_MAX / 4);
	d->scale = d->is_scaled ? scale : 1;
}

static int make(struct profile_diff *d, const struct profile_diff_options *o, struct err *e)
{
	for (int side = 0; side < 2; side++)
		if (identify(d, side, e))
			return e->kind;
	for (; d->n_views < 2; d->n_views++) {
		struct view_options vo = { VIEW_FUNCTIONS, o->focus, o->ignore, o->hide, o->thread,
					   d->identity[d->n_views] };

		if (profile_view_make(&d->v[d->n_views], d->p[d->n_views], &vo, e))
			return e->kind;
	}
	set_scale(d, o->absolute);
	if (pair_keys(d, e) || find_moved(d, e))
		return e->kind;
	if (d->n)
		qsort(d->rows, d->n, sizeof(*d->rows), by_change);
	while (d->n_changes < d->n && d->rows[d->n_changes].status != DIFF_SAME)
		d->n_changes++;
	return 0;
}

int profile_diff_make(struct profile_diff *d, const struct profile *before, const struct profile *after,
		      const struct profile_diff_options *o, struct err *e)
{
	memset(d, 0, sizeof(*d));
	d->mem = &after->run->mem;
	d->p[0] = before;
	d->p[1] = after;
	profile_texts_init(&d->identities, d->mem);
	if (!before->n_values || !after->n_values)
		err_set(e, ERR_TRUNCATED, "one of the profiles holds no samples");
	else if (before->values[before->shown].unit != after->values[after->shown].unit)
		err_set(e, ERR_USAGE, "the profiles hold values of different units; choose with --sample-type");
	else
		make(d, o, e);
	if (e->kind)
		profile_diff_release(d);
	return e->kind;
}

void profile_diff_release(struct profile_diff *d)
{
	for (int side = 0; side < d->n_views; side++)
		profile_view_release(&d->v[side]);
	profile_texts_release(&d->identities);
	mem_free(d->mem, d->identity[0]);
	mem_free(d->mem, d->identity[1]);
	mem_free(d->mem, d->rows);
}
