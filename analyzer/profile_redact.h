/*
 * profile_redact.h - a profile without what looks private, for notations that are no report (profile_writers.h).
 */
#ifndef ANALYZER_PROFILE_REDACT_H
#define ANALYZER_PROFILE_REDACT_H

#include "analyzer/profile.h"
#include "analyzer/redact.h"

/*
 * Send every text of a loaded profile through the rules. Numbers of frames, texts and stacks stay; nothing can be added to
 * the profile afterwards, and `r` must live as long. O(texts).
 */
int profile_redact(struct profile *p, struct redact *r, struct err *e);

#endif
