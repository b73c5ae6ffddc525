/*
 * From the bytes of one or two profiles to the reports in all notations. The first byte is the row of the formats table,
 * the second the options; a line "----" divides two profiles, without one the profile is compared with itself.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>
#include <unistd.h>

#include "analyzer/profile_analysis.h"
#include "formats/formats.h"
#include "target.h"

static void stat_report(struct run *run, const char *const *files, size_t n, const struct profile_options *o, struct report *r)
{
	struct err e = ERR_INIT;
	int rc = profile_stat(run, files, n, o, r, &e);

	fuzz_check_err(rc, &e);
	if (!rc)
		fuzz_render(run, r);
}

static void compare_report(struct run *run, const char *const *files, const struct profile_options *o, struct report *r)
{
	struct err e = ERR_INIT;
	int rc = profile_compare(run, files, o, r, &e);

	fuzz_check_err(rc, &e);
	if (!rc)
		fuzz_render(run, r);
}

/* `n_files` 0: a comparison of two. */
static void report_of(const char *const *files, size_t n_files, const struct profile_options *o)
{
	struct report report;
	struct run run;

	run_init(&run, 1, FUZZ_MEMORY_BYTES);
	report_init(&report, &run.mem);
	if (n_files)
		stat_report(&run, files, n_files, o, &report);
	else
		compare_report(&run, files, o, &report);
	report_release(&report);
	run_release(&run);
	if (run.mem.used_bytes)
		fuzz_bug("%llu bytes were not given back", (unsigned long long)run.mem.used_bytes);
}

static struct profile_options options_of(unsigned format, unsigned choice)
{
	static const char *const limits[] = { "slower:10%", "new:5%", "gone:1%" };
	struct profile_options o = { .limits = limits, .n_limits = 3 };
	size_t n;
	const struct format *rows = format_table(&n);

	if (format < n)
		o.input_format = rows[format].name;
	o.by = (int)(choice & 3);
	o.absolute = (int)(choice >> 2 & 1);
	o.weights = (int)(choice >> 3 & 1);
	if (choice & 16) {
		o.top = o.tree = o.callers = o.lines = o.timeline = 1;
		o.function = choice & 32 ? "a" : NULL;
	}
	o.ignore = choice & 64 ? "^node:" : NULL;
	o.hide = choice & 128 ? "[0-9]" : NULL;
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct profile_options o = options_of(n ? bytes[0] % 16 : 0, n > 1 ? bytes[1] : 0);
	char paths[2][64];
	const char *const files[] = { paths[0], paths[1] };
	const uint8_t *line;
	int a, b;

	if (n < 2)
		return 0;
	bytes += 2;
	n -= 2;
	line = memmem(bytes, n, "\n----\n", 6);
	a = fuzz_file(bytes, line ? (size_t)(line - bytes) : n, paths[0]);
	b = line ? fuzz_file(line + 6, n - (size_t)(line - bytes) - 6, paths[1]) : fuzz_file(bytes, n, paths[1]);
	report_of(files, 1, &o);
	report_of(files, 2, &o);
	o.limits = o.function ? NULL : o.limits;
	o.n_limits = o.limits ? o.n_limits : 0;
	report_of(files, 0, &o);
	close(a);
	close(b);
	return 0;
}
