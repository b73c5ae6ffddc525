/* redact_lines - every line of standard input as the default rules leave it. For measurements (tests/redact/ordinary). */
#include <stdio.h>
#include <string.h>

#include "analyzer/redact.h"

static char line[1 << 20];

int main(void)
{
	struct redact_options defaults = { .files = NULL };
	struct err e = ERR_INIT;
	struct redact *redact;
	struct mem mem;
	struct str out;

	mem_init(&mem, 0);
	if (redact_new(&redact, &mem, &defaults, &e))
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		if (redact_text(redact, (struct str){ line, strcspn(line, "\n") }, &out, &e))
			return 1;
		printf("%.*s\n", (int)out.n, out.s);
	}
	redact_free(redact);
	return 0;
}
