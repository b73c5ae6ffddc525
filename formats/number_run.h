/*
 * number_run.h - many unsigned decimal numbers at a time: the innermost loop of reading a snapshot.
 *
 * V8 writes its number arrays without white space, up to 12.4 with a line break behind each record. This decodes such text
 * with vector instructions as far as it goes; what it leaves - other white space, signs, numbers over 16 digits, the last
 * bytes of a block - is for the caller's own loop, which knows all of JSON and has the error messages.
 */
#ifndef FORMATS_NUMBER_RUN_H
#define FORMATS_NUMBER_RUN_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decode numbers from `p`, where a number begins, into v[*n .. max), count them in `*n` and return where the first one
 * begins that was not done: `p` itself when nothing could be. Stays 64 bytes away from `end`. O(bytes).
 */
const char *number_run(const char *p, const char *end, uint64_t *v, size_t max, size_t *n);

/* The same without the newest instructions; what number_run() does where they are missing. */
const char *number_run_plain(const char *p, const char *end, uint64_t *v, size_t max, size_t *n);

#endif
