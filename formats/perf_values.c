#include "formats/perf_values.h"

/* One column is the number of samples. */
#define MAX_EVENTS (PROFILE_MAX_VALUES - 1)

void perf_values_init(struct perf_values *v, struct mem *m)
{
	memset(v, 0, sizeof(*v));
	memo_init(&v->events, m);
}

void perf_values_release(struct perf_values *v)
{
	memo_release(&v->events);
}

/* "cpu-clock:pppH" is the cpu-clock; "cycles:u" is not all cycles. */
static struct str plain_name(struct str event)
{
	size_t i = event.n;

	while (i && strchr("pPHGSDWe", event.s[i - 1]) && event.s[i - 1])
		i--;
	if (i > 1 && event.s[i - 1] == ':')
		event.n = i - 1;
	return event;
}

static int is_clock(struct str event)
{
	return str_starts(event, "cpu-clock") || str_starts(event, "task-clock");
}

static int announce(const struct perf_values *v, const struct profile_sink *sink, struct err *e)
{
	struct profile_value_type types[PROFILE_MAX_VALUES] = { { STR_LIT("samples"), UNIT_COUNT, { 0 } } };
	uint32_t n = memo_n(&v->events) < MAX_EVENTS ? memo_n(&v->events) : MAX_EVENTS;

	for (uint32_t i = 0; i < n; i++)
		types[i + 1] = (struct profile_value_type){ memo_key(&v->events, i), (enum profile_unit)v->units[i], { 0 } };
	return sink->values(sink->ctx, types, (size_t)n + 1, e);
}

static int event_number(struct perf_values *v, const struct profile_sink *sink, struct str event, int has_period,
			uint32_t *number, struct err *e)
{
	uint32_t n = memo_n(&v->events);
	struct str name = plain_name(event);

	/* nobody has thousands of events; a damaged text may */
	if (n >= 1024) {
		*number = n;
		return 0;
	}
	if (memo_add(&v->events, name, number, e))
		return e->kind;
	if (*number < n || *number >= MAX_EVENTS)
		return 0;
	v->units[*number] = is_clock(name) && has_period ? UNIT_NANOSECONDS : UNIT_COUNT;
	return announce(v, sink, e);
}

static void note_period(struct perf_values *v, uint32_t i, int64_t period)
{
	if (!v->period[i])
		v->period[i] = period;
	else if (v->period[i] != period)
		v->period[i] = -1;
}

int perf_values_sample(struct perf_values *v, const struct profile_sink *sink, struct str event, int has_period,
		       int64_t period, struct profile_sample *s, struct err *e)
{
	int64_t values[PROFILE_MAX_VALUES] = { 1 };
	uint32_t i;

	if (event_number(v, sink, event, has_period, &i, e))
		return e->kind;
	if (i >= MAX_EVENTS) {
		v->n_beyond++;
	} else if (has_period) {
		values[i + 1] = period;
		note_period(v, i, period);
	} else if (v->units[i] == UNIT_NANOSECONDS || v->period[i]) {
		v->n_without++;
	} else {
		values[i + 1] = 1;
	}
	if (i < MAX_EVENTS && v->units[i] == UNIT_NANOSECONDS)
		s->duration_ns = values[i + 1];
	s->values = values;
	return sink->sample(sink->ctx, s, e);
}

/* The event that says where time goes, if one does. */
static uint32_t main_event(const struct perf_values *v)
{
	uint32_t n = memo_n(&v->events) < MAX_EVENTS ? memo_n(&v->events) : MAX_EVENTS;

	for (uint32_t i = 0; i < n; i++)
		if (v->units[i] == UNIT_NANOSECONDS)
			return i;
	for (uint32_t i = 0; i < n; i++)
		if (str_starts(memo_key(&v->events, i), "cycles"))
			return i;
	return 0;
}

int perf_values_finish(struct perf_values *v, struct run *run, const struct profile_sink *sink, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;

	if (memo_n(&v->events)) {
		uint32_t i = main_event(v);

		meta.default_type = meta.period_type = memo_key(&v->events, i);
		meta.period = v->period[i] > 0 ? v->period[i] : 0;
		meta.period_unit = v->units[i];
		if (sink->meta(sink->ctx, &meta, e))
			return e->kind;
	}
	if (run_diag_n(run, e, v->n_beyond, "more-events", "samples of events beyond the first %d; only their number is kept",
		       MAX_EVENTS))
		return e->kind;
	return run_diag_n(run, e, v->n_without, "no-period", "samples that do not say what they count, of an event whose "
			  "other samples do");
}
