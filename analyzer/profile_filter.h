/*
 * profile_filter.h - a profile without what filters leave out, for writers; reports filter as they look (profile_view.h).
 */
#ifndef ANALYZER_PROFILE_FILTER_H
#define ANALYZER_PROFILE_FILTER_H

#include "analyzer/profile_view.h"

/*
 * Apply focus, ignore, hide and thread of `o` to `p` as a view does: values of hidden frames go to their callers, and
 * stacks that nothing refers to any more are gone. Line ticks are dropped. ERR_USAGE for a pattern that does not compile,
 * and when nothing is left. On failure `p` still has to be released. O(stacks + sums + runs).
 */
int profile_filter(struct profile *p, const struct view_options *o, struct err *e);

#endif
