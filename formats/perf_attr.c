#include "formats/perf_attr.h"

int perf_attr_parse(struct perf_attr *a, const unsigned char *bytes, size_t n)
{
	size_t size;
	uint64_t flags;

	if (n < PERF_ATTR_MIN_BYTES)
		return 0;
	size = perf_u32(bytes + 4);
	if (size && (size < PERF_ATTR_MIN_BYTES || size > n))
		return 0;
	flags = perf_u64(bytes + 40);
	*a = (struct perf_attr){ .type = perf_u32(bytes), .config = perf_u64(bytes + 8), .period = perf_u64(bytes + 16),
				 .sample_type = perf_u64(bytes + 24), .read_format = perf_u64(bytes + 32),
				 .is_freq = flags >> 10 & 1, .sample_id_all = flags >> 18 & 1 };
	return 1;
}

struct str perf_attr_known_name(const struct perf_attr *a)
{
	static const char *const hardware[] = { "cycles",	  "instructions", "cache-references",
						"cache-misses",	  "branches",	  "branch-misses",
						"bus-cycles",	  "stalled-cycles-frontend", "stalled-cycles-backend",
						"ref-cycles" };
	static const char *const software[] = { "cpu-clock",	 "task-clock",	     "page-faults",	 "context-switches",
						"cpu-migrations", "minor-faults",    "major-faults",	 "alignment-faults",
						"emulation-faults", "dummy",	     "bpf-output",	 "cgroup-switches" };

	if (a->type == 0 && a->config < sizeof(hardware) / sizeof(hardware[0]))
		return str_of(hardware[a->config]);
	if (a->type == 1 && a->config < sizeof(software) / sizeof(software[0]))
		return str_of(software[a->config]);
	return (struct str){ "", 0 };
}

/* The fields of a record, taken one after the other. */
struct cursor {
	const unsigned char *p, *end;
	int short_of; /* a field was asked for that is not there */
};

static uint64_t take(struct cursor *c)
{
	uint64_t v;

	if ((size_t)(c->end - c->p) < 8) {
		c->short_of = 1;
		return 0;
	}
	v = perf_u64(c->p);
	c->p += 8;
	return v;
}

static uint64_t take_if(struct cursor *c, const struct perf_attr *a, uint64_t bit)
{
	return a->sample_type & bit ? take(c) : 0;
}

static void skip_words(struct cursor *c, uint64_t n)
{
	if (n > (uint64_t)(c->end - c->p) / 8)
		c->short_of = 1;
	else
		c->p += n * 8;
}

/* Counter values that came with the sample; see PERF_FORMAT_* of the kernel. */
static void skip_read(struct cursor *c, uint64_t format)
{
	uint64_t each = 1 + (format >> 2 & 1) + (format >> 4 & 1), times = (format & 1) + (format >> 1 & 1), n = 1;

	if (format >> 3 & 1)
		n = take(c);
	if (n > 65536)
		c->short_of = 1;
	else
		skip_words(c, times + n * each);
}

/* The order of the fields is not that of the bits: `perf_output_sample()` of the kernel. */
int perf_sample_parse(const struct perf_attr *a, const unsigned char *bytes, size_t n, struct perf_sample *s)
{
	struct cursor c = { bytes, bytes + n, 0 };
	uint64_t v;

	*s = (struct perf_sample){ .id = take_if(&c, a, PERF_SAMPLE_IDENTIFIER) };
	s->ip = take_if(&c, a, PERF_SAMPLE_IP);
	v = take_if(&c, a, PERF_SAMPLE_TID);
	s->pid = (uint32_t)v;
	s->tid = (uint32_t)(v >> 32);
	s->time = take_if(&c, a, PERF_SAMPLE_TIME);
	take_if(&c, a, PERF_SAMPLE_ADDR);
	v = take_if(&c, a, PERF_SAMPLE_ID);
	s->id = a->sample_type & PERF_SAMPLE_IDENTIFIER ? s->id : v;
	take_if(&c, a, PERF_SAMPLE_STREAM_ID);
	take_if(&c, a, PERF_SAMPLE_CPU);
	s->period = take_if(&c, a, PERF_SAMPLE_PERIOD);
	if (a->sample_type & PERF_SAMPLE_READ)
		skip_read(&c, a->read_format);
	s->has_tid = (a->sample_type & PERF_SAMPLE_TID) != 0;
	s->has_time = (a->sample_type & PERF_SAMPLE_TIME) != 0;
	s->has_period = (a->sample_type & PERF_SAMPLE_PERIOD) != 0;
	s->has_id = (a->sample_type & (PERF_SAMPLE_ID | PERF_SAMPLE_IDENTIFIER)) != 0;
	if (a->sample_type & PERF_SAMPLE_CALLCHAIN) {
		s->n_chain = take(&c);
		s->chain = c.p;
		skip_words(&c, s->n_chain);
	}
	return !c.short_of;
}

static const uint64_t id_fields[] = { PERF_SAMPLE_TID, PERF_SAMPLE_TIME, PERF_SAMPLE_ID, PERF_SAMPLE_STREAM_ID,
				      PERF_SAMPLE_CPU, PERF_SAMPLE_IDENTIFIER };

size_t perf_id_bytes(const struct perf_attr *a)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(id_fields) / sizeof(id_fields[0]); i++)
		n += a->sample_type & id_fields[i] ? 8 : 0;
	return a->sample_id_all ? n : 0;
}

uint64_t perf_id_time(const struct perf_attr *a, const unsigned char *bytes, size_t n)
{
	size_t all = perf_id_bytes(a);

	if (!all || n < all || !(a->sample_type & PERF_SAMPLE_TIME))
		return 0;
	return perf_u64(bytes + n - all + (a->sample_type & PERF_SAMPLE_TID ? 8 : 0));
}
