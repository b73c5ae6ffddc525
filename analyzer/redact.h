/*
 * redact.h - hide what looks private in the texts of a report.
 *
 * report_seal() sends every text of the model through redact_text(), so neither a builder nor a renderer can forget it.
 * A hidden part becomes a mark such as "[email:3f2a]": the rule, and a tag by which equal values are recognised as equal.
 * One plus stands behind the tag of a value longer than 32 bytes, two behind one longer than 128. The tag is made with a
 * key that comes from the content of the inputs (redact_key()): the same input gives the same report, another input
 * other tags for the same value, and who has only the report cannot try out guesses.
 *
 * Texts with nothing suspicious cost one look at their bytes; what was found is kept per text. One thread.
 */
#ifndef ANALYZER_REDACT_H
#define ANALYZER_REDACT_H

#include "base/err.h"
#include "base/keyed_hash.h"
#include "base/mem.h"
#include "base/str.h"

struct redact;
struct report;

/* Zero is the default: the default rules. */
struct redact_options {
	const char *const *files; /* with rules of the user, docs/redaction.md has the format */
	size_t n_files;
	const char *const *off;   /* names of rules to leave out; "all" is all of them */
	size_t n_off;
};

/* ERR_USAGE for a rule that does not compile (file and line), an unknown name; ERR_IO, ERR_MEMORY. */
int redact_new(struct redact **out, struct mem *m, const struct redact_options *o, struct err *e);

/* NULL is allowed. */
void redact_free(struct redact *r);

/* What the tags depend on; to be called before the first text. */
void redact_key(struct redact *r, struct hash_key key);

/*
 * `*out` is `text`, or a copy that lives as long as `r` with marks in the place of what is private. A text on which a
 * default rule exceeds its limits is hidden as a whole; a rule of the user gives ERR_USAGE.
 */
int redact_text(struct redact *r, struct str text, struct str *out, struct err *e);

/* A part of a text that a rule is after. */
struct redact_span {
	size_t from, to;
	unsigned rule; /* of redact_rule_name() */
};

#define REDACT_MAX_SPANS 64

/*
 * The parts of a text that are to be hidden, in order and apart; at most REDACT_MAX_SPANS, of which the last then
 * reaches to the end of the text. Counts nothing.
 */
int redact_find(struct redact *r, struct str text, struct redact_span *spans, size_t *n, struct err *e);

/* Rules in use or not; names by number. */
size_t redact_n_rules(const struct redact *r);
const char *redact_rule_name(const struct redact *r, unsigned rule);

/* What redact_text() has hidden so far: marks, and different values behind them. */
struct redact_count {
	uint64_t marks, values;
};

struct redact_count redact_counted(const struct redact *r, unsigned rule);

/* Send every text of an unsealed report through redact_text() and say in its head what was hidden. */
int redact_report(struct redact *r, struct report *report, struct err *e);

#endif
