/*
 * profile_sink.h - how a reader of any profile format delivers what it finds.
 *
 * A profile is frames, stacks of frames, and samples that hang values on stacks. Readers say those three in any mixture,
 * each thing after what it refers to, and keep none of it: equal frames, stacks and sums are joined behind the sink, so
 * that memory grows with distinct stacks and not with the input. The sink does not know the format, the reader does not
 * know what becomes of its events.
 *
 *	reader                              sink
 *	values(types)                       which values the samples that follow carry
 *	frame(name, file, ...)      -> id   equal frames get equal numbers
 *	stack(parent, frame, line)  -> id   a row whose parent row is its caller; equal rows get equal numbers
 *	thread(pid, tid, name)      -> id
 *	labels(key/value pairs)     -> id
 *	sample(stack, values, ...)          values that belong to the stack, whatever their time
 *	observe(stack, time, ...)           the stack was seen at that time; what it weighs follows from its neighbours
 *	line_ticks(stack, line, n)          how the own time of a stack spreads over source lines
 *	meta(duration, period, ...)
 *
 * Which of sample() and observe(): pprof, perf, folded stacks, speedscope and heap profiles know what a sample weighs;
 * V8's profiler (.cpuprofile, trace chunks, --prof) only notes when it saw which stack, and weighing those (gaps, the
 * last one, GC) is one rule for all of them, behind the sink.
 *
 * All texts are WTF-8 (base/str.h), may hold anything, and are copied when they are new. Times are nanoseconds in one
 * clock per input. All functions return 0 or a negative kind with `e` filled; a failure ends the reading. One thread.
 */
#ifndef FORMATS_PROFILE_SINK_H
#define FORMATS_PROFILE_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* What a frame is, where the format says so. Where it does not, name and file decide behind the sink. */
enum frame_kind {
	FRAME_GUESS,    /* the format does not say */
	FRAME_JS,       /* JavaScript function, module or eval code */
	FRAME_REGEXP,   /* compiled regular expression */
	FRAME_WASM,
	FRAME_BUILTIN,  /* V8 builtin, stub or bytecode handler */
	FRAME_NATIVE,   /* compiled code of the executable or a shared library */
	FRAME_KERNEL,
	FRAME_GC,       /* garbage collection as a pseudo frame */
	FRAME_VM,       /* parsing, compiling and other states of the engine as pseudo frames */
	FRAME_PROGRAM,  /* the process ran, but no stack is known */
	FRAME_IDLE,     /* the thread waited */
	FRAME_ROOT,     /* the frame above all others; adds nothing to a path and is left out of stacks */
	FRAME_N_KINDS,
};

/* How the code of a frame was compiled: an attribute, not part of what the frame is. */
enum frame_tier {
	TIER_UNKNOWN,
	TIER_INTERPRETED, /* ~ */
	TIER_BASELINE,    /* ^ */
	TIER_MAGLEV,      /* + */
	TIER_OPTIMIZED,   /* * */
	TIER_N,
};

/* Zero is "not known" for every field. Name, file, module, line, column and kind make the identity. */
struct profile_frame {
	struct str name;   /* without tier marks, addresses and offsets; "" for an anonymous function */
	struct str file;   /* path or URL of the source */
	struct str module; /* executable or shared object of machine code, WebAssembly module */
	uint32_t line;     /* where the function begins, from 1 */
	uint32_t column;   /* from 1 */
	enum frame_kind kind;
	enum frame_tier tier;
	struct str deopt;  /* why the function lost its optimised code; the first reason is kept */
};

/* Parent of the outermost frame of a stack; also the stack of a sample that has no frames. */
#define STACK_NONE UINT32_MAX

enum profile_unit {
	UNIT_COUNT,       /* occurrences: samples, events, objects */
	UNIT_NANOSECONDS,
	UNIT_BYTES,
	UNIT_OTHER,       /* `unit_name` says which */
};

/*
 * What one value of a sample is. Readers bring times to nanoseconds and sizes to bytes before they deliver them;
 * profile_unit_parse() knows how.
 */
struct profile_value_type {
	struct str type;      /* "cpu", "wall", "samples", "space", "cycles", ... */
	enum profile_unit unit;
	struct str unit_name; /* UNIT_OTHER only */
};

/* More kinds of values than any known producer writes. */
#define PROFILE_MAX_VALUES 16

#define PROFILE_NO_TIME INT64_MIN

struct profile_thread {
	uint64_t pid, tid; /* 0: not known */
	struct str name;   /* "" when not known; a later, longer knowledge of the same pid and tid replaces it */
};

struct profile_label {
	struct str key;
	struct str text;      /* used when `is_number` is 0 */
	int64_t number;
	struct str unit_name; /* of the number; may be "" */
	int is_number;
};

struct profile_sample {
	uint32_t stack;         /* STACK_NONE: no frames */
	uint32_t thread;        /* from thread(), 0: none was named */
	uint32_t labels;        /* from labels(), 0: none */
	enum frame_tier tier;   /* of the innermost frame, at this moment */
	int64_t time_ns;        /* PROFILE_NO_TIME: not known */
	int64_t duration_ns;    /* for how long, where the input says; 0: not known */
	const int64_t *values;  /* as many as values() announced */
};

/*
 * The stack at one moment. Observations of one thread may come out of order: they are sorted by time. Pseudo frames
 * (idle, GC, program) are stacks like any other, one frame below the root.
 */
struct profile_observation {
	uint32_t stack;
	uint32_t thread;
	enum frame_tier tier;
	int64_t time_ns;
};

/* A call may know only some of it; what is set replaces what an earlier call said. */
struct profile_meta {
	struct str producer;     /* "perf 6.1", ... */
	struct str comment;      /* collected, one line each */
	struct str default_type; /* the value type to show first */
	struct str period_type;  /* what the period counts: "cpu-clock", "space" */
	int64_t period;          /* sampling distance; 0: not known */
	enum profile_unit period_unit;
	int64_t start_ns, end_ns; /* clock of the samples; PROFILE_NO_TIME: not known */
	int64_t duration_ns;     /* 0: not known */
	int no_hits;             /* hit counts of the format are absent or of no use */
};

#define PROFILE_META_INIT { .start_ns = PROFILE_NO_TIME, .end_ns = PROFILE_NO_TIME }

/* Ticks that the profiler counted on a stack row: hits as V8 writes them beside the samples. */
struct profile_hits {
	uint32_t stack;
	uint32_t thread;
	uint64_t n;
};

struct profile_sink {
	void *ctx;
	int (*values)(void *ctx, const struct profile_value_type *types, size_t n, struct err *e);
	int (*frame)(void *ctx, const struct profile_frame *f, uint32_t *id, struct err *e);
	/* `line`: where in the frame's function the call or the work happens, from 1; 0 unknown. O(1). */
	int (*stack)(void *ctx, uint32_t parent, uint32_t frame, uint32_t line, uint32_t *id, struct err *e);
	int (*thread)(void *ctx, const struct profile_thread *t, uint32_t *id, struct err *e);
	int (*labels)(void *ctx, const struct profile_label *labels, size_t n, uint32_t *id, struct err *e);
	int (*sample)(void *ctx, const struct profile_sample *s, struct err *e);
	int (*observe)(void *ctx, const struct profile_observation *o, struct err *e);
	int (*hits)(void *ctx, const struct profile_hits *h, struct err *e);
	int (*line_ticks)(void *ctx, uint32_t stack, uint32_t line, uint64_t ticks, struct err *e);
	int (*meta)(void *ctx, const struct profile_meta *m, struct err *e);
};

/*
 * A stack from its frames, innermost first as pprof and perf list them (`lines` NULL: not known). `*id` is the innermost
 * row, STACK_NONE when n is 0. O(n).
 */
int profile_sink_chain(const struct profile_sink *s, const uint32_t *frames, const uint32_t *lines, size_t n,
		       uint32_t *id, struct err *e);

/*
 * What a unit's name means: "milliseconds", "ms", "bytes", "kb", "count". Values times `*factor` are in the unit;
 * a name that is not known gives UNIT_OTHER and 1.
 */
enum profile_unit profile_unit_parse(struct str name, int64_t *factor);

#endif
