#include "formats/jit_symbols.h"

#include <stdlib.h>

#include "base/companion.h"
#include "formats/feed.h"
#include "formats/perf_attr.h"

void jit_symbols_init(struct jit_symbols *j, struct run *run)
{
	memset(j, 0, sizeof(*j));
	j->run = run;
	strtab_init(&j->names, &run->mem);
	code_map_init(&j->map, &run->mem);
}

void jit_symbols_release(struct jit_symbols *j)
{
	strtab_release(&j->names);
	code_map_release(&j->map);
	mem_free(&j->run->mem, j->loads);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A hexadecimal number and the blank behind it. */
static int take_hex(struct str *s, uint64_t *value)
{
	size_t i = 0;

	if (str_starts(*s, "0x"))
		*s = (struct str){ s->s + 2, s->n - 2 };
	for (*value = 0; i < s->n && i < 16 && hex_value(s->s[i]) >= 0; i++)
		*value = *value << 4 | (uint64_t)hex_value(s->s[i]);
	if (!i || i >= s->n || s->s[i] != ' ')
		return 0;
	*s = (struct str){ s->s + i + 1, s->n - i - 1 };
	return 1;
}

static int take_map_line(struct jit_symbols *j, struct str line, struct err *e)
{
	uint64_t start, bytes;

	if (!take_hex(&line, &start) || !take_hex(&line, &bytes) || bytes > CODE_MAX_BYTES || start > UINT64_MAX - bytes) {
		j->n_damaged++;
		return 0;
	}
	if (strtab_add(&j->names, line, e))
		return e->kind;
	return code_map_add(&j->map, start, bytes, (uint32_t)j->names.n - 1, e);
}

static int read_map_lines(struct jit_symbols *j, struct feed *in, struct err *e)
{
	struct str line;
	int got, whole;

	for (;;) {
		if (feed_line(in, &line, &got, &whole, e))
			return e->kind;
		if (!got)
			return 0;
		/* a process that was killed leaves half a line */
		if (whole && line.n && take_map_line(j, line, e))
			return e->kind;
	}
}

/* Open, let `fn` read, close. */
static int with_file(struct jit_symbols *j, const char *path, int *found,
		     int (*fn)(struct jit_symbols *j, struct feed *in, struct err *e), struct err *e)
{
	struct source *src;
	struct feed in;
	int fd, rc;

	*found = 0;
	if (companion_open(j->run, path, &fd, e))
		return e->kind;
	*found = fd >= 0;
	if (!*found || source_open_fd(&src, &j->run->mem, fd, path, e))
		return *found ? e->kind : 0;
	rc = feed_init(&in, j->run, src, 0, e);
	if (!rc) {
		rc = fn(j, &in, e);
		feed_release(&in);
	}
	source_close(src);
	return rc ? err_in(e, path) : 0;
}

int jit_symbols_read_map(struct jit_symbols *j, const char *path, int *found, struct err *e)
{
	return with_file(j, path, found, read_map_lines, e);
}

#define JITDUMP_MAGIC 0x4A695444u
#define JITDUMP_HEAD 16 /* of a record: id, size, time */

enum { JIT_CODE_LOAD = 0, JIT_CODE_MOVE = 1 };

static int add_load(struct jit_symbols *j, const struct jit_load *load, struct err *e)
{
	if (load->bytes > CODE_MAX_BYTES || load->start > UINT64_MAX - load->bytes) {
		j->n_damaged++;
		return 0;
	}
	if (mem_reserve(&j->run->mem, (void **)&j->loads, &j->loads_capacity, j->n_loads + 1, sizeof(*load), e))
		return e->kind;
	j->loads[j->n_loads++] = *load;
	return 0;
}

/* pid, tid, vma, address, size, index, name NUL, code */
static int take_load(struct jit_symbols *j, const unsigned char *r, size_t n, struct err *e)
{
	struct jit_load load = { .time = perf_u64(r + 8) };
	const unsigned char *end;

	if (n < 57 || !(end = memchr(r + 56, '\0', n - 56))) {
		j->n_damaged++;
		return 0;
	}
	load.start = perf_u64(r + 32);
	load.bytes = perf_u64(r + 40);
	load.name = (uint32_t)j->names.n;
	if (strtab_add(&j->names, (struct str){ (const char *)r + 56, (size_t)(end - r) - 56 }, e))
		return e->kind;
	return add_load(j, &load, e);
}

/* pid, tid, vma, old address, new address, size, index */
static int take_move(struct jit_symbols *j, const unsigned char *r, size_t n, struct err *e)
{
	struct jit_load load = { .time = perf_u64(r + 8) };

	if (n < 64) {
		j->n_damaged++;
		return 0;
	}
	load.moved_from = perf_u64(r + 32);
	load.start = perf_u64(r + 40);
	return add_load(j, &load, e);
}

static int take_record(struct jit_symbols *j, const unsigned char *r, size_t n, struct err *e)
{
	uint32_t id = perf_u32(r);

	if (id == JIT_CODE_LOAD)
		return take_load(j, r, n, e);
	return id == JIT_CODE_MOVE ? take_move(j, r, n, e) : 0;
}

static int by_time(const void *x, const void *y)
{
	const struct jit_load *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	/* as they lie in the file: names are numbered in that order, moves have none and come last */
	return a->name < b->name ? -1 : a->name > b->name;
}

static int read_records(struct jit_symbols *j, struct feed *in, struct err *e)
{
	for (;;) {
		uint32_t n;

		if (feed_need(in, JITDUMP_HEAD, e))
			return e->kind;
		if (feed_left(in) < JITDUMP_HEAD)
			return 0;
		n = perf_u32(feed_bytes(in) + 4);
		if (n < JITDUMP_HEAD) {
			j->n_damaged++;
			return 0;
		}
		if (feed_need(in, n, e))
			return e->kind;
		/* a process that was killed leaves half a record */
		if (feed_left(in) < n)
			return 0;
		if (take_record(j, feed_bytes(in), n, e))
			return e->kind;
		in->pos += n;
	}
}

static int read_dump(struct jit_symbols *j, struct feed *in, struct err *e)
{
	uint32_t head;

	if (feed_need(in, 40, e))
		return e->kind;
	if (feed_left(in) < 40 || perf_u32(feed_bytes(in)) != JITDUMP_MAGIC)
		return err_set(e, ERR_FORMAT, "this is no jitdump file of a machine like this one");
	head = perf_u32(feed_bytes(in) + 8);
	if (head < 40 || head > 4096)
		return err_set(e, ERR_FORMAT, "a jitdump file with a header of %u bytes", head);
	if (feed_skip(in, head, e) || read_records(j, in, e))
		return e->kind;
	if (j->n_loads)
		qsort(j->loads, j->n_loads, sizeof(*j->loads), by_time);
	return 0;
}

int jit_symbols_read_dump(struct jit_symbols *j, const char *path, int *found, struct err *e)
{
	return with_file(j, path, found, read_dump, e);
}

static int apply(struct jit_symbols *j, const struct jit_load *l, struct err *e)
{
	if (l->moved_from)
		return code_map_move(&j->map, l->moved_from, l->start, e);
	return code_map_add(&j->map, l->start, l->bytes, l->name, e);
}

int jit_symbols_find(struct jit_symbols *j, uint64_t address, uint64_t time, uint32_t *code, struct err *e)
{
	while (j->next_load < j->n_loads && j->loads[j->next_load].time <= time)
		if (apply(j, &j->loads[j->next_load++], e))
			return e->kind;
	*code = code_map_find(&j->map, address);
	return 0;
}
