/*
 * cpuprofile.h - what the readers of V8's CPU profiles share: nodes, samples and their times as they come out of JSON.
 * cpuprofile.c reads their parts, cpuprofile_file.c a whole file, trace_events.c the chunks in a Chrome trace.
 */
#ifndef FORMATS_CPUPROFILE_H
#define FORMATS_CPUPROFILE_H

#include "base/number_table.h"
#include "formats/formats.h"
#include "formats/json_pull.h"
#include "formats/v8_nodes.h"

/* A text kept in `texts`. */
struct kept {
	size_t start, n;
};

/* The node that is being read. */
struct cpu_node {
	struct kept name, url, deopt;
	int64_t line, column; /* from 0 */
	uint64_t parent;
	int has_parent, has_frame;
	uint32_t number;      /* among the nodes */
	int64_t tick_line, ticks; /* of the line that is being read */
	int hits_first, number_script; /* marks of V8's own serializer */
};

struct cpu_reader {
	struct json_pull json;
	struct v8_nodes nodes;
	struct cpu_node node;
	struct strbuf texts;
	int unescaped;        /* V8's own serializer: strings without escapes */
	int settled;          /* the dialect is known: traces are always escaped */
	uint64_t n_hits;
	struct number_table samples; /* node ids */
	struct number_table times;   /* ns: distances, or absolute when `absolute` */
	int absolute;
	int64_t start_ns, end_ns; /* PROFILE_NO_TIME: not given */
};

int cpu_reader_init(struct cpu_reader *r, struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, const char *what, struct err *e);
void cpu_reader_release(struct cpu_reader *r);

/* Each takes one value of the JSON text: nodes, node ids, microseconds. */
int cpu_read_nodes(struct cpu_reader *r, struct err *e);
int cpu_read_samples(struct cpu_reader *r, struct err *e);
int cpu_read_times(struct cpu_reader *r, struct err *e);

/* Progress, and whether the user wants to stop. */
int cpu_tick(struct cpu_reader *r, struct err *e);

/* All is read: hand stacks, hits and observations to the sink. */
int cpu_deliver(struct cpu_reader *r, uint32_t thread, struct err *e);

/* The whole value, an object with nodes or head, samples, timeDeltas or timestamps. */
int cpu_read_profile(struct cpu_reader *r, struct err *e);

enum probe probe_cpuprofile(const char *bytes, size_t n, int complete);
int cpuprofile_read(struct run *run, struct source *src, const struct profile_read_options *o,
		    const struct profile_sink *sink, struct err *e);

#endif
