#include "analyzer/dom_name.h"

#include "base/strbuf.h"

int dom_name_has_tag(struct str name)
{
	return str_starts(name, "<") || str_starts(name, "Detached <");
}

static size_t find(struct str s, size_t from, const char *stops)
{
	while (from < s.n && !(s.s[from] && strchr(stops, s.s[from])))
		from++;
	return from;
}

/* What stylesheets and scripts know elements by; who wrote the page chose it. */
static int is_shown(struct str attribute)
{
	static const char *const shown[] = { "id", "class", "name", "type", "role" };

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (str_is(attribute, shown[i]))
			return 1;
	return 0;
}

/* Behind the attribute that begins at `from`; `*key_end`: behind its name. */
static size_t attribute_end(struct str s, size_t from, size_t *key_end)
{
	size_t end = find(s, from, "= >");

	*key_end = end;
	if (end + 1 >= s.n || s.s[end] != '=' || s.s[end + 1] != '"')
		return end < s.n && s.s[end] == '=' ? find(s, end, " >") : end;
	end = find(s, end + 2, "\"");
	return end < s.n ? end + 1 : end;
}

static void add_attributes(struct strbuf *out, struct str s, size_t from, int all)
{
	while (from < s.n && s.s[from] != '>') {
		size_t key_end, end = attribute_end(s, from, &key_end);

		if (key_end > from && (all || is_shown((struct str){ s.s + from, key_end - from }))) {
			if (out->len)
				strbuf_addch(out, ' ');
			strbuf_add(out, s.s + from, end - from);
		}
		from = end == from ? end + 1 : end;
	}
}

int dom_name(struct arena *a, struct str name, unsigned parts, struct str *out, struct err *e)
{
	size_t tag_end = find(name, find(name, 0, "<"), " >");
	struct strbuf sb;
	const char *text;

	strbuf_init(&sb, a->mem);
	if (parts & DOM_NAME_TAG)
		strbuf_add(&sb, name.s, tag_end);
	add_attributes(&sb, name, tag_end, (parts & DOM_NAME_VALUES) != 0);
	if (parts & DOM_NAME_TAG)
		strbuf_addch(&sb, '>');
	text = strbuf_check(&sb, e) ? NULL : arena_copy(a, strbuf_str(&sb), sb.len, e);
	*out = (struct str){ text, text ? sb.len : 0 };
	strbuf_release(&sb);
	return text ? 0 : e->kind;
}
