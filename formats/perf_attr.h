/*
 * perf_attr.h - how the records of one event are laid out: struct perf_event_attr of the kernel, as far as stacks need
 * it, and the two kinds of layouts that it decides.
 */
#ifndef FORMATS_PERF_ATTR_H
#define FORMATS_PERF_ATTR_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct perf_attr {
	uint32_t type;
	uint64_t config;
	uint64_t period; /* or frequency, when is_freq */
	uint64_t sample_type, read_format;
	int is_freq;
	int sample_id_all; /* other records end with what identifies them */
	struct str name;   /* "" until it is known */
};

/* Bits of sample_type. */
enum {
	PERF_SAMPLE_IP = 1 << 0,
	PERF_SAMPLE_TID = 1 << 1,
	PERF_SAMPLE_TIME = 1 << 2,
	PERF_SAMPLE_ADDR = 1 << 3,
	PERF_SAMPLE_READ = 1 << 4,
	PERF_SAMPLE_CALLCHAIN = 1 << 5,
	PERF_SAMPLE_ID = 1 << 6,
	PERF_SAMPLE_CPU = 1 << 7,
	PERF_SAMPLE_PERIOD = 1 << 8,
	PERF_SAMPLE_STREAM_ID = 1 << 9,
	PERF_SAMPLE_REGS_USER = 1 << 12,
	PERF_SAMPLE_STACK_USER = 1 << 13,
	PERF_SAMPLE_IDENTIFIER = 1 << 16,
};

#define PERF_ATTR_MIN_BYTES 64

/* Read an attr of `n` bytes, of which the kernel that wrote it knew as many as it says. 0: too short. */
int perf_attr_parse(struct perf_attr *a, const unsigned char *bytes, size_t n);

/* A name for an event that the file does not name, from type and config; "" for what perf would call raw. */
struct str perf_attr_known_name(const struct perf_attr *a);

struct perf_sample {
	uint64_t ip, id, time, period;
	uint32_t pid, tid;
	int has_time, has_period, has_id, has_tid;
	const unsigned char *chain; /* n_chain addresses of eight bytes; NULL: none */
	uint64_t n_chain;
};

/* Read the body of a PERF_RECORD_SAMPLE. 0: it is shorter than its fields. */
int perf_sample_parse(const struct perf_attr *a, const unsigned char *bytes, size_t n, struct perf_sample *s);

/* Bytes of what identifies records that are no samples, at their ends; 0 without sample_id_all. */
size_t perf_id_bytes(const struct perf_attr *a);

/* Its time; 0: none. `n` bytes of the record's body. */
uint64_t perf_id_time(const struct perf_attr *a, const unsigned char *bytes, size_t n);

static inline uint32_t perf_u32(const unsigned char *p)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

static inline uint64_t perf_u64(const unsigned char *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

#endif
