/*
 * profile_loader.h - the sink behind which one input after the other becomes part of a profile.
 */
#ifndef ANALYZER_PROFILE_LOADER_H
#define ANALYZER_PROFILE_LOADER_H

#include "analyzer/profile.h"
#include "analyzer/profile_observe.h"
#include "base/strbuf.h"

struct hit {
	uint64_t n;
	uint32_t stack, thread;
};

struct loader {
	struct profile *p;
	const struct profile_load_options *o;
	struct profile_input *in;
	uint32_t input;
	size_t first_thread;          /* of this input */
	uint32_t value_of[PROFILE_MAX_VALUES]; /* the sink's values as numbers of the profile's */
	size_t n_values;
	size_t samples_at;            /* which of the sink's values counts samples; n_values: none */
	struct observed *observed;    /* by thread, from first_thread on */
	size_t n_observed, observed_capacity;
	uint32_t seen_as;             /* the sink's number of the thread that was observed last */
	size_t seen_at;               /* where that one stands in `observed` */
	struct hit *hits;
	size_t n_hits, hits_capacity;
	int64_t first_ns, last_ns;    /* of the samples that carry a time */
	struct profile_meta meta;     /* the numbers only */
	struct str default_type;
	struct strbuf comment;
	struct hash_index labels_index;
	struct hash_index lines_index;
	uint32_t unnamed;             /* the thread that samples name by 0 */
};

/* Begin with input number `input` of `p`. To be released also after a failure. */
int loader_init(struct loader *l, struct profile *p, uint32_t input, const struct profile_load_options *o,
		struct err *e);
void loader_release(struct loader *l);

struct profile_sink loader_sink(struct loader *l);

/* All was delivered: weigh what was observed, say what was strange. */
int loader_finish(struct loader *l, struct err *e);

#endif
