/*
 * profile_dump.h - a profile as rows for scripts and for the oracles of the tests.
 */
#ifndef ANALYZER_PROFILE_DUMP_H
#define ANALYZER_PROFILE_DUMP_H

#include "analyzer/analysis.h"
#include "analyzer/profile.h"

/*
 * One line per distinct way from the root: self, total and the frames as a JSON string, "NAME FILE:LINE:COLUMN" joined
 * with ";", sorted by the latter. Idle time is in it. O(stacks x depth).
 */
int profile_dump_stacks(const struct profile *p, const struct byte_sink *sink, struct err *e);

#endif
