#include "base/sizes.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/wide.h"

#define MAX_FRACTION_DIGITS 6

static int bad_size(const char *text, struct err *e)
{
	return err_set(e, ERR_USAGE, "'%.100s' is not a size; expected bytes or a size such as 512M or 2GiB", text);
}

/* Bytes of a unit's name; 0 when there is no such unit. */
static uint64_t unit_bytes(const char *unit)
{
	static const char letters[] = "kmgt";
	const char *letter;
	uint64_t bytes = 1;

	if (!*unit || !strcasecmp(unit, "b"))
		return 1;
	letter = strchr(letters, tolower((unsigned char)*unit));
	if (!letter || (unit[1] && strcasecmp(unit + 1, "b") && strcasecmp(unit + 1, "ib")))
		return 0;
	for (ptrdiff_t i = 0; i <= letter - letters; i++)
		bytes *= strcasecmp(unit + 1, "b") ? 1024 : 1000;
	return bytes;
}

/* Read digits into `*value`; non-zero on overflow or past `max_digits`. */
static int read_digits(const char **p, size_t max_digits, uint64_t *value)
{
	const char *start = *p;

	for (*value = 0; isdigit((unsigned char)**p); (*p)++)
		if (__builtin_mul_overflow(*value, 10u, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(**p - '0'), value))
			return -1;
	return (size_t)(*p - start) > max_digits;
}

int size_parse(const char *text, uint64_t *bytes, struct err *e)
{
	uint64_t whole, fraction = 0, scale = 1, unit;
	const char *p = text, *point;

	if (!isdigit((unsigned char)*p) || read_digits(&p, 20, &whole))
		return bad_size(text, e);
	if (*p == '.') {
		point = ++p;
		if (!isdigit((unsigned char)*p) || read_digits(&p, MAX_FRACTION_DIGITS, &fraction))
			return bad_size(text, e);
		for (ptrdiff_t i = 0; i < p - point; i++)
			scale *= 10;
	}
	p += *p == ' ';
	unit = unit_bytes(p);
	if (!unit || (unit == 1 && scale > 1))
		return bad_size(text, e);
	/* fraction < 10^6 and unit <= 2^40: no overflow before the sum */
	if (__builtin_mul_overflow(whole, unit, bytes) ||
	    __builtin_add_overflow(*bytes, fraction * unit / scale, bytes))
		return bad_size(text, e);
	return 0;
}

static int bad_time(const char *text, struct err *e)
{
	return err_set(e, ERR_USAGE, "'%.100s' is not a time; expected a number and a unit such as 500ms or 2.5s", text);
}

static uint64_t unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "min", 60000000000 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(unit, units[i].name))
			return units[i].ns;
	return 0;
}

int time_parse(const char *text, uint64_t *ns, struct err *e)
{
	uint64_t whole, fraction = 0, scale = 1, unit;
	const char *p = text, *point;

	if (!isdigit((unsigned char)*p) || read_digits(&p, 18, &whole))
		return bad_time(text, e);
	if (*p == '.') {
		point = ++p;
		if (!isdigit((unsigned char)*p) || read_digits(&p, 9, &fraction))
			return bad_time(text, e);
		for (ptrdiff_t i = 0; i < p - point; i++)
			scale *= 10;
	}
	p += *p == ' ';
	unit = unit_ns(p);
	/* Far below 2^63, so that it can be added to any clock; fraction < 10^9 and unit < 10^11 do not overflow. */
	if (!unit || __builtin_mul_overflow(whole, unit, ns) || *ns > INT64_MAX / 8)
		return bad_time(text, e);
	*ns += wide_mul_div(fraction, unit, scale);
	return 0;
}
