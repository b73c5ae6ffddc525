/*
 * report_parts.h - what the reports of snapdiff and snapstat have in common: small cell constructors and whole tables.
 */
#ifndef ANALYZER_REPORT_PARTS_H
#define ANALYZER_REPORT_PARTS_H

#include "analyzer/heap.h"
#include "analyzer/report.h"

#define COLUMNS(array) .columns = (array), .n_columns = sizeof(array) / sizeof((array)[0])

static inline union cell cell_int(int64_t i)
{
	return (union cell){ .i = i };
}

static inline union cell cell_size(uint64_t bytes)
{
	return (union cell){ .i = bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes };
}

static inline union cell cell_text(struct str s)
{
	return (union cell){ .text = s };
}

/* Hundredths of a percent; 0 of nothing. */
int64_t hundredths(int64_t part, int64_t whole);

/* One line of the table of inputs. */
struct snapshot_row {
	const char *file;
	uint64_t file_bytes, nodes, edges, total_bytes, unreachable;
	int truncated;
	const char *runtime; /* origin_runtime() */
};

int report_add_snapshots(struct report *r, const struct snapshot_row *rows, size_t n, struct err *e);

/* The run's diagnostics; `files` names the inputs by number. */
int report_add_diagnostics(struct report *r, const struct run *run, const char *const *files, struct err *e);

/* Where a dominator tree is cut. */
struct tree_limits {
	unsigned depth;     /* levels below the root */
	uint64_t min_bytes; /* what a row retains at least */
	size_t children;    /* rows below one row, largest first */
	size_t rows;        /* no level is opened beyond */
	unsigned text_rows; /* see struct table */
};

/*
 * The dominator tree of a heap: every row is an object or the rest of its parent's children, so that sizes add up at each
 * level.
 */
int report_add_dominator_tree(struct report *r, const struct heap *h, const struct tree_limits *limits, int show_values,
			      struct err *e);

/* The same cut as a summary wants it. */
int report_add_dominators(struct report *r, const struct heap *h, int show_values, struct err *e);

/* ref_edge() for the edge by which a node's dominator holds it itself; absent when it holds it through several others. */
int report_holding_edge(struct arena *a, const struct heap *h, uint32_t node, struct str *out, struct err *e);

/* DevTools' statistics of a heap as a record. */
int report_add_statistics(struct report *r, const struct heap *h, struct err *e);

#endif
