/*
 * heapsnapshot_meta.h - the `snapshot` object of a .heapsnapshot: counts and the description of all other sections.
 */
#ifndef FORMATS_HEAPSNAPSHOT_META_H
#define FORMATS_HEAPSNAPSHOT_META_H

#include "formats/heapsnapshot.h"
#include "formats/json_in.h"

/* Read the object at the window's next byte into `m` and check that the fields all readers need are there. */
int heap_meta_read(struct json_in *in, struct heap_meta *m, struct err *e);

#endif
