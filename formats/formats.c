#include "formats/formats.h"

#include <string.h>

#include "formats/cpuprofile.h"
#include "formats/folded.h"
#include "formats/heap_traces.h"
#include "formats/heapprofile.h"
#include "formats/perf_data.h"
#include "formats/perf_script.h"
#include "formats/pprof.h"
#include "formats/probes.h"
#include "formats/speedscope.h"
#include "formats/trace_events.h"
#include "formats/v8_log.h"

static const struct format formats[] = {
	{ "heapsnapshot", "heapsnapshot,heaptimeline", "heap snapshot of V8", FORMAT_HEAP, probe_heapsnapshot,
	  heap_traces_read },
	{ "cpuprofile", "cpuprofile", "CPU profile of V8", FORMAT_PROFILE, probe_cpuprofile, cpuprofile_read },
	{ "heapprofile", "heapprofile", "sampling heap profile of V8", FORMAT_PROFILE, probe_heapprofile,
	  heapprofile_read },
	{ "speedscope", "speedscope.json", "profile of speedscope", FORMAT_PROFILE, probe_speedscope, speedscope_read },
	{ "trace", "json", "trace of Chrome with CPU profiles", FORMAT_PROFILE, probe_trace_events, trace_events_read },
	{ "folded", "folded,collapsed", "folded stacks", FORMAT_PROFILE, probe_folded, folded_read },
	{ "pprof", "pb,pb.gz,pprof", "profile of pprof (profile.proto)", FORMAT_PROFILE, probe_pprof, pprof_read },
	{ "perf-script", "perf,txt", "output of perf script", FORMAT_PROFILE, probe_perf_script, perf_script_read },
	{ "perf-data", "data", "recording of perf (perf.data)", FORMAT_PROFILE, probe_perf_data, perf_data_read },
	{ "v8-log", "log", "log of node --prof", FORMAT_PROFILE, probe_v8_log, v8_log_read },
	{ "v8-log-json", "json", "log of node --prof, preprocessed", FORMAT_PROFILE, probe_v8_log_json, v8_log_json_read },
};

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct format *format_table(size_t *n)
{
	*n = N_FORMATS;
	return formats;
}

const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

/* The first row with the surest answer. `*undecided`: some row wants to see more. */
static const struct format *ask(const char *bytes, size_t n, int complete, enum probe *best, int *undecided)
{
	const struct format *found = NULL;

	*best = PROBE_NO;
	*undecided = 0;
	for (size_t i = 0; i < N_FORMATS; i++) {
		enum probe p = formats[i].probe(bytes, n, complete);

		*undecided |= p == PROBE_MORE;
		if (p == PROBE_MORE || p <= *best)
			continue;
		*best = p;
		found = &formats[i];
	}
	return found;
}

static void list_names(char *out, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < N_FORMATS; i++) {
		size_t n = strlen(formats[i].name);

		if (used + n + 3 > size)
			return;
		used += (size_t)(used ? (memcpy(out + used, ", ", 2), 2) : 0);
		memcpy(out + used, formats[i].name, n + 1);
		used += n;
	}
}

static int not_recognised(struct err *e)
{
	char names[512] = "";

	list_names(names, sizeof(names));
	return err_set(e, ERR_UNSUPPORTED, "not recognised; tried %s. --input-format names the format if it is known",
		       names);
}

int format_detect(const struct format **out, struct source *src, struct err *e)
{
	static const size_t looks[] = { 4096, PROBE_BYTES };
	int undecided = 1;

	*out = NULL;
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]) && undecided; i++) {
		const char *bytes;
		enum probe best;
		size_t got;

		if (source_peek(src, looks[i], &bytes, &got, e))
			return e->kind;
		*out = ask(bytes, got, got < looks[i], &best, &undecided);
		if (best == PROBE_YES)
			return 0;
	}
	return *out ? 0 : not_recognised(e);
}
