#include "analyzer/leaks/keys.h"

#include <ctype.h>
#include <string.h>

#define MAX_KEYS 2000
#define LEAST_KEYS 16

enum family { TIME, SEQUENCE, UUID, PATH, HASH, N_FAMILIES };

static const char *const words[N_FAMILIES] = {
	[TIME] = "its keys look like points in time, which never come back",
	[SEQUENCE] = "its keys are running numbers, which never come back",
	[UUID] = "its keys look like UUIDs, which never come back",
	[PATH] = "its keys look like paths or URLs: whoever asks for new ones makes it grow",
	[HASH] = "its keys look like hashes or random tokens, which never come back",
};

struct seen {
	uint64_t of[N_FAMILIES], n;
};

static size_t count_of(struct str s, int (*is)(int))
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += is((unsigned char)s.s[i]) != 0;
	return n;
}

static int is_uuid(struct str s)
{
	return s.n >= 36 && s.s[8] == '-' && s.s[13] == '-' && s.s[18] == '-' && s.s[23] == '-' &&
	       count_of((struct str){ s.s, 36 }, isxdigit) == 32;
}

static enum family family_of(struct str s)
{
	size_t digits = count_of(s, isdigit);

	if (is_uuid(s))
		return UUID;
	if (digits == s.n)
		return s.n == 13 || (s.n == 10 && s.s[0] == '1') ? TIME : SEQUENCE;
	if (memchr(s.s, '/', s.n))
		return PATH;
	if (s.n >= 16 && digits >= s.n / 8 && count_of(s, isxdigit) == s.n)
		return HASH;
	/* "user-17", "k17": one name and a number */
	return digits >= 1 && isdigit((unsigned char)s.s[s.n - 1]) ? SEQUENCE : N_FAMILIES;
}

static void see(struct seen *seen, struct str key)
{
	enum family f;

	if (!key.n)
		return;
	f = family_of(key);
	seen->n++;
	if (f < N_FAMILIES)
		seen->of[f]++;
}

static void see_properties(const struct heap *h, uint32_t node, struct seen *seen)
{
	for (uint32_t i = h->first_edge[node]; i < h->first_edge[node + 1] && seen->n < MAX_KEYS; i++) {
		if (heap_edge_type(h, i) == EDGE_PROPERTY)
			see(seen, heap_string(h, h->edge_name[i]));
		else if (heap_edge_type(h, i) == EDGE_ELEMENT) {
			seen->n++;
			seen->of[SEQUENCE]++;
		}
	}
}

static void see_strings(const struct heap *h, uint32_t table, struct seen *seen)
{
	for (uint32_t i = h->first_edge[table]; i < h->first_edge[table + 1] && seen->n < MAX_KEYS; i++)
		if (heap_edge_type(h, i) == EDGE_INTERNAL && look_is_string(h, h->edge_to[i]))
			see(seen, heap_name(h, h->edge_to[i]));
}

void keys_argue(const struct suspect *s, struct opinion *o)
{
	uint32_t table = look_internal(s->h, s->node, "table");
	struct seen seen = { .n = 0 };

	if (table == NO_NODE)
		see_properties(s->h, s->node, &seen);
	else
		see_strings(s->h, table, &seen);
	for (unsigned f = 0; f < N_FAMILIES && seen.n >= LEAST_KEYS; f++)
		if (seen.of[f] * 10 >= seen.n * 7)
			opinion_for(o, "%s", words[f]);
}

void keys_unseen(const struct suspect *s, struct opinion *o, const char *entries, const char *numbers)
{
	const char *holder = words_holder(o, s, s->node), *grew = words_grew(o, s);

	if (look_internal(s->h, s->node, "table") == NO_NODE)
		opinion_title(o, "%s %s: the file does not say what is in it", holder, grew);
	else
		opinion_title(o, "%s %s: %s", holder, grew, numbers);
	opinion_against(o, "how many %s it has is not in the file; its table doubles when it is full", entries);
}
