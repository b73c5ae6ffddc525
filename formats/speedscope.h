/*
 * speedscope.h - the JSON of speedscope, evented and sampled, several profiles in a file.
 * https://www.speedscope.app/file-format-schema.json
 */
#ifndef FORMATS_SPEEDSCOPE_H
#define FORMATS_SPEEDSCOPE_H

#include "formats/formats.h"

enum probe probe_speedscope(const char *bytes, size_t n, int complete);
int speedscope_read(struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, struct err *e);

#endif
