/* Write a sample report as HTML: sample_html [series|hostile|large|quiet|stat]... >report.html */
#include <stdio.h>
#include <string.h>

#include "sample_report.h"
#include "web/render_html.h"

static const struct {
	const char *word;
	unsigned flag;
} words[] = {
	{ "series", SAMPLE_SERIES },
	{ "hostile", SAMPLE_HOSTILE },
	{ "large", SAMPLE_LARGE },
	{ "quiet", SAMPLE_QUIET },
};

int main(int argc, char **argv)
{
	struct render_options options = { 0 };
	struct err e = ERR_INIT;
	unsigned flags = 0;
	struct report r;
	struct strbuf out;
	struct mem m;
	int stat = 0, rc;

	for (int i = 1; i < argc; i++) {
		stat |= !strcmp(argv[i], "stat");
		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
			if (!strcmp(words[w].word, argv[i]))
				flags |= words[w].flag;
	}
	mem_init(&m, 0);
	report_init(&r, &m);
	strbuf_init(&out, &m);
	rc = stat ? sample_stat_report(&r, flags, &e) : sample_report(&r, flags, &e);
	if (!rc)
		rc = render_html(&r, &options, &out, &e);
	if (rc)
		fprintf(stderr, "sample_html: %s\n", e.text);
	else
		fwrite(out.buf, 1, out.len, stdout);
	strbuf_release(&out);
	report_release(&r);
	return rc ? 1 : 0;
}
