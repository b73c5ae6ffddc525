#include "analyzer/human.h"

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static void add_sign(struct strbuf *out, int64_t v, int with_sign)
{
	if (v < 0)
		strbuf_addch(out, '-');
	else if (v > 0 && with_sign)
		strbuf_addch(out, '+');
}

void human_bytes(struct strbuf *out, int64_t bytes, int with_sign)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t size = magnitude(bytes), unit = 1000;

	add_sign(out, bytes, with_sign);
	if (size < 1000) {
		strbuf_addf(out, "%u B", (unsigned)size);
		return;
	}
	for (size_t i = 0;; i++, unit *= 1000) {
		/* no overflow: size is at most 2^63, unit at most 10^18 */
		uint64_t tenths = (size + unit / 20) / (unit / 10), whole = (size + unit / 2) / unit;

		if (tenths < 1000)
			strbuf_addf(out, "%u.%u %s", (unsigned)(tenths / 10), (unsigned)(tenths % 10), units[i]);
		else if (whole < 1000)
			strbuf_addf(out, "%u %s", (unsigned)whole, units[i]);
		else
			continue;
		return;
	}
}

void human_count(struct strbuf *out, int64_t count, int with_sign)
{
	uint64_t v = magnitude(count);
	char digits[32], *p = digits + sizeof(digits);
	unsigned n = 0;

	do {
		if (n && n % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + v % 10);
		v /= 10;
		n++;
	} while (v);
	add_sign(out, count, with_sign);
	strbuf_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

static const struct {
	uint64_t unit;
	const char *name;
} time_units[] = { { 1000, "us" }, { 1000000, "ms" }, { 1000000000, "s" } };

/* Three digits: 1.23, 12.3, 123. */
static int three_digits(struct strbuf *out, uint64_t v, uint64_t unit, const char *name)
{
	uint64_t hundredths = (v + unit / 200) / (unit / 100), tenths = (v + unit / 20) / (unit / 10);
	uint64_t whole = (v + unit / 2) / unit;

	if (hundredths < 1000)
		strbuf_addf(out, "%u.%02u %s", (unsigned)(hundredths / 100), (unsigned)(hundredths % 100), name);
	else if (tenths < 1000)
		strbuf_addf(out, "%u.%u %s", (unsigned)(tenths / 10), (unsigned)(tenths % 10), name);
	else if (whole < 1000)
		strbuf_addf(out, "%u %s", (unsigned)whole, name);
	return hundredths < 1000 || tenths < 1000 || whole < 1000;
}

void human_time(struct strbuf *out, int64_t ns, int with_sign)
{
	uint64_t v = magnitude(ns), s = (v + 500000000) / 1000000000;

	add_sign(out, ns, with_sign);
	if (v < 1000) {
		strbuf_addf(out, "%u ns", (unsigned)v);
		return;
	}
	for (size_t i = 0; i < sizeof(time_units) / sizeof(time_units[0]) && s < 120; i++)
		if (three_digits(out, v, time_units[i].unit, time_units[i].name))
			return;
	if (s < 7200)
		strbuf_addf(out, "%u min %u s", (unsigned)(s / 60), (unsigned)(s % 60));
	else
		strbuf_addf(out, "%llu h %u min", (unsigned long long)(s / 3600), (unsigned)(s / 60 % 60));
}

void human_percent(struct strbuf *out, int64_t hundredths, int with_sign)
{
	uint64_t v = magnitude(hundredths), tenths = v / 10 + (v % 10 >= 5);

	if (v && v < 5) {
		strbuf_addstr(out, hundredths < 0 ? ">-0.1 %" : "<0.1 %");
		return;
	}
	if (v >= 9995 && v < 10000)
		tenths = 999;
	add_sign(out, hundredths, with_sign);
	strbuf_addf(out, "%llu", (unsigned long long)(tenths / 10));
	if (tenths % 10 || (tenths && tenths < 1000))
		strbuf_addf(out, ".%u", (unsigned)(tenths % 10));
	strbuf_addstr(out, " %");
}
