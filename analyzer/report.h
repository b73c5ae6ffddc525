/*
 * report.h - the report model: what a command found, as flat tables, before anybody chose a notation.
 *
 * Builders (snapdiff_report.c, snapstat_report.c) fill a report, report_seal() checks it, renderers (render_*.c, web/)
 * only read it. Numbers are integers with a unit; only renderers make them human. Tables are never nested: a tree is a
 * table with a parent column, and rows that belong to a row of another table stand in a child table. The model holds
 * every row; a renderer that shows fewer adds a rest row from table_rest(), so that the shown rows still add up.
 *
 * Rows, warnings and the headline are the report's own; columns, texts, node references, paths, places and series given
 * to the builders are borrowed and must outlive the report (they are literals, live in the report's or the run's arena
 * or in a heap's string table). Texts are WTF-8 and may hold control bytes, markup and NUL: escaping is each renderer's
 * duty.
 */
#ifndef ANALYZER_REPORT_H
#define ANALYZER_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/keyed_hash.h"
#include "base/run.h"
#include "base/str.h"
#include "base/strbuf.h"

#define REPORT_SCHEMA "snapdiff-report/1"

enum cell_type {
	CELL_TEXT,    /* text; absent: s == NULL */
	CELL_COUNT,   /* number of things */
	CELL_BYTES,   /* size in bytes */
	CELL_TIME,    /* nanoseconds */
	CELL_PERCENT, /* hundredths of a percent: 10000 is 100 % */
	CELL_NUMBER,  /* a plain integer: id, rank, line */
	CELL_DISTANCE, /* steps from the root as DevTools counts; to people only those from the program's own roots are shown */
	CELL_BOOL,
	CELL_NODE,    /* reference to a heap object; absent: NULL */
	CELL_PATH,    /* way from the root to an object; absent: NULL */
	CELL_PLACE,   /* position in source code; absent: NULL */
	CELL_SERIES,  /* one integer per snapshot, unit by the column's `series_type`; absent: NULL */
	CELL_ROW,     /* row number in the same table (parent of a tree), the parent table or the one it is called after; -1: none */
	CELL_RATIO,   /* hundredths of one: 87 is 0.87 */
	CELL_TEXTS,   /* list of texts; absent: NULL */
	CELL_NUMBERS, /* list of plain numbers, such as ids; absent: NULL */
	CELL_ITEM,    /* kind of object, in the words of its class, function and shape; absent: NULL */
};

enum column_flags {
	COLUMN_SUMS = 1,      /* the rows add up to the table's total; a rest row carries the sum of what is left out */
	COLUMN_SIGNED = 2,    /* a difference: shown with + or - */
	COLUMN_DETAIL = 4,    /* for machines and wide views: text and Markdown leave it out */
	COLUMN_MAIN = 8,      /* what the table is sorted by, descending */
};

/* Names and values of a report's cells. A reference is shared freely between cells. */
struct node_ref {
	uint64_t id;        /* V8's snapshot object id */
	struct str class;   /* DevTools' class name */
	struct str name;    /* what to call it; "" where that would be a string value and values are not shown */
};

struct path_step {
	struct str edge;      /* name of the edge that leads here, "[3]" for an element; "" for the root */
	const char *edge_type; /* "property", "context", ...; "" for the root */
	uint64_t id;
	struct str class;
};

struct path {
	size_t n_steps;          /* at least 1: the root first, the object last */
	struct path_step *steps;
	size_t n_omitted;        /* steps cut out of the middle, 0 in general */
	size_t omitted_after;    /* index of the step after which they were */
};

struct place {
	struct str script;  /* file path or URL; "" when only the script id is known */
	uint64_t script_id;
	uint32_t line;      /* 1-based */
	uint32_t column;    /* 1-based */
};

struct str_list {
	struct str *texts;
	size_t n;
};

struct number_list {
	uint64_t *numbers;
	size_t n;
};

/* Absent parts have s == NULL. */
struct item_ref {
	struct str class;    /* DevTools' class name, "Object" where that is inferred from properties */
	struct str function; /* name of the function, for closures and what leads to one */
	struct str shape;    /* "{a, b}" where the class is inferred */
};

union cell {
	int64_t i;                    /* COUNT, BYTES, TIME, PERCENT, NUMBER, BOOL, ROW, RATIO */
	struct str text;
	const struct node_ref *node;
	const struct path *path;
	const struct place *place;
	const int64_t *series;        /* report->n_snapshots values */
	const struct str_list *texts;
	const struct number_list *numbers;
	const struct item_ref *item;
};

struct column {
	const char *key;            /* JSON key; unique in its table; sizes end in _bytes, times in _ns */
	const char *title;          /* heading; short: text tables fit 80 columns */
	enum cell_type type;
	unsigned flags;
	enum cell_type series_type; /* CELL_SERIES only */
};

enum table_kind {
	TABLE_ROWS,   /* JSON: array of objects */
	TABLE_RECORD, /* exactly one row; JSON: one object; shown as a list of facts */
	TABLE_TREE,   /* rows in pre-order with a CELL_ROW column "parent"; named by the column "node" or the first text,
			 absent where a row stands for what was left out below its parent */
};

struct table {
	const char *key;         /* JSON key, e.g. "classes" */
	const char *title;       /* heading, e.g. "Classes by growth" */
	const char *note;        /* one sentence on what the rows mean; NULL: none */
	const char *empty;       /* sentence shown instead of an empty table; NULL: the table is left out when empty */
	enum table_kind kind;
	int parent;              /* table whose rows own these (first column is the CELL_ROW owner), -1: top level */
	unsigned text_rows;      /* rows that text and Markdown show by default; 0: all */
	int for_pages;           /* drawn rather than read: text and Markdown leave it out */
	int is_data;             /* of use to a script only: a page shows no rows of it */
	const struct column *columns;
	size_t n_columns;
	union cell *cells;       /* n_rows x n_columns */
	size_t n_rows, rows_capacity;
	union cell *total;       /* n_columns, meaningful where COLUMN_SUMS; NULL: the table states no total */
};

#define REPORT_MAX_TABLES 32

struct redact;

struct report {
	struct arena arena;
	struct mem *mem;
	struct redact *redact;   /* rules that all texts pass when sealed; the report owns them; NULL: the default ones */
	struct hash_key key;     /* of the marks for hidden names: something about the inputs that a reader cannot guess */
	const char *tool;        /* "snapdiff" */
	const char *version;     /* of the tool */
	const char *command;     /* "snapdiff", "snapstat" */
	const char *subject;     /* what it is about, after the command's name: "CPU profile"; NULL: a heap snapshot */
	const char *mode;        /* "same-process", "structure"; NULL when nothing is compared */
	struct str headline;     /* the answer in one sentence */
	struct str *warnings;    /* truncated input, guesses: shown in the head of every report */
	size_t n_warnings, warnings_capacity;
	size_t n_snapshots;      /* length of every series */
	int shows_values;        /* string values may be among the names */
	struct table tables[REPORT_MAX_TABLES];
	size_t n_tables;
	int page_tables;         /* make the tables that are drawn rather than read; 1 at first */
	int failed;              /* a limit that the user set was exceeded: exit code 1 */
	int sealed;
};

void report_init(struct report *r, struct mem *m);
void report_release(struct report *r);

/* Add a warning; the text is copied. */
int report_warn(struct report *r, struct err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Headline; the text is copied. */
int report_headline(struct report *r, struct err *e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * Add a table; `t` describes key, title, note, empty, kind, parent, text_rows, columns; its rows start empty. The index
 * is stored in `*index`. Child tables come after their parent. ERR_INTERNAL past REPORT_MAX_TABLES.
 */
int report_add_table(struct report *r, const struct table *t, int *index, struct err *e);

/* Append one row of n_columns cells (copied). Amortised O(columns). */
int report_add_row(struct report *r, int table, const union cell *cells, struct err *e);

/* State the table's total (n_columns cells, copied); only COLUMN_SUMS columns are looked at. */
int report_set_total(struct report *r, int table, const union cell *cells, struct err *e);

/* Find a table by key; NULL when absent. */
const struct table *report_table(const struct report *r, const char *key);

static inline const union cell *table_row(const struct table *t, size_t row)
{
	return t->cells + row * t->n_columns;
}

/* Index of the column with that key, or -1. */
int table_column(const struct table *t, const char *key);

/*
 * Sum the COLUMN_SUMS cells of rows first..n_rows-1 into `out` (n_columns cells, others zeroed). Sums stop at the ends
 * of int64_t.
 */
void table_rest(const struct table *t, size_t first, union cell *out);

/* Sum of one column over the `n` rows from `first` on: what is left out of one owner's rows in a child table. */
int64_t table_sum(const struct table *t, size_t column, size_t first, size_t n);

/* How many rows of child table `t` belong to row `owner` of its parent; the first one's number in `*first`. O(log n). */
size_t table_children(const struct table *t, size_t owner, size_t *first);

/*
 * Check the invariants and close the report: every COLUMN_SUMS column adds up to its total where one is stated, child
 * rows refer to rows of their parent and stand in the parent's order, trees are in pre-order, records have one row,
 * keys are unique, lower_case and none that renderers use themselves. ERR_INTERNAL with the table's name otherwise.
 * All texts then pass the redaction rules (redact.h): what a renderer sees is fit to be shown. Nothing may be added
 * afterwards.
 */
int report_seal(struct report *r, struct err *e);

/* How a renderer is asked. Zero is the default everywhere. */
struct render_options {
	size_t rows;        /* rows per table; 0: each table's own default */
	unsigned width;     /* terminal columns, 0: 80 */
	int color;          /* ANSI colours */
	int ascii;          /* no box or arrow characters beyond ASCII */
	const char *source_url; /* HTML: what places link to, see html_source.h; NULL: nothing */
};

/*
 * A renderer writes a sealed report into `out`. Errors: ERR_MEMORY; ERR_USAGE for a report that the notation cannot say. One row of the table in renderers.c per
 * notation; web/ adds HTML (render_html.h) and cli/ puts the two together.
 */
struct renderer {
	const char *name;      /* -f NAME */
	const char *suffixes;  /* "json" or "md,markdown": chosen by the output file's suffix */
	int page_tables;       /* shows tables that are `for_pages` */
	int (*render)(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);
};

/* All notations but HTML. */
const struct renderer *plain_renderers(size_t *n);

int render_text(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);
int render_json(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);
int render_markdown(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);

/* Only the findings, for continuous integration. */
int render_junit(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);
int render_sarif(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);

/*
 * Only the tree of memory, as a profile (render_profile.c). Of a comparison, pprof has the change with its sign, folded
 * stacks the columns before and after, speedscope four profiles: what came, what went, before and after.
 */
int render_folded(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);
int render_speedscope(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);
int render_pprof(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e);

#endif
