#include "formats/memo.h"

#include "base/table_hash.h"

void memo_init(struct memo *m, struct mem *mem)
{
	strtab_init(&m->keys, mem);
	hash_index_init(&m->index, mem);
}

void memo_release(struct memo *m)
{
	strtab_release(&m->keys);
	hash_index_release(&m->index);
}

int memo_add(struct memo *m, struct str key, uint32_t *number, struct err *e)
{
	uint64_t h = table_hash(m->index.mem, key);
	size_t at;

	for (uint32_t i = hash_index_first(&m->index, h, &at); i != HASH_NONE; i = hash_index_next(&m->index, h, &at)) {
		if (!str_eq(memo_key(m, i), key))
			continue;
		*number = i;
		return 0;
	}
	if (m->keys.n >= HASH_NONE - 1)
		return err_set(e, ERR_UNSUPPORTED, "more than 4 thousand million distinct names or stacks");
	*number = (uint32_t)m->keys.n;
	if (strtab_add(&m->keys, key, e))
		return e->kind;
	return hash_index_add(&m->index, h, *number, e);
}
