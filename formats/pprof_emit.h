/*
 * pprof_emit.h - from what a pprof message said to frames, stacks and samples: references are resolved, frames that the
 * producer wants dropped are dropped, everything goes into the sink.
 */
#ifndef FORMATS_PPROF_EMIT_H
#define FORMATS_PPROF_EMIT_H

#include "formats/pprof_tables.h"

/* ERR_FORMAT for references to what does not exist, and what the sink returns. */
int pprof_emit(const struct pprof *p, struct run *run, const struct profile_sink *sink, struct err *e);

#endif
