#include "formats/kernel_symbols.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "formats/feed.h"
#include "formats/perf_attr.h"

#define NOTE_GNU_BUILD_ID 3

/* Notes: lengths of name and content, type, then both, each padded to four bytes. */
static int is_running(const unsigned char *p, size_t n, const struct build_id *id)
{
	while (n >= 12) {
		size_t name = (perf_u32(p) + 3) & ~(size_t)3, desc = perf_u32(p + 4), padded = (desc + 3) & ~(size_t)3;

		if (name > n - 12 || padded > n - 12 - name)
			return 0;
		if (perf_u32(p + 8) == NOTE_GNU_BUILD_ID && name == 4 && !memcmp(p + 12, "GNU", 4))
			return desc <= id->n && !memcmp(p + 16, id->bytes, desc);
		p += 12 + name + padded;
		n -= 12 + name + padded;
	}
	return 0;
}

static int kernel_is(const struct build_id *id)
{
	unsigned char notes[4096];
	int fd = open("/sys/kernel/notes", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, notes, sizeof(notes));

	if (fd >= 0)
		close(fd);
	return id->n && n > 0 && is_running(notes, (size_t)n, id);
}

/* "ffffffff81000000 T _text", for modules with "\t[name]" behind. Addresses are zeros when they are hidden. */
static int take_line(struct elf_symbols *s, struct str line, struct err *e)
{
	struct elf_symbol *row;
	struct str name;
	char digits[17];

	if (line.n < 20 || !strchr("tTwW", line.s[17]))
		return 0;
	memcpy(digits, line.s, 16);
	digits[16] = '\0';
	name = (struct str){ line.s + 19, line.n - 19 };
	if (memchr(name.s, '\t', name.n))
		name.n = (size_t)((const char *)memchr(name.s, '\t', name.n) - name.s);
	if (mem_reserve(s->mem, (void **)&s->rows, &s->capacity, s->n_rows + 1, sizeof(*s->rows), e))
		return e->kind;
	row = &s->rows[s->n_rows];
	*row = (struct elf_symbol){ strtoull(digits, NULL, 16), UINT64_MAX, (uint32_t)s->names.n };
	if (!row->start)
		return 0;
	s->n_rows++;
	return strtab_add(&s->names, name, e);
}

static int read_lines(struct elf_symbols *s, struct feed *in, struct err *e)
{
	struct str line;
	int got, whole;

	for (;;) {
		if (feed_line(in, &line, &got, &whole, e))
			return e->kind;
		if (!got)
			return 0;
		if (take_line(s, line, e))
			return e->kind;
	}
}

static int by_start(const void *x, const void *y)
{
	const struct elf_symbol *a = x, *b = y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	/* of several names the first in the list, which comes last here, is found */
	return a->name < b->name ? 1 : -1;
}

/* Addresses are their own offsets. */
static int finish(struct elf_symbols *s, struct err *e)
{
	if (s->n_rows)
		qsort(s->rows, s->n_rows, sizeof(*s->rows), by_start);
	if (mem_reserve(s->mem, (void **)&s->segments, &s->segments_capacity, 1, sizeof(*s->segments), e))
		return e->kind;
	s->segments[0] = (struct elf_segment){ 0, UINT64_MAX, 0 };
	s->n_segments = 1;
	return 0;
}

int kernel_symbols_read(struct elf_symbols *s, struct run *run, const struct build_id *id, int *found, struct err *e)
{
	struct source *src;
	struct feed in;
	int rc;

	*found = 0;
	if (!kernel_is(id) || access("/proc/kallsyms", R_OK))
		return 0;
	if (source_open(&src, &run->mem, "/proc/kallsyms", e))
		return e->kind;
	rc = feed_init(&in, run, src, 0, e);
	if (!rc) {
		rc = read_lines(s, &in, e);
		feed_release(&in);
	}
	source_close(src);
	*found = !rc && s->n_rows;
	return rc ? rc : finish(s, e);
}
