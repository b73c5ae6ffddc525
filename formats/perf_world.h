/*
 * perf_world.h - the processes of a recording of perf while its records are told in the order of time: who is called what,
 * what is mapped where, and so what function an address is.
 *
 * Records come without their 8 bytes of head; those too short for what they should hold are counted and left out. Source
 * of the layouts: include/uapi/linux/perf_event.h of the kernel.
 */
#ifndef FORMATS_PERF_WORLD_H
#define FORMATS_PERF_WORLD_H

#include "formats/memo.h"
#include "formats/perf_attr.h"
#include "formats/perf_modules.h"
#include "formats/perf_space.h"
#include "formats/profile_sink.h"
#include "formats/wtf8.h"

struct perf_task {
	uint32_t comm;      /* in `names` */
	uint32_t sink_id;   /* 0: not announced */
	uint32_t announced; /* name under which it was */
};

struct perf_world {
	struct run *run;
	const struct profile_sink *sink;
	struct perf_modules modules;
	struct perf_spaces spaces;
	struct memo tasks, names;
	struct perf_task *task_rows;
	size_t task_rows_capacity;
	struct wtf8 text;
	uint32_t *chain;     /* frames of the sample at hand, innermost first */
	size_t n_chain, chain_capacity;
	uint32_t unknown;    /* frame of addresses in nothing */
	int has_unknown;
	uint64_t n_short, n_broken;
};

/* `path` is that of the recording, see perf_modules_init(). To be released also after a failure. */
int perf_world_init(struct perf_world *w, struct run *run, const struct profile_sink *sink, const char *path, struct err *e);
void perf_world_release(struct perf_world *w);

int perf_world_comm(struct perf_world *w, const unsigned char *p, size_t n, uint16_t misc, struct err *e);
int perf_world_fork(struct perf_world *w, const unsigned char *p, size_t n, struct err *e);
int perf_world_mmap(struct perf_world *w, const unsigned char *p, size_t n, uint16_t misc, struct err *e);
int perf_world_mmap2(struct perf_world *w, const unsigned char *p, size_t n, uint16_t misc, struct err *e);

/* Make the sample's callchain into frames: `chain`. Outer ends that lie in no mapping are cut off and counted. */
int perf_world_chain(struct perf_world *w, const struct perf_sample *s, uint16_t misc, struct err *e);

/* The sink's number of the thread that the sample is of. */
int perf_world_thread(struct perf_world *w, const struct perf_sample *s, uint32_t *id, struct err *e);

#endif
