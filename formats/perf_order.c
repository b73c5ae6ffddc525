#include "formats/perf_order.h"

#include <stdlib.h>
#include <string.h>

#include "formats/perf_attr.h"

/* Files without marks: what no set of buffers holds is delivered as well sorted as it is. */
#define MAX_WAITING ((size_t)128 << 20)

void perf_order_init(struct perf_order *o, struct mem *m,
		     int (*deliver)(void *ctx, const unsigned char *record, uint64_t time, struct err *e), void *ctx)
{
	*o = (struct perf_order){ .mem = m, .deliver = deliver, .ctx = ctx };
}

void perf_order_release(struct perf_order *o)
{
	mem_free(o->mem, o->rows);
	mem_free(o->mem, o->bytes);
	mem_free(o->mem, o->spare);
}

static int by_time(const void *x, const void *y)
{
	const struct perf_waiting *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static size_t record_bytes(const unsigned char *record)
{
	uint16_t n;

	memcpy(&n, record + 6, sizeof(n));
	return n;
}

/* Move what still waits to the front of a fresh block. */
static int keep_rest(struct perf_order *o, size_t done, struct err *e)
{
	unsigned char *old = o->bytes;
	size_t n = 0, capacity = o->bytes_capacity;

	if (mem_reserve(o->mem, (void **)&o->spare, &o->spare_capacity, o->n_bytes, 1, e))
		return e->kind;
	for (size_t i = done; i < o->n_rows; i++) {
		size_t bytes = record_bytes(old + o->rows[i].at);

		memcpy(o->spare + n, old + o->rows[i].at, bytes);
		o->rows[i - done] = o->rows[i];
		o->rows[i - done].at = n;
		n += bytes;
	}
	o->n_rows -= done;
	o->n_bytes = n;
	o->bytes = o->spare;
	o->bytes_capacity = o->spare_capacity;
	o->spare = old;
	o->spare_capacity = capacity;
	return 0;
}

static int deliver_until(struct perf_order *o, uint64_t limit, struct err *e)
{
	size_t done = 0;

	if (!o->n_rows)
		return 0;
	qsort(o->rows, o->n_rows, sizeof(*o->rows), by_time);
	for (; done < o->n_rows && o->rows[done].time <= limit; done++)
		if (o->deliver(o->ctx, o->bytes + o->rows[done].at, o->rows[done].time, e))
			return e->kind;
	return done ? keep_rest(o, done, e) : 0;
}

int perf_order_add(struct perf_order *o, const unsigned char *record, size_t n, uint64_t time, struct err *e)
{
	/* perf marks what has no time so; it comes from the beginning, or from nobody knows when */
	if (!time || time == UINT64_MAX)
		return o->deliver(o->ctx, record, 0, e);
	if (o->n_bytes > MAX_WAITING && perf_order_flush(o, e))
		return e->kind;
	if (mem_reserve(o->mem, (void **)&o->bytes, &o->bytes_capacity, o->n_bytes + n, 1, e) ||
	    mem_reserve(o->mem, (void **)&o->rows, &o->rows_capacity, o->n_rows + 1, sizeof(*o->rows), e))
		return e->kind;
	memcpy(o->bytes + o->n_bytes, record, n);
	o->rows[o->n_rows++] = (struct perf_waiting){ time, o->n_seen++, o->n_bytes };
	o->n_bytes += n;
	o->newest = time > o->newest ? time : o->newest;
	return 0;
}

int perf_order_mark(struct perf_order *o, struct err *e)
{
	if (deliver_until(o, o->limit, e))
		return e->kind;
	o->limit = o->newest;
	return 0;
}

int perf_order_flush(struct perf_order *o, struct err *e)
{
	return deliver_until(o, UINT64_MAX, e);
}
