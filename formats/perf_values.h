/*
 * perf_values.h - the values of samples that perf took: how many, and for each event what it counted.
 */
#ifndef FORMATS_PERF_VALUES_H
#define FORMATS_PERF_VALUES_H

#include "base/run.h"
#include "base/strbuf.h"
#include "formats/memo.h"
#include "formats/profile_sink.h"

struct perf_values {
	struct memo events;      /* names without the marks of precision */
	uint8_t units[PROFILE_MAX_VALUES];
	int64_t period[PROFILE_MAX_VALUES]; /* of all samples of the event; 0: none yet, -1: they differ */
	uint64_t n_beyond;       /* samples of more events than there can be */
	uint64_t n_without;      /* samples of an event with periods that have none */
};

void perf_values_init(struct perf_values *v, struct mem *m);
void perf_values_release(struct perf_values *v);

/*
 * Deliver a sample of the event with that name. `has_period` 0: it counts as 1. `s->values` and `s->duration_ns` are
 * filled here. New events are announced to the sink.
 */
int perf_values_sample(struct perf_values *v, const struct profile_sink *sink, struct str event, int has_period,
		       int64_t period, struct profile_sample *s, struct err *e);

/* What is known at the end: default value, period, diagnostics. */
int perf_values_finish(struct perf_values *v, struct run *run, const struct profile_sink *sink, struct err *e);

#endif
