#include "base/strtab.h"

void strtab_init(struct strtab *t, struct mem *m)
{
	*t = (struct strtab){ .mem = m };
}

void strtab_release(struct strtab *t)
{
	mem_free(t->mem, t->bytes);
	mem_free(t->mem, t->ends);
	strtab_init(t, t->mem);
}

int strtab_reserve(struct strtab *t, size_t n, struct err *e)
{
	void *p = t->bytes;
	size_t need;

	if (ck_add(t->n_bytes, n, &need))
		return err_set(e, ERR_MEMORY, "the string table is too large for this machine");
	if (mem_reserve(t->mem, &p, &t->bytes_capacity, need, 1, e))
		return e->kind;
	t->bytes = p;
	return 0;
}

int strtab_close(struct strtab *t, struct err *e)
{
	void *p = t->ends;

	if (t->n >= UINT32_MAX)
		return err_set(e, ERR_UNSUPPORTED, "more than %u strings", UINT32_MAX);
	if (mem_reserve(t->mem, &p, &t->ends_capacity, t->n + 1, sizeof(*t->ends), e))
		return e->kind;
	t->ends = p;
	t->ends[t->n++] = t->n_bytes;
	return 0;
}

int strtab_trim(struct strtab *t, struct err *e)
{
	void *bytes = t->bytes ? mem_resize(t->mem, t->bytes, t->n_bytes, 1, e) : NULL;
	void *ends = bytes ? mem_resize(t->mem, t->ends, t->n, sizeof(*t->ends), e) : NULL;

	if (bytes) {
		t->bytes = bytes;
		t->bytes_capacity = t->n_bytes;
	}
	if (ends) {
		t->ends = ends;
		t->ends_capacity = t->n;
	}
	return t->bytes && !ends ? e->kind : 0;
}

int strtab_add(struct strtab *t, struct str s, struct err *e)
{
	if (strtab_reserve(t, s.n + 1, e))
		return e->kind;
	if (s.n)
		memcpy(t->bytes + t->n_bytes, s.s, s.n);
	t->n_bytes += s.n;
	return strtab_close(t, e);
}
