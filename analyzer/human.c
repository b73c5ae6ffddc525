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
