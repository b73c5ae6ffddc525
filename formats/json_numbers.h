/*
 * json_numbers.h - a flat JSON array of unsigned integers, read by all threads of the run.
 *
 * Nine tenths of a heap snapshot are such arrays. Threads take blocks of the input in turn; whoever takes a block counts
 * its separators before letting the next one in, so that each block knows the index of its first number and all can be
 * decoded at once, whether the bytes come from a file, a pipe or a decompressor.
 */
#ifndef FORMATS_JSON_NUMBERS_H
#define FORMATS_JSON_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "formats/json_in.h"

struct number_sink {
	void *ctx;
	/*
	 * Make room for `need` numbers in all, at least. `*room` is what growing by halves would make of it; the sink says
	 * there what it has. Called by one thread while no `take` runs.
	 */
	int (*reserve)(void *ctx, uint64_t need, uint64_t *room, struct err *e);
	/*
	 * Numbers first .. first + n - 1 of the array. Called from several threads at once with disjoint ranges, in no
	 * order. On failure `*bad` says which of the n is to blame; its offset is added to `e`.
	 */
	int (*take)(void *ctx, uint64_t first, const uint64_t *v, size_t n, size_t *bad, struct err *e);
};

/* The largest n that `take` sees. */
#define NUMBER_BATCH 1024

/*
 * Read the array whose '[' is the window's next byte (after white space) and leave the window behind its ']'. `*n` is
 * the number of elements, also on failure (then: those surely before the damage). ERR_FORMAT with the offset of
 * anything that is not an unsigned integer or a comma, ERR_TRUNCATED at the end of the input. O(bytes).
 */
int json_numbers_read(struct json_in *in, const char *stage, const struct number_sink *sink, uint64_t *n, struct err *e);

#endif
