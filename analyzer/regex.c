#define PCRE2_CODE_UNIT_WIDTH 8
#include "analyzer/regex.h"

#include <pcre2.h>
#include <stdlib.h>

/*
 * Far more than an honest pattern needs for a class name, far less than a noticeable pause. PCRE2 counts steps anew for
 * each position of a name, and not the characters that an item runs over. Therefore names are looked at up to a length,
 * and there is a budget: a callout, passed before each item of the pattern, costs by the length of the name, and what
 * may be spent grows with the names' bytes.
 */
#define MATCH_STEPS 100000
#define MATCH_DEPTH 1000
#define MATCH_BYTES 4096
#define BUDGET 200000000u
#define BUDGET_PER_BYTE 200

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	uint64_t spent, budget, price;
	int hit_limit;
	int no_memory;
};

/* Non-zero ends the match with an error. */
static int count_callout(pcre2_callout_block *block, void *ctx)
{
	struct regex *r = ctx;

	(void)block;
	r->spent += r->price;
	return r->spent > r->budget ? PCRE2_ERROR_MATCHLIMIT : 0;
}

static int compile(struct regex *r, struct str pattern, uint32_t flags, size_t *at, struct err *e)
{
	PCRE2_UCHAR why[160];
	PCRE2_SIZE position;
	int code;

	r->code = pcre2_compile((PCRE2_SPTR)pattern.s, pattern.n, flags, &code, &position, NULL);
	if (!r->code && code == PCRE2_ERROR_HEAP_FAILED)
		return err_set(e, ERR_MEMORY, "out of memory for a pattern");
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
	pcre2_set_callout(r->limits, count_callout, r);
	r->budget = BUDGET;
	return 0;
}

int regex_new(struct regex **out, struct str pattern, int ignore_case, size_t *at, struct err *e)
{
	uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_AUTO_CALLOUT | (ignore_case ? PCRE2_CASELESS : 0);
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
	size_t n = text.n < MATCH_BYTES ? text.n : MATCH_BYTES;
	int rc;

	if (r->hit_limit)
		return 0;
	r->price = 1 + n / 16;
	r->budget += n * BUDGET_PER_BYTE;
	rc = pcre2_match(r->code, (PCRE2_SPTR)(text.s ? text.s : ""), n, 0, 0, r->data, r->limits);
	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
		r->hit_limit = 1;
	else if (rc == PCRE2_ERROR_NOMEMORY)
		r->no_memory = 1;
	return rc >= 0;
}

int regex_hit_limit(const struct regex *r)
{
	return r->hit_limit;
}

int regex_no_memory(const struct regex *r)
{
	return r->no_memory;
}
