/*
 * gate.h - conditions on a report that make a command fail: what a CI job asks for with --fail-on.
 *
 *   leak                        a finding with the verdict "leak"
 *   growth:SIZE                 the heap grew by more than SIZE
 *   class:/REGEX/:count:N       objects of the matching classes became more by more than N, all together
 *   class:/REGEX/:bytes:SIZE    what they retain grew by more than SIZE, class by class
 *
 * With a baseline - an earlier report in JSON - only what is new or worse counts: a leak whose fingerprint is not in it or
 * that grew by a tenth more than there, growth and classes beyond a tenth more than there.
 *
 * A gate sees only the sealed report, so it knows nothing of heaps.
 */
#ifndef ANALYZER_GATE_H
#define ANALYZER_GATE_H

#include <stddef.h>

#include "analyzer/report.h"
#include "base/run.h"

struct gate;

/* Compile `n` conditions. ERR_USAGE with the condition quoted and what was expected. */
int gate_new(struct gate **out, struct mem *m, const char *const *conditions, size_t n, struct err *e);
void gate_free(struct gate *g);

/* Take what an earlier report had. Once, before gate_check(). ERR_FORMAT when it is no report of this schema. */
int gate_read_baseline(struct gate *g, struct run *run, const char *path, struct err *e);

/*
 * Call `failed` with a sentence for every condition that is met, several for "leak"; `*n` is how many. The sentences may
 * hold names of the snapshot.
 */
int gate_check(struct gate *g, const struct report *r, void (*failed)(void *ctx, const char *sentence), void *ctx,
	       size_t *n, struct err *e);

#endif
