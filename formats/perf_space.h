/*
 * perf_space.h - what is mapped where in each process, as perf's MMAP, FORK and COMM records tell it over time.
 *
 * A child shares its parent's mappings until either of them maps something, and then all blocks of rows but the one that
 * changes. So a mapping, a fork and a look-up cost O(log rows + rows / 64 in pointers), however many mappings there are.
 */
#ifndef FORMATS_PERF_SPACE_H
#define FORMATS_PERF_SPACE_H

#include "formats/memo.h"

struct perf_map {
	uint64_t start, end, offset; /* addresses, and where in the file `start` lies */
	uint32_t module;             /* the owner's number */
};

#define PERF_BLOCK_ROWS 64

struct perf_block {
	struct perf_map rows[PERF_BLOCK_ROWS];
	uint32_t n;     /* at least 1 */
	uint32_t users; /* maps that have it */
};

/* Blocks of rows by start, without overlaps. */
struct perf_maps {
	struct perf_block **blocks;
	size_t n_blocks, capacity;
	size_t n;       /* rows; of a free one: the next free one, plus 1 */
	uint32_t users; /* processes; 0: free */
};

struct perf_spaces {
	struct mem *mem;
	struct memo pids;
	uint32_t last_pid, last_process; /* asked for last; nothing while `pids` is empty */
	uint32_t *maps_of;     /* of process i; plus 1, 0: none */
	size_t maps_of_capacity;
	struct perf_maps *maps;
	size_t n_maps, maps_capacity;
	size_t free_maps;      /* the first free one, plus 1; 0: none */
	uint64_t n_rows;       /* of all maps */
	uint64_t n_refused;    /* mappings beyond what any system has */
};

void perf_spaces_init(struct perf_spaces *s, struct mem *m);
void perf_spaces_release(struct perf_spaces *s);

/* Map in process `pid`, over what was there. Empty and wrapping ranges are ignored. */
int perf_spaces_map(struct perf_spaces *s, uint32_t pid, const struct perf_map *map, struct err *e);

int perf_spaces_fork(struct perf_spaces *s, uint32_t parent, uint32_t child, struct err *e);

/* The process runs another program from now on. */
int perf_spaces_exec(struct perf_spaces *s, uint32_t pid, struct err *e);

/* The mapping at the address; NULL: none. Valid until the next change. */
const struct perf_map *perf_spaces_find(struct perf_spaces *s, uint32_t pid, uint64_t address, struct err *e);

#endif
