#define PCRE2_CODE_UNIT_WIDTH 8
#include "analyzer/filter.h"

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

struct filter {
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
	struct filter *f = ctx;

	(void)block;
	f->spent += f->price;
	return f->spent > f->budget ? PCRE2_ERROR_MATCHLIMIT : 0;
}

static int compile(struct filter *f, const char *pattern, struct err *e)
{
	const uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_AUTO_CALLOUT;
	PCRE2_UCHAR why[160];
	PCRE2_SIZE at;
	int code;

	f->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &at, NULL);
	if (!f->code && code == PCRE2_ERROR_HEAP_FAILED)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	if (!f->code) {
		pcre2_get_error_message(code, why, sizeof(why));
		return err_set(e, ERR_USAGE, "--filter: %s at position %zu of \"%.200s\"", (const char *)why, at + 1,
			       pattern);
	}
	f->data = pcre2_match_data_create_from_pattern(f->code, NULL);
	f->limits = pcre2_match_context_create(NULL);
	if (!f->data || !f->limits)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	pcre2_set_match_limit(f->limits, MATCH_STEPS);
	pcre2_set_depth_limit(f->limits, MATCH_DEPTH);
	pcre2_set_callout(f->limits, count_callout, f);
	f->budget = BUDGET;
	return 0;
}

int filter_new(struct filter **out, const char *pattern, struct err *e)
{
	struct filter *f;

	*out = NULL;
	if (!pattern)
		return 0;
	f = calloc(1, sizeof(*f));
	if (!f)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
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
	size_t n = text.n < MATCH_BYTES ? text.n : MATCH_BYTES;
	int rc;

	if (!f || f->hit_limit)
		return !f;
	f->price = 1 + n / 16;
	f->budget += n * BUDGET_PER_BYTE;
	rc = pcre2_match(f->code, (PCRE2_SPTR)(text.s ? text.s : ""), n, 0, 0, f->data, f->limits);
	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
		f->hit_limit = 1;
	else if (rc == PCRE2_ERROR_NOMEMORY)
		f->no_memory = 1;
	return rc >= 0;
}

int filter_check(const struct filter *f, struct err *e)
{
	if (f && f->no_memory)
		return err_set(e, ERR_MEMORY, "out of memory for the filter");
	if (!f || !f->hit_limit)
		return 0;
	return err_set(e, ERR_USAGE, "--filter: the pattern needs too many steps; make it simpler");
}
