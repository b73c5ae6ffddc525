/*
 * gate_parts.h - between gate.c, which judges, and gate_baseline.c, which reads an earlier report.
 */
#ifndef ANALYZER_GATE_PARTS_H
#define ANALYZER_GATE_PARTS_H

#include "analyzer/filter.h"
#include "analyzer/gate.h"

enum condition_kind { CONDITION_LEAK, CONDITION_GROWTH, CONDITION_COUNT, CONDITION_BYTES };

struct condition {
	const char *text;       /* as given */
	enum condition_kind kind;
	struct filter *classes; /* COUNT, BYTES */
	int64_t limit;
	int64_t allowed;        /* what the baseline had; 0 without one */
};

#define FINGERPRINT_CHARS 16

/* A finding of the baseline. */
struct known_leak {
	char text[FINGERPRINT_CHARS + 1];
	int64_t bytes;
};

struct gate {
	struct mem *mem;
	struct condition *conditions;
	size_t n;
	struct known_leak *known;
	size_t n_known, known_capacity;
};

#endif
