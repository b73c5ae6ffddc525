#include "analyzer/redact_checks.h"

#include <stdint.h>
#include <string.h>

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static int is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static int is_cut(struct str text, size_t to)
{
	return to + 3 <= text.n && !memcmp(text.s + to, "\xE2\x80\xA6", 3);
}

int check_luhn(struct str text, size_t *from, size_t *to)
{
	unsigned sum = 0, n = 0;

	for (size_t i = *to; i > *from; i--) {
		unsigned d = (unsigned)(text.s[i - 1] - '0');

		if (!is_digit(text.s[i - 1]))
			continue;
		d *= n++ % 2 ? 2 : 1;
		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0 || is_cut(text, *to);
}

/* Country and length of an account number, from the IBAN registry of ISO 13616. */
static const char iban_lengths[] =
	"AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22"
	"GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20"
	"MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26"
	"UA29VA22VG24XK20YE30";

static unsigned iban_length(const char *country)
{
	for (const char *p = iban_lengths; *p; p += 4)
		if (p[0] == country[0] && p[1] == country[1])
			return (unsigned)(p[2] - '0') * 10 + (unsigned)(p[3] - '0');
	return 0;
}

/* Remainder by 97 of the number that letters (A is 10) and digits make, going on from `r`. */
static unsigned mod97(unsigned r, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r = is_digit(s[i]) ? (r * 10 + (unsigned)(s[i] - '0')) % 97 :
				     (r * 100 + (unsigned)(s[i] - 'A' + 10)) % 97;
	return r;
}

int check_iban(struct str text, size_t *from, size_t *to)
{
	unsigned length = iban_length(text.s + *from), n = 0;
	char packed[40] = { 0 };
	size_t i;

	for (i = *from; i < *to && n < length; i++)
		if (text.s[i] != ' ')
			packed[n++] = text.s[i];
	if (length && n < length && is_cut(text, *to))
		return 1;
	if (!length || n < length)
		return 0;
	*to = i;
	return mod97(mod97(0, packed + 4, n - 4), packed, 4) == 1;
}

int check_token(struct str text, size_t *from, size_t *to)
{
	int upper = 0, lower = 0;

	for (size_t i = *from; i < *to; i++) {
		if (is_digit(text.s[i]) || text.s[i] == '=')
			return 1;
		upper |= i > *from && is_upper(text.s[i]);
		lower |= is_lower(text.s[i]);
	}
	return upper && lower;
}

int check_hex(struct str text, size_t *from, size_t *to)
{
	int digits = 0, letters = 0;

	for (size_t i = *from; i < *to; i++)
		*(is_digit(text.s[i]) ? &digits : &letters) = 1;
	return digits && (letters || *to - *from >= 32);
}

enum { KIND_SIGN, KIND_LOWER, KIND_UPPER, KIND_DIGIT };

static int kind_of(char c)
{
	return is_lower(c) ? KIND_LOWER : is_upper(c) ? KIND_UPPER : is_digit(c) ? KIND_DIGIT : KIND_SIGN;
}

/*
 * In chance text two neighbours are of different kinds in 64 of 100 places; in words that are joined by capitals in
 * about 30. A window of 24 characters with eight changes and all three kinds is taken for chance, unless it has more signs
 * than chance puts there (words_joined_by_lines), or its capitals begin words (BigInt64Array).
 */
#define WINDOW 24
#define CHANGES 8
#define SIGNS 3

struct mixture {
	unsigned of[4];        /* by kind */
	unsigned changes;      /* between letters and digits of different kinds */
	unsigned digit_groups;
	unsigned words;        /* a capital before a small letter */
};

static struct mixture mixture_of(const char *s, size_t n)
{
	struct mixture m = { .changes = 0 };
	int before = KIND_SIGN;

	for (size_t i = 0; i < n; i++) {
		int kind = kind_of(s[i]);

		m.of[kind]++;
		m.changes += kind != before && kind != KIND_SIGN && before != KIND_SIGN;
		m.words += before == KIND_UPPER && kind == KIND_LOWER;
		m.digit_groups += kind == KIND_DIGIT && before != KIND_DIGIT;
		before = kind;
	}
	return m;
}

/* The last character's follower is not known. */
static int begins_words(const struct mixture *m, const char *s, size_t n)
{
	return m->words * 4 >= (m->of[KIND_UPPER] - (unsigned)is_upper(s[n - 1])) * 3 && m->digit_groups <= 1;
}

static int is_mixed(const char *s, size_t n)
{
	struct mixture m = mixture_of(s, n);

	if (!m.of[KIND_LOWER] || !m.of[KIND_UPPER] || !m.of[KIND_DIGIT] || m.of[KIND_SIGN] > SIGNS)
		return 0;
	if (begins_words(&m, s, n))
		return 0;
	return m.changes * (WINDOW - 1) >= CHANGES * (n - 1);
}

/*
 * Chance text without a digit, or with many signs, has no such window. There the pairs of neighbours decide: how much more
 * likely chance is to put the second behind the first than names are, in quarters of a bit. Counted in 20,726 names and
 * paths of 32 and more characters (of V8's heap, of the packages of tests/redact/ordinary, of C headers); of the other
 * 20,726 two exceed the limit that are not found by the rule above.
 */
#define LONG_WINDOW 32
#define LONG_LIMIT 50

static int letter_kind(char c)
{
	int vowel = c && strchr("aeiouAEIOU", c) != NULL;

	return is_lower(c) ? !vowel : is_upper(c) ? 3 - vowel : is_digit(c) ? 4 : 5;
}

static const signed char chance_of_pair[6][6] = {
	/* vowel, consonant, capital vowel, capital consonant, digit, sign */
	{ 4, -5, 21, 22, 12, -9 },  { -10, 0, 17, 20, 12, -9 }, { 14, 2, 1, -3, 15, -7 },
	{ -5, 9, -6, 0, 9, -10 },   { 32, 14, 12, 31, -7, -15 }, { -8, -3, 10, 9, 11, 17 },
};

static int is_chance(const char *s)
{
	struct mixture m = mixture_of(s, LONG_WINDOW);
	int sum = 0;

	if (begins_words(&m, s, LONG_WINDOW))
		return 0;
	for (size_t i = 1; i < LONG_WINDOW; i++)
		sum += chance_of_pair[letter_kind(s[i - 1])][letter_kind(s[i])];
	return sum > LONG_LIMIT;
}

/* The length of the window from there on that looks like chance; 0: none does. */
static size_t chance_at(const char *s, size_t left, size_t window)
{
	if (left >= LONG_WINDOW && is_chance(s))
		return LONG_WINDOW;
	return left >= window && is_mixed(s, window) ? window : 0;
}

/*
 * Whether the part of a path that ends (or begins) there is one of small letters only: "/" is a sign of base64 too, and
 * chance rarely makes such a part.
 */
static int is_word(const char *s, size_t n, int at_end)
{
	for (size_t i = 0; i < n; i++) {
		char c = at_end ? s[n - 1 - i] : s[i];

		if (c == '/')
			return i > 0;
		if (is_upper(c) || is_digit(c))
			return 0;
	}
	return 1;
}

int check_base64(struct str text, size_t *from, size_t *to)
{
	size_t window = *to - *from < WINDOW ? *to - *from : WINDOW;
	size_t first = SIZE_MAX, last = 0;

	for (size_t i = *from; i + window <= *to; i++) {
		size_t n = chance_at(text.s + i, *to - i, window);

		if (!n)
			continue;
		first = first < i ? first : i;
		last = last > i + n ? last : i + n;
	}
	if (first == SIZE_MAX)
		return 0;
	while (first > *from && (text.s[first - 1] != '/' || !is_word(text.s + *from, first - 1 - *from, 1)))
		first--;
	while (last < *to && (text.s[last] != '/' || !is_word(text.s + last + 1, *to - last - 1, 0)))
		last++;
	*from = first;
	*to = last;
	return 1;
}

int check_email(struct str text, size_t *from, size_t *to)
{
	static const char *const suffixes[] = { "js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx", "css", "html", "json",
						"map", "wasm", "node", "tgz", "min" };
	size_t dot = *to;

	while (dot > *from && text.s[dot - 1] != '.' && text.s[dot - 1] != '@')
		dot--;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_is((struct str){ text.s + dot, *to - dot }, suffixes[i]))
			return 0;
	return 1;
}

int check_home(struct str text, size_t *from, size_t *to)
{
	struct str user = { text.s + *from, *to - *from };

	return !str_is(user, "Shared") && !str_is(user, "Public") && text.s[*from] != '[';
}
