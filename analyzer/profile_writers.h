/*
 * profile_writers.h - a profile in the notations of other tools. One file and one row of profile_writers.c each.
 *
 * What is written is the value that the profile shows (pprof: all of them). Reading it back gives the same totals to the
 * unit. Where times are known and the notation can say them, the order in time is kept.
 */
#ifndef ANALYZER_PROFILE_WRITERS_H
#define ANALYZER_PROFILE_WRITERS_H

#include "analyzer/analysis.h"
#include "analyzer/profile.h"
#include "base/strbuf.h"

struct profile_writer {
	const char *name;
	int (*write)(const struct profile *p, const struct byte_sink *sink, struct err *e);
};

/* NULL when there is none of that name. */
const struct profile_writer *profile_writer_named(const char *name);

/* Their names as words: "stacks|folded|...". */
#define PROFILE_WRITER_WORDS "stacks|folded|speedscope|cpuprofile|pprof"

int write_folded(const struct profile *p, const struct byte_sink *sink, struct err *e);
int write_speedscope(const struct profile *p, const struct byte_sink *sink, struct err *e);

/* Every value as a profile of its own, named by its type, and one column each. */
int write_speedscope_values(const struct profile *p, const struct byte_sink *sink, struct err *e);
int write_folded_values(const struct profile *p, const struct byte_sink *sink, struct err *e);

int write_cpuprofile(const struct profile *p, const struct byte_sink *sink, struct err *e);
int write_pprof(const struct profile *p, const struct byte_sink *sink, struct err *e);

/* Own values of every stack, of the value shown; to be freed by mem_free(). `*stackless`: of samples without a stack. */
int profile_stack_selfs(const struct profile *p, int64_t **out, int64_t *stackless, struct err *e);

/* The same of another value. */
int profile_stack_values(const struct profile *p, size_t value, int64_t **out, int64_t *stackless, struct err *e);

/* The frames of a stack from the outermost on, into `way` (room for its depth + 1); returns how many. */
size_t profile_stack_frames(const struct profile *p, uint32_t stack, uint32_t *way);

/* The depth of the deepest stack plus 1; 0 of none. */
size_t profile_deepest(const struct profile *p);

/* Whether the runs in time order say what the shown value says. */
int profile_is_timed(const struct profile *p);

/* Hand on what has gathered when it is worth a call; with `all`, in any case. */
int profile_flush(struct strbuf *sb, int all, const struct byte_sink *sink, struct err *e);

#endif
