#include "formats/pprof_tables.h"

#include "base/table_hash.h"

int pprof_init(struct pprof *p, struct mem *m, struct err *e)
{
	uint32_t none;

	memset(p, 0, sizeof(*p));
	p->mem = m;
	strtab_init(&p->strings, m);
	memo_init(&p->stacks, m);
	memo_init(&p->labels, m);
	hash_index_init(&p->sums_index, m);
	strbuf_init(&p->stack_key, m);
	strbuf_init(&p->label_key, m);
	return memo_add(&p->labels, STR_LIT(""), &none, e);
}

void pprof_release(struct pprof *p)
{
	strtab_release(&p->strings);
	memo_release(&p->stacks);
	memo_release(&p->labels);
	hash_index_release(&p->sums_index);
	strbuf_release(&p->stack_key);
	strbuf_release(&p->label_key);
	mem_free(p->mem, p->mappings.rows);
	mem_free(p->mem, p->locations.rows);
	mem_free(p->mem, p->lines.rows);
	mem_free(p->mem, p->functions.rows);
	mem_free(p->mem, p->comments.rows);
	mem_free(p->mem, p->sums);
	mem_free(p->mem, p->values);
}

#define APPEND(p, array, e) \
	(mem_reserve((p)->mem, (void **)&(array).rows, &(array).capacity, (array).n + 1, sizeof(*(array).rows), (e)) \
		 ? NULL \
		 : memset(&(array).rows[(array).n++], 0, sizeof(*(array).rows)))

static int damaged(uint64_t offset, const char *what, struct err *e)
{
	return err_at(e, ERR_FORMAT, offset, "%s whose fields are damaged", what);
}

/* Where the numbers of a small message go: field number and place. */
struct slot {
	uint32_t number;
	uint64_t *to;
};

/* Read a message of numbers only; other fields are skipped. */
static int take_numbers(struct wire w, const struct slot *slots, size_t n)
{
	struct wire_field f;
	int rc;

	while ((rc = wire_next(&w, &f)) > 0)
		for (size_t i = 0; i < n; i++)
			if (slots[i].number == f.number && f.type == WIRE_VARINT)
				*slots[i].to = f.value;
	return rc;
}

static int take_type(struct wire body, struct pprof_type *t)
{
	const struct slot slots[] = { { 1, &t->type }, { 2, &t->unit } };

	*t = (struct pprof_type){ 0 };
	return take_numbers(body, slots, 2);
}

static int add_type(struct pprof *p, struct wire body, uint64_t offset, struct err *e)
{
	if (p->n_types == PROFILE_MAX_VALUES)
		return err_at(e, ERR_UNSUPPORTED, offset, "more than %d sample types", PROFILE_MAX_VALUES);
	return take_type(body, &p->types[p->n_types++]) ? damaged(offset, "a sample type", e) : 0;
}

static int add_mapping(struct pprof *p, struct wire body, uint64_t offset, struct err *e)
{
	struct pprof_mapping *m = APPEND(p, p->mappings, e);
	const struct slot slots[] = { { 1, m ? &m->id : NULL },	    { 2, m ? &m->start : NULL },
				      { 3, m ? &m->limit : NULL },  { 4, m ? &m->offset : NULL },
				      { 5, m ? &m->file : NULL } };

	if (!m)
		return e->kind;
	return take_numbers(body, slots, 5) ? damaged(offset, "a mapping", e) : 0;
}

static int add_function(struct pprof *p, struct wire body, uint64_t offset, struct err *e)
{
	struct pprof_function *fn = APPEND(p, p->functions, e);
	uint64_t system_name = 0;
	const struct slot slots[] = { { 1, fn ? &fn->id : NULL },   { 2, fn ? &fn->name : NULL },
				      { 3, &system_name },	    { 4, fn ? &fn->file : NULL },
				      { 5, fn ? &fn->start_line : NULL } };

	if (!fn)
		return e->kind;
	if (take_numbers(body, slots, 5))
		return damaged(offset, "a function", e);
	fn->name = fn->name ? fn->name : system_name;
	return 0;
}

static int add_line(struct pprof *p, struct wire body, uint64_t offset, struct err *e)
{
	struct pprof_line *l = APPEND(p, p->lines, e);
	const struct slot slots[] = { { 1, l ? &l->function : NULL }, { 2, l ? &l->line : NULL } };

	if (!l)
		return e->kind;
	return take_numbers(body, slots, 2) ? damaged(offset, "a line of a location", e) : 0;
}

static int add_location(struct pprof *p, struct wire body, uint64_t offset, struct err *e)
{
	struct pprof_location *l = APPEND(p, p->locations, e);
	const struct slot slots[] = { { 1, l ? &l->id : NULL },
				      { 2, l ? &l->mapping : NULL },
				      { 3, l ? &l->address : NULL } };
	struct wire_field f;

	if (!l)
		return e->kind;
	l->first_line = p->lines.n;
	if (take_numbers(body, slots, 3))
		return damaged(offset, "a location", e);
	while (wire_next(&body, &f) > 0)
		if (f.number == 4 && f.type == WIRE_BYTES && add_line(p, f.body, offset, e))
			return e->kind;
	l->n_lines = p->lines.n - l->first_line;
	return 0;
}

/* Values of the sample at hand; returns how many, -1: damaged or more than can be. */
static int take_values(const struct wire_field *f, int64_t values[PROFILE_MAX_VALUES], size_t *n)
{
	unsigned char scratch[10];
	struct wire w;
	uint64_t v;

	if (!wire_numbers(f, scratch, &w))
		return -1;
	while (w.p < w.end) {
		if (*n == PROFILE_MAX_VALUES || !wire_varint(&w, &v))
			return -1;
		values[(*n)++] = (int64_t)v;
	}
	return 0;
}

static int take_locations(struct pprof *p, const struct wire_field *f)
{
	unsigned char scratch[10];
	struct wire w;

	if (!wire_numbers(f, scratch, &w))
		return -1;
	if (wire_left(&w) && (w.end[-1] & 0x80))
		return -1;
	strbuf_add(&p->stack_key, w.p, wire_left(&w));
	return 0;
}

static int take_label(struct pprof *p, const struct wire_field *f)
{
	uint32_t n = (uint32_t)wire_left(&f->body);

	if (f->type != WIRE_BYTES || wire_left(&f->body) > UINT32_MAX)
		return -1;
	strbuf_add(&p->label_key, &n, sizeof(n));
	strbuf_add(&p->label_key, f->body.p, n);
	return 0;
}

/* Location ids and labels go into the keys, the values into the array. */
static int take_sample(struct pprof *p, struct wire body, int64_t values[PROFILE_MAX_VALUES], size_t *n)
{
	struct wire_field f;
	int rc, bad = 0;

	strbuf_reset(&p->stack_key);
	strbuf_reset(&p->label_key);
	while (!bad && (rc = wire_next(&body, &f)) > 0) {
		if (f.number == 1)
			bad = take_locations(p, &f);
		else if (f.number == 2)
			bad = take_values(&f, values, n);
		else if (f.number == 3)
			bad = take_label(p, &f);
	}
	return bad ? bad : rc;
}

static struct str key_of(const struct strbuf *sb)
{
	return (struct str){ strbuf_str(sb), sb->len };
}

static int new_sum(struct pprof *p, uint64_t key, uint64_t hash, struct err *e)
{
	size_t n = p->n_sums;

	if (mem_reserve(p->mem, (void **)&p->sums, &p->sums_capacity, n + 1, sizeof(*p->sums), e) ||
	    mem_reserve(p->mem, (void **)&p->values, &p->values_capacity, (n + 1) * p->n_values, sizeof(*p->values), e) ||
	    hash_index_add(&p->sums_index, hash, (uint32_t)n, e))
		return e->kind;
	p->sums[p->n_sums++] = key;
	return 0;
}

/* The row of values of the sample's stack and labels. */
static int sum_row(struct pprof *p, uint32_t *row, struct err *e)
{
	struct hash_index *x = &p->sums_index;
	uint32_t stack, labels = 0;
	uint64_t key, hash;
	size_t at;

	if (strbuf_check(&p->stack_key, e) || strbuf_check(&p->label_key, e) ||
	    memo_add(&p->stacks, key_of(&p->stack_key), &stack, e) ||
	    (p->label_key.len && memo_add(&p->labels, key_of(&p->label_key), &labels, e)))
		return e->kind;
	key = (uint64_t)stack << 32 | labels;
	hash = table_hash_number(p->mem, key);
	for (*row = hash_index_first(x, hash, &at); *row != HASH_NONE; *row = hash_index_next(x, hash, &at))
		if (p->sums[*row] == key)
			return 0;
	*row = (uint32_t)p->n_sums;
	return new_sum(p, key, hash, e);
}

static int add_sample(struct pprof *p, struct wire body, uint64_t offset, struct err *e)
{
	int64_t values[PROFILE_MAX_VALUES], *to;
	size_t n = 0;
	uint32_t row = 0;

	if (take_sample(p, body, values, &n))
		return damaged(offset, "a sample", e);
	if (!p->n_samples++)
		p->n_values = n;
	if (n != p->n_values)
		return err_at(e, ERR_FORMAT, offset, "a sample of %zu values after samples of %zu", n, p->n_values);
	if (sum_row(p, &row, e))
		return e->kind;
	if (!n)
		return 0;
	to = p->values + (size_t)row * n;
	for (size_t i = 0; i < n; i++)
		if (__builtin_add_overflow(to[i], values[i], &to[i]))
			return err_at(e, ERR_FORMAT, offset, "the values of a stack add up to more than 63 bits");
	return 0;
}

static int add_comments(struct pprof *p, const struct wire_field *f, uint64_t offset, struct err *e)
{
	unsigned char scratch[10];
	struct wire w;

	if (!wire_numbers(f, scratch, &w))
		return damaged(offset, "a comment", e);
	while (w.p < w.end) {
		uint64_t *c = APPEND(p, p->comments, e);

		if (!c)
			return e->kind;
		if (!wire_varint(&w, c))
			return damaged(offset, "a comment", e);
	}
	return 0;
}

static void take_number(struct pprof *p, uint32_t number, uint64_t value)
{
	switch (number) {
	case 7:
		p->drop_frames = value;
		break;
	case 8:
		p->keep_frames = value;
		break;
	case 9:
		p->time_ns = (int64_t)value;
		break;
	case 10:
		p->duration_ns = (int64_t)value;
		break;
	case 12:
		p->period = (int64_t)value;
		break;
	case 14:
		p->default_type = value;
		break;
	}
}

static int take_message(struct pprof *p, const struct wire_field *f, uint64_t offset, struct err *e)
{
	switch (f->number) {
	case 1:
		return add_type(p, f->body, offset, e);
	case 2:
		return add_sample(p, f->body, offset, e);
	case 3:
		return add_mapping(p, f->body, offset, e);
	case 4:
		return add_location(p, f->body, offset, e);
	case 5:
		return add_function(p, f->body, offset, e);
	case 6:
		return strtab_add(&p->strings, wire_str(&f->body), e);
	case 11:
		return take_type(f->body, &p->period_type) ? damaged(offset, "a period type", e) : 0;
	}
	return 0;
}

int pprof_take(struct pprof *p, const struct wire_field *f, uint64_t offset, struct err *e)
{
	int is_message = f->number <= 6 || f->number == 11;

	if (f->number == 13)
		return add_comments(p, f, offset, e);
	if (f->type == WIRE_BYTES && is_message)
		return take_message(p, f, offset, e);
	if (is_message)
		return err_at(e, ERR_FORMAT, offset, "field %u of the profile is not the message that it should be",
			      (unsigned)f->number);
	if (f->type == WIRE_VARINT)
		take_number(p, f->number, f->value);
	return 0;
}
