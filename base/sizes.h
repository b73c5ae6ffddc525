/*
 * sizes.h - sizes and times as people type them: "65536", "512M", "1.5GiB", "20 MB"; "500ms", "2.5 s".
 */
#ifndef BASE_SIZES_H
#define BASE_SIZES_H

#include <stdint.h>

#include "base/err.h"

/*
 * Read a size in bytes. K, M, G, T, alone or followed by "iB", count in powers of 1024; kB, MB, GB, TB in powers of
 * 1000; case does not matter. At most six digits may follow a point. ERR_USAGE with a sentence that quotes `text`.
 */
int size_parse(const char *text, uint64_t *bytes, struct err *e);

/* Read a time in nanoseconds: a number with at most nine digits after the point and one of ns, us, ms, s, min. */
int time_parse(const char *text, uint64_t *ns, struct err *e);

#endif
