/*
 * analysis.h - the two analyses as a command sees them: files in, sealed report out.
 *
 * This is the door between cli/ and the rest of the house. Nothing here prints; progress, diagnostics, stage times and
 * the memory account are in the run.
 */
#ifndef ANALYZER_ANALYSIS_H
#define ANALYZER_ANALYSIS_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/report.h"
#include "base/err.h"
#include "base/run.h"

/* How objects of two snapshots are recognised as the same. */
enum match_mode {
	MATCH_AUTO,      /* by id when the ids show one process, else by structure */
	MATCH_ID,        /* same process: V8's object ids */
	MATCH_STRUCTURE, /* different processes: the way from the root */
};

struct redact;

struct analysis_options {
	enum match_mode match;
	const char *filter;    /* PCRE2 regex on class names (rows of classes, growth, arrays, closures, listeners); NULL: all */
	int allow_truncated;   /* go on when a file ends early but its nodes are whole */
	int show_values;       /* string values may appear in the report */
	struct redact *redact; /* rules that the names in a dump pass; NULL: none. A report has its own */
};

/*
 * Compare two or more snapshots, oldest first ("-" is standard input, at most once). On success `out` (initialised by the
 * caller) is filled and sealed. Holds at most one full graph at a time. Errors: ERR_FORMAT, ERR_TRUNCATED,
 * ERR_UNSUPPORTED, ERR_IO, ERR_MEMORY, ERR_CANCELLED, and ERR_USAGE for a filter that does not compile.
 */
int analysis_diff(struct run *run, const char *const *files, size_t n_files, const struct analysis_options *o,
		  struct report *out, struct err *e);

/* Summarise one snapshot. */
int analysis_stat(struct run *run, const char *file, const struct analysis_options *o, struct report *out,
		  struct err *e);

/* Where a dump goes; non-zero from `write` (with `e` filled) ends it. */
struct byte_sink {
	int (*write)(void *ctx, const char *bytes, size_t n, struct err *e);
	void *ctx;
};

/*
 * Raw numbers for scripts, one line each, tab separated, with a head line. `what`: "nodes", "classes" or "stats" (one
 * line of JSON). ERR_USAGE for another word. Class names are JSON strings.
 */
int analysis_dump(struct run *run, const char *file, const char *what, const struct analysis_options *o,
		  const struct byte_sink *sink, struct err *e);

/* DevTools' Comparison rows of a pair: "added removed added_bytes removed_bytes key", sorted by key. */
int analysis_dump_compare(struct run *run, const char *base, const char *target, const struct analysis_options *o,
			  const struct byte_sink *sink, struct err *e);

#endif
