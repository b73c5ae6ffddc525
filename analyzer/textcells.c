#include "analyzer/textcells.h"

#include "base/utf8.h"

const struct glyphs *text_glyphs(int ascii)
{
	static const struct glyphs plain = {
		"...", ">", "->", "?", { "_", ".", ":", "-", "=", "+", "*", "#" },
	};
	static const struct glyphs rich = {
		"…", "›", "→", "\xEF\xBF\xBD", { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
	};

	return ascii ? &plain : &rich;
}

int text_is_hidden(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F))
		return 1;
	if (cp < 0x2000)
		return cp == 0xAD || cp == 0x61C || cp == 0x115F || cp == 0x1160 || cp == 0x180E;
	return (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
	       cp == 0x3164 || cp == 0xFEFF || cp == 0xFFA0 || (cp >= 0xFFF9 && cp <= 0xFFFB) || cp == 0xFFFE || cp == 0xFFFF ||
	       (cp >= 0xE0000 && cp <= 0xE0FFF);
}

int text_begins_formula(uint32_t cp)
{
	return cp == '=' || cp == '+' || cp == '-' || cp == '@' || cp == 0xFF1D || cp == 0xFF0B || cp == 0xFF0D || cp == 0xFF20;
}

static void add_visible(struct strbuf *out, uint32_t cp)
{
	if (cp == '\n')
		strbuf_addstr(out, "\\n");
	else if (cp == '\t')
		strbuf_addstr(out, "\\t");
	else if (cp == '\r')
		strbuf_addstr(out, "\\r");
	else if (cp < 0x80)
		strbuf_addf(out, "\\x%02x", (unsigned)cp);
	else if (cp < 0x10000)
		strbuf_addf(out, "\\u%04x", (unsigned)cp);
	else
		strbuf_addf(out, "\\u{%x}", (unsigned)cp);
}

void text_clean(struct strbuf *out, struct str s, int ascii)
{
	size_t run = 0, i = 0;
	uint32_t cp;

	while (i < s.n) {
		size_t used = utf8_decode(s.s + i, s.n - i, &cp);

		if (cp == 0xFFFD || text_is_hidden(cp)) {
			strbuf_add(out, s.s + run, i - run);
			if (cp == 0xFFFD)
				strbuf_addstr(out, text_glyphs(ascii)->replacement);
			else
				add_visible(out, cp);
			run = i + used;
		}
		i += used;
	}
	if (s.n)
		strbuf_add(out, s.s + run, s.n - run);
}

size_t text_width(const char *s, size_t n)
{
	size_t width = 0;
	uint32_t cp;

	for (size_t i = 0; i < n;) {
		i += utf8_decode(s + i, n - i, &cp);
		width += utf8_cells(cp);
	}
	return width;
}

/* Bytes of the longest start of `s` that takes at most `width` cells. */
static size_t fitting_head(struct str s, size_t width)
{
	size_t i = 0, used = 0;
	uint32_t cp;

	while (i < s.n) {
		size_t len = utf8_decode(s.s + i, s.n - i, &cp);

		used += utf8_cells(cp);
		if (used > width)
			break;
		i += len;
	}
	return i;
}

/* Where the longest end of `s` that takes at most `width` cells begins; `total` is the width of all. */
static size_t fitting_tail(struct str s, size_t total, size_t width)
{
	size_t i = 0, left = total;
	uint32_t cp;

	while (i < s.n && left > width) {
		i += utf8_decode(s.s + i, s.n - i, &cp);
		left -= utf8_cells(cp);
	}
	return i;
}

void text_shorten(struct strbuf *out, struct str s, size_t width, enum text_keep keep, int ascii)
{
	const char *ellipsis = text_glyphs(ascii)->ellipsis;
	size_t total = text_width(s.s, s.n), mark = ascii ? 3 : 1, head, tail;

	if (total <= width) {
		strbuf_add(out, s.s, s.n);
		return;
	}
	if (width <= mark) {
		strbuf_addch_n(out, '.', width);
		return;
	}
	head = keep == TEXT_KEEP_TAIL ? 0 : (width - mark + 1) / 2;
	tail = width - mark - head;
	strbuf_add(out, s.s, fitting_head(s, head));
	strbuf_addstr(out, ellipsis);
	tail = fitting_tail(s, total, tail);
	strbuf_add(out, s.s + tail, s.n - tail);
}

void text_tone(struct strbuf *out, enum tone tone, int color)
{
	static const char *const codes[] = {
		[TONE_PLAIN] = "\x1b[0m", [TONE_BOLD] = "\x1b[1m",      [TONE_DIM] = "\x1b[2m",
		[TONE_WARN] = "\x1b[33m", [TONE_GROWTH] = "\x1b[1;31m", [TONE_SHRINK] = "\x1b[32m",
	};

	if (color)
		strbuf_addstr(out, codes[tone]);
}

void flow_break(struct flow *f)
{
	strbuf_addch(f->out, '\n');
	strbuf_addch_n(f->out, ' ', f->indent);
	f->column = f->indent;
	f->begun = 0;
}

void flow_piece(struct flow *f, struct str piece, enum tone tone)
{
	size_t cells = text_width(piece.s, piece.n), room = f->width - f->indent;
	int color = f->color && tone != TONE_PLAIN;

	if (!piece.n)
		return;
	if (cells > room)
		cells = room;
	if (f->begun) {
		if (f->column + 1 + cells > f->width) {
			flow_break(f);
		} else {
			strbuf_addch(f->out, ' ');
			f->column++;
		}
	}
	text_tone(f->out, tone, color);
	text_shorten(f->out, piece, room, TEXT_KEEP_ENDS, f->ascii);
	text_tone(f->out, TONE_PLAIN, color);
	f->column += cells;
	f->begun = 1;
}

void flow_words(struct flow *f, struct str text, enum tone tone)
{
	size_t i = 0, start;

	while (i < text.n) {
		while (i < text.n && text.s[i] == ' ')
			i++;
		for (start = i; i < text.n && text.s[i] != ' ';)
			i++;
		if (i > start)
			flow_piece(f, (struct str){ text.s + start, i - start }, tone);
	}
}
