#include "base/hash_index.h"

#include <string.h>

#define FIRST_SLOTS 256

void hash_index_init(struct hash_index *x, struct mem *m)
{
	memset(x, 0, sizeof(*x));
	x->mem = m;
}

void hash_index_release(struct hash_index *x)
{
	mem_free(x->mem, x->slots);
	x->slots = NULL;
	x->mask = x->n = 0;
}

static void place(struct hash_slot *slots, size_t mask, struct hash_slot s)
{
	size_t at = s.hash & mask;

	while (slots[at].number)
		at = (at + 1) & mask;
	slots[at] = s;
}

static int grow(struct hash_index *x, struct err *e)
{
	size_t n_slots = x->mask ? (x->mask + 1) * 2 : FIRST_SLOTS;
	struct hash_slot *slots = MEM_NEW(x->mem, struct hash_slot, n_slots, e);

	if (!slots)
		return e->kind;
	for (size_t i = 0; x->mask && i <= x->mask; i++)
		if (x->slots[i].number)
			place(slots, n_slots - 1, x->slots[i]);
	mem_free(x->mem, x->slots);
	x->slots = slots;
	x->mask = n_slots - 1;
	return 0;
}

int hash_index_add(struct hash_index *x, uint64_t hash, uint32_t number, struct err *e)
{
	if ((x->n + 1) * 2 > x->mask && grow(x, e))
		return e->kind;
	place(x->slots, x->mask, (struct hash_slot){ (uint32_t)hash, number + 1 });
	x->n++;
	return 0;
}
