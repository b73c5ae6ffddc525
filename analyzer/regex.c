#define PCRE2_CODE_UNIT_WIDTH 8
#include "analyzer/regex.h"

#include <pcre2.h>
#include <stdlib.h>

/* Far more than an honest pattern needs for a class name, far less than a noticeable pause. */
#define MATCH_STEPS 100000
#define MATCH_DEPTH 1000

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	int hit_limit;
};

static int compile(struct regex *r, struct str pattern, uint32_t flags, size_t *at, struct err *e)
{
	PCRE2_UCHAR why[160];
	PCRE2_SIZE position;
	int code;

	r->code = pcre2_compile((PCRE2_SPTR)pattern.s, pattern.n, flags, &code, &position, NULL);
	if (!r->code) {
		pcre2_get_error_message(code, why, sizeof(why));
		*at = position;
		return err_set(e, ERR_USAGE, "%s", (const char *)why);
	}
	r->data = pcre2_match_data_create_from_pattern(r->code, NULL);
	r->limits = pcre2_match_context_create(NULL);
	if (!r->data || !r->limits)
		return err_set(e, ERR_MEMORY, "out of memory for a pattern");
	pcre2_set_match_limit(r->limits, MATCH_STEPS);
	pcre2_set_depth_limit(r->limits, MATCH_DEPTH);
	return 0;
}

int regex_new(struct regex **out, struct str pattern, int ignore_case, size_t *at, struct err *e)
{
	uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | (ignore_case ? PCRE2_CASELESS : 0);
	struct regex *r = calloc(1, sizeof(*r));

	*out = NULL;
	*at = 0;
	if (!r)
		return err_set(e, ERR_MEMORY, "out of memory for a pattern");
	if (compile(r, pattern, flags, at, e)) {
		regex_free(r);
		return e->kind;
	}
	*out = r;
	return 0;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r);
}

int regex_matches(struct regex *r, struct str text)
{
	int rc = pcre2_match(r->code, (PCRE2_SPTR)(text.s ? text.s : ""), text.n, 0, 0, r->data, r->limits);

	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
		r->hit_limit = 1;
	return rc >= 0;
}

int regex_hit_limit(const struct regex *r)
{
	return r->hit_limit;
}
