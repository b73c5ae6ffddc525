/*
 * version.h - the toolkit's version and those of the libraries that are in use, as they say themselves at run time.
 */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

#include "base/strbuf.h"

void version_text(struct strbuf *out, const char *tool);

#endif
