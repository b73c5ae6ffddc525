/*
 * probes.h - what the probes of several formats need: the keys of a JSON text's outermost containers.
 */
#ifndef FORMATS_PROBES_H
#define FORMATS_PROBES_H

#include <stddef.h>

#include "formats/formats.h"

/*
 * Walk the JSON text in bytes[0..n) and report keys with how deep they stand (1: keys of the outermost object; of
 * objects in the outermost array: 2). `fn` ends the walk by a non-zero result, which is returned. 0 at the end of the
 * bytes; -1 when they are not the beginning of a JSON object or array. Keys longer than 63 bytes are cut.
 */
int probe_json_keys(const char *bytes, size_t n, int (*fn)(void *ctx, unsigned depth, const char *key), void *ctx);

/* One key that decides for a format, or against it. */
struct probe_key {
	unsigned depth;
	const char *key;
	enum probe answer;
};

/*
 * The answer of the first key that is in `keys` (`n_keys` rows); PROBE_MORE while none was seen and the text goes on,
 * PROBE_NO when it is no JSON or has ended.
 */
enum probe probe_by_keys(const char *bytes, size_t n, int complete, const struct probe_key *keys, size_t n_keys);

/* Bytes after a byte order mark and white space. */
size_t probe_skip_space(const char *bytes, size_t n);

enum probe probe_heapsnapshot(const char *bytes, size_t n, int complete);

#endif
