#define _GNU_SOURCE /* memfd_create */
#include "target.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <yajl/yajl_parse.h>

#include "base/strbuf.h"
#include "web/render_html.h"

void fuzz_bug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

void fuzz_check_err(int rc, const struct err *e)
{
	if (!rc)
		return;
	if (rc != (int)e->kind)
		fuzz_bug("returned %d, but the error is of kind %d: %s", rc, (int)e->kind, e->text);
	if (!*e->text || e->kind == ERR_INTERNAL || e->kind == ERR_IO || e->kind == ERR_CANCELLED)
		fuzz_bug("kind %d: '%s'", (int)e->kind, e->text);
}

int fuzz_file(const void *bytes, size_t n, char path[64])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		fuzz_bug("no memory for a file");
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

static void check_json(const struct strbuf *text)
{
	yajl_handle y = yajl_alloc(NULL, NULL, NULL);

	if (yajl_parse(y, (const unsigned char *)strbuf_str(text), text->len) != yajl_status_ok ||
	    yajl_complete_parse(y) != yajl_status_ok)
		fuzz_bug("the JSON report is no JSON: %.300s", strbuf_str(text));
	yajl_free(y);
}

/* Text of the input is text of the page: it opens no element and stands in no attribute that a browser follows. */
static void check_html(const struct strbuf *text)
{
	static const char *const never[] = { "<script src", "=\"javascript:", "<img", "<iframe", "<div id=", " onload=\"" };
	const char *s = strbuf_str(text);

	if (strlen(s) != text->len || !strstr(s, "</html>"))
		fuzz_bug("a NUL in the page, or its end is missing");
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strstr(s, never[i]))
			fuzz_bug("the page holds %s", never[i]);
}

void fuzz_render(struct run *run, const struct report *r)
{
	const struct render_options o = { .rows = 3 };
	struct err e = ERR_INIT;
	struct strbuf text;
	size_t n;
	const struct renderer *plain = plain_renderers(&n);

	for (size_t i = 0; i <= n; i++) {
		strbuf_init(&text, &run->mem);
		fuzz_check_err(i < n ? plain[i].render(r, &o, &text, &e) : render_html(r, &o, &text, &e), &e);
		fuzz_check_err(strbuf_check(&text, &e), &e);
		if (i == n)
			check_html(&text);
		else if (!strcmp(plain[i].name, "json"))
			check_json(&text);
		strbuf_release(&text);
	}
}

static void report_of(const char *const *files, size_t n_files, const struct analysis_options *o)
{
	struct err e = ERR_INIT;
	struct report report;
	struct run run;
	int rc;

	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	report_init(&report, &run.mem);
	rc = n_files > 1 ? analysis_diff(&run, files, n_files, o, &report, &e) :
			   analysis_stat(&run, files[0], o, &report, &e);
	fuzz_check_err(rc, &e);
	if (!rc)
		fuzz_render(&run, &report);
	report_release(&report);
	run_release(&run);
	if (run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)run.mem.used_bytes);
}

void fuzz_reports(const char *const *files, size_t n_files, const struct analysis_options *o)
{
	report_of(files, n_files, o);
	if (n_files > 1)
		report_of(files + n_files - 1, 1, o);
}
