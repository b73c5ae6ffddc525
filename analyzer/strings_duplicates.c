/*
 * Equal strings. Two are called equal when what the snapshot has of their values is the same and so are their sizes: V8
 * writes the first 1024 characters. Values are compared once per distinct text of the file, through a table of those;
 * strings are then sorted by the number of their text.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/strings_parts.h"
#include "analyzer/views.h"
#include "base/hash.h"
#include "base/table_hash.h"
#include "base/utf8.h"

#define CUT_LENGTH 1024 /* UTF-16 units; longer ones are cut by V8 */

struct copy {
	uint64_t self;
	uint32_t node, text;
};

/* Copies of one value: a run of `copies`. */
struct group {
	size_t first, n;
	uint64_t wasted;
};

/* What the excess copies of all groups, or all copies of one, hang on. */
struct held {
	struct string_owner owner;
	uint64_t count, bytes;
};

struct string_copies {
	const struct heap *h;
	struct mem *mem;
	uint32_t *text;  /* string number -> the first with that text */
	uint32_t *count; /* by text: its strings; then where they begin in `copies` */
	struct copy *copies;
	size_t n_copies;
	struct group *groups; /* most wasted first */
	size_t n_groups, groups_capacity;
	struct held *holders; /* of the needless copies, most bytes first */
	size_t n_holders;
	uint64_t n_needless, needless_bytes;
};

/* Where the tables are written. */
struct writing {
	const struct string_copies *d;
	struct report *r;
	int show_values, for_pages;
};

/* Strings without a size are V8's own and shared; a cut file has nodes whose name is missing. */
static int counts(const struct heap *h, uint32_t v)
{
	return h->type[v] == NODE_STRING && h->name[v] < h->strings.n && heap_self(h, v);
}

/* Give equal texts one number, those of property names too. */
static int number_texts(struct string_copies *d, struct err *e)
{
	const struct heap *h = d->h;
	size_t n_slots = 64;
	uint32_t *slot;

	while (n_slots < h->strings.n * 2)
		n_slots *= 2;
	slot = mem_alloc(d->mem, n_slots, sizeof(*slot), e);
	if (!slot)
		return e->kind;
	for (uint32_t i = 0; i < h->strings.n; i++) {
		struct str s = heap_string(h, i);
		size_t at = (size_t)table_hash(d->mem, s) & (n_slots - 1);

		while (slot[at] && !str_eq(heap_string(h, slot[at] - 1), s))
			at = (at + 1) & (n_slots - 1);
		if (!slot[at])
			slot[at] = i + 1;
		d->text[i] = slot[at] - 1;
	}
	mem_free(d->mem, slot);
	return 0;
}

/* Counting sort of the strings whose text occurs twice. */
static int sort_copies(struct string_copies *d, struct err *e)
{
	const struct heap *h = d->h;
	size_t sum = 0;

	for (uint32_t v = 0; v < h->n_nodes; v++)
		if (counts(h, v))
			d->count[d->text[h->name[v]]]++;
	for (size_t i = 0; i < h->strings.n; i++) {
		uint32_t n = d->count[i];

		d->count[i] = n > 1 ? (uint32_t)sum : UINT32_MAX;
		sum += n > 1 ? n : 0;
	}
	d->n_copies = sum;
	d->copies = mem_alloc(d->mem, sum + 1, sizeof(*d->copies), e);
	if (!d->copies)
		return e->kind;
	for (uint32_t v = 0; v < h->n_nodes; v++) {
		uint32_t text = counts(h, v) ? d->text[h->name[v]] : NO_STRING;

		if (text != NO_STRING && d->count[text] != UINT32_MAX)
			d->copies[d->count[text]++] = (struct copy){ heap_self(h, v), v, text };
	}
	return 0;
}

static int by_size(const void *a, const void *b)
{
	const struct copy *x = a, *y = b;

	if (x->self != y->self)
		return x->self < y->self ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

static int add_group(struct string_copies *d, size_t first, size_t n, struct err *e)
{
	void *all = d->groups;

	if (n < 2)
		return 0;
	if (mem_reserve(d->mem, &all, &d->groups_capacity, d->n_groups + 1, sizeof(*d->groups), e))
		return e->kind;
	d->groups = all;
	d->groups[d->n_groups++] = (struct group){ first, n, (n - 1) * d->copies[first].self };
	d->n_needless += n - 1;
	d->needless_bytes += (n - 1) * d->copies[first].self;
	return 0;
}

/* Within one text the sizes tell one-byte from two-byte strings, and long ones that only begin alike. */
static int find_groups(struct string_copies *d, struct err *e)
{
	size_t end, from, i;

	for (from = 0; from < d->n_copies; from = end) {
		for (end = from; end < d->n_copies && d->copies[end].text == d->copies[from].text;)
			end++;
		qsort(d->copies + from, end - from, sizeof(*d->copies), by_size);
		for (i = from; i < end; i++) {
			size_t first = i;

			while (i + 1 < end && d->copies[i + 1].self == d->copies[first].self)
				i++;
			if (add_group(d, first, i - first + 1, e))
				return e->kind;
		}
	}
	return 0;
}

static int by_wasted(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->wasted != y->wasted)
		return x->wasted < y->wasted ? 1 : -1;
	return (x->first > y->first) - (x->first < y->first);
}

static int by_owner(const void *a, const void *b)
{
	const struct held *x = a, *y = b;
	int c = string_owner_cmp(&x->owner, &y->owner);

	return c ? c : (x->owner.node > y->owner.node) - (x->owner.node < y->owner.node);
}

static int by_bytes(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return by_owner(a, b);
}

/* Put together what has one owner; largest first. Returns how many are left. */
static size_t merge_held(struct held *all, size_t n)
{
	size_t kept = 0;

	if (!n)
		return 0;
	qsort(all, n, sizeof(*all), by_owner);
	for (size_t i = 0; i < n; i++) {
		if (kept && !string_owner_cmp(&all[kept - 1].owner, &all[i].owner)) {
			all[kept - 1].count += all[i].count;
			all[kept - 1].bytes += all[i].bytes;
		} else {
			all[kept++] = all[i];
		}
	}
	qsort(all, kept, sizeof(*all), by_bytes);
	return kept;
}

static void hold(const struct string_copies *d, struct held *to, const struct copy *c)
{
	*to = (struct held){ string_owner_of(d->h, c->node), 1, c->self };
	if (to->owner.property < d->h->strings.n)
		to->owner.property = d->text[to->owner.property];
}

static const struct column group_columns[] = {
	{ "tag", "String", CELL_TEXT, 0, 0 },
	{ "length", "Length", CELL_COUNT, 0, 0 },
	{ "cut", "Cut", CELL_BOOL, COLUMN_DETAIL, 0 },
	{ "copies_count", "Copies", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "each_bytes", "Each", CELL_BYTES, 0, 0 },
	{ "wasted_bytes", "Wasted", CELL_BYTES, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "property", "Mostly as", CELL_TEXT, 0, 0 },
	{ "owner", "Of class", CELL_TEXT, 0, 0 },
	{ "sample", "One of them", CELL_NODE, COLUMN_DETAIL, 0 },
	{ "value", "Value", CELL_TEXT, 0, 0 },
};

/* The tag tells values apart from each other and from run to run; 24 bits are too few to find a value by. */
static int tag_cell(struct report *r, struct str value, struct str *out, struct err *e)
{
	char tag[16];

	snprintf(tag, sizeof(tag), "#%06x", (unsigned)(hash_bytes(value.s, value.n) & 0xFFFFFF));
	return ref_text(&r->arena, str_of(tag), out, e);
}

static int group_row(const struct writing *w, int table, const struct group *g, struct err *e)
{
	const struct string_copies *d = w->d;
	const struct copy *c = &d->copies[g->first];
	struct str value = heap_string(d->h, c->text);
	uint64_t length = utf8_units(value.s, value.n);
	struct held *held = mem_alloc(d->mem, g->n, sizeof(*held), e);
	union cell cells[10] = { [1] = cell_size(length), [2] = cell_int(length >= CUT_LENGTH), [3] = cell_size(g->n),
				 [4] = cell_size(c->self), [5] = cell_size(g->wasted), [9] = cell_text((struct str){ NULL, 0 }) };
	int rc;

	if (!held)
		return e->kind;
	for (size_t i = 0; i < g->n; i++)
		hold(d, &held[i], &c[i]);
	merge_held(held, g->n);
	rc = string_owner_cells(w->r, d->h, &held[0].owner, &cells[6], e);
	mem_free(d->mem, held);
	if (rc || tag_cell(w->r, value, &cells[0].text, e) ||
	    ref_node(&w->r->arena, d->h, c->node, w->show_values, &cells[8].node, e) ||
	    (w->show_values && ref_text(&w->r->arena, value, &cells[9].text, e)))
		return e->kind;
	return report_add_row(w->r, table, cells, e);
}

static int report_groups(const struct writing *w, struct err *e)
{
	const struct string_copies *d = w->d;
	struct table t = { .key = "duplicate_strings", .title = "Duplicate strings", .parent = -1, .text_rows = 15,
			   COLUMNS(group_columns) };
	union cell rest[10] = { [0] = cell_text(STR_LIT("(others)")) };
	int table;

	t.for_pages = w->for_pages;
	t.note = "Equal in value and size. The tag stands for the value; --show-values shows it.";
	t.empty = "No string occurs twice.";
	if (report_add_table(w->r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < d->n_groups; i++) {
		if (i < VIEW_ROWS && group_row(w, table, &d->groups[i], e))
			return e->kind;
		rest[3].i += i < VIEW_ROWS ? 0 : (int64_t)d->groups[i].n;
		rest[5].i += i < VIEW_ROWS ? 0 : (int64_t)d->groups[i].wasted;
	}
	if (d->n_groups > VIEW_ROWS && report_add_row(w->r, table, rest, e))
		return e->kind;
	rest[3].i = (int64_t)(d->n_needless + d->n_groups);
	rest[5].i = (int64_t)d->needless_bytes;
	return report_set_total(w->r, table, rest, e);
}

static const struct column holder_columns[] = {
	{ "property", "Held as", CELL_TEXT, 0, 0 },
	{ "owner", "Of class", CELL_TEXT, 0, 0 },
	{ "count", "Needless copies", CELL_COUNT, COLUMN_SUMS, 0 },
	{ "wasted_bytes", "Wasted", CELL_BYTES, COLUMN_SUMS | COLUMN_MAIN, 0 },
	{ "place", "Place", CELL_PLACE, 0, 0 },
};

static int holder_row(const struct writing *w, int table, const struct held *x, struct err *e)
{
	union cell cells[5] = { [2] = cell_size(x->count), [3] = cell_size(x->bytes), [4] = { .place = NULL } };

	if (string_owner_cells(w->r, w->d->h, &x->owner, cells, e))
		return e->kind;
	if (x->owner.node != NO_NODE && ref_nearest_place(&w->r->arena, w->d->h, x->owner.node, &cells[4].place, e))
		return e->kind;
	return report_add_row(w->r, table, cells, e);
}

static int report_holders(const struct writing *w, struct err *e)
{
	const struct string_copies *d = w->d;
	struct table t = { .key = "string_holders", .title = "Who holds the copies", .parent = -1, .text_rows = 15,
			   COLUMNS(holder_columns) };
	union cell rest[5] = { [0] = cell_text(STR_LIT("(others)")) };
	int table;

	t.for_pages = w->for_pages;
	t.note = "One copy of each value is needed and not counted. The place is that of one owner.";
	if (report_add_table(w->r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < d->n_holders; i++) {
		if (i < VIEW_ROWS && holder_row(w, table, &d->holders[i], e))
			return e->kind;
		rest[2].i += i < VIEW_ROWS ? 0 : (int64_t)d->holders[i].count;
		rest[3].i += i < VIEW_ROWS ? 0 : (int64_t)d->holders[i].bytes;
	}
	if (d->n_holders > VIEW_ROWS && report_add_row(w->r, table, rest, e))
		return e->kind;
	rest[2] = cell_size(d->n_needless);
	rest[3] = cell_size(d->needless_bytes);
	return report_set_total(w->r, table, rest, e);
}

int string_copies_report(const struct string_copies *d, struct report *r, int show_values, int for_pages, struct err *e)
{
	struct writing w = { d, r, show_values, for_pages };

	return report_groups(&w, e) ? e->kind : report_holders(&w, e);
}

static int find_holders(struct string_copies *d, struct err *e)
{
	size_t n = 0;

	d->holders = mem_alloc(d->mem, d->n_needless + 1, sizeof(*d->holders), e);
	if (!d->holders)
		return e->kind;
	for (size_t g = 0; g < d->n_groups; g++)
		for (size_t i = 1; i < d->groups[g].n; i++)
			hold(d, &d->holders[n++], &d->copies[d->groups[g].first + i]);
	d->n_holders = merge_held(d->holders, n);
	return 0;
}

static int find_copies(struct string_copies *d, struct err *e)
{
	d->text = mem_alloc(d->mem, d->h->strings.n + 1, sizeof(*d->text), e);
	d->count = d->text ? mem_alloc(d->mem, d->h->strings.n + 1, sizeof(*d->count), e) : NULL;
	if (!d->count || number_texts(d, e) || sort_copies(d, e) || find_groups(d, e))
		return e->kind;
	if (d->n_groups)
		qsort(d->groups, d->n_groups, sizeof(*d->groups), by_wasted);
	return find_holders(d, e);
}

int string_copies_find(struct string_copies **out, const struct heap *h, struct err *e)
{
	struct string_copies *d = *out = mem_alloc(&h->run->mem, 1, sizeof(*d), e);

	if (!d)
		return e->kind;
	d->h = h;
	d->mem = &h->run->mem;
	return find_copies(d, e);
}

void string_copies_free(struct string_copies *d)
{
	if (!d)
		return;
	mem_free(d->mem, d->text);
	mem_free(d->mem, d->count);
	mem_free(d->mem, d->copies);
	mem_free(d->mem, d->groups);
	mem_free(d->mem, d->holders);
	mem_free(d->mem, d);
}

int strings_duplicates(struct strings_view *v, struct err *e)
{
	struct string_copies *d = NULL;
	int rc = string_copies_find(&d, v->h, e);

	if (!rc) {
		v->totals.duplicate_count = d->n_needless;
		v->totals.wasted_bytes = d->needless_bytes;
		rc = string_copies_report(d, v->r, v->show_values, 0, e);
	}
	string_copies_free(d);
	return rc;
}
