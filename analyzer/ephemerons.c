/*
 * WeakMap entries as V8 writes them since 8.4: two internal edges to the value, from the key and from the table, with
 * one text after a running number. DevTools: tryParseWeakMapEdgeName in HeapSnapshot.ts.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/heap_passes.h"
#include "base/table_hash.h"

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static int has_prefix(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && !memcmp(p, word, n);
}

/* Position of the last `word` in p..end, or NULL. */
static const char *find_last(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	for (const char *q = end - n; q >= p; q--)
		if (!memcmp(q, word, n))
			return q;
	return NULL;
}

/* Whether p..end finishes with " @<digits>"; returns where that begins. */
static const char *ends_with_id(const char *p, const char *end)
{
	const char *q = end;

	while (q > p && q[-1] >= '0' && q[-1] <= '9')
		q--;
	return q < end && q - p >= 2 && q[-1] == '@' && q[-2] == ' ' ? q - 2 : NULL;
}

/* The wildcard of DevTools' pattern stops at JavaScript's line terminators. */
static int has_line_terminator(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '\n' || *p == '\r')
			return 1;
		if (has_prefix(p, end, "\xE2\x80\xA8") || has_prefix(p, end, "\xE2\x80\xA9"))
			return 1;
	}
	return 0;
}

/* "KEY @1) -> value (VALUE @2": some split must leave an id at the end of both halves. */
static int is_pair(const char *p, const char *end)
{
	static const char arrow[] = ") -> value (";

	if (!ends_with_id(p, end))
		return 0;
	for (const char *q = p; q + sizeof(arrow) - 1 <= end; q++)
		if (!memcmp(q, arrow, sizeof(arrow) - 1) && ends_with_id(p, q) &&
		    ends_with_id(q + sizeof(arrow) - 1, end))
			return 1;
	return 0;
}

static int parse(struct str s, struct str *pair, uint64_t *table_id)
{
	static const char head[] = " / part of key (", tail[] = ") pair in WeakMap (table @";
	const char *end = s.s + s.n, *p = skip_digits(s.s, end), *t, *d;

	if (p == s.s || !has_prefix(p, end, head))
		return 0;
	*pair = (struct str){ p, (size_t)(end - p) };
	p += sizeof(head) - 1;
	t = find_last(p, end, tail);
	if (!t || end[-1] != ')' || has_line_terminator(p, t) || !is_pair(p, t))
		return 0;
	d = t + sizeof(tail) - 1;
	if (d == end - 1 || skip_digits(d, end) != end - 1)
		return 0;
	for (*table_id = 0; d < end - 1; d++)
		*table_id = *table_id * 10 + (uint64_t)(*d - '0');
	return 1;
}

static int grow(struct heap *h, struct ephemerons *x, size_t *capacity, struct err *e)
{
	size_t c1 = *capacity, c2 = *capacity, c3 = *capacity;
	void *s = x->string, *p = x->pair, *t = x->table_id;
	struct mem *m = &h->run->mem;
	int rc = mem_reserve(m, &s, &c1, x->n + 1, 4, e);

	x->string = s;
	if (!rc)
		rc = mem_reserve(m, &p, &c2, x->n + 1, 4, e);
	x->pair = p;
	if (!rc)
		rc = mem_reserve(m, &t, &c3, x->n + 1, 8, e);
	x->table_id = t;
	if (!rc)
		*capacity = c1;
	return rc;
}

/* Open addressing over the pair texts: the two halves of an entry meet here. */
static int number_pairs(struct heap *h, struct ephemerons *x, struct err *e)
{
	size_t size = 16;
	uint32_t *slot;

	while (size < x->n * 2)
		size *= 2;
	slot = mem_alloc(&h->run->mem, size, 4, e);
	if (!slot)
		return e->kind;
	for (size_t i = 0; i < x->n; i++) {
		struct str pair = STR_LIT(""), other = STR_LIT("");
		uint64_t id;
		size_t at;

		parse(heap_string(h, x->string[i]), &pair, &id);
		for (at = table_hash(&h->run->mem, pair) & (size - 1); slot[at]; at = (at + 1) & (size - 1)) {
			parse(heap_string(h, x->string[slot[at] - 1]), &other, &id);
			if (str_eq(pair, other))
				break;
		}
		if (!slot[at]) {
			slot[at] = (uint32_t)i + 1;
			x->pair[i] = (uint32_t)x->n_pairs++;
		} else {
			x->pair[i] = x->pair[slot[at] - 1];
		}
	}
	mem_free(&h->run->mem, slot);
	return 0;
}

int ephemerons_find(struct heap *h, struct ephemerons *x, struct err *e)
{
	size_t capacity = 0;

	for (size_t i = 0; i < h->strings.n; i++) {
		struct str s = strtab_get(&h->strings, i), pair;
		uint64_t id;

		if (s.n < 60 || s.s[0] < '0' || s.s[0] > '9' || !parse(s, &pair, &id))
			continue;
		if (x->n == capacity && grow(h, x, &capacity, e))
			return e->kind;
		x->string[x->n] = (uint32_t)i;
		x->table_id[x->n++] = id;
	}
	if (!x->n)
		return 0;
	x->is_name = bits_alloc(h, h->strings.n, e);
	if (!x->is_name)
		return e->kind;
	for (size_t i = 0; i < x->n; i++)
		bit_set(x->is_name, x->string[i]);
	return number_pairs(h, x, e);
}

void ephemerons_release(struct heap *h, struct ephemerons *x)
{
	struct mem *m = &h->run->mem;

	mem_free(m, x->string);
	mem_free(m, x->pair);
	mem_free(m, x->table_id);
	mem_free(m, x->is_name);
	memset(x, 0, sizeof(*x));
}

size_t ephemerons_index(const struct ephemerons *x, uint32_t string)
{
	size_t low = 0, high = x->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->string[mid] < string)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->n && x->string[low] == string ? low : x->n;
}
