#include "analyzer/xmltext.h"

#include "analyzer/textcells.h"
#include "base/utf8.h"

static const char *entity_of(uint32_t cp)
{
	switch (cp) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void xml_str(struct strbuf *out, struct str s)
{
	uint32_t cp;

	for (size_t i = 0; i < s.n;) {
		size_t n = utf8_decode(s.s + i, s.n - i, &cp);
		const char *entity = entity_of(cp);

		if (entity)
			strbuf_addstr(out, entity);
		else if (cp == 0xFFFD || (cp != '\n' && text_is_hidden(cp)) || (cp & 0xFFFE) == 0xFFFE)
			strbuf_addstr(out, "\xEF\xBF\xBD");
		else
			strbuf_add(out, s.s + i, n);
		i += n;
	}
}
