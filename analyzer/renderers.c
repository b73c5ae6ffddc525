#include "analyzer/report.h"

static const struct renderer renderers[] = {
	{ "text", "txt", render_text },
	{ "json", "json", render_json },
	{ "md", "md,markdown", render_markdown },
	{ "junit", "xml", render_junit },
	{ "sarif", "sarif", render_sarif },
};

const struct renderer *plain_renderers(size_t *n)
{
	*n = sizeof(renderers) / sizeof(renderers[0]);
	return renderers;
}
