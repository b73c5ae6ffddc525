#define PCRE2_CODE_UNIT_WIDTH 8
#include "analyzer/filter.h"

#include <pcre2.h>
#include <stdlib.h>

/* Far more than an honest pattern needs for a class name, far less than a noticeable pause. */
#define MATCH_STEPS 100000
#define MATCH_DEPTH 1000

struct filter {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	int hit_limit;
	const char *option; /* for messages */
};

static int compile(struct filter *f, const char *pattern, struct err *e)
{
	PCRE2_UCHAR why[160];
	PCRE2_SIZE at;
	int code;

	f->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code,
				&at, NULL);
	if (!f->code) {
		pcre2_get_error_message(code, why, sizeof(why));
		return err_set(e, ERR_USAGE, "%s: %s at position %zu of \"%.200s\"", f->option, (const char *)why,
			       at + 1, pattern);
	}
	f->data = pcre2_match_data_create_from_pattern(f->code, NULL);
	f->limits = pcre2_match_context_create(NULL);
	if (!f->data || !f->limits)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	pcre2_set_match_limit(f->limits, MATCH_STEPS);
	pcre2_set_depth_limit(f->limits, MATCH_DEPTH);
	return 0;
}

int filter_new(struct filter **out, const char *option, const char *pattern, struct err *e)
{
	struct filter *f;

	*out = NULL;
	if (!pattern)
		return 0;
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	f->option = option;
	if (compile(f, pattern, e)) {
		filter_free(f);
		return e->kind;
	}
	*out = f;
	return 0;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	pcre2_match_context_free(f->limits);
	pcre2_match_data_free(f->data);
	pcre2_code_free(f->code);
	free(f);
}

int filter_wants(void *filter, struct str text)
{
	struct filter *f = filter;
	int rc;

	if (!f)
		return 1;
	rc = pcre2_match(f->code, (PCRE2_SPTR)(text.s ? text.s : ""), text.n, 0, 0, f->data, f->limits);
	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
		f->hit_limit = 1;
	return rc >= 0;
}

int filter_check(const struct filter *f, struct err *e)
{
	if (!f || !f->hit_limit)
		return 0;
	return err_set(e, ERR_USAGE, "%s: the pattern needs too many steps; make it simpler", f->option);
}
