/*
 * redact_checks.h - the checks behind the default rules: what a pattern cannot say. Each gets a match text[*from..*to),
 * may narrow it, and returns whether it stands. A match that ends where the text was cut (before an ellipsis) cannot be
 * checked for sums and stands.
 */
#ifndef ANALYZER_REDACT_CHECKS_H
#define ANALYZER_REDACT_CHECKS_H

#include <stddef.h>

#include "base/str.h"

int check_luhn(struct str text, size_t *from, size_t *to);
int check_iban(struct str text, size_t *from, size_t *to);

/* No word of a sentence: a digit, padding, or capitals inside. */
int check_token(struct str text, size_t *from, size_t *to);

/* Digits and letters both. */
int check_hex(struct str text, size_t *from, size_t *to);

/* Small letters, capitals and digits as mixed as chance mixes them; narrowed to the parts of a path that are. */
int check_base64(struct str text, size_t *from, size_t *to);

/* An e-mail address, not a file name with a version ("vue@3.2.js"). */
int check_email(struct str text, size_t *from, size_t *to);

/* A user's folder, not one that all share. */
int check_home(struct str text, size_t *from, size_t *to);

#endif
