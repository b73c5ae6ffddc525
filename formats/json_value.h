/*
 * json_value.h - one JSON value through yajl, as events.
 *
 * For everything small and nested: headers, metadata, trees, sections that nobody knows. yajl checks no allocation and
 * knows no depth limit, so its memory comes from the run's account with a way out (longjmp, in json_value.c only), and
 * depth is counted here.
 */
#ifndef FORMATS_JSON_VALUE_H
#define FORMATS_JSON_VALUE_H

#include "base/err.h"
#include "base/str.h"
#include "formats/json_in.h"

enum json_event {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER, /* text: as written */
	JSON_STRING, /* text: decoded */
	JSON_KEY,    /* text: decoded */
	JSON_MAP_START,
	JSON_MAP_END,
	JSON_ARRAY_START,
	JSON_ARRAY_END,
};

/*
 * `depth` counts the containers around the event (0 for the value itself and for its own start and end). `text` is valid
 * during the call. Non-zero with `e` filled ends the reading.
 */
typedef int json_event_fn(void *ctx, enum json_event event, struct str text, unsigned depth, struct err *e);

/*
 * Read the value that begins at the window's next byte and leave the window behind it. `fn` NULL skips the value.
 * ERR_FORMAT with yajl's reason, ERR_TRUNCATED, ERR_UNSUPPORTED when it is nested deeper than `max_depth`.
 */
int json_value_read(struct json_in *in, json_event_fn *fn, void *ctx, unsigned max_depth, struct err *e);

/* An unsigned integer in decimal; -1 when `text` is anything else or does not fit. */
int json_u64(struct str text, uint64_t *out);

#endif
