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

void perf_spaces_release(struct perf_spaces *s)
{
	for (size_t i = 0; i < s->n_maps; i++)
		mem_free(s->mem, s->maps[i].rows);
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
	struct perf_maps *m = s->maps_of[process] ? &s->maps[s->maps_of[process] - 1] : NULL;

	s->maps_of[process] = 0;
	if (!m || --m->users)
		return;
	s->n_rows -= m->n;
	mem_free(s->mem, m->rows);
	*m = (struct perf_maps){ 0 };
}

static int new_maps(struct perf_spaces *s, uint32_t process, struct err *e)
{
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
	to = &s->maps[s->n_maps - 1];
	from->users--;
	if (from->n + s->n_rows > MAX_ROWS) {
		s->n_refused += from->n;
		return 0;
	}
	if (mem_reserve(s->mem, (void **)&to->rows, &to->capacity, from->n, sizeof(*to->rows), e))
		return e->kind;
	if (from->n)
		memcpy(to->rows, from->rows, from->n * sizeof(*to->rows));
	to->n = from->n;
	s->n_rows += to->n;
	return 0;
}

/* The first row that ends behind the address. */
static size_t first_behind(const struct perf_maps *m, uint64_t address)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->rows[mid].end <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Put `n_new` rows in the place of rows[at..at+n_old). */
static int replace(struct perf_spaces *s, struct perf_maps *m, size_t at, size_t n_old, const struct perf_map *rows,
		   size_t n_new, struct err *e)
{
	if (mem_reserve(s->mem, (void **)&m->rows, &m->capacity, m->n + n_new, sizeof(*m->rows), e))
		return e->kind;
	memmove(m->rows + at + n_new, m->rows + at + n_old, (m->n - at - n_old) * sizeof(*m->rows));
	memcpy(m->rows + at, rows, n_new * sizeof(*rows));
	m->n = m->n - n_old + n_new;
	s->n_rows = s->n_rows - n_old + n_new;
	return 0;
}

/* What sticks out of the new row at its front and its back stays. */
static int place(struct perf_spaces *s, struct perf_maps *m, const struct perf_map *map, struct err *e)
{
	size_t at = first_behind(m, map->start), end = at, n = 0;
	struct perf_map rows[3];

	while (end < m->n && m->rows[end].start < map->end)
		end++;
	if (at < end && m->rows[at].start < map->start) {
		rows[n] = m->rows[at];
		rows[n++].end = map->start;
	}
	rows[n++] = *map;
	if (at < end && m->rows[end - 1].end > map->end) {
		rows[n] = m->rows[end - 1];
		rows[n].offset += map->end - rows[n].start;
		rows[n++].start = map->end;
	}
	return replace(s, m, at, end - at, rows, n, e);
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
	const struct perf_maps *m;
	uint32_t process;
	size_t at;

	if (process_of(s, pid, &process, e) || !s->maps_of[process])
		return NULL;
	m = &s->maps[s->maps_of[process] - 1];
	at = first_behind(m, address);
	return at < m->n && m->rows[at].start <= address ? &m->rows[at] : NULL;
}
