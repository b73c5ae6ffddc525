/*
 * pprof.h - profile.proto of google/pprof, bare; gzip is peeled by source.h.
 *
 * The wire reader is our own (wire.h), since messages come in any order and files in gigabytes: a library that builds the
 * whole message in memory would hold every sample, generated code would still have to be fed by a streaming loop like
 * the one here. Seven small messages do not need a generator.
 */
#ifndef FORMATS_PPROF_H
#define FORMATS_PPROF_H

#include "formats/formats.h"

enum probe probe_pprof(const char *bytes, size_t n, int complete);

/* See struct format. Peak memory: strings, functions, locations and distinct stacks. */
int pprof_read(struct run *run, struct source *src, const struct profile_read_options *o,
	       const struct profile_sink *sink, struct err *e);

#endif
