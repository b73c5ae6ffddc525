#include "formats/memo.h"

#include <string.h>

#include "base/table_hash.h"

void memo_init(struct memo *m, struct mem *mem)
{
	strtab_init(&m->keys, mem);
	hash_index_init(&m->index, mem);
	memset(m->recent, 0, sizeof(m->recent));
}

void memo_release(struct memo *m)
{
	strtab_release(&m->keys);
	hash_index_release(&m->index);
}

static uint64_t word_at(struct str key, size_t at)
{
	uint64_t word = 0;

	memcpy(&word, key.s + at, sizeof(word));
	return word;
}

/* Beginning, middle and end, where lines of one kind differ. */
static uint32_t *recent_slot(struct memo *m, struct str key)
{
	uint64_t x = key.n;

	if (key.n >= sizeof(x)) {
		x ^= word_at(key, 0) ^ word_at(key, key.n - sizeof(x)) * 0x9e3779b97f4a7c15ULL;
		x ^= word_at(key, (key.n - sizeof(x)) / 2) * 0xff51afd7ed558ccdULL;
	} else if (key.n) {
		x ^= (uint64_t)(unsigned char)key.s[0] << 8 ^ (uint64_t)(unsigned char)key.s[key.n - 1] << 16;
	}
	return &m->recent[x * 0x9e3779b97f4a7c15ULL >> 40 & (MEMO_RECENT - 1)];
}

static int look_up(struct memo *m, struct str key, uint32_t *number, struct err *e)
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

int memo_add(struct memo *m, struct str key, uint32_t *number, struct err *e)
{
	uint32_t *recent = recent_slot(m, key);

	if (*recent && str_eq(memo_key(m, *recent - 1), key)) {
		*number = *recent - 1;
		return 0;
	}
	if (look_up(m, key, number, e))
		return e->kind;
	*recent = *number + 1;
	return 0;
}
