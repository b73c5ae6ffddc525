/*
 * html_source.h - links from places to source code: a template such as "https://host/repo/blob/main/{file}#L{line}".
 *
 * {file} becomes the file's name with every byte escaped that a path does not have, {line} and {column} numbers. Only what
 * begins with http:// or https:// becomes a link, and only for places in a file with a line. Node's own files (node:fs)
 * have none, nor have files with ".." in their path.
 */
#ifndef WEB_HTML_SOURCE_H
#define WEB_HTML_SOURCE_H

#include "analyzer/report.h"

/* Could a template lead anywhere? ERR_USAGE otherwise. */
int html_source_check(const char *url, struct err *e);

/* Put the address into `out`, which is empty; returns 0, and leaves it so, when there is none. */
int html_source_add(struct strbuf *out, const char *url, const struct place *p);

#endif
