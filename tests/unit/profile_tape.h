/*
 * profile_tape.h - a sink that writes down what a reader of profiles delivers, as sorted text, for tests.
 *
 * One line per stack, outermost frame first, with what hangs on it:
 *
 *	values samples/count cpu-clock/ns
 *	main a.c:3 [app];work {thread 12/13 node} {key=text}: 2 2000000
 */
#ifndef TESTS_PROFILE_TAPE_H
#define TESTS_PROFILE_TAPE_H

#include "unit.h"

#include "base/run.h"
#include "formats/memo.h"
#include "formats/profile_sink.h"

#define TAPE_VALUES (PROFILE_MAX_VALUES + 1) /* the last one: observations */

struct tape {
	struct run run;
	struct err err;
	struct profile_sink sink;
	const char *path;          /* given to the reader */
	int with_modules;          /* show them */
	int bare_names;            /* show names alone, anonymous functions as pprof for Node does */
	int bare_modules;          /* of what has a module, the base of its path alone */
	struct memo frames;        /* as they are shown */
	struct memo stacks;        /* pairs of parent + 1 and frame */
	struct memo threads, labels;
	struct memo sums;          /* "stack {thread} {labels}" */
	int64_t (*values)[TAPE_VALUES];
	size_t values_capacity;
	size_t n_values;
	int64_t totals[TAPE_VALUES];
	uint64_t n_samples;
	int64_t first_ns, last_ns; /* of samples that carry a time */
	struct strbuf types, comments, text, key;
	struct profile_meta meta;  /* numbers only */
	char default_type[64];
};

void tape_init(struct tape *t);

/* Also checks that nothing was leaked. */
void tape_release(struct tape *t);

/* Read with the row `format` of the table, NULL: by probing. The result of the reader; `err` says more. */
int tape_read(struct tape *t, const char *format, const void *bytes, size_t n, size_t read_bytes);
int tape_read_file(struct tape *t, const char *format, const char *path);

/* All that was written down. Valid until the next call. */
const char *tape_text(struct tape *t);

/*
 * What value `v` says of each name, as profilers' tables do: "own total name" by falling total, own time, then name.
 * A name that stands in a stack twice counts once in total. With bare_names. Valid until the next call.
 */
const char *tape_top(struct tape *t, size_t v);

/* "own name" alone, of names that have something of their own, by falling own, then name. */
const char *tape_own(struct tape *t, size_t v);

/* Times that the diagnostic was recorded. */
uint64_t tape_diag(const struct tape *t, const char *code);

/* The bytes of a file below SOURCE_DIR, peeled of compression; freed by the caller with free(). */
void *tape_slurp(const char *name, size_t *n);

/*
 * Read bytes[0..n) cut at every place and with `flips` random bytes changed: nothing may crash, hang or leak, an error
 * must say something, and a cut input without an error may not tell of more than the whole one does. Then refuse the
 * first, second, ... allocation: each time there is a clean error until there is enough.
 */
void tape_torture(const char *format, const char *path, const void *bytes, size_t n, unsigned flips);

#endif
