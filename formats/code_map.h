/*
 * code_map.h - which code lies at an address, when code is placed over older code without saying so, as compilers at run
 * time do: what was added last wins. For perf's maps of such code, jitdump files and V8's log.
 *
 * A table of pages holds lists of what touches them, newest first. Adding costs the pages that are touched, finding the
 * code on a page since that place was last used.
 */
#ifndef FORMATS_CODE_MAP_H
#define FORMATS_CODE_MAP_H

#include <stdint.h>

#include "base/err.h"
#include "base/hash_index.h"
#include "base/mem.h"

#define CODE_NONE UINT32_MAX

/* Larger pieces are no code. */
#define CODE_MAX_BYTES ((uint64_t)64 << 20)

struct code {
	uint64_t start;
	uint32_t bytes;
	uint32_t value; /* the owner's; CODE_NONE: it was deleted, and what it covered does not come back */
};

struct code_page {
	uint64_t page;
	uint32_t head; /* in links, plus 1 */
};

struct code_link {
	uint32_t code, next;
};

struct code_map {
	struct mem *mem;
	struct code *codes;
	size_t n_codes, codes_capacity;
	struct code_page *pages;
	size_t n_pages, pages_capacity;
	struct code_link *links;
	size_t n_links, links_capacity;
	struct hash_index index; /* pages */
};

void code_map_init(struct code_map *m, struct mem *mem);
void code_map_release(struct code_map *m);

/* Code at start[0..bytes), over whatever was there. ERR_FORMAT when it is larger than code can be or wraps around. */
int code_map_add(struct code_map *m, uint64_t start, uint64_t bytes, uint32_t value, struct err *e);

/* The number of the code at the address in `codes`, CODE_NONE: none. */
uint32_t code_map_find(const struct code_map *m, uint64_t address);

/* The number of the code that begins there. */
uint32_t code_map_at(const struct code_map *m, uint64_t start);

/* The code that begins at `from` is from now on at `to`; nothing when there is none. */
int code_map_move(struct code_map *m, uint64_t from, uint64_t to, struct err *e);
void code_map_delete(struct code_map *m, uint64_t start);

#endif
