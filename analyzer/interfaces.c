#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/shapes.h"
#include "base/table_hash.h"
#include "base/strbuf.h"
#include "base/utf8.h"

#define MAX_NAME_UNITS 120 /* DevTools: maxInterfaceNameLength, in UTF-16 units */

/* A list of properties, cut as DevTools cuts the name, with the number of objects whose list begins so. */
struct candidate {
	uint32_t first, n;
	uint64_t count;
	uint32_t order; /* of first appearance */
};

struct inference {
	const struct shape_set *s;
	struct mem *mem;
	uint16_t *units;          /* per property: length of its formatted name, at most UINT16_MAX */
	struct candidate *all;
	size_t n, capacity;
	uint32_t *slot;
	size_t n_slots;
};

/* DevTools quotes names that could be mistaken for the notation. */
static int needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] && strchr(",'\"{}", s.s[i]))
			return 1;
	return 0;
}

/* JSON.stringify of one byte; multi-byte sequences pass. */
static size_t escaped(unsigned char c, char out[8])
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *hit = c ? strchr(from, c) : NULL;

	if (hit) {
		out[0] = '\\';
		out[1] = to[hit - from];
		return 2;
	}
	if (c < 0x20)
		return (size_t)snprintf(out, 8, "\\u%04x", c);
	out[0] = (char)c;
	return 1;
}

static void add_formatted(struct strbuf *sb, struct str s)
{
	char buf[8];

	if (!needs_quotes(s)) {
		strbuf_add(sb, s.s, s.n);
		return;
	}
	strbuf_addch(sb, '"');
	for (size_t i = 0; i < s.n; i++)
		strbuf_add(sb, buf, escaped((unsigned char)s.s[i], buf));
	strbuf_addch(sb, '"');
}

static uint16_t formatted_units(struct str s)
{
	size_t units = utf8_units(s.s, s.n);
	char buf[8];

	if (needs_quotes(s)) {
		units += 2;
		for (size_t i = 0; i < s.n; i++)
			units += escaped((unsigned char)s.s[i], buf) - 1;
	}
	return units < UINT16_MAX ? (uint16_t)units : UINT16_MAX;
}

/* How many properties of the list fit into the name. The first always does. */
static uint32_t cut_list(const struct inference *f, const struct shape *x)
{
	size_t units = 1;
	uint32_t i;

	for (i = 0; i < x->n; i++) {
		size_t more = f->units[f->s->lists[x->first + i]];

		if (units > 1 && units + more > MAX_NAME_UNITS)
			break;
		units += more + (units != 1 ? 2 : 0);
	}
	return i;
}

static int count_shape(struct inference *f, const struct shape *x, struct err *e)
{
	const uint32_t *lists = f->s->lists;
	uint32_t n = cut_list(f, x);
	size_t at = keyed_hash_quick(&f->mem->key, lists + x->first, n * sizeof(*lists)) & (f->n_slots - 1);
	void *p = f->all;

	for (; f->slot[at]; at = (at + 1) & (f->n_slots - 1)) {
		struct candidate *c = &f->all[f->slot[at] - 1];

		if (c->n == n && !memcmp(lists + c->first, lists + x->first, n * sizeof(*lists))) {
			c->count += x->count;
			return 0;
		}
	}
	if (mem_reserve(f->mem, &p, &f->capacity, f->n + 1, sizeof(*f->all), e))
		return e->kind;
	f->all = p;
	f->all[f->n] = (struct candidate){ x->first, n, x->count, (uint32_t)f->n };
	f->slot[at] = (uint32_t)++f->n;
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->order > y->order) - (x->order < y->order);
}

/* At least two objects, and one in a thousand. */
static int frequent(const struct inference *f, const struct candidate *c)
{
	return c->count >= 2 && c->count * 1000 >= f->s->n_objects;
}

static int make_interface(struct interface_set *out, const struct inference *f, const struct candidate *c,
			  struct err *e)
{
	struct interface *it = &out->all[out->n];
	struct strbuf name;

	strbuf_init(&name, f->mem);
	strbuf_addch(&name, '{');
	it->first = (uint32_t)out->props.n;
	it->n = c->n;
	for (uint32_t i = 0; i < c->n; i++) {
		struct str prop = strtab_get(&f->s->props, f->s->lists[c->first + i]);

		if (name.len > 1)
			strbuf_addstr(&name, ", ");
		add_formatted(&name, prop);
		if (strtab_add(&out->props, prop, e)) {
			strbuf_release(&name);
			return e->kind;
		}
	}
	strbuf_addch(&name, '}');
	if (!strbuf_check(&name, e))
		it->name = (struct str){ arena_copy(&out->arena, strbuf_str(&name), name.len, e), name.len };
	strbuf_release(&name);
	if (!it->name.s)
		return e->kind;
	out->n++;
	return 0;
}

static int infer(struct interface_set *out, struct inference *f, struct err *e)
{
	size_t n = 0;

	for (uint32_t p = 0; p < f->s->props.n; p++)
		f->units[p] = formatted_units(strtab_get(&f->s->props, p));
	for (size_t i = 0; i < f->s->n; i++)
		if (f->s->shapes[i].n && count_shape(f, &f->s->shapes[i], e))
			return e->kind;
	if (f->n)
		qsort(f->all, f->n, sizeof(*f->all), by_count);
	while (n < f->n && frequent(f, &f->all[n]))
		n++;
	out->all = mem_alloc(f->mem, n, sizeof(*out->all), e);
	if (!out->all)
		return e->kind;
	for (size_t i = 0; i < n; i++)
		if (make_interface(out, f, &f->all[i], e))
			return e->kind;
	return 0;
}

int interface_set_infer(struct interface_set *out, const struct shape_set *s, struct mem *m, struct err *e)
{
	struct inference f = { .s = s, .mem = m, .n_slots = 16 };
	int rc;

	memset(out, 0, sizeof(*out));
	arena_init(&out->arena, m);
	strtab_init(&out->props, m);
	while (f.n_slots < s->n * 2)
		f.n_slots *= 2;
	f.units = mem_alloc(m, s->props.n, sizeof(*f.units), e);
	f.slot = f.units ? mem_alloc(m, f.n_slots, 4, e) : NULL;
	rc = f.slot ? infer(out, &f, e) : e->kind;
	mem_free(m, f.units);
	mem_free(m, f.slot);
	mem_free(m, f.all);
	return rc;
}

void interface_set_release(struct interface_set *i)
{
	if (!i->arena.mem)
		return;
	mem_free(i->arena.mem, i->all);
	strtab_release(&i->props);
	arena_release(&i->arena);
	memset(i, 0, sizeof(*i));
}

/* One property of an interface, with how often the interface has it, in the numbers of the shapes' set. */
struct need {
	uint32_t prop;
	uint32_t times;
};

struct application {
	const struct interface_set *i;
	const struct shape_set *s;
	struct mem *mem;
	struct need *needs;     /* per interface a run at interface.first, `n_needs` long */
	uint32_t *n_needs;      /* 0: cannot fit, or the same set as an earlier one */
	uint32_t *next;         /* interfaces that share their chosen property */
	uint32_t *head;         /* per property: first such interface + 1 */
	uint32_t *popularity;   /* per property: interfaces that have it */
	uint32_t *times, *stamp; /* per property: how often the current shape has it */
};

static uint32_t prop_number(const struct shape_set *s, struct str text)
{
	size_t mask = s->n_prop_slots - 1;

	for (size_t at = table_hash(s->mem, text) & mask; s->n_prop_slots && s->prop_slot[at]; at = (at + 1) & mask)
		if (str_eq(strtab_get(&s->props, s->prop_slot[at] - 1), text))
			return s->prop_slot[at] - 1;
	return UINT32_MAX;
}

static int by_prop(const void *a, const void *b)
{
	const struct need *x = a, *y = b;

	return (x->prop > y->prop) - (x->prop < y->prop);
}

/* What interface k demands, sorted and merged. An interface with a property that no shape has fits none. */
static void collect_needs(struct application *a, uint32_t k)
{
	const struct interface *it = &a->i->all[k];
	struct need *needs = a->needs + it->first;
	uint32_t n = 0;

	for (uint32_t i = 0; i < it->n; i++) {
		needs[i] = (struct need){ prop_number(a->s, strtab_get(&a->i->props, it->first + i)), 1 };
		if (needs[i].prop == UINT32_MAX)
			return;
	}
	qsort(needs, it->n, sizeof(*needs), by_prop);
	for (uint32_t i = 0; i < it->n; i++) {
		if (n && needs[n - 1].prop == needs[i].prop)
			needs[n - 1].times++;
		else
			needs[n++] = needs[i];
	}
	a->n_needs[k] = n;
	for (uint32_t i = 0; i < n; i++)
		a->popularity[needs[i].prop]++;
}

/* File every interface under the property that the fewest others have: a shape then tries few in vain. */
static void file_under_rarest(struct application *a, uint32_t k)
{
	const struct need *needs = a->needs + a->i->all[k].first;
	uint32_t best = 0;

	if (!a->n_needs[k])
		return;
	for (uint32_t i = 1; i < a->n_needs[k]; i++)
		if (a->popularity[needs[i].prop] < a->popularity[needs[best].prop])
			best = i;
	a->next[k] = a->head[needs[best].prop];
	a->head[needs[best].prop] = k + 1;
}

static int fits(const struct application *a, uint32_t k, uint32_t stamp)
{
	const struct need *needs = a->needs + a->i->all[k].first;

	for (uint32_t i = 0; i < a->n_needs[k]; i++)
		if (a->stamp[needs[i].prop] != stamp || a->times[needs[i].prop] < needs[i].times)
			return 0;
	return 1;
}

static int better(const struct application *a, uint32_t k, uint32_t best)
{
	if (best == NO_INTERFACE || a->i->all[k].n > a->i->all[best].n)
		return 1;
	return k < best && a->i->all[k].n == a->i->all[best].n;
}

static uint32_t best_for(struct application *a, const struct shape *x, uint32_t stamp)
{
	const uint32_t *props;
	uint32_t best = NO_INTERFACE;

	if (!x->n)
		return best;
	props = a->s->lists + x->first;
	for (uint32_t i = 0; i < x->n; i++) {
		if (a->stamp[props[i]] != stamp)
			a->times[props[i]] = 0;
		a->stamp[props[i]] = stamp;
		a->times[props[i]]++;
	}
	for (uint32_t i = 0; i < x->n; i++)
		for (uint32_t k = a->head[props[i]]; k; k = a->next[k - 1])
			if (better(a, k - 1, best) && fits(a, k - 1, stamp))
				best = k - 1;
	return best;
}

static void apply(struct application *a, uint32_t *best)
{
	for (uint32_t k = 0; k < a->i->n; k++)
		collect_needs(a, k);
	for (uint32_t k = 0; k < a->i->n; k++)
		file_under_rarest(a, k);
	for (size_t x = 0; x < a->s->n; x++)
		best[x] = best_for(a, &a->s->shapes[x], (uint32_t)x + 1);
}

int interface_set_apply(const struct interface_set *i, const struct shape_set *s, uint32_t *best, struct err *e)
{
	struct application a = { .i = i, .s = s, .mem = s->mem };
	struct mem *m = s->mem;

	a.needs = mem_alloc(m, i->props.n + 1, sizeof(*a.needs), e);
	a.n_needs = a.needs ? mem_alloc(m, i->n + 1, 4, e) : NULL;
	a.next = a.n_needs ? mem_alloc(m, i->n + 1, 4, e) : NULL;
	a.head = a.next ? mem_alloc(m, s->props.n + 1, 4, e) : NULL;
	a.popularity = a.head ? mem_alloc(m, s->props.n + 1, 4, e) : NULL;
	a.times = a.popularity ? mem_alloc(m, s->props.n + 1, 4, e) : NULL;
	a.stamp = a.times ? mem_alloc(m, s->props.n + 1, 4, e) : NULL;
	if (a.stamp)
		apply(&a, best);
	mem_free(m, a.needs);
	mem_free(m, a.n_needs);
	mem_free(m, a.next);
	mem_free(m, a.head);
	mem_free(m, a.popularity);
	mem_free(m, a.times);
	mem_free(m, a.stamp);
	return a.stamp ? 0 : e->kind;
}
