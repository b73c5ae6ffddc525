#include "base/bits.h"

int ranked_bits_alloc(struct ranked_bits *s, struct mem *m, uint32_t size, struct err *e)
{
	s->n = 0;
	s->rank = NULL;
	s->bits = mem_alloc(m, size / 64 + 1, sizeof(*s->bits), e);
	if (s->bits)
		s->rank = mem_alloc(m, size / 64 + 1, sizeof(*s->rank), e);
	return s->rank ? 0 : e->kind;
}

void ranked_bits_release(struct ranked_bits *s, struct mem *m)
{
	mem_free(m, s->bits);
	mem_free(m, s->rank);
	s->bits = NULL;
	s->rank = NULL;
}

void ranked_bits_index(struct ranked_bits *s, uint32_t size)
{
	for (uint32_t w = 0; w <= size / 64; w++) {
		s->rank[w] = s->n;
		s->n += (uint32_t)__builtin_popcountll(s->bits[w]);
	}
}
