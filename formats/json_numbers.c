#include "formats/json_numbers.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/pool.h"
#include "formats/number_run.h"

#define PADDING 64 /* a vector window may begin at the last byte */

/* A piece of the array between two separators, ready to be decoded. */
struct block {
	const char *start, *end;
	uint64_t offset;      /* decoded offset of `start` */
	uint64_t first, n;    /* index of the first number, how many there are */
	int last;             /* the array's end follows: no comma after the last number */
};

/* What the threads share, guarded by `lock`. */
struct job {
	struct json_in *in;
	const struct number_sink *sink;
	const char *stage;
	pthread_mutex_t lock;
	pthread_cond_t idle;   /* active has become 0, or growing has */
	unsigned active;       /* threads that decode */
	int growing;           /* one thread waits for the others, to make room; no block may be taken */
	uint64_t next;         /* index of the next block's first number */
	uint64_t reserved;     /* numbers that the sink has room for */
	int finished;          /* ']' was met */
	int failed;
	uint64_t failed_offset;
	struct err err;        /* the failure with the lowest offset */
	uint64_t good;         /* numbers before the failure */
};

static void fail_locked(struct job *j, const struct err *e, uint64_t good)
{
	uint64_t offset = e->offset == ERR_NO_OFFSET ? UINT64_MAX - 1 : e->offset;

	if (!j->failed || offset < j->failed_offset) {
		j->err = *e;
		j->failed_offset = offset;
		j->good = good;
	}
	j->failed = 1;
}

static uint64_t count_commas_plain(const char *p, const char *end)
{
	uint64_t n = 0;

	for (; p < end; p++)
		n += *p == ',';
	return n;
}

#ifdef __SSE2__
/* Sixteen counters of a byte each, emptied before they can overflow: a block is counted while it is still in the cache. */
static uint64_t count_commas(const char *p, const char *end)
{
	const __m128i comma = _mm_set1_epi8(','), zero = _mm_setzero_si128();
	__m128i sums = zero;
	uint64_t halves[2];

	while (end - p >= 16) {
		const char *stop = end - p > 255 * 16 ? p + 255 * 16 : p + (end - p) / 16 * 16;
		__m128i counts = zero;

		for (; p < stop; p += 16)
			counts = _mm_sub_epi8(counts, _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)p), comma));
		sums = _mm_add_epi64(sums, _mm_sad_epu8(counts, zero));
	}
	_mm_storeu_si128((__m128i *)halves, sums);
	return halves[0] + halves[1] + count_commas_plain(p, end);
}
#else
static uint64_t count_commas(const char *p, const char *end)
{
	return count_commas_plain(p, end);
}
#endif

static const char *last_comma(const char *start, const char *end)
{
	while (end > start && end[-1] != ',')
		end--;
	return end > start ? end - 1 : NULL;
}

static int blank(const char *p, const char *end)
{
	for (; p < end; p++)
		if (*p != ' ' && *p != '\n' && *p != '\r' && *p != '\t')
			return 0;
	return 1;
}

/*
 * Fill the window until it holds a comma or the end of the array, and say where the block before that ends. `*last`: the
 * array's ']' stands there.
 */
static int find_cut(struct json_in *in, const char **cut, int *last, struct err *e)
{
	for (;;) {
		size_t have = in->len - in->pos;
		const char *at = in->buf + in->pos, *bracket = memchr(at, ']', have);

		*last = bracket != NULL;
		*cut = bracket ? bracket : last_comma(at, at + have);
		if (*cut) {
			*cut += !*last;
			return 0;
		}
		if (in->at_end)
			return err_at(e, ERR_TRUNCATED, in->buf_offset + in->len, "the input ends inside an array of numbers");
		if (have == JSON_WINDOW_BYTES)
			return err_at(e, ERR_FORMAT, json_in_offset(in), "a megabyte without a number or a comma");
		if (json_in_fill(in, e))
			return e->kind;
	}
}

/*
 * Give the window's buffer to the block and `*spare` to the window, with what follows the cut: a megabyte changes hands
 * without being copied.
 */
static void swap_buffers(struct json_in *in, char **spare, const char *cut)
{
	char *full = in->buf;
	size_t rest = (size_t)(full + in->len - cut);

	memcpy(*spare, cut, rest);
	in->buf_offset += (uint64_t)(cut - full);
	in->buf = *spare;
	in->pos = 0;
	in->len = rest;
	*spare = full;
}

/* A cut compressed file fails here while the window still holds numbers: when they are used up, it fails again. */
static int read_ahead(struct json_in *in, struct err *e)
{
	if (json_in_fill(in, e) != ERR_TRUNCATED || in->pos == in->len)
		return e->kind;
	*e = (struct err)ERR_INIT;
	return 0;
}

static int next_block(struct job *j, char **spare, struct block *b, struct err *e)
{
	struct json_in *in = j->in;
	const char *cut = NULL;

	if (in->len - in->pos < JSON_WINDOW_BYTES / 2 && !in->at_end && read_ahead(in, e))
		return e->kind;
	if (find_cut(in, &cut, &b->last, e))
		return e->kind;
	b->offset = json_in_offset(in);
	b->start = in->buf + in->pos;
	b->end = cut;
	swap_buffers(in, spare, cut);
	memset(*spare + (cut - *spare), 0, PADDING);
	b->first = j->next;
	b->n = count_commas(b->start, b->end);
	if (b->last && !(b->first == 0 && b->n == 0 && blank(b->start, b->end)))
		b->n++;
	j->next += b->n;
	return 0;
}

/* Growing moves the sink's columns, so nobody may be writing. */
static int reserve_locked(struct job *j, struct err *e)
{
	uint64_t room;

	if (j->next <= j->reserved)
		return 0;
	j->growing = 1;
	while (j->active)
		pthread_cond_wait(&j->idle, &j->lock);
	room = j->reserved + j->reserved / 2;
	if (room < j->next)
		room = j->next;
	if (!j->sink->reserve(j->sink->ctx, j->next, &room, e))
		j->reserved = room;
	j->growing = 0;
	pthread_cond_broadcast(&j->idle);
	return e->kind;
}

/* 1: a block was taken; 0: there is nothing more to do. */
static int take_block(struct job *j, char **spare, struct block *b)
{
	struct err e = ERR_INIT;
	int got = 0;

	pthread_mutex_lock(&j->lock);
	while (j->growing)
		pthread_cond_wait(&j->idle, &j->lock);
	if (!j->finished && !j->failed) {
		uint64_t before = j->next;

		if (next_block(j, spare, b, &e) || reserve_locked(j, &e) ||
		    run_tick(j->in->run, j->stage, source_consumed(j->in->source), source_size(j->in->source), &e)) {
			fail_locked(j, &e, before);
		} else {
			j->finished = b->last;
			j->active++;
			got = 1;
		}
	}
	pthread_mutex_unlock(&j->lock);
	return got;
}

static void give_back(struct job *j, const struct err *e, uint64_t good)
{
	pthread_mutex_lock(&j->lock);
	if (e->kind)
		fail_locked(j, e, good);
	if (--j->active == 0)
		pthread_cond_broadcast(&j->idle);
	pthread_mutex_unlock(&j->lock);
}

static int bad_number(const struct block *b, const char *p, struct err *e)
{
	char shown[16];

	if (p >= b->end && b->last)
		return err_at(e, ERR_FORMAT, b->offset + (uint64_t)(p - b->start), "expected a number, found ']'");
	return err_at(e, ERR_FORMAT, b->offset + (uint64_t)(p - b->start), "expected an unsigned integer, found %s",
		      json_in_show((unsigned char)*p, shown));
}

static const char *skip_space(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
		p++;
	return p;
}

/*
 * The general case of one number with its comma: white space anywhere, any length up to 2^64-1. Returns the position
 * after the comma, or NULL with `e` filled. Reading past `end` meets the padding's NUL.
 */
static const char *slow_number(const struct block *b, const char *p, uint64_t *out, struct err *e)
{
	const char *digits;
	uint64_t v = 0;

	digits = p = skip_space(p);
	for (; *p >= '0' && *p <= '9'; p++) {
		if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v)) {
			err_at(e, ERR_FORMAT, b->offset + (uint64_t)(digits - b->start), "a number over 2^64");
			return NULL;
		}
	}
	if (p == digits) {
		bad_number(b, p, e);
		return NULL;
	}
	*out = v;
	p = skip_space(p);
	if (p < b->end ? *p == ',' : b->last)
		return p + 1;
	bad_number(b, p, e);
	return NULL;
}

/* Decode numbers until `max` or the block's end; returns the position reached or NULL. */
static const char *decode(const struct block *b, const char *p, uint64_t *v, size_t max, size_t *n, struct err *e)
{
	size_t i = 0;

	while (i < max && p < b->end) {
		size_t before = i;

		p = number_run(p, b->end, v, max, &i);
		if (i > before)
			continue;
		p = slow_number(b, p, &v[i], e);
		if (!p)
			break;
		i++;
	}
	*n = i;
	return p;
}

/* Where number `index` of the block begins. */
static uint64_t offset_of(const struct block *b, uint64_t index)
{
	const char *p = b->start;

	while (index && p < b->end)
		index -= *p++ == ',';
	return b->offset + (uint64_t)(skip_space(p) - b->start);
}

/* `*done` counts the numbers that the sink has taken. */
static int decode_block(const struct job *j, const struct block *b, uint64_t *done, struct err *e)
{
	uint64_t v[NUMBER_BATCH];
	const char *p = b->start;

	while (*done < b->n) {
		size_t n, bad = 0;

		p = decode(b, p, v, NUMBER_BATCH, &n, e);
		if (n && j->sink->take(j->sink->ctx, b->first + *done, v, n, &bad, e)) {
			e->offset = offset_of(b, *done + bad);
			*done += bad;
			return e->kind;
		}
		*done += n;
		if (!p)
			return e->kind;
		if (n == 0)
			return bad_number(b, b->end, e);
	}
	return 0;
}

static int work(void *ctx, unsigned task, struct err *e)
{
	struct job *j = ctx;
	struct block b = { 0 };
	char *spare = mem_alloc(&j->in->run->mem, JSON_BUFFER_BYTES, 1, e);

	(void)task;
	if (!spare)
		return e->kind;
	while (take_block(j, &spare, &b)) {
		struct err mine = ERR_INIT;
		uint64_t done = 0;

		decode_block(j, &b, &done, &mine);
		give_back(j, &mine, b.first + done);
	}
	mem_free(&j->in->run->mem, spare);
	return 0;
}

int json_numbers_read(struct json_in *in, const char *stage, const struct number_sink *sink, uint64_t *n, struct err *e)
{
	struct job j = { .in = in, .sink = sink, .stage = stage };
	int rc;

	*n = 0;
	if (json_in_expect(in, '[', "at the start of an array", e))
		return e->kind;
	pthread_mutex_init(&j.lock, NULL);
	pthread_cond_init(&j.idle, NULL);
	rc = pool_run(in->run, in->run->jobs, work, &j, e);
	pthread_cond_destroy(&j.idle);
	pthread_mutex_destroy(&j.lock);
	*n = j.failed ? j.good : j.next;
	if (!rc && j.failed)
		*e = j.err;
	if (rc || j.failed)
		return e->kind;
	return json_in_expect(in, ']', "at the end of an array", e);
}
