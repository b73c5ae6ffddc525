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

/* Parts of a snapshot that are asked for one by one; none set: the summary. */
struct stat_views {
	int classes, statistics, dominators, strings;
	size_t depth;          /* of the dominator tree; 0: the usual */
	uint64_t min_bytes;    /* what its rows retain at least; 0: the usual */
	const char *object;    /* id: everything about one object; NULL: not asked for */
	const char *path;      /* id: only its retaining paths */
	const char *where;     /* expression, see where.h: a table of objects */
};

struct analysis_options {
	enum match_mode match;
	const char *filter;    /* PCRE2 regex on class names (rows of classes, growth, arrays, closures, listeners); NULL: all */
	int allow_truncated;   /* go on when a file ends early but its nodes are whole */
	int show_values;       /* string values may appear in the report */
	const char *known;     /* file of fingerprints of findings that are accepted; NULL: none */
	struct stat_views views; /* of a single snapshot */
	struct redact *redact; /* rules that the names in a dump pass; NULL: none. A report has its own */
};

/*
 * Compare two or more snapshots, oldest first ("-" is standard input, at most once). On success `out` (initialised by the
 * caller) is filled and sealed. Holds at most one full graph at a time. Errors: ERR_FORMAT, ERR_TRUNCATED,
 * ERR_UNSUPPORTED, ERR_IO, ERR_MEMORY, ERR_CANCELLED, and ERR_USAGE for a filter that does not compile.
 */
int analysis_diff(struct run *run, const char *const *files, size_t n_files, const struct analysis_options *o,
		  struct report *out, struct err *e);

/*
 * Summarise one snapshot, or show the views of it that are asked for. ERR_USAGE for an id that no object has, and for a
 * `where` that does not parse: then the error's offset is the position in it.
 */
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
