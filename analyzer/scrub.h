/*
 * scrub.h - a snapshot without what it knows: the same graph with the same numbers, but no values.
 *
 * The input is read twice, front to back. The first time every text is seen in its roles: value of a string, name of a
 * class, function, property, ... Then each name is judged: it stays unless a redaction rule finds something in it, or it
 * belongs to a family that looks like data. The second time the numbers are copied, and the strings are written as
 * judged. A text that is both a value and a name becomes two.
 *
 * Replacements have the same length in UTF-16 units and are equal for equal texts; different names stay different, and
 * keep the signs that decide how long DevTools thinks they are. So every size, distance, class and edge stays the same.
 * Memory: a few megabytes, the string table, and some bytes per string.
 */
#ifndef ANALYZER_SCRUB_H
#define ANALYZER_SCRUB_H

#include "analyzer/analysis.h"
#include "analyzer/redact.h"
#include "analyzer/report.h"
#include "base/err.h"
#include "base/run.h"

struct scrub_options {
	struct redact *redact;
	const char *output; /* name whose suffix, .zst or .gz, says how to compress */
	int strict; /* ERR_CONDITION, before anything is written, when names that look like data would stay */
};

/*
 * Write the scrubbed snapshot. Errors as heap_load(), ERR_UNSUPPORTED also for an input that can be read only once
 * or whose sections are in another order than V8's. Uses one thread.
 */
int scrub_write(struct run *run, const char *file, const struct scrub_options *o, const struct byte_sink *sink,
		struct err *e);

/* Fill and seal a report on the names that would stay and those that would not. `out` has been given its rules. */
int scrub_audit(struct run *run, const char *file, const struct scrub_options *o, struct report *out, struct err *e);

#endif
