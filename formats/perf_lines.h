/*
 * perf_lines.h - the two kinds of lines that `perf script` prints: events and the frames below them. Nothing is copied.
 */
#ifndef FORMATS_PERF_LINES_H
#define FORMATS_PERF_LINES_H

#include <stdint.h>

#include "base/str.h"

/* "comm pid/tid [cpu] sec.usec: period event: rest"; all but the thread and the event may be absent. */
struct perf_event_line {
	struct str comm;    /* may hold spaces; "" when it is not printed */
	uint64_t pid, tid;  /* pid 0: not printed */
	int64_t time_ns;
	int64_t period;
	int has_time, has_period;
	struct str event;   /* "cpu-clock:pppH"; may hold spaces */
	struct str rest;    /* behind the event: a frame, what a tracepoint says, or nothing */
};

/* Non-zero when the line is an event. O(n) unless it is full of numbers. */
int perf_event_parse(struct str line, struct perf_event_line *ev);

/* "  ip symbol+0x1f (dso)", innermost first. */
struct perf_frame_line {
	struct str symbol; /* without offset; may be "" or "[unknown]" */
	struct str dso;    /* "" when it is not printed */
	int inlined;
};

/* What stands behind the address, `*text`; 0 when the line does not begin with one. */
int perf_frame_text(struct str line, struct str *text);

/* The parts of that text. */
void perf_frame_split(struct str text, struct perf_frame_line *f);

static inline int perf_frame_parse(struct str line, struct perf_frame_line *f)
{
	struct str text;

	if (!perf_frame_text(line, &text))
		return 0;
	perf_frame_split(text, f);
	return 1;
}

#endif
