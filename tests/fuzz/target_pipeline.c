/*
 * From the text of two snapshots to the reports in all notations. A line "----" divides the two; without one the snapshot
 * is compared with itself. The last byte chooses the options.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>
#include <unistd.h>

#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *line = memmem(bytes, n, "\n----\n", 6);
	size_t n_first = line ? (size_t)(line - bytes) : n;
	const uint8_t *second = line ? line + 6 : bytes;
	size_t n_second = line ? n - n_first - 6 : n;
	unsigned choice = n ? bytes[n - 1] : 0;
	struct analysis_options o = { .match = (enum match_mode)(choice % 3), .allow_truncated = (int)(choice >> 2 & 1),
				      .show_values = (int)(choice >> 3 & 1) };
	char paths[2][64];
	const char *const files[] = { paths[0], paths[1] };
	int a = fuzz_file(bytes, n_first, paths[0]), b = fuzz_file(second, n_second, paths[1]);

	fuzz_reports(files, 2, &o);
	close(a);
	close(b);
	return 0;
}
