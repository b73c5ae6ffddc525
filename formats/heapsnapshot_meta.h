/*
 * heapsnapshot_meta.h - the `snapshot` object of a .heapsnapshot: counts and the description of all other sections.
 */
#ifndef FORMATS_HEAPSNAPSHOT_META_H
#define FORMATS_HEAPSNAPSHOT_META_H

#include "formats/heapsnapshot.h"
#include "formats/json_in.h"
#include "formats/json_value.h"

/* What else wants the header's events; `fn` NULL: nobody. */
struct heap_meta_tee {
	json_event_fn *fn;
	void *ctx;
};

/* Read the object at the window's next byte into `m` and check that the fields all readers need are there. */
int heap_meta_read(struct json_in *in, struct heap_meta *m, const struct heap_meta_tee *tee, struct err *e);

#endif
