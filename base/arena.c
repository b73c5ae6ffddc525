#include "base/arena.h"

#include <string.h>

#define CHUNK_BYTES ((size_t)64 << 10)

struct arena_chunk {
	struct arena_chunk *previous;
	size_t used;
	size_t capacity;
	_Alignas(8) char data[];
};

void arena_init(struct arena *a, struct mem *m)
{
	a->mem = m;
	a->last = NULL;
}

void arena_release(struct arena *a)
{
	while (a->last) {
		struct arena_chunk *c = a->last;

		a->last = c->previous;
		mem_free(a->mem, c);
	}
}

static struct arena_chunk *add_chunk(struct arena *a, size_t bytes, struct err *e)
{
	size_t capacity = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
	struct arena_chunk *c = mem_alloc(a->mem, 1, sizeof(*c) + capacity, e);

	if (!c)
		return NULL;
	c->previous = a->last;
	c->capacity = capacity;
	a->last = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t bytes, struct err *e)
{
	struct arena_chunk *c = a->last;
	size_t need;
	void *p;

	if (ck_add(bytes, 7, &need) || need > SIZE_MAX / 4) {
		err_set(e, ERR_MEMORY, "a block of %zu bytes is too large for this machine", bytes);
		return NULL;
	}
	need &= ~(size_t)7;
	if (!c || c->capacity - c->used < need)
		c = add_chunk(a, need, e);
	if (!c)
		return NULL;
	p = c->data + c->used;
	c->used += need;
	return p;
}

char *arena_copy(struct arena *a, const void *bytes, size_t n, struct err *e)
{
	char *p = arena_alloc(a, n + 1, e);

	if (p && n)
		memcpy(p, bytes, n);
	return p;
}
