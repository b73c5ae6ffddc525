#include "analyzer/mdtext.h"

#include <string.h>

static size_t longest_fence(struct str s)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = s.s[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/*
 * Some dialects pair backslashes before they look at the bar, some look only at the last one. After an even number both
 * take "\|" for an escaped bar.
 */
static void add_cell_text(struct strbuf *out, struct str s)
{
	size_t backslashes = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '|') {
			if (backslashes % 2)
				strbuf_addch(out, '\\');
			strbuf_addch(out, '\\');
		}
		strbuf_addch(out, s.s[i]);
		backslashes = s.s[i] == '\\' ? backslashes + 1 : 0;
	}
}

void md_code(struct strbuf *out, struct str s, int in_table)
{
	size_t fence = longest_fence(s) + 1;
	int pad = !s.n || s.s[0] == '`' || s.s[s.n - 1] == '`' || (s.s[0] == ' ' && s.s[s.n - 1] == ' ');

	strbuf_addch_n(out, '`', fence);
	if (pad)
		strbuf_addch(out, ' ');
	if (in_table)
		add_cell_text(out, s);
	else if (s.n)
		strbuf_add(out, s.s, s.n);
	if (pad)
		strbuf_addch(out, ' ');
	strbuf_addch_n(out, '`', fence);
}

static int is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Punctuation that means something to Markdown, or to those who post-process it, only in certain places. */
static int is_harmless(struct str w, size_t i)
{
	char c = w.s[i], before = i ? w.s[i - 1] : '\0', after = i + 1 < w.n ? w.s[i + 1] : '\0';

	if (is_alnum(c) || (unsigned char)c >= 0x80)
		return 1;
	switch (c) {
	case '(':
	case ')':
	case '\'':
	case '"':
	case ',':
	case ';':
	case '?':
		return 1;
	case '.': /* no host names */
		return !after || (is_digit(before) && is_digit(after)) || !is_alnum(after);
	case ':':
	case '%':
		return !after || !(is_alnum(after) || after == '/');
	case '+':
		return !i || before == '(';
	case '-': /* no GH-12 */
		return !is_digit(after) || !i || before == '(';
	default:
		return 0;
	}
}

/* Seven to forty hexadecimal digits, some of them letters: becomes a link where it is a commit of the repository. */
static int holds_commit(struct str w)
{
	for (size_t i = 0, end; i < w.n; i = end + 1) {
		size_t digits = 0, hex = 0;

		for (end = i; end < w.n && is_alnum(w.s[end]); end++) {
			digits += (size_t)is_digit(w.s[end]);
			hex += (size_t)(is_digit(w.s[end]) || (w.s[end] >= 'a' && w.s[end] <= 'f'));
		}
		if (hex == end - i && digits && digits < hex && hex >= 7 && hex <= 40)
			return 1;
	}
	return 0;
}

static int is_plain_word(struct str w)
{
	for (size_t i = 0; i < w.n; i++)
		if (!is_harmless(w, i))
			return 0;
	return !holds_commit(w);
}

static size_t word_end(struct str s, size_t i)
{
	while (i < s.n && s.s[i] != ' ')
		i++;
	return i;
}

static size_t skip_spaces(struct str s, size_t i)
{
	while (i < s.n && s.s[i] == ' ')
		i++;
	return i;
}

/* Braces that the word opens and does not close: "{user, at}" is one name. */
static int brace_balance(struct str w)
{
	int open = 0;

	for (size_t i = 0; i < w.n; i++)
		open += (w.s[i] == '{') - (w.s[i] == '}');
	return open;
}

static int belongs_to_span(struct str s, size_t i, int open)
{
	struct str w = { s.s + i, word_end(s, i) - i };

	if (!is_plain_word(w))
		return 1;
	return open > 0 && memchr(s.s + i, '}', s.n - i) != NULL;
}

/* End of the span that begins at `i` with a word that is not plain; full stops and the like stay outside. */
static size_t span_end(struct str s, size_t i)
{
	size_t end = word_end(s, i), next = skip_spaces(s, end);
	int open = brace_balance((struct str){ s.s + i, end - i });

	while (next < s.n && belongs_to_span(s, next, open)) {
		end = word_end(s, next);
		open += brace_balance((struct str){ s.s + next, end - next });
		next = skip_spaces(s, end);
	}
	while (end > i + 1 && strchr(".,;:", s.s[end - 1]))
		end--;
	return end;
}

void md_words(struct strbuf *out, struct str s)
{
	size_t i = skip_spaces(s, 0);

	while (i < s.n) {
		size_t end = word_end(s, i);

		if (is_plain_word((struct str){ s.s + i, end - i })) {
			strbuf_add(out, s.s + i, end - i);
		} else {
			size_t span = span_end(s, i);

			md_code(out, (struct str){ s.s + i, span - i }, 0);
			end = word_end(s, span); /* the punctuation behind it */
			strbuf_add(out, s.s + span, end - span);
		}
		i = skip_spaces(s, end);
		if (i < s.n)
			strbuf_addch(out, ' ');
	}
}
