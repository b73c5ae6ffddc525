/*
 * formats.h - the table of input formats, and how the right row is found.
 *
 * Compression is peeled by source.h before anybody looks. A probe sees the first decoded bytes and never the name of
 * the file. All rows are asked; the surest answer wins, of equals the first row.
 */
#ifndef FORMATS_FORMATS_H
#define FORMATS_FORMATS_H

#include <stddef.h>

#include "base/err.h"
#include "base/run.h"
#include "base/strbuf.h"
#include "formats/profile_sink.h"
#include "formats/source.h"

enum probe {
	PROBE_NO,
	PROBE_MORE,  /* cannot say before it has seen more bytes */
	PROBE_MAYBE, /* fits, but so might something else: plain text formats */
	PROBE_YES,   /* a magic number or keys that nothing else has */
};

enum format_fills {
	FORMAT_HEAP,    /* struct heap, through analyzer/heap_load.c; its allocation stacks through a profile_sink */
	FORMAT_PROFILE, /* through a profile_sink */
};

struct profile_read_options {
	const char *path;  /* as the user gave it, "-" for standard input; for files beside it (symbols). NULL: no other file is read */
	size_t read_bytes; /* ask the source for at most so many bytes at once; 0: as the reader likes. For tests */
};

struct format {
	const char *name;     /* --input-format NAME */
	const char *suffixes; /* "cpuprofile"; several with commas. For messages and completion only */
	const char *what;     /* "CPU profile of V8" */
	enum format_fills fills;
	/* Look at the first `n` decoded bytes; `complete`: the input has no more. PROBE_MORE is then taken as PROBE_NO. */
	enum probe (*probe)(const char *bytes, size_t n, int complete);
	/*
	 * Read the whole input into the sink. What is strange but no failure is a diagnostic of the run.
	 * ERR_FORMAT, ERR_TRUNCATED, ERR_UNSUPPORTED, ERR_IO, ERR_MEMORY, ERR_CANCELLED, or what the sink returns.
	 */
	int (*read)(struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, struct err *e);
};

/* All rows; `*n` their number. */
const struct format *format_table(size_t *n);

/* A row by its name, NULL when there is none. */
const struct format *format_named(const char *name);

/*
 * Find the row for the bytes that `src` begins with, which stay unread. ERR_UNSUPPORTED names all rows that were tried;
 * ERR_IO and the like from reading.
 */
int format_detect(const struct format **out, struct source *src, struct err *e);

/* The largest piece of the input that probes get to see. */
#define PROBE_BYTES ((size_t)64 << 10)

#endif
