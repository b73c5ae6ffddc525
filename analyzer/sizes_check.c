/*
 * Bounds of sizes, once, so that no sum, product or percentage of them needs to be checked later: sizes of a whole
 * snapshot and their differences fit into 49 bits and a sign, ten thousand times as much fits into 64.
 */
#include "analyzer/heap_passes.h"

/* 512 TiB: no machine has so much. Chrome's own numbers are exact up to 2^53. */
#define MOST_BYTES ((uint64_t)1 << 49)

static int too_much(const struct heap *h, uint32_t node, uint64_t before, struct err *e)
{
	uint64_t self = heap_self(h, node), sum = before + self;

	if (self > MOST_BYTES)
		return err_set(e, ERR_FORMAT, "the self size of node %u (id %llu), %llu, is more than any machine has", node,
			       (unsigned long long)heap_id(h, node), (unsigned long long)self);
	return err_set(e, ERR_FORMAT, "the self sizes add up to %llu bytes at node %u (id %llu), more than any machine has",
		       (unsigned long long)sum, node, (unsigned long long)heap_id(h, node));
}

int heap_check_sizes(const struct heap *h, struct err *e)
{
	uint64_t sum = h->extra_native_bytes;

	if (sum > MOST_BYTES)
		return err_set(e, ERR_FORMAT, "snapshot.extra_native_bytes, %llu, is more than any machine has",
			       (unsigned long long)sum);
	for (uint32_t i = 0; i < h->n_nodes; i++) {
		uint64_t self = heap_self(h, i);

		if (self > MOST_BYTES || sum + self > MOST_BYTES)
			return too_much(h, i, sum, e);
		sum += self;
	}
	return 0;
}
