#include "analyzer/jsontext.h"

#include "analyzer/textcells.h"
#include "base/utf8.h"

static void add_unit(struct strbuf *out, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u' };

	for (int i = 0; i < 4; i++)
		text[2 + i] = hex[unit >> (12 - 4 * i) & 15];
	strbuf_add(out, text, sizeof(text));
}

static void add_escape(struct strbuf *out, uint32_t cp)
{
	switch (cp) {
	case '"':
		strbuf_addstr(out, "\\\"");
		break;
	case '\\':
		strbuf_addstr(out, "\\\\");
		break;
	case '\n':
		strbuf_addstr(out, "\\n");
		break;
	case '\r':
		strbuf_addstr(out, "\\r");
		break;
	case '\t':
		strbuf_addstr(out, "\\t");
		break;
	case 0xFFFD:
		strbuf_addstr(out, "\xEF\xBF\xBD");
		break;
	default:
		if (cp >= 0x10000) {
			add_unit(out, 0xD800 + ((cp - 0x10000) >> 10));
			cp = 0xDC00 + (cp & 0x3FF);
		}
		add_unit(out, cp);
	}
}

static int needs_escape(struct str s, size_t after, uint32_t cp)
{
	if (cp == '<')
		return after < s.n && (s.s[after] == '/' || s.s[after] == '!');
	if (cp >= 0x20 && cp < 0x7F)
		return cp == '"' || cp == '\\';
	return cp == 0xFFFD || text_is_hidden(cp);
}

static void add_content(struct strbuf *out, struct str s)
{
	size_t run = 0, i = 0;
	uint32_t cp;

	while (i < s.n) {
		size_t after = i + utf8_decode(s.s + i, s.n - i, &cp);

		if (needs_escape(s, after, cp)) {
			strbuf_add(out, s.s + run, i - run);
			add_escape(out, cp);
			run = after;
		}
		i = after;
	}
	if (s.n)
		strbuf_add(out, s.s + run, s.n - run);
}

void json_str(struct strbuf *out, struct str s)
{
	strbuf_addch(out, '"');
	add_content(out, s);
	strbuf_addch(out, '"');
}

void json_cell(struct strbuf *out, struct str s)
{
	uint32_t cp = 0;
	size_t first = s.n ? utf8_decode(s.s, s.n, &cp) : 0;

	strbuf_addch(out, '"');
	if (text_begins_formula(cp)) {
		add_unit(out, cp);
		s = (struct str){ s.s + first, s.n - first };
	}
	add_content(out, s);
	strbuf_addch(out, '"');
}

void json_uint(struct strbuf *out, uint64_t v)
{
	char digits[20], *p = digits + sizeof(digits);

	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	strbuf_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

static uint64_t add_minus(struct strbuf *out, int64_t v)
{
	if (v >= 0)
		return (uint64_t)v;
	strbuf_addch(out, '-');
	return 0 - (uint64_t)v;
}

void json_int(struct strbuf *out, int64_t v)
{
	json_uint(out, add_minus(out, v));
}

void json_percent(struct strbuf *out, int64_t hundredths)
{
	uint64_t v = add_minus(out, hundredths);
	char decimals[3] = { '.', (char)('0' + v / 10 % 10), (char)('0' + v % 10) };

	json_uint(out, v / 100);
	strbuf_add(out, decimals, sizeof(decimals));
}
