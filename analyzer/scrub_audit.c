/* Names that would stay, by kind and shape. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/refs.h"
#include "analyzer/report_parts.h"
#include "analyzer/scrub_parts.h"
#include "base/table_hash.h"

/* So many names with digits that are built alike are worth a look. */
#define SUSPICIOUS_NAMES 20
#define MAX_FAMILIES 4096

/* By the bit of the role, from ROLE_VALUE on; a name in several roles is of the first kind from the end. */
const char *const scrub_kinds[8] = { "value",    "class",    "function", "code and scripts",
				     "variable", "property", "key",      "embedder" };

static unsigned kind_of(uint8_t role)
{
	unsigned kind = 7;

	while (kind && !(role >> kind & 1))
		kind--;
	return kind;
}

static size_t slot_of(const struct mem *m, const struct scrub_families *f, const char *kind, struct str shape)
{
	size_t at = (table_hash(m, shape) + (unsigned char)kind[0]) & (f->n_slots - 1);

	while (f->slots[at] && (strcmp(f->all[f->slots[at] - 1].kind, kind) || !str_eq(f->all[f->slots[at] - 1].shape, shape)))
		at = (at + 1) & (f->n_slots - 1);
	return at;
}

/* Beyond MAX_FAMILIES shapes a kind's names go into one family without a shape. */
static int add_name(struct scrub *s, struct scrub_families *f, size_t i, struct err *e)
{
	const char *kind = scrub_kinds[kind_of(s->roles[i] & ROLE_NAMES)];
	struct str name = strtab_get(&s->strings, i);
	char text[SCRUB_SHAPE + 4];
	struct str shape = { text, f->n < MAX_FAMILIES ? scrub_shape(name, text) : 0 };
	void *all = f->all;
	size_t at = slot_of(&s->run->mem, f, kind, shape);
	struct scrub_family *x;

	if (!f->slots[at]) {
		const char *copy = arena_copy(&s->run->arena, shape.s, shape.n, e);

		if (!copy || mem_reserve(&s->run->mem, &all, &f->capacity, f->n + 1, sizeof(*f->all), e))
			return e->kind;
		f->all = all;
		f->all[f->n++] = (struct scrub_family){ .kind = kind, .shape = { copy, shape.n }, .sample = i };
		f->slots[at] = (uint32_t)f->n;
	}
	x = &f->all[f->slots[at] - 1];
	x->count++;
	x->looks_like_data += scrub_looks_like_data(name);
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct scrub_family *x = a, *y = b;

	if (x->looks_like_data != y->looks_like_data)
		return x->looks_like_data ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return (x->sample > y->sample) - (x->sample < y->sample);
}

/* A slot number of V8 is no name of anybody. */
static int is_number(struct str name)
{
	size_t i = 0;

	while (i < name.n && name.s[i] >= '0' && name.s[i] <= '9')
		i++;
	return i == name.n;
}

int scrub_group(struct scrub *s, struct scrub_families *f, struct err *e)
{
	memset(f, 0, sizeof(*f));
	f->n_slots = 4 * MAX_FAMILIES;
	f->slots = mem_alloc(&s->run->mem, f->n_slots, sizeof(*f->slots), e);
	if (!f->slots)
		return e->kind;
	for (size_t i = 0; i < s->strings.n; i++) {
		f->fates[kind_of(s->roles[i] & ROLE_NAMES)][s->fates[i]]++;
		if (s->fates[i] == FATE_STAYS && !is_number(strtab_get(&s->strings, i)) && add_name(s, f, i, e))
			return e->kind;
	}
	for (size_t i = 0; i < f->n; i++) {
		struct scrub_family *x = &f->all[i];

		x->looks_like_data = x->looks_like_data * 2 >= (int)x->count && x->count >= SUSPICIOUS_NAMES;
		f->suspicious += x->looks_like_data ? x->count : 0;
	}
	if (f->n)
		qsort(f->all, f->n, sizeof(*f->all), by_count);
	return 0;
}

void scrub_families_release(struct scrub_families *f, struct mem *m)
{
	mem_free(m, f->all);
	mem_free(m, f->slots);
}

static const struct column kind_columns[] = {
	{ "kind", "Names of", CELL_TEXT, 0, 0 },
	{ "stay", "Stay", CELL_COUNT, 0, 0 },
	{ "by_rule", "By rule", CELL_COUNT, 0, 0 },
	{ "by_family", "Family", CELL_COUNT, 0, 0 },
	{ "table_keys", "Keys", CELL_COUNT, 0, 0 },
	{ "embedder", "Embedder", CELL_COUNT, 0, 0 },
	{ "weak_map", "WeakMap", CELL_COUNT, 0, 0 },
};

static int add_kinds(const struct scrub_families *f, struct report *r, struct err *e)
{
	struct table t = { .key = "names", .title = "Names", .parent = -1, COLUMNS(kind_columns) };
	int table;

	t.note = "What becomes of names; of all but the first column the private part is replaced. Values are replaced in any case.";
	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (int kind = 1; kind < 8; kind++) {
		const uint64_t *n = f->fates[kind];
		union cell cells[] = { cell_text(str_of(scrub_kinds[kind])), cell_size(n[FATE_STAYS]), cell_size(n[FATE_RULE]),
				       cell_size(n[FATE_FAMILY]), cell_size(n[FATE_TABLE]), cell_size(n[FATE_EMBEDDER]),
				       cell_size(n[FATE_EPHEMERON]) };

		if (report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

static const struct column family_columns[] = {
	{ "kind", "Names of", CELL_TEXT, 0, 0 },          { "family", "Family", CELL_TEXT, 0, 0 },
	{ "names", "Names", CELL_COUNT, COLUMN_SUMS, 0 }, { "looks_like_data", "Data?", CELL_BOOL, 0, 0 },
	{ "sample", "One of them", CELL_TEXT, 0, 0 },
};

static int add_families(struct scrub *s, const struct scrub_families *f, struct report *r, struct err *e)
{
	struct table t = { .key = "families", .title = "Names that stay", .parent = -1, .text_rows = 40,
			   COLUMNS(family_columns) };
	int table;

	t.note = "By shape: a stands for letters, 0 for digits. Families that look like data come first.";
	if (report_add_table(r, &t, &table, e))
		return e->kind;
	for (size_t i = 0; i < f->n; i++) {
		const struct scrub_family *x = &f->all[i];
		union cell cells[] = { cell_text(str_of(x->kind)), cell_text(x->shape), cell_size(x->count),
				       cell_int(x->looks_like_data), cell_text(STR_LIT("")) };

		if (ref_text(&r->arena, strtab_get(&s->strings, x->sample), &cells[4].text, e) ||
		    report_add_row(r, table, cells, e))
			return e->kind;
	}
	return 0;
}

int scrub_report(struct scrub *s, const struct scrub_families *f, const char *file, struct report *r, struct err *e)
{
	uint64_t stay = 0;

	for (int kind = 1; kind < 8; kind++)
		stay += f->fates[kind][FATE_STAYS];
	r->tool = "snapdiff";
	r->version = SNAPDIFF_VERSION;
	r->command = "snapscrub";
	r->key = s->key;
	if (report_headline(r, e, "%llu names would stay, %llu of them in families that look like data.",
			    (unsigned long long)stay, (unsigned long long)f->suspicious) ||
	    add_kinds(f, r, e) || add_families(s, f, r, e) || report_add_diagnostics(r, s->run, &file, e))
		return e->kind;
	return report_seal(r, e);
}
