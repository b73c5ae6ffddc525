#include "web/html_source.h"

#include <string.h>
#include <strings.h>

static int is_web(const char *s)
{
	return !strncasecmp(s, "https://", 8) || !strncasecmp(s, "http://", 7);
}

int html_source_check(const char *url, struct err *e)
{
	if (!strstr(url, "{file}"))
		return err_set(e, ERR_USAGE, "--source-url: no {file} in \"%.200s\"", url);
	if (!is_web(url) && strncmp(url, "{file}", 6) != 0)
		return err_set(e, ERR_USAGE, "--source-url: expected http:// or https:// at the beginning of \"%.200s\"", url);
	return 0;
}

/* RFC 3986: what may stand in a path as it is. */
static int is_path_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("/:@-._~!$'()*+,;=", c));
}

static void add_file(struct strbuf *out, struct str file)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i = 0;

	/* ".../main/{file}" and "/srv/app.js" share a slash */
	while (i < file.n && file.s[i] == '/' && out->len && out->buf[out->len - 1] == '/')
		i++;
	for (; i < file.n; i++) {
		unsigned char c = (unsigned char)file.s[i];

		if (is_path_byte(c)) {
			strbuf_addch(out, (char)c);
			continue;
		}
		strbuf_addch(out, '%');
		strbuf_addch(out, digits[c >> 4]);
		strbuf_addch(out, digits[c & 15]);
	}
}

static size_t add_part(struct strbuf *out, const char *at, const struct place *p)
{
	if (!strncmp(at, "{file}", 6)) {
		add_file(out, p->script);
		return 6;
	}
	if (!strncmp(at, "{line}", 6)) {
		strbuf_addf(out, "%lu", (unsigned long)p->line);
		return 6;
	}
	if (!strncmp(at, "{column}", 8)) {
		strbuf_addf(out, "%lu", (unsigned long)p->column);
		return 8;
	}
	strbuf_addch(out, *at);
	return 1;
}

int html_source_add(struct strbuf *out, const char *url, const struct place *p)
{
	if (!url || !p->script.n || !p->line || str_starts(p->script, "node:"))
		return 0;
	for (const char *at = url; *at;)
		at += add_part(out, at, p);
	if (!out->failed && is_web(strbuf_str(out)))
		return 1;
	strbuf_reset(out);
	return 0;
}
