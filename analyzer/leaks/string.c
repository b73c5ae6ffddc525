/*
 * Strings that cost more than they look: slices that keep a long parent alive, ropes that were never joined, equal strings
 * kept many times over.
 */
#include <string.h>

#include "analyzer/leaks/detector.h"

#define LONG 512 /* bytes of a parent that are worth a word */

static int keeps_parent(const struct heap *h, uint32_t node)
{
	uint32_t parent = h->type[node] == NODE_SLICED_STRING ? look_internal(h, node, "parent") : NO_NODE;

	return parent != NO_NODE && heap_self(h, parent) >= LONG;
}

static int is_rope(const struct heap *h, uint32_t node)
{
	return h->type[node] == NODE_CONS_STRING;
}

/* Equal strings have one text in the file, so their names are one number; of ropes and slices the file has no text. */
struct equal {
	uint32_t last[8];
	unsigned at;
	uint64_t n, all;
};

static int count_equal(const struct heap *h, uint32_t item, void *ctx)
{
	struct equal *q = ctx;

	q->all++;
	if (h->type[item] != NODE_STRING)
		return 0;
	for (unsigned i = 0; i < sizeof(q->last) / sizeof(q->last[0]); i++) {
		if (q->last[i] != h->name[item])
			continue;
		q->n++;
		return 0;
	}
	q->last[q->at++ % 8] = h->name[item];
	return 0;
}

/* How many are equal to one of the eight texts met last. */
static struct equal equals(const struct suspect *s)
{
	struct equal q = { .n = 0 };

	memset(q.last, 0xFF, sizeof(q.last));
	suspect_each_item(s, count_equal, &q);
	return q;
}

unsigned string_recognise(const struct suspect *s)
{
	struct equal q;

	if (s->item == NO_NODE || !look_is_string(s->h, s->item))
		return 0;
	if (s->point->listed && is_rope(s->h, s->item))
		return 66;
	if (suspect_mostly(s, keeps_parent))
		return 66;
	q = equals(s);
	return q.all >= 16 && q.n * 4 > q.all * 3 ? 61 : 0;
}

void string_tell(const struct suspect *s, struct opinion *o)
{
	const char *holder = words_holder(o, s, s->node);
	struct tally slices = suspect_tally(s, keeps_parent);

	if (s->point->listed) {
		opinion_title(o, "%s is a rope of %s pieces that was never joined", holder, words_count(o, s->n_items));
		opinion_for(o, "each += added a link of its own, on top of the text");
	} else if (slices.passed * 2 > slices.n) {
		opinion_title(o, "%s keeps %s small slices of long strings", holder, words_more(o, s));
		opinion_for(o, "%s of %s are slices, and each keeps its whole parent: %s", words_count(o, slices.passed),
			    words_count(o, slices.n), words_bytes(o, s->h->retained[s->item]));
		o->advice = "Make a copy of the part, for instance with structuredClone(part) or Buffer.from(part).toString(), so "
			    "that the long string can go.";
	} else {
		struct equal q = equals(s);

		opinion_title(o, "%s keeps %s strings, most of them equal", holder, words_more(o, s));
		opinion_for(o, "%s of %s repeat a text that is there already", words_count(o, q.n), words_count(o, q.all));
	}
}
