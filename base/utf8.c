#include "base/utf8.h"

size_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

/* Sequence length and smallest legal value by lead byte; 0: not a lead byte. */
static size_t sequence_of(unsigned char lead, uint32_t *min)
{
	if (lead >= 0xC2 && lead <= 0xDF)
		return *min = 0x80, 2;
	if ((lead & 0xF0) == 0xE0)
		return *min = 0x800, 3;
	if (lead >= 0xF0 && lead <= 0xF4)
		return *min = 0x10000, 4;
	return 0;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *cp)
{
	unsigned char lead = (unsigned char)s[0];
	uint32_t min = 0, value;
	size_t len, i;

	if (lead < 0x80) {
		*cp = lead;
		return 1;
	}
	*cp = 0xFFFD;
	len = sequence_of(lead, &min);
	if (!len)
		return 1;
	value = lead & (0xFFu >> (len + 1));
	for (i = 1; i < len; i++) {
		if (i == n || ((unsigned char)s[i] & 0xC0) != 0x80)
			return i;
		value = value << 6 | ((unsigned char)s[i] & 0x3F);
	}
	if (value >= min && value < 0x110000 && (value < 0xD800 || value > 0xDFFF))
		*cp = value;
	return len;
}

size_t utf8_units(const char *s, size_t n)
{
	size_t units = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		/* every byte that is not a continuation starts a unit; four-byte sequences are surrogate pairs */
		units += (c & 0xC0) != 0x80;
		units += c >= 0xF0;
	}
	return units;
}

struct range {
	uint32_t first, last;
};

static int in_ranges(uint32_t cp, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= r[i].first && cp <= r[i].last)
			return 1;
	return 0;
}

/* The blocks that matter in names; a full table (UAX #11) would not change a report's columns. */
unsigned utf8_cells(uint32_t cp)
{
	static const struct range none[] = {
		{ 0x0, 0x1F }, { 0x7F, 0x9F }, { 0x300, 0x36F }, { 0x483, 0x489 }, { 0x591, 0x5BD }, { 0x610, 0x61A },
		{ 0x64B, 0x65F }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x202A, 0x202E },
		{ 0x2060, 0x2069 }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF },
		{ 0xE0100, 0xE01EF },
	};
	static const struct range wide[] = {
		{ 0x1100, 0x115F }, { 0x231A, 0x231B }, { 0x2E80, 0x303E }, { 0x3041, 0x33FF }, { 0x3400, 0x4DBF },
		{ 0x4E00, 0x9FFF }, { 0xA000, 0xA4CF }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F },
		{ 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF },
		{ 0x1F900, 0x1FAFF }, { 0x20000, 0x3FFFD },
	};

	if (cp < 0x300)
		return cp >= 0x20 && !(cp >= 0x7F && cp <= 0x9F);
	if (in_ranges(cp, none, sizeof(none) / sizeof(none[0])))
		return 0;
	return in_ranges(cp, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}
