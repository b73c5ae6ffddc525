/*
 * perf_data.h - perf.data, as `perf record` writes it to a file or a pipe.
 *
 * Records are put in the order of time (perf_order.h), compressed ones are unpacked on the way; mappings and names are
 * followed (perf_space.h), addresses of callchains are named (perf_modules.h). A file is read twice, since what it says
 * about builds and events stands behind the records; from a pipe that part is done without, unless perf wrote to the
 * pipe itself.
 */
#ifndef FORMATS_PERF_DATA_H
#define FORMATS_PERF_DATA_H

#include "formats/formats.h"

enum probe probe_perf_data(const char *bytes, size_t n, int complete);

/* See struct format. */
int perf_data_read(struct run *run, struct source *src, const struct profile_read_options *o,
		   const struct profile_sink *sink, struct err *e);

#endif
