#include "formats/profile_sink.h"

int profile_sink_chain(const struct profile_sink *s, const uint32_t *frames, const uint32_t *lines, size_t n,
		       uint32_t *id, struct err *e)
{
	*id = STACK_NONE;
	for (size_t i = n; i-- > 0;)
		if (s->stack(s->ctx, *id, frames[i], lines ? lines[i] : 0, id, e))
			return e->kind;
	return 0;
}

static const struct {
	const char *name;
	enum profile_unit unit;
	int64_t factor;
} units[] = {
	{ "nanoseconds", UNIT_NANOSECONDS, 1 },
	{ "nanosecond", UNIT_NANOSECONDS, 1 },
	{ "ns", UNIT_NANOSECONDS, 1 },
	{ "microseconds", UNIT_NANOSECONDS, 1000 },
	{ "microsecond", UNIT_NANOSECONDS, 1000 },
	{ "us", UNIT_NANOSECONDS, 1000 },
	{ "milliseconds", UNIT_NANOSECONDS, 1000000 },
	{ "millisecond", UNIT_NANOSECONDS, 1000000 },
	{ "ms", UNIT_NANOSECONDS, 1000000 },
	{ "seconds", UNIT_NANOSECONDS, 1000000000 },
	{ "second", UNIT_NANOSECONDS, 1000000000 },
	{ "s", UNIT_NANOSECONDS, 1000000000 },
	{ "bytes", UNIT_BYTES, 1 },
	{ "byte", UNIT_BYTES, 1 },
	{ "b", UNIT_BYTES, 1 },
	{ "kilobytes", UNIT_BYTES, 1024 },
	{ "kb", UNIT_BYTES, 1024 },
	{ "megabytes", UNIT_BYTES, 1048576 },
	{ "mb", UNIT_BYTES, 1048576 },
	{ "count", UNIT_COUNT, 1 },
	{ "samples", UNIT_COUNT, 1 },
	{ "objects", UNIT_COUNT, 1 },
	{ "", UNIT_COUNT, 1 },
};

enum profile_unit profile_unit_parse(struct str name, int64_t *factor)
{
	*factor = 1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!str_is(name, units[i].name))
			continue;
		*factor = units[i].factor;
		return units[i].unit;
	}
	return UNIT_OTHER;
}
