/*
 * limits.h - how much memory this process may hope for.
 */
#ifndef CLI_LIMITS_H
#define CLI_LIMITS_H

#include <stdint.h>

/*
 * 80 % of the least of: the machine's memory, the limits of the process's control group and its parents (version 1 and
 * 2), its address space limit. `root` is put before /proc and /sys: "" outside of tests. 0: unknown.
 */
uint64_t limits_memory(const char *root);

#endif
