/*
 * jit_symbols.h - names of code that was compiled at run time: perf's maps (perf-PID.map), which the running program
 * writes, and jitdump files, which also say when.
 */
#ifndef FORMATS_JIT_SYMBOLS_H
#define FORMATS_JIT_SYMBOLS_H

#include "base/run.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "base/strtab.h"
#include "formats/code_map.h"

/* A piece of code that appears at a time. */
struct jit_load {
	uint64_t time, start, bytes;
	uint64_t moved_from; /* 0: it is new */
	uint32_t name;
};

struct jit_symbols {
	struct run *run;
	struct strtab names;
	struct code_map map;     /* what lies where now */
	struct jit_load *loads;  /* of a jitdump file, by time */
	size_t n_loads, loads_capacity, next_load;
	uint64_t n_damaged;      /* lines or records that say nothing sensible */
};

void jit_symbols_init(struct jit_symbols *j, struct run *run);
void jit_symbols_release(struct jit_symbols *j);

/* Read the map of a process from `path`, which may be compressed. `*found` 0: it is not there. */
int jit_symbols_read_map(struct jit_symbols *j, const char *path, int *found, struct err *e);

/* Read a jitdump file. ERR_FORMAT when it is none. */
int jit_symbols_read_dump(struct jit_symbols *j, const char *path, int *found, struct err *e);

/* The number of the code at the address at that time, CODE_NONE: none. Times must not fall. */
int jit_symbols_find(struct jit_symbols *j, uint64_t address, uint64_t time, uint32_t *code, struct err *e);

/* Its name. */
static inline struct str jit_symbols_name(const struct jit_symbols *j, uint32_t code)
{
	return strtab_get(&j->names, j->map.codes[code].value);
}

#endif
