/*
 * perf_modules.h - from addresses in what perf saw mapped to frames with names: by the symbols of executables and
 * libraries, by the maps and dumps of code compiled at run time, else "module+0xoffset".
 */
#ifndef FORMATS_PERF_MODULES_H
#define FORMATS_PERF_MODULES_H

#include "formats/elf_symbols.h"
#include "formats/jit_symbols.h"
#include "formats/memo.h"
#include "formats/profile_sink.h"
#include "formats/wtf8.h"

enum module_kind {
	MODULE_FILE,
	MODULE_JIT,    /* memory without a file: one for each process */
	MODULE_KERNEL,
	MODULE_OTHER,  /* [vdso] and the like */
};

struct perf_module {
	enum module_kind kind;
	struct elf_identity id;
	struct elf_symbols *elf; /* NULL: not looked for, or not found */
	struct jit_symbols *jit;
	int looked;
	uint32_t pid;            /* MODULE_JIT */
	uint64_t base;           /* MODULE_KERNEL: where it begins; places in it are addresses */
};

struct perf_modules {
	struct run *run;
	const struct profile_sink *sink;
	const char *path;        /* of the profile: maps may lie beside it; NULL: not known */
	struct memo keys;        /* names, with the pid for JIT modules */
	struct perf_module *rows;
	size_t rows_capacity;
	struct memo builds;      /* paths with build-ids that the file's header tells */
	struct build_id *build_ids;
	size_t build_ids_capacity;
	struct memo frames;      /* module and place in it */
	uint32_t *frame_ids;
	size_t frame_ids_capacity;
	struct strbuf name;
	struct wtf8 text[2];
	uint64_t n_without_symbols; /* modules that had addresses but no file */
	uint64_t n_damaged_maps;
};

void perf_modules_init(struct perf_modules *m, struct run *run, const struct profile_sink *sink, const char *path);
void perf_modules_release(struct perf_modules *m);

/* What the header says about the build of a file. */
int perf_modules_build(struct perf_modules *m, struct str path, const unsigned char *bytes, size_t n, struct err *e);

/* The module of a mapping. */
int perf_modules_add(struct perf_modules *m, struct str name, uint32_t pid, const struct elf_identity *id,
		     uint32_t *module, struct err *e);

/* The same for the kernel or a part of it, which begins at `start`. */
int perf_modules_add_kernel(struct perf_modules *m, struct str name, uint64_t start, uint32_t *module, struct err *e);

/* `name` of a process' mapping is a jitdump file: its code is that of the process' JIT module. */
int perf_modules_dump(struct perf_modules *m, struct str name, uint32_t pid, struct err *e);

/* The frame of an address that lies `offset` into the module's file. */
int perf_modules_frame(struct perf_modules *m, uint32_t module, uint64_t offset, uint64_t address, uint64_t time,
		       uint32_t *frame, struct err *e);

/* The frame of an address that lies in nothing. */
int perf_modules_unknown(struct perf_modules *m, uint32_t *frame, struct err *e);

#endif
