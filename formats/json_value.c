#include "formats/json_value.h"

#include <setjmp.h>
#include <string.h>
#include <yajl/yajl_parse.h>

struct value {
	struct json_in *in;
	json_event_fn *fn;
	void *ctx;
	unsigned depth, max_depth;
	int done;        /* the value is complete */
	struct err *err;
	jmp_buf out_of_memory;
	yajl_handle handle;
	struct block *blocks; /* all that yajl holds, so that leaving by longjmp loses nothing */
};

/* Header of each block given to yajl; a ring through `blocks`. */
struct block {
	struct block *next, *previous;
	_Alignas(16) char data[];
};

static void *give(void *ctx, size_t n)
{
	struct value *v = ctx;
	struct block *b = mem_alloc(&v->in->run->mem, 1, n + sizeof(*b), v->err);

	if (!b)
		longjmp(v->out_of_memory, 1);
	b->next = v->blocks;
	if (b->next)
		b->next->previous = b;
	v->blocks = b;
	return b->data;
}

static void take(void *ctx, void *p)
{
	struct value *v = ctx;
	struct block *b;

	if (!p)
		return;
	b = (struct block *)((char *)p - offsetof(struct block, data));
	if (b->previous)
		b->previous->next = b->next;
	else
		v->blocks = b->next;
	if (b->next)
		b->next->previous = b->previous;
	mem_free(&v->in->run->mem, b);
}

static void *regive(void *ctx, void *p, size_t n)
{
	struct block *b;
	size_t old;
	void *q;

	if (!p)
		return give(ctx, n);
	b = (struct block *)((char *)p - offsetof(struct block, data));
	old = mem_size(b) - sizeof(*b);
	q = give(ctx, n);
	memcpy(q, p, old < n ? old : n);
	take(ctx, p);
	return q;
}

/* yajl goes on after a callback's 1 and stops after its 0. */
static int emit(struct value *v, enum json_event event, struct str text)
{
	return !v->fn || !v->fn(v->ctx, event, text, v->depth, v->err);
}

static int scalar(struct value *v, enum json_event event, const void *s, size_t n)
{
	v->done = v->depth == 0;
	return emit(v, event, (struct str){ s, n });
}

static int open_container(struct value *v, enum json_event event)
{
	if (!emit(v, event, STR_LIT("")))
		return 0;
	if (v->depth == v->max_depth) {
		err_at(v->err, ERR_UNSUPPORTED, json_in_offset(v->in), "nested deeper than %u levels", v->max_depth);
		return 0;
	}
	v->depth++;
	return 1;
}

static int close_container(struct value *v, enum json_event event)
{
	v->depth--;
	v->done = v->depth == 0;
	return emit(v, event, STR_LIT(""));
}

static int on_null(void *v)
{
	return scalar(v, JSON_NULL, "", 0);
}

static int on_boolean(void *v, int value)
{
	return value ? scalar(v, JSON_BOOL, "true", 4) : scalar(v, JSON_BOOL, "false", 5);
}

static int on_number(void *v, const char *s, size_t n)
{
	return scalar(v, JSON_NUMBER, s, n);
}

static int on_string(void *v, const unsigned char *s, size_t n)
{
	return scalar(v, JSON_STRING, s, n);
}

static int on_key(void *v, const unsigned char *s, size_t n)
{
	return emit(v, JSON_KEY, (struct str){ (const char *)s, n });
}

static int on_map_start(void *v)
{
	return open_container(v, JSON_MAP_START);
}

static int on_map_end(void *v)
{
	return close_container(v, JSON_MAP_END);
}

static int on_array_start(void *v)
{
	return open_container(v, JSON_ARRAY_START);
}

static int on_array_end(void *v)
{
	return close_container(v, JSON_ARRAY_END);
}

static const yajl_callbacks callbacks = {
	on_null,   on_boolean,   NULL,       NULL,   on_number,      on_string,
	on_map_start, on_key, on_map_end, on_array_start, on_array_end,
};

static int parse_error(struct value *v, struct err *e)
{
	unsigned char *why;
	char text[160];

	if (e->kind)
		return e->kind;
	why = yajl_get_error(v->handle, 0, NULL, 0);
	memset(text, 0, sizeof(text));
	strncpy(text, (const char *)why, sizeof(text) - 1);
	yajl_free_error(v->handle, why);
	text[strcspn(text, "\n")] = '\0';
	return err_at(e, ERR_FORMAT, json_in_offset(v->in) + yajl_get_bytes_consumed(v->handle), "not valid JSON: %s",
		      text);
}

static int feed(struct value *v, struct err *e)
{
	struct json_in *in = v->in;

	while (!v->done) {
		yajl_status st;

		if (in->pos == in->len && json_in_fill(in, e))
			return e->kind;
		if (in->pos == in->len)
			return err_at(e, ERR_TRUNCATED, json_in_offset(in), "the input ends inside a JSON value");
		st = yajl_parse(v->handle, (const unsigned char *)in->buf + in->pos, in->len - in->pos);
		if (st != yajl_status_ok)
			return parse_error(v, e);
		in->pos += yajl_get_bytes_consumed(v->handle);
	}
	return 0;
}

static void free_blocks(struct value *v)
{
	while (v->blocks)
		take(v, v->blocks->data);
}

int json_value_read(struct json_in *in, json_event_fn *fn, void *ctx, unsigned max_depth, struct err *e)
{
	struct value v = { .in = in, .fn = fn, .ctx = ctx, .max_depth = max_depth, .err = e };
	yajl_alloc_funcs alloc = { give, regive, take, &v };
	int rc;

	if (setjmp(v.out_of_memory)) {
		free_blocks(&v);
		return e->kind;
	}
	v.handle = yajl_alloc(&callbacks, &alloc, &v);
	yajl_config(v.handle, yajl_allow_trailing_garbage, 1);
	yajl_config(v.handle, yajl_dont_validate_strings, 1);
	rc = feed(&v, e);
	yajl_free(v.handle);
	free_blocks(&v);
	return rc;
}

int json_u64(struct str text, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9' || __builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(text.s[i] - '0'), &v))
			return -1;
	}
	*out = v;
	return text.n ? 0 : -1;
}
