/*
 * kernel_symbols.h - names of functions of the running kernel, for recordings that were made under it: its build-id must
 * be the recorded one.
 */
#ifndef FORMATS_KERNEL_SYMBOLS_H
#define FORMATS_KERNEL_SYMBOLS_H

#include "base/run.h"
#include "formats/elf_symbols.h"

/* Fill `s`; "offsets in the file" are then addresses. `*found` 0: another kernel, or it hides its addresses. */
int kernel_symbols_read(struct elf_symbols *s, struct run *run, const struct build_id *id, int *found, struct err *e);

#endif
