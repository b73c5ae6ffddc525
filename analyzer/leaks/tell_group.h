/*
 * tell_group.h - the story of a scattered group, around what the detector says of its members: how many they are, what they have
 * in common, who refers to them.
 */
#ifndef ANALYZER_LEAKS_TELL_GROUP_H
#define ANALYZER_LEAKS_TELL_GROUP_H

#include "analyzer/leaks/common_holders.h"
#include "analyzer/leaks/detector.h"

/* To be called after the detector has told; where nobody speaks for the group it sets the title anew. */
void tell_group(const struct suspect *s, const struct common_holders *holders, struct opinion *o);

/* What a single suspect mostly consists of, when that is not what it refers to. */
void tell_bulk(const struct suspect *s, struct opinion *o);

#endif
