/*
 * dump.h - raw numbers of a heap as tab-separated lines, for scripts and for the comparison with DevTools.
 */
#ifndef ANALYZER_DUMP_H
#define ANALYZER_DUMP_H

#include "analyzer/analysis.h"
#include "analyzer/heap.h"
#include "analyzer/redact.h"

/* Class names pass the rules of `redact`; with NULL they stay as they are. */

/* "id type self_bytes retained_bytes distance dominator_id class", in file order. */
int dump_nodes(const struct heap *h, struct redact *redact, const struct byte_sink *sink, struct err *e);

/* "count distance self_bytes retained_bytes key", sorted by key. */
int dump_classes(const struct heap *h, struct redact *redact, const struct byte_sink *sink, struct err *e);

/* DevTools' Statistics as one line of JSON. */
int dump_stats(const struct heap *h, struct redact *redact, const struct byte_sink *sink, struct err *e);

/* A row of DevTools' Comparison. */
struct dump_row {
	struct str key;
	uint64_t added, removed, added_bytes, removed_bytes;
};

/* "added removed added_bytes removed_bytes key", sorted by key; `rows` is reordered. */
int dump_compare(struct mem *m, struct dump_row *rows, size_t n, struct redact *redact, const struct byte_sink *sink,
		 struct err *e);

/*
 * DevTools' public key of a class, appended to `out`: "scriptId,line,column,Name", or ",Name" where no place is known.
 */
void dump_class_key(const struct heap *h, const struct heap_class *c, struct strbuf *out);

#endif
