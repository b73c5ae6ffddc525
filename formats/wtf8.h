/*
 * wtf8.h - names from formats that promise UTF-8, or nothing, and hold any bytes: what is broken becomes U+FFFD.
 */
#ifndef FORMATS_WTF8_H
#define FORMATS_WTF8_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

struct wtf8 {
	struct strbuf buf;
	uint64_t n_repaired; /* names that were broken */
};

void wtf8_init(struct wtf8 *w, struct mem *m);
void wtf8_release(struct wtf8 *w);

/* `*s` itself when it is sound, else a repaired copy that is valid until the next call. ERR_MEMORY. */
int wtf8_clean(struct wtf8 *w, struct str *s, struct err *e);

#endif
