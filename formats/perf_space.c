#include "formats/perf_space.h"

/* Of code in one process; of all together, for what hostile input can make of forks. */
#define MAX_MAPS ((size_t)1 << 13)
#define MAX_ROWS ((uint64_t)1 << 22)

void perf_spaces_init(struct perf_spaces *s, struct mem *m)
{
	memset(s, 0, sizeof(*s));
	s->mem = m;
	memo_init(&s->pids, m);
}

static void release_block(struct perf_spaces *s, struct perf_block *b)
{
	if (!--b->users)
		mem_free(s->mem, b);
}

static void release_maps(struct perf_spaces *s, struct perf_maps *m)
{
	for (size_t i = 0; i < m->n_blocks; i++)
		release_block(s, m->blocks[i]);
	mem_free(s->mem, m->blocks);
}

void perf_spaces_release(struct perf_spaces *s)
{
	for (size_t i = 0; i < s->n_maps; i++)
		release_maps(s, &s->maps[i]);
	memo_release(&s->pids);
	mem_free(s->mem, s->maps_of);
	mem_free(s->mem, s->maps);
}

static int process_of(struct perf_spaces *s, uint32_t pid, uint32_t *process, struct err *e)
{
	*process = s->last_process;
	if (memo_n(&s->pids) && pid == s->last_pid)
		return 0;
	if (memo_add(&s->pids, (struct str){ (const char *)&pid, sizeof(pid) }, process, e) ||
	    mem_reserve(s->mem, (void **)&s->maps_of, &s->maps_of_capacity, (size_t)*process + 1, sizeof(*s->maps_of), e))
		return e->kind;
	s->last_pid = pid;
	s->last_process = *process;
	return 0;
}

static void leave(struct perf_spaces *s, uint32_t process)
{
	size_t number = s->maps_of[process];
	struct perf_maps *m = number ? &s->maps[number - 1] : NULL;

	s->maps_of[process] = 0;
	if (!m || --m->users)
		return;
	s->n_rows -= m->n;
	release_maps(s, m);
	*m = (struct perf_maps){ .n = s->free_maps };
	s->free_maps = number;
}

static int new_maps(struct perf_spaces *s, uint32_t process, struct err *e)
{
	size_t number = s->free_maps;

	if (number) {
		s->free_maps = s->maps[number - 1].n;
		s->maps[number - 1] = (struct perf_maps){ .users = 1 };
		s->maps_of[process] = (uint32_t)number;
		return 0;
	}
	if (mem_reserve(s->mem, (void **)&s->maps, &s->maps_capacity, s->n_maps + 1, sizeof(*s->maps), e))
		return e->kind;
	s->maps[s->n_maps] = (struct perf_maps){ .users = 1 };
	s->maps_of[process] = (uint32_t)++s->n_maps;
	return 0;
}

/* A copy of its own for a process that is about to change what it shares. */
static int own_maps(struct perf_spaces *s, uint32_t process, struct err *e)
{
	uint32_t shared = s->maps_of[process];
	struct perf_maps *from, *to;

	if (shared && s->maps[shared - 1].users == 1)
		return 0;
	if (new_maps(s, process, e) || !shared)
		return e->kind;
	from = &s->maps[shared - 1];
	to = &s->maps[s->maps_of[process] - 1];
	from->users--;
	if (from->n + s->n_rows > MAX_ROWS) {
		s->n_refused += from->n;
		return 0;
	}
	if (mem_reserve(s->mem, (void **)&to->blocks, &to->capacity, from->n_blocks, sizeof(*to->blocks), e))
		return e->kind;
	for (; to->n_blocks < from->n_blocks; to->n_blocks++) {
		to->blocks[to->n_blocks] = from->blocks[to->n_blocks];
		to->blocks[to->n_blocks]->users++;
	}
	to->n = from->n;
	s->n_rows += to->n;
	return 0;
}

/* A place among the rows: before row `row` of block `block`; block n_blocks: behind them all. */
struct spot {
	size_t block, row;
};

/* The first row that ends behind the address. */
static struct spot first_behind(const struct perf_maps *m, uint64_t address)
{
	struct spot at = { 0, 0 };
	size_t high = m->n_blocks;

	while (at.block < high) {
		size_t mid = at.block + (high - at.block) / 2;
		const struct perf_block *b = m->blocks[mid];

		if (b->rows[b->n - 1].end <= address)
			at.block = mid + 1;
		else
			high = mid;
	}
	if (at.block == m->n_blocks)
		return at;
	high = m->blocks[at.block]->n;
	while (at.row < high) {
		size_t mid = at.row + (high - at.row) / 2;

		if (m->blocks[at.block]->rows[mid].end <= address)
			at.row = mid + 1;
		else
			high = mid;
	}
	return at;
}

static const struct perf_map *row_at(const struct perf_maps *m, struct spot at)
{
	return at.block < m->n_blocks ? &m->blocks[at.block]->rows[at.row] : NULL;
}

static struct spot next_row(const struct perf_maps *m, struct spot at)
{
	if (++at.row == m->blocks[at.block]->n)
		at = (struct spot){ at.block + 1, 0 };
	return at;
}

static int new_block(struct perf_spaces *s, struct perf_maps *m, size_t at, struct err *e)
{
	struct perf_block *b;

	if (mem_reserve(s->mem, (void **)&m->blocks, &m->capacity, m->n_blocks + 1, sizeof(*m->blocks), e))
		return e->kind;
	b = MEM_NEW(s->mem, struct perf_block, 1, e);
	if (!b)
		return e->kind;
	b->users = 1;
	memmove(m->blocks + at + 1, m->blocks + at, (m->n_blocks - at) * sizeof(*m->blocks));
	m->blocks[at] = b;
	m->n_blocks++;
	return 0;
}

/* The block itself, or a copy of one that others have, too. */
static struct perf_block *own_block(struct perf_spaces *s, struct perf_maps *m, size_t at, struct err *e)
{
	struct perf_block *shared = m->blocks[at], *b;

	if (shared->users == 1)
		return shared;
	b = MEM_NEW(s->mem, struct perf_block, 1, e);
	if (!b)
		return NULL;
	*b = *shared;
	b->users = 1;
	shared->users--;
	m->blocks[at] = b;
	return b;
}

static void drop_blocks(struct perf_spaces *s, struct perf_maps *m, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		m->n -= m->blocks[i]->n;
		release_block(s, m->blocks[i]);
	}
	memmove(m->blocks + from, m->blocks + to, (m->n_blocks - to) * sizeof(*m->blocks));
	m->n_blocks -= to - from;
}

/* Rows first .. first + n - 1 of a block; not all of them. */
static int drop_rows(struct perf_spaces *s, struct perf_maps *m, struct spot first, size_t n, struct err *e)
{
	struct perf_block *b = n ? own_block(s, m, first.block, e) : NULL;

	if (!b)
		return n ? e->kind : 0;
	memmove(b->rows + first.row, b->rows + first.row + n, (b->n - first.row - n) * sizeof(*b->rows));
	b->n -= (uint32_t)n;
	m->n -= n;
	return 0;
}

/* Everything between two places. `from` is then where the new rows belong. */
static int drop_range(struct perf_spaces *s, struct perf_maps *m, struct spot *from, struct spot to, struct err *e)
{
	size_t whole;

	if (from->block == to.block)
		return drop_rows(s, m, *from, to.row - from->row, e);
	if (to.row && drop_rows(s, m, (struct spot){ to.block, 0 }, to.row, e))
		return e->kind;
	whole = from->row ? from->block + 1 : from->block;
	drop_blocks(s, m, whole, to.block);
	return from->row ? drop_rows(s, m, *from, m->blocks[from->block]->n - from->row, e) : 0;
}

/* Half of a full block goes to a new one behind it; nothing when only its end is wanted, as by lists that grow there. */
static int split(struct perf_spaces *s, struct perf_maps *m, struct spot *at, struct err *e)
{
	struct perf_block *b, *half;

	if (at->row == m->blocks[at->block]->n) {
		*at = (struct spot){ at->block + 1, 0 };
		return new_block(s, m, at->block, e);
	}
	b = own_block(s, m, at->block, e);
	if (!b || new_block(s, m, at->block + 1, e))
		return e->kind;
	half = m->blocks[at->block + 1];
	half->n = b->n / 2;
	b->n -= half->n;
	memcpy(half->rows, b->rows + b->n, half->n * sizeof(*b->rows));
	if (at->row > b->n)
		*at = (struct spot){ at->block + 1, at->row - b->n };
	return 0;
}

static int insert(struct perf_spaces *s, struct perf_maps *m, struct spot *at, const struct perf_map *rows, size_t n,
		  struct err *e)
{
	struct perf_block *b;

	if (at->block == m->n_blocks || !at->row) {
		/* At the end of the block before, where there is one: lists mostly grow at their ends. */
		if (at->block)
			*at = (struct spot){ at->block - 1, m->blocks[at->block - 1]->n };
		else if (!m->n_blocks && new_block(s, m, 0, e))
			return e->kind;
	}
	if (m->blocks[at->block]->n + n > PERF_BLOCK_ROWS && split(s, m, at, e))
		return e->kind;
	b = own_block(s, m, at->block, e);
	if (!b)
		return e->kind;
	memmove(b->rows + at->row + n, b->rows + at->row, (b->n - at->row) * sizeof(*b->rows));
	memcpy(b->rows + at->row, rows, n * sizeof(*rows));
	b->n += (uint32_t)n;
	m->n += n;
	return 0;
}

/* Small neighbours become one block, so that there are never many more blocks than rows call for. */
static int join(struct perf_spaces *s, struct perf_maps *m, size_t at, struct err *e)
{
	struct perf_block *b, *next = at + 1 < m->n_blocks ? m->blocks[at + 1] : NULL;

	if (!next || m->blocks[at]->n + next->n > PERF_BLOCK_ROWS / 2)
		return 0;
	b = own_block(s, m, at, e);
	if (!b)
		return e->kind;
	memcpy(b->rows + b->n, next->rows, next->n * sizeof(*b->rows));
	b->n += next->n;
	m->n += next->n; /* which drop_blocks() takes away again */
	drop_blocks(s, m, at + 1, at + 2);
	return 0;
}

/* What sticks out of the new row at its front and its back stays. */
static int place(struct perf_spaces *s, struct perf_maps *m, const struct perf_map *map, struct err *e)
{
	struct spot at = first_behind(m, map->start), end = at;
	const struct perf_map *row = row_at(m, at), *last = NULL;
	struct perf_map rows[3];
	size_t n = 0;

	if (row && row->start < map->start) {
		rows[n] = *row;
		rows[n++].end = map->start;
	}
	for (; row && row->start < map->end; row = row_at(m, end)) {
		last = row;
		end = next_row(m, end);
	}
	rows[n++] = *map;
	if (last && last->end > map->end) {
		rows[n] = *last;
		rows[n].offset += map->end - rows[n].start;
		rows[n++].start = map->end;
	}
	s->n_rows -= m->n;
	if (drop_range(s, m, &at, end, e) || insert(s, m, &at, rows, n, e) || join(s, m, at.block, e) ||
	    (at.block && join(s, m, at.block - 1, e)))
		return e->kind;
	s->n_rows += m->n;
	return 0;
}

int perf_spaces_map(struct perf_spaces *s, uint32_t pid, const struct perf_map *map, struct err *e)
{
	struct perf_maps *m;
	uint32_t process;

	if (map->end <= map->start)
		return 0;
	if (process_of(s, pid, &process, e) || own_maps(s, process, e))
		return e->kind;
	m = &s->maps[s->maps_of[process] - 1];
	if (m->n < MAX_MAPS && s->n_rows < MAX_ROWS)
		return place(s, m, map, e);
	s->n_refused++;
	return 0;
}

int perf_spaces_fork(struct perf_spaces *s, uint32_t parent, uint32_t child, struct err *e)
{
	uint32_t from, to;

	if (parent == child)
		return 0;
	if (process_of(s, parent, &from, e) || process_of(s, child, &to, e))
		return e->kind;
	leave(s, to);
	s->maps_of[to] = s->maps_of[from];
	if (s->maps_of[to])
		s->maps[s->maps_of[to] - 1].users++;
	return 0;
}

int perf_spaces_exec(struct perf_spaces *s, uint32_t pid, struct err *e)
{
	uint32_t process;

	if (process_of(s, pid, &process, e))
		return e->kind;
	leave(s, process);
	return 0;
}

const struct perf_map *perf_spaces_find(struct perf_spaces *s, uint32_t pid, uint64_t address, struct err *e)
{
	const struct perf_map *row;
	const struct perf_maps *m;
	uint32_t process;

	if (process_of(s, pid, &process, e) || !s->maps_of[process])
		return NULL;
	m = &s->maps[s->maps_of[process] - 1];
	row = row_at(m, first_behind(m, address));
	return row && row->start <= address ? row : NULL;
}
