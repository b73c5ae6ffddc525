/*
 * folded.h - folded stacks, one per line: "outer;inner 12", or "outer;inner 12 15" before and after.
 */
#ifndef FORMATS_FOLDED_H
#define FORMATS_FOLDED_H

#include "formats/formats.h"

enum probe probe_folded(const char *bytes, size_t n, int complete);
int folded_read(struct run *run, struct source *src, const struct profile_read_options *o,
		const struct profile_sink *sink, struct err *e);

/*
 * Take "FILE:LINE" or "FILE:LINE:COLUMN" off the end of a frame's text, where a space stands before and FILE looks like a
 * path or address; V8's own names ("f /a/b.js:3:7") have that form. Fills file, line and column.
 */
void frame_split_place(struct profile_frame *f);

#endif
