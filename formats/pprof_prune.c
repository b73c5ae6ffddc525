#define PCRE2_CODE_UNIT_WIDTH 8
#include "formats/pprof_prune.h"

#include <pcre2.h>

struct pprof_prune {
	struct mem *mem;
	pcre2_code *drop, *keep; /* keep may be NULL */
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

static pcre2_code *compile(struct str pattern, const char *what, struct err *e)
{
	int code;
	size_t at;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern.s, pattern.n, PCRE2_ANCHORED | PCRE2_ENDANCHORED, &code, &at,
				       NULL);

	if (!re)
		err_set(e, ERR_FORMAT, "%s of the profile is no regular expression: \"%.*s\", at %zu", what,
			(int)(pattern.n > 200 ? 200 : pattern.n), pattern.s, at);
	return re;
}

/* The limits are for hostile patterns; what producers write needs a few hundred steps. */
static int prepare(struct pprof_prune *p, struct err *e)
{
	p->match = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->match || !p->limits)
		return err_set(e, ERR_MEMORY, "out of memory for the patterns of dropped frames");
	pcre2_set_match_limit(p->limits, 100000);
	pcre2_set_depth_limit(p->limits, 1000);
	return 0;
}

int pprof_prune_new(struct pprof_prune **out, struct mem *m, struct str drop, struct str keep, struct err *e)
{
	struct pprof_prune *p;

	*out = NULL;
	if (!drop.n)
		return 0;
	p = MEM_NEW(m, struct pprof_prune, 1, e);
	if (!p)
		return e->kind;
	p->mem = m;
	p->drop = compile(drop, "drop_frames", e);
	if (p->drop && keep.n)
		p->keep = compile(keep, "keep_frames", e);
	if (!p->drop || (keep.n && !p->keep) || prepare(p, e)) {
		pprof_prune_free(p);
		return e->kind;
	}
	*out = p;
	return 0;
}

void pprof_prune_free(struct pprof_prune *p)
{
	if (!p)
		return;
	pcre2_code_free(p->drop);
	pcre2_code_free(p->keep);
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->limits);
	mem_free(p->mem, p);
}

static int ends_here(struct str name, size_t at, const char *reserved, size_t back)
{
	size_t n = strlen(reserved);

	return at >= back && name.n - (at - back) >= n && !memcmp(name.s + at - back, reserved, n);
}

/* Without a leading "." and without the list of arguments, as pprof compares names. */
static struct str simplify(struct str name)
{
	if (name.n && name.s[0] == '.')
		name = (struct str){ name.s + 1, name.n - 1 };
	for (size_t i = 0; i < name.n; i++) {
		if (name.s[i] != '(' || ends_here(name, i, "(anonymous namespace)", 0) ||
		    ends_here(name, i, "operator()", 8))
			continue;
		name.n = i;
	}
	return name;
}

static int matches(struct pprof_prune *p, const pcre2_code *re, struct str s)
{
	return pcre2_match(re, (PCRE2_SPTR)s.s, s.n, 0, 0, p->match, p->limits) >= 0;
}

int pprof_prune_drops(struct pprof_prune *p, struct str name)
{
	struct str s = simplify(name);

	return name.n && matches(p, p->drop, s) && !(p->keep && matches(p, p->keep, s));
}
