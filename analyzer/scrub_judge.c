/* What becomes of each name, and what would stay. */
#include <string.h>

#include "analyzer/scrub_parts.h"
#include "base/hash.h"

#define FAMILY_NAMES 1000 /* so many names with digits that are built alike are data */
#define SHAPE_SLOTS ((size_t)1 << 16)
#define NOT_PROPERTY (ROLE_CLASS | ROLE_FUNCTION | ROLE_CODE | ROLE_EDGE | ROLE_NATIVE)

static int is_letter(unsigned char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static int is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

size_t scrub_shape(struct str name, char out[SCRUB_SHAPE + 4])
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < SCRUB_SHAPE; i++) {
		unsigned char c = (unsigned char)name.s[i];
		char kind = is_letter(c) ? 'a' : is_digit(c) ? '0' : c < 0x20 || c >= 0x7F ? '?' : (char)c;

		if (!n || out[n - 1] != kind || (kind != 'a' && kind != '0' && kind != '?'))
			out[n++] = kind;
	}
	return n;
}

/* The running number that V8 puts before names of its references, "12 / ", numbers nothing of the program. */
static size_t own_text(struct str name)
{
	size_t i = 0;

	while (i < name.n && is_digit((unsigned char)name.s[i]))
		i++;
	return i && name.n - i > 3 && !memcmp(name.s + i, " / ", 3) ? i + 3 : 0;
}

int scrub_looks_like_data(struct str name)
{
	size_t digits = 0;

	for (size_t i = own_text(name); i < name.n && digits < 3; i++)
		digits += name.s[i] >= '0' && name.s[i] <= '9';
	return digits >= 3;
}

/*
 * How often a shape occurs among names that are only properties. Shapes that meet in a slot are counted together: at
 * worst a family is found a little early.
 */
struct shapes {
	uint32_t counts[SHAPE_SLOTS];
};

static size_t shape_slot(struct str name)
{
	char shape[SCRUB_SHAPE + 4];
	size_t n = scrub_shape(name, shape);

	return hash_bytes(shape, n) & (SHAPE_SLOTS - 1);
}

static int may_be_family(const struct scrub *s, size_t i)
{
	return (s->roles[i] & (ROLE_PROPERTY | ROLE_KEY)) && !(s->roles[i] & NOT_PROPERTY) &&
	       scrub_looks_like_data(strtab_get(&s->strings, i));
}

static void count_shapes(const struct scrub *s, struct shapes *shapes)
{
	for (size_t i = 0; i < s->strings.n; i++)
		if (may_be_family(s, i))
			shapes->counts[shape_slot(strtab_get(&s->strings, i))]++;
}

/* The numbers that V8 gives to the slots of its arrays. */
static int is_slot_number(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_digit((unsigned char)name.s[i]))
			return 0;
	return name.n <= 9;
}

static int judge_name(struct scrub *s, size_t i, const struct shapes *shapes, struct err *e)
{
	struct redact_span spans[REDACT_MAX_SPANS];
	struct str name = strtab_get(&s->strings, i);
	uint8_t role = s->roles[i];
	size_t at[4], n;

	if (scrub_is_constant(name) || str_is(name, "__proto__") || ((role & ROLE_EDGE) && is_slot_number(name)))
		return FATE_STAYS;
	if ((role & ROLE_EDGE) && scrub_ephemeron(name, at))
		return FATE_EPHEMERON;
	if (may_be_family(s, i) && shapes->counts[shape_slot(name)] >= FAMILY_NAMES)
		return FATE_FAMILY;
	if ((role & ROLE_NAMES) == ROLE_KEY)
		return FATE_TABLE;
	if ((role & ROLE_NATIVE) && scrub_embedder_text(name) < name.n)
		return FATE_EMBEDDER;
	if (redact_find(s->redact, name, spans, &n, e))
		return e->kind;
	return n ? FATE_RULE : FATE_STAYS;
}

static int judge_all(struct scrub *s, const struct shapes *shapes, struct err *e)
{
	for (size_t i = 0; i < s->strings.n; i++) {
		int fate = s->roles[i] & ROLE_NAMES ? judge_name(s, i, shapes, e) : FATE_NO_NAME;

		if (fate < 0)
			return fate;
		s->fates[i] = (uint8_t)fate;
		if (fate == FATE_STAYS && scrub_take(s, strtab_get(&s->strings, i), e))
			return e->kind;
		if (fate != FATE_NO_NAME && (s->roles[i] & ROLE_VALUE) && !scrub_is_constant(strtab_get(&s->strings, i)))
			bit_set(s->split.bits, (uint32_t)i);
	}
	ranked_bits_index(&s->split, (uint32_t)s->strings.n);
	return 0;
}

int scrub_judge(struct scrub *s, struct err *e)
{
	struct mem *m = &s->run->mem;
	struct shapes *shapes = mem_alloc(m, 1, sizeof(*shapes), e);
	int rc = shapes ? 0 : e->kind;

	s->key = (struct hash_key){ hash_bytes(s->strings.bytes, s->strings.n_bytes),
				    hash_bytes(s->roles, s->strings.n) };
	s->fates = rc ? NULL : mem_alloc(m, s->strings.n + 1, 1, e);
	if (!rc && (!s->fates || ranked_bits_alloc(&s->split, m, (uint32_t)s->strings.n + 1, e)))
		rc = e->kind;
	if (!rc) {
		count_shapes(s, shapes);
		rc = judge_all(s, shapes, e);
	}
	mem_free(m, shapes);
	return rc;
}
