/*
 * html_tables.h - tables of the report model as HTML tables and lists of facts, driven by cell types alone.
 */
#ifndef WEB_HTML_TABLES_H
#define WEB_HTML_TABLES_H

#include <stddef.h>

#include "analyzer/report.h"
#include "web/html_writer.h"

/* A run of rows of one table: all, or what one owner has in a child table. */
struct html_rows {
	const struct report *report;
	const struct table *table;
	size_t first, n;
	size_t shown; /* of n; what is left out gets a rest row */
	int is_part;  /* rows of one owner: the table's total is not theirs */
	int is_flat;  /* detail columns stand there like all others, without a switch */
	const char *without; /* key of a column that is told elsewhere; NULL: all are there */
};

/* An HTML table in a scrolling region of its own, with rest row and total. */
void html_table(struct html *h, const struct html_rows *rows);

/* The facts of a record, side by side, each a large number; pairs of before and after get bars. */
void html_tiles(struct html *h, const struct report *r, const struct table *t);

/* The facts of a record, one below the other; sizes as bars of the record's total. */
void html_facts(struct html *h, const struct report *r, const struct table *t);

/* "3 more rows" with their sums as one line, for what is not shown as a table; `t->total` likewise. */
void html_sums(struct html *h, const struct table *t, const char *label, size_t first, size_t n);

/* Columns worth showing: those that hold something in some row. Bit i is column i; tables have no more than 64. */
uint64_t html_columns(const struct html_rows *rows);

/* "1,234 rows", with the thing's name in singular or plural; both "" for the bare number. */
void html_count_of(struct html *h, size_t n, const char *one, const char *many);

#endif
