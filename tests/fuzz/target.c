#define _GNU_SOURCE /* memfd_create */
#include "target.h"

#include <libxml/parser.h>
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

/* Words of the input in a well-formed document; a name that no XML can hold must have been replaced. */
static void check_xml(const struct strbuf *text)
{
	xmlDoc *doc = xmlReadMemory(strbuf_str(text), (int)text->len, "junit", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);

	if (!doc)
		fuzz_bug("the JUnit report is no XML: %.300s", strbuf_str(text));
	xmlFreeDoc(doc);
}

/* Every "<" and "](" in Markdown is escaped: neither elements nor links are the input's. */
static void check_markdown(const struct strbuf *text)
{
	const char *s = strbuf_str(text);

	for (size_t i = 0; i < text->len; i++) {
		int code = 0;

		/* code spans, between equal runs of backquotes, act on nothing */
		if (s[i] == '\\') {
			i++;
			continue;
		}
		if (s[i] == '`') {
			size_t run = strspn(s + i, "`"), end = i + run;

			while (end < text->len && s[end] != '\n') {
				size_t other = strspn(s + end, "`");

				if (other == run) {
					i = end + run - 1;
					code = 1;
					break;
				}
				end += other ? other : 1;
			}
		}
		if (!code && (!strncmp(s + i, "<script", 7) || !strncmp(s + i, "<img", 4) || !strncmp(s + i, "![", 2) ||
			      !strncmp(s + i, "](javascript:", 13)))
			fuzz_bug("the Markdown report holds at %zu: %.60s", i, s + i);
	}
}

static void check_json(const struct strbuf *text)
{
	yajl_handle y = yajl_alloc(NULL, NULL, NULL);

	if (yajl_parse(y, (const unsigned char *)strbuf_str(text), text->len) != yajl_status_ok ||
	    yajl_complete_parse(y) != yajl_status_ok)
		fuzz_bug("the JSON report is no JSON: %.300s", strbuf_str(text));
	yajl_free(y);
}

/* Behind the '>' of the tag that begins at `s`, or the end of the page. */
static const char *end_of_tag(const char *s)
{
	char quote = 0;

	for (; *s; s++) {
		if (quote ? *s == quote : *s == '"' || *s == '\'')
			quote = quote ? 0 : *s;
		else if (!quote && *s == '>')
			return s + 1;
	}
	return s;
}

static void check_tag(const char *s, const char *end)
{
	static const char *const never[] = { "<script src", "=\"javascript:", "<img", "<iframe", "<div id=", " onload=\"" };

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (memmem(s, (size_t)(end - s), never[i], strlen(never[i])))
			fuzz_bug("the page holds %.*s", (int)(end - s), s);
}

/* Text of the input is text of the page: it opens no element and stands in no attribute that a browser follows. */
static void check_html(const struct strbuf *text)
{
	const char *s = strbuf_str(text);

	if (strlen(s) != text->len || !strstr(s, "</html>"))
		fuzz_bug("a NUL in the page, or its end is missing");
	while ((s = strchr(s, '<'))) {
		const char *end = end_of_tag(s), *raw = !strncmp(s, "<script", 7) ? "</script" : !strncmp(s, "<style", 6) ? "</style" : NULL;

		check_tag(s, end);
		s = raw ? strstr(end, raw) : end;
		if (!s)
			fuzz_bug("%s is missing", raw);
	}
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
		else if (!strcmp(plain[i].name, "json") || !strcmp(plain[i].name, "sarif"))
			check_json(&text);
		else if (!strcmp(plain[i].name, "junit"))
			check_xml(&text);
		else if (!strcmp(plain[i].name, "md"))
			check_markdown(&text);
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
