/*
 * html_findings.h - findings as cards: the verdict, one sentence, how it developed, reasons, what to do, the way there.
 */
#ifndef WEB_HTML_FINDINGS_H
#define WEB_HTML_FINDINGS_H

#include "analyzer/report.h"
#include "web/html_writer.h"

void html_findings(struct html *h, const struct report *r, const struct table *t, size_t shown);

#endif
