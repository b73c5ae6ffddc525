#include "web/html_source.h"

#include <string.h>
#include <strings.h>

static int is_web(const char *s)
{
	return !strncasecmp(s, "https://", 8) || !strncasecmp(s, "http://", 7);
}

/* "https://host/...": a file's name must have no say in which host that is. */
static int names_a_host(const char *url)
{
	const char *host = is_web(url) ? strstr(url, "://") + 3 : "";
	size_t n = strcspn(host, "/?#{\\");

	return n && host[n] == '/';
}

int html_source_check(const char *url, struct err *e)
{
	if (!strstr(url, "{file}"))
		return err_set(e, ERR_USAGE, "--source-url: no {file} in \"%.200s\"", url);
	if (!names_a_host(url) && strncmp(url, "{file}", 6) != 0)
		return err_set(e, ERR_USAGE, "--source-url: expected http://host/ or https://host/ at the beginning of \"%.200s\"", url);
	return 0;
}

/* RFC 3986: what may stand in a path as it is. */
static int is_path_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("/:@-._~!$'()*+,;=", c));
}

/* Does a part of the path lead up? In an address it would lead out of what the template names. */
static int leads_up(struct str file)
{
	size_t start = 0;

	for (size_t i = 0; i <= file.n; i++) {
		if (i < file.n && file.s[i] != '/' && file.s[i] != '\\')
			continue;
		if (i - start == 2 && file.s[start] == '.' && file.s[start + 1] == '.')
			return 1;
		start = i + 1;
	}
	return 0;
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
	if (!url || !p->script.n || !p->line || str_starts(p->script, "node:") || leads_up(p->script))
		return 0;
	for (const char *at = url; *at;)
		at += add_part(out, at, p);
	if (!out->failed && is_web(strbuf_str(out)))
		return 1;
	strbuf_reset(out);
	return 0;
}
