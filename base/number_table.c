#include "base/number_table.h"

#include <string.h>

#define THOUSAND 1000
#define SIGN_BIT ((uint64_t)1 << 31) /* of 32 */

struct number_block {
	int64_t base;
	uint32_t unit;  /* 1 or THOUSAND */
	uint32_t width; /* bytes */
	unsigned char raw[];
};

void number_table_init(struct number_table *t, struct mem *m, unsigned n_columns)
{
	*t = (struct number_table){ .mem = m, .n_columns = n_columns };
}

void number_table_clear(struct number_table *t)
{
	for (size_t i = 0; i < t->n_blocks * t->n_columns; i++)
		mem_free(t->mem, t->blocks[i]);
	t->n_blocks = 0;
	t->n_open = 0;
}

void number_table_release(struct number_table *t)
{
	if (!t->mem)
		return;
	number_table_clear(t);
	mem_free(t->mem, t->blocks);
	mem_free(t->mem, t->open);
	number_table_init(t, t->mem, t->n_columns);
}

static uint32_t width_of(uint32_t range)
{
	if (range <= UINT16_MAX)
		return range > UINT8_MAX ? 2 : 1;
	return 4;
}

/*
 * Differences from the smallest number, in 32 bits, which compilers handle several at a time. Non-zero: the numbers lie
 * further apart. The first number is what differences are taken from at first, as it is known.
 */
static int subtract(const int64_t *v, uint32_t *out, int64_t *base, uint32_t *range)
{
	int32_t least = 0, most = 0;
	uint64_t wide = 0;

	for (unsigned i = 0; i < NUMBER_BLOCK; i++) {
		uint64_t d = (uint64_t)v[i] - (uint64_t)v[0];

		wide |= (d + SIGN_BIT) >> 32;
		out[i] = (uint32_t)d;
	}
	if (wide)
		return 1;
	for (unsigned i = 0; i < NUMBER_BLOCK; i++) {
		int32_t d = (int32_t)out[i];

		least = d < least ? d : least;
		most = d > most ? d : most;
	}
	for (unsigned i = 0; i < NUMBER_BLOCK; i++)
		out[i] -= (uint32_t)least;
	*base = (int64_t)((uint64_t)v[0] + (uint64_t)(int64_t)least);
	*range = (uint32_t)most - (uint32_t)least;
	return 0;
}

/* Most columns of most blocks hold one number. */
static int are_equal(const int64_t *v)
{
	uint64_t differ = 0;

	for (unsigned i = 0; i < NUMBER_BLOCK; i++)
		differ |= (uint64_t)v[i] ^ (uint64_t)v[0];
	return !differ;
}

static int are_thousands(const uint32_t *d)
{
	uint32_t rest = 0;

	for (unsigned i = 0; i < NUMBER_BLOCK; i++)
		rest |= d[i] % THOUSAND;
	return !rest;
}

static void divide(uint32_t *d)
{
	for (unsigned i = 0; i < NUMBER_BLOCK; i++)
		d[i] /= THOUSAND;
}

static void narrow(const uint32_t *d, uint32_t width, unsigned char *raw)
{
	uint16_t *two = (uint16_t *)(void *)raw;

	if (width == 4) {
		memcpy(raw, d, NUMBER_BLOCK * sizeof(*d));
		return;
	}
	for (unsigned i = 0; width == 1 && i < NUMBER_BLOCK; i++)
		raw[i] = (unsigned char)d[i];
	for (unsigned i = 0; width == 2 && i < NUMBER_BLOCK; i++)
		two[i] = (uint16_t)d[i];
}

static struct number_block *new_block(struct mem *m, const struct number_block *head, struct err *e)
{
	struct number_block *b = mem_alloc_dirty(m, 1, sizeof(*b) + (size_t)head->width * NUMBER_BLOCK, e);

	if (b)
		*b = *head;
	return b;
}

static struct number_block *pack(struct mem *m, const int64_t *v, struct err *e)
{
	struct number_block head = { .base = v[0], .unit = 1 }, *b;
	uint32_t d[NUMBER_BLOCK], range = 0;

	if (!are_equal(v)) {
		head.width = subtract(v, d, &head.base, &range) ? 8 : width_of(range);
		if ((head.width == 2 || head.width == 4) && are_thousands(d)) {
			divide(d);
			head.unit = THOUSAND;
			head.width = width_of(range / THOUSAND);
		}
	}
	b = new_block(m, &head, e);
	if (b && head.width == 8)
		memcpy(b->raw, v, NUMBER_BLOCK * sizeof(*v));
	else if (b && head.width)
		narrow(d, head.width, b->raw);
	return b;
}

#define UNPACK(type)                                                                       \
	for (unsigned i = 0; i < n; i++)                                                   \
		out[i] = (int64_t)((uint64_t)b->base + (uint64_t)((const type *)raw)[i] * b->unit)

/* The numbers of a block from `from` on. */
static void unpack(const struct number_block *b, unsigned from, int64_t *out)
{
	const void *raw = b->raw + (size_t)from * b->width;
	unsigned n = NUMBER_BLOCK - from;

	switch (b->width) {
	case 0:
		for (unsigned i = 0; i < n; i++)
			out[i] = b->base;
		break;
	case 1:
		UNPACK(uint8_t);
		break;
	case 2:
		UNPACK(uint16_t);
		break;
	case 4:
		UNPACK(uint32_t);
		break;
	default: /* as they were */
		memcpy(out, raw, n * sizeof(*out));
	}
}

static int pack_open(struct number_table *t, struct err *e)
{
	struct number_block **to = t->blocks + t->n_blocks * t->n_columns;

	for (unsigned c = 0; c < t->n_columns; c++) {
		to[c] = pack(t->mem, t->open[c], e);
		if (to[c])
			continue;
		while (c--)
			mem_free(t->mem, to[c]);
		return e->kind;
	}
	t->n_blocks++;
	t->n_open = 0;
	return 0;
}

int number_table_make_room(struct number_table *t, struct err *e)
{
	if (!t->open) {
		t->open = mem_alloc_dirty(t->mem, t->n_columns, sizeof(*t->open), e);
		return t->open ? 0 : e->kind;
	}
	if (mem_reserve(t->mem, (void **)&t->blocks, &t->capacity, (t->n_blocks + 1) * t->n_columns, sizeof(*t->blocks), e))
		return e->kind;
	return pack_open(t, e);
}

/* The rows from `at` on to the end of its block. */
static unsigned read_block(const struct number_table *t, size_t at, int64_t (*out)[NUMBER_BLOCK])
{
	size_t block = at / NUMBER_BLOCK;
	unsigned from = (unsigned)(at % NUMBER_BLOCK);

	if (at >= number_table_n(t))
		return 0;
	for (unsigned c = 0; c < t->n_columns; c++)
		if (block < t->n_blocks)
			unpack(t->blocks[block * t->n_columns + c], from, out[c]);
		else
			memcpy(out[c], t->open[c] + from, (t->n_open - from) * sizeof(**out));
	return (block < t->n_blocks ? NUMBER_BLOCK : t->n_open) - from;
}

/* The block before row `at` is not read again. */
static void drop_before(struct number_table *t, size_t at)
{
	size_t block = at / NUMBER_BLOCK;

	if (!block || block > t->n_blocks)
		return;
	for (unsigned c = 0; c < t->n_columns; c++) {
		struct number_block **b = &t->blocks[(block - 1) * t->n_columns + c];

		mem_free(t->mem, *b);
		*b = NULL;
	}
}

void number_reader_init(struct number_reader *r, const struct number_table *t)
{
	r->t = t;
	r->drop = NULL;
	r->next = 0;
	r->i = r->n = 0;
}

void number_reader_init_dropping(struct number_reader *r, struct number_table *t)
{
	number_reader_init(r, t);
	r->drop = t;
}

void number_reader_seek(struct number_reader *r, size_t at)
{
	if (at <= r->next && r->next - at <= r->n) {
		r->i = r->n - (unsigned)(r->next - at);
		return;
	}
	r->next = at;
	r->i = r->n = 0;
}

int number_reader_fill(struct number_reader *r)
{
	if (r->drop)
		drop_before(r->drop, r->next);
	r->n = read_block(r->t, r->next, r->values);
	r->i = 0;
	r->next += r->n;
	return r->n != 0;
}
