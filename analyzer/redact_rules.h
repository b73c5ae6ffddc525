/*
 * redact_rules.h - what looks private: the table of the default rules. docs/redaction.md describes each of them, and a
 * test holds the two together.
 */
#ifndef ANALYZER_REDACT_RULES_H
#define ANALYZER_REDACT_RULES_H

#include <stddef.h>

#include "base/str.h"

/* What a text must have before a rule is worth trying; found in one look at its bytes. */
enum redact_feature {
	TEXT_AT = 1,      /* "@" */
	TEXT_URL = 2,     /* "://" */
	TEXT_DASHES = 4,  /* "-----" */
	TEXT_DIGITS = 8,  /* six digits or more */
	TEXT_RUN = 16,    /* ten letters, digits and the signs of base64 in a row */
	TEXT_ASSIGN = 32, /* "=" or ":" */
	TEXT_SPACE = 64,
	TEXT_SLASH = 128, /* or backslash */
	TEXT_DOTS = 256,  /* three dots, or two colons */
};

unsigned redact_features(struct str text);

struct redact_rule {
	const char *name;
	/* PCRE2 on bytes. What the group `hide` holds is hidden, or all of the match where there is no such group. */
	const char *pattern;
	unsigned needs; /* features, all of them */
	/* Whether the match text[*from..*to) is what the rule is after; may narrow it. NULL: it always is. */
	int (*accept)(struct str text, size_t *from, size_t *to);
	int off;        /* only used when asked for */
};

/* In order of precedence: of two that overlap, the first names what is hidden. */
extern const struct redact_rule redact_rules[];
extern const size_t n_redact_rules;

#endif
