#include "formats/perf_world.h"

#define MISC_CPUMODE 7
#define MISC_KERNEL 1
#define MISC_COMM_EXEC (1 << 13)
#define MISC_MMAP_BUILD_ID (1 << 14)

/* Values of a callchain that are no addresses but say where the next ones lie. */
#define CONTEXT_MAX ((uint64_t)-4095)
#define CONTEXT_KERNEL ((uint64_t)-128)
#define CONTEXT_USER ((uint64_t)-512)

#define KERNEL_PID UINT32_MAX

int perf_world_init(struct perf_world *w, struct run *run, const struct profile_sink *sink, const char *path, struct err *e)
{
	struct mem *m = &run->mem;
	uint32_t none;

	memset(w, 0, sizeof(*w));
	w->run = run;
	w->sink = sink;
	perf_modules_init(&w->modules, run, sink, path);
	perf_spaces_init(&w->spaces, m);
	memo_init(&w->tasks, m);
	memo_init(&w->names, m);
	wtf8_init(&w->text, m);
	return memo_add(&w->names, STR_LIT(""), &none, e);
}

void perf_world_release(struct perf_world *w)
{
	perf_modules_release(&w->modules);
	perf_spaces_release(&w->spaces);
	memo_release(&w->tasks);
	memo_release(&w->names);
	wtf8_release(&w->text);
	mem_free(&w->run->mem, w->task_rows);
	mem_free(&w->run->mem, w->chain);
}

static int task_of(struct perf_world *w, uint32_t pid, uint32_t tid, uint32_t *task, struct err *e)
{
	uint32_t key[2] = { pid, tid }, n = memo_n(&w->tasks);

	if (mem_reserve(&w->run->mem, (void **)&w->task_rows, &w->task_rows_capacity, (size_t)n + 1,
			sizeof(*w->task_rows), e))
		return e->kind;
	return memo_add(&w->tasks, (struct str){ (const char *)key, sizeof(key) }, task, e);
}

static struct str text_at(const unsigned char *p, size_t n)
{
	return (struct str){ (const char *)p, strnlen((const char *)p, n) };
}

/* pid, tid, name */
int perf_world_comm(struct perf_world *w, const unsigned char *p, size_t n, uint16_t misc, struct err *e)
{
	uint32_t task = 0;

	if (n < 8) {
		w->n_short++;
		return 0;
	}
	if (task_of(w, perf_u32(p), perf_u32(p + 4), &task, e) ||
	    memo_add(&w->names, text_at(p + 8, n - 8), &w->task_rows[task].comm, e))
		return e->kind;
	return misc & MISC_COMM_EXEC ? perf_spaces_exec(&w->spaces, perf_u32(p), e) : 0;
}

/* pid, parent's pid, tid, parent's tid, time */
int perf_world_fork(struct perf_world *w, const unsigned char *p, size_t n, struct err *e)
{
	uint32_t parent = 0, child = 0;

	if (n < 16) {
		w->n_short++;
		return 0;
	}
	if (task_of(w, perf_u32(p + 4), perf_u32(p + 12), &parent, e) || task_of(w, perf_u32(p), perf_u32(p + 8), &child, e))
		return e->kind;
	w->task_rows[child].comm = w->task_rows[parent].comm;
	return perf_spaces_fork(&w->spaces, perf_u32(p + 4), perf_u32(p), e);
}

static int map_module(struct perf_world *w, const unsigned char *p, struct str name, int is_kernel, const struct elf_identity *id,
		      struct err *e)
{
	uint32_t pid = is_kernel ? KERNEL_PID : perf_u32(p);
	struct perf_map map = { .start = perf_u64(p + 8), .offset = perf_u64(p + 24) };

	if (__builtin_add_overflow(map.start, perf_u64(p + 16), &map.end))
		map.end = UINT64_MAX;
	if (is_kernel) {
		/* from no file: places in it are addresses */
		map.offset = map.start;
		if (perf_modules_add_kernel(&w->modules, name, map.start, &map.module, e))
			return e->kind;
	} else if (perf_modules_dump(&w->modules, name, pid, e) ||
		   perf_modules_add(&w->modules, name, pid, id, &map.module, e)) {
		return e->kind;
	}
	return perf_spaces_map(&w->spaces, pid, &map, e);
}

static int is_kernel_map(const unsigned char *p, uint16_t misc)
{
	return perf_u32(p) == KERNEL_PID || (misc & MISC_CPUMODE) == MISC_KERNEL;
}

/* pid, tid, address, bytes, offset, name */
int perf_world_mmap(struct perf_world *w, const unsigned char *p, size_t n, uint16_t misc, struct err *e)
{
	if (n <= 32) {
		w->n_short++;
		return 0;
	}
	return map_module(w, p, text_at(p + 32, n - 32), is_kernel_map(p, misc), NULL, e);
}

/* ... device, inode, generation or build-id, protection, flags, name */
int perf_world_mmap2(struct perf_world *w, const unsigned char *p, size_t n, uint16_t misc, struct err *e)
{
	struct elf_identity id = { 0 };

	if (n <= 64) {
		w->n_short++;
		return 0;
	}
	if (misc & MISC_MMAP_BUILD_ID) {
		id.build.n = p[32] <= sizeof(id.build.bytes) ? p[32] : 0;
		memcpy(id.build.bytes, p + 36, id.build.n);
	} else {
		id.major = perf_u32(p + 32);
		id.minor = perf_u32(p + 36);
		id.inode = perf_u64(p + 40);
	}
	return map_module(w, p, text_at(p + 64, n - 64), is_kernel_map(p, misc), &id, e);
}

static int push(struct perf_world *w, uint32_t frame, struct err *e)
{
	if (mem_reserve(&w->run->mem, (void **)&w->chain, &w->chain_capacity, w->n_chain + 1, 4, e))
		return e->kind;
	w->chain[w->n_chain++] = frame;
	return 0;
}

static int push_unknown(struct perf_world *w, struct err *e)
{
	if (!w->has_unknown && perf_modules_unknown(&w->modules, &w->unknown, e))
		return e->kind;
	w->has_unknown = 1;
	return push(w, w->unknown, e);
}

static int push_address(struct perf_world *w, uint32_t pid, uint64_t ip, uint64_t time, struct err *e)
{
	const struct perf_map *map = perf_spaces_find(&w->spaces, pid, ip, e);
	uint32_t frame;

	if (e->kind)
		return e->kind;
	if (!map)
		return push_unknown(w, e);
	if (perf_modules_frame(&w->modules, map->module, ip - map->start + map->offset, ip, time, &frame, e))
		return e->kind;
	return push(w, frame, e);
}

/* Whose addresses follow a marker; an address space that perf cannot look into is nobody's. */
static uint32_t context_pid(uint64_t marker, uint32_t pid)
{
	if (marker == CONTEXT_KERNEL)
		return KERNEL_PID;
	return marker == CONTEXT_USER ? pid : KERNEL_PID - 1;
}

/* Frame pointers that code uses for something else lead the kernel astray; such an end is no caller of anybody. */
static void drop_astray(struct perf_world *w)
{
	size_t n = w->n_chain;

	while (w->has_unknown && w->n_chain > 1 && w->chain[w->n_chain - 1] == w->unknown)
		w->n_chain--;
	w->n_broken += w->n_chain < n;
}

int perf_world_chain(struct perf_world *w, const struct perf_sample *s, uint16_t misc, struct err *e)
{
	uint32_t pid = (misc & MISC_CPUMODE) == MISC_KERNEL ? KERNEL_PID : s->pid;

	w->n_chain = 0;
	if (!s->n_chain && push_address(w, pid, s->ip, s->time, e))
		return e->kind;
	for (uint64_t i = 0; i < s->n_chain; i++) {
		uint64_t ip = perf_u64(s->chain + i * 8);

		if (ip >= CONTEXT_MAX)
			pid = context_pid(ip, s->pid);
		else if (push_address(w, pid, ip, s->time, e))
			return e->kind;
	}
	drop_astray(w);
	return 0;
}

int perf_world_thread(struct perf_world *w, const struct perf_sample *s, uint32_t *id, struct err *e)
{
	struct profile_thread t = { s->pid, s->tid, { "", 0 } };
	struct perf_task *row;
	uint32_t task = 0;

	if (task_of(w, s->pid, s->tid, &task, e))
		return e->kind;
	row = &w->task_rows[task];
	if (!row->sink_id || row->announced != row->comm) {
		t.name = memo_key(&w->names, row->comm);
		if (wtf8_clean(&w->text, &t.name, e) || w->sink->thread(w->sink->ctx, &t, &row->sink_id, e))
			return e->kind;
		row->announced = row->comm;
	}
	*id = row->sink_id;
	return 0;
}
