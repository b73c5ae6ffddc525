/* One dependency that takes 30 % of the busy time by itself. */
#include "analyzer/insights.h"

#define LEAST_PERCENT 30

int insight_packages(struct insights *in, struct err *e)
{
	const struct profile *p = in->p;
	struct mem *m = &p->run->mem;
	int64_t *self = MEM_NEW(m, int64_t, p->texts.tab.n, e), best_self = 0;
	uint32_t best = 0;
	struct strbuf text;
	int rc = self ? 0 : e->kind;

	for (uint32_t k = 0; self && k < in->v->n_keys; k++) {
		uint32_t package = in->v->keys[k].package;

		if (in->v->keys[k].category != CATEGORY_DEPENDENCY || !package)
			continue;
		self[package] += in->v->keys[k].self;
		if (self[package] > best_self) {
			best_self = self[package];
			best = package;
		}
	}
	strbuf_init(&text, m);
	if (best && best_self >= in->v->sum / 100 * LEAST_PERCENT) {
		struct insight what = { .severity = SEVERITY_INFO, .rule = "package", .amount = best_self,
					.frame = UINT32_MAX,
					.advice = "--focus with its name shows what in it, --callers who asks for it." };
		struct str name = profile_text(p, best);

		strbuf_addstr(&text, "The package ");
		strbuf_add(&text, name.s, name.n);
		strbuf_addstr(&text, " itself takes ");
		insight_share(in, &text, best_self);
		strbuf_addstr(&text, in->unit == UNIT_NANOSECONDS ? " of the busy time." : " of the total.");
		rc = insight_add(in, &what, &text, e);
	}
	strbuf_release(&text);
	mem_free(m, self);
	return rc;
}
