/*
 * pprof_prune.h - drop_frames and keep_frames of a pprof profile: patterns of functions that the producer wants left out,
 * with all that they call. The rule is that of google/pprof's profile/prune.go.
 */
#ifndef FORMATS_PPROF_PRUNE_H
#define FORMATS_PPROF_PRUNE_H

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

struct pprof_prune;

/* `*out` NULL when `drop` is empty. ERR_FORMAT for a pattern that cannot be compiled; the message says which. */
int pprof_prune_new(struct pprof_prune **out, struct mem *m, struct str drop, struct str keep, struct err *e);
void pprof_prune_free(struct pprof_prune *p);

/* Is a function of that name to be dropped? Patterns that take too long to match do not match. */
int pprof_prune_drops(struct pprof_prune *p, struct str name);

#endif
