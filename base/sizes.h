/*
 * sizes.h - sizes as people type them: "65536", "512M", "1.5GiB", "20 MB".
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

#endif
