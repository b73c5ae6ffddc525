/*
 * number_table.h - many rows of a few 64-bit numbers, written from the front and read in order, in little memory.
 *
 * Rows are gathered in blocks of NUMBER_BLOCK, and of each full block every column is packed: by the smallest number, by a
 * thousand where all differ by thousands (nanoseconds that were microseconds), into 0, 1, 2, 4 or 8 bytes each. Equal numbers
 * take no room but a header. Times should be written as distances, which are small. Frame of reference is what the literature
 * calls it (Goldstein, Ramakrishnan, Shaft: Compressing relations and indexes, 1998).
 */
#ifndef BASE_NUMBER_TABLE_H
#define BASE_NUMBER_TABLE_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

/* In a build for fuzzing (see formats/source.h) short inputs fill blocks, too. */
#ifdef SNAPDIFF_SMALL_WINDOWS
#define NUMBER_BLOCK 16
#else
#define NUMBER_BLOCK 1024
#endif
#define NUMBER_MAX_COLUMNS 5

struct number_block;

struct number_table {
	struct mem *mem;
	unsigned n_columns;
	unsigned n_open;             /* rows behind the last block */
	int64_t (*open)[NUMBER_BLOCK]; /* their columns */
	struct number_block **blocks; /* n_columns for each; NULL: dropped */
	size_t n_blocks, capacity;
};

/* Takes no memory yet. */
void number_table_init(struct number_table *t, struct mem *m, unsigned n_columns);
void number_table_release(struct number_table *t);

/* No rows; some of the memory stays. */
void number_table_clear(struct number_table *t);

static inline size_t number_table_n(const struct number_table *t)
{
	return t->n_blocks * NUMBER_BLOCK + t->n_open;
}

/* What number_table_add() does not do by itself: pack a full block. */
int number_table_make_room(struct number_table *t, struct err *e);

/* One more row, to be written to open[column][*row]. Amortised O(1). */
static inline int number_table_add(struct number_table *t, unsigned *row, struct err *e)
{
	if ((t->n_open == NUMBER_BLOCK || !t->open) && number_table_make_room(t, e))
		return e->kind;
	*row = t->n_open++;
	return 0;
}

/* Of a table with one column. */
static inline int number_table_push(struct number_table *t, int64_t v, struct err *e)
{
	unsigned row = 0;

	if (number_table_add(t, &row, e))
		return e->kind;
	t->open[0][row] = v;
	return 0;
}

/* Reads on from wherever it was set. */
struct number_reader {
	const struct number_table *t;
	struct number_table *drop; /* the same when what was read is dropped, else NULL */
	size_t next;       /* row behind those in `values` */
	unsigned i, n;     /* in `values` */
	int64_t values[NUMBER_MAX_COLUMNS][NUMBER_BLOCK];
};

void number_reader_init(struct number_reader *r, const struct number_table *t);

/* From the front, for the last time: blocks are given back behind the reader. */
void number_reader_init_dropping(struct number_reader *r, struct number_table *t);

/* Go on with row `at`. O(1) where it was unpacked just now, else O(NUMBER_BLOCK). Not while dropping. */
void number_reader_seek(struct number_reader *r, size_t at);

/* Non-zero: there are more. */
int number_reader_fill(struct number_reader *r);

/* Non-zero: the next row stands in values[column][*row]. */
static inline int number_reader_next(struct number_reader *r, unsigned *row)
{
	if (r->i == r->n && !number_reader_fill(r))
		return 0;
	*row = r->i++;
	return 1;
}

/* Of a table with one column. */
static inline int number_reader_pull(struct number_reader *r, int64_t *out)
{
	unsigned row;

	if (!number_reader_next(r, &row))
		return 0;
	*out = r->values[0][row];
	return 1;
}

#endif
