/*
 * elf_symbols.h - names of functions in an executable or library, from its own symbol table or from the file of debugging
 * symbols that has the same build-id. C++ names are demangled as perf does, without parameters.
 *
 * A file is used only when it is the one that was running: its build-id must be the recorded one or, where none was
 * recorded, its device and inode. Names from another build would be inventions.
 */
#ifndef FORMATS_ELF_SYMBOLS_H
#define FORMATS_ELF_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/run.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "base/strtab.h"

struct elf_symbol {
	uint64_t start, end; /* virtual addresses */
	uint32_t name;
};

/* A loaded piece of the file. */
struct elf_segment {
	uint64_t offset, bytes, address;
};

struct elf_symbols {
	struct run *run;
	struct mem *mem; /* the run's */
	struct strtab names;
	struct elf_symbol *rows; /* by start; no two have the same */
	size_t n_rows, capacity;
	struct elf_segment *segments;
	size_t n_segments, segments_capacity;
};

struct build_id {
	unsigned char bytes[20];
	size_t n; /* 0: not known */
};

/* What was recorded about the file that ran. */
struct elf_identity {
	struct build_id build;
	uint32_t major, minor; /* device; used with the inode when there is no build-id */
	uint64_t inode;        /* 0: not known */
};

void elf_symbols_init(struct elf_symbols *s, struct run *run);
void elf_symbols_release(struct elf_symbols *s);

/*
 * Read `path` if it is the ELF file that is meant, and the symbols that belong to it. `*found` 0: it is not there or is
 * another one. Only failures of ours are errors: ERR_MEMORY,
 * ERR_IO of companion_open().
 */
int elf_symbols_read(struct elf_symbols *s, const char *path, const struct elf_identity *id, int *found, struct err *e);

/*
 * Write the name of the function at the offset in the file to `name`; nothing when none is known. O(log n) and the
 * demangling. A lost allocation shows in strbuf_check().
 */
void elf_symbols_find(const struct elf_symbols *s, uint64_t file_offset, struct strbuf *name);

#endif
