/* Replacements: as long as the text they stand for, equal for equal texts, different for different names. */
#include <string.h>

#include "analyzer/scrub_parts.h"
#include "base/hash.h"
#include "base/table_hash.h"
#include "base/utf8.h"

/* No digits, no letters of hexadecimal numbers: nothing that looks like a secret again. */
static const char letters[] = "ghijklmnopqrstuvwxyz";
#define N_LETTERS (sizeof(letters) - 1)

/* Short texts run out of letters: after some attempts ideographs take their place, of which there are 20000. */
#define ATTEMPTS 6
#define MAX_ATTEMPTS 64
#define FIRST_IDEOGRAPH 0x4E00
#define N_IDEOGRAPHS 20000

/* Longer ones than this do not meet by chance. */
#define SHORT_BYTES 24

int scrub_is_constant(struct str text)
{
	static const char *const words[] = { "",           "<dummy>",     "(concatenated string)", "(sliced string)",
					     "symbol",     "private symbol", "bigint",           "heap number",
					     "smi number", "number",      "int",                  "bool",
					     "true",       "false",       "null",                 "undefined",
					     "NaN",        "(regexp)",    "(number)" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_is(text, words[i]))
			return 1;
	return 0;
}

static size_t find(struct str text, size_t from, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = from; i + n <= text.n; i++)
		if (!memcmp(text.s + i, word, n))
			return i;
	return SIZE_MAX;
}

static size_t skip_digits(struct str text, size_t i)
{
	while (i < text.n && text.s[i] >= '0' && text.s[i] <= '9')
		i++;
	return i;
}

/* The first " @<digits>" followed by `tail` from `from` on; where it begins. */
static size_t find_id(struct str text, size_t from, const char *tail)
{
	size_t n = strlen(tail);

	for (size_t at = find(text, from, " @"); at != SIZE_MAX; at = find(text, at + 1, " @")) {
		size_t end = skip_digits(text, at + 2);

		if (end > at + 2 && text.n - end >= n && !memcmp(text.s + end, tail, n))
			return at;
	}
	return SIZE_MAX;
}

/* "N / key NAME in WeakMap" of V8 6.8. */
static int old_ephemeron(struct str text, size_t start, size_t at[4])
{
	static const char head[] = " / key ", tail[] = " in WeakMap";
	size_t n = sizeof(tail) - 1;

	if (find(text, start, head) != start || text.n < start + sizeof(head) - 1 + n ||
	    memcmp(text.s + text.n - n, tail, n))
		return 0;
	at[0] = start + sizeof(head) - 1;
	at[1] = at[2] = at[3] = text.n - n;
	return 1;
}

int scrub_ephemeron(struct str text, size_t at[4])
{
	static const char head[] = " / part of key (", arrow[] = ") -> value (", tail[] = ") pair in WeakMap (table @";
	size_t start = skip_digits(text, 0), next;

	if (!start || old_ephemeron(text, start, at))
		return start != 0;
	if (find(text, start, head) != start)
		return 0;
	at[0] = start + sizeof(head) - 1;
	at[1] = find_id(text, at[0], arrow);
	if (at[1] == SIZE_MAX)
		return 0;
	at[2] = skip_digits(text, at[1] + 2) + sizeof(arrow) - 1;
	at[3] = SIZE_MAX;
	for (next = find_id(text, at[2], tail); next != SIZE_MAX; next = find_id(text, next + 1, tail))
		at[3] = next;
	return at[3] != SIZE_MAX;
}

size_t scrub_embedder_text(struct str name)
{
	size_t tag = str_starts(name, "<") ? 0 : str_starts(name, "Detached <") ? 9 : SIZE_MAX, at;

	if (tag != SIZE_MAX) {
		at = find(name, tag, " ");
		return at == SIZE_MAX ? name.n : at;
	}
	at = find(name, 0, "://");
	return at == SIZE_MAX ? name.n : at + 3;
}

static uint64_t slot_hash(struct str text)
{
	uint64_t hash = hash_bytes(text.s, text.n);

	return hash ? hash : 1;
}

static int grow_taken(struct scrub *s, struct err *e)
{
	struct scrub_taken *t = &s->taken;
	size_t size = t->size ? t->size * 2 : 1024;
	uint64_t *slots;

	if (t->n * 3 < t->size * 2)
		return 0;
	slots = mem_alloc(&s->run->mem, size, sizeof(*slots), e);
	if (!slots)
		return e->kind;
	for (size_t i = 0; i < t->size; i++) {
		size_t at = table_hash_number(&s->run->mem, t->slots[i]) & (size - 1);

		if (!t->slots[i])
			continue;
		while (slots[at])
			at = (at + 1) & (size - 1);
		slots[at] = t->slots[i];
	}
	mem_free(&s->run->mem, t->slots);
	t->slots = slots;
	t->size = size;
	return 0;
}

/* Where the hash stands or would stand. */
static uint64_t *slot_of(const struct mem *m, struct scrub_taken *t, uint64_t hash)
{
	size_t at = table_hash_number(m, hash) & (t->size - 1);

	while (t->slots[at] && t->slots[at] != hash)
		at = (at + 1) & (t->size - 1);
	return &t->slots[at];
}

static int is_taken(struct scrub *s, struct str text)
{
	return s->taken.size && text.n <= SHORT_BYTES && *slot_of(&s->run->mem, &s->taken, slot_hash(text));
}

int scrub_take(struct scrub *s, struct str text, struct err *e)
{
	uint64_t *slot;

	if (text.n > SHORT_BYTES)
		return 0;
	if (grow_taken(s, e))
		return e->kind;
	slot = slot_of(&s->run->mem, &s->taken, slot_hash(text));
	s->taken.n += !*slot;
	*slot = slot_hash(text);
	return 0;
}

/* Bytes of the character at s; a lone surrogate is one character of three bytes. */
static size_t next_character(struct str text, size_t i, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)text.s + i;

	if (text.n - i >= 3 && p[0] == 0xED && p[1] >= 0xA0) {
		*cp = 0xFFFD;
		return 3;
	}
	return utf8_decode(text.s + i, text.n - i, cp);
}

/*
 * DevTools puts names with , ' " { } into quotes as JSON does, which makes them longer, cuts names of elements at the
 * first blank, and looks for line ends in some names: these signs stay in names, and broken bytes, which it escapes.
 */
static int must_stay(uint32_t cp)
{
	return cp < 0x20 || cp == 0x2028 || cp == 0x2029 || cp == 0xFFFD || (cp < 0x80 && strchr(" ,'\"{}\\<>", (int)cp));
}

static void add_letter(struct strbuf *out, uint64_t random, unsigned attempt)
{
	char utf8[4];

	if (attempt < ATTEMPTS)
		strbuf_addch(out, letters[random % N_LETTERS]);
	else
		strbuf_add(out, utf8, utf8_encode(FIRST_IDEOGRAPH + (uint32_t)(random % N_IDEOGRAPHS), utf8));
}

/* `mask` NULL: all of it is a value, whose signs go as well. */
static void replace(struct strbuf *out, struct str text, const char *mask, uint64_t seed, unsigned attempt)
{
	uint64_t n = 0;
	uint32_t cp;

	strbuf_reset(out);
	for (size_t i = 0; i < text.n;) {
		size_t used = next_character(text, i, &cp);

		if (mask && (!mask[i] || must_stay(cp))) {
			strbuf_add(out, text.s + i, used);
		} else {
			add_letter(out, hash_mix(seed + ++n), attempt);
			if (cp > 0xFFFF)
				add_letter(out, hash_mix(seed + ++n), attempt);
		}
		i += used;
	}
}

/* The two halves of an ephemeron differ in their first number only and must go on to do so: `same_from` is behind it. */
static int find_free(struct scrub *s, struct str text, const char *mask, size_t same_from, struct str *out, struct err *e)
{
	uint64_t seed = keyed_hash(&s->key, text.s + same_from, text.n - same_from);

	for (unsigned attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		replace(&s->text, text, mask, hash_mix(seed + attempt), attempt);
		if (strbuf_check(&s->text, e))
			return e->kind;
		*out = (struct str){ strbuf_str(&s->text), s->text.len };
		if (!is_taken(s, *out))
			break;
	}
	return scrub_take(s, *out, e);
}

int scrub_value(struct scrub *s, struct str text, struct str *out, struct err *e)
{
	*out = text;
	return scrub_is_constant(text) ? 0 : find_free(s, text, NULL, 0, out, e);
}

static void hide(struct scrub *s, size_t from, size_t to)
{
	if (!s->mask.failed && from < to)
		memset(s->mask.buf + from, 1, to - from);
}

static int mask_rules(struct scrub *s, struct str text, struct err *e)
{
	struct redact_span spans[REDACT_MAX_SPANS];
	size_t n;

	if (redact_find(s->redact, text, spans, &n, e))
		return e->kind;
	for (size_t i = 0; i < n; i++)
		hide(s, spans[i].from, spans[i].to);
	return 0;
}

static int make_mask(struct scrub *s, struct str text, uint8_t fate, struct err *e)
{
	size_t at[4];

	strbuf_reset(&s->mask);
	strbuf_addch_n(&s->mask, '\0', text.n);
	if (strbuf_check(&s->mask, e))
		return e->kind;
	switch ((enum scrub_fate)fate) {
	case FATE_FAMILY:
	case FATE_TABLE:
		hide(s, 0, text.n);
		return 0;
	case FATE_EPHEMERON:
		if (scrub_ephemeron(text, at)) {
			hide(s, at[0], at[1]);
			hide(s, at[2], at[3]);
		}
		return 0;
	case FATE_EMBEDDER:
		hide(s, scrub_embedder_text(text), text.n);
		return mask_rules(s, text, e);
	case FATE_RULE:
		return mask_rules(s, text, e);
	case FATE_NO_NAME:
	case FATE_STAYS:
	case N_FATES:
		break;
	}
	return 0;
}

int scrub_name(struct scrub *s, size_t i, struct str *out, struct err *e)
{
	struct str text = strtab_get(&s->strings, i);

	*out = text;
	if (s->fates[i] == FATE_STAYS)
		return 0;
	if (make_mask(s, text, s->fates[i], e))
		return e->kind;
	return find_free(s, text, strbuf_str(&s->mask), s->fates[i] == FATE_EPHEMERON ? skip_digits(text, 0) : 0, out, e);
}
