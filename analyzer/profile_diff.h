/*
 * profile_diff.h - two profiles compared, function by function.
 *
 * Functions are the same when their name and the part of their file that survives a deployment are: from the package name
 * on below node_modules/, the whole of Node's own, else the file's base name; anonymous ones also by line. Values of the
 * first profile are scaled to the busy time of the second unless absolute values are wanted: two recordings are seldom
 * equally long. A change counts when it exceeds twice the error of sampling (Poisson, from the samples of both) and 1 %
 * of the busy time.
 */
#ifndef ANALYZER_PROFILE_DIFF_H
#define ANALYZER_PROFILE_DIFF_H

#include "analyzer/profile_view.h"

enum diff_status {
	DIFF_SLOWER,
	DIFF_FASTER,
	DIFF_NEW,
	DIFF_GONE,
	DIFF_MOVED, /* as much as before, but called by others */
	DIFF_SAME,
};

struct profile_change {
	uint32_t before_key, after_key; /* VIEW_NONE: not there */
	int64_t before, after;          /* own values; `before` as scaled */
	int64_t before_total, after_total;
	int64_t error;                  /* twice the standard error of the difference; 0: not known */
	enum diff_status status;
};

struct profile_diff {
	struct mem *mem;
	const struct profile *p[2];
	struct profile_texts identities;
	uint32_t *identity[2];          /* by frame */
	struct profile_view v[2];
	int n_views;
	struct profile_change *rows;    /* by size of change, those that count first */
	size_t n, n_changes;            /* `n_changes` of them count */
	int is_scaled;
	double scale;                   /* of the first */
};

struct profile_diff_options {
	int absolute;
	const char *focus, *ignore, *hide, *thread;
};

int profile_diff_make(struct profile_diff *d, const struct profile *before, const struct profile *after,
		      const struct profile_diff_options *o, struct err *e);
void profile_diff_release(struct profile_diff *d);

#endif
