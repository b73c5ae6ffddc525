/*
 * where_parts.h - an expression of where.h between its reader (where_parse.c) and its use (where.c).
 */
#ifndef ANALYZER_WHERE_PARTS_H
#define ANALYZER_WHERE_PARTS_H

#include "analyzer/regex.h"
#include "analyzer/where.h"

enum where_kind {
	WHERE_TEXT,   /* compared with a pattern or a text */
	WHERE_COUNT,  /* compared with a plain number */
	WHERE_SIZE,   /* compared with a number that may have a unit */
	WHERE_FLAG,   /* stands alone */
};

/* What a term looks at. The rows of where_fields[] have this order. */
enum where_field {
	FIELD_CLASS,
	FIELD_NAME,
	FIELD_FUNCTION,
	FIELD_EDGE,
	FIELD_FILE,
	FIELD_TYPE,
	FIELD_SELF,
	FIELD_RETAINED,
	FIELD_DISTANCE,
	FIELD_EDGES,
	FIELD_RETAINERS,
	FIELD_ID,
	FIELD_DETACHED,
	FIELD_UNREACHABLE,
	N_WHERE_FIELDS,
};

struct where_field_row {
	const char *word;
	enum where_kind kind;
};

extern const struct where_field_row where_fields[N_WHERE_FIELDS];

enum where_compare { COMPARE_EQUAL, COMPARE_LESS, COMPARE_GREATER };

struct where_term {
	enum where_field field;
	enum where_compare compare;
	int negated;          /* "!=", "!~"; "<=" is not ">" */
	struct regex *regex;  /* "~"; NULL: `text` is compared */
	struct str text;
	uint64_t number;
	size_t at;            /* where its value stands in the expression */
	/* after where_bind() */
	uint8_t *known;       /* per distinct name: 0 not compared yet, 1 no, 2 yes */
	uint64_t *reached;    /* FIELD_EDGE: nodes to which such an edge leads */
};

/* In the order in which they bind. */
enum where_op_kind { OP_TERM, OP_NOT, OP_AND, OP_OR, OP_OPEN };

struct where_op {
	enum where_op_kind kind;
	uint32_t term; /* OP_TERM */
	size_t at;
};

struct where {
	const char *text;
	size_t n_text;
	struct where_term terms[WHERE_MAX_TERMS];
	size_t n_terms;
	struct where_op ops[3 * WHERE_MAX_TERMS]; /* postfix: terms, fewer `and` and `or`, at most as many `not` */
	size_t n_ops;
	struct heap *h;      /* NULL until bound */
	uint32_t *retainers; /* per node; NULL unless asked for */
};

/* Fill terms and ops from the text. */
int where_parse(struct where *w, struct err *e);

/* ERR_USAGE at that position of the expression. */
int where_error(struct err *e, size_t at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
