/*
 * Findings as JUnit XML, which every CI shows: a test case each, failed when the verdict is "leak". The format has no
 * standard; this is what Jenkins, GitLab and GitHub's reporters read (testsuites, testsuite, testcase, failure, system-out).
 */
#include "analyzer/celltext.h"
#include "analyzer/findings.h"
#include "analyzer/xmltext.h"

static void add_attribute(struct strbuf *out, const char *name, struct str value)
{
	strbuf_addf(out, " %s=\"", name);
	xml_str(out, value);
	strbuf_addch(out, '"');
}

static int is_failure(const struct finding *f)
{
	return str_is(f->verdict, "leak");
}

static void add_details(struct strbuf *out, struct strbuf *words, const struct finding *f)
{
	strbuf_reset(words);
	if (f->location && f->location->script.n) {
		place_text(words, f->location, 0);
		strbuf_addch(words, '\n');
	}
	finding_words(words, f);
	strbuf_addstr(words, "fingerprint ");
	strbuf_add(words, f->fingerprint.s, f->fingerprint.n);
	xml_str(out, (struct str){ strbuf_str(words), words->len });
}

/* The name must stay the same from run to run, or a CI sees a new test each time: kind and fingerprint do. */
static void add_case(struct strbuf *out, struct strbuf *words, const struct report *r, const struct finding *f)
{
	strbuf_addf(out, "    <testcase classname=\"%s.", r->command);
	xml_str(out, f->kind);
	strbuf_addstr(out, "\" name=\"");
	xml_str(out, f->kind);
	strbuf_addch(out, ' ');
	xml_str(out, f->fingerprint);
	strbuf_addch(out, '"');
	if (f->location && f->location->script.n) {
		add_attribute(out, "file", f->location->script);
		strbuf_addf(out, " line=\"%u\"", f->location->line);
	}
	strbuf_addstr(out, ">\n      ");
	if (is_failure(f)) {
		strbuf_addstr(out, "<failure type=\"leak\"");
		add_attribute(out, "message", f->title);
		strbuf_addch(out, '>');
	} else {
		strbuf_addstr(out, "<system-out>");
		xml_str(out, f->title);
		strbuf_addch(out, '\n');
	}
	add_details(out, words, f);
	strbuf_addstr(out, is_failure(f) ? "</failure>\n    </testcase>\n" : "</system-out>\n    </testcase>\n");
}

static size_t count_failures(const struct table *t)
{
	size_t n = 0;

	for (size_t row = 0; row < t->n_rows; row++) {
		struct finding f = finding_at(t, row);

		n += is_failure(&f) ? 1 : 0;
	}
	return n;
}

/* A suite without a case looks as if nothing had run. */
static void add_clean(struct strbuf *out, const struct report *r)
{
	strbuf_addf(out, "    <testcase classname=\"%s\" name=\"no leak\">\n      <system-out>", r->command);
	xml_str(out, r->headline);
	strbuf_addstr(out, "</system-out>\n    </testcase>\n");
}

int render_junit(const struct report *r, const struct render_options *o, struct strbuf *out, struct err *e)
{
	static const struct table none = { .n_rows = 0 };
	const struct table *t = report_table(r, "findings");
	struct strbuf words;
	size_t cases, failures;
	int rc;

	(void)o;
	t = t ? t : &none;
	cases = t->n_rows ? t->n_rows : 1;
	failures = count_failures(t);
	strbuf_init(&words, out->mem);
	strbuf_addf(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<testsuites tests=\"%zu\" failures=\"%zu\">\n"
		    "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n",
		    cases, failures, r->command, cases, failures);
	for (size_t row = 0; row < t->n_rows; row++) {
		struct finding f = finding_at(t, row);

		add_case(out, &words, r, &f);
	}
	if (!t->n_rows)
		add_clean(out, r);
	strbuf_addstr(out, "    <system-out>");
	xml_str(out, r->headline);
	strbuf_addstr(out, "</system-out>\n  </testsuite>\n</testsuites>\n");
	rc = strbuf_check(&words, e);
	strbuf_release(&words);
	return rc ? rc : strbuf_check(out, e);
}
