#include "analyzer/filter.h"

#include <stdlib.h>

#include "analyzer/regex.h"

struct filter {
	struct regex *regex;
	const char *option; /* for messages */
};

int filter_new(struct filter **out, const char *option, const char *pattern, struct err *e)
{
	struct filter *f;
	struct err why = ERR_INIT;
	size_t at;

	*out = NULL;
	if (!pattern)
		return 0;
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	f->option = option;
	if (!regex_new(&f->regex, str_of(pattern), 0, &at, &why)) {
		*out = f;
		return 0;
	}
	free(f);
	if (why.kind != ERR_USAGE)
		return err_set(e, why.kind, "%s", why.text);
	return err_set(e, ERR_USAGE, "%s: %s at position %zu of \"%.200s\"", option, why.text, at + 1, pattern);
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	regex_free(f->regex);
	free(f);
}

int filter_wants(void *filter, struct str text)
{
	struct filter *f = filter;

	return !f || regex_matches(f->regex, text);
}

int filter_check(const struct filter *f, struct err *e)
{
	if (f && regex_no_memory(f->regex))
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	if (!f || !regex_hit_limit(f->regex))
		return 0;
	return err_set(e, ERR_USAGE, "%s: the pattern needs too many steps; make it simpler", f->option);
}
