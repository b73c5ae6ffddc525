#include "analyzer/report.h"

static const struct renderer renderers[] = {
	{ "text", "txt", 0, render_text },
	{ "json", "json", 1, render_json },
	{ "md", "md,markdown", 0, render_markdown },
	{ "junit", "xml", 0, render_junit },
	{ "sarif", "sarif", 0, render_sarif },
	{ "folded", "folded", 1, render_folded },
	{ "speedscope", "speedscope.json,speedscope", 1, render_speedscope },
	{ "pprof", "pb.gz,pb,pprof", 1, render_pprof },
};

const struct renderer *plain_renderers(size_t *n)
{
	*n = sizeof(renderers) / sizeof(renderers[0]);
	return renderers;
}
