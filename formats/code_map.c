#include "formats/code_map.h"

#include "base/table_hash.h"

#define PAGE_SHIFT 12

/* A page whose places were used anew more often than this is not searched to the end: hostile input. */
#define MAX_STEPS 4096

/* Touched pages of all code: more is no program. */
#define MAX_LINKS ((size_t)1 << 24)

void code_map_init(struct code_map *m, struct mem *mem)
{
	memset(m, 0, sizeof(*m));
	m->mem = mem;
	hash_index_init(&m->index, mem);
}

void code_map_release(struct code_map *m)
{
	hash_index_release(&m->index);
	mem_free(m->mem, m->codes);
	mem_free(m->mem, m->pages);
	mem_free(m->mem, m->links);
	code_map_init(m, m->mem);
}

static uint32_t find_page(const struct code_map *m, uint64_t page)
{
	uint64_t h = table_hash_number(m->mem, page);
	size_t at;

	for (uint32_t i = hash_index_first(&m->index, h, &at); i != HASH_NONE; i = hash_index_next(&m->index, h, &at))
		if (m->pages[i].page == page)
			return i;
	return HASH_NONE;
}

static int page_row(struct code_map *m, uint64_t page, uint32_t *row, struct err *e)
{
	*row = find_page(m, page);
	if (*row != HASH_NONE)
		return 0;
	*row = (uint32_t)m->n_pages;
	if (mem_reserve(m->mem, (void **)&m->pages, &m->pages_capacity, m->n_pages + 1, sizeof(*m->pages), e) ||
	    hash_index_add(&m->index, table_hash_number(m->mem, page), *row, e))
		return e->kind;
	m->pages[m->n_pages++] = (struct code_page){ page, 0 };
	return 0;
}

static int link_page(struct code_map *m, uint64_t page, uint32_t code, struct err *e)
{
	uint32_t row;

	if (page_row(m, page, &row, e) ||
	    mem_reserve(m->mem, (void **)&m->links, &m->links_capacity, m->n_links + 1, sizeof(*m->links), e))
		return e->kind;
	m->links[m->n_links] = (struct code_link){ code, m->pages[row].head };
	m->pages[row].head = (uint32_t)++m->n_links;
	return 0;
}

int code_map_add(struct code_map *m, uint64_t start, uint64_t bytes, uint32_t value, struct err *e)
{
	uint64_t end;

	if (m->n_links > MAX_LINKS)
		return err_set(e, ERR_FORMAT, "code on more than %zu pages", MAX_LINKS);
	if (bytes > CODE_MAX_BYTES || __builtin_add_overflow(start, bytes, &end))
		return err_set(e, ERR_FORMAT, "code of %llu bytes at 0x%llx", (unsigned long long)bytes,
			       (unsigned long long)start);
	if (!bytes)
		return 0;
	if (mem_reserve(m->mem, (void **)&m->codes, &m->codes_capacity, m->n_codes + 1, sizeof(*m->codes), e))
		return e->kind;
	m->codes[m->n_codes] = (struct code){ start, (uint32_t)bytes, value };
	for (uint64_t page = start >> PAGE_SHIFT; page <= (end - 1) >> PAGE_SHIFT; page++)
		if (link_page(m, page, (uint32_t)m->n_codes, e))
			return e->kind;
	m->n_codes++;
	return 0;
}

uint32_t code_map_find(const struct code_map *m, uint64_t address)
{
	uint32_t row = find_page(m, address >> PAGE_SHIFT), link = row == HASH_NONE ? 0 : m->pages[row].head;

	for (unsigned steps = 0; link && steps < MAX_STEPS; steps++) {
		const struct code_link *l = &m->links[link - 1];
		const struct code *c = &m->codes[l->code];

		if (address - c->start < c->bytes)
			return c->value == CODE_NONE ? CODE_NONE : l->code;
		link = l->next;
	}
	return CODE_NONE;
}

uint32_t code_map_at(const struct code_map *m, uint64_t start)
{
	uint32_t i = code_map_find(m, start);

	return i != CODE_NONE && m->codes[i].start == start ? i : CODE_NONE;
}

int code_map_move(struct code_map *m, uint64_t from, uint64_t to, struct err *e)
{
	uint32_t i = code_map_at(m, from);
	struct code c;

	if (i == CODE_NONE || from == to)
		return 0;
	c = m->codes[i];
	m->codes[i].value = CODE_NONE;
	return code_map_add(m, to, c.bytes, c.value, e);
}

void code_map_delete(struct code_map *m, uint64_t start)
{
	uint32_t i = code_map_at(m, start);

	if (i != CODE_NONE)
		m->codes[i].value = CODE_NONE;
}
