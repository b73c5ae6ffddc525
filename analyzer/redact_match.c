#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "analyzer/redact_parts.h"

/* An honest pattern needs a few steps per byte; a text of a report has at most a few thousand bytes. */
#define MATCH_STEPS 200000
#define MATCH_DEPTH 2000

struct matcher {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	int hide; /* number of the group that is hidden, 0: the whole match */
};

static int prepare(struct matcher *m, struct err *e)
{
	m->data = pcre2_match_data_create_from_pattern(m->code, NULL);
	m->limits = pcre2_match_context_create(NULL);
	if (!m->data || !m->limits)
		return err_set(e, ERR_MEMORY, "out of memory for the redaction rules");
	pcre2_set_match_limit(m->limits, MATCH_STEPS);
	pcre2_set_depth_limit(m->limits, MATCH_DEPTH);
	m->hide = pcre2_substring_number_from_name(m->code, (PCRE2_SPTR) "hide");
	if (m->hide < 0)
		m->hide = 0;
	/* without the compiler the interpreter does the same, only slower */
	pcre2_jit_compile(m->code, PCRE2_JIT_COMPLETE);
	return 0;
}

int matcher_new(struct matcher **out, const char *pattern, int utf, struct err *e)
{
	uint32_t options = utf ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : 0;
	struct matcher *m = calloc(1, sizeof(*m));
	PCRE2_UCHAR why[160];
	PCRE2_SIZE at;
	int code;

	if (!m)
		return err_set(e, ERR_MEMORY, "out of memory for the redaction rules");
	m->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options | PCRE2_NEVER_BACKSLASH_C, &code, &at,
				NULL);
	if (!m->code && code == PCRE2_ERROR_HEAP_FAILED) {
		err_set(e, ERR_MEMORY, "out of memory for a rule");
	} else if (!m->code) {
		pcre2_get_error_message(code, why, sizeof(why));
		err_set(e, ERR_USAGE, "%s at position %zu of \"%.200s\"", (const char *)why, at + 1, pattern);
	}
	if (!m->code || prepare(m, e)) {
		matcher_free(m);
		return e->kind;
	}
	*out = m;
	return 0;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_match_context_free(m->limits);
	pcre2_match_data_free(m->data);
	pcre2_code_free(m->code);
	free(m);
}

int matcher_next(struct matcher *m, struct str text, size_t start, size_t *from, size_t *to, size_t *end)
{
	const PCRE2_SIZE *v;
	int rc = pcre2_match(m->code, (PCRE2_SPTR)text.s, text.n, start, PCRE2_NOTEMPTY, m->data, m->limits);

	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0)
		return -1;
	v = pcre2_get_ovector_pointer(m->data);
	*from = v[0];
	*to = *end = v[1];
	if (m->hide && m->hide < rc && v[2 * m->hide] != PCRE2_UNSET && v[2 * m->hide] < v[2 * m->hide + 1]) {
		*from = v[2 * m->hide];
		*to = v[2 * m->hide + 1];
	}
	/* \K in a lookahead can put the start behind the end */
	if (*from > *to)
		*from = *to;
	if (*end <= start)
		*end = start + 1;
	return 1;
}
