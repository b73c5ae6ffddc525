#include "formats/wtf8.h"

#include <string.h>

#include "base/utf8.h"

void wtf8_init(struct wtf8 *w, struct mem *m)
{
	strbuf_init(&w->buf, m);
	w->n_repaired = 0;
}

void wtf8_release(struct wtf8 *w)
{
	strbuf_release(&w->buf);
}

/* Bytes from the front that need no second look. */
static size_t ascii_prefix(const char *s, size_t n)
{
	uint64_t w;
	size_t i = 0;

	for (; n - i >= 8; i += 8) {
		memcpy(&w, s + i, 8);
		if (w & 0x8080808080808080u)
			break;
	}
	while (i < n && !(s[i] & 0x80))
		i++;
	return i;
}

/* U+FFFD that stands in the text itself is three bytes long; what is broken is seen by being shorter. */
static size_t sound_prefix(const char *s, size_t n)
{
	size_t i = ascii_prefix(s, n);

	while (i < n) {
		uint32_t cp;
		size_t used = utf8_decode(s + i, n - i, &cp);

		if (cp == 0xFFFD && (used != 3 || memcmp(s + i, "\xEF\xBF\xBD", 3)))
			return i;
		i += used;
		i += ascii_prefix(s + i, n - i);
	}
	return n;
}

int wtf8_clean(struct wtf8 *w, struct str *s, struct err *e)
{
	size_t at = sound_prefix(s->s, s->n);

	if (at == s->n)
		return 0;
	w->n_repaired++;
	strbuf_reset(&w->buf);
	strbuf_add(&w->buf, s->s, at);
	while (at < s->n) {
		uint32_t cp;
		size_t used = utf8_decode(s->s + at, s->n - at, &cp);

		if (cp == 0xFFFD)
			strbuf_add(&w->buf, "\xEF\xBF\xBD", 3);
		else
			strbuf_add(&w->buf, s->s + at, used);
		at += used;
	}
	if (strbuf_check(&w->buf, e))
		return e->kind;
	*s = (struct str){ strbuf_str(&w->buf), w->buf.len };
	return 0;
}
