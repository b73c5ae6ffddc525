/* The first line is a user's pattern, the others are names that it is asked about. */
#include <stdlib.h>
#include <string.h>

#include "analyzer/filter.h"
#include "target.h"

static void ask(struct filter *f, const char *names, size_t n)
{
	struct err e = ERR_INIT;

	while (n) {
		const char *end = memchr(names, '\n', n);
		size_t len = end ? (size_t)(end - names) : n;
		int wants = filter_wants(f, (struct str){ names, len });

		if (wants != 0 && wants != 1)
			fuzz_bug("neither yes nor no: %d", wants);
		names += len + (end != NULL);
		n -= len + (end != NULL);
	}
	fuzz_check_err(filter_check(f, &e), &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const uint8_t *end = n ? memchr(bytes, '\n', n) : NULL;
	size_t len = end ? (size_t)(end - bytes) : n;
	char *pattern = calloc(1, len + 1);
	struct filter *f = NULL;
	struct err e = ERR_INIT;

	if (len)
		memcpy(pattern, bytes, len);
	fuzz_check_err(filter_new(&f, "--filter", pattern, &e), &e);
	if (f && end)
		ask(f, (const char *)end + 1, n - len - 1);
	filter_free(f);
	free(pattern);
	return 0;
}
