#include "formats/perf_data.h"

#include <stdio.h>

#include "formats/perf_header.h"
#include "formats/perf_order.h"
#include "formats/perf_unpack.h"
#include "formats/perf_values.h"
#include "formats/perf_world.h"

/* PERF_RECORD_* of the kernel, and from 64 on of perf itself. */
enum {
	RECORD_MMAP = 1,
	RECORD_LOST = 2,
	RECORD_COMM = 3,
	RECORD_FORK = 7,
	RECORD_SAMPLE = 9,
	RECORD_MMAP2 = 10,
	RECORD_LOST_SAMPLES = 13,
	RECORD_USER = 64,
	RECORD_HEADER_ATTR = 64,
	RECORD_BUILD_ID = 67,
	RECORD_FINISHED_ROUND = 68,
	RECORD_AUXTRACE = 71,
	RECORD_HEADER_FEATURE = 80,
	RECORD_COMPRESSED = 81,
	RECORD_COMPRESSED2 = 83,
};

#define RECORD_HEAD 8

struct data {
	struct run *run;
	const struct profile_sink *sink;
	struct feed in;
	struct perf_header header;
	struct perf_world world;
	struct perf_order order;
	struct perf_values values;
	struct perf_unpack *unpack;
	int uniform;
	uint64_t n_samples, n_lost, n_short, n_no_event;
};

static const struct perf_attr *first_attr(const struct data *d)
{
	return d->header.n_attrs ? &d->header.attrs[0] : NULL;
}

/* Which event a record belongs to. All alike, or the id stands where it does not depend on the event. */
static const struct perf_attr *attr_of(struct data *d, const unsigned char *record, size_t n, struct err *e)
{
	const struct perf_attr *first = first_attr(d);
	int is_sample = perf_u32(record) == RECORD_SAMPLE;

	if (!first || d->uniform || n < RECORD_HEAD + 8)
		return first;
	return perf_header_event(&d->header, perf_u64(is_sample ? record + RECORD_HEAD : record + n - 8), e);
}

static struct str event_name(const struct perf_attr *a, char raw[64])
{
	if (a->name.n)
		return a->name;
	return (struct str){ raw, (size_t)snprintf(raw, 64, "%s 0x%llx", a->type == 2 ? "tracepoint" : "raw",
						   (unsigned long long)a->config) };
}

/* Without a period in the sample, that of the event counts, unless it was a frequency. */
static int deliver_sample(struct data *d, const struct perf_attr *a, const struct perf_sample *s, struct err *e)
{
	struct profile_sample sample = { .time_ns = s->has_time && s->time <= INT64_MAX ? (int64_t)s->time : PROFILE_NO_TIME };
	uint64_t period = s->has_period ? s->period : a->period;
	char raw[64];

	if (profile_sink_chain(d->sink, d->world.chain, NULL, d->world.n_chain, &sample.stack, e) ||
	    perf_world_thread(&d->world, s, &sample.thread, e))
		return e->kind;
	d->n_samples++;
	return perf_values_sample(&d->values, d->sink, event_name(a, raw),
				  (s->has_period || !a->is_freq) && period <= INT64_MAX, (int64_t)period, &sample, e);
}

static int take_sample(struct data *d, const unsigned char *record, size_t n, uint16_t misc, struct err *e)
{
	const struct perf_attr *a = attr_of(d, record, n, e);
	struct perf_sample s;

	if (e->kind)
		return e->kind;
	if (!a) {
		d->n_no_event++;
		return 0;
	}
	if (a->sample_type & PERF_SAMPLE_STACK_USER)
		return err_set(e, ERR_UNSUPPORTED, "recorded with --call-graph dwarf: stacks were saved, not walked. Let perf walk "
			       "them: perf script >FILE, or record with -g (frame pointers)");
	if (!perf_sample_parse(a, record + RECORD_HEAD, n - RECORD_HEAD, &s)) {
		d->n_short++;
		return 0;
	}
	if (d->uniform && d->header.n_attrs > 1 && s.has_id && !(a = perf_header_event(&d->header, s.id, e))) {
		d->n_no_event += !e->kind;
		return e->kind;
	}
	if (perf_world_chain(&d->world, &s, misc, e))
		return e->kind;
	return deliver_sample(d, a, &s, e);
}

/* A record whose turn it is. */
static int deliver(void *ctx, const unsigned char *record, uint64_t time, struct err *e)
{
	struct data *d = ctx;
	uint16_t misc, size;
	const unsigned char *body = record + RECORD_HEAD;
	size_t n;

	(void)time;
	memcpy(&misc, record + 4, sizeof(misc));
	memcpy(&size, record + 6, sizeof(size));
	n = size - (size_t)RECORD_HEAD;
	switch (perf_u32(record)) {
	case RECORD_MMAP:
		return perf_world_mmap(&d->world, body, n, misc, e);
	case RECORD_MMAP2:
		return perf_world_mmap2(&d->world, body, n, misc, e);
	case RECORD_COMM:
		return perf_world_comm(&d->world, body, n, misc, e);
	case RECORD_FORK:
		return perf_world_fork(&d->world, body, n, e);
	case RECORD_SAMPLE:
		return take_sample(d, record, size, misc, e);
	case RECORD_LOST:
		d->n_lost += n >= 16 ? perf_u64(body + 8) : 0;
		return 0;
	case RECORD_LOST_SAMPLES:
		d->n_lost += n >= 8 ? perf_u64(body) : 0;
		return 0;
	}
	return 0;
}

static uint64_t time_of(struct data *d, const unsigned char *record, size_t n, struct err *e)
{
	const struct perf_attr *a = attr_of(d, record, n, e);
	struct perf_sample s;

	if (!a)
		return 0;
	if (perf_u32(record) != RECORD_SAMPLE)
		return perf_id_time(a, record + RECORD_HEAD, n - RECORD_HEAD);
	return perf_sample_parse(a, record + RECORD_HEAD, n - RECORD_HEAD, &s) ? s.time : 0;
}

static int take_record(void *ctx, const unsigned char *record, size_t n, struct err *e);

static int take_compressed(struct data *d, const unsigned char *body, size_t n, int has_length, struct err *e)
{
	if (has_length) {
		uint64_t bytes = n >= 8 ? perf_u64(body) : 0;

		if (n < 8 || bytes > n - 8)
			return err_set(e, ERR_FORMAT, "a compressed record of %llu bytes in one of %zu",
				       (unsigned long long)bytes, n);
		body += 8;
		n = (size_t)bytes;
	}
	if (!d->unpack && perf_unpack_new(&d->unpack, &d->run->mem, e))
		return e->kind;
	return perf_unpack_feed(d->unpack, body, n, take_record, d, e);
}

static int take_own_record(struct data *d, uint32_t type, const unsigned char *body, size_t n, struct err *e)
{
	switch (type) {
	case RECORD_HEADER_ATTR:
		if (d->header.is_pipe && perf_header_attr_record(&d->header, body, n, e))
			return e->kind;
		d->uniform = perf_header_uniform(&d->header);
		return 0;
	case RECORD_HEADER_FEATURE:
		return n < 8 ? 0 : perf_header_feature(&d->header, perf_u64(body), body + 8, n - 8, &d->world.modules, e);
	case RECORD_BUILD_ID:
		return perf_header_build(&d->header, body, n, &d->world.modules, e);
	case RECORD_FINISHED_ROUND:
		return perf_order_mark(&d->order, e);
	}
	return 0;
}

static int take_record(void *ctx, const unsigned char *record, size_t n, struct err *e)
{
	struct data *d = ctx;
	uint32_t type = perf_u32(record);
	uint64_t time;

	if (type >= RECORD_USER)
		return take_own_record(d, type, record + RECORD_HEAD, n - RECORD_HEAD, e);
	time = time_of(d, record, n, e);
	return e->kind ? e->kind : perf_order_add(&d->order, record, n, time, e);
}

/* The record at the front of the window, which holds it whole. `*n` becomes what follows it besides. */
static int take_outer(struct data *d, const unsigned char *record, size_t n, uint64_t *more, struct err *e)
{
	uint32_t type = perf_u32(record);

	*more = type == RECORD_AUXTRACE && n >= 16 ? perf_u64(record + 8) : 0;
	if (type == RECORD_COMPRESSED || type == RECORD_COMPRESSED2)
		return take_compressed(d, record + RECORD_HEAD, n - RECORD_HEAD, type == RECORD_COMPRESSED2, e);
	return take_record(d, record, n, e);
}

static int cut(struct data *d, struct err *e)
{
	return run_diag(d->run, e, "cut-file", "the recording ends in the middle of a record; perf was perhaps killed");
}

static int read_records(struct data *d, uint64_t end, struct err *e)
{
	while (feed_offset(&d->in) < end) {
		uint64_t offset = feed_offset(&d->in), more;
		size_t n;

		if (feed_need(&d->in, RECORD_HEAD, e))
			return e->kind;
		if (!feed_left(&d->in) && end == UINT64_MAX)
			return 0;
		if (feed_left(&d->in) < RECORD_HEAD)
			return cut(d, e);
		n = (size_t)feed_bytes(&d->in)[6] | (size_t)feed_bytes(&d->in)[7] << 8;
		if (n < RECORD_HEAD)
			return err_at(e, ERR_FORMAT, offset, "a record of %zu bytes", n);
		if (feed_need(&d->in, n, e))
			return e->kind;
		if (feed_left(&d->in) < n)
			return cut(d, e);
		if (take_outer(d, feed_bytes(&d->in), n, &more, e)) {
			e->offset = e->offset == ERR_NO_OFFSET ? offset : e->offset;
			return e->kind;
		}
		d->in.pos += n;
		if (more && feed_skip(&d->in, more, e))
			return e->kind;
	}
	return 0;
}

/* Only a file can be read twice, and only one whose end is where its header says. */
static int read_end_first(struct data *d, struct source *src, size_t read_bytes, struct err *e)
{
	struct perf_header unused;
	struct feed in;
	int rc;

	if (d->header.is_pipe || !source_size(src) || !d->header.data_bytes)
		return 0;
	rc = perf_header_end(&d->header, &d->in, &d->world.modules, e);
	if (rc == ERR_TRUNCATED) {
		*e = (struct err)ERR_INIT;
		rc = 0;
	}
	if (rc || source_rewind(src, e) || feed_init(&in, d->run, src, read_bytes, e))
		return e->kind;
	feed_release(&d->in);
	d->in = in;
	perf_header_init(&unused, d->run);
	rc = perf_header_begin(&unused, &d->in, e);
	perf_header_release(&unused);
	return rc;
}

static int finish(struct data *d, struct err *e)
{
	struct profile_meta meta = PROFILE_META_INIT;
	char producer[128];

	if (d->header.version.n) {
		meta.producer.n = (size_t)snprintf(producer, sizeof(producer), "perf %.*s",
						   (int)(d->header.version.n > 100 ? 100 : d->header.version.n),
						   d->header.version.s);
		meta.producer.s = producer;
		if (wtf8_clean(&d->world.text, &meta.producer, e) || d->sink->meta(d->sink->ctx, &meta, e))
			return e->kind;
	}
	return perf_values_finish(&d->values, d->run, d->sink, e);
}

static int report(struct data *d, struct err *e)
{
	struct run *r = d->run;

	if (run_diag_n(r, e, d->n_lost, "lost-samples", "samples that were lost while recording, as perf says itself") ||
	    run_diag_n(r, e, d->n_short + d->world.n_short, "short-record", "records that are shorter than what they should hold") ||
	    run_diag_n(r, e, d->n_no_event, "unknown-event", "samples of an event that the file does not describe") ||
	    run_diag_n(r, e, d->world.n_broken, "broken-stack",
		       "stacks whose outermost frames lie in no mapping; those frames are left out") ||
	    run_diag_n(r, e, d->header.n_damaged, "damaged-header", "parts of the header that make no sense; left out") ||
	    run_diag_n(r, e, d->world.spaces.n_refused, "too-many-mappings", "mappings beyond what a system has; left out") ||
	    run_diag_n(r, e, d->world.modules.n_damaged_maps, "damaged-map", "files of symbols that could not be read"))
		return e->kind;
	return run_diag_n(r, e, d->world.modules.n_without_symbols, "no-symbols",
			  "modules without symbols: the file or map is not here, or is another build. Addresses in them are "
			  "shown as module+offset");
}

static int read_all(struct data *d, struct source *src, const struct profile_read_options *o, struct err *e)
{
	uint64_t end = UINT64_MAX;

	if (perf_header_begin(&d->header, &d->in, e) || read_end_first(d, src, o->read_bytes, e))
		return e->kind;
	d->uniform = perf_header_uniform(&d->header);
	if (!d->header.is_pipe && d->header.data_bytes &&
	    __builtin_add_overflow(d->header.data_offset, d->header.data_bytes, &end))
		end = UINT64_MAX;
	if (read_records(d, end, e) || perf_order_flush(&d->order, e))
		return e->kind;
	return report(d, e) ? e->kind : finish(d, e);
}

static int data_init(struct data *d, const struct profile_read_options *o, struct err *e)
{
	struct mem *m = &d->run->mem;

	perf_header_init(&d->header, d->run);
	perf_order_init(&d->order, m, deliver, d);
	perf_values_init(&d->values, m);
	return perf_world_init(&d->world, d->run, d->sink, o->path, e);
}

static void data_release(struct data *d)
{
	perf_header_release(&d->header);
	perf_world_release(&d->world);
	perf_order_release(&d->order);
	perf_values_release(&d->values);
	perf_unpack_free(d->unpack);
}

int perf_data_read(struct run *run, struct source *src, const struct profile_read_options *o,
		   const struct profile_sink *sink, struct err *e)
{
	struct data d = { .run = run, .sink = sink };
	int rc;

	if (feed_init(&d.in, run, src, o->read_bytes, e))
		return e->kind;
	rc = data_init(&d, o, e);
	if (!rc)
		rc = read_all(&d, src, o, e);
	data_release(&d);
	feed_release(&d.in);
	return rc;
}

enum probe probe_perf_data(const char *bytes, size_t n, int complete)
{
	static const char *const magics[] = { PERF_MAGIC, PERF_MAGIC_SWAPPED, PERF_MAGIC_OLD };

	(void)complete;
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (n >= 8 && !memcmp(bytes, magics[i], 8))
			return PROBE_YES;
	return PROBE_NO;
}
