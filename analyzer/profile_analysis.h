/*
 * profile_analysis.h - profiles as a command sees them: files in, sealed report out. The door beside analysis.h.
 */
#ifndef ANALYZER_PROFILE_ANALYSIS_H
#define ANALYZER_PROFILE_ANALYSIS_H

#include "analyzer/analysis.h"
#include "analyzer/profile.h"
#include "analyzer/profile_view.h"
#include "analyzer/redact.h"
#include "analyzer/report.h"

/* Zero is "not given" for every field. */
struct profile_options {
	const char *input_format;
	int weights;            /* enum profile_weights */
	const char *value_type;
	uint64_t from_ns, to_ns; /* from the beginning of each input; to_ns 0: to its end */
	int by;                 /* enum view_by */
	const char *focus, *ignore, *hide, *thread;
	const char *function;   /* a regular expression: callers and callees of what matches */
	/* Which views; none given: what people want to see first. */
	int top, tree, callers, lines, timeline;
	/* Comparisons. */
	int absolute;
	const char *const *limits; /* "slower:10%" */
	size_t n_limits;
	struct redact *redact; /* for profile_stat_dump(); a report has its own. NULL: nothing is hidden */
};

/* What of it is for loading. */
struct profile_load_options profile_load_options(const struct profile_options *o);

/*
 * Read the files as one profile and report it. Errors of profile_load() and profile_view_make(); ERR_USAGE for patterns
 * that match nothing that was recorded.
 */
int profile_stat(struct run *run, const char *const *files, size_t n_files, const struct profile_options *o,
		 struct report *out, struct err *e);

/* The profile in another notation, see profile_writers.h; `what` is its name. ERR_USAGE for another word. */
int profile_stat_dump(struct run *run, const char *const *files, size_t n_files, const char *what,
		      const struct profile_options *o, const struct byte_sink *sink, struct err *e);

/* Compare two files. A limit that is exceeded sets the report's `failed`. ERR_USAGE for a limit that is none. */
int profile_compare(struct run *run, const char *const *files, const struct profile_options *o, struct report *out,
		    struct err *e);

#endif
