/* Print a sample report: sample_print text|json|md [WIDTH] [series|hostile|large|quiet|stat|color|ascii]... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample_report.h"

static const struct {
	const char *word;
	unsigned flag;
} words[] = {
	{ "series", SAMPLE_SERIES },
	{ "hostile", SAMPLE_HOSTILE },
	{ "large", SAMPLE_LARGE },
	{ "quiet", SAMPLE_QUIET },
};

struct choice {
	const struct renderer *how;
	struct render_options options;
	unsigned flags;
	int stat;
};

static int read_word(struct choice *c, const char *w)
{
	const struct renderer *renderers;
	size_t n;

	renderers = plain_renderers(&n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(renderers[i].name, w))
			return c->how = &renderers[i], 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i].word, w))
			return c->flags |= words[i].flag, 0;
	if (!strcmp(w, "stat"))
		return c->stat = 1, 0;
	if (!strcmp(w, "color"))
		return c->options.color = 1, 0;
	if (!strcmp(w, "ascii"))
		return c->options.ascii = 1, 0;
	if (w[0] == '-')
		return c->options.rows = strtoul(w + 1, NULL, 10), 0;
	c->options.width = (unsigned)strtoul(w, NULL, 10);
	return c->options.width ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct choice c = { .how = NULL };
	struct err e = ERR_INIT;
	struct report r;
	struct strbuf out;
	struct mem m;
	int rc;

	for (int i = 1; i < argc; i++)
		if (read_word(&c, argv[i]))
			return 2;
	if (!c.how)
		return 2;
	mem_init(&m, 0);
	report_init(&r, &m);
	strbuf_init(&out, &m);
	rc = c.stat ? sample_stat_report(&r, c.flags, &e) : sample_report(&r, c.flags, &e);
	if (!rc)
		rc = c.how->render(&r, &c.options, &out, &e);
	if (rc)
		fprintf(stderr, "sample_print: %s\n", e.text);
	else
		fwrite(out.buf, 1, out.len, stdout);
	strbuf_release(&out);
	report_release(&r);
	return rc ? 1 : 0;
}
