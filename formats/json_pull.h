/*
 * json_pull.h - a JSON text taken value by value, by a reader that knows what it wants next.
 *
 * For the profile formats, whose arrays of small objects go through yajl's callbacks at half the speed. Nothing is built:
 * texts point into the window or into one scratch buffer. What the reader does not want is skipped with its depth
 * counted, so nesting costs no stack.
 *
 *	json_pull_keys(p, take_key, ctx)     take_key() is called with each key of an object, and takes the value
 *	json_pull_items(p, take_item, ctx)   take_item() takes each value of an array
 *
 * What is nested without bound has to be walked with open, key and item instead, and a stack of one's own.
 */
#ifndef FORMATS_JSON_PULL_H
#define FORMATS_JSON_PULL_H

#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "formats/json_in.h"
#include "formats/wtf8.h"

#define JSON_KEY_BYTES 64

struct json_pull {
	struct json_in in;
	struct strbuf text;       /* a text that could not stay in the window */
	struct wtf8 clean;        /* one that was broken */
	char key[JSON_KEY_BYTES]; /* longer keys are cut: no reader knows any */
	int fresh;                /* a container was opened and nothing taken from it */
	const char *what;         /* of the input, for messages: "CPU profile" */
};

int json_pull_init(struct json_pull *p, struct run *run, struct source *src, size_t read_bytes, const char *what,
		   struct err *e);
void json_pull_release(struct json_pull *p);

/* The first byte of the next value, not taken; -1 at the end of the input. */
static inline int json_pull_peek(struct json_pull *p, int *c, struct err *e)
{
	const struct json_in *in = &p->in;

	/* what is no blank and no control is there without a call, as is nearly always */
	if (in->pos == in->len || (unsigned char)in->buf[in->pos] <= ' ')
		return json_in_peek(&p->in, c, e);
	*c = (unsigned char)in->buf[in->pos];
	return 0;
}

/* Take '{' or '['. */
int json_pull_open(struct json_pull *p, char open, struct err *e);

/* The next key of the open object, its ':' taken; NULL when the object ended. Valid until the next key is read. */
int json_pull_key(struct json_pull *p, const char **key, struct err *e);

/* Whether the open array has another value; its ']' is taken when not. */
int json_pull_item(struct json_pull *p, int *more, struct err *e);

/* The whole object, or the whole array: `fn` takes the values one by one. */
/* Whether the key is `name`: most are another, and differ in their first letter. */
static inline int json_key_is(const char *key, const char *name)
{
	return *key == *name && !strcmp(key, name);
}

typedef int json_key_fn(void *ctx, const char *key, struct err *e);
typedef int json_item_fn(void *ctx, struct err *e);
int json_pull_keys(struct json_pull *p, json_key_fn *fn, void *ctx, struct err *e);
int json_pull_items(struct json_pull *p, json_item_fn *fn, void *ctx, struct err *e);

/* A string, decoded to WTF-8; what is broken becomes U+FFFD. Valid until the next call. */
int json_pull_string(struct json_pull *p, struct str *out, struct err *e);

/*
 * A string in which nothing was escaped: it goes on to the first quote that is followed by one of the `ends`, at most 32
 * bytes each, NULL ended. Backslashes are themselves. Valid until the next call.
 */
int json_pull_raw_string(struct json_pull *p, const char *const *ends, struct str *out, struct err *e);

/*
 * A number times `scale`, rounded. Fractions and exponents are fine; ERR_FORMAT for what is no number or does not fit.
 */
int json_pull_number(struct json_pull *p, int64_t scale, int64_t *out, struct err *e);

/* An id: an unsigned integer, bare or in quotes. */
int json_pull_id(struct json_pull *p, uint64_t *out, struct err *e);

/* The next numbers of an array, at least one and at most JSON_BATCH. */
#define JSON_BATCH 1024
typedef int json_batch_fn(void *ctx, const int64_t *v, size_t n, struct err *e);

/*
 * A whole array of numbers times `scale`, as json_pull_number() takes them; or of ids (JSON_IDS), as json_pull_id() does,
 * of which those above 2^63 - 1 come as -1. Many at once: this is for arrays of millions.
 */
#define JSON_IDS 0
int json_pull_numbers(struct json_pull *p, int64_t scale, json_batch_fn *fn, void *ctx, struct err *e);

/* Whatever value comes next. ERR_UNSUPPORTED when it is nested deeper than a million levels. */
int json_pull_skip(struct json_pull *p, struct err *e);

/* ERR_FORMAT at the next byte: "expected WHAT, found ...". */
int json_pull_expected(struct json_pull *p, const char *wanted, struct err *e);

#endif
