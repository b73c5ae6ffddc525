/*
 * redact_parts.h - the inside of redact.h, shared by redact.c, redact_match.c and redact_file.c.
 */
#ifndef ANALYZER_REDACT_PARTS_H
#define ANALYZER_REDACT_PARTS_H

#include "analyzer/redact.h"
#include "analyzer/redact_rules.h"
#include "base/arena.h"

#define REDACT_MAX_RULES 128
#define REDACT_MAX_NAME 32

struct matcher;

/* A rule at work. Default rules are compiled when a text first asks for them. */
struct rule {
	const struct redact_rule *given; /* a row of redact_rules, NULL for a rule of the user */
	const char *name;
	const char *where;               /* "FILE:LINE" for a rule of the user */
	struct matcher *matcher;
	int off;
	struct redact_count count;
};

/* A text that was looked at, and what came out. */
struct looked {
	struct str text, out;
	const uint8_t *rules; /* one per mark */
	size_t n_marks;
};

/* A value that was hidden, by its hash. `digits` 0: an empty slot. */
struct hidden {
	uint64_t hash;
	unsigned digits; /* of its tag */
};

struct redact {
	struct mem *mem;
	struct arena arena;
	struct hash_key key;
	struct rule rules[REDACT_MAX_RULES];
	size_t n_rules;
	struct looked *looked; /* hash table, size a power of two */
	size_t n_looked, looked_size;
	struct hidden *hidden;
	size_t n_hidden, hidden_size;
	uint64_t short_tags[1024]; /* which tags of four digits are taken */
};

/* Compile; `utf` for rules of the user. ERR_USAGE with the position. */
int matcher_new(struct matcher **out, const char *pattern, int utf, struct err *e);
void matcher_free(struct matcher *m);

/*
 * Next match from `start` on: 1 and the part to hide in *from, *to, the match's end in *end; 0 for none; -1 when the
 * limits were reached.
 */
int matcher_next(struct matcher *m, struct str text, size_t start, size_t *from, size_t *to, size_t *end);

/* Read a file of rules. */
int redact_read_file(struct redact *r, const char *path, struct err *e);

/* Number of the rule with that name, or -1. */
int redact_rule_number(const struct redact *r, struct str name);

#endif
