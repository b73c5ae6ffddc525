/*
 * profile.h - one or several profiles in memory: what every view, insight, writer and comparison reads.
 *
 * Filled through the sink of formats/profile_sink.h by profile_load(); afterwards nothing but profile_classify() (which
 * runs at the end of loading) writes to it. Columns are indexed by dense numbers:
 *
 *	frame  f  0 .. n_frames-1   interned: no two are equal
 *	stack  s  0 .. n_stacks-1   hash-consed: parent[s] < s, so one pass in falling order sums up the tree
 *	sum    i  0 .. n_sums-1     values of one stack, thread, label set; no two have the same three
 *	run    r  0 .. runs.n-1     contiguous time on one stack, by thread and time; only where times are known
 *
 * Values are in nanoseconds, bytes or counts and never negative in what readers measured (a pprof difference may be).
 * The root itself is no row; idle and program are outermost rows. Garbage collection that V8 observed is a row below the
 * stack that it interrupted (outermost when that was idle or unknown): so it counts into the total of who made the
 * garbage, into nobody's own time, and can be shown apart as the own time of its frame.
 */
#ifndef ANALYZER_PROFILE_H
#define ANALYZER_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/profile_runs.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/hash_index.h"
#include "base/keyed_hash.h"
#include "base/run.h"
#include "base/strtab.h"
#include "formats/profile_sink.h"

/* Where time goes, by what kind of code it is. Every frame has exactly one. */
enum profile_category {
	CATEGORY_APPLICATION,
	CATEGORY_DEPENDENCY, /* below node_modules/, or a library by its URL */
	CATEGORY_NODE,       /* node: and the older internal names */
	CATEGORY_BUILTIN,
	CATEGORY_REGEXP,
	CATEGORY_WASM,
	CATEGORY_NATIVE,
	CATEGORY_KERNEL,
	CATEGORY_VM,
	CATEGORY_GC,
	CATEGORY_PROGRAM,
	CATEGORY_IDLE,
	CATEGORY_N,
};

const char *profile_category_name(enum profile_category c);

/* Interned texts, by number; number 0 is "". */
struct profile_texts {
	struct strtab tab;
	struct hash_index index;
};

struct profile_frames {
	uint32_t *name, *file, *module; /* texts */
	uint32_t *line, *column;
	uint32_t *package;              /* text: "express", "@scope/name"; 0: none */
	uint32_t *deopt;                /* text */
	uint8_t *kind;                  /* enum frame_kind, FRAME_GUESS resolved */
	uint8_t *category;
	uint8_t *tiers;                 /* bit per enum frame_tier that was seen */
	size_t n, capacity;
	struct hash_index index;
};

struct profile_stacks {
	uint32_t *parent; /* STACK_NONE: outermost */
	uint32_t *frame;
	uint32_t *line;   /* where in the frame's function; 0 unknown */
	uint32_t *depth;  /* frames above */
	uint32_t *outermost; /* the row at the other end: what the event loop called */
	size_t n, capacity;
	struct hash_index index;
};

struct profile_value {
	struct str type, unit_name;
	enum profile_unit unit;
};

struct profile_sum {
	uint32_t stack; /* may be STACK_NONE */
	uint32_t thread, labels;
	uint32_t tier;  /* of the innermost frame */
};

struct profile_thread_row {
	uint64_t pid, tid;
	struct str name;
	uint32_t input; /* index of the file */
};

struct profile_label_set {
	struct profile_label *labels;
	size_t n;
};

struct profile_line {
	uint32_t stack, line;
	uint64_t ticks;
};

/* One input of a merge. */
struct profile_input {
	const char *file;
	const char *format; /* name of the row in formats.c */
	uint64_t file_bytes;
	int64_t start_ns, end_ns; /* PROFILE_NO_TIME: not known */
	int64_t duration_ns;      /* said by the file, else from its samples; 0: not known */
	int64_t period;           /* 0: not known */
	enum profile_unit period_unit;
	struct str period_type, producer, comment;
	uint64_t n_samples;
	/* Observed samples (V8) only: how even the sampling was. */
	int64_t median_ns;        /* median distance; 0: no observations */
	int64_t gap_ns;           /* time in distances over 2.5 medians, beyond the median */
	uint64_t n_negative;      /* distances below zero in the file */
	uint64_t n_repaired;      /* lone (program) samples given to the stack before them */
	int64_t before_ns;        /* before the first observation, weighed by nothing */
	int64_t after_ns;         /* after the last one, beyond the cap */
};

enum profile_weights {
	WEIGHTS_TIME, /* an observation weighs the time to the next one */
	WEIGHTS_HITS, /* every hit weighs the same */
};

struct profile {
	struct run *run;
	struct arena arena; /* names, labels */
	struct profile_texts texts;
	struct profile_frames frames;
	struct profile_stacks stacks;

	struct profile_value values[PROFILE_MAX_VALUES];
	size_t n_values;
	size_t shown;                /* the value that reports show */

	struct profile_sum *sums;
	int64_t *sum_columns[PROFILE_MAX_VALUES]; /* n_sums each */
	size_t n_sums, sums_capacity;
	struct hash_index sums_index;

	struct profile_runs runs;

	struct profile_line *lines;  /* joined: no two of the same stack and line */
	size_t n_lines, lines_capacity;

	struct profile_thread_row *threads; /* 0: the thread that nobody named */
	size_t n_threads, threads_capacity;
	struct profile_label_set *label_sets; /* 0: none */
	size_t n_label_sets, label_sets_capacity;

	struct profile_input *inputs;
	size_t n_inputs;
};

struct redact;

struct profile_load_options {
	const char *input_format;  /* NULL: look at the bytes */
	enum profile_weights weights;
	const char *value_type;    /* the value to show: "cpu", "samples", ...; NULL: the input's default */
	int64_t from_ns, to_ns;    /* only samples in this time, counted from the first; to_ns 0: to the end */
	int keep_runs;             /* runs are wanted of inputs whose samples have their own weights, too */
	int first_input;           /* number of the first file in diagnostics */
	size_t read_bytes;         /* see profile_read_options */
	struct redact *redact;     /* packages that are a piece of what these rules hide are hidden; NULL: none. Borrowed */
};

/*
 * Read `n` inputs into `p` and merge them. On failure `p` needs no release; `e` names the file. Errors of the reader,
 * ERR_UNSUPPORTED for what is no profile, ERR_USAGE for a format or value type that does not exist. An input without a
 * single sample is no error but has the diagnostic "no-samples". The names in `files` are borrowed for the life of `p`.
 */
int profile_load(struct profile *p, struct run *run, const char *const *files, size_t n,
		 const struct profile_load_options *o, struct err *e);

/* One input from memory, for tests and fuzzing; no file is opened for symbols. */
int profile_load_memory(struct profile *p, struct run *run, const void *bytes, size_t n,
			const struct profile_load_options *o, struct err *e);
void profile_release(struct profile *p);

/* For the marks of hidden names: something of the profile that a reader of the report cannot guess. O(sums). */
struct hash_key profile_key(const struct profile *p);

static inline struct str profile_text(const struct profile *p, uint32_t text)
{
	return strtab_get(&p->texts.tab, text);
}

/* Value `v` of sum `i`. */
static inline int64_t profile_sum_value(const struct profile *p, size_t i, size_t v)
{
	return p->sum_columns[v][i];
}

#endif
